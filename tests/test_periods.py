"""When periods end: on every calendar, in every zone, without gap or overlap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calendar import is_working_day
from pipeline.periods import next_end, period
from pipeline.subscription import Frequency, Schedule

FREQUENCIES = [Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY]
MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants them bare, and gives them the zone
    datetime(2037, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
SCHEDULES = st.builds(
    Schedule,
    frequency=st.sampled_from(FREQUENCIES),
    weekday=st.integers(0, 6),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})),
    on_holidays=st.booleans(),
)


def utc(moment: datetime) -> datetime:
    """Moments of one zone compare by their clocks, which jump; in UTC by what they are."""
    return moment.astimezone(UTC)


@given(SCHEDULES, MOMENTS)
def test_periods_tile_time(schedule: Schedule, now: datetime) -> None:
    since, until = map(utc, period(schedule, now))
    assert since < until <= now < utc(next_end(schedule, now))
    assert utc(next_end(schedule, since)) == until
    assert utc(next_end(schedule, until)) == utc(next_end(schedule, now))
    ends = [until]
    for _ in range(4):
        ends.append(utc(next_end(schedule, ends[-1])))
        assert tuple(map(utc, period(schedule, ends[-1]))) == (ends[-2], ends[-1])
        just_before = ends[-1] - datetime.resolution
        assert utc(period(schedule, just_before)[1]) == ends[-2]
    assert all(a < b for a, b in pairwise(ends))


@given(SCHEDULES.filter(lambda one: not one.on_holidays), MOMENTS)
def test_nothing_ends_on_a_day_on_which_offices_are_closed(
    schedule: Schedule, now: datetime
) -> None:
    end = next_end(schedule, now)
    # An hour that the clocks skip with a whole day (Samoa, 2011) is the next day's.
    assert is_working_day(end.date()) or end.hour != schedule.hour


@given(SCHEDULES, MOMENTS)
def test_a_period_lasts_as_long_as_its_frequency_allows(schedule: Schedule, now: datetime) -> None:
    since, until = map(utc, period(schedule, now))
    longest = {Frequency.DAILY: 5, Frequency.WEEKLY: 11, Frequency.MONTHLY: 36}
    assert until - since <= timedelta(days=longest[schedule.frequency], hours=24)


NEW_YORK = Schedule()


def hours(schedule: Schedule, now: datetime) -> float:
    since, until = map(utc, period(schedule, now))
    return (until - since) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("monday", "long"), [((2026, 3, 9), 167), ((2026, 11, 2), 169), ((2026, 11, 23), 168)]
)
def test_a_week_in_which_the_clocks_change_is_an_hour_off(
    monday: tuple[int, int, int], long: int
) -> None:
    assert hours(NEW_YORK, datetime(*monday, 15, tzinfo=UTC)) == long


def daily(hour: int, **more: object) -> Schedule:
    return Schedule(frequency=Frequency.DAILY, hour=hour, **more)  # type: ignore[arg-type]


def test_an_hour_that_the_clocks_skip_is_the_moment_they_skip_it() -> None:
    _, until = period(daily(2), datetime(2026, 3, 8, 12, tzinfo=UTC))
    assert (until.isoformat(), utc(until).hour) == ("2026-03-08T03:00:00-04:00", 7)


def test_of_an_hour_that_comes_twice_the_first_ends_the_period() -> None:
    _, until = period(daily(1), datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert until.isoformat() == "2026-11-01T01:00:00-04:00"


def test_what_would_end_on_a_closed_day_ends_on_the_next_open_one() -> None:
    # Columbus Day 2026 is Monday, October 12; the Friday before is an ordinary day.
    closed = Schedule(hour=8, on_holidays=False)
    _, until = period(closed, datetime(2026, 10, 14, tzinfo=UTC))
    assert until.isoformat() == "2026-10-13T08:00:00-04:00"
    since, until = period(daily(8, on_holidays=False), datetime(2026, 10, 13, 13, tzinfo=UTC))
    assert (since.date(), until.date()) == (date(2026, 10, 9), date(2026, 10, 13))


def test_a_month_ends_on_its_day() -> None:
    monthly = Schedule(frequency=Frequency.MONTHLY, day=15, hour=7, zone="America/Chicago")
    since, until = period(monthly, datetime(2026, 3, 15, 12, tzinfo=UTC))  # 7:00 in Chicago
    assert since.isoformat() == "2026-02-15T07:00:00-06:00"
    assert until.isoformat() == "2026-03-15T07:00:00-05:00"


def test_what_is_told_at_once_is_told_of_this_moment_too() -> None:
    now = datetime(2026, 11, 22, 18, tzinfo=UTC)
    since, until = period(Schedule(frequency=Frequency.AT_ONCE), now)
    assert since == now - timedelta(days=1) and since < now < until
