"""Subscriptions kept: the settings file decides over its own, and nothing is told twice."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from index import outgoing, subscriptions, told
from index.database import Database
from pipeline.errors import NotHeld, SettingsError
from pipeline.subscription import Frequency, Origin, Schedule, Subscription, shown

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=9)
BOND = Subscription(
    reader="Ana Reyes",
    address="ana@example.com",
    topics=("asylum",),
    classes=("negative treatment",),
    authorities=("8 CFR § 208.13",),
    words="bond /s flight",
    meaning="what must be shown for release",
    threshold=0.6,
    schedule=Schedule(frequency=Frequency.MONTHLY, day=3, hour=8, on_holidays=False),
    urgent_at_once=True,
    plain_text=True,
    channels=("mail", "teams"),
    name="Bond cases",
    matter="2026-114",
    note="for Tuesday's call",
    shown_on=("mail",),
)
FEES = Subscription(reader="Ben Ito", address="ben@example.com", topics=("fees-forms",))
MADE = replace(FEES, origin=Origin.COMMAND)


def synced(database: Database, *wanted: Subscription, at: datetime = NOW) -> list[Subscription]:
    return list(subscriptions.sync(database, wanted, at))


def rows(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(outgoing.subscription)
        ).scalar_one()


def test_all_of_a_subscription_is_kept(database: Database) -> None:
    [held] = synced(database, BOND)
    assert replace(held, id=0) == BOND and held.id
    assert subscriptions.held(database) == (held,)


def test_the_settings_files_subscriptions_become_exactly_what_it_says(database: Database) -> None:
    synced(database, BOND, FEES)
    assert [one.reader for one in synced(database, FEES)] == ["Ben Ito"]
    assert synced(database) == []
    assert rows(database) == 2  # the alerts they were given name them


def test_one_that_is_unchanged_keeps_its_number(database: Database) -> None:
    before = synced(database, BOND, FEES)
    assert synced(database, FEES, BOND, at=LATER) == before


def test_one_that_is_taken_out_and_put_back_keeps_its_number(database: Database) -> None:
    before = synced(database, BOND, FEES)
    synced(database, FEES)
    assert synced(database, BOND, FEES, at=LATER) == before
    with database.read() as connection:
        begun = select(outgoing.subscription.c.begun_at, outgoing.subscription.c.ended_at)
        row = connection.execute(begun.where(outgoing.subscription.c.id == before[0].id)).one()
    assert tuple(row) == (LATER, None)


@pytest.mark.parametrize(
    "edited",
    [
        {"matter": "2026-115"},
        {"note": ""},
        {"name": "Release"},
        {"schedule": Schedule(frequency=Frequency.DAILY)},
        {"channels": ("mail",), "shown_on": ()},
        {"urgent_at_once": False, "plain_text": False},
    ],
)
def test_one_that_is_called_or_told_otherwise_is_the_same(
    database: Database, edited: dict[str, object]
) -> None:
    [before] = synced(database, BOND)
    [after] = synced(database, replace(BOND, **edited), at=LATER)  # type: ignore[arg-type] # several fields
    assert after == replace(before, **edited)  # type: ignore[arg-type] # as above
    assert rows(database) == 1


def test_one_that_asks_for_something_else_is_another(database: Database) -> None:
    [before] = synced(database, BOND)
    [after] = synced(database, replace(BOND, words="bond"))
    assert after.id != before.id


def test_two_matters_that_ask_for_the_same_stay_two(database: Database) -> None:
    other = replace(BOND, matter="2026-200", name="")
    first, second = synced(database, BOND, other)
    renamed = replace(other, note="closed")
    assert synced(database, renamed, BOND) == [first, replace(second, note="closed")]


def test_one_that_runs_is_taken_for_the_edited_one_before_one_that_ended(
    database: Database,
) -> None:
    first, _ = synced(database, BOND, replace(BOND, matter="2026-200"))
    synced(database, BOND)
    [edited] = synced(database, replace(BOND, matter="2026-300"), at=LATER)
    assert edited.id == first.id


def test_the_same_table_twice_is_one(database: Database) -> None:
    assert len(synced(database, FEES, FEES)) == 1


def test_those_made_by_command_are_not_touched_by_the_settings_file(database: Database) -> None:
    made = subscriptions.add(database, MADE, NOW)
    assert synced(database) == [made]
    own, kept = sorted(synced(database, FEES), key=lambda one: one.origin, reverse=True)
    assert own.origin == Origin.SETTINGS and kept == made


def test_the_same_one_is_not_begun_twice(database: Database) -> None:
    made = subscriptions.add(database, MADE, NOW)
    assert subscriptions.add(database, MADE, LATER) == made
    assert rows(database) == 1


def test_one_is_ended_by_its_number_once(database: Database) -> None:
    made = subscriptions.add(database, MADE, NOW)
    assert subscriptions.end(database, made.id, LATER) == made
    assert subscriptions.held(database) == () and rows(database) == 1
    with pytest.raises(NotHeld, match=f"no subscription {made.id} runs"):
        subscriptions.end(database, made.id, LATER)


def test_one_of_the_settings_file_ends_there(database: Database) -> None:
    [held] = synced(database, FEES)
    with pytest.raises(SettingsError, match="of Ben Ito stands in the settings file"):
        subscriptions.end(database, held.id, LATER)
    assert subscriptions.held(database) == (held,)


def test_a_readers_own_are_found_by_name_or_address_in_any_case(database: Database) -> None:
    [held, _] = synced(database, BOND, FEES)
    for asked in ("ana reyes", "ANA@Example.com"):
        assert subscriptions.held(database, reader=asked) == (held,)
    assert subscriptions.held(database, reader="Ana") == ()


_ONE = st.builds(
    Subscription,
    reader=st.sampled_from(["Ana", "Ben"]),
    address=st.just("a@example.com"),
    topics=st.sampled_from([(), ("asylum",)]),
    schedule=st.sampled_from([Schedule(), Schedule(frequency=Frequency.DAILY)]),
    name=st.sampled_from(["", "x"]),
    matter=st.sampled_from(["", "1", "2"]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=st.lists(st.lists(_ONE, max_size=6), min_size=1, max_size=4))
def test_whatever_the_file_said_before_it_is_what_it_says_and_numbers_are_kept(
    database: Database, files: list[list[Subscription]]
) -> None:
    before: dict[Subscription, int] = {}
    for wanted in files:
        held = {replace(one, id=0): one.id for one in synced(database, *wanted)}
        assert set(held) == set(wanted)
        assert len(set(held.values())) == len(held)
        assert all(held[one] == number for one, number in before.items() if one in held)
        before = held


def test_twenty_thousand_load_in_half_a_second(database: Database) -> None:
    wanted = [
        replace(BOND, reader=f"Reader {number}", address=f"r{number}@example.com", name=str(each))
        for number in range(2_000)
        for each in range(10)
    ]
    synced(database, *wanted)
    begun = time.process_time()  # others may share this machine
    assert len(subscriptions.held(database)) == 20_000
    took = time.process_time() - begun
    assert took < 1.5, f"{took:.2f} s"
    assert len(subscriptions.held(database, reader="R7@example.com")) == 10


def test_what_is_the_readers_own_is_shown_where_they_said_and_nowhere_else() -> None:
    assert shown(BOND, "mail") == BOND
    there = shown(BOND, "teams")
    assert (there.matter, there.note, there.words, there.meaning) == ("", "", "", "")
    assert replace(BOND, matter="", note="", words="", meaning="") == there


def test_addresses_that_differ_in_case_only_are_one_readers_as_spelt_first(
    database: Database,
) -> None:
    written = replace(FEES, address="Ben@Example.com")
    first = subscriptions.add(database, MADE, NOW)
    second = subscriptions.add(
        database, replace(written, origin=Origin.COMMAND, topics=("asylum",)), NOW
    )
    assert second.address == first.address == "ben@example.com"
    assert subscriptions.add(database, replace(written, origin=Origin.COMMAND), LATER) == first
    assert {one.address for one in synced(database, replace(written, words="bond"))} == {
        "ben@example.com"
    }


def test_the_settings_file_may_spell_an_address_anew_and_stays_what_it_was(
    database: Database,
) -> None:
    before = synced(database, FEES, replace(FEES, words="bond", address="BEN@example.com"))
    assert {one.address for one in before} == {"ben@example.com"}
    assert synced(database, *(replace(one, address="Ben@example.com") for one in before)) == before
    seen = subscriptions.foreseen(database, [replace(FEES, address="BEN@EXAMPLE.COM")])
    assert seen == tuple(before[:1])


def test_two_spellings_that_were_kept_before_are_read_as_one(database: Database) -> None:
    first, second = synced(database, FEES, replace(FEES, words="bond"))
    table = outgoing.subscription
    with database.write() as connection:
        other = update(table).where(table.c.id == second.id)
        connection.execute(other.values(address="Ben@Example.com"))
    assert {one.address for one in subscriptions.held(database)} == {first.address}
    both = [first.id, second.id]
    assert [one.id for one in subscriptions.held(database, reader="BEN@example.com")] == both
    assert [one.id for one in synced(database, FEES, replace(FEES, words="bond"))] == both
    with database.read() as connection:
        assert {*connection.execute(select(table.c.address)).scalars()} == {first.address}


# Changed by its reader


def kept(database: Database, wanted: Subscription = MADE) -> Subscription:
    return subscriptions.add(database, wanted, NOW)


def test_told_or_called_otherwise_it_stays_itself(database: Database) -> None:
    one = kept(database)
    wanted = replace(
        one, name="Fees", matter="7", note="n", schedule=Schedule(frequency=Frequency.DAILY)
    )
    assert subscriptions.change(database, one.id, wanted, LATER) == (wanted, False)
    assert subscriptions.held(database) == (wanted,) and rows(database) == 1


def test_what_asks_for_something_else_takes_its_place_and_goes_on_where_it_was(
    database: Database,
) -> None:
    one = kept(database)
    new, is_other = subscriptions.change(database, one.id, replace(one, words="bond"), LATER)
    assert is_other and new.id != one.id and subscriptions.held(database) == (new,)
    with database.read() as connection:
        assert told.replaced(connection) == {new.id: [one.id]}


def test_whoever_keeps_it_is_not_changed_with_it(database: Database) -> None:
    one = kept(database)
    new, _ = subscriptions.change(
        database, one.id, replace(one, words="bond", origin=Origin.SETTINGS), LATER
    )
    assert new.origin == Origin.COMMAND
    assert subscriptions.held(database) == (new,) and synced(database) == [new]


def test_the_settings_files_and_what_has_ended_are_not_changed(database: Database) -> None:
    [theirs] = synced(database, BOND)
    with pytest.raises(SettingsError, match="stands in the settings file"):
        subscriptions.change(database, theirs.id, replace(theirs, name="x"), LATER)
    one = kept(database)
    subscriptions.end(database, one.id, NOW)
    with pytest.raises(NotHeld, match=f"no subscription {one.id} runs"):
        subscriptions.change(database, one.id, replace(one, name="x"), LATER)


def test_those_of_one_address_are_found_in_any_of_its_spellings(database: Database) -> None:
    one = kept(database)
    kept(database, replace(MADE, address="cy@example.com"))
    synced(database, BOND)
    settings = (BOND, replace(FEES, address="BEN@example.com", words="fee"))
    found = subscriptions.foreseen(database, settings, address="Ben@EXAMPLE.com")
    assert found[0] == one and [each.id for each in found[1:]] == [0]
    assert {each.address for each in found} == {"ben@example.com"}
    assert subscriptions.foreseen(database, settings, address="eve@example.com") == ()
    assert set(subscriptions.addresses(database)) == {
        "ana@example.com",
        "ben@example.com",
        "cy@example.com",
    }
