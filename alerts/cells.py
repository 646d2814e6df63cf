"""Where in a table an edit stands: the row by its first cell, the columns by their headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline.model import Block, BlockKind, Edit, Span

CELL = "|"  # stands between the cells of a row
NAMED = 60  # characters of a cell that names a row or a column
COLUMNS = 4  # of more columns that changed none is named


def placed(edit: Edit, old: Sequence[Block], new: Sequence[Block]) -> str:
    """The row and the changed columns, as in "row “EB-3”, column “INDIA”"; "" outside a table.

    A column is named where the table's first row has a heading for every cell: words, no figures.
    """
    block = edit.new or edit.old
    if block is None or block.kind is not BlockKind.ROW:
        return ""
    cells = _cells(block.text)
    named = [f"row “{cells[0]}”"] if cells[0] and len(cells) > 1 else []
    changed = _changed(edit, old, new)
    if 0 < len(changed) <= COLUMNS:
        plural = "s" if len(changed) > 1 else ""
        named.append(f"column{plural} " + ", ".join(f"“{heading}”" for heading in changed))
    return ", ".join(named)


def _changed(edit: Edit, old: Sequence[Block], new: Sequence[Block]) -> tuple[str, ...]:
    """The headings of the cells that hold a changed word, in the order of the columns."""
    if edit.old is None or edit.new is None:
        return ()
    found: dict[str, None] = {}
    for block, at, spans, blocks in (
        (edit.old, edit.old_index, edit.deleted, old),
        (edit.new, edit.new_index, edit.inserted, new),
    ):
        headings = _headings(blocks, at, len(_cells(block.text)))
        columns = _columns(block.text, spans)
        found |= dict.fromkeys(headings[column] for column in columns if column < len(headings))
    return tuple(found)


def _headings(blocks: Sequence[Block], at: int | None, count: int) -> tuple[str, ...]:
    """The cells of the first row of the table in which a block stands; none where they are no
    headings of its cells."""
    if at is None or at >= len(blocks):
        return ()
    first = at
    while first > 0 and _is_next(blocks[first - 1], blocks[first]):
        first -= 1
    headings = _cells(blocks[first].text)
    is_headed = first < at and len(headings) == count and all(map(_is_heading, headings))
    return headings if is_headed else ()


def _is_next(before: Block, block: Block) -> bool:
    return before.kind is block.kind is BlockKind.ROW and before.trail == block.trail


def _is_heading(cell: str) -> bool:
    return bool(cell) and not any(sign.isdigit() for sign in cell)


def _columns(row: str, spans: Iterable[Span]) -> list[int]:
    """The columns, from 0, in which the spans stand; a mark between cells belongs to neither."""
    return sorted(
        {
            row.count(CELL, 0, at)
            for span in spans
            for at in range(span.start, span.end)
            if row[at] != CELL and not row[at].isspace()
        }
    )


def _cells(row: str) -> tuple[str, ...]:
    return tuple(shortened(plain(cell), NAMED) for cell in row.split(CELL))
