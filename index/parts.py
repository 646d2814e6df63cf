"""Which changes name which acts: written down when either comes in, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from index import derived, schema, store
from pipeline.calendar import eastern
from pipeline.model import ChangeKind, Version
from pipeline.naming import LIVING, TELLERS, Words, brought, evidence, is_shared, names

# How the names are filed that a document goes by, and those that stand in it; no reader's query is
# spelled so.
ACT, NAMED = "act: ", "names: "


def join(connection: Connection, document: int, number: int, version: Version) -> None:
    """Write down which acts the change names that brought a version (`number`), and which changes
    of other documents name this one."""
    own = names(version)
    derived.set_identifiers(connection, document, (f"{ACT}{name}" for name in own))
    changes = schema.change
    _save(connection, changes.c.new_version_id == number)
    if own:
        filed = _filed(connection, (f"{NAMED}{name}" for name in own))
        _save(connection, changes.c.document_id.in_({each for each, _ in filed} - {document}))


def _save(connection: Connection, of: Any) -> None:
    change, document = schema.change, schema.document
    query = (
        select(change, document.c.kind.label("sort"))
        .select_from(change)
        .join(document, document.c.id == change.c.document_id)
        .where(of, document.c.kind.in_(TELLERS))
    )
    for row in connection.execute(query).all():
        words = _brought(connection, row)
        if words is not None:
            _replace(connection, row, words)


def _brought(connection: Connection, row: Row[Any]) -> Words | None:
    """What came with a change. When the words of a text that lives on came is unknown where it was
    read for the first time."""
    if row.baseline and row.kind == ChangeKind.NEW and row.sort in LIVING:
        return None
    new = store.version(connection, row.new_version_id)
    is_next = row.kind == ChangeKind.NEXT  # compared with another document
    old = (
        None
        if row.old_version_id is None or is_next
        else store.version(connection, row.old_version_id)
    )
    linked = _linked(connection, row, old)
    return brought(row.difference, old, new, linked, eastern(row.seen_at))


def _linked(connection: Connection, row: Row[Any], old: Version | None) -> list[str]:
    """The addresses that came to be linked: a fuller text in print has none, and the poorer form
    of it that came before on a page may."""
    version, before = schema.version, set(old.linked if old else ())
    query = select(version.c.linked).where(
        version.c.document_id == row.document_id,
        version.c.id > ((old and row.old_version_id) or 0),
        version.c.id <= row.new_version_id,
    )
    found = (
        url for (linked,) in connection.execute(query.order_by(version.c.id)) for url in linked
    )
    return [url for url in dict.fromkeys(found) if url not in before]


def _replace(connection: Connection, row: Row[Any], words: Words) -> None:
    filed = (f"{NAMED}{name}" for name in words.names)
    derived.set_identifiers(connection, row.document_id, filed)
    table = schema.part
    connection.execute(delete(table).where(table.c.change_id == row.id))
    named = _filed(connection, (f"{ACT}{name}" for name in words.names))
    acts = store.without_text(connection, {each for each, _ in named} - {row.document_id})
    unclear = _unclear(acts.values())
    rows = [
        {"change_id": row.id, "document_id": number, "evidence": list(found)}
        for number, act in acts.items()
        if (found := evidence(act, words, unclear))
    ]
    if rows:
        connection.execute(insert(table), rows)


def _unclear(acts: Iterable[Version]) -> frozenset[str]:
    """The names that several documents go by, of which none can be told to be meant."""
    times = Counter(name for act in acts for name in names(act))
    return frozenset(name for name, n in times.items() if n > 1 and not is_shared(name))


def _filed(connection: Connection, wanted: Iterable[str]) -> list[tuple[int, str]]:
    table = schema.identifier
    query = select(table.c.document_id, table.c.canonical).where(table.c.canonical.in_([*wanted]))
    return [(row.document_id, row.canonical) for row in connection.execute(query)]
