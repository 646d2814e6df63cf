"""Federal working days, and whether a publisher has been quiet for longer than is normal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")  # publishers' dates are Eastern calendar dates
Days = tuple[date, date]  # the first and the last day, both included

SATURDAY, SUNDAY = 5, 6
MONDAY, THURSDAY = 0, 3


def eastern(moment: datetime) -> date:
    """The day that a moment falls on where the publishers are."""
    return moment.astimezone(EASTERN).date()


def spelled(on: date) -> str:
    """A day as the Federal Register and the courts print it: "May 1, 2026"."""
    return f"{on:%B} {on.day}, {on.year}"


def quiet(newest: date, today: date, normal: int, lapses: Iterable[Days] = ()) -> str:
    """Say that nothing came for longer than is normal; "" where that cannot be said.

    `newest` is when the publisher last published, `normal` the most federal working days between
    two publications; today is not over and does not count.
    """
    silent = working_days(newest, today, lapses)
    if silent <= normal:
        return ""
    return (
        f"nothing new since {newest}: {silent} federal working days up to our last look on "
        f"{today}, where {normal} are the longest that is normal"
    )


def working_days(after: date, before: date, lapses: Iterable[Days] = ()) -> int:
    """Count the days strictly between two dates on which federal offices were open.

    `lapses` are those in appropriations: what happens to be published in one is welcome, and
    silence in one is no sign of anything.
    """
    closed = tuple(lapses)
    between = (after + timedelta(days=n) for n in range(1, (before - after).days))
    return sum(
        is_working_day(day) and not any(first <= day <= last for first, last in closed)
        for day in between
    )


def is_working_day(day: date) -> bool:
    """Whether a day is neither a weekend nor a federal holiday as offices keep it."""
    if day.weekday() in (SATURDAY, SUNDAY):
        return False
    # A New Year's Day that is a Saturday is kept in the year before.
    return day not in _closed(day.year) and day not in _closed(day.year + 1)


@cache
def _closed(year: int) -> frozenset[date]:
    return frozenset(map(_kept, _in(year)))


def _kept(holiday: date) -> date:
    """The day on which offices close: 5 U.S.C. 6103(b)(1) for Saturdays, E.O. 11582 for Sundays."""
    return holiday + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(holiday.weekday(), 0))


def _in(year: int) -> Iterator[date]:
    """The holidays of a year, 5 U.S.C. 6103(a). Inauguration Day is one in Washington only, (c)."""
    yield date(year, 1, 1)
    yield _nth(3, MONDAY, year, 1)  # Martin Luther King, Jr.
    yield _nth(3, MONDAY, year, 2)  # Washington's Birthday
    yield _nth(1, MONDAY, year, 6) - timedelta(days=7)  # Memorial Day: the last Monday in May
    if year >= 2021:
        yield date(year, 6, 19)  # Juneteenth, Pub. L. 117-17
    yield date(year, 7, 4)
    yield _nth(1, MONDAY, year, 9)  # Labor Day
    yield _nth(2, MONDAY, year, 10)  # Columbus Day
    yield date(year, 11, 11)
    yield _nth(4, THURSDAY, year, 11)  # Thanksgiving
    yield date(year, 12, 25)


def _nth(n: int, weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
