"""What the documents held state today of dates that fall due, for the table of deadlines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, func, select

from index import relating, schema, store
from index.edited import announced
from index.events import events_of
from index.outgoing import deadline
from pipeline.calendar import spelled
from pipeline.deadline import FALLING_DUE, replacing
from pipeline.model import Change, DateKind, Document, Event, Relation, Standing, Version

GONE = "the site that stated it no longer shows the document, and why is not known"
UNSTATED = "its document no longer states this date"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A date that holds: where its words stand, what to look at before relying on it (`why`), and
    the document that it is told under, by number."""

    kind: DateKind
    on: date
    words: str
    read_from: str
    why: str
    version: int
    act: int


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What is stated of one document, by its number: its `own` dates that hold; those that later
    documents gave `instead` of its own; what ended the others, by kind and day."""

    document: int
    own: tuple[Holding, ...] = ()
    instead: tuple[Holding, ...] = ()
    ended: Mapping[tuple[DateKind, date], str] = field(default_factory=dict)
    otherwise: str = UNSTATED


def affected(connection: Connection, after: int | None, today: date) -> list[int]:
    """The documents that have a deadline or state a day to come, by number: all of them, or those
    that changes numbered above `after` may bear on."""
    table = schema.document
    wanted = None if after is None else near(connection, after)
    kept = select(deadline.c.document_id).where(deadline.c.on >= today)
    found = {*connection.execute(kept).scalars()}
    if wanted is not None:
        found &= wanted
    version = schema.version
    query = select(table.c.id, version.c.dates).join(version, version.c.id == table.c.current)
    if wanted is not None:
        query = query.where(table.c.id.in_(wanted))
    for number, dates in connection.execute(query):
        if any(each.kind in FALLING_DUE and each.on >= today for each in dates):
            found.add(number)
    return sorted(found)


def near(connection: Connection, after: int) -> set[int]:
    """The documents of newer changes, those joined with them, and those of one event."""
    table = schema.change
    query = select(table.c.document_id).distinct().where(table.c.id > after)
    changed = [*connection.execute(query).scalars()]
    found = {each for number in changed for each in relating.chain(connection, number)}
    for events in _events(connection, changed).values():
        for event in events:
            found |= set(_numbers(connection, (each.document for each in event.artefacts)).values())
    return found


def stated(connection: Connection, documents: Sequence[int]) -> Iterator[Stated]:
    """What is stated of each of these, with its standing among the documents joined with it."""
    judging = _Judging(connection, documents)
    for number in documents:
        yield judging.of(number)


def _events(connection: Connection, documents: Collection[int]) -> dict[int, tuple[Event, ...]]:
    """The events that each document is part of today, by number, with its newest change."""
    table = schema.change
    newest = (
        select(table.c.document_id, func.max(table.c.id))
        .where(table.c.document_id.in_(documents))
        .group_by(table.c.document_id)
    )
    last = {change: document for document, change in connection.execute(newest)}
    changes: tuple[Change, ...] = tuple(announced(connection, list(last), None))
    return {last[change]: events for change, events in events_of(connection, changes).items()}


def _numbers(connection: Connection, documents: Iterable[Document]) -> dict[Document, int]:
    known = {each: store.known(connection, each) for each in dict.fromkeys(documents)}
    return {each: number for each, number in known.items() if number is not None}


class _Judging:
    """Documents with all that their dates are judged by."""

    def __init__(self, connection: Connection, documents: Sequence[int]) -> None:
        self._connection = connection
        self._versions = store.without_text(connection, documents)
        self._events = _events(connection, documents)
        table = schema.document
        rows = connection.execute(
            select(table.c.id, table.c.current, table.c.removed_at).where(table.c.id.in_(documents))
        ).all()
        self._current = {row.id: row.current for row in rows}
        self._removed = {row.id for row in rows if row.removed_at is not None}
        self._known: dict[Document, int] = {}

    def of(self, number: int) -> Stated:
        """What is stated of one."""
        version = self._versions.get(number)
        if version is None:
            return Stated(document=number)
        known = relating.known(self._connection, number, version)
        joined = relating.chain(self._connection, number) if known.relations else (number,)
        relations = relating.relations(self._connection, joined) if len(joined) > 1 else ()
        own, ended = [], {}
        for each in self._judged(version, known.standings):
            if each.live and number not in self._removed:
                own.append(self._holding(number, each, self._cautions(number, each)))
            elif not each.live:
                ended[each.stated.kind, each.stated.on] = each.why
        kinds = FALLING_DUE if number in self._removed else tuple({kind for kind, _ in ended})
        instead = self._instead(version, kinds, relations, known.standings)
        # What moved a date may have been ended in its turn.
        others = {
            (each.stated.kind, each.stated.on): each.why
            for each in known.standings
            if not each.live
        }
        return Stated(
            document=number,
            own=tuple(own),
            instead=tuple(instead),
            ended=others | ended,
            otherwise=GONE if number in self._removed else UNSTATED,
        )

    @staticmethod
    def _judged(version: Version, standings: Collection[Standing]) -> Iterator[Standing]:
        """Each date once, in the words that stand first, and whether it holds."""
        said = {
            (each.stated.kind, each.stated.on): each
            for each in standings
            if each.document == version.document
        }
        told = set()
        for item in version.dates:
            key = item.kind, item.on
            if item.kind in FALLING_DUE and key not in told:
                told.add(key)
                judged = said.get(key)
                yield Standing(
                    document=version.document,
                    stated=item,
                    live=judged is None or judged.live,
                    why=judged.why if judged else "",
                )

    def _instead(
        self,
        version: Version,
        kinds: Collection[DateKind],
        relations: Sequence[Relation],
        standings: Collection[Standing],
    ) -> Iterator[Holding]:
        """What holds in place of the dates that were ended; of a document that is gone from its
        site, of all: what was filed for inspection lives on as it was printed."""
        for kind in sorted(kinds):
            for each in replacing(version.document, kind, relations, standings):
                yield self._holding(self._number(each.document), each, each.why)

    def _holding(self, number: int, each: Standing, why: str) -> Holding:
        return Holding(
            kind=each.stated.kind,
            on=each.stated.on,
            words=each.stated.words,
            read_from=each.stated.read_from,
            why=why,
            version=self._current_of(number),
            act=self._act(number),
        )

    def _cautions(self, number: int, each: Standing) -> str:
        """What to look at first: also another document of the event that states the same day, and
        for which it was ended."""
        events = self._events.get(number, ())
        others = (
            f"{_name(event, other.document)} states {spelled(each.stated.on)} too, and was "
            f"{other.why}"
            for event in events
            for other in event.standings
            if other.document != each.document
            and (other.stated.kind, other.stated.on) == (each.stated.kind, each.stated.on)
            and not other.live
        )
        return "; ".join(dict.fromkeys(filter(None, (each.why, *others))))

    def _act(self, number: int) -> int:
        events = self._events.get(number, ())
        return self._number(events[0].act) if events else number

    def _number(self, document: Document) -> int:
        if document not in self._known:
            self._known |= _numbers(self._connection, [document])
        return self._known[document]

    def _current_of(self, number: int) -> int:
        if number not in self._current:
            table = schema.document
            query = select(table.c.current).where(table.c.id == number)
            self._current[number] = self._connection.execute(query).scalar_one()
        return int(self._current[number])


def _name(event: Event, document: Document) -> str:
    found = (each for each in event.artefacts if each.document == document)
    return next((each.citation or f"“{each.title}”" for each in found), document.key)
