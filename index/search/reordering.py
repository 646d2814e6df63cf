"""Order the first documents anew by a cross-encoder, its word weighed with ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, pstdev

from sqlalchemy import Connection, select

from index import schema
from index.search.model import Answer, Reranker

FIRST = 50  # documents that are ordered anew
PASSAGES = 2  # of each that are read; the better of them counts
SHARE = 0.5  # of its word; the rest is ours


def reordered(
    connection: Connection, question: str, answers: Sequence[Answer], by: Reranker
) -> Sequence[Answer]:
    """The first 50 answers by two scores, ours and the cross-encoder's of the better of a
    document's two best passages, half each; the others stay behind them. Each is counted in
    standard deviations from its mean over those 50, for their scales have nothing in common."""
    first, rest = answers[:FIRST], answers[FIRST:]
    if len(first) <= 1:
        return answers
    texts = _texts(connection, first)
    read = [(place, text) for place, each in enumerate(texts) for text in each]
    scores = by.score(question, [text for _, text in read])
    best = [min(scores, default=0.0)] * len(first)
    for (place, _), score in zip(read, scores, strict=True):
        best[place] = max(best[place], score)
    mixed = [
        SHARE * its + (1 - SHARE) * own
        for its, own in zip(_standard(best), _standard([each.score for each in first]), strict=True)
    ]
    order = sorted(range(len(first)), key=lambda place: (-mixed[place], place))
    return [*(replace(first[place], score=mixed[place]) for place in order), *rest]


def _standard(scores: Sequence[float]) -> list[float]:
    mean, deviation = fmean(scores), pstdev(scores) or 1.0
    return [(score - mean) / deviation for score in scores]


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
