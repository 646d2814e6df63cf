"""More like a document: those nearest to its opening, its headnotes where it has any."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, select

from index import keyword, schema
from index.search.filter import allowed
from index.search.model import Answer, Filters, Meaning
from pipeline.query import words
from pipeline.query.model import Term

OPENING = 3  # passages that stand for a document: its headnotes, its summary
WORDS = 60  # of them that are looked for; rare ones weigh more in the index itself
EACH = 5  # passages asked of each source for one document that is shown


def like(
    connection: Connection,
    meaning: Meaning | None,
    document: int,
    *,
    filters: Filters = Filters(),  # noqa: B008 - it is frozen
    limit: int = 10,
) -> tuple[Answer, ...]:
    """The documents nearest to one, itself left out: by meaning, where `meaning` is given, else by
    the words of its opening. The filters leave out what they leave out of a search."""
    opening = _opening(connection, document)
    if not opening:
        return ()
    left = _others(connection, document, filters)
    if meaning is None:
        found, why = _by_words(connection, opening, left, limit * EACH), "has words of its opening"
    else:
        rows = meaning.embed([f"{row.header}\n{row.text}" for row in opening])
        mean = rows.mean(axis=0)
        mean /= max(float(np.linalg.norm(mean)), np.finfo(np.float32).tiny)
        numbers = None if left is None else set(connection.execute(left).scalars())
        found, why = meaning.nearest(mean, limit * EACH, numbers), "close in meaning to its opening"
    return _answers(connection, document, found, why)[:limit]


def _opening(connection: Connection, document: int) -> Sequence[Row[Any]]:
    table = schema.passage
    query = select(table).where(table.c.document_id == document).order_by(table.c.ordinal)
    return connection.execute(query.limit(OPENING)).all()


def _others(connection: Connection, document: int, filters: Filters) -> Select[Any] | None:
    left = allowed(connection, filters)
    return None if left is None else left.where(schema.document.c.id != document)


def _by_words(
    connection: Connection, opening: Sequence[Row[Any]], left: Select[Any] | None, limit: int
) -> Mapping[str, Sequence[tuple[int, float]]]:
    said = " ".join(row.text for row in opening)
    every = {token.word: said[token.start : token.end] for token in words.terms(said)}
    terms = [Term(words=each) for each in list(every.values())[:WORDS]]
    return keyword.find(connection, terms, limit, left)


def _answers(
    connection: Connection,
    document: int,
    found: Mapping[str, Sequence[tuple[int, float]]],
    why: str,
) -> tuple[Answer, ...]:
    """A document by its nearest passages; one that says the very same is a copy, and one answer."""
    scores = {number: score for ranked in found.values() for number, score in ranked}
    of = _documents(connection, scores)
    best: dict[int, list[int]] = {}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        if number in of and of[number] != document:
            best.setdefault(of[number], []).append(number)
    return tuple(
        Answer(document=each, passages=tuple(numbers), score=scores[numbers[0]], why=(why,))
        for each, numbers in best.items()
    )


def _documents(connection: Connection, passages: Collection[int]) -> dict[int, int]:
    table = schema.passage
    query = select(table.c.id, table.c.document_id).where(table.c.id.in_(passages))
    return {row.id: row.document_id for row in connection.execute(query)}
