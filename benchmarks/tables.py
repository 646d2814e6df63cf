"""Tables that fit into eighty columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table


def tabulated(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Names at the left, figures at the right, nothing wrapped."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    first, *others = headings
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(heading, no_wrap=True, justify="right")
    for row in rows:
        table.add_row(*row)
    return table
