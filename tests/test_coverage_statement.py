"""What a packet says of what was read, and of the days on which it was not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from builders import SINCE, UNTIL, change, report, rule, tag
from cle_packets import PRINTED, packet, said, section
from hypothesis import given
from hypothesis import strategies as st

from alerts.cle.coverage import gaps, spans
from index.database import Database
from index.nearest import missed, nearest
from index.runs import RunState
from index.schema import run
from pipeline.model import SourceReport

ONE = change(rule("x"), tags=(tag("asylum"),))


def said_of(*reports: SourceReport, **missed_by: list[date]) -> list[str]:
    return [*gaps(reports, missed_by, since=SINCE, until=UNTIL, on=PRINTED.date() + timedelta(1))]


def test_a_source_that_was_read_every_day_is_not_spoken_of() -> None:
    assert said_of(report()) == []


def test_days_without_a_complete_reading_are_named() -> None:
    days = [date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 20)]
    assert said_of(report(), uscis_policy_manual=days) == [
        "USCIS Policy Manual: no complete reading on 3 days of the period (November 17, 2026; "
        "November 19, 2026 to November 20, 2026)."
    ]


def test_a_source_that_was_never_read_says_that_alone() -> None:
    assert said_of(report(first_complete=None)) == [
        "USCIS Policy Manual: never read completely before the period ended."
    ]


def test_sources_of_which_the_same_is_to_be_said_are_told_together() -> None:
    never = report(first_complete=None), report("bia_decisions", first_complete=None)
    (words,) = said_of(*never)
    assert words.endswith(": never read completely before the period ended.")
    assert all(each.title in words for each in never)


def test_a_source_watched_since_the_middle_says_from_when() -> None:
    begun = report(first_complete=datetime(2026, 11, 18, 6, tzinfo=UTC))
    assert "watched from November 18, 2026 only" in said_of(begun)[0]


def test_failed_runs_and_silence_are_said() -> None:
    (words,) = said_of(report(failures=("a: 500", "b: 500", "c: 500"), quiet="too quiet"))
    assert "3 runs failed in the period: a: 500; b: 500, and 1 more; too quiet." in words


def test_the_packet_says_it_too() -> None:
    made = packet([ONE], missed={"uscis_policy_manual": (date(2026, 11, 17),)})
    words = said(section(made, "What was watched"))
    assert "no complete reading on 1 day of the period (November 17, 2026)" in words
    assert "bia_decisions" not in words and "never read completely" in words


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 1))))
def test_runs_of_days_hold_each_day_once(days: set[date]) -> None:
    told = spans(sorted(days))
    runs = sum(1 for day in days if day - timedelta(1) not in days)
    assert len(told) == runs


def _run(database: Database, at: datetime, state: RunState, **more: Any) -> None:
    with database.write() as connection:
        values = {"source": "news", "state": state, "baseline": False, "started_at": at, **more}
        connection.execute(run.insert().values(**values))


def test_days_are_missed_from_the_first_complete_reading_on(database: Database) -> None:
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)
    for day, state in ((2, RunState.COMPLETE), (4, RunState.FAILED), (6, RunState.COMPLETE)):
        _run(database, datetime(2026, 3, day, 18, tzinfo=UTC), state)
    _run(database, datetime(2026, 3, 5, 18, tzinfo=UTC), RunState.COMPLETE, is_whole=False)
    found = missed(database, ["news", "other"], since, until)
    assert found == {"news": (date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 7))}


def test_a_reading_before_the_period_begins_the_watch(database: Database) -> None:
    _run(database, datetime(2026, 1, 1, tzinfo=UTC), RunState.COMPLETE)
    since = datetime(2026, 3, 1, tzinfo=UTC)
    found = missed(database, ["news"], since, since + timedelta(days=2))
    assert found == {"news": (date(2026, 3, 1), date(2026, 3, 2))}


def test_where_nothing_is_held_no_day_is_near(database: Database) -> None:
    assert nearest(database, SINCE, UNTIL) == (None, None)
