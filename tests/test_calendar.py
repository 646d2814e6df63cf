"""Federal working days: the eleven holidays as offices keep them, lapses, and silence."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexwatch import settings
from lexwatch.settings import Settings
from pipeline.calendar import is_working_day, quiet, working_days
from pipeline.errors import SettingsError

DAYS = st.dates(date(2015, 1, 1), date(2030, 1, 1))
LAPSE = (date(2025, 10, 1), date(2025, 11, 12))


def closed(year: int) -> list[str]:
    """The weekdays of a year on which offices are closed, as month and day."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return [
        f"{day:%m-%d}"
        for day in days
        if day.year == year and day.weekday() < 5 and not is_working_day(day)
    ]


def test_the_eleven_holidays_of_a_year_are_no_working_days() -> None:
    assert closed(2025) == [
        *("01-01", "01-20", "02-17", "05-26", "06-19", "07-04"),
        *("09-01", "10-13", "11-11", "11-27", "12-25"),
    ]


def test_a_saturday_is_kept_on_friday_and_a_sunday_on_monday() -> None:
    assert {"06-18", "07-05", "12-24", "12-31"} <= set(closed(2021))  # the last: of 2022
    assert {"06-20", "12-26"} <= set(closed(2022))
    assert "01-01" not in closed(2022)


def test_juneteenth_is_a_holiday_from_its_act_on() -> None:
    assert "06-19" not in closed(2020)
    assert "06-18" in closed(2021)


@pytest.mark.parametrize("day", [date(2017, 1, 20), date(2025, 4, 16), date(2025, 9, 30)])
def test_inauguration_day_and_days_of_one_state_or_city_are_working_days(day: date) -> None:
    assert is_working_day(day)


def test_weekends_are_no_working_days() -> None:
    assert [is_working_day(date(2026, 11, 20) + timedelta(days=n)) for n in range(4)] == [
        *(True, False, False, True)
    ]


def test_days_are_counted_strictly_between_two_dates() -> None:
    thursday = date(2026, 11, 19)
    assert working_days(thursday, thursday) == 0
    assert working_days(thursday, date(2026, 11, 20)) == 0
    assert working_days(thursday, date(2026, 11, 23)) == 1
    assert working_days(date(2026, 11, 23), thursday) == 0
    assert working_days(date(2026, 11, 23), date(2026, 11, 30)) == 3  # without Thanksgiving


def test_a_lapse_is_left_out_with_its_first_and_last_day() -> None:
    before, after = date(2025, 9, 29), date(2025, 11, 14)
    assert working_days(before, after, [LAPSE]) == 2  # 30 September and 13 November
    assert working_days(before, after) == 31


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    within = first < middle < last and is_working_day(middle)
    parts = working_days(first, middle) + working_days(middle, last)
    assert parts + within == working_days(first, last)


@given(st.integers(2021, 2100))
def test_a_year_has_eleven_holidays_but_for_those_kept_over_its_end(year: int) -> None:
    assert len(closed(year)) in (10, 11, 12)


def test_silence_up_to_what_is_normal_is_worth_no_word() -> None:
    assert quiet(date(2026, 10, 1), date(2026, 10, 16), 10) == ""
    assert quiet(date(2026, 10, 1), date(2026, 10, 1), 0) == ""


def test_longer_silence_is_said_with_its_length() -> None:
    assert quiet(date(2026, 10, 1), date(2026, 11, 6), 10) == (
        "nothing new since 2026-10-01: 24 federal working days up to our last look on 2026-11-06, "
        "where 10 are the longest that is normal"
    )


def test_silence_in_a_lapse_is_not_counted() -> None:
    lapses = Settings().calendar.lapses
    assert LAPSE in lapses
    assert quiet(date(2025, 9, 30), date(2025, 11, 14), 10, lapses) == ""
    assert quiet(date(2025, 9, 30), date(2025, 11, 14), 10)


@pytest.mark.parametrize(
    "lapse", ['["2025-11-12", "2025-10-01"]', '["2025-10-01"]', '["1 October"]']
)
def test_a_lapse_that_is_no_range_of_days_is_refused(tmp_path: Path, lapse: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[calendar]\nlapses = [{lapse}]\n", "utf-8")
    with pytest.raises(SettingsError, match=r"calendar\.lapses, entry 1"):
        settings.load(path)
