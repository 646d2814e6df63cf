"""A deadline in words: the same in calendars, reminders and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from alerts.dates import applicable, called_in, cases, read, standing
from alerts.force import authority
from alerts.untrusted import address, plain
from alerts.wording import calendar, counted, initial, shortened
from pipeline.model import Deadline

TITLE = 200  # characters of a title
EASTERN = "A calendar date, in Eastern time."
_EDITION = re.compile(r"\b(?:editions?|versions? of (?:the|this) form)\b", re.IGNORECASE)


def called(deadline: Deadline) -> str:
    """What the date is called, as in "comments close"."""
    name = called_in(deadline.document, deadline.kind)
    if deadline.document.kind == "form" and _EDITION.search(deadline.words):
        name = f"form edition: {name}"
    return "; ".join((name, *(applicable(cases(each)) for each in deadline.applies)))


def titled(deadline: Deadline) -> str:
    """What it is a date of: title and citation."""
    title = shortened(plain(deadline.title), TITLE)
    return ", ".join(filter(None, (title, plain(deadline.citation))))


def summary(deadline: Deadline) -> str:
    """The date in a line, as in "Comments close: Fee Schedule, 91 FR 60001"; what must not be
    relied on as it stands says so at once."""
    line = f"{initial(called(deadline))}: {titled(deadline)}"
    if deadline.is_cancelled:
        return f"Cancelled: {line}"
    return f"{line} (check first)" if deadline.why else line


def told(deadline: Deadline) -> Iterator[str]:
    """Everything that is known of a date, a paragraph each: its words and where they stand, whether
    and how it moved, what to look at, whom its document binds."""
    words = "; ".join(dict.fromkeys(map(read, (deadline.stated, *deadline.applies))))
    by = plain(deadline.by)
    yield f"{words}, in {by}" if by else words
    if moved := moves(deadline):
        yield f"{moved}."
    if doubt := caution(deadline):
        yield f"{initial(doubt)}."
    if deadline.also:
        yield f"Stated too in {', '.join(map(plain, deadline.also))}."
    bound = authority(deadline.document.kind)
    yield f"{bound.title}{f': {bound.force}' if bound.force else ''}."


def moves(deadline: Deadline) -> str:
    """That the date moved, from when and by what; "" where it didn't."""
    if deadline.was is None or deadline.was == deadline.on:
        return ""
    by = f" by {plain(deadline.by)}" if deadline.by else ""
    return f"Moved from {calendar(deadline.was)} to {calendar(deadline.on)}{by}"


def caution(deadline: Deadline) -> str:
    """What to look at before relying on it, or what ended it; "" where nothing is known."""
    return standing(deadline.kind, not deadline.is_cancelled, deadline.why)


def link(deadline: Deadline) -> str:
    """Where the words stand; "" where no reader can be sent there."""
    return address(deadline.source) or address(deadline.url)


def left(on: date, today: date) -> str:
    """How many days are left, as in "in 3 days"."""
    days = (on - today).days
    if days < 2:
        return {1: "tomorrow", 0: "today"}.get(days, f"{counted(-days, 'day')} ago")
    return f"in {counted(days, 'day')}"
