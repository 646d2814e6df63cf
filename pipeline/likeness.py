"""How alike the blocks of two texts are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from pipeline.cells import CELL
from pipeline.chain import Band
from pipeline.model import Block, BlockKind
from pipeline.noise import fold

WORD = re.compile(r"\w+(?:[.,'\-]\w+)*")
# Half of the words in common, in order: below this a redline is harder to read than two texts.
ALIKE = 0.5
# A heading is seldom a paragraph, and a row is seldom one with another key; the same key alone is
# enough for a row, whatever stands in its other cells.
OTHER_KIND = 0.9
OTHER_KEY = 0.5
SAME_KEY = 0.5
# So many pairs of blocks are looked at in one stretch of text: all of it up to 450 by 450 blocks.
PAIRS = 200_000
SAMPLE = 5_000  # words of one block from its beginning on, by which its likeness is told
CHUNK = 64  # rows that share one window of columns

Shares = NDArray[np.float64]
Said = tuple[BlockKind, str]


class Sides:
    """Both texts' blocks, folded so that typography never hides a pair, and their likeness."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        self.old, self.new = old, new
        self.old_texts = [fold(block.text) for block in old]
        self.new_texts = [fold(block.text) for block in new]

    @cached_property
    def old_words(self) -> list[list[str]]:
        return [_words(text) for text in self.old_texts]

    @cached_property
    def new_words(self) -> list[list[str]]:
        return [_words(text) for text in self.new_texts]

    def bands(self, old: Sequence[int], new: Sequence[int], least: float) -> Iterator[Band]:
        """For each old block its likeness to new ones; 0 where it is under `least`.

        Of more than `PAIRS` pairs only those are looked at that stand about as far in both runs.
        """
        columns = len(new)
        width = columns if len(old) * columns <= PAIRS else PAIRS // (2 * len(old)) + 1
        for start in range(0, len(old), CHUNK):
            rows = old[start : start + CHUNK]
            middles = [row * columns // len(old) for row in (start, start + len(rows) - 1)]
            first, end = max(0, middles[0] - width), min(columns, middles[1] + width + 1)
            for weights in self.likeness(rows, new[first:end], least):
                yield Band(first, weights)

    def likeness(self, old: Sequence[int], new: Sequence[int], least: float) -> Shares:
        """The share of words in common, in order, 0..1, a row for each old block; 0 when under
        `least`."""
        before = [(self.old[i].kind, self.old_texts[i]) for i in old]
        after = [(self.new[j].kind, self.new_texts[j]) for j in new]
        has_rows = any(kind is BlockKind.ROW for kind, _ in before)
        shares = process.cdist(
            [self.old_words[i] for i in old],
            [self.new_words[j] for j in new],
            scorer=Indel.normalized_similarity,
            score_cutoff=None if has_rows else least,
        ).astype(np.float64)
        weighed = _weighed(shares, before, after)
        return np.where(weighed >= least, weighed, 0.0)


def first_cell(row: str) -> str:
    """What stands in a row's first cell, by which its table knows it."""
    return row.split(CELL, 1)[0].strip()


def _words(text: str) -> list[str]:
    return [word.group() for word in islice(WORD.finditer(text), SAMPLE)]


def _weighed(shares: Shares, old: Sequence[Said], new: Sequence[Said]) -> Shares:
    """The shares of words, by what else tells two blocks apart."""
    one, other = (np.array([kind is BlockKind.HEADING for kind, _ in side]) for side in (old, new))
    shares = np.where(np.not_equal.outer(one, other), shares * OTHER_KIND, shares)
    one, other = (np.array([kind is BlockKind.ROW for kind, _ in side]) for side in (old, new))
    if not (one.any() and other.any()):
        return shares
    numbers: dict[str, int] = {}
    keys = [
        np.array([numbers.setdefault(first_cell(text), len(numbers)) for _, text in side])
        for side in (old, new)
    ]
    same = np.equal.outer(*keys) & np.not_equal(keys[0], numbers.get("", -1))[:, None]
    keyed = np.where(same, SAME_KEY + (1 - SAME_KEY) * shares, OTHER_KEY * shares)
    return np.where(np.logical_and.outer(one, other), keyed, shares)
