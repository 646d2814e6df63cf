"""The chain of captures: every page is chained in the transaction that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, text

from index import operation, schema
from index.database import Database
from pipeline.custody import FIRST, Capture, Head, link
from pipeline.errors import NotHeld
from pipeline.model import Page

BATCH = 1_000  # rows in memory at a time
# Facts of a database that is older than its chain: the last capture that was chained later than it
# was made, and when that was.
LATER, LATER_AT = "captures chained later", "captures chained at"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What an outside authority signed: that `digest`, of the capture `number`, was there at
    `stamped_at` by the authority's clock. `response` is its answer (RFC 3161), DER."""

    number: int
    digest: str
    stamped_at: datetime
    authority: str
    response: bytes


@dataclass(frozen=True, kw_only=True)
class Chained:
    """A row of the chain beside its page: `page` is that one's number, `capture` what the page
    says now, `digest` what was chained then. `capture.previous` is as it is kept."""

    page: int
    capture: Capture
    digest: str


@dataclass(frozen=True, kw_only=True)
class Origin:
    """From when on the chain tells when things were captured: captures up to `later` were there
    before it, and were chained at `at`, in words of the database's clock (UTC); 0 and "" where the
    chain is as old as the archive."""

    later: int = 0
    at: str = ""


def chain(connection: Connection, page: Page, number: int) -> None:
    """Chain a page that has just been kept under a number. The connection writes: SQLite lets
    nobody else do so, and elsewhere whoever comes second waits here for the first to commit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE capture IN EXCLUSIVE MODE"))  # who reads goes on
    before = head(connection)
    capture = link(page, before.number + 1, before.digest)
    connection.execute(insert(operation.capture).values(_row(capture, number)))


def chain_held(connection: Connection) -> None:
    """Chain the pages of a database that had no chain, in the order of their numbers, and note
    that, and when, they were chained later than they were captured."""
    before, last = head(connection), 0
    while rows := connection.execute(_pages(last)).all():
        made = []
        for row in rows:
            capture = _capture(row, before.number + 1, before.digest)
            made.append(_row(capture, row.id))
            before, last = Head(number=capture.number, digest=capture.digest), row.id
        connection.execute(insert(operation.capture), made)
    if before.number:
        now = connection.execute(text("SELECT CURRENT_TIMESTAMP")).scalar_one()
        said = {LATER: str(before.number), LATER_AT: str(now)[:19]}
        facts = [{"name": name, "value": value} for name, value in said.items()]
        connection.execute(insert(schema.fact), facts)


def head(connection: Connection) -> Head:
    """The chain's newest capture; number 0 and `FIRST` of an empty one."""
    table = operation.capture
    newest = select(table.c.number, table.c.digest).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return Head(number=0, digest=FIRST) if row is None else Head(number=row[0], digest=row[1])


def origin(connection: Connection) -> Origin:
    """From when on captures were chained as they were made."""
    table = schema.fact
    named = select(table).where(table.c.name.in_((LATER, LATER_AT)))
    facts = {row.name: row.value for row in connection.execute(named)}
    return Origin(later=int(facts.get(LATER, 0)), at=facts.get(LATER_AT, ""))


def links(connection: Connection, first: int, last: int) -> Sequence[Chained]:
    """The links from one number to another, as far as they are there."""
    table = operation.capture
    query = (
        select(*_COLUMNS, table.c.number, table.c.previous, table.c.digest)
        .join_from(table, schema.page)
        .where(table.c.number.between(first, last))
    )
    rows = connection.execute(query.order_by(table.c.number))
    return [
        Chained(
            page=row.id,
            capture=_capture(row, row.number, row.previous),
            digest=row.digest,
        )
        for row in rows
    ]


def of_page(connection: Connection, page: int) -> Chained:
    """The link of a page. Raises `NotHeld` where there is no such page."""
    table = operation.capture
    number = connection.execute(select(table.c.number).where(table.c.page_id == page)).scalar()
    found = links(connection, number, number) if number else ()
    if not found:
        raise NotHeld(f"no page {page} is in the chain of captures")
    return found[0]


def stamp(database: Database, given: Stamp) -> None:
    """Keep what an authority signed."""
    row = {**vars(given), "token": given.response}
    del row["response"]
    with database.write() as connection:
        connection.execute(insert(operation.time_stamp).values(row))


def stamps(connection: Connection, since: int = 0) -> tuple[Stamp, ...]:
    """The time stamps of a capture and of those after it, the earliest first."""
    table = operation.time_stamp
    query = select(table).where(table.c.number >= since).order_by(table.c.number, table.c.id)
    return tuple(
        Stamp(
            number=row.number,
            digest=row.digest,
            stamped_at=row.stamped_at,
            authority=row.authority,
            response=row.token,
        )
        for row in connection.execute(query)
    )


# What a migration reads too: a column that a later schema adds to `page` must not stand here.
_COLUMNS = schema.page.c[
    "id",
    "source",
    "url",
    "final_url",
    "asked",
    "status",
    "headers",
    "context",
    "sha256",
    "fetched_at",
]


def _pages(after: int) -> Select[Any]:
    number = schema.page.c.id
    return select(*_COLUMNS).where(number > after).order_by(number).limit(BATCH)


def _capture(row: Row[*tuple[Any, ...]], number: int, previous: str) -> Capture:
    said = {each.name: row._mapping[each.name] for each in _COLUMNS if each.name != "id"}
    return Capture(number=number, previous=previous, **said)


def _row(capture: Capture, page: int) -> dict[str, object]:
    return {
        "number": capture.number,
        "page_id": page,
        "previous": capture.previous,
        "digest": capture.digest,
    }
