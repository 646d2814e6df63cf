"""Muted subscriptions: nothing of them is sent meanwhile, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import test_reminders
from publisher import DAY
from test_sending import ANA, MONDAY, WEEK, Office

from index import mutes, newest, subscriptions
from lexwatch.settings import Watch
from pipeline.errors import SettingsError
from pipeline.subscription import Origin, Subscription

BEN = Watch(reader="Ben", address="ben@example.com")
DAILY = Watch(reader="Ana", address="ana@example.com", frequency="daily", topics=["asylum"])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def running(office: Office) -> list[Subscription]:
    wanted = office.app.subscriptions()
    return [*subscriptions.sync(office.app.database, wanted, office.now)]


def mute(office: Office, one: Subscription, *, days: int) -> None:
    until = office.now + timedelta(days=days)
    mutes.mute(office.app.database, one.id, until, office.now)


def test_what_a_muted_one_meets_is_told_whole_by_the_first_letter_after(office: Office) -> None:
    assert office.digest(MONDAY + WEEK) == {ANA.address: []}
    [one] = running(office)
    mute(office, one, days=14)
    office.publish(MONDAY + WEEK + DAY, second="News.")
    assert office.digest(MONDAY + 2 * WEEK) == {}
    office.publish(MONDAY + 2 * WEEK + DAY, third="News.")
    told = office.digest(MONDAY + 3 * WEEK)
    assert {address: sorted(titles) for address, titles in told.items()} == {
        ANA.address: ["Notice second", "Notice third"]
    }
    assert office.digest(MONDAY + 4 * WEEK) == {ANA.address: []}


def test_one_that_is_muted_before_its_first_letter_loses_nothing(office: Office) -> None:
    [one] = running(office)
    mute(office, one, days=20)
    office.publish(MONDAY + DAY, second="News.")
    assert office.digest(MONDAY + WEEK) == {} and office.digest(MONDAY + 2 * WEEK) == {}
    assert office.digest(MONDAY + 3 * WEEK) == {ANA.address: ["Notice second"]}


def test_only_the_muted_one_is_silent(office: Office) -> None:
    office.open(ANA, BEN)
    ana, _ = running(office)
    mute(office, ana, days=30)
    assert set(office.digest(MONDAY + WEEK)) == {BEN.address}


def test_a_muted_one_is_still_matched_so_that_its_reader_can_look(office: Office) -> None:
    [one] = running(office)
    mute(office, one, days=30)
    office.publish(MONDAY + DAY, second="News.")
    assert office.run(MONDAY + WEEK) == []

    with office.app.database.read() as connection:
        assert len(newest.of_subscription(connection, one.id, 10)) == 1


def test_unmuted_it_is_told_at_the_next_run(office: Office) -> None:
    [one] = running(office)
    mute(office, one, days=60)
    office.publish(MONDAY + DAY, second="News.")
    assert office.digest(MONDAY + WEEK) == {}
    mutes.unmute(office.app.database, one.id)
    mutes.unmute(office.app.database, one.id)
    assert office.digest(MONDAY + WEEK + DAY) == {ANA.address: ["Notice second"]}


@pytest.mark.parametrize("days", [0, -1, 91])
def test_nobody_mutes_into_the_past_or_for_longer_than_they_remember(
    office: Office, days: int
) -> None:
    [one] = running(office)
    with pytest.raises(SettingsError, match="up to 90 days: choose a day up to 2027-01-03"):
        mute(office, one, days=days)
    assert mutes.muted(office.app.database, office.now) == {}


def test_muted_again_it_is_muted_up_to_the_newer_day(office: Office) -> None:
    [one] = running(office)
    mute(office, one, days=3)
    mute(office, one, days=8)
    mute(office, one, days=5)
    assert mutes.muted(office.app.database, MONDAY) == {one.id: MONDAY + 5 * DAY}
    assert mutes.muted(office.app.database, MONDAY + 5 * DAY) == {}


def test_what_takes_the_place_of_a_muted_one_is_muted_as_long(office: Office) -> None:
    made = subscriptions.add(
        office.app.database,
        Subscription(reader="Ben", address="ben@example.com", origin=Origin.COMMAND),
        MONDAY,
    )
    mute(office, made, days=5)
    wanted = replace(made, topics=("asylum",))
    new, is_other = subscriptions.change(office.app.database, made.id, wanted, MONDAY + DAY)
    assert is_other and new.id != made.id
    assert mutes.muted(office.app.database, MONDAY + DAY) == {new.id: MONDAY + 5 * DAY}


@pytest.mark.parametrize("muted", [{2: 3}, {1: 2, 2: 6, 9: 1}])
def test_whenever_it_was_muted_every_change_is_told_once(
    office: Office, muted: dict[int, int]
) -> None:
    office.open(DAILY)
    [one] = running(office)
    told: list[str] = []
    for day in range(1, 14):
        at = MONDAY + day * DAY
        if day % 3 == 1 and day < 11:
            office.publish(at, **{f"on{day}": "News."})
        office.now = at
        if day in muted:
            mute(office, one, days=muted[day])
        told += office.digest(at).get(ANA.address, [])
    assert sorted(told) == ["Notice on1", "Notice on10", "Notice on4", "Notice on7"]


def test_no_reminder_of_a_date_is_sent_and_after_it_one_that_says_how_many_days_are_left(
    tmp_path: Path,
) -> None:
    reminded = test_reminders.Office(tmp_path, test_reminders.ANA)
    wanted = reminded.app.subscriptions()
    [one] = subscriptions.sync(reminded.app.database, wanted, reminded.now)
    until = datetime(2026, 11, 20, tzinfo=UTC)
    mutes.mute(reminded.app.database, one.id, until, reminded.now)
    assert reminded.run(date(2026, 11, 17)) == []
    (late,) = reminded.run(date(2026, 11, 21))
    assert "in 10 days" in late.letter.subject
    reminded.app.database.close()
