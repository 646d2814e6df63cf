"""The archive: runs, and every response exactly as fetched."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from index import schema
from index.database import Database
from pipeline.model import Page

MISSED = 0.1  # the share of requests that may fail in a run that establishes its source


class RunState(StrEnum):
    """How far a run came. CRAWLED: the crawl is over and the verdict is not yet passed."""

    CRAWLING = "crawling"
    CRAWLED = "crawled"
    COMPLETE = "complete"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One visit to one source, as the ledger has it. `documents` is how many its pages spoke of."""

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


class Archive:
    """Where one run commits its pages: what `crawlers.spider.Archive` asks for."""

    def __init__(self, database: Database, run: int) -> None:
        self._database = database
        self._run = run

    def keep(self, page: Page) -> None:
        with self._database.write() as connection:
            number = _insert_page(connection, page, self._run)
            ignore(connection, schema.seen, [{"run_id": self._run, "page_id": number}])

    def latest(self, url: str) -> Page | None:
        with self._database.read() as connection:
            row = connection.execute(_newest(url)).first()
        return None if row is None else to_page(row)

    def confirm(self, url: str) -> None:
        """Note that the newest page kept for `url` still stands: the publisher said so.

        One that could not be read is put in the queue again: it may be readable by now.
        """
        table = schema.page
        with self._database.write() as connection:
            row = connection.execute(_newest(url)).first()
            if row is None:
                return
            ignore(connection, schema.seen, [{"run_id": self._run, "page_id": row.id}])
            if row.failure:
                connection.execute(
                    update(table).where(table.c.id == row.id).values(read_at=None, failure="")
                )


def begin_run(database: Database, source: str, at: datetime) -> Run:
    """Open a run. One that was cut off before is marked so; its pages stay in the queue."""
    table = schema.run
    with database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.source == source, table.c.state == RunState.CRAWLING)
            .values(state=RunState.INTERRUPTED, ended_at=at)
        )
        baseline = not _is_established(connection, source)
        number = connection.execute(
            insert(table).values(
                source=source,
                state=RunState.CRAWLING,
                baseline=baseline,
                started_at=at,
                failures=[],
            )
        )
        return _run(connection.execute(select(table).where(table.c.id == added(number))).one())


def end_crawl(
    database: Database,
    run: int,
    *,
    requests: int,
    size: int,
    blocked: bool,
    failures: Sequence[str],
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
            )
        )


def judge(database: Database, run: int, at: datetime, bounds: tuple[int, int]) -> Run:
    """Pass the verdict on a run whose pages have all been read.

    It is complete when the crawl reached everything it set out to, every page could be read, and
    the documents spoken of lie within `bounds` (inclusive); else it failed, and says why. It
    establishes the source, so that what is new after it is news, where it read enough: a page that
    is missing for good must not keep a source silent for good.
    """
    floor, ceiling = bounds
    table = schema.run
    with database.write() as connection:
        held = _run(connection.execute(select(table).where(table.c.id == run)).one())
        failures = [*held.failures, *_unread(connection, run)]
        count = _count_documents(connection, run)
        if not failures and not floor <= count <= ceiling:
            failures.append(
                f"{count} documents were read where {floor} to {ceiling} are normal: "
                "compare the archived pages with the site"
            )
        state = RunState.FAILED if failures else RunState.COMPLETE
        missed = len(failures) / max(held.requests, 1)
        enough = not held.blocked and count >= max(floor, 1) and missed <= MISSED
        connection.execute(
            update(table)
            .where(table.c.id == run)
            .values(
                state=state,
                ended_at=at,
                documents=count,
                failures=failures,
                established=state is RunState.COMPLETE or enough,
            )
        )
        return _run(connection.execute(select(table).where(table.c.id == run)).one())


def last_complete(connection: Connection, source: str) -> Run | None:
    """The newest complete run of a source."""
    table = schema.run
    row = connection.execute(
        select(table)
        .where(table.c.source == source, table.c.state == RunState.COMPLETE)
        .order_by(table.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _run(row)


def runs(database: Database, source: str | None = None, limit: int = 100) -> tuple[Run, ...]:
    """The newest runs first."""
    query = select(schema.run).order_by(schema.run.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(schema.run.c.source == source)
    with database.read() as connection:
        return tuple(_run(row) for row in connection.execute(query))


def unjudged(database: Database) -> tuple[Run, ...]:
    """The runs that were crawled, whose pages are all read, and await their verdict."""
    table, page = schema.run, schema.page
    waiting = select(page.c.run_id).where(page.c.read_at.is_(None))
    with database.read() as connection:
        rows = connection.execute(
            select(table)
            .where(table.c.state == RunState.CRAWLED, table.c.id.not_in(waiting))
            .order_by(table.c.id)
        )
        return tuple(_run(row) for row in rows)


def queue(database: Database, *, everything: bool = False) -> tuple[int, ...]:
    """The numbers of the pages that nobody has read yet (or of all pages), oldest first."""
    table = schema.page
    query = select(table.c.id).order_by(table.c.id)
    if not everything:
        query = query.where(table.c.read_at.is_(None))
    with database.read() as connection:
        return tuple(connection.execute(query).scalars())


def page(connection: Connection, number: int) -> Page:
    """A page by its number, with its body."""
    return to_page(connection.execute(_pages().where(schema.page.c.id == number)).one())


def to_page(row: Row[Any]) -> Page:
    """A row of `page` joined with `body`, as the noun."""
    return Page(
        source=row.source,
        url=row.url,
        final_url=row.final_url,
        asked=row.asked,
        status=row.status,
        headers=row.headers,
        body=zlib.decompress(row.compressed),
        fetched_at=row.fetched_at,
        context=row.context,
    )


def added(result: CursorResult[Any]) -> int:
    """The number that an insert gave its row."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an insert of one row has a key
    return int(key[0])


def ignore(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        dialect = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
        connection.execute(dialect(table).on_conflict_do_nothing(), list(rows))


def _insert_page(connection: Connection, page: Page, run: int) -> int:
    body, sha256 = schema.body, page.sha256
    if connection.execute(select(body.c.size).where(body.c.sha256 == sha256)).first() is None:
        compressed = zlib.compress(page.body, 6)
        connection.execute(
            insert(body).values(sha256=sha256, size=len(page.body), compressed=compressed)
        )
    key = connection.execute(
        insert(schema.page).values(
            run_id=run,
            source=page.source,
            url=page.url,
            final_url=page.final_url,
            asked=page.asked,
            status=page.status,
            headers=dict(page.headers),
            sha256=sha256,
            fetched_at=page.fetched_at,
            context=dict(page.context),
        )
    )
    return added(key)


def _pages() -> Select[Any]:
    return select(schema.page, schema.body.c.compressed).join(schema.body)


def _newest(url: str) -> Select[Any]:
    """The newest answer for an address that was the page itself, not an error."""
    asked = (schema.page.c.url == url, schema.page.c.status == 200)
    return _pages().where(*asked).order_by(schema.page.c.id.desc()).limit(1)


def _unread(connection: Connection, run: int) -> list[str]:
    """The pages a run found that could not be read, whichever run fetched them."""
    table, seen = schema.page, schema.seen
    rows = connection.execute(
        select(table.c.url, table.c.failure)
        .join(seen, seen.c.page_id == table.c.id)
        .where(seen.c.run_id == run, table.c.failure != "")
        .order_by(table.c.id)
    )
    return [f"{row.url}: {row.failure}" for row in rows]


def _is_established(connection: Connection, source: str) -> bool:
    table = schema.run
    query = select(table.c.id).where(table.c.source == source, table.c.established).limit(1)
    return connection.execute(query).first() is not None


def _count_documents(connection: Connection, run: int) -> int:
    seen, sighting = schema.seen, schema.sighting
    return connection.execute(
        select(func.count(sighting.c.document_id.distinct()))
        .join(seen, seen.c.page_id == sighting.c.page_id)
        .where(seen.c.run_id == run)
    ).scalar_one()


def _run(row: Row[Any]) -> Run:
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
    )
