"""Ingest and the run's verdict: what is new, what is silent, and what is never lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from publisher import DAY, NOW, Reader, page, rules_of, visit

from index import archive, history, ingest, keyword, runs, store
from index.archive import Archive
from index.database import Database
from index.intake import Rules
from index.lookup import look_up
from index.runs import RunState
from pipeline.errors import NotHeld
from pipeline.model import DateKind, Page, StatedDate, Version
from pipeline.papers import public_by
from pipeline.query.model import Term


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def rules(reader: Reader) -> Rules:
    return rules_of(reader)


def names(database: Database) -> list[tuple[str, str]]:
    return [(one.document.key, one.difference.kind) for one in history.recorded(database)]


def test_what_the_first_complete_run_finds_is_silent_and_what_comes_after_is_news(
    database: Database, rules: Rules
) -> None:
    assert visit(database, rules, NOW, page({"a": "One."}, NOW)).state is RunState.COMPLETE
    assert names(database) == []
    visit(database, rules, NOW + DAY, page({"a": "One.", "b": "Two."}, NOW + DAY))
    assert names(database) == [("b", "new")]


def test_one_page_that_fails_for_good_does_not_keep_a_source_silent(
    database: Database, rules: Rules
) -> None:
    failed = visit(database, rules, NOW, page({"a": "One."}, NOW), failures=("404",))
    assert failed.state is RunState.FAILED
    visit(database, rules, NOW + DAY, page({"b": "Two."}, NOW + DAY), failures=("404",))
    assert names(database) == [("b", "new")]


def test_a_first_run_that_missed_much_leaves_the_source_silent(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW), failures=("500",) * 9)
    visit(database, rules, NOW + DAY, page({"b": "Two."}, NOW + DAY))
    assert names(database) == []


def test_a_changed_text_is_news_even_before_the_first_complete_run(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW), failures=("500",) * 9)
    visit(database, rules, NOW + DAY, page({"a": "Officers must act."}, NOW + DAY))
    assert names(database) == [("a", "text-changed")]


def test_a_run_outside_its_bounds_failed_and_says_what_moved(
    database: Database, rules: Rules
) -> None:
    run = visit(database, rules, NOW, page({"a": "One."}, NOW), bounds=(2, 9))
    assert run.state is RunState.FAILED
    assert "1 documents were read where 2 to 9 are normal" in run.failures[0]


def test_a_page_that_cannot_be_read_fails_every_run_until_it_can(
    database: Database, rules: Rules, reader: Reader
) -> None:
    first = page({"a": "One."}, NOW)
    visit(database, rules, NOW, first)
    reader.broken = True
    changed = page({"a": "Officers must act."}, NOW + DAY)
    assert "no text" in visit(database, rules, NOW + DAY, changed).failures[0]
    again = visit(database, rules, NOW + 2 * DAY, confirmed=(first.url,))
    assert again.state is RunState.FAILED
    reader.broken = False
    healed = visit(database, rules, NOW + 3 * DAY, confirmed=(first.url,))
    assert healed.state is RunState.COMPLETE
    assert names(database) == [("a", "text-changed")]


def test_a_reader_that_breaks_stops_neither_the_other_pages_nor_the_next_run(
    database: Database, rules: Rules
) -> None:
    bad = replace(page({}, NOW, "https://example.gov/bad"), body=b"not JSON")
    run = visit(database, rules, NOW, bad, page({"a": "One."}, NOW))
    assert run.documents == 1
    assert "https://example.gov/bad: the reader failed" in run.failures[0]


def test_an_error_page_is_kept_and_says_nothing(database: Database, rules: Rules) -> None:
    error = replace(page({"a": "One."}, NOW), status=500)
    visit(database, rules, NOW, error)
    assert store.counts(database) == {}
    assert len(archive.numbers(database)) == 1


def test_a_better_reader_is_not_a_change_in_the_law(
    database: Database, rules: Rules, reader: Reader
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    reader.parser = "sample 2"
    visit(database, rules, NOW + DAY, page({"a": "One."}, NOW + DAY, "https://example.gov/2"))
    assert names(database) == []
    shown = look_up(database, "sample:a")
    assert len(shown.versions) == 1
    assert shown.held.version.parser == "sample 2"
    assert "better reader" in shown.held.version.text


def test_a_better_reader_still_sees_the_change_that_there_is(
    database: Database, rules: Rules, reader: Reader
) -> None:
    visit(database, rules, NOW, page({"a": "Officers may act."}, NOW))
    reader.parser = "sample 2"
    visit(database, rules, NOW + DAY, page({"a": "Officers must act."}, NOW + DAY))
    (change,) = history.recorded(database)
    assert change.old is not None
    assert "better reader" in change.old.text
    assert "must" in change.difference.summary


def test_an_older_capture_does_not_undo_a_newer_one(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, page({"a": "New text."}, NOW))
    visit(database, rules, NOW + DAY, page({"a": "Old text."}, NOW - DAY))
    assert look_up(database, "sample:a").held.version.text == "New text."


def test_rebuild_restates_in_place_and_makes_no_change(
    database: Database, rules: Rules, reader: Reader
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    visit(database, rules, NOW + DAY, page({"a": "Two things."}, NOW + DAY))
    before = history.last(database)
    reader.parser = "sample 2"
    for number in archive.numbers(database):
        assert ingest.rebuild(database, number, rules) == ""
    versions = look_up(database, "sample:a").versions
    assert [held.version.text for held in versions] == [
        "One. (as the better reader has it)",
        "Two things. (as the better reader has it)",
    ]
    assert history.last(database) == before
    with database.read() as connection:
        assert keyword.find(connection, [Term(words="better")], 5)


def test_rebuild_keeps_the_newest_address_and_invents_no_document(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    moved = page({"a": "One."}, NOW + DAY, "https://example.gov/moved")
    visit(database, rules, NOW + DAY, moved)
    more = replace(moved, body=json.dumps({"a": "One.", "ghost": "Unseen."}).encode())
    kept = runs.begin_run(database, "sample", NOW + 2 * DAY)
    Archive(database, kept.id).keep(more)
    for number in archive.numbers(database):
        ingest.rebuild(database, number, rules)
    assert look_up(database, "sample:a").held.version.url == "https://example.gov/moved"
    with pytest.raises(NotHeld):
        look_up(database, "sample:ghost")


def test_rebuild_says_what_todays_reader_cannot_read(
    database: Database, rules: Rules, reader: Reader
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    reader.broken = True
    (number,) = archive.numbers(database)
    assert "no text" in ingest.rebuild(database, number, rules)
    assert look_up(database, "sample:a").held.version.text == "One."


def test_a_run_that_was_cut_off_is_marked_and_its_pages_are_read_by_the_next(
    database: Database, rules: Rules
) -> None:
    cut_off = runs.begin_run(database, "sample", NOW)
    Archive(database, cut_off.id).keep(page({"a": "One."}, NOW))
    visit(database, rules, NOW + DAY, confirmed=("https://example.gov/list",))
    states = {run.id: run.state for run in runs.runs(database)}
    assert states[cut_off.id] is RunState.INTERRUPTED
    assert look_up(database, "sample:a").held.version.text == "One."


def test_captures_out_of_order_take_their_place_and_alert_nobody(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page({"a": "Text of Monday."}, NOW))
    visit(database, rules, NOW + 2 * DAY, page({"a": "Officers must act."}, NOW + 2 * DAY))
    told = names(database)
    visit(database, rules, NOW + 3 * DAY, page({"a": "Text of Tuesday."}, NOW + DAY))
    assert names(database) == told == [("a", "text-changed")]
    shown = look_up(database, "sample:a")
    assert [held.version.text for held in shown.versions] == [
        "Text of Monday.",
        "Text of Tuesday.",
        "Officers must act.",
    ]
    assert shown.held.version.text == "Officers must act."


def test_a_capture_older_than_the_first_becomes_the_first(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, page({"a": "Officers must act."}, NOW))
    visit(database, rules, NOW + DAY, page({"a": "Officers may act."}, NOW - DAY))
    kinds = {
        change.new.text: change.difference.kind
        for change in history.recorded(database, baseline=True)
    }
    assert kinds == {"Officers may act.": "new", "Officers must act.": "text-changed"}


def test_an_older_capture_of_the_same_text_only_says_that_it_was_there_before(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    visit(database, rules, NOW + DAY, page({"a": "One."}, NOW - DAY))
    (held,) = look_up(database, "sample:a").versions
    assert held.version.seen_at == NOW - DAY


def test_what_was_published_before_we_watched_is_no_news_when_it_is_found(
    database: Database, reader: Reader
) -> None:
    visit(database, rules_of(reader), NOW, page({"a": "One."}, NOW))
    reader.published = {"old": NOW.date() - 31 * DAY, "late": NOW.date() - 29 * DAY}
    visit(database, rules_of(reader), NOW + DAY, page({"old": "x", "late": "y"}, NOW + DAY))
    assert names(database) == [("late", "new")]


class Reported(Reader):
    """Reads decisions of which the year alone is stated, as a listing of them has it."""

    def __init__(self, **years: int) -> None:
        super().__init__()
        self.years = years

    def version(self, page: Page, key: str, text: str) -> Version:
        version = super().version(page, key, text)
        return replace(version, metadata={"year": self.years.get(key, NOW.year)})


def test_of_what_states_a_year_alone_the_year_must_be_over_to_be_no_news(
    database: Database,
) -> None:
    rules = rules_of(Reported(old=NOW.year - 1))
    visit(database, rules, NOW, page({"a": "One."}, NOW))
    visit(database, rules, NOW + DAY, page({"old": "x", "new": "y"}, NOW + DAY))
    assert names(database) == [("new", "new")]


def test_a_year_that_is_over_for_days_only_may_be_news(database: Database) -> None:
    begun = NOW.replace(year=NOW.year + 1, month=1, day=30)
    rules = rules_of(Reported(late=NOW.year))
    visit(database, rules, begun, page({"a": "One."}, begun))
    visit(database, rules, begun + DAY, page({"late": "x"}, begun + DAY))
    assert names(database) == [("late", "new")]


@pytest.mark.parametrize(
    ("metadata", "dates", "known"),
    [
        ({"year": 2022}, {}, date(2022, 12, 31)),
        ({"year": 2022}, {DateKind.PUBLISHED: date(2022, 3, 1)}, date(2022, 3, 1)),
        ({"year": 2002}, {DateKind.DECIDED: date(2022, 3, 1)}, date(2022, 3, 1)),
        ({"year": 2022}, {DateKind.DESIGNATED: date(2026, 3, 1)}, date(2026, 3, 1)),
        ({"year": 2022, "note": "as amended"}, {}, None),
        (
            {"year": 2022, "note": "as amended"},
            {DateKind.AMENDED: date(2026, 3, 1)},
            date(2026, 3, 1),
        ),
        ({"year": 202}, {}, None),
        ({}, {DateKind.DECIDED: date(2022, 3, 1)}, None),
    ],
)
def test_by_which_day_a_document_was_public(
    metadata: dict[str, Any], dates: dict[DateKind, date], known: date | None
) -> None:
    stated = (
        StatedDate(kind=kind, on=on, words=on.isoformat(), read_from="text")
        for kind, on in dates.items()
    )
    version = Reader().version(page({"a": "One."}, NOW), "a", "One.")
    assert public_by(replace(version, metadata=metadata, dates=tuple(stated))) == known
