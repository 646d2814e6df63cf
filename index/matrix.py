"""The vectors of all passages in memory, scored exactly: nothing near is ever missed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Passages by source and number, and the vector of each.

    Those of `sources[i]` stand from `bounds[i]` to `bounds[i + 1]`; the vector of each is
    `places[j]` of `base` and `tail` together, where it may serve several passages that say the
    same, or none any more. In two parts, so that one new notice copies no hundred megabytes; in no
    more, since every product is a meeting of the processor's cores.
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
        self, row: Unit, limit: int, documents: Collection[int] | None = None
    ) -> dict[str, Near]:
        """By source, the `limit` nearest passages of all documents or of `documents`, the nearest
        first and of equals the first; a source that has none is left out."""
        if documents is None:
            return self._nearest(row, limit, np.arange(len(self)))
        chosen = np.flatnonzero(np.isin(self.documents, as_numbers(documents)))
        return self._nearest(row, limit, chosen)

    def among(self, row: Unit, limit: int, sources: Collection[str]) -> dict[str, Near]:
        """The same, of the passages of some sources."""
        is_asked = np.array([source in sources for source in self.sources], dtype=bool)
        chosen = np.flatnonzero(np.repeat(is_asked, np.diff(self.bounds)))
        return self._nearest(row, limit, chosen)

    def similar(self, row: Unit, passages: Collection[int]) -> dict[int, float]:
        """The cosine similarity of each of these passages that are here."""
        order, wanted = self._by_passage, as_numbers(passages)
        at = np.searchsorted(self.passages, wanted, sorter=order)
        at = order[at[at < len(order)]]
        chosen = at[np.isin(self.passages[at], wanted)]
        scores = self._scores(row, chosen)
        return dict(zip(self.passages[chosen].tolist(), scores.tolist(), strict=True))

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

    def _nearest(self, row: Unit, limit: int, chosen: Places) -> dict[str, Near]:
        scores, found = self._scores(row, chosen), {}
        for source, begin, end in self._cut(np.searchsorted(chosen, self.bounds)):
            if begin < end:
                best = _highest(scores[begin:end], limit)
                passages = self.passages[chosen[begin:end][best]].tolist()
                near = scores[begin:end][best].tolist()
                found[source] = list(zip(passages, near, strict=True))
        return found

    def _cut(self, cuts: NDArray[np.integer]) -> Iterator[tuple[str, int, int]]:
        return zip(self.sources, cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)

    def _scores(self, row: Unit, chosen: Places) -> Unit:
        """The cosine similarity of the chosen passages."""
        if not len(chosen):
            return np.empty(0, dtype=np.float32)
        if len(chosen) < len(self) * NARROW:
            picked: Unit = self._picked(self.places[chosen]) @ row
            return picked
        scores = self.base @ row
        if len(self.tail):
            scores = np.concatenate([scores, self.tail @ row])
        return scores[self.places[chosen]]

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


def as_numbers(given: Collection[int]) -> Numbers:
    """Numbers of rows as an array, in the order given."""
    return np.fromiter(given, dtype=np.int64, count=len(given))


def as_digests(given: Sequence[str]) -> Digests:
    """SHA-256 digests, as `Passage.digest` spells them."""
    return np.array(given, dtype="S64")


def _highest(scores: Unit, limit: int) -> Places:
    """Where the highest scores stand, the highest first, and of equal ones the first."""
    if len(scores) <= limit:
        return np.argsort(-scores, kind="stable")
    least = np.partition(scores, len(scores) - limit)[len(scores) - limit] if limit else np.inf
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[: limit - len(above)]
    places = np.sort(np.concatenate([above, equal]))
    return places[np.argsort(-scores[places], kind="stable")]
