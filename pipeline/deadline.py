"""Dates that fall due, as calendars are told of them: moved, cancelled, and each told once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from pipeline.live import INSPECTED, REACHED
from pipeline.model import (
    DateKind,
    Deadline,
    Document,
    Relation,
    RelationKind,
    Standing,
    StatedDate,
)

T = TypeVar("T")
Key = tuple[Document, DateKind, date]  # the act that states it, what it is, and when

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
_BESIDE = {
    DateKind.EFFECTIVE: DateKind.APPLICABLE,
    DateKind.APPLICABLE: DateKind.EFFECTIVE,
}
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


def together(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Each date once, soonest first: what several documents of one act state for one day is told
    under the UID that was known first, in the words of the act itself where it states the day.

    A day of application that is one of effect is told with it, under the same cautions only. What
    is cancelled is told by itself: it was so in calendars.
    """
    same: dict[Key, list[Deadline]] = {}
    told: list[Deadline] = []
    for each in deadlines:
        if each.is_cancelled:
            told.append(replace(each, members=(each.document,)))
        else:
            same.setdefault((each.act, each.kind, each.on), []).append(each)
    told += _applied({key: _one(group) for key, group in same.items()})
    return tuple(sorted(told, key=lambda each: (each.on, each.kind, each.uid)))


def applying(found: Mapping[Key, T], doubt: Callable[[T], str]) -> Iterator[tuple[T, T | None]]:
    """The dates, a day of application that is one of effect told with it, under the same doubts
    only: the date, and that of its application."""
    for (act, kind, on), each in found.items():
        other = _BESIDE.get(kind)
        same = found.get((act, other, on)) if other else None
        if same is None or doubt(same) != doubt(each):
            yield each, None
        elif kind is DateKind.EFFECTIVE:
            yield each, same


def is_paperwork(stated: StatedDate) -> bool:
    """Whether a date closes comments on a form's burden only."""
    return stated.kind is DateKind.PRA_COMMENTS_CLOSE


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


def _applied(told: Mapping[Key, Deadline]) -> Iterator[Deadline]:
    for each, applied in applying(told, lambda deadline: deadline.why):
        if applied is None:
            yield each
        else:
            changed = max(each.changed_at, applied.changed_at)
            yield replace(each, applies=(applied.stated,), changed_at=changed)
