"""The sheets of a printed document: lines with their places, as a reader of PDFs gives them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

RAISED = 0.15  # a baseline is raised from this share of the line's type size on
SMALLER = 0.8  # a call is printed at most at this share of the line's type size
CALL = re.compile(r"\s*(\d{1,3}|[*†‡§¶]{1,4})\s*")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Characters of one line in one type. Places are in points from the sheet's upper left;
    `baseline` is what the letters stand on, `size` the type's, 0 where the PDF doesn't tell."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A printed line from left to right. Places as in `Run`; `size` is that of most of its letters.

    `is_slanted`: printed aslant, as a stamp or a watermark is; its place then says nothing.
    """

    runs: tuple[Run, ...]
    is_slanted: bool = False

    @cached_property
    def text(self) -> str:
        return "".join(run.text for run in self.runs).strip()

    @cached_property
    def left(self) -> float:
        return min(run.left for run in self._printed)

    @cached_property
    def right(self) -> float:
        return max(run.right for run in self._printed)

    @cached_property
    def top(self) -> float:
        return min(run.top for run in self._main)

    @cached_property
    def bottom(self) -> float:
        return max(run.bottom for run in self._main)

    @cached_property
    def baseline(self) -> float:
        return max(self._main, key=lambda run: len(run.text)).baseline

    @cached_property
    def size(self) -> float:
        return most((run.size, len(run.text.strip())) for run in self._printed)

    @cached_property
    def is_bold(self) -> bool:
        return all(run.is_bold for run in self._printed)

    @cached_property
    def is_italic(self) -> bool:
        return all(run.is_italic for run in self._printed)

    def call(self, run: Run) -> str:
        """The label of the note that one of its runs calls: a raised, smaller number or sign; ""
        for any other run, as the "th" of an ordinal."""
        found = CALL.fullmatch(run.text)
        is_small = run.size <= SMALLER * self.size
        is_raised = self.baseline - run.baseline > RAISED * self.size
        return found[1] if found and is_small and is_raised else ""

    @cached_property
    def _printed(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.text.strip()) or self.runs

    @cached_property
    def _main(self) -> tuple[Run, ...]:
        size = self.size
        return tuple(run for run in self._printed if run.size > SMALLER * size) or self.runs


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet as seen: `number` counts from 1 and is no printed page number. `lines` stand in
    reading order, from top to bottom, slanted ones last; `rules` are the heights of drawn
    horizontal lines. `is_scan`: some of its text is invisible, as under the picture of a scan."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[float, ...] = ()
    is_scan: bool = False

    def without(self, lines: Iterable[Line]) -> Sheet:
        """The sheet without some of its lines."""
        left_out = {id(line) for line in lines}
        return replace(self, lines=tuple(x for x in self.lines if id(x) not in left_out))


def most(weighed: Iterable[tuple[float, int]]) -> float:
    """The value with the most weight, the greater of two; 0 where there is none."""
    weights: Counter[float] = Counter()
    for value, weight in weighed:
        weights[round(value * 2) / 2] += weight
    return max(weights, key=lambda value: (weights[value], value), default=0.0)


def lines(runs: Iterable[Run]) -> tuple[Line, ...]:
    """Gather runs into lines, from top to bottom and from left to right: what overlaps in height
    by more than half of the lower one stands on one line, a raised number too."""
    rows: list[list[Run]] = []
    # Big type first: small raised numbers then find the line they belong to.
    for run in sorted(runs, key=lambda run: (-round(run.size), run.baseline, run.left)):
        row = next((row for row in reversed(rows) if _is_on(run, row[0])), None)
        if row is None:
            rows.append([run])
        else:
            row.append(run)
    rows.sort(key=lambda row: (row[0].baseline, row[0].left))
    return tuple(Line(runs=_spaced(row)) for row in rows)


def _is_on(run: Run, first: Run) -> bool:
    shared = min(run.bottom, first.bottom) - max(run.top, first.top)
    lower = min(run.bottom - run.top, first.bottom - first.top)
    return shared > lower / 2


def _spaced(row: list[Run]) -> tuple[Run, ...]:
    """Put a row in order, with a space where a gap is printed and none is written."""
    said: list[Run] = []
    for run in sorted(row, key=lambda run: run.left):
        if said:
            gap = run.left - said[-1].right
            is_open = not said[-1].text.endswith(" ") and not run.text.startswith(" ")
            if is_open and gap > 0.15 * max(run.size, 6.0):
                said[-1] = replace(said[-1], text=f"{said[-1].text} ")
        said.append(run)
    return tuple(said)
