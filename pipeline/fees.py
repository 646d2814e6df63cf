"""Read a printed table line by line, as the fee schedule is one."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Block, BlockKind
from pipeline.normalise import CELL, normalise
from pipeline.running import leaves
from pipeline.sheets import Line, Sheet

GAP = 6.0  # points of white that part two cells; words are parted by fewer


def rows(sheets: Sequence[Sheet]) -> tuple[Block, ...]:
    """Every printed line as a row, what stands apart on it joined by " | ", with its page.

    A cell of several lines is several rows: which of them belong together is for the reader to see
    on the page, and is not guessed. Running heads and feet are no part of it.
    """
    printed = [(leaf.page, _cells(line)) for leaf in leaves(sheets) for line in leaf.sheet.lines]
    return tuple(Block(kind=BlockKind.ROW, text=text, page=page) for page, text in printed if text)


def _cells(line: Line) -> str:
    said = ""
    right = line.left
    for run in line.runs:
        said += (CELL if run.left - right > GAP else "") + run.text
        right = run.right
    return normalise(CELL.join(normalise(cell) for cell in said.split(CELL)))
