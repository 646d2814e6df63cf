"""Remind readers of dates before they fall due: when each is to be told, and the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from alerts import falling, press, untrusted, wording
from alerts.render import Rendered
from alerts.ways import Ways
from pipeline.calendar import EASTERN, eastern
from pipeline.deadline import is_paperwork
from pipeline.model import Deadline

READER = 100  # characters of a name
SAID = 200  # characters of why a subscription could not be run
BRIEF = 20  # dates told over a channel; the rest are counted


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """The dates that one reader is reminded of, soonest first; `days` are how long before;
    `unasked` which of their subscriptions could not be run, in words."""

    reader: str
    deadlines: tuple[Deadline, ...]
    today: date
    days: tuple[int, ...]
    unasked: tuple[str, ...] = ()


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
    return tuple(sorted(deadlines, key=lambda each: (each.on, is_paperwork(each.stated), each.uid)))


def render(reminder: Reminder, ways: Ways | None = None) -> Rendered:
    """The letter, with its reader's `ways` out of the mail. Dates on paperwork come last: they
    concern a form's burden, not the rule."""
    view = {
        "title": "Dates that fall due",
        "reader": wording.shortened(untrusted.plain(reminder.reader), READER),
        "ways": ways or Ways(),
        "opening": opening(reminder),
        "rules": _days(reminder, apart=False),
        "paperwork": _days(reminder, apart=True),
        "before": _before(reminder.days),
        "unasked": _unasked(reminder),
    }
    return Rendered(
        subject=subject(reminder),
        html=press.page("reminder.html", view),
        text=press.bare("reminder.txt", view),
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
    lead = filter(None, (opening(reminder), _unasked(reminder)))
    return "\n".join((*lead, *lines, falling.EASTERN))


def _unasked(reminder: Reminder) -> str:
    """Which dates may be missing; "" where none is."""
    if not reminder.unasked:
        return ""
    said = (wording.shortened(untrusted.plain(each), SAID) for each in reminder.unasked[:BRIEF])
    more = len(reminder.unasked) - BRIEF
    left = [f"and {more} more"] if more > 0 else []
    return f"Dates may be missing here: {'; '.join([*said, *left])}."


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EASTERN)


def _days(reminder: Reminder, *, apart: bool) -> list[Day]:
    """The days of the dates on paperwork (`apart`), or of all others."""
    wanted = [each for each in reminder.deadlines if is_paperwork(each.stated) is apart]
    return [
        Day(on=on, left=falling.left(on, reminder.today), deadlines=tuple(group))
        for on, group in groupby(wanted, key=lambda each: each.on)
    ]


def _before(days: Sequence[int]) -> str:
    """When readers are reminded, as in "14 and 3 days before"."""
    said = [f"{each}" for each in sorted(set(days), reverse=True)]
    noun = "day" if said == ["1"] else "days"
    return f"{' and '.join(filter(None, (', '.join(said[:-1]), said[-1])))} {noun} before"
