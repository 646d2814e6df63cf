"""Which documents a reader's filters leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from index import schema
from index.kept import these, whole
from index.search.model import Filters
from index.search.states import STATED, last_seen, made_final, states
from pipeline.calendar import EASTERN, spelled
from pipeline.model import DateKind, StatedDate, StateKind

# What a document is dated by, as its kind has it.
DATED = (DateKind.PUBLISHED, DateKind.DECIDED, DateKind.SIGNED, DateKind.ANNOUNCED)
_YEARS = range(date.min.year, date.max.year + 1)
Days = tuple[date, date]  # the first and the last on which it may have been


def allowed(
    connection: Connection, filters: Filters, today: date | None = None
) -> Select[Any] | None:
    """The numbers of the documents that the filters leave; None where nothing is left out.

    A document that states no day but its year is left by any part of that year, and held to have
    stood on any day of it: it may be of it.
    One that states neither is left out where days are asked for. A forum leaves nothing out. A
    state is that of `today`; None: of the last day on which anything was seen.
    """
    name = f"left by {filters} on {today}"
    return whole(connection, name, lambda: _left(connection, filters, today))


def _left(connection: Connection, filters: Filters, today: date | None) -> Select[Any] | None:
    document = schema.document
    conditions = [
        *_named(filters),
        *([_stood(connection, filters.as_of)] if filters.as_of else []),
        *_on_days(connection, filters),
    ]
    if filters.states:
        rules = select(document.c.id).where(document.c.kind.in_(STATED), *conditions)
        day = filters.as_of or today or last_seen(connection)
        conditions = [document.c.id.in_(these(_in_states(connection, rules, filters, day)))]
    return select(document.c.id).where(*conditions) if conditions else None


def notes(filters: Filters) -> tuple[str, ...]:
    """What must be said beside results that were filtered so."""
    said = []
    if filters.since or filters.until:
        said.append("Documents that state no day and no year are left out")
    if filters.states:
        said.append("A state is said of rules alone: everything else is left out")
    if filters.as_of:
        day = spelled(filters.as_of)
        said.append(
            f"As of {day}: documents published or seen by then; their order rests on the newest "
            "texts held, the passages shown on those of the day where they are held. What states "
            "its year alone is left in on every day of that year"
        )
    return tuple(said)


def dated(stated: Sequence[StatedDate]) -> StatedDate | None:
    """The day on which a document was published, decided, signed or announced."""
    every = (each for kind in DATED for each in stated if each.kind is kind)
    return next(every, None)


def end_of(day: date) -> datetime:
    """The moment at which a day is over where the publishers are."""
    return datetime.combine(day + timedelta(days=1), time(), EASTERN).astimezone(UTC)


def between(days: Days | None, filters: Filters) -> bool:
    """Whether a document of these days may be of the days asked for."""
    if filters.since is None and filters.until is None:
        return True
    if days is None:
        return False
    return (filters.until or date.max) >= days[0] and (filters.since or date.min) <= days[1]


def days(connection: Connection, documents: Select[Any] | None = None) -> Mapping[int, Days]:
    """By document, the day that it states, or the first and the last of its year."""
    document, version = schema.document, schema.version
    on, year = version.c.published_on, version.c["metadata"]["year"].as_integer()

    def of(*columns: Any) -> Select[Any]:
        query = select(document.c.id, *columns).join(version, version.c.id == document.c.current)
        return query if documents is None else query.where(document.c.id.in_(documents))

    printed = connection.execute(of(on).where(on.is_not(None)))
    found = {row.id: (row.published_on, row.published_on) for row in printed}
    # To unpack dates takes a while: where none are stated, only the year is asked for.
    undated = connection.execute(of(year.label("year")).where(on.is_(None), year.is_not(None)))
    found |= {row.id: _year(row.year) for row in undated if row.year in _YEARS}
    others = connection.execute(of(version.c.dates).where(on.is_(None), version.c.dates != ()))
    stated = ((row.id, dated(row.dates)) for row in others)
    return found | {number: (said.on, said.on) for number, said in stated if said}


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)


def _named(filters: Filters) -> Iterable[ColumnElement[bool]]:
    document, topic = schema.document, schema.document_topic
    if filters.sources:
        yield document.c.source.in_(filters.sources)
    if filters.kinds:
        yield document.c.kind.in_(filters.kinds)
    if filters.topics:
        about = select(topic.c.document_id).where(topic.c.topic.in_(filters.topics))
        yield document.c.id.in_(about)


def _on_days(connection: Connection, filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.since is None and filters.until is None:
        return
    document, version = schema.document, schema.version
    on = version.c.published_on
    known: list[ColumnElement[bool]] = [on.is_not(None)]
    known += [on >= filters.since] if filters.since else []
    known += [on <= filters.until] if filters.until else []
    printed = select(document.c.id).join(version, version.c.id == document.c.current).where(*known)
    # The database knows the days of publication alone: the others are read.
    wanted = [number for number, of in _undated(connection).items() if between(of, filters)]
    yield or_(document.c.id.in_(printed), document.c.id.in_(these(wanted)))


def _undated(connection: Connection) -> Mapping[int, Days]:
    """The days of the documents that state none of publication."""
    document, version = schema.document, schema.version
    query = select(document.c.id).join(version, version.c.id == document.c.current)
    undated = query.where(version.c.published_on.is_(None))
    return whole(connection, "days of the undated", lambda: days(connection, undated))


def _stood(connection: Connection, day: date) -> ColumnElement[bool]:
    """The condition that a document had been published or seen by the end of a day, and not been
    found removed by then."""
    document, end = schema.document, end_of(day)
    late = [number for number, moment in _first_seen(connection).items() if moment >= end]
    stated = days(connection, select(document.c.id).where(document.c.id.in_(these(late))))
    unknown = [number for number in late if number not in stated or stated[number][0] > day]
    is_there = document.c.removed_at.is_(None) | (document.c.removed_at >= end)
    return document.c.id.not_in(these(unknown)) & is_there  # mostly few: all others were seen


def _first_seen(connection: Connection) -> Mapping[int, datetime]:
    table = schema.version
    query = select(table.c.document_id, func.min(table.c.seen_at)).group_by(table.c.document_id)

    def read() -> Mapping[int, datetime]:
        return {row[0]: row[1] for row in connection.execute(query)}

    return whole(connection, "first seen", read)


def _in_states(
    connection: Connection, rules: Select[Any], filters: Filters, day: date
) -> Collection[int]:
    numbers = connection.execute(rules).scalars().all()
    found = states(connection, numbers, day)
    wanted = {*filters.states}
    unsaid: set[int] = set()
    if StateKind.NOT_STATED in wanted:
        unsaid = {*numbers} - found.keys() - made_final(connection, numbers, day).keys()
    return [number for number, state in found.items() if state.kind in wanted] + sorted(unsaid)
