"""Cron lines and when they fall due: by the wall clock of a zone, each time exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipeline.calendar import is_working_day

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # from 0, as cron counts
FAR = 366 * 9  # days within which 29 February comes again, over 2100 too
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of the months
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")


@dataclass(frozen=True, kw_only=True)
class Cron:
    """A line of five fields, read: the values of each that match. `weekdays` count from Sunday, 0.

    `is_hourly`: the line names no hours, so that it also means the hour that comes twice when
    clocks are set back.
    """

    line: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    is_hourly: bool

    def matches(self, day: date) -> bool:
        """Whether it falls due on a day at all."""
        weekday = day.isoweekday() % 7
        return day.day in self.days and day.month in self.months and weekday in self.weekdays


def read(line: str) -> Cron:
    """Read "minute hour day month weekday", as crontab(5) has it: *, numbers, lists, ranges, steps
    and, for months and weekdays, their English names. Raises ValueError that says what is allowed.

    Days of the month and weekdays are not taken together: cron would run on either, which few who
    write both mean.
    """
    given = line.split()
    if len(given) != 5:
        raise ValueError(
            'five fields, minute hour day month weekday, such as "45 8 * * mon-fri", and not '
            f"{len(given)}"
        )
    minutes = _field("the minute", given[0], 0, 59)
    hours = _field("the hour", given[1], 0, 23)
    days = frozenset(_field("the day of the month", given[2], 1, 31))
    months = frozenset(_field("the month", given[3], 1, 12, MONTHS))
    # Sunday may be written as 0 or 7.
    weekdays = frozenset(n % 7 for n in _field("the weekday", given[4], 0, 7, WEEKDAYS))
    if len(days) < 31 and len(weekdays) < 7:
        raise ValueError("days of the month or weekdays, not both: put * in one of the two fields")
    if all(day > LONGEST[month - 1] for day in days for month in months):
        raise ValueError("a day of the month that there is in one of the months")
    return Cron(
        line=" ".join(given),
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=weekdays,
        is_hourly=len(hours) == 24,
    )


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When something is due: whenever one of its lines says so, on the wall clocks of a zone.

    `working`: only on days on which federal offices are open (`pipeline.calendar`). A time that a
    zone's clocks leave out, in the night in which they are set forward, is kept as much later as
    they are set; one that comes twice counts the first time. So a job at 2:30 runs exactly once in
    each of these nights.
    """

    crons: tuple[Cron, ...]
    zone: ZoneInfo
    working: bool = False

    def next(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None where there is none within nine years."""
        return next((due for due in self._from(moment) if due > moment), None)

    def newest(self, moment: datetime) -> datetime | None:
        """The last time at or before a moment; None where there is none within nine years."""
        today = moment.astimezone(self.zone).date()
        # A time that was put off can lie in the day after its own.
        for back in range(-1, FAR):
            for due in reversed(_on(self, today - timedelta(days=back))):
                if due <= moment:
                    return due
        return None

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """The times after the one moment, up to and with the other."""
        for due in self._from(after):
            if due > until:
                return
            if due > after:
                yield due

    def _from(self, moment: datetime) -> Iterator[datetime]:
        day = moment.astimezone(self.zone).date()
        for ahead in range(-1, FAR):
            yield from _on(self, day + timedelta(days=ahead))


@lru_cache(maxsize=1024)
def _on(timetable: Timetable, day: date) -> tuple[datetime, ...]:
    """The times that belong to a day, in order."""
    if timetable.working and not is_working_day(day):
        return ()
    found: set[datetime] = set()
    for cron in timetable.crons:
        if cron.matches(day):
            for hour in cron.hours:
                for minute in cron.minutes:
                    wall = datetime.combine(day, time(hour, minute), timetable.zone)
                    found.add(wall.astimezone(UTC))
                    if cron.is_hourly:  # the same moment, but where that hour comes twice
                        found.add(wall.replace(fold=1).astimezone(UTC))
    return tuple(sorted(found))


def _field(
    what: str, given: str, least: int, most: int, names: tuple[str, ...] = ()
) -> tuple[int, ...]:
    """The values that a field names, in order."""
    found: set[int] = set()
    for part in given.casefold().split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(_wrong(what, part, _range(least, most, names)))
        found.update(_values(what, match, least, most, names))
    return tuple(sorted(found))


def _values(
    what: str, match: re.Match[str], least: int, most: int, names: tuple[str, ...]
) -> range:
    def number(word: str) -> int:
        value = names.index(word) + least if word in names else _number(word)
        if not least <= value <= most:
            raise ValueError(_wrong(what, word, _range(least, most, names)))
        return value

    step = int(match["step"] or 1)
    if match["first"] == "*":
        if match["last"]:
            raise ValueError(_wrong(what, match[0], "* alone, or as */2"))
        first, last = least, most
    else:
        first = number(match["first"])
        last = number(match["last"]) if match["last"] else most if match["step"] else first
        if match["last"] == WEEKDAYS[0] and first:  # a range such as fri-sun ends with Sunday
            last = most
    if not 0 < step <= most:
        raise ValueError(_wrong(what, match[0], f"a step of 1 to {most}"))
    if last < first:
        raise ValueError(_wrong(what, match[0], "the smaller before the larger"))
    return range(first, last + 1, step)


def _number(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 2 else -1


def _wrong(what: str, given: str, allowed: str) -> str:
    return f"for {what} {allowed}, and not {given!r}"


def _range(least: int, most: int, names: tuple[str, ...]) -> str:
    named = f", or {names[0]} to {names[-1]}" if names else ""
    return f"{least} to {most}{named}"
