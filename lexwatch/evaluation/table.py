"""The figures as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from alerts.untrusted import plain

INTERVAL = "_95"  # what the name of a share's interval ends with


def tables(figures: Mapping[str, Any], unmeasured: Mapping[str, str]) -> Iterator[Table]:
    """First one table of all abilities, then one for each figure that is broken down."""
    yield _summary(figures, unmeasured)
    for ability, measured in figures.items():
        for name, value in measured.items():
            if rows := _rows(value):
                yield _breakdown(f"{ability}, {name.replace('_', ' ')}", rows)


def _summary(figures: Mapping[str, Any], unmeasured: Mapping[str, str]) -> Table:
    table = Table("ability", "figure", "value", title="What was measured, with 95 % intervals")
    for ability, measured in figures.items():
        shown = {name: value for name, value in _joined(measured).items() if not _rows(value)}
        for at, (name, value) in enumerate(shown.items()):
            table.add_row("" if at else ability, name.replace("_", " "), _cell(value))
    for ability, reason in unmeasured.items():
        table.add_row(ability, "", _cell(reason))
    return table


def _breakdown(title: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Table:
    joined = [(name, _joined(row)) for name, row in rows]
    columns = list(joined[0][1])
    table = Table("", *columns, title=title)
    for name, row in joined:
        table.add_row(_cell(name), *(_cell(row.get(column)) for column in columns))
    return table


def _joined(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures, each with the interval that is given for it."""
    joined = {name: value for name, value in figures.items() if not name.endswith(INTERVAL)}
    for name, value in joined.items():
        if bounds := figures.get(f"{name}{INTERVAL}"):
            low, high = map(_printed, bounds)
            joined[name] = f"{_printed(value)} ({low} to {high})"
    return joined


def _rows(value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows of a figure that is a mapping or a list of them, with their names; else none."""
    if isinstance(value, Mapping):
        named: Iterable[tuple[object, Any]] = value.items()
    else:
        named = enumerate(value, 1) if isinstance(value, list) else ()
    return [(str(name), row) for name, row in named if isinstance(row, Mapping)]


def _cell(value: Any) -> Text:
    """A figure as plain text: a set quotes crawled text, which is no markup of ours."""
    return Text(plain(_printed(value)))


def _printed(value: Any) -> str:
    """A share to three places, "—" for a share of nothing, a list as its items."""
    match value:
        case None:
            return "—"
        case float():
            return f"{value:.3f}"
        case Mapping():
            return _listed(f"{name}: {_printed(given)}" for name, given in value.items())
        case list():
            return _listed(_printed(item) for item in value)
    return str(value)


def _listed(items: Iterable[str]) -> str:
    return "; ".join(items) or "none"
