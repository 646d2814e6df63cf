"""Dates that fall due, as calendars are told of them: moved, cancelled, and each told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipeline.live import INSPECTED, REACHED
from pipeline.model import DateKind, Document, Relation, RelationKind, Standing, StatedDate

# What calendars have: the day of a fact, such as a publication, is none by which to do something.
FALLING_DUE = (
    DateKind.EFFECTIVE,
    DateKind.APPLICABLE,
    DateKind.COMPLIANCE,
    DateKind.COMMENTS_CLOSE,
    DateKind.PRA_COMMENTS_CLOSE,
    DateKind.HEARING,
    DateKind.BRIEFS_DUE,
    DateKind.EXPIRES,
)
# Acts that give a date anew; the others can only end it.
MOVING = frozenset(
    {
        RelationKind.EXTENDS_COMMENTS,
        RelationKind.REOPENS_COMMENTS,
        RelationKind.DELAYS,
        RelationKind.EXTENDS,
        RelationKind.CORRECTS,
        RelationKind.PUBLISHES,
    }
)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date that falls due, with its history in calendars.

    `uid` stays while the date moves; `was` is the day before it last moved, at `moved_at`;
    `sequence` counts moves, cancellations and returns. `title`, `citation` and `url` are its
    document's; `words` and where they stand (`read_from`) too, or those of the later document `by`
    name that moved it, at `source`. `why` says of a cancelled one what ended it, of another what to
    look at before relying on it. `act` is what it is told under with other documents (`members`),
    `also` names those that state the same day, `applies` are words on application from that day on.
    """

    uid: str
    document: Document
    kind: DateKind
    on: date
    was: date | None
    words: str
    read_from: str
    why: str
    title: str
    citation: str
    url: str
    by: str
    source: str
    act: Document
    sequence: int
    is_cancelled: bool
    known_at: datetime
    moved_at: datetime
    changed_at: datetime
    topics: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    applies: tuple[StatedDate, ...] = ()
    members: tuple[Document, ...] = ()

    @property
    def stated(self) -> StatedDate:
        """The date as the source states it."""
        return StatedDate(kind=self.kind, on=self.on, words=self.words, read_from=self.read_from)

    @property
    def name(self) -> str:
        """How its document is named: by its citation, else its title."""
        return self.citation or f"“{self.title}”"


def together(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Each date once, soonest first: what several documents of one act state for one day is told
    under the UID that was known first, in the words of the act itself where it states the day.

    A day of application that is one of effect is told with it, under the same cautions only. What
    is cancelled is told by itself: it was so in calendars.
    """
    same: dict[tuple[Document, DateKind, date], list[Deadline]] = {}
    told: list[Deadline] = []
    for each in deadlines:
        if each.is_cancelled:
            told.append(replace(each, members=(each.document,)))
        else:
            same.setdefault((each.act, each.kind, each.on), []).append(each)
    told += _applied({key: _one(group) for key, group in same.items()})
    return tuple(sorted(told, key=lambda each: (each.on, each.kind, each.uid)))


def replacing(
    document: Document, kind: DateKind, relations: Collection[Relation], known: Iterable[Standing]
) -> tuple[Standing, ...]:
    """The dates that hold in place of one that a later document ended: those of that kind in what
    moved it, and in what moved that; soonest first. What is only on file moves nothing yet."""
    movers = _movers(document, kind, relations)
    found = {
        (each.document, each.stated.on): each
        for each in known
        if each.live and each.document in movers and each.stated.kind is kind
    }
    return tuple(sorted(found.values(), key=lambda each: (each.stated.on, each.document.name)))


def _movers(
    document: Document, kind: DateKind, relations: Collection[Relation]
) -> frozenset[Document]:
    found: set[Document] = set()
    frontier = {document}
    while frontier:
        frontier = {
            each.later
            for each in relations
            if each.earlier in frontier
            and each.kind in MOVING
            and kind in REACHED[each.kind]
            and each.later.kind != INSPECTED
        } - found
        found |= frontier
    return frozenset(found - {document})


def _one(group: Sequence[Deadline]) -> Deadline:
    """The group under its oldest UID."""
    first = min(group, key=lambda each: (each.known_at, each.uid))
    of_act = (each for each in group if each.document == each.act)
    said = next(of_act, first)
    others = (each.name for each in group if each.name != said.name)
    return replace(
        said,
        uid=first.uid,
        was=first.was,
        sequence=first.sequence,
        known_at=first.known_at,
        moved_at=first.moved_at,
        changed_at=max(each.changed_at for each in group),
        why="; ".join(dict.fromkeys(each.why for each in group if each.why)),
        topics=tuple(dict.fromkeys(topic for each in group for topic in each.topics)),
        also=tuple(dict.fromkeys(others)),
        members=tuple(dict.fromkeys(each.document for each in group)),
    )


def _applied(told: Mapping[tuple[Document, DateKind, date], Deadline]) -> Iterator[Deadline]:
    other = {
        DateKind.EFFECTIVE: DateKind.APPLICABLE,
        DateKind.APPLICABLE: DateKind.EFFECTIVE,
    }
    for (act, kind, on), each in told.items():
        same = told.get((act, other[kind], on)) if kind in other else None
        if same is None or same.why != each.why:
            yield each
        elif kind is DateKind.EFFECTIVE:
            yield replace(
                each, applies=(same.stated,), changed_at=max(each.changed_at, same.changed_at)
            )
