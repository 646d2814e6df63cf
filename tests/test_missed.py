"""What a reader missed is made up for, once; and what was told is not told again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from publisher import DAY, rules_of
from test_sending import ANA, MONDAY, WEEK, Office, Special

from alerts.deliver import Refused, Transport, Unreachable, deliver
from index import suppressions
from lexwatch.alerting import sending
from lexwatch.settings import Watch
from pipeline.errors import DeliveryError
from pipeline.letter import Outcome
from pipeline.subscription import Reason

HOUR = timedelta(hours=1)
BOTH = Watch(reader="Ana", address=ANA.address, urgent_at_once=True, frequency="daily")


class Door:
    """A way out that always fails, and counts the knocks."""

    repeatable: ClassVar[bool] = False

    def __init__(self, error: DeliveryError) -> None:
        self.error, self.knocks = error, 0

    def send(self, *_: object) -> str:
        self.knocks += 1
        raise self.error

    def close(self) -> None:
        """Nothing is kept open."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def ends(office: Office, at: datetime, way: Transport) -> list[Outcome]:
    """Queue what is due at a moment, and try to send it."""
    office.now = at
    sending.queue(office.app, at)
    return [one.outcome for one in deliver(office.app.ledger, lambda _: way, lambda: at)]


def refused() -> Door:
    return Door(Refused("550 no such user"))


# Missed


def test_what_was_queued_when_an_address_was_shut_comes_as_soon_as_it_is_open(
    office: Office,
) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    sending.queue(office.app, office.now)
    suppressions.suppress(office.app.database, ANA.address, Reason.BOUNCED, office.now)
    assert [one.outcome for one in sending.send(office.app)] == [Outcome.SUPPRESSED]
    assert office.digest(MONDAY + WEEK + HOUR) == {}
    suppressions.lift(office.app.database, ANA.address, Reason.BOUNCED)
    assert office.digest(MONDAY + WEEK + DAY) == {ANA.address: ["Notice second"]}
    assert office.digest(MONDAY + 2 * WEEK) == {ANA.address: []}


def test_weeks_that_were_missed_come_in_one_digest_when_the_address_is_open(
    office: Office,
) -> None:
    office.publish(MONDAY + DAY, second="News.")
    office.now = MONDAY + WEEK
    sending.queue(office.app, office.now)
    suppressions.suppress(office.app.database, ANA.address, Reason.BOUNCED, office.now)
    list(sending.send(office.app))
    office.publish(MONDAY + WEEK + DAY, third="News.")
    assert office.digest(MONDAY + 2 * WEEK) == {}
    suppressions.lift(office.app.database, ANA.address, Reason.BOUNCED)
    (told,) = office.digest(MONDAY + 2 * WEEK + DAY).values()
    assert sorted(told) == ["Notice second", "Notice third"]


def test_what_a_wrong_address_refused_comes_to_the_corrected_one_in_one_digest(
    office: Office,
) -> None:
    for week in range(3):
        office.publish(MONDAY + week * WEEK + DAY, **{f"n{week}": "News."})
        assert ends(office, MONDAY + (week + 1) * WEEK, refused()) == [Outcome.REFUSED]
    office.open(Watch(reader="Ana", address="ana@right.example.com"))
    sending.match_changes(office.app)
    (told,) = office.digest(MONDAY + 3 * WEEK + DAY).values()
    assert sorted(told) == ["Notice n0", "Notice n1", "Notice n2"]
    assert office.digest(MONDAY + 4 * WEEK) == {"ana@right.example.com": []}


def test_what_was_given_up_is_in_the_next_digest_that_arrives(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    full, at = Door(DeliveryError("452 mailbox full")), MONDAY + WEEK
    while ends(office, at, full) != [Outcome.GIVEN_UP]:
        at += DAY
    assert office.digest(MONDAY + 2 * WEEK) == {ANA.address: ["Notice second"]}
    assert office.digest(MONDAY + 3 * WEEK) == {ANA.address: []}


def test_what_is_given_up_after_a_later_one_arrived_repeats_nothing(office: Office) -> None:
    office.open(ANA.model_copy(update={"frequency": "daily"}))
    office.publish(MONDAY, second="News.")
    assert ends(office, MONDAY + DAY, Door(DeliveryError("554 no"))) == [Outcome.FAILED]
    (row,) = office.app.ledger.deliveries()
    late = MONDAY + 2 * DAY
    office.now = late
    office.app.ledger.finish(row, Outcome.FAILED, late, next_at=late + 4 * HOUR)
    office.publish(late - 12 * HOUR, third="News.")
    assert office.digest(late) == {ANA.address: ["Notice third"]}
    office.app.ledger.finish(row, Outcome.GIVEN_UP, late)
    assert office.digest(late + DAY) == {ANA.address: []}


def test_a_refusing_mailbox_is_asked_once_a_day_however_often_it_runs(office: Office) -> None:
    office.open(ANA.model_copy(update={"frequency": "at once"}))
    office.publish(MONDAY + DAY, second="News.")
    door, at = refused(), MONDAY + DAY + HOUR
    for hour in range(30):
        ends(office, at + hour * HOUR, door)
    assert door.knocks == 2
    assert office.run(at + 3 * DAY) != []


def test_who_is_sent_a_letter_again_by_hand_is_not_told_it_once_more(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    ends(office, MONDAY + WEEK, refused())
    (row,) = office.app.ledger.deliveries()
    office.app.ledger.again(row.key)
    assert [one.outcome for one in sending.send(office.app)] == [Outcome.SENT]
    assert office.digest(MONDAY + 2 * WEEK) == {ANA.address: []}


# Not told again


def test_a_reader_who_is_renamed_is_told_nothing_again(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    assert office.digest(MONDAY + WEEK) == {ANA.address: ["Notice second"]}
    office.open(Watch(reader="Ana R.", address=ANA.address))
    assert office.digest(MONDAY + WEEK + DAY) == {}
    assert office.digest(MONDAY + 2 * WEEK) == {ANA.address: []}


def test_a_subscription_that_was_edited_twice_goes_on_where_the_first_ended(
    office: Office,
) -> None:
    assert office.digest(MONDAY + WEEK) == {ANA.address: []}
    for days, words in ((1, "asylum"), (2, "asylum OR bond")):
        office.now = MONDAY + WEEK + days * DAY
        office.open(ANA.model_copy(update={"words": words}))
        sending.match_changes(office.app)
    office.publish(MONDAY + WEEK + 3 * DAY, second="News.")
    assert office.digest(MONDAY + 5 * WEEK) == {ANA.address: ["Notice second"]}


def test_one_change_is_told_at_once_to_one_address_once(office: Office) -> None:
    all_at_once = Watch(reader="Ana Reyes", address="ANA@example.com", frequency="at once")
    office.open(BOTH, all_at_once)
    office.run(MONDAY + HOUR)
    office.rules = rules_of(Special())
    office.publish(MONDAY + 2 * HOUR, second="News.")
    assert len(office.run(MONDAY + 3 * HOUR)) == 1
    assert office.run(MONDAY + 4 * HOUR) == []


def test_what_has_not_left_yet_is_not_said_to_have_been_sent(office: Office) -> None:
    office.open(BOTH)
    office.run(MONDAY + HOUR)
    office.rules = rules_of(Special())
    office.publish(MONDAY + 2 * HOUR, second="News.")
    shut = Door(Unreachable("nobody there"))
    assert ends(office, MONDAY + 3 * HOUR, shut) == [Outcome.FAILED]
    (waiting,) = sending.digests(office.app, MONDAY + DAY)
    assert (waiting.at_once, len(waiting.alerts)) == ({}, 1)
    office.now = MONDAY + 12 * HOUR
    assert [one.outcome for one in sending.send(office.app)] == [Outcome.SENT]
    (sent,) = sending.digests(office.app, MONDAY + DAY)
    assert list(sent.at_once.values()) == [office.now]


# A clock that was wrong


def test_a_clock_that_was_ahead_is_said_and_loses_nothing(office: Office) -> None:
    office.open(ANA.model_copy(update={"frequency": "at once"}))
    office.run(MONDAY + 3 * DAY)
    office.now = MONDAY + HOUR
    (said,) = sending.queue(office.app, office.now).faults
    assert "the clock says 2026-10-05 15:00" in said
    assert sending.queue(office.app, office.now).faults == ()
    office.publish(MONDAY + DAY, second="News.")
    assert len(office.run(MONDAY + DAY)) == 1


def test_a_letter_does_not_wait_for_a_moment_that_a_wrong_clock_named(office: Office) -> None:
    office.publish(MONDAY + DAY, second="News.")
    ahead = MONDAY + 52 * WEEK
    assert ends(office, ahead, Door(DeliveryError("451 later"))) == [Outcome.FAILED]
    office.now = MONDAY + 2 * WEEK
    sending.queue(office.app, office.now)
    assert Outcome.SENT in [one.outcome for one in sending.send(office.app)]
