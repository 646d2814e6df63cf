"""The tables of a Word file: heads that are repeated on every page, rows in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.packet.content import Table
from alerts.packet.wordxml import add

_WRITING = "560"  # twips: the height of a line that is written by hand


def table(body: Any, part: Table, widths: Sequence[str]) -> Any:
    """A table without rows, and what a screen reader is told of it; `widths` in twips."""
    made = add(body, "tbl")
    properties = add(made, "tblPr")
    add(properties, "tblStyle", val="PacketTable")
    add(properties, "tblW", w=str(sum(map(int, widths))), type="dxa")
    add(properties, "tblLayout", type="fixed")
    names = "1" if part.has_row_heads else "0"
    add(
        properties,
        "tblLook",
        firstRow="1",
        lastRow="0",
        firstColumn=names,
        lastColumn="0",
        noHBand="0",
        noVBand="1",
    )
    add(properties, "tblCaption", val=part.caption)
    grid = add(made, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=width)
    return made


def row(table: Any, *, is_head: bool = False, is_blank: bool = False) -> Any:
    """A row without cells, which no page break cuts; one to be filled in has room for a hand."""
    made = add(table, "tr")
    properties = add(made, "trPr")
    add(properties, "cantSplit")
    if is_blank:
        add(properties, "trHeight", val=_WRITING, hRule="atLeast")
    if is_head:
        add(properties, "tblHeader")
    return made


def cell(row: Any, width: str, *, shade: str = "") -> Any:
    """A cell without its paragraph."""
    made = add(row, "tc")
    properties = add(made, "tcPr")
    add(properties, "tcW", w=width, type="dxa")
    if shade:
        add(properties, "shd", val="clear", fill=shade)
    return made
