"""Search: one function behind the command line, the web pages and the alerts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from index import keyword, schema, store
from index.database import Database
from pipeline import cite
from pipeline.model import DateKind, Document, Version

CANDIDATES = 200  # passages taken from each side before they are fused
RANK = 60  # reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, SIGIR 2009)
SHOWN = 3  # passages shown of one document


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage that answers, with where it stands."""

    text: str
    trail: tuple[str, ...]
    anchor: str
    page: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A document that answers. `why` says how it was found; `score` orders, and means no more.

    `published_on` is None where the source does not state it.
    """

    document: Document
    title: str
    citation: str
    issuer: str
    url: str
    published_on: date | None
    passages: tuple[Found, ...]
    score: float
    why: tuple[str, ...]


def search(
    database: Database,
    nearest: Callable[[str, int], list[tuple[str, float]]] | None,
    query: str,
    *,
    sources: Sequence[str] = (),
    topics: Sequence[str] = (),
    limit: int = 10,
) -> tuple[Hit, ...]:
    """Find authority.

    A query that is itself a citation or an identifier is looked up: the document of that name
    first, then those that cite it. Anything else is ranked by words and by meaning: `nearest`
    (`Vectors.nearest`) is asked only then, None ranks by words alone.
    """
    named = cite.lookup(query)
    with database.read() as connection:
        allowed = _allowed(connection, sources, topics)
        hits = _look_up(connection, named.canonical, allowed, limit) if named else ()
        if hits:
            return hits
        words = keyword.find(connection, query, CANDIDATES)
    meaning = nearest(query, CANDIDATES) if nearest is not None else []
    with database.read() as connection:
        return _fuse(connection, words, meaning, allowed, limit)


def _allowed(
    connection: Connection, sources: Sequence[str], topics: Sequence[str]
) -> set[int] | None:
    """The documents a filter leaves; None where there is no filter."""
    if not sources and not topics:
        return None
    query = select(schema.document.c.id)
    if sources:
        query = query.where(schema.document.c.source.in_(sources))
    if topics:
        topic = schema.document_topic
        query = query.where(
            schema.document.c.id.in_(select(topic.c.document_id).where(topic.c.topic.in_(topics)))
        )
    return set(connection.execute(query).scalars())


def _look_up(
    connection: Connection, canonical: str, allowed: set[int] | None, limit: int
) -> tuple[Hit, ...]:
    named = [number for number, _ in store.find_documents(connection, canonical)]
    citation, version = schema.citation, schema.version
    citing = connection.execute(
        select(version.c.document_id)
        .join(citation, citation.c.version_id == version.c.id)
        .join(schema.document, schema.document.c.current == version.c.id)
        .where(citation.c.canonical == canonical)
        .group_by(version.c.document_id)
        .order_by(version.c.published_on.desc(), version.c.id.desc())
    ).scalars()
    reasons = dict.fromkeys(citing, f"cites {canonical}")
    reasons |= dict.fromkeys(named, f"is {canonical}")
    ordered = [*named, *(number for number in reasons if number not in named)]
    wanted = [number for number in ordered if allowed is None or number in allowed][:limit]
    return tuple(
        _hit(connection, number, _citing(connection, number, canonical), 1.0, (reasons[number],))
        for number in wanted
    )


def _citing(connection: Connection, document: int, canonical: str) -> tuple[Found, ...]:
    """The passages around where a document cites an authority; its opening where it is named."""
    citation, passage = schema.citation, schema.passage
    blocks = (
        connection.execute(
            select(citation.c.block)
            .join(schema.document, schema.document.c.current == citation.c.version_id)
            .where(schema.document.c.id == document, citation.c.canonical == canonical)
        )
        .scalars()
        .all()
    )
    rows = connection.execute(
        select(passage).where(passage.c.document_id == document).order_by(passage.c.ordinal)
    ).all()
    near = [
        row
        for row, after in zip(rows, [*rows[1:], None], strict=True)
        for block in blocks[:1]
        if row.first_block <= block and (after is None or block < after.first_block)
    ]
    return tuple(_found(row) for row in (near or rows)[:1])


def _fuse(
    connection: Connection,
    words: Sequence[tuple[int, float]],
    meaning: Sequence[tuple[str, float]],
    allowed: set[int] | None,
    limit: int,
) -> tuple[Hit, ...]:
    """Reciprocal rank fusion of passages; a document stands where its best passage does."""
    rows = _rows(connection, [number for number, _ in words], [digest for digest, _ in meaning])
    by_digest: dict[str, list[int]] = {}
    for row in rows.values():
        by_digest.setdefault(row.digest, []).append(row.id)
    scores: dict[int, float] = {}
    ways: dict[int, set[str]] = {}
    sides = (
        ("words", [number for number, _ in words]),
        ("meaning", [number for digest, _ in meaning for number in by_digest.get(digest, [])]),
    )
    for way, ranked in sides:
        left = [
            number
            for number in ranked
            if number in rows and (allowed is None or rows[number].document_id in allowed)
        ]
        for rank, number in enumerate(left, 1):
            scores[number] = scores.get(number, 0.0) + 1.0 / (RANK + rank)
            ways.setdefault(rows[number].document_id, set()).add(way)
    best: dict[int, list[int]] = {}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        best.setdefault(rows[number].document_id, []).append(number)
    return tuple(
        _hit(
            connection,
            document,
            tuple(_found(rows[number]) for number in numbers[:SHOWN]),
            scores[numbers[0]],
            tuple(f"matched by {way}" for way in sorted(ways[document], reverse=True)),
        )
        for document, numbers in list(best.items())[:limit]
    )


def _rows(
    connection: Connection, numbers: Sequence[int], digests: Sequence[str]
) -> dict[int, Row[Any]]:
    table = schema.passage
    query: Select[Any] = select(table).where(table.c.id.in_(numbers) | table.c.digest.in_(digests))
    return {row.id: row for row in connection.execute(query)}


def _found(row: Row[Any]) -> Found:
    return Found(text=row.text, trail=tuple(row.trail), anchor=row.anchor, page=row.page)


def _hit(
    connection: Connection,
    document: int,
    passages: tuple[Found, ...],
    score: float,
    why: tuple[str, ...],
) -> Hit:
    held = store.current(connection, document)
    assert held is not None  # noqa: S101 - a document with passages has a version
    version: Version = held.version
    return Hit(
        document=version.document,
        title=version.title,
        citation=version.citation,
        issuer=version.issuer,
        url=version.url,
        published_on=version.date(DateKind.PUBLISHED),
        passages=passages,
        score=score,
        why=why,
    )
