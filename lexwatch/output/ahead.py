"""What falls due, on a terminal and as JSON; and what became of calendars and feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from alerts import falling
from alerts.dates import read
from alerts.untrusted import plain
from alerts.wording import calendar, counted, initial
from index.suppressions import folded
from lexwatch.output.terminal import console
from pipeline.deadline import is_paperwork
from pipeline.model import Deadline

if TYPE_CHECKING:
    from lexwatch.alerting.feeds import Written
    from lexwatch.app import App


def show(found: Sequence[Deadline], today: date, days: int) -> None:
    """Deadlines as tables, comments on paperwork apart."""
    if not found:
        console.print(
            f"Nothing that lexwatch holds falls due within {counted(days, 'day')}. It says what "
            "was read, and not that there is nothing else."
        )
        return
    for caption, apart in (
        (f"What falls due within {counted(days, 'day')}. Calendar dates, Eastern time.", False),
        ("Paperwork Reduction Act comments: on a form’s burden, not on the rule.", True),
    ):
        own = [each for each in found if is_paperwork(each.stated) is apart]
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
        console.print(
            f"`lexwatch serve` shows them under {public}. Whoever has an address can read what it "
            "shows: give a reader's to that reader alone. The address of a topic's or a source's "
            "feed stands in its file."
        )
    else:
        console.print(
            "A calendar program on this machine can subscribe to them: calendar-all.ics has every "
            "date, the others a reader's own. No other machine is shown them."
        )
    for what, where in _places(app):
        console.print(f"   {plain(what)}: {where}", soft_wrap=True)


def _places(app: App) -> Iterator[tuple[str, str]]:
    """Where each calendar and each saved search's feed is."""
    from alerts import criteria  # noqa: PLC0415 - no other command tells whose they are
    from lexwatch.alerting import signed, whose  # noqa: PLC0415 - as above
    from lexwatch.alerting.calendars import ALL  # noqa: PLC0415 - as above
    from lexwatch.alerting.feeds import Places  # noqa: PLC0415 - as above

    yield "all dates", signed.calendar(app) or str(app.settings.feeds_folder / ALL)
    places, running = Places(app), whose.running(app)
    own = {folded(each.address): each for each in running}
    for each in sorted(own.values(), key=lambda one: (one.reader.casefold(), one.address)):
        yield f"dates of {each.reader}, {each.address}", places.calendar(each.address)
    for each in running:
        if where := places.feed(each.id):
            yield f"feed of {criteria.called(each)}, {each.reader}", where


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
