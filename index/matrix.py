"""The vectors of all passages in memory, scored exactly: nothing near is ever missed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

Unit = NDArray[np.float32]
Rows = NDArray[np.float32]
Numbers = NDArray[np.int64]
Digests = NDArray[np.bytes_]
Places = NDArray[np.intp]

Near = list[tuple[int, float]]

# Below this share of the passages their rows are picked out and scored; from it on, scoring all
# of them is faster than copying those. Measured by benchmarks/vectors.py.
NARROW = 1 / 5
MANY = 20_000  # rows from which on it takes longer to score them than to start threads for it
GROUP = 64  # scores of which the highest is looked at first
HANDS = min(2, os.cpu_count() or 1)  # more wait for the same memory; none waits for another


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Passages by source and number, and the vector of each.

    Those of `sources[i]` stand from `bounds[i]` to `bounds[i + 1]`; the vector of each is
    `places[j]` of `base` and `tail` together, where it may serve several passages that say the
    same, or none any more. In two parts, so that one new notice copies no hundred megabytes.
    """

    sources: tuple[str, ...]
    bounds: Numbers
    passages: Numbers
    documents: Numbers
    digests: Digests
    places: Places
    base: Rows
    tail: Rows

    def __len__(self) -> int:
        return len(self.passages)

    def counts(self) -> Mapping[str, int]:
        """How many passages each source has."""
        return dict(zip(self.sources, np.diff(self.bounds).tolist(), strict=True))

    def nearest(
        self, rows: Rows, limit: int, documents: Collection[int] | Numbers | None = None
    ) -> tuple[dict[str, Near], ...]:
        """For each row, by source the `limit` nearest passages of all documents or of `documents`,
        the nearest first and of equals the first; a source that has none is left out."""
        if documents is None:
            return self._nearest(rows, limit, np.arange(len(self)))
        chosen = np.flatnonzero(np.isin(self.documents, as_numbers(documents)))
        return self._nearest(rows, limit, chosen)

    def among(
        self, rows: Rows, limit: int, sources: Collection[str]
    ) -> tuple[dict[str, Near], ...]:
        """The same, of the passages of some sources."""
        is_asked = np.array([source in sources for source in self.sources], dtype=bool)
        chosen = np.flatnonzero(np.repeat(is_asked, np.diff(self.bounds)))
        return self._nearest(rows, limit, chosen)

    def similar(self, rows: Rows, passages: Collection[int]) -> tuple[dict[int, float], ...]:
        """For each row, the cosine similarity of each of these passages that are here."""
        order, wanted = self._by_passage, as_numbers(passages)
        at = np.searchsorted(self.passages, wanted, sorter=order)
        is_within = at < len(order)
        at = order[at[is_within]]
        chosen = at[self.passages[at] == wanted[is_within]]
        numbers = self.passages[chosen].tolist()
        scores = self._scores(rows, chosen)
        return tuple(dict(zip(numbers, each, strict=True)) for each in scores.tolist())

    def named(self, source: str, digests: Sequence[str]) -> Mapping[str, list[int]]:
        """The numbers of a source's passages by digest; what is not here is left out."""
        held, passages = self._by_digest[source]
        wanted = as_digests(digests)
        first, last = np.searchsorted(held, wanted), np.searchsorted(held, wanted, side="right")
        return {
            digest: passages[begin:end].tolist()
            for digest, begin, end in zip(digests, first, last, strict=True)
            if begin < end
        }

    def rows(self, source: str) -> Iterator[tuple[list[str], Rows]]:
        """The vectors of a source with their digests, each once, in parts."""
        at = self.sources.index(source)
        begin, end = self.bounds[at : at + 2]
        digests, first = np.unique(self.digests[begin:end], return_index=True)
        for start in range(0, len(first), PART):
            part = slice(start, start + PART)
            rows = self._picked(self.places[begin:end][first[part]])
            yield [digest.decode() for digest in digests[part].tolist()], rows

    def _nearest(self, rows: Rows, limit: int, chosen: Places) -> tuple[dict[str, Near], ...]:
        found: tuple[dict[str, Near], ...] = tuple({} for _ in rows)
        every = self._scores(rows, chosen)
        for source, begin, end in self._cut(np.searchsorted(chosen, self.bounds)):
            for near, scores in zip(found, every[:, begin:end], strict=True):
                if begin < end:
                    best = _highest(scores, limit)
                    passages = self.passages[chosen[begin:end][best]].tolist()
                    near[source] = list(zip(passages, scores[best].tolist(), strict=True))
        return found

    def _cut(self, cuts: NDArray[np.integer]) -> Iterator[tuple[str, int, int]]:
        return zip(self.sources, cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)

    def _scores(self, rows: Rows, chosen: Places) -> Rows:
        """For each row, the cosine similarity of the chosen passages."""
        if not len(chosen):
            return np.empty((len(rows), 0), dtype=np.float32)
        if len(chosen) < len(self) * NARROW:
            return _products(rows, self._picked(self.places[chosen]))
        every = [_products(rows, part) for part in (self.base, self.tail) if len(part)]
        joined = every[0] if len(every) == 1 else np.concatenate(every, axis=1)
        return np.take(joined, self.places[chosen], axis=1)

    def _picked(self, places: Places) -> Rows:
        if not len(self.tail):
            return self.base[places]
        rows = np.empty((len(places), self.base.shape[1]), dtype=np.float32)
        is_base = places < len(self.base)
        rows[is_base] = self.base[places[is_base]]
        rows[~is_base] = self.tail[places[~is_base] - len(self.base)]
        return rows

    @cached_property
    def _by_passage(self) -> Places:
        return np.argsort(self.passages)

    @cached_property
    def _by_digest(self) -> Mapping[str, tuple[Digests, Numbers]]:
        """By source, the digests in order, and the passages of each."""
        found = {}
        for source, begin, end in self._cut(self.bounds):
            order = np.argsort(self.digests[begin:end], kind="stable")
            found[source] = self.digests[begin:end][order], self.passages[begin:end][order]
        return found


PART = 5_000  # rows handed over at once


def as_numbers(given: Collection[int] | Numbers) -> Numbers:
    """Numbers of rows as an array, in the order given."""
    if isinstance(given, np.ndarray):
        return given
    return np.fromiter(given, dtype=np.int64, count=len(given))


def as_digests(given: Sequence[str]) -> Digests:
    """SHA-256 digests, as `Passage.digest` spells them."""
    return np.array(given, dtype="S64")


def _products(rows: Rows, held: Rows) -> Rows:
    """Each row with each of those held, which are read from memory once for all rows."""
    scores = np.empty((len(rows), len(held)), dtype=np.float32)

    def score(begin: int, end: int) -> None:
        # Twice as fast as a product of matrices, which is made for more than two rows.
        np.vecdot(held[begin:end, None], rows, out=scores[:, begin:end].T)

    if len(held) < MANY:
        score(0, len(held))
        return scores
    cuts = np.linspace(0, len(held), HANDS + 1, dtype=int).tolist()
    list(_hands().map(score, cuts[:-1], cuts[1:]))
    return scores


@cache
def _hands() -> ThreadPoolExecutor:
    """Kept: to begin two threads for each question takes a millisecond or two."""
    return ThreadPoolExecutor(HANDS, thread_name_prefix="scores")


if hasattr(os, "register_at_fork"):  # Windows copies no process
    os.register_at_fork(after_in_child=_hands.cache_clear)  # a copy has none of the threads


def _highest(scores: Unit, limit: int) -> Places:
    """Where the highest scores stand, the highest first, and of equal ones the first."""
    if len(scores) <= limit:
        return np.argsort(-scores, kind="stable")
    if limit and len(scores) > limit * GROUP:
        # As many groups as are wanted have a score that high: what is lower is none of them.
        highest = scores[: len(scores) // GROUP * GROUP].reshape(-1, GROUP).max(axis=1)
        places = np.flatnonzero(scores >= np.partition(highest, -limit)[-limit])
        if len(places) <= len(scores) // 2:  # else all are alike, and nothing is gained
            return places[_highest(scores[places], limit)]
    least = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit else np.inf
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[: limit - len(above)]
    places = np.sort(np.concatenate([above, equal]))
    return places[np.argsort(-scores[places], kind="stable")]
