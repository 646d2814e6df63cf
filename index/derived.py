"""What is derived from the current versions: topics, names, citations; and the single facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from index import schema
from index.archive import ignore
from pipeline.model import Citation, Tag

NAMED, COURT = 255, 64  # characters kept of what stands around a citation

# Put together once: a question asks for a dozen facts.
_FACT = select(schema.fact.c.value).where(schema.fact.c.name == bindparam("name"))


def set_topics(connection: Connection, document: int, tags: Sequence[Tag]) -> None:
    """Replace a document's own topics."""
    table = schema.document_topic
    connection.execute(delete(table).where(table.c.document_id == document))
    if tags:
        connection.execute(
            insert(table), [{"document_id": document, **tag_row(tag)} for tag in tags]
        )


def topics_of(connection: Connection, document: int) -> tuple[Tag, ...]:
    """A document's own topics, the surest first."""
    table = schema.document_topic
    return tags(connection, select(table).where(table.c.document_id == document))


def set_identifiers(connection: Connection, document: int, names: Iterable[str]) -> None:
    """Add names a document is looked up by; old ones stay, since old papers cite them."""
    rows = [{"document_id": document, "canonical": name} for name in sorted(set(names))]
    ignore(connection, schema.identifier, rows)


def set_citations(
    connection: Connection, version: int, found: Iterable[tuple[int, Citation]]
) -> None:
    """Replace what a version cites: (block number, citation) pairs."""
    table = schema.citation
    connection.execute(delete(table).where(table.c.version_id == version))
    rows = [
        {
            "version_id": version,
            "block": block,
            "start": citation.start,
            "end": citation.end,
            "raw": citation.raw,
            "kind": citation.kind,
            "canonical": citation.canonical,
            "pin": citation.pin,
            "name": citation.name[:NAMED],
            "court": citation.court[:COURT],
            "cited": citation.cited,
        }
        for block, citation in found
    ]
    if rows:
        connection.execute(insert(table), rows)


def get_fact(connection: Connection, name: str) -> str:
    """A single fact, empty where it was never set."""
    return connection.execute(_FACT, {"name": name}).scalar() or ""


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Set a single fact."""
    ignore(connection, schema.fact, [{"name": name, "value": value}])
    connection.execute(update(schema.fact).where(schema.fact.c.name == name).values(value=value))


def tag_row(tag: Tag) -> dict[str, Any]:
    """A tag as the columns that all tables of topics share."""
    return {"topic": tag.topic, "score": tag.score, "evidence": list(tag.evidence)}


def tags(connection: Connection, query: Select[Any]) -> tuple[Tag, ...]:
    """The tags that a query finds, the surest first."""
    found = (
        Tag(topic=row.topic, score=row.score, evidence=tuple(row.evidence))
        for row in connection.execute(query)
    )
    return tuple(sorted(found, key=lambda tag: (-tag.score, tag.topic)))
