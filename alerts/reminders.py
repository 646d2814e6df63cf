"""Remind readers of dates before they fall due: when each is to be told, and the letter."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import falling, untrusted, wording
from alerts.render import Rendered
from pipeline.calendar import EASTERN, eastern
from pipeline.deadline import Deadline

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH = 76  # columns of plain text
BRIEF = 20  # dates told over a channel; the rest are counted


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """The dates that one reader is reminded of, soonest first; `days` are how long before."""

    reader: str
    deadlines: tuple[Deadline, ...]
    today: date
    days: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day and what falls due on it."""

    on: date
    left: str
    deadlines: tuple[Deadline, ...]


def moment(deadline: Deadline, days: Collection[int], now: datetime) -> datetime | None:
    """Since when a date is to be told of: from midnight in the East so many `days` before it, or
    since it moved there or became known, if that was later. None: it isn't yet, or no more.

    One who was told of dates after that moment has had this reminder. So each is sent once, late
    where nothing ran on its day, and anew where the date moves.
    """
    if deadline.is_cancelled or deadline.on < eastern(now):
        return None
    begun = [at for n in days if (at := _midnight(deadline.on - timedelta(days=n))) <= now]
    return max(*begun, deadline.moved_at) if begun else None


def ordered(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    """Soonest first; of one day those on paperwork last."""
    return tuple(
        sorted(deadlines, key=lambda each: (each.on, falling.is_paperwork(each), each.uid))
    )


def render(reminder: Reminder) -> Rendered:
    """The letter. Dates on paperwork come last: they concern a form's burden, not the rule."""
    view = {
        "reader": reminder.reader,
        "opening": opening(reminder),
        "rules": _days(reminder, is_paperwork=False),
        "paperwork": _days(reminder, is_paperwork=True),
        "before": _before(reminder.days),
    }
    html = _environment().get_template("reminder.html").render(view)
    return Rendered(
        subject=subject(reminder),
        html=_inlined(html),
        text=_environment().get_template("reminder.txt").render(view),
    )


def subject(reminder: Reminder) -> str:
    """The line in a mailbox: the one date, or how many and when the first is."""
    first, *others = reminder.deadlines
    left = falling.left(first.on, reminder.today)
    if not others:
        return f"Due {left}, {wording.calendar(first.on)}: {falling.summary(first)}"
    return f"{opening(reminder).removesuffix('.')}: {falling.summary(first)}, and more"


def opening(reminder: Reminder) -> str:
    """How many dates fall due, and when the first does."""
    first = reminder.deadlines[0]
    count = wording.counted(len(reminder.deadlines), "date falls", "dates fall")
    left = falling.left(first.on, reminder.today)
    which = "" if len(reminder.deadlines) == 1 else "the first "
    return f"{count} due, {which}{left}, {wording.calendar(first.on)}."


def brief(reminder: Reminder) -> str:
    """The reminder in a line for each date, for channels that take little."""
    lines = [
        " ".join(
            filter(
                None,
                (
                    f"{wording.calendar(each.on)} ({falling.left(each.on, reminder.today)}):",
                    f"{falling.summary(each)}.",
                    falling.link(each),
                ),
            )
        )
        for each in reminder.deadlines[:BRIEF]
    ]
    if (more := len(reminder.deadlines) - BRIEF) > 0:
        lines.append(f"And {wording.counted(more, 'more date')}: `lexwatch deadlines`")
    return "\n".join((opening(reminder), *lines, falling.EASTERN))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EASTERN)


def _days(reminder: Reminder, *, is_paperwork: bool) -> list[Day]:
    wanted = [each for each in reminder.deadlines if falling.is_paperwork(each) is is_paperwork]
    return [
        Day(on=on, left=falling.left(on, reminder.today), deadlines=tuple(group))
        for on, group in groupby(wanted, key=lambda each: each.on)
    ]


def _before(days: Sequence[int]) -> str:
    """When readers are reminded, as in "14 and 3 days before"."""
    said = [f"{each}" for each in sorted(set(days), reverse=True)]
    noun = "day" if said == ["1"] else "days"
    return f"{' and '.join(filter(None, (', '.join(said[:-1]), said[-1])))} {noun} before"


def _wrapped(words: str, indent: int = 0) -> str:
    lead = " " * indent
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _environment() -> Environment:
    from jinja2 import (  # noqa: PLC0415 - who has nothing to be reminded of needs none
        Environment,
        PackageLoader,
        StrictUndefined,
        select_autoescape,
    )
    from markupsafe import Markup  # noqa: PLC0415 - as above

    made = Environment(
        loader=PackageLoader("alerts"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "plain": untrusted.plain,
        "calendar": wording.calendar,
        "summary": falling.summary,
        "told": falling.told,
        "link": falling.link,
        "wrapped": _wrapped,
    }
    # Our own file, which autoescape would break.
    css = files("alerts").joinpath("templates/reminder.css").read_text("utf-8")
    made.globals["css"] = Markup(css)  # noqa: S704 - as above
    return made


def _inlined(html: str) -> str:
    import css_inline  # noqa: PLC0415 - as above

    # What depends on the screen cannot stand in an element and stays in the head.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
    return inliner.inline(html)
