"""Where in a table an edit stands: the row by its first cell, the columns by their headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.cells import spans, split
from pipeline.model import Block, BlockKind, Edit, Span
from pipeline.tables import Table, tables

NAMED = 60  # characters of a cell that names a row or a column
COLUMNS = 4  # of more columns that changed none is named
_FIGURE = re.compile(r"[$(+-]?\d|[A-Z]?$")  # "01JUN23", "$675", and "C" or "U" in a Visa Bulletin


class Places:
    """The tables of two texts, each with its headings, read once for all edits between them."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        self._old, self._new = _Headings(old), _Headings(new)

    def placed(self, edit: Edit) -> str:
        """The row and the changed columns, as in "row “EB-3”, column “INDIA”"; "" outside a
        table. A column whose heading isn't known is not named."""
        block = edit.new or edit.old
        if block is None or block.kind is not BlockKind.ROW:
            return ""
        cells = split(block.text)
        named = [f"row “{_name(cells[0])}”"] if _name(cells[0]) and len(cells) > 1 else []
        changed = self._changed(edit)
        if 0 < len(changed) <= COLUMNS:
            plural = "s" if len(changed) > 1 else ""
            named.append(f"column{plural} " + ", ".join(f"“{heading}”" for heading in changed))
        return ", ".join(named)

    def _changed(self, edit: Edit) -> tuple[str, ...]:
        """The headings of the cells that hold a changed word, in the order of the columns; none
        where that of one isn't known."""
        if edit.old is None or edit.new is None:
            return ()
        found: dict[str, None] = {}
        for block, at, changed, headings in (
            (edit.old, edit.old_index, edit.deleted, self._old),
            (edit.new, edit.new_index, edit.inserted, self._new),
        ):
            named = headings.of(at, len(spans(block.text)))
            for column in _columns(block.text, changed):
                if column not in named:
                    return ()
                found[named[column]] = None
        return tuple(found)


class _Headings:
    """Of each table of a text the columns whose headings are known."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks

    def of(self, at: int | None, count: int) -> dict[int, str]:
        """By column, from 0: what heads the row of so many cells at a place in the text."""
        first, width, named = self._by_row.get(at, (at, 0, {}))
        return named if first != at and width == count else {}

    @cached_property
    def _by_row(self) -> dict[int | None, tuple[int, int, dict[int, str]]]:
        return {
            row: headed
            for table in tables(self._blocks, range(len(self._blocks)))
            for headed in [self._headed(table)]
            for row in table.rows
        }

    def _headed(self, table: Table) -> tuple[int, int, dict[int, str]]:
        """The table's first row, its width, and its known headings.

        Text does not tell a header from a row. The first row is one where it alone is all words,
        and heads those columns of which more than half the cells below are figures.
        """
        first, *rest = (split(self._blocks[row].text) for row in table.rows)
        is_header = _is_worded(first) and not any(map(_is_worded, rest))
        below = [row for row in rest if len(row) == len(first)]
        named = {
            column: _name(cell)
            for column, cell in enumerate(first)
            if is_header and _name(cell) and _are_figures([row[column] for row in below])
        }
        return table.rows[0], len(first), named


def _is_worded(cells: Sequence[str]) -> bool:
    """Whether a row's cells, but for the corner, are words of more than one letter."""
    return len(cells) > 1 and all(
        len(cell) > 1 and not any(sign.isdigit() for sign in cell) for cell in cells[1:]
    )


def _are_figures(cells: Sequence[str]) -> bool:
    return 2 * sum(bool(_FIGURE.match(cell)) for cell in cells) > len(cells)


def _columns(row: str, changed: Iterable[Span]) -> list[int]:
    """The columns, from 0, in which the spans stand; a mark between cells belongs to neither."""
    cells = spans(row)
    starts = [cell.start for cell in cells]
    found = set()
    for span in changed:
        first = max(0, bisect_right(starts, span.start) - 1)
        for column in range(first, bisect_right(starts, span.end - 1)):
            cell = cells[column]
            if max(cell.start, span.start) < min(cell.end, span.end):
                found.add(column)
    return sorted(found)


def _name(cell: str) -> str:
    return shortened(plain(cell), NAMED)
