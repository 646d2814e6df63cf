"""Which dates in calendars stay, move, end and come back."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.moves import Kept, moves

TODAY = date(2026, 11, 22)
SOON, LATER, LATEST = (TODAY + timedelta(days=days) for days in (10, 40, 90))
PAST = TODAY - timedelta(days=10)

days = st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=9))
kept = st.lists(st.tuples(days, st.booleans()), max_size=6).map(
    lambda rows: [
        Kept(uid=str(number), on=on, is_cancelled=ended) for number, (on, ended) in enumerate(rows)
    ]
)


def one(on: date, *, ended: bool = False) -> Kept:
    return Kept(uid=f"{on}", on=on, is_cancelled=ended)


def test_a_date_that_moved_keeps_its_uid() -> None:
    done = moves([one(SOON)], {LATER}, set(), TODAY)
    assert done.moved == {f"{SOON}": LATER}
    assert (done.new, done.ended) == ((), frozenset())


def test_a_date_whose_day_holds_is_not_the_one_that_moves() -> None:
    done = moves([one(SOON), one(LATER)], {LATER, LATEST}, set(), TODAY)
    assert done.stays == {f"{LATER}": LATER}
    assert done.moved == {f"{SOON}": LATEST}


def test_a_date_that_is_stated_no_more_ends() -> None:
    assert moves([one(SOON)], set(), set(), TODAY).ended == {f"{SOON}"}


def test_what_has_passed_neither_ends_nor_moves() -> None:
    done = moves([one(PAST)], {LATER}, set(), TODAY)
    assert (done.moved, done.ended, done.new) == ({}, frozenset(), (LATER,))


def test_a_later_document_moves_a_date_and_begins_none() -> None:
    assert moves([one(SOON)], set(), {LATER}, TODAY).moved == {f"{SOON}": LATER}
    assert moves([], set(), {LATER}, TODAY).new == ()


def test_a_day_that_came_back_is_the_date_that_ended() -> None:
    done = moves([one(SOON, ended=True)], {SOON}, set(), TODAY)
    assert (done.back, done.new) == ({f"{SOON}": SOON}, ())


def test_a_day_that_has_passed_begins_no_date() -> None:
    assert moves([], {PAST}, set(), TODAY).new == ()


@given(kept, st.sets(days, max_size=5), st.sets(days, max_size=5))
def test_every_date_has_one_fate_and_every_day_ahead_one_date(
    held: list[Kept], own: set[date], instead: set[date]
) -> None:
    done = moves(held, own, instead, TODAY)
    fates = [*done.stays, *done.moved, *done.ended, *done.back]
    assert len(fates) == len(set(fates))
    live = {each.uid: each for each in held if not each.is_cancelled}
    untouched = live.keys() - set(fates)
    assert all(live[uid].on < TODAY for uid in untouched)
    after = {*done.stays.values(), *done.moved.values(), *done.back.values(), *done.new}
    assert {on for on in own if on >= TODAY} <= after


@given(kept, st.sets(days, max_size=5), st.sets(days, max_size=5))
def test_what_was_brought_in_line_stays_so(
    held: list[Kept], own: set[date], instead: set[date]
) -> None:
    done = moves(held, own, instead, TODAY)
    days_now = {**done.stays, **done.moved, **done.back}
    ended = {each.uid for each in held if each.is_cancelled} - done.back.keys() | done.ended
    again = [
        Kept(uid=each.uid, on=days_now.get(each.uid, each.on), is_cancelled=each.uid in ended)
        for each in held
    ]
    again += [Kept(uid=f"new {on}", on=on) for on in done.new]
    settled = moves(again, own, instead, TODAY)
    assert not (settled.moved or settled.ended or settled.back or settled.new)
