"""Chroma kept in line with the vectors in SQL, and made anew from them whatever it suffers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from index import embedded, passages, schema
from index.chroma import Chroma, ChromaError
from index.database import Database
from index.matrix import Matrix

SAMPLES = 20  # vectors looked for in each source after a sync
MISSED = 0.1  # the share of them that an approximate index may miss
ITSELF = 0.999  # the cosine similarity of a vector with itself, as rounded
PAGE = 5_000  # entries of the outbox that are settled at a time, with their vectors in memory


def is_pending(connection: Connection) -> bool:
    """Whether Chroma may lack something, or hold something that is gone."""
    return connection.execute(select(schema.outbox.c.id).limit(1)).first() is not None


def drain(database: Database, chroma: Chroma, model: str) -> int:
    """Bring Chroma in line with the outbox; what still waits for its vector stays in it.

    Returns how many texts no passage says any more. Raises `ChromaError` and leaves the outbox.
    """
    gone: set[str] = set()
    after = 0
    while waiting := _page(database, after):
        gone |= _bring(database, chroma, model, waiting)
        after = waiting[-1].id
    return len(gone)


def _page(database: Database, after: int) -> Sequence[Row[Any, Any]]:
    outbox = schema.outbox
    query = select(outbox.c.id, outbox.c.digest).where(outbox.c.id > after)
    with database.read() as connection:
        return connection.execute(query.order_by(outbox.c.id).limit(PAGE)).all()


def _bring(
    database: Database, chroma: Chroma, model: str, waiting: Sequence[Row[Any, Any]]
) -> set[str]:
    """Do so for a part of the outbox; returns the texts that no passage says any more."""
    with database.read() as connection:
        named = {row.digest for row in waiting}
        sources = embedded.sources_of(connection, named)
        held = embedded.held(connection, model, named)
    for source in sorted({*chroma.sources(), *sources}):
        own = sources.get(source, set())
        chroma.remove(source, named - own)
        ready = sorted(own & held.keys())
        if ready:
            chroma.put(source, ready, np.stack([held[digest] for digest in ready]))
    gone = named.difference(*sources.values())
    with database.write() as connection:
        _settle(connection, [row for row in waiting if row.digest in held or row.digest in gone])
    return gone


def damage(database: Database, chroma: Chroma, model: str) -> str:
    """What is wrong with Chroma, "" where nothing is.

    A damaged index can still count, and answer with what is left of it: so vectors that it must
    have are looked for.
    """
    with database.read() as connection:
        expected, pending = embedded.count(connection, model), is_pending(connection)
    try:
        held, lost, asked = chroma.count(), 0, 0
        if held != expected and not pending:
            return f"it held {held} of {expected} vectors"
        for source in chroma.sources():
            with database.read() as connection:
                found = embedded.samples(connection, model, source, SAMPLES)
            asked += len(found)
            lost += sum(not _finds(chroma, source, row) for row in found)
    except ChromaError as error:
        return f"it did not answer ({error})"
    if lost > asked * MISSED:
        return f"it did not find {lost} of {asked} vectors that it was asked for"
    return ""


def _finds(chroma: Chroma, source: str, row: NDArray[np.float32]) -> bool:
    """Whether the nearest to a vector is that vector, or one like it."""
    found = chroma.ask(source, row, 1)
    return bool(found) and found[0][1] > ITSELF


def renew(database: Database, chroma: Chroma, matrix: Matrix) -> None:
    """Make Chroma anew, without embedding anything; raises `StoreError` where that can't be done.

    A row waits in the outbox meanwhile: nobody asks a half-filled Chroma, even after a kill.
    """
    with database.write() as connection:
        waiting = _queue(connection)
    chroma.renew({source: matrix.rows(source) for source in matrix.sources})
    with database.write() as connection:
        _settle(connection, waiting)


def queue_everything(connection: Connection) -> None:
    """All passages wait for their vectors."""
    digests = connection.execute(select(schema.passage.c.digest).distinct()).scalars().all()
    if digests:
        connection.execute(schema.outbox.insert(), [{"digest": digest} for digest in digests])
    passages.advance(connection)


def _queue(connection: Connection) -> Sequence[Row[Any, Any]]:
    """Queue one passage, any; none where there are no passages."""
    digest = connection.execute(select(schema.passage.c.digest).limit(1)).scalar()
    if digest is None:
        return []
    table = schema.outbox
    query = insert(table).values(digest=digest).returning(table.c.id, table.c.digest)
    return connection.execute(query).all()


def _settle(connection: Connection, rows: Iterable[Row[Any, Any]]) -> None:
    """Take rows out of the outbox, by number and digest: SQLite gives a freed number again."""
    table = schema.outbox
    settled = [{"number": row.id, "named": row.digest} for row in rows]
    if settled:
        query = delete(table).where(
            table.c.id == bindparam("number"), table.c.digest == bindparam("named")
        )
        connection.execute(query, settled)
