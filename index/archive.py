"""The archive: every response exactly as fetched."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Select, delete, func, insert, select, update

from index import custody, operation, schema
from index.database import Database
from pipeline.errors import NotHeld
from pipeline.health import Tally
from pipeline.model import Page

WITHHELD = "withheld: "  # how the failure of a page begins whose run as a whole was not healthy


class Purged(NotHeld):
    """The body of a page is kept no more; its capture is, with when and why it was purged."""


class Archive:
    """Where one run commits its pages: what `crawlers.spider.Archive` asks for.

    `continued` are the runs that were cut off and that this one goes on with.
    """

    def __init__(self, database: Database, run: int, continued: Collection[int] = ()) -> None:
        self._database = database
        self._run = run
        self._continued = continued

    def keep(self, page: Page) -> None:
        with self._database.write() as connection:
            number = add(connection, page, self._run)
            ignore(connection, schema.seen, [{"run_id": self._run, "page_id": number}])

    def latest(self, url: str) -> Page | None:
        with self._database.read() as connection:
            row = connection.execute(_newest(url)).first()
        return None if row is None or row.purged_at else to_page(row)

    def is_fresh(self, url: str) -> bool:
        """Whether a run that this one goes on with brought or confirmed the page that `latest`
        gives, and nobody found a fault with it."""
        if not self._continued:
            return False
        seen = schema.seen
        with self._database.read() as connection:
            row = connection.execute(_newest(url)).first()
            if row is None or row.failure:
                return False
            found = seen.c.page_id == row.id, seen.c.run_id.in_(self._continued)
            return connection.execute(select(seen.c.run_id).where(*found)).first() is not None

    def is_read(self, url: str) -> bool:
        """Whether the page that `latest` gives was read and taken in, with no fault found."""
        page = schema.page
        query = select(page.c.failure, page.c.tally, page.c.read_at).where(
            page.c.url == url, page.c.status == 200
        )
        with self._database.read() as connection:
            row = connection.execute(query.order_by(page.c.id.desc()).limit(1)).first()
        return row is not None and not row.failure and None not in (row.tally, row.read_at)

    def confirm(self, url: str) -> None:
        """Note that the newest page kept for `url` still stands: the publisher said so, or it was
        asked for just before.

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
                    update(table)
                    .where(table.c.id == row.id)
                    .values(read_at=None, failure="", tally=None)
                )


def numbers(database: Database) -> tuple[int, ...]:
    """The numbers of all pages whose body is kept, in the order of their capture."""
    purged = select(operation.tombstone.c.sha256)
    with database.read() as connection:
        kept = in_order().where(schema.page.c.sha256.not_in(purged))
        return tuple(row.id for row in connection.execute(kept))


def unreadable(database: Database) -> frozenset[int]:
    """The numbers of the pages that could not be read, or were withheld, when they came."""
    table = schema.page
    with database.read() as connection:
        return frozenset(
            connection.execute(select(table.c.id).where(table.c.failure != "")).scalars()
        )


def purged(database: Database) -> int:
    """How many pages are kept without their body."""
    page, grave = schema.page, operation.tombstone
    query = select(func.count()).select_from(page).join(grave, grave.c.sha256 == page.c.sha256)
    with database.read() as connection:
        return connection.execute(query).scalar_one()


def in_order() -> Select[Any]:
    """The numbers of pages in the order of their capture, whichever run brought them."""
    table = schema.page
    return select(table.c.id).order_by(table.c.fetched_at, table.c.id)


def page(connection: Connection, number: int) -> Page:
    """A page by its number, with its body. Raises `Purged` where that is kept no more."""
    return to_page(connection.execute(_pages().where(schema.page.c.id == number)).one())


def served(connection: Connection, number: int) -> bytes:
    """The body of a page, proved by its SHA-256. Raises `NotHeld` where it is not held as it was
    served, which is `Purged` where it is kept no more."""
    row = connection.execute(_pages().where(schema.page.c.id == number)).first()
    if row is None:
        raise NotHeld(f"the body of page {number} is lost: a backup may have it")
    try:
        body = to_page(row).body
    except zlib.error:
        body = b""
    if hashlib.sha256(body).hexdigest() != row.sha256:
        raise NotHeld(
            f"the body of page {number} is not as it was served: it was altered, and is not given "
            "out as the publisher's. A backup may have it"
        )
    return body


def tallies(connection: Connection, run: int) -> tuple[Tally, ...]:
    """What the legible pages said that a run found, whichever run fetched them."""
    table, seen = schema.page, schema.seen
    query = (
        select(table.c.tally)
        .join(seen, seen.c.page_id == table.c.id)
        .where(seen.c.run_id == run, table.c.failure == "", table.c.tally.is_not(None))
    )
    return tuple(connection.execute(query.order_by(table.c.id)).scalars())


def last_tally(connection: Connection, number: int) -> Tally | None:
    """What the address of a page said when it was last read in good health before that page."""
    table = schema.page
    later = table.alias()
    query = (
        select(table.c.tally)
        .join(later, later.c.url == table.c.url)
        .where(
            later.c.id == number,
            table.c.fetched_at < later.c.fetched_at,
            table.c.status == 200,
            table.c.failure == "",
            table.c.tally.is_not(None),
        )
        .order_by(table.c.fetched_at.desc(), table.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def note(connection: Connection, number: int, said: Tally, failure: str, at: datetime) -> None:
    """Write down what a page said as numbers; one with a failure is not taken in any further."""
    table = schema.page
    connection.execute(
        update(table)
        .where(table.c.id == number)
        .values(tally=said, failure=failure, **({"read_at": at} if failure else {}))
    )


def retry(connection: Connection, number: int, said: Tally) -> None:
    """Write down what a page says to a new reader; where none could read it before, put it in the
    queue. What was withheld waits for a run that finds it again."""
    table = schema.page
    this = update(table).where(table.c.id == number)
    connection.execute(this.where(table.c.failure == "").values(tally=said))
    connection.execute(
        this.where(table.c.failure != "", ~table.c.failure.startswith(WITHHELD)).values(
            read_at=None, failure="", tally=None
        )
    )


def to_page(row: Row[Any]) -> Page:
    """A row of `page` joined with `body` and `tombstone`, as the noun. Raises `Purged`."""
    if row.purged_at:
        raise Purged(
            f"the body of page {row.id}, {row.url}, was purged on {row.purged_at:%Y-%m-%d} "
            f"({row.rule}): that it was captured is kept, and `lexwatch verify --page {row.id}` "
            "shows it"
        )
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
        connection.execute(_insert(connection)(table).on_conflict_do_nothing(), list(rows))


def _insert(connection: Connection) -> Callable[..., Any]:
    """The insert of a database's own dialect; that of the other one is not loaded."""
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite  # noqa: PLC0415 - as said

        return insert_sqlite
    from sqlalchemy.dialects.postgresql import insert as insert_postgresql  # noqa: PLC0415 - as said

    return insert_postgresql


def add(connection: Connection, page: Page, run: int) -> int:
    """Keep a page that a run brought, and chain it to those before; returns its number."""
    sha256 = page.sha256
    _keep_body(connection, sha256, page.body)
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
    number = added(key)
    custody.chain(connection, page, number)
    return number


def _keep_body(connection: Connection, sha256: str, content: bytes) -> None:
    """Keep a body once. One that was purged and is served again is whole again."""
    body, tombstone = schema.body, operation.tombstone
    if connection.execute(select(body.c.size).where(body.c.sha256 == sha256)).first() is None:
        row = {"sha256": sha256, "size": len(content), "compressed": zlib.compress(content, 6)}
        ignore(connection, body, [row])  # another visit may keep the same at this moment
    elif connection.execute(delete(tombstone).where(tombstone.c.sha256 == sha256)).rowcount:
        whole = update(body).where(body.c.sha256 == sha256)
        connection.execute(whole.values(compressed=zlib.compress(content, 6)))


def _pages() -> Select[Any]:
    """Pages with their bodies, or when and why these were purged."""
    tombstone = operation.tombstone
    columns = (schema.page, schema.body.c.compressed, tombstone.c.purged_at, tombstone.c.rule)
    found = select(*columns).join(schema.body)
    return found.outerjoin(tombstone, tombstone.c.sha256 == schema.body.c.sha256)


def _newest(url: str) -> Select[Any]:
    """The newest answer for an address that was the page itself, not an error."""
    asked = (schema.page.c.url == url, schema.page.c.status == 200)
    return _pages().where(*asked).order_by(schema.page.c.id.desc()).limit(1)
