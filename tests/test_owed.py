"""What readers are owed: nothing twice, nothing never, whatever becomes of their subscriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.mail import key
from alerts.owed import Owed, owed
from pipeline.letter import LetterKind
from pipeline.model import Digest
from pipeline.periods import period
from pipeline.subscription import Frequency, Schedule, Subscription

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)  # a Wednesday
WEEKLY, DAILY = Schedule(), Schedule(frequency=Frequency.DAILY, hour=8)
MONTHLY = Schedule(frequency=Frequency.MONTHLY)
AT_ONCE = Schedule(frequency=Frequency.AT_ONCE)
ANA = Subscription(reader="Ana", address="ana@example.com", id=1)
Told = dict[tuple[int, LetterKind, str], datetime]


def due(*wanted: Subscription, told: Told | None = None, at: datetime = NOW) -> tuple[Owed, ...]:
    return owed(wanted, told or {}, {}, at)


def told(*letters: Owed) -> Told:
    """As the ledger has it once they are queued."""
    return {
        (each.id, one.kind, one.channel): one.until for one in letters for each in one.subscriptions
    }


def test_one_letter_answers_all_subscriptions_of_a_frequency() -> None:
    (one,) = due(ANA, replace(ANA, id=2, topics=("asylum",)))
    assert (one.since, one.until) == period(WEEKLY, NOW)
    assert [each.id for each in one.subscriptions] == [1, 2]


def test_the_key_of_a_weekly_digest_is_as_ledgers_have_it_since_the_first() -> None:
    (one,) = due(ANA)
    assert one.key == "Ana|ana@example.com|2026-11-16T05:00:00+00:00|2026-11-23T05:00:00+00:00"
    digest = Digest(
        reader="Ana",
        address="ana@example.com",
        since=one.since,
        until=one.until,
        alerts=(),
        coverage=(),
    )
    assert key(digest) == one.key


def test_frequencies_channels_and_kinds_have_keys_of_their_own() -> None:
    every = replace(ANA, channels=("mail", "teams"), urgent_at_once=True)
    letters = due(every, replace(ANA, id=2, schedule=DAILY))
    assert len({one.key for one in letters}) == len(letters) == 5


def test_schedules_that_end_together_make_one_letter() -> None:
    elsewhere = replace(WEEKLY, zone="America/Detroit")
    (one,) = due(ANA, replace(ANA, id=2, schedule=elsewhere))
    assert {each.schedule for each in one.subscriptions} == {one.schedule}


def test_nothing_is_owed_twice_and_a_time_in_which_nothing_ran_is_made_up_for() -> None:
    first = due(ANA)
    assert due(ANA, told=told(*first)) == ()
    (later,) = due(ANA, told=told(*first), at=NOW + timedelta(weeks=3))
    assert later.since == first[0].until and later.until == period(WEEKLY, later.until)[1]


def test_a_changed_frequency_goes_on_where_the_old_one_ended() -> None:
    before = told(*due(ANA))
    (daily,) = due(replace(ANA, schedule=DAILY), told=before)
    assert (daily.since, daily.until) == (period(WEEKLY, NOW)[1], period(DAILY, NOW)[1])
    (monthly,) = due(replace(ANA, schedule=MONTHLY), told=before, at=NOW + timedelta(weeks=2))
    assert monthly.since == period(WEEKLY, NOW)[1]


def test_one_that_joins_a_daily_digest_brings_its_own_beginning_along() -> None:
    held = told(*due(ANA), *due(replace(ANA, id=2, schedule=DAILY)))
    (one,) = due(
        replace(ANA, schedule=DAILY),
        replace(ANA, id=2, schedule=DAILY),
        told=held,
        at=NOW + timedelta(days=1),
    )
    assert dict(zip((1, 2), one.starts, strict=True)) == {
        1: period(WEEKLY, NOW)[1],
        2: period(DAILY, NOW)[1],
    }


def test_one_that_takes_the_place_of_another_begins_where_that_ended() -> None:
    held = told(*due(ANA))
    (one,) = owed([replace(ANA, id=2, schedule=DAILY, words="bond")], held, {2: [1]}, NOW)
    assert one.since == period(WEEKLY, NOW)[1]


def test_a_new_one_beside_others_has_their_whole_period() -> None:
    held = told(*due(ANA))
    letters = due(ANA, replace(ANA, id=2), told=held, at=NOW + timedelta(weeks=3))
    assert [one.starts for one in letters] == [(period(WEEKLY, NOW)[1],) * 2]


def test_what_could_not_be_asked_waits_for_the_next_digest_of_its_frequency() -> None:
    beside, (monday, end) = replace(ANA, id=2), period(WEEKLY, NOW)
    held = {(1, LetterKind.DIGEST, "mail"): end, (2, LetterKind.DIGEST, "mail"): monday}
    later = NOW - timedelta(hours=1)
    assert due(ANA, beside, told=held) == due(ANA, beside, told=held, at=later) == ()
    (one,) = due(ANA, beside, told=held, at=NOW + timedelta(weeks=1))
    assert (one.since, one.starts) == (monday, (end, monday))
    assert replace(one, dead=frozenset({2})).since == end
    assert replace(one, dead=frozenset({1, 2})).since == monday


def test_what_is_told_at_once_begins_where_it_was_told_last() -> None:
    asked = replace(ANA, schedule=AT_ONCE)
    (first,) = due(asked)
    assert first.is_only_of_something
    (second,) = due(asked, told=told(first), at=NOW + timedelta(hours=1))
    assert second.since == first.until and second.until > NOW + timedelta(hours=1)


@pytest.mark.parametrize("now", [DAILY, MONTHLY, AT_ONCE])
def test_one_that_was_told_nothing_yet_loses_no_day_when_its_frequency_changes(
    now: Schedule,
) -> None:
    begun = {1: NOW - timedelta(days=6)}
    at = NOW + timedelta(days=6)
    (one,) = owed([replace(ANA, schedule=now)], {}, {}, at, begun)
    assert one.since == min(begun[1], period(now, at)[0])
    beside = replace(ANA, id=2, schedule=now)
    heard = {(2, LetterKind.DIGEST, "mail"): at - timedelta(days=2)}
    every = owed([replace(ANA, schedule=now), beside], heard, {}, at, begun)
    assert all(dict(zip((1, 2), each.starts, strict=True))[1] <= begun[1] for each in every)


def test_one_that_took_the_place_of_one_that_was_told_nothing_begins_where_that_began() -> None:
    begun = {1: NOW - timedelta(days=6), 2: NOW - timedelta(days=1)}
    (one,) = owed([replace(ANA, id=2, schedule=DAILY)], {}, {2: [1]}, NOW, begun)
    assert one.since == begun[1]


SCHEDULES = st.sampled_from(
    [WEEKLY, DAILY, MONTHLY, AT_ONCE, replace(WEEKLY, weekday=4, hour=17, on_holidays=False)]
)


@given(st.lists(st.tuples(st.integers(0, 90), SCHEDULES), min_size=2, max_size=25))
def test_whatever_the_frequency_is_changed_to_what_is_told_tiles_time(
    runs: list[tuple[int, Schedule]],
) -> None:
    held: Told = {}
    at, last = NOW, None
    for hours, schedule in runs:
        at += timedelta(hours=hours)
        for one in due(replace(ANA, schedule=schedule), told=held, at=at):
            assert last is None or one.since == last
            assert one.since.astimezone(UTC) < one.until.astimezone(UTC)
            last = one.until
            held |= told(one)
