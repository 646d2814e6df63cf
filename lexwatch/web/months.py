"""A month of deadlines in weeks, as a calendar on a wall shows it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from alerts import falling
from alerts.untrusted import plain
from alerts.wording import initial, shortened
from pipeline.calendar import is_working_day
from pipeline.deadline import is_paperwork
from pipeline.model import Deadline

SHOWN = 3  # dates of a day; the others are counted
TITLE = 60  # characters of what a date is of


@dataclass(frozen=True, kw_only=True)
class Item:
    """A date in the calendar: `words` say all of it; `is_gone`: it fell away or moved elsewhere."""

    words: str
    deadline: Deadline
    is_gone: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A day in the calendar; `paperwork` counts comments on forms' burdens."""

    on: date
    is_within: bool
    is_open: bool
    items: tuple[Item, ...]
    more: int
    paperwork: int


def days(first: date) -> tuple[tuple[date, ...], ...]:
    """The weeks, from Sunday on, that a month lies in: its `first` day tells which."""
    weeks = calendar.Calendar(firstweekday=calendar.SUNDAY)
    return tuple(map(tuple, weeks.monthdatescalendar(first.year, first.month)))


def cell(on: date, first: date, found: Sequence[Deadline]) -> Cell:
    """A day of the calendar of the month that begins on `first`: what falls due, and what was to,
    before it moved."""
    own = [each for each in found if each.on == on]
    items = [_item(each) for each in own if not is_paperwork(each.stated)]
    items += [
        Item(
            words=f"Moved to {each.on:%B} {each.on.day}: {_short(each)}",
            deadline=each,
            is_gone=True,
        )
        for each in found
        if each.was == on != each.on and not each.is_cancelled
    ]
    items.sort(key=lambda item: item.is_gone)
    return Cell(
        on=on,
        is_within=on.month == first.month,
        is_open=is_working_day(on),
        items=tuple(items[:SHOWN]),
        more=max(0, len(items) - SHOWN),
        paperwork=sum(is_paperwork(each.stated) and not each.is_cancelled for each in own),
    )


def _item(each: Deadline) -> Item:
    lead = "Cancelled: " if each.is_cancelled else ""
    # On what it applies from that day on stands in the list.
    called = initial(falling.called(replace(each, applies=())))
    words = f"{lead}{called}: {_short(each)}"
    return Item(
        words=f"{words} (check first)" if each.why and not each.is_cancelled else words,
        deadline=each,
        is_gone=each.is_cancelled,
    )


def _short(each: Deadline) -> str:
    return shortened(plain(each.title), TITLE)
