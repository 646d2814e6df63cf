"""Pick, of weighted matches between two sequences, the heaviest set that keeps both orders."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """What pairing one row is worth with each of the columns from `first` on; 0 is no match."""

    first: int
    weights: Weights


@dataclass(frozen=True)
class _Step:
    """The most weight of a chain that ends at or before each column of a band: without the band's
    row, and with it."""

    first: int
    without: Weights
    best: Weights


def heaviest(bands: Sequence[Band], columns: int) -> list[tuple[int, int]]:
    """The rows and columns, both rising, of most total weight; ties fall to earlier matches.

    There is one band a row, and neither their first nor their last columns ever fall.
    """
    best = np.zeros(columns + 1)
    steps, reach = [], 0
    for band in bands:
        first, end = band.first, band.first + len(band.weights)
        best[reach + 1 : end + 1] = best[reach]
        reach = max(reach, end)
        without = best[first + 1 : end + 1].copy()
        now = np.maximum.accumulate(np.maximum(without, best[first:end] + band.weights))
        best[first + 1 : end + 1] = now
        steps.append(_Step(first, without, now))
    return _traced(steps)


def rising(numbers: Sequence[int]) -> set[int]:
    """The places of as many numbers as can be had in rising order; no number comes twice."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(at[length - 1] if length else None)
        ends[length : length + 1] = [number]
        at[length : length + 1] = [place]
    found = set()
    last = at[-1] if at else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found


def _traced(steps: Sequence[_Step]) -> list[tuple[int, int]]:
    found = []
    column = steps[-1].first + len(steps[-1].best) if steps else 0
    for row in range(len(steps) - 1, -1, -1):
        step = steps[row]
        place = min(column, step.first + len(step.best)) - step.first - 1
        if place < 0 or step.best[place] == step.without[place]:
            continue
        while place and step.best[place - 1] == step.best[place]:
            place -= 1
        column = step.first + place
        found.append((row, column))
    return found[::-1]
