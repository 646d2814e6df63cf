"""The passages of the current versions, kept in step with what is derived from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from index import derived, schema
from pipeline.model import Passage, Version
from pipeline.passages import split

PLACE = ("ordinal", "trail", "anchor", "page", "first_block")


def replace(
    connection: Connection, document: int, version: Version, count: Callable[[str], int]
) -> None:
    """Make a document's passages those of `version`.

    A passage that says the same under the same header keeps its row; the digests that came or went
    are put in the outbox, so that only these are embedded.
    """
    table = schema.passage
    held = {
        row.digest: row.id
        for row in connection.execute(
            select(table.c.id, table.c.digest).where(table.c.document_id == document)
        )
    }
    # Boilerplate repeated within one document is one passage: the first.
    wanted: dict[str, dict[str, Any]] = {}
    for ordinal, passage in enumerate(split(version, count)):
        wanted.setdefault(passage.digest, _row(document, ordinal, passage))
    gone = held.keys() - wanted.keys()
    if gone:
        connection.execute(delete(table).where(table.c.id.in_([held[digest] for digest in gone])))
    for digest in held.keys() & wanted.keys():
        # Only its place: naming header and text would make the keyword index write them again.
        place = {name: wanted[digest][name] for name in PLACE}
        connection.execute(update(table).where(table.c.id == held[digest]).values(**place))
    come = [row for digest, row in wanted.items() if digest not in held]
    if come:
        connection.execute(insert(table), come)
    moved = [*sorted(gone), *(row["digest"] for row in come)]
    if moved:
        connection.execute(insert(schema.outbox), [{"digest": digest} for digest in moved])
        advance(connection)


def advance(connection: Connection) -> None:
    """Count the generation up: whoever cached an older one holds a stale view."""
    derived.set_fact(connection, "generation", str(generation(connection) + 1))


def generation(connection: Connection) -> int:
    """How often the set of passages has changed."""
    return int(derived.get_fact(connection, "generation") or 0)


def _row(document: int, ordinal: int, passage: Passage) -> dict[str, Any]:
    return {
        "document_id": document,
        "digest": passage.digest,
        "ordinal": ordinal,
        "header": passage.header,
        "text": passage.text,
        "trail": list(passage.trail),
        "anchor": passage.anchor,
        "page": passage.page,
        "first_block": passage.first_block,
    }
