"""More like a document: those nearest to its opening, its headnotes where it has any."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, select

from index import keyword, schema, store
from index.database import Database
from index.lookup import find
from index.search.counts import counts
from index.search.filter import allowed, notes
from index.search.model import Answer, Filters, Meaning, Results
from index.search.results import hits
from pipeline.query import words
from pipeline.query.model import Asked, Shape, Term

OPENING = 3  # passages that stand for a document: its headnotes, its summary
WORDS = 60  # of them that are looked for; rare ones weigh more in the index itself
EACH = 5  # passages asked of each source for one document that is shown
WHY = {True: "close in meaning to its opening", False: "has words of its opening"}


def like(
    database: Database,
    meaning: Meaning | None,
    name: str,
    *,
    filters: Filters = Filters(),  # noqa: B008 - it is frozen
    limit: int = 10,
    today: date | None = None,
) -> Results:
    """The documents nearest to the one that goes by a name, itself left out: by meaning, where
    `meaning` is given, else by the words of its opening. The filters leave out what they leave out
    of a search. Raises `NotHeld` where nothing, or more than one, goes by that name."""
    with database.read() as connection:
        number, _ = find(connection, name.strip())
        opening = _opening(connection, number)
        left = allowed(connection, filters, today)
        found = _nearest(connection, meaning, opening, left, limit * EACH)
        answers = _answers(connection, number, found, WHY[meaning is not None])
        asked = Asked(text="", shape=Shape.NAME)
        return Results(
            hits=hits(connection, answers[:limit], asked, filters, today),
            shape=asked.shape,
            notes=(f"More like {_called(connection, number)}", *notes(filters)),
            counts=counts(connection, [each.document for each in answers], filters, today),
            documents=len(answers),
        )


def _nearest(
    connection: Connection,
    meaning: Meaning | None,
    opening: Sequence[Row[Any]],
    left: Select[Any] | None,
    limit: int,
) -> Mapping[str, Sequence[tuple[int, float]]]:
    if not opening:
        return {}
    if meaning is None:
        return keyword.find(connection, _terms(opening), limit, left)
    rows = meaning.embed([f"{row.header}\n{row.text}" for row in opening])
    mean = rows.mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), float(np.finfo(np.float32).tiny))
    numbers = None if left is None else set(connection.execute(left).scalars())
    [found] = meaning.nearest(mean[None], limit, numbers)
    return found


def _called(connection: Connection, document: int) -> str:
    version = store.without_text(connection, [document])[document]
    return ", ".join(dict.fromkeys(filter(None, (version.title, version.citation))))


def _opening(connection: Connection, document: int) -> Sequence[Row[Any]]:
    table = schema.passage
    query = select(table).where(table.c.document_id == document).order_by(table.c.ordinal)
    return connection.execute(query.limit(OPENING)).all()


def _terms(opening: Sequence[Row[Any]]) -> list[Term]:
    said = " ".join(row.text for row in opening)
    every = {token.word: said[token.start : token.end] for token in words.terms(said)}
    return [Term(words=each) for each in list(every.values())[:WORDS]]


def _answers(
    connection: Connection,
    document: int,
    found: Mapping[str, Sequence[tuple[int, float]]],
    why: str,
) -> tuple[Answer, ...]:
    """Documents by their nearest passages."""
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
