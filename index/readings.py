"""When pages were read in good health: from when until when what they said is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from index import schema


def readings(
    connection: Connection, urls: Collection[str], until: datetime | None, before: datetime | None
) -> list[datetime]:
    """When pages at the addresses were fetched `until` a moment, and read in good health, and when
    runs found them standing. Of these only the beginning is known for certain: what a run confirms
    that goes on with others was asked by the first of them at the earliest."""
    page, seen, run = schema.page, schema.seen, schema.run
    good = [page.c.url.in_(urls), page.c.status == 200, page.c.failure == ""]
    good.append(page.c.read_at.is_not(None) if before is None else page.c.read_at < before)
    ended = [run.c.ended_at.is_not(None) if before is None else run.c.ended_at < before]
    if until is not None:
        good.append(page.c.fetched_at < until)
        ended.append(run.c.ended_at < until)
    fetched = select(func.max(page.c.fetched_at)).where(*good)
    stood = (
        select(func.max(asked_since()))
        .join(seen, seen.c.run_id == run.c.id)
        .join(page, page.c.id == seen.c.page_id)
        .where(*good, *ended)
    )
    found = (connection.execute(query).scalar() for query in (fetched, stood))
    return [moment for moment in found if moment is not None]


def asked_since() -> ColumnElement[datetime]:
    """The moment from which a run counts: the beginning of those that were cut off before it."""
    return func.coalesce(schema.run.c.asked_since, schema.run.c.started_at)
