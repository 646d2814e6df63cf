"""Which passages of a document answer best: all of its own are looked at, whatever found it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from index import keyword
from index.layout import order
from index.search.model import Meaning
from index.search.understanding import Understood
from pipeline.query.model import Term

# A long chapter answers in one sentence of seven thousand words: of it more is shown.
FEWEST, MOST, SHARE = 6, 10, 2
NOUGHT = 1e-9  # where all are alike, none stands out
Spread = NDArray[np.float64]
MEANS = 0.5  # what meaning counts beside words, of which a passage is sooner known


def best(
    connection: Connection,
    documents: Collection[int],
    wanted: Sequence[Term],
    understood: Understood,
    meaning: Meaning | None,
) -> Mapping[int, tuple[int, ...]]:
    """Of each document the passages that say most of what is asked, the best first: a half of
    them, six at least and ten at most."""
    stands = order(connection)
    held: dict[int, list[int]] = defaultdict(list)
    chosen = stands.mask(np.fromiter(documents, np.int64, len(documents)))
    for number in stands.numbers[chosen[stands.owners[stands.numbers]]].tolist():
        held[int(stands.owners[number])].append(number)
    every = [number for numbers in held.values() for number in numbers]
    words = keyword.scores(connection, wanted, every)
    near: Mapping[int, float] = {}
    if meaning and understood.rows:
        [near] = meaning.similar(understood.rows[1][None], every)
    return {document: _ranked(numbers, words, near) for document, numbers in held.items()}


def _ranked(
    numbers: Sequence[int], words: Mapping[int, float], near: Mapping[int, float]
) -> tuple[int, ...]:
    """By how far each stands out among the document's own, in words and in meaning."""
    total = _spread(numbers, words) + MEANS * _spread(numbers, near)
    most = min(MOST, max(FEWEST, len(numbers) // SHARE))
    return tuple(numbers[at] for at in np.argsort(-total, kind="stable")[:most].tolist())


def _spread(numbers: Sequence[int], scores: Mapping[int, float]) -> Spread:
    values = np.array([scores.get(number, 0.0) for number in numbers])
    spread: Spread = (values - values.mean()) / (values.std() + NOUGHT)
    return spread
