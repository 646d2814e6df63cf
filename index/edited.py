"""The edits of guidance that an update of the Policy Manual announces."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from index import schema, store
from index.announcements import announcement
from pipeline.announced import GUIDANCE, MARGIN, SOURCE, Place, place
from pipeline.calendar import eastern
from pipeline.model import Change, ChangeClass, DateKind, Version

# From the day of an entry, or on which its guidance takes effect, to our first sight of the text: a
# whole reading a week, one that was cut off, and the next.
WITHIN = timedelta(days=30)
SLACK = timedelta(days=1)  # between a day and its moments, wherever it is counted


def near(connection: Connection, entry: Version, before: datetime | None) -> list[int]:
    """The changes, by number, near an entry's days in what its sections name, as far as they were
    known `before` a moment. Which it announces is judged for each, by all entries of its time."""
    places = {place(str(each)) for each in entry.metadata.get("affected_sections", ())} - {()}
    told = (DateKind.ANNOUNCED, DateKind.EFFECTIVE)
    days = [each.on for each in entry.dates if each.kind in told]
    if not places or not days:
        return []
    change, document = schema.change, schema.document
    wanted = [
        document.c.source == SOURCE,
        document.c.kind.in_(GUIDANCE),
        change.c.baseline.is_(False),
        change.c.change_class != ChangeClass.NOISE,
        or_(*(document.c.key.startswith(f"volume-{each[0]}") for each in places)),
        or_(*(_is_about(on) for on in days)),
    ]
    if before is not None:
        wanted.append(change.c.recorded_at < before)
    query = (
        select(change.c.id, change.c.seen_at, document.c.key)
        .select_from(change)
        .join(document, document.c.id == change.c.document_id)
        .where(*wanted)
    )
    return [
        row.id
        for row in connection.execute(query.order_by(change.c.id))
        if _is_near(eastern(row.seen_at), days) and _is_within(place(row.key), places)
    ]


def announced(
    connection: Connection, numbers: Collection[int], before: datetime | None
) -> Iterator[Change]:
    """Changes with how they were announced, and with nothing else that is known of them."""
    table = schema.change
    rows = connection.execute(select(table).where(table.c.id.in_(numbers)).order_by(table.c.id))
    changes = rows.all()
    wanted = {each for row in changes for each in (row.old_version_id, row.new_version_id) if each}
    versions = store.versions_by_number(connection, wanted)
    for row in changes:
        change = _bare(row, versions)
        yield replace(change, announcement=announcement(connection, change, before))


def _bare(row: Row[Any], versions: Mapping[int, Version]) -> Change:
    new = versions[row.new_version_id]
    return Change(
        id=row.id,
        document=new.document,
        old=versions.get(row.old_version_id),
        new=new,
        difference=row.difference,
        tags=(),
        seen_at=row.seen_at,
        recorded_at=row.recorded_at,
    )


def _is_about(on: date) -> ColumnElement[bool]:
    """The condition that a change was seen about the time of an entry's day."""
    seen, noon = schema.change.c.seen_at, datetime.combine(on, time(12), UTC)
    return (seen >= noon - MARGIN - SLACK) & (seen <= noon + WITHIN + SLACK)


def _is_near(seen: date, days: list[date]) -> bool:
    return any(on - MARGIN <= seen <= on + WITHIN for on in days)


def _is_within(own: Place, places: set[Place]) -> bool:
    return any(own[: len(each)] == each for each in places)
