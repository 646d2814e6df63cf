"""The passages of the current versions, kept in step with what is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from index import derived, schema
from index.kept import whole
from pipeline.headnote import is_headnote
from pipeline.model import Passage, Version
from pipeline.passages import split
from pipeline.query.words import keys, tokens

# How a passage is cited, where it stands among the others, and what the keyword index has of it
# beside its words.
PLACE = ("anchor", "page", "first_block")
ORDER = ("ordinal", "start")
WEIGHED = ("trail", "names", "keys", "is_headnote")
FACT, UNPLACED = "passages", "unplaced"  # set where an older program took texts in
INNER = ": "  # in names that only our own look-ups spell: "paper: …", "day named: …"


def replace(
    connection: Connection, document: int, version: Version, count: Callable[[str], int]
) -> None:
    """Make a document's passages those of `version`.

    A passage that says the same under the same header keeps its row; the digests that came or went
    are put in the outbox, so that only these are embedded. The document's names must be saved
    before.
    """
    table = schema.passage
    query = select(table).where(table.c.document_id == document)
    held = {row.digest: row for row in connection.execute(query)}
    names = _names(connection, document, version)
    # Boilerplate repeated within one document is one passage: the first.
    wanted: dict[str, dict[str, Any]] = {}
    for ordinal, passage in enumerate(split(version, count)):
        said = _row(document, ordinal, passage, names, is_headnote=is_headnote(version, passage))
        wanted.setdefault(passage.digest, said)
    gone = held.keys() - wanted.keys()
    if gone:
        numbers = [held[digest].id for digest in gone]
        connection.execute(delete(table).where(table.c.id.in_(numbers)))
    altered = [
        _alter(connection, held[digest], wanted[digest]) for digest in held.keys() & wanted.keys()
    ]
    come = [row for digest, row in wanted.items() if digest not in held]
    if come:
        connection.execute(insert(table), come)
    moved = [*sorted(gone), *(row["digest"] for row in come)]
    if moved:
        connection.execute(insert(schema.outbox), [{"digest": digest} for digest in moved])
    if moved or any(altered):
        advance(connection)


def advance(connection: Connection) -> None:
    """Count the generation up: whoever cached an older one holds a stale view."""
    derived.set_fact(connection, "generation", str(generation(connection) + 1))


def generation(connection: Connection) -> int:
    """How often the set of passages has changed."""
    return whole(
        connection, "generation", lambda: int(derived.get_fact(connection, "generation") or 0)
    )


def are_unplaced(connection: Connection) -> bool:
    """Whether passages are held of which nobody asked yet where in a paragraph they begin and which
    are headnotes."""
    return whole(connection, FACT, lambda: derived.get_fact(connection, FACT) == UNPLACED)


def note_placed(connection: Connection) -> None:
    """Note that a rebuild went through all texts."""
    derived.set_fact(connection, FACT, "")


def _alter(connection: Connection, held: Row[Any], wanted: Mapping[str, Any]) -> bool:
    """Put right what stands beside a passage's words; returns whether what others keep of the
    passages is stale, which a page alone must not cost."""
    names = (*PLACE, *ORDER, *WEIGHED)
    changed = {name: wanted[name] for name in names if held._mapping[name] != wanted[name]}
    if changed:
        table = schema.passage
        connection.execute(update(table).where(table.c.id == held.id).values(**changed))
    return not changed.keys().isdisjoint((*ORDER, *WEIGHED))


def _names(connection: Connection, document: int, version: Version) -> str:
    """What a document goes by: citation and identifiers, with the keys of these and its title."""
    table = schema.identifier
    names = select(table.c.canonical).where(table.c.document_id == document)
    held = connection.execute(names.order_by(table.c.canonical)).scalars()
    said = [version.citation, *(name for name in held if INNER not in name)]
    return " ".join(dict.fromkeys((*filter(None, said), *keys("\n".join((version.title, *said))))))


def _row(
    document: int, ordinal: int, passage: Passage, names: str, *, is_headnote: bool
) -> dict[str, Any]:
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
        "start": passage.start,
        "size": sum(1 for _ in tokens(passage.text)),
        "names": names,
        "keys": " ".join(keys("\n".join((*passage.trail, passage.text)))),
        "is_headnote": is_headnote,
    }
