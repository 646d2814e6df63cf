"""Order the first documents anew by a cross-encoder, its word weighed with ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean, pstdev
from types import MappingProxyType

from sqlalchemy import Connection, select

from index import schema
from index.search.model import Answer, Reranker
from index.search.rank import FIXED, Evidence

FIRST = 50  # documents that are ordered anew
PASSAGES = 2  # of each that are read; the better of them counts
SHARE = 0.5  # of its word; the rest is ours
_NONE: Mapping[int, float] = MappingProxyType({})


def reordered(
    connection: Connection,
    question: str,
    answers: Sequence[Answer],
    by: Reranker,
    given: Mapping[int, float] = _NONE,
) -> Sequence[Answer]:
    """The first 50 answers by two scores, ours and the cross-encoder's of the better of a
    document's two best passages, half each; the others stay behind them. Each is counted in
    standard deviations from its mean over those 50, for their scales have nothing in common.

    `given` is by document what of our score the law gave (`given_by_law`). Of that no model is
    asked: it is left out where the two are mixed, and counts in full beside them.
    """
    first, rest = answers[:FIRST], answers[FIRST:]
    if len(first) <= 1:
        return answers
    texts = _texts(connection, first)
    read = [(place, text) for place, each in enumerate(texts) for text in each]
    scores = by.score(question, [text for _, text in read])
    best = [min(scores, default=0.0)] * len(first)
    for (place, _), score in zip(read, scores, strict=True):
        best[place] = max(best[place], score)
    apart = [given.get(each.document, 0.0) for each in first]
    learned = [each.score - extra for each, extra in zip(first, apart, strict=True)]
    scale = _deviation(learned)
    mixed = [
        SHARE * its + (1 - SHARE) * own + extra / scale
        for its, own, extra in zip(_standard(best), _standard(learned), apart, strict=True)
    ]
    order = sorted(range(len(first)), key=lambda place: (-mixed[place], place))
    return [*(replace(first[place], score=mixed[place]) for place in order), *rest]


def given_by_law(told: Evidence) -> float:
    """What of a document's score is not learned: whether it stands, and whom it binds."""
    return sum(weight * told.get(name, 0.0) for name, weight in FIXED.items())


def _standard(scores: Sequence[float]) -> list[float]:
    mean, deviation = fmean(scores), _deviation(scores)
    return [(score - mean) / deviation for score in scores]


def _deviation(scores: Sequence[float]) -> float:
    return pstdev(scores) or 1.0


def _texts(connection: Connection, answers: Sequence[Answer]) -> list[list[str]]:
    """Of each answer the texts of its best passages, as they were embedded."""
    table = schema.passage
    numbers = {number for answer in answers for number in answer.passages[:PASSAGES]}
    query = select(table.c.id, table.c.header, table.c.text).where(table.c.id.in_(numbers))
    held = {row.id: f"{row.header}\n{row.text}" for row in connection.execute(query)}
    return [
        [held[number] for number in answer.passages[:PASSAGES] if number in held]
        for answer in answers
    ]
