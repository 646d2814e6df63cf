"""The history: changes between versions, with what is known of their documents besides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from index import derived, relating, schema, store
from index.announcements import announcement
from index.archive import added
from index.database import Database
from index.events import events_of
from pipeline.announced import SOURCE, is_news
from pipeline.grounds import as_told, is_fuller
from pipeline.model import Change, ChangeClass, ChangeKind, Difference, Event, Tag

OPEN = timedelta(days=90)  # for how long a later digest says how a change was announced


def add(
    connection: Connection,
    *,
    document: int,
    old: int | None,
    new: int,
    run: int,
    difference: Difference,
    tags: Sequence[Tag],
    seen_at: datetime,
    recorded_at: datetime,
    baseline: bool,
) -> int:
    """Save a change with its topics."""
    statement = insert(schema.change).values(
        document_id=document,
        old_version_id=old,
        new_version_id=new,
        run_id=run,
        kind=difference.kind,
        change_class=difference.change_class,
        difference=difference,
        seen_at=seen_at,
        recorded_at=recorded_at,
        baseline=baseline,
    )
    number = added(connection.execute(statement))
    _tag(connection, number, tags)
    return number


def appeared(connection: Connection, version: int, run: int) -> bool:
    """Whether a document appeared with a version in this run: nobody was told of it yet."""
    table = schema.change
    query = select(table.c.id).where(
        table.c.new_version_id == version,
        table.c.run_id == run,
        table.c.kind == ChangeKind.NEW,
    )
    return connection.execute(query).first() is not None


def complete(
    connection: Connection,
    poorer: int,
    fuller: int,
    difference: Difference,
    tags: Sequence[Tag],
    *,
    recorded_at: datetime,
) -> None:
    """Let a document appear with a fuller version than the one that its change was saved with. It
    is recorded anew: a letter may have been made in between, to whose reader the poorer one said
    nothing."""
    table, topic = schema.change, schema.change_topic
    number = connection.execute(select(table.c.id).where(table.c.new_version_id == poorer)).scalar()
    connection.execute(
        update(table)
        .where(table.c.id == number)
        .values(
            new_version_id=fuller,
            change_class=difference.change_class,
            difference=difference,
            recorded_at=recorded_at,
        )
    )
    connection.execute(delete(topic).where(topic.c.change_id == number))
    _tag(connection, number, tags)


def retag(
    connection: Connection, version: int, tags: Callable[[Difference], Sequence[Tag]]
) -> None:
    """Tag the changes that brought a version again. Alerts of them stay: what was sent was sent."""
    table, topic = schema.change, schema.change_topic
    query = select(table.c.id, table.c.difference).where(table.c.new_version_id == version)
    for row in connection.execute(query).all():
        connection.execute(delete(topic).where(topic.c.change_id == row.id))
        _tag(connection, row.id, tags(row.difference))


def recompare(connection: Connection, old: int, new: int, difference: Difference) -> None:
    """Compare a version with another one than before, where nobody was told of the difference."""
    table = schema.change
    connection.execute(
        update(table)
        .where(table.c.new_version_id == new, table.c.baseline)
        .values(
            old_version_id=old,
            kind=difference.kind,
            change_class=difference.change_class,
            difference=difference,
        )
    )


def recorded(
    database: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    sources: Sequence[str] = (),
    topics: Sequence[str] = (),
    after: int = 0,
    only: Collection[int] | None = None,
    baseline: bool = False,
    noise: bool = False,
    fuller: bool = False,
) -> tuple[Change, ...]:
    """Changes recorded in the half-open period [since, until) and numbered above `after`, in order;
    of certain numbers `only`, where these are given.

    What the first crawl of a source found, and noise, are left out unless asked for; `fuller` asks
    for one kind of noise, full texts of what was held as an abstract. What is known of their
    documents besides is what was known at the end of the period.
    """
    table, topic, known = schema.change, schema.change_topic, schema.document
    wanted = [table.c.id > after]
    if since is not None:
        wanted.append(table.c.recorded_at >= since)
    if until is not None:
        wanted.append(table.c.recorded_at < until)
    if only is not None:
        wanted.append(table.c.id.in_(only))
    if sources:
        wanted.append(known.c.source.in_(sources))
    if topics:
        wanted.append(table.c.id.in_(select(topic.c.change_id).where(topic.c.topic.in_(topics))))
    if not baseline:
        wanted.append(table.c.baseline.is_(False))
    if not noise:
        is_told = table.c.change_class != ChangeClass.NOISE
        wanted.append(is_told | (table.c.kind == ChangeKind.METADATA) if fuller else is_told)
    query = select(table).join(known).where(*wanted).order_by(table.c.recorded_at, table.c.id)
    with database.read() as connection:
        rows = connection.execute(query).all()
        found = [_change(connection, row, until) for row in rows]
        return _with_events(connection, [each for each in found if noise or _is_told(each)], until)


def numbered(connection: Connection, numbers: Collection[int]) -> tuple[Change, ...]:
    """Changes by number, in order, as they are told, with what is known today."""
    table = schema.change
    query = select(table).where(table.c.id.in_(numbers))
    rows = connection.execute(query.order_by(table.c.recorded_at, table.c.id)).all()
    found = [as_told(_change(connection, row, None)) for row in rows]
    return _with_events(connection, found, None)


def settled(database: Database, since: datetime, until: datetime) -> tuple[Change, ...]:
    """Changes recorded before `since` of which it was open then how they were announced, and known
    at `until`: each with what is said now. Told in one period alone, the same however late."""
    before = recorded(database, since - OPEN, since, sources=(SOURCE,))
    with database.read() as connection:
        now = [replace(each, announcement=announcement(connection, each, until)) for each in before]
        pairs = zip(before, now, strict=True)
        told = [new for old, new in pairs if is_news(old.announcement, new.announcement)]
        return _with_events(connection, told, until)


def events(
    database: Database,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    sources: Sequence[str] = (),
    topics: Sequence[str] = (),
) -> tuple[Event, ...]:
    """The events that changes recorded in [since, until) are part of, as known at its end, those of
    a first crawl included; in the order in which their newest artefacts came in."""
    changes = recorded(database, since, until, sources=sources, topics=topics, baseline=True)
    found = {event.act: event for change in changes for event in change.events}
    return tuple(sorted(found.values(), key=lambda event: max(e.change for e in event.artefacts)))


def last(database: Database) -> int:
    """The number of the newest change; 0 where there is none."""
    with database.read() as connection:
        return connection.execute(select(func.max(schema.change.c.id))).scalar() or 0


def newest(connection: Connection, version: int) -> Change | None:
    """The change that brought a version, with what is known today; None where none did."""
    table = schema.change
    query = select(table).where(table.c.new_version_id == version).order_by(table.c.id.desc())
    row = connection.execute(query).first()
    if row is None:
        return None
    (change,) = _with_events(connection, [_change(connection, row, None)], None)
    return change


def _is_told(change: Change) -> bool:
    return change.difference.change_class is not ChangeClass.NOISE or is_fuller(change)


def _with_events(
    connection: Connection, changes: Sequence[Change], until: datetime | None
) -> tuple[Change, ...]:
    found = events_of(connection, changes, until)
    return tuple(replace(each, events=found.get(each.id, ())) for each in changes)


def _tag(connection: Connection, number: int | None, tags: Sequence[Tag]) -> None:
    rows = [{"change_id": number, **derived.tag_row(tag)} for tag in tags]
    if rows:
        connection.execute(insert(schema.change_topic), rows)


def _change(connection: Connection, row: Row[Any], until: datetime | None) -> Change:
    table = schema.change_topic
    new = store.version(connection, row.new_version_id)
    known = relating.known(connection, row.document_id, new, until)
    change = Change(
        id=row.id,
        document=new.document,
        old=None if row.old_version_id is None else store.version(connection, row.old_version_id),
        new=new,
        difference=row.difference,
        tags=derived.tags(connection, select(table).where(table.c.change_id == row.id)),
        seen_at=row.seen_at,
        recorded_at=row.recorded_at,
        baseline=row.baseline,
        relations=known.relations,
        standings=known.standings,
    )
    return replace(change, announcement=announcement(connection, change, until))
