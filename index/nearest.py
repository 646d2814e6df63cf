"""Which days lie near a period: those on which something changed, those without a reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from index import schema
from index.database import Database
from index.runs import RunState
from pipeline.model import ChangeClass


def nearest(
    database: Database, since: datetime, until: datetime, topics: Sequence[str] = ()
) -> tuple[date | None, date | None]:
    """The last day before [since, until) and the first from its end on that brought a change on the
    topics (none means any), in the zone of `since`; None where none did. What a first crawl found,
    and noise, are no changes."""
    change, topic = schema.change, schema.change_topic
    counts = [change.c.baseline.is_(False), change.c.change_class != ChangeClass.NOISE]
    if topics:
        tagged = select(topic.c.change_id).where(topic.c.topic.in_(topics))
        counts.append(change.c.id.in_(tagged))
    before = select(func.max(change.c.recorded_at)).where(*counts, change.c.recorded_at < since)
    after = select(func.min(change.c.recorded_at)).where(*counts, change.c.recorded_at >= until)
    with database.read() as connection:
        found = [connection.execute(query).scalar() for query in (before, after)]
    days = [at.astimezone(since.tzinfo).date() if at else None for at in found]
    return days[0], days[1]


def missed(
    database: Database, sources: Collection[str], since: datetime, until: datetime
) -> dict[str, tuple[date, ...]]:
    """The days of [since, until), in the zone of `since`, on which no reading of a source was
    complete, whole or of what was announced; from its first complete reading on, by source. A
    source without one has none."""
    table = schema.run
    query = select(table.c.source, table.c.started_at).where(
        table.c.source.in_(sources),
        table.c.state == RunState.COMPLETE,
        table.c.started_at < until,
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    read: dict[str, set[date]] = {}
    for row in rows:
        read.setdefault(row.source, set()).add(row.started_at.astimezone(since.tzinfo).date())
    last = (until - timedelta(microseconds=1)).date()
    return {
        source: tuple(day for day in _days(max(since.date(), min(days)), last) if day not in days)
        for source, days in read.items()
    }


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=more) for more in range((last - first).days + 1))
