"""Cron lines: what they may say, and that each of their times comes exactly once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from lexwatch.output.scheduled import words
from pipeline import cron
from pipeline.cron import Timetable

EASTERN = ZoneInfo("America/New_York")
FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)  # the nights on which clocks are set


def table(*lines: str, zone: ZoneInfo = EASTERN, working: bool = False) -> Timetable:
    return Timetable(crons=tuple(map(cron.read, lines)), zone=zone, working=working)


def on(timetable: Timetable, day: date, days: int = 1) -> list[str]:
    """The times on so many days, by their wall clock."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=timetable.zone).astimezone(UTC)
    after = midnight - timedelta(microseconds=1)
    end = datetime(day.year, day.month, day.day, tzinfo=timetable.zone) + timedelta(days=days)
    found = timetable.between(after, end.astimezone(UTC) - timedelta(microseconds=1))
    return [f"{each.astimezone(timetable.zone):%a %H:%M %Z}" for each in found]


def test_a_time_that_the_clocks_leave_out_is_kept_an_hour_later_and_once() -> None:
    assert on(table("30 2 * * *"), FORWARD, 2) == ["Sun 03:30 EDT", "Mon 02:30 EDT"]


def test_a_time_that_comes_twice_is_kept_once() -> None:
    assert on(table("30 1 * * *"), BACK, 2) == ["Sun 01:30 EDT", "Mon 01:30 EST"]


def test_what_runs_every_hour_runs_in_the_hour_that_comes_twice_too() -> None:
    hours = on(table("0 * * * *"), BACK)
    assert len(hours) == 25 and hours[1:3] == ["Sun 01:00 EDT", "Sun 01:00 EST"]
    assert len(on(table("0 * * * *"), FORWARD)) == 23


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "America/Santiago"])
@pytest.mark.parametrize("line", ["30 2 * * *", "0 0 * * *", "45 23 * * *", "15 1 * * *"])
def test_what_is_due_once_a_day_is_due_once_on_each_day_of_a_year(zone: str, line: str) -> None:
    found = table(line, zone=ZoneInfo(zone))
    first = datetime(2026, 1, 1, 12, tzinfo=UTC)
    times = list(found.between(first, first + timedelta(days=365)))
    assert len(times) == 365 and times == sorted(set(times))
    for earlier, later in pairwise(times):
        assert found.newest(later - timedelta(seconds=1)) == earlier
        assert found.next(earlier) == later and found.newest(later) == later


def test_federal_holidays_and_weekends_are_left_out() -> None:
    week = on(table("15 6 * * *", working=True), date(2026, 11, 23), 7)
    assert [each[:3] for each in week] == ["Mon", "Tue", "Wed", "Fri"]  # Thanksgiving


def test_several_lines_count_together() -> None:
    times = on(table("50 8 * * *", "20 13,16 * * *", "50 8 * * *"), date(2026, 11, 23))
    assert times == ["Mon 08:50 EST", "Mon 13:20 EST", "Mon 16:20 EST"]


@pytest.mark.parametrize(
    "line", ["0 5 * * 0", "0 5 * * 7", "0 5 * * sun", "0 5 * * SUN", "0 5 * * sun-sun"]
)
def test_sunday_has_two_numbers_and_a_name(line: str) -> None:
    assert on(table(line), date(2026, 11, 23), 7) == ["Sun 05:00 EST"]


def test_a_day_that_comes_every_four_years_is_found() -> None:
    leap = table("0 0 29 2 *", zone=ZoneInfo("UTC"))
    assert leap.next(datetime(2026, 11, 23, tzinfo=UTC)) == datetime(2028, 2, 29, tzinfo=UTC)
    assert leap.newest(datetime(2026, 11, 23, tzinfo=UTC)) == datetime(2024, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 5 * *", "five fields, minute hour day month weekday"),
        ("60 5 * * *", "for the minute 0 to 59, and not '60'"),
        ("0 24 * * *", "for the hour 0 to 23, and not '24'"),
        ("0 5 32 * *", "for the day of the month 1 to 31"),
        ("0 5 * nov-dez *", "for the month 1 to 12, or jan to dec, and not 'dez'"),
        ("0 5 * * monday", "for the weekday 0 to 7, or sun to sat"),
        ("0 5 * * 5-1", "the smaller before the larger, and not '5-1'"),
        ("*/0 5 * * *", "for the minute a step of 1 to 59, and not '*/0'"),
        ("0 5 1 * mon", "days of the month or weekdays, not both"),
        ("0 5 31 2,4 *", "a day of the month that there is"),
        ("٣ 5 * * *", "for the minute 0 to 59"),
        ("@daily", "five fields"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_what_is_allowed(line: str, said: str) -> None:
    with pytest.raises(ValueError) as error:
        cron.read(line)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("* * * * *", "every minute"),
        ("*/15 * * * *", "every 15 minutes"),
        ("5 * * * *", "every hour at :05"),
        ("50 */6 * * *", "every 6 hours from 0:50"),
        ("35 1,7,13,19 * * *", "every 6 hours from 1:35"),
        ("45 8 * * mon-fri", "at 8:45, on Mondays, Tuesdays, Wednesdays, Thursdays and Fridays"),
        ("30 13 8-24 * *", "at 13:30, on the days 8 to 24 of a month"),
        ("0 9,17 1 jan,jul *", "at 9:00 and 17:00, on the day 1 of a month, in January and July"),
        ("*/10 8-17 * * *", "at :00, :10, :20, :30, :40 and :50 of the hours 8 to 17"),
    ],
)
def test_a_line_is_told_in_words(line: str, said: str) -> None:
    assert words(cron.read(line)) == said
