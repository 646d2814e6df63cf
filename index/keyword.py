"""The keyword index: which passages say what is asked, and how much each tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select

from index.fulltext import (
    exactly,
    holding,
    spelled,
    together,
)
from index.indexed import is_ready, prepare, rebuild
from index.postings import Rows, Scores, chosen, postings
from pipeline.query.model import Term
from pipeline.query.words import tokens

__all__ = [
    "exactly",
    "find",
    "holding",
    "is_ready",
    "prepare",
    "rebuild",
    "scores",
    "spelled",
    "together",
    "unheard",
]


def find(
    connection: Connection,
    terms: Sequence[Term],
    limit: int,
    documents: Select[Any] | None = None,
) -> Mapping[str, list[tuple[int, float]]]:
    """By source, the ids of the `limit` passages that say most of what is asked, with their scores,
    the best first; of all documents, or of those whose ids `documents` selects.

    A score is the sum of BM25 over weighted fields (`index.postings.WEIGHTS`), each term by its
    weight: comparable across sources and filters. Nothing is pruned: every term counts in every
    passage. What is demanded must stand in a passage's document, spelled as it was typed, each
    term in whichever of its passages. Equal scores stand in the order of their ids.
    """
    held = postings(connection)
    every = held.scored(connection, terms)
    if documents is not None:
        every = every * np.isin(held.layout.documents, chosen(connection, documents))
    found = {}
    for source, rows in held.layout.sources.items():
        if len(best := _best(every, rows[every[rows] > 0], limit)):
            ids = held.layout.ids[best].tolist()
            found[source] = list(zip(ids, every[best].tolist(), strict=True))
    return found


def scores(
    connection: Connection, terms: Sequence[Term], passages: Collection[int]
) -> dict[int, float]:
    """What each of these passages scores, as `find` has it; 0 where its document lacks what is
    demanded."""
    held = postings(connection)
    every = held.scored(connection, terms)
    rows = held.layout.rows(np.fromiter(passages, np.int64, len(passages)))
    rows = rows[rows >= 0]
    return dict(zip(held.layout.ids[rows].tolist(), every[rows].tolist(), strict=True))


def unheard(connection: Connection, terms: Sequence[Term]) -> tuple[str, ...]:
    """Those of the terms that stand in no passage at all."""
    held = postings(connection)
    return tuple(
        term.words
        for term in terms
        if any(tokens(term.words))
        and not len(held.posting(connection, term.words, exactly=term.demanded).rows)
    )


def _best(every: Scores, rows: Rows, limit: int) -> Rows:
    if len(rows) > limit:
        rows = rows[np.argpartition(-every[rows], limit)[:limit]]
    return rows[np.lexsort((rows, -every[rows]))]
