"""Runs: one visit to one source, as the ledger has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index import schema
from index.archive import added, in_order
from index.database import Database


class RunState(StrEnum):
    """How far a run came. CRAWLED: the crawl is over and the verdict is not yet passed."""

    CRAWLING = "crawling"
    CRAWLED = "crawled"
    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One visit to one source, as the ledger has it.

    `documents` is how many its pages gave the text of; `gone` holds the addresses that the site
    still gave and had no page for (404, 410).
    """

    id: int
    source: str
    state: RunState
    baseline: bool
    started_at: datetime
    ended_at: datetime | None
    requests: int
    bytes: int
    documents: int
    blocked: bool
    failures: tuple[str, ...]
    gone: tuple[str, ...] = ()


def begin_run(
    database: Database, source: str, at: datetime, options: Mapping[str, Any] | None = None
) -> Run:
    """Open a run that is told `options` (JSON values).

    One that was cut off before is marked so; its pages stay in the queue.
    """
    table = schema.run
    with database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.source == source, table.c.state == RunState.CRAWLING)
            .values(state=RunState.INTERRUPTED, ended_at=at)
        )
        baseline = watched_since(connection, source) is None
        number = connection.execute(
            insert(table).values(
                source=source,
                state=RunState.CRAWLING,
                baseline=baseline,
                started_at=at,
                failures=[],
                gone=[],
                options=dict(options or {}),
            )
        )
        return to_run(connection.execute(select(table).where(table.c.id == added(number))).one())


def end_crawl(
    database: Database,
    run: int,
    *,
    requests: int,
    size: int,
    blocked: bool,
    failures: Sequence[str],
    gone: Sequence[str] = (),
) -> None:
    """Record what the crawl itself has to say; the verdict waits until its pages are read."""
    with database.write() as connection:
        connection.execute(
            update(schema.run)
            .where(schema.run.c.id == run)
            .values(
                state=RunState.CRAWLED,
                requests=requests,
                bytes=size,
                blocked=blocked,
                failures=list(failures),
                gone=list(gone),
            )
        )


def last_complete(
    connection: Connection, source: str, options: Mapping[str, Any] | None = None
) -> Run | None:
    """The newest complete run of a source that was told the same `options` (None: whatever it was
    told): one that was asked for something else says nothing of what we ask now."""
    table = schema.run
    rows = connection.execute(
        select(table)
        .where(table.c.source == source, table.c.state == RunState.COMPLETE)
        .order_by(table.c.id.desc())
    )
    return next(
        (to_run(row) for row in rows if options is None or row.options == dict(options)), None
    )


def watched_since(connection: Connection, source: str) -> datetime | None:
    """When the first run began that established a source; None: none has yet."""
    table = schema.run
    return connection.execute(
        select(func.min(table.c.started_at)).where(table.c.source == source, table.c.established)
    ).scalar()


def runs(database: Database, source: str | None = None, limit: int = 100) -> tuple[Run, ...]:
    """The newest runs first."""
    query = select(schema.run).order_by(schema.run.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(schema.run.c.source == source)
    with database.read() as connection:
        return tuple(to_run(row) for row in connection.execute(query))


def unexamined(database: Database) -> tuple[int, ...]:
    """The numbers of the pages that nobody has counted yet: new ones, and those found standing by a
    run that awaits its verdict and kept by a program that did not count."""
    table, seen, run = schema.page, schema.seen, schema.run
    found = select(seen.c.page_id).join(run).where(run.c.state == RunState.CRAWLED)
    query = in_order().where(
        table.c.tally.is_(None), table.c.read_at.is_(None) | table.c.id.in_(found)
    )
    with database.read() as connection:
        return tuple(row.id for row in connection.execute(query))


def unjudged(database: Database) -> tuple[Run, ...]:
    """The runs that were crawled, whose pages are all examined, and await their verdict."""
    table, page, seen = schema.run, schema.page, schema.seen
    waiting = (
        select(seen.c.run_id).join(page, page.c.id == seen.c.page_id).where(page.c.tally.is_(None))
    )
    with database.read() as connection:
        rows = connection.execute(
            select(table)
            .where(table.c.state == RunState.CRAWLED, table.c.id.not_in(waiting))
            .order_by(table.c.id)
        )
        return tuple(to_run(row) for row in rows)


def to_run(row: Row[Any]) -> Run:
    """A row of `run`, as the noun."""
    return Run(
        id=row.id,
        source=row.source,
        state=RunState(row.state),
        baseline=row.baseline,
        started_at=row.started_at,
        ended_at=row.ended_at,
        requests=row.requests,
        bytes=row.bytes,
        documents=row.documents,
        blocked=row.blocked,
        failures=tuple(row.failures),
        gone=tuple(row.gone),
    )
