"""What falls due, on a terminal and as JSON; and what became of calendars and feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from alerts import falling
from alerts.dates import read
from alerts.wording import calendar, counted, initial
from lexwatch.terminal import console
from pipeline.deadline import Deadline

if TYPE_CHECKING:
    from lexwatch.app import App
    from lexwatch.feeds import Written


def show(found: Sequence[Deadline], today: date, days: int) -> None:
    """Deadlines as tables, comments on paperwork apart."""
    if not found:
        console.print(
            f"Nothing that lexwatch holds falls due within {counted(days, 'day')}. It says what "
            "was read, and not that there is nothing else."
        )
        return
    for caption, is_paperwork in (
        ("What falls due. Calendar dates, Eastern time.", False),
        ("Paperwork Reduction Act comments: on a form’s burden, not on the rule.", True),
    ):
        own = [each for each in found if falling.is_paperwork(each) is is_paperwork]
        if own:
            console.print(_table(caption, own, today))


def row(deadline: Deadline, today: date) -> dict[str, Any]:
    """A deadline as JSON."""
    return {
        "uid": deadline.uid,
        "on": deadline.on,
        "days": (deadline.on - today).days,
        "kind": deadline.kind,
        "name": falling.called(deadline),
        "document": deadline.document.name,
        "title": deadline.title,
        "citation": deadline.citation,
        "url": falling.link(deadline),
        "words": deadline.words,
        "read_from": deadline.read_from,
        "applies": [each.words for each in deadline.applies],
        "was": deadline.was,
        "moved_by": deadline.by,
        "caution": falling.caution(deadline),
        "also": list(deadline.also),
        "topics": list(deadline.topics),
        "sequence": deadline.sequence,
        "known_at": deadline.known_at,
        "moved_at": deadline.moved_at,
    }


def tell(written: Written, app: App) -> None:
    """Where calendars and feeds are, and what changed."""
    count = len(written.changed) + len(written.unchanged)
    said = f"{counted(count, 'calendar or feed', 'calendars and feeds')} in {written.folder}"
    console.print(
        f"{said}: {len(written.changed):,} written, {len(written.unchanged):,} as they were, "
        f"{len(written.removed):,} removed.",
        soft_wrap=True,
    )
    public = app.settings.web.address
    if public:
        console.print(f"`lexwatch serve` shows them under {public}, by signed addresses.")
    else:
        console.print("A calendar program on this machine can open them; no other is shown them.")


def written_row(written: Written) -> dict[str, Any]:
    """The files by what became of each, as JSON."""
    return {
        "folder": str(written.folder),
        "changed": list(written.changed),
        "unchanged": list(written.unchanged),
        "removed": list(written.removed),
    }


def _table(caption: str, found: Sequence[Deadline], today: date) -> Table:
    table = Table(title=caption, title_justify="left", show_lines=True, expand=True)
    table.add_column("Day", min_width=18)
    table.add_column("What", ratio=1, overflow="fold")
    for each in found:
        left = falling.left(each.on, today)
        day = Text.assemble((calendar(each.on), "bold"), f"\n{left}")
        table.add_row(day, Text("\n").join(_told(each)))
    return table


def _told(deadline: Deadline) -> Iterator[Text]:
    yield Text(falling.summary(deadline), style="bold")
    words = [read(each) for each in (deadline.stated, *deadline.applies)]
    yield Text("; ".join(dict.fromkeys(words)), style="dim")
    if moved := falling.moves(deadline):
        yield Text(moved)
    if doubt := falling.caution(deadline):
        yield Text(initial(doubt), style="red")
    if source := falling.link(deadline):
        yield Text(source, style="dim")
