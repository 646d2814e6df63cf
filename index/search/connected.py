"""Find the documents that meet terms and connectors strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select

from index.layout import Mask, Numbers, Scores, order
from index.postings import chosen
from index.search.holders import Holders
from index.search.model import Answer
from index.search.nearby import Nearby
from index.search.texts import Texts
from pipeline.query.places import is_met
from pipeline.query.tree import (
    And,
    Near,
    Node,
    Or,
    Without,
    Word,
    excluded,
    leaves,
    wanted,
    written,
)

MOST_READ = 1_500  # passages of which one query may read the text
SHOWN = 5  # passages given of one document
LOOKED_AT = 40  # passages of one document among which the best are looked for
SATURATION, LENGTH = (
    1.2,
    0.75,
)  # Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
HEADER = 2.0  # what a word in title, citation or headings counts, beside one passage's text


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What meets a tree: `answers` the best, `documents` the numbers of all, in no order.

    `expanded`: what each word with "!" or "*" stands for in what we hold. `notes` say where not
    everything could be read, so that there may be more documents, or fewer.
    """

    answers: tuple[Answer, ...]
    documents: tuple[int, ...]
    expanded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def find(
    connection: Connection, node: Node, limit: int, documents: Select[Any] | None = None
) -> Connected:
    """The documents, of all or of those that `documents` selects the numbers of, that meet a tree.

    AND, OR and NOT are said of a document, with its header; /p, /s and /n of its text. Ranked by
    BM25 of the words, a document's passages counting as its text does. Raises QueryError where a
    root stands for too many words.
    """
    return _Search(connection, node, documents).found(limit)


class _Search:
    """One query: which documents meet it, how they rank, which passages show it."""

    def __init__(self, connection: Connection, node: Node, documents: Select[Any] | None) -> None:
        self._node = node
        self._order = order(connection)
        self._texts = Texts(connection, self._order, MOST_READ)
        self._all = self._order.documents(self._order.numbers)
        if documents is not None:
            self._all &= self._order.mask(chosen(connection, documents))
        self._holders = Holders(connection, self._order, self._texts, self._all)
        self._nearby = Nearby(self._order, self._holders, self._texts)
        self._near: dict[Near, Mask] = {}
        self._rare: dict[Word, float] = {}

    def found(self, limit: int) -> Connected:
        self._texts.favour = self._scores()
        met = self._documents(self._node, self._all)
        scores = self._texts.favour.copy()
        for mask in self._near.values():
            scores += mask * self._rarity(mask)
        numbers = np.flatnonzero(met)
        best = numbers[np.lexsort((-numbers, -scores[numbers]))][:limit]
        passages = self._passages(best)
        why = (f"meets {written(self._node)}",)
        answers = tuple(
            Answer(document=int(n), passages=passages[int(n)], score=float(scores[n]), why=why)
            for n in best
        )
        return Connected(
            answers=answers,
            documents=tuple(map(int, numbers)),
            expanded=dict(self._holders.expanded),
            notes=tuple(self._notes()),
        )

    def _documents(self, node: Node, among: Mask) -> Mask:
        """Those of `among` that meet a tree."""
        match node:
            case Word():
                return self._holders.documents(node, among)
            case And():
                for part in sorted(node.parts, key=_cost):
                    among = self._documents(part, among)
                return among
            case Or():
                found = np.zeros_like(among)
                for part in node.parts:
                    found |= self._documents(part, among & ~found)
                return found
            case Without():
                wanted = self._documents(node.wanted, among)
                return wanted & ~self._documents(node.unwanted, wanted)
            case Near():
                met = self._nearby.documents(node, among)
                self._near[node] = met
                return met

    def _scores(self) -> Scores:
        """BM25 of the words that are wanted; a passage that holds one is one occurrence."""
        scores = np.zeros(len(self._all))
        owners, lengths = self._order.owners, self._order.lengths
        average = max(1.0, float(lengths[self._all].sum()) / max(1, int(self._all.sum())))
        norm = SATURATION * (1 - LENGTH + LENGTH * lengths / average)
        for leaf in dict.fromkeys(leaves(wanted(self._node))):
            text = self._holders.passages(leaf, headers=False)
            either = self._holders.passages(leaf, headers=True)
            count = np.bincount(owners[text], minlength=len(self._all)).astype(float)
            count[owners[np.setdiff1d(either, text, assume_unique=True)]] += HEADER
            self._rare[leaf] = self._rarity(count > 0)
            scores += self._rare[leaf] * count * (SATURATION + 1) / (count + norm)
        return scores

    def _rarity(self, holds: Mask) -> float:
        held, every = int(holds.sum()), int(self._all.sum())
        return float(np.log(1 + (every - held + 0.5) / (held + 0.5)))

    def _passages(self, documents: Numbers) -> dict[int, tuple[int, ...]]:
        """Of each document the passages that show best how it meets the tree."""
        chosen = self._order.mask(documents)
        weights: dict[int, dict[int, float]] = {int(number): {} for number in documents}
        for leaf, rarity in self._rare.items():
            for headers, share in ((True, 0.1), (False, 0.9)):
                held = self._holders.passages(leaf, headers=headers)
                for number in held[chosen[self._order.owners[held]]].tolist():
                    of = weights[int(self._order.owners[number])]
                    of[number] = of.get(number, 0.0) + rarity * share
        return {document: self._best(document, of) for document, of in weights.items()}

    def _best(self, document: int, weights: dict[int, float]) -> tuple[int, ...]:
        ranked = sorted(weights, key=lambda number: (-weights[number], number))[:LOOKED_AT]
        nears = [near for near, met in self._near.items() if met[document]]
        told = self._texts.read(ranked, "") if nears else {}
        meeting = {n: sum(is_met(near, each.text) for near in nears) for n, each in told.items()}
        ranked.sort(key=lambda number: -meeting.get(number, 0))
        across = () if any(meeting.values()) else self._nearby.across.get(document, ())
        return tuple(dict.fromkeys([*across, *ranked]))[:SHOWN]

    def _notes(self) -> Iterator[str]:
        unwanted = {written(part) for part in excluded(self._node)}
        for said, count in self._texts.unread.items():
            may = "some of these may hold it" if said in unwanted else "more documents may meet it"
            if said:
                yield f"{count:,} passages with words of {said} were not read: {may}; narrow it"


def _cost(node: Node) -> int:
    """What is settled by the index comes before what must be read."""
    match node:
        case Word():
            return 1 if node.quoted else 0
        case Near():
            return 3
        case _:
            return 2
