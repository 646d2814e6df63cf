"""The bodies of pages as they are kept: each proved by its bytes, or known to be purged."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from index import operation, schema
from index.database import Database
from pipeline.custody import Discrepancy

TOGETHER = 50  # bodies looked at in one view of the database, so that none lasts long
CHUNK = 2**20  # bytes of a body in memory at a time

Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """When a body of so many bytes was purged, and by which rule."""

    size: int
    purged_at: datetime
    rule: str


def tombstone(connection: Connection, sha256: str) -> Tombstone | None:
    """That of a body, or of a letter's message; None where it was not purged."""
    table = operation.tombstone
    row = connection.execute(select(table).where(table.c.sha256 == sha256)).first()
    if row is None:
        return None
    return Tombstone(size=row.size, purged_at=row.purged_at, rule=row.rule)


class Bodies:
    """Every body looked at once, in the order of their names, some at a time."""

    def __init__(self, database: Database, tell: Tell) -> None:
        self._database, self._tell = database, tell
        self.bodies = self.size = self.purged = 0

    def discrepancies(self) -> list[Discrepancy]:
        found: list[Discrepancy] = []
        last: str | None = ""
        body = schema.body
        with self._database.read() as connection:
            of = connection.execute(select(func.count()).select_from(body)).scalar_one()
        while last is not None:
            with self._database.read() as connection:
                query = _with_tombstones().where(body.c.sha256 > last).order_by(body.c.sha256)
                last = None
                for row in connection.execute(query.limit(TOGETHER)):
                    found += self._look(connection, row)
                    last = row.sha256
            self._tell("prove bodies", self.bodies + self.purged, of)
        return found

    def _look(self, connection: Connection, row: Row[Any]) -> Iterator[Discrepancy]:
        is_purged = row.purged_at is not None and not row.compressed
        self.purged += is_purged
        self.bodies += not is_purged
        self.size += 0 if is_purged else row.size
        yield from faults(connection, row)


def faults(connection: Connection, row: Row[Any]) -> Iterator[Discrepancy]:
    """What is wrong with a row of `body` joined with its tombstone."""
    if not row.compressed:
        is_told = row.purged_at is not None and row.buried == row.size
        wrong = "" if is_told else "its body is gone, and nothing says that it was purged"
    elif (row.sha256, row.size) == _measured(row.compressed):
        return
    else:
        wrong = "its body is not what was captured: its bytes have another SHA-256"
    if wrong:
        yield from captured(connection, row.sha256, wrong)


def _measured(compressed: bytes) -> tuple[str, int]:
    """The SHA-256 and the size of what was compressed, a piece at a time; "" where it can't be
    unpacked."""
    digest, size, unpacking = hashlib.sha256(), 0, zlib.decompressobj()
    try:
        while compressed:
            piece = unpacking.decompress(compressed, CHUNK)
            compressed = unpacking.unconsumed_tail
            digest.update(piece)
            size += len(piece)
        digest.update(rest := unpacking.flush())
    except zlib.error:
        return "", 0
    return (digest.hexdigest() if unpacking.eof else ""), size + len(rest)


def captured(connection: Connection, sha256: str, what: str) -> Iterator[Discrepancy]:
    """The captures that a body is of."""
    page, chain = schema.page, operation.capture
    query = (
        select(*page.c["id", "url", "fetched_at"], chain.c.number)
        .outerjoin(chain, chain.c.page_id == page.c.id)
        .where(page.c.sha256 == sha256)
        .order_by(page.c.id)
    )
    for row in connection.execute(query):
        yield Discrepancy(
            what=what, number=row.number, page=row.id, url=row.url, fetched_at=row.fetched_at
        )


def _with_tombstones() -> Select[Any]:
    body, grave = schema.body, operation.tombstone
    query = select(body, grave.c.purged_at, grave.c.size.label("buried"))
    return query.outerjoin(grave, grave.c.sha256 == body.c.sha256)


def body(connection: Connection, sha256: str) -> Row[Any] | None:
    """A row as `faults` takes it."""
    query = _with_tombstones().where(schema.body.c.sha256 == sha256)
    return connection.execute(query).first()
