"""Runs: one visit to one source, as the ledger has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index import schema
from index.archive import added, in_order
from index.database import Database

RESUMED = timedelta(days=3)  # for so long a whole run that was cut off is gone on with


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
    still gave and had no page for (404, 410); `is_whole` is false for a visit to chosen pages, or
    to what was announced. A run that goes on with others which were cut off rests on pages asked
    for since the first of them began, `asked_since`; for any other this is its own beginning.
    """

    id: int
    source: str
    state: RunState
    baseline: bool
    started_at: datetime
    asked_since: datetime
    ended_at: datetime | None
    requests: int
    bytes: int
    documents: int
    blocked: bool
    failures: tuple[str, ...]
    gone: tuple[str, ...] = ()
    is_whole: bool = True


def begin_run(
    database: Database,
    source: str,
    at: datetime,
    question: Mapping[str, Any] | None = None,
    *,
    is_whole: bool = True,
) -> Run:
    """Open a run that asks a `question` (JSON values), of the whole site or of a part of it.

    One that was cut off before is marked so; its pages stay in the queue. Where it was whole, asked
    the same and began less than `RESUMED` ago, a whole run goes on with it: see `continued`.
    """
    table = schema.run
    with database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.source == source, table.c.state == RunState.CRAWLING)
            .values(state=RunState.INTERRUPTED, ended_at=at)
        )
        baseline = watched_since(connection, source) is None
        before = next(_whole(connection, source, question or {}), None) if is_whole else None
        goes_on = (
            before is not None
            and before.state is RunState.INTERRUPTED
            and at - before.asked_since < RESUMED
        )
        number = connection.execute(
            insert(table).values(
                source=source,
                state=RunState.CRAWLING,
                baseline=baseline,
                started_at=at,
                asked_since=before.asked_since if before and goes_on else at,
                failures=[],
                gone=[],
                question=dict(question or {}),
                is_whole=is_whole,
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


def cut_off(database: Database, run: int, at: datetime) -> None:
    """Mark a run that was stopped before its end; its pages stay in the queue."""
    table = schema.run
    with database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == run, table.c.state == RunState.CRAWLING)
            .values(state=RunState.INTERRUPTED, ended_at=at)
        )


def continued(database: Database, run: int) -> tuple[int, ...]:
    """The runs that were cut off and that this one goes on with: what they found in good health
    stands unasked. None where the whole run before it ended by itself."""
    table = schema.run
    with database.read() as connection:
        this = connection.execute(select(table).where(table.c.id == run)).one()
        if not this.is_whole:
            return ()
        earlier = _whole(connection, this.source, this.question, before=run)
        since = to_run(this).asked_since
        return tuple(
            each.id
            for each in takewhile(
                lambda each: each.state is RunState.INTERRUPTED and each.asked_since == since,
                earlier,
            )
        )


def last_complete(
    connection: Connection,
    source: str,
    question: Mapping[str, Any] | None = None,
    *,
    whole: bool = False,
) -> Run | None:
    """The newest complete run of a source that asked the same `question` (None: whatever it was):
    one that asked for something else says nothing of what we ask now. `whole`: of the whole
    site."""
    table = schema.run
    query = select(table).where(table.c.source == source, table.c.state == RunState.COMPLETE)
    if whole:
        query = query.where(table.c.is_whole)
    rows = connection.execute(query.order_by(table.c.id.desc()))
    return next(
        (to_run(row) for row in rows if question is None or row.question == dict(question)), None
    )


def last_ended(connection: Connection, source: str, question: Mapping[str, Any]) -> Run | None:
    """The newest whole run that asked the same and reached its end: complete, or failed of single
    pages. What was blocked or cut off, or whose pages were withheld as a whole, reached none."""
    table = schema.run
    failed = (table.c.state == RunState.FAILED) & table.c.established & (table.c.requests > 0)
    has_ended = (table.c.state == RunState.COMPLETE) | failed
    query = select(table).where(table.c.source == source, table.c.is_whole, has_ended)
    rows = connection.execute(query.order_by(table.c.id.desc()))
    asked = (to_run(row) for row in rows if row.question == dict(question))
    return next((run for run in asked if all(map(_is_of_a_page, run.failures))), None)


def watched_since(connection: Connection, source: str) -> datetime | None:
    """When the first run began that established a source; None: none has yet."""
    table = schema.run
    return connection.execute(
        select(func.min(table.c.started_at)).where(table.c.source == source, table.c.established)
    ).scalar()


def first_begun(database: Database) -> datetime | None:
    """When any source was first visited, with whatever outcome; None where none ever was."""
    with database.read() as connection:
        return connection.execute(select(func.min(schema.run.c.started_at))).scalar()


def visited(database: Database, since: datetime, until: datetime) -> frozenset[str]:
    """The sources of which a run began in [since, until)."""
    table = schema.run
    query = select(table.c.source).where(table.c.started_at >= since, table.c.started_at < until)
    with database.read() as connection:
        return frozenset(connection.execute(query.distinct()).scalars())


def runs(database: Database, source: str | None = None, limit: int = 100) -> tuple[Run, ...]:
    """The newest runs first."""
    query = select(schema.run).order_by(schema.run.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(schema.run.c.source == source)
    with database.read() as connection:
        return tuple(to_run(row) for row in connection.execute(query))


def numbered(database: Database, numbers: Collection[int]) -> tuple[Run, ...]:
    """The runs of these numbers, in order."""
    query = select(schema.run).where(schema.run.c.id.in_(numbers)).order_by(schema.run.c.id)
    with database.read() as connection:
        return tuple(to_run(row) for row in connection.execute(query))


def count(database: Database, source: str) -> int:
    """How many runs of a source there were."""
    query = select(func.count()).select_from(schema.run).where(schema.run.c.source == source)
    with database.read() as connection:
        return connection.execute(query).scalar_one()


def unexamined(database: Database, sources: Collection[str]) -> tuple[int, ...]:
    """The numbers of the pages of these sources that nobody has counted yet: new ones, and those
    found by a run that awaits its verdict and kept by a program that did not count."""
    table, seen, run = schema.page, schema.seen, schema.run
    found = select(seen.c.page_id).join(run).where(run.c.state == RunState.CRAWLED)
    query = in_order().where(
        table.c.source.in_(sources),
        table.c.tally.is_(None),
        table.c.read_at.is_(None) | table.c.id.in_(found),
    )
    with database.read() as connection:
        return tuple(row.id for row in connection.execute(query))


def waiting(database: Database, sources: Collection[str]) -> tuple[int, ...]:
    """The numbers of the pages of these sources whose text nobody has taken in yet, and on whose
    runs a verdict was passed."""
    table, seen, run = schema.page, schema.seen, schema.run
    open_runs = (
        select(seen.c.page_id)
        .join(run)
        .where(run.c.state.in_((RunState.CRAWLING, RunState.CRAWLED)))
    )
    query = in_order().where(
        table.c.source.in_(sources), table.c.read_at.is_(None), table.c.id.not_in(open_runs)
    )
    with database.read() as connection:
        return tuple(row.id for row in connection.execute(query))


def unjudged(database: Database, sources: Collection[str]) -> tuple[Run, ...]:
    """The runs of these sources whose pages are all counted and that await their verdict: those
    that were crawled, and those that were cut off and left pages."""
    table, page, seen = schema.run, schema.page, schema.seen
    found = select(seen.c.run_id).join(page, page.c.id == seen.c.page_id)
    uncounted = found.where(page.c.tally.is_(None))
    left = found.where(page.c.read_at.is_(None))
    is_due = (table.c.state == RunState.CRAWLED) | (
        (table.c.state == RunState.INTERRUPTED) & table.c.id.in_(left)
    )
    with database.read() as connection:
        rows = connection.execute(
            select(table)
            .where(is_due, table.c.source.in_(sources), table.c.id.not_in(uncounted))
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
        asked_since=row.asked_since or row.started_at,
        ended_at=row.ended_at,
        requests=row.requests,
        bytes=row.bytes,
        documents=row.documents,
        blocked=row.blocked,
        failures=tuple(row.failures),
        gone=tuple(row.gone),
        is_whole=row.is_whole,
    )


def _is_of_a_page(failure: str) -> bool:
    """Whether a failure names an address; but a publisher who asks for patience ends a run."""
    return failure.startswith("http") and " asks us to wait " not in failure


def _whole(
    connection: Connection, source: str, question: Mapping[str, Any], before: int | None = None
) -> Iterator[Run]:
    """The whole runs of a source that asked the same, the newest first; `before` a run's number."""
    table = schema.run
    query = select(table).where(table.c.source == source, table.c.is_whole)
    if before is not None:
        query = query.where(table.c.id < before)
    rows = connection.execute(query.order_by(table.c.id.desc()))
    return (to_run(row) for row in rows if row.question == dict(question))
