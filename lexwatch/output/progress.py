"""Progress bars on standard error: one for each thing worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Tell = Callable[[str, int, int | None], None]
"""Called with (what is worked on, how many are done, of how many or None), from any thread."""


@contextmanager
def working() -> Iterator[Tell]:
    """Show what is told until the work ends; the bars then go away."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, of: int | None) -> None:
            task = tasks.get(what)
            if task is None:
                task = tasks[what] = bars.add_task(what, total=of)
            bars.update(task, completed=done, total=of)

        try:
            yield tell
        except KeyboardInterrupt:
            bars.console.print("lexwatch: stopped. What was read is kept; run it again to go on.")
            raise
