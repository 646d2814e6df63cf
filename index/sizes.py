"""How large the store is, and what of it takes the room."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select, text

from index import operation, outgoing, schema


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Bytes, and how many of what. `bodies` is what publishers sent, once per distinct body, as
    sent (`served`) and as kept (`archived`); `purged` bodies are gone. `letters` are messages with
    what they were made of. `file` is the whole database without its log, `free` what of it is
    empty and is used again; both 0 where the database is no file of ours."""

    captures: int
    bodies: int
    served: int
    archived: int
    purged: int
    versions: int
    version_bytes: int
    vectors: int
    vector_bytes: int
    letters: int
    letter_bytes: int
    file: int
    free: int


def sizes(connection: Connection) -> Sizes:
    """Of the whole store: a second or so for a gigabyte."""
    body, sent = schema.body, outgoing.delivery
    is_kept = func.length(body.c.compressed) > 0
    kept = select(func.count(), func.coalesce(func.sum(body.c.size), 0)).where(is_kept)
    bodies, served = connection.execute(kept).one()
    versions, version_bytes = _held(connection, schema.version, schema.version.c.blocks)
    vectors, vector_bytes = _held(connection, schema.vector, schema.vector.c.row)
    letters, letter_bytes = _held(connection, sent, sent.c.body, sent.c.record)
    _, exhibits = _held(connection, outgoing.exhibit, outgoing.exhibit.c.content)
    file, free = _file(connection)
    return Sizes(
        captures=_held(connection, operation.capture)[0],
        bodies=bodies,
        served=served,
        archived=_held(connection, body, body.c.compressed)[1],
        purged=_held(connection, operation.tombstone)[0],
        versions=versions,
        version_bytes=version_bytes,
        vectors=vectors,
        vector_bytes=vector_bytes,
        letters=letters,
        letter_bytes=letter_bytes + exhibits,
        file=file,
        free=free,
    )


def _held(connection: Connection, table: Table, *content: ColumnElement[bytes]) -> tuple[int, int]:
    """How many rows, and the bytes of what they hold."""
    sums = (func.coalesce(func.sum(func.length(each)), 0) for each in content)
    count, *found = connection.execute(select(func.count(), *sums).select_from(table)).one()
    return count, sum(found)


def _file(connection: Connection) -> tuple[int, int]:
    if connection.dialect.name != "sqlite":
        return 0, 0
    page, pages, free = (
        connection.execute(text(f"PRAGMA {each}")).scalar_one()
        for each in ("page_size", "page_count", "freelist_count")
    )
    return page * pages, page * free
