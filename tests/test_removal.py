"""Removed from the site, and back on it: only what two complete readings a day apart show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from publisher import DAY, NOW, Reader, page, rules_of, visit

from index import history
from index.database import Database
from index.intake import Rules
from index.lookup import look_up
from index.runs import RunState
from pipeline.health import Normal
from pipeline.model import Page

ALL = Normal(floor=0, ceiling=1000, enumerates=True, one_per_page=True)
HOUR = timedelta(hours=1)
BOTH, ONE = {"a": "One.", "b": "Two."}, {"a": "One."}
OWN = "https://example.gov/b"  # the address of one document


@pytest.fixture
def rules() -> Rules:
    return rules_of(Reader())


def said(database: Database) -> list[tuple[str, str]]:
    return [(one.document.key, one.difference.kind) for one in history.recorded(database)]


def missing(at: timedelta) -> Page:
    return replace(page({}, NOW + at, OWN), status=404)


def test_absent_from_two_complete_readings_a_day_apart_is_removed(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(BOTH, NOW), normal=ALL)
    visit(database, rules, NOW + DAY, page(ONE, NOW + DAY), normal=ALL)
    assert said(database) == []
    visit(database, rules, NOW + 2 * DAY, page(ONE, NOW + 2 * DAY), normal=ALL)
    assert said(database) == [("b", "removed-from-site")]
    (change,) = history.recorded(database)
    assert "October 6, 2026 and on October 7, 2026, do not name it" in change.difference.reasons[0]
    assert change.old is not None
    assert change.old.text == "Two."
    visit(database, rules, NOW + 3 * DAY, page(ONE, NOW + 3 * DAY), normal=ALL)
    assert len(said(database)) == 1


def test_less_than_a_day_between_two_readings_proves_nothing(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(BOTH, NOW), normal=ALL)
    for hours in (1, 12, 23):
        at = NOW + hours * HOUR
        visit(database, rules, at, page(ONE, at), normal=ALL)
    assert said(database) == []


def test_a_source_that_does_not_enumerate_removes_nothing(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, page(BOTH, NOW))
    for days in (1, 2, 3):
        visit(database, rules, NOW + days * DAY, page(ONE, NOW + days * DAY))
    assert said(database) == []


def test_failed_readings_prove_no_absence_but_a_sighting_in_one_counts(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(BOTH, NOW), normal=ALL)
    for days in (1, 2, 3):
        at = NOW + days * DAY
        visit(database, rules, at, page(ONE, at), failures=("x: 500",), normal=ALL)
    assert said(database) == []
    visit(database, rules, NOW + 4 * DAY, page(ONE, NOW + 4 * DAY), normal=ALL)
    seen = NOW + 5 * DAY
    visit(database, rules, seen, page(BOTH, seen), failures=("x: 500",), normal=ALL)
    visit(database, rules, NOW + 6 * DAY, page(ONE, NOW + 6 * DAY), normal=ALL)
    assert said(database) == []


def test_what_was_removed_and_is_shown_again_is_back(database: Database, rules: Rules) -> None:
    for days, shown in enumerate((BOTH, ONE, ONE, BOTH)):
        visit(database, rules, NOW + days * DAY, page(shown, NOW + days * DAY), normal=ALL)
    assert said(database) == [("b", "removed-from-site"), ("b", "back-on-site")]
    assert look_up(database, "sample:b").held.version.text == "Two."


def test_what_comes_back_with_another_text_says_both(database: Database, rules: Rules) -> None:
    changed = {"a": "One.", "b": "Officers must act."}
    for days, shown in enumerate((BOTH, ONE, ONE, changed)):
        visit(database, rules, NOW + days * DAY, page(shown, NOW + days * DAY), normal=ALL)
    back = history.recorded(database)[-1]
    assert back.difference.kind == "back-on-site"
    assert back.difference.edits


def test_an_address_the_site_still_gives_and_has_no_page_for_a_day_is_removed(
    database: Database, rules: Rules
) -> None:
    first = page(ONE, NOW)
    visit(database, rules, NOW, first, page({"b": "Two."}, NOW, OWN), normal=ALL)
    listed: dict[str, Any] = {"confirmed": (first.url,), "gone": (OWN,), "normal": ALL}
    failed = visit(database, rules, NOW + DAY, missing(DAY), **listed)
    assert failed.state is RunState.FAILED
    assert f"{OWN}: the site names this address and has no page there" in failed.failures[0]
    assert said(database) == []
    confirmed = visit(database, rules, NOW + 2 * DAY, missing(2 * DAY), **listed)
    assert confirmed.state is RunState.COMPLETE
    assert said(database) == [("b", "removed-from-site")]
    after = visit(database, rules, NOW + 3 * DAY, missing(3 * DAY), **listed)
    assert after.state is RunState.COMPLETE
    assert len(said(database)) == 1


def test_a_list_that_is_missing_removes_none_of_its_documents(
    database: Database, rules: Rules
) -> None:
    normal = Normal(floor=0, ceiling=1000)
    visit(database, rules, NOW, page(BOTH, NOW, OWN), normal=normal)
    for days in (1, 2, 3):
        run = visit(
            database, rules, NOW + days * DAY, missing(days * DAY), gone=(OWN,), normal=normal
        )
        assert run.state is RunState.FAILED
    assert said(database) == []


def test_a_document_at_another_address_is_not_removed_with_its_first(
    database: Database, rules: Rules
) -> None:
    moved = "https://example.gov/now-here"
    visit(database, rules, NOW, page(ONE, NOW), page({"b": "Two."}, NOW, OWN), normal=ALL)
    for days in (1, 2, 3, 4):
        at = NOW + days * DAY
        here = page({"b": "Two."}, at, moved)
        visit(
            database, rules, at, page(ONE, at), here, missing(days * DAY), gone=(OWN,), normal=ALL
        )
    assert said(database) == []


def test_a_part_of_a_site_is_no_reading_of_it(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, page(BOTH, NOW), normal=ALL)
    part = NOW + DAY
    visit(database, rules, part, page(ONE, part), is_whole=False, normal=ALL)
    for days in (2, 2.5):
        at = NOW + days * DAY
        visit(database, rules, at, page(ONE, at), normal=ALL)
    assert said(database) == []


def test_a_reading_that_was_withheld_still_shows_that_a_document_is_there(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(BOTH, NOW), normal=ALL)
    visit(database, rules, NOW + DAY, page(ONE, NOW + DAY), normal=ALL)
    seen = NOW + 1.5 * DAY
    narrow = Normal(floor=0, ceiling=1, enumerates=True)
    assert visit(database, rules, seen, page(BOTH, seen), normal=narrow).failures
    visit(database, rules, NOW + 2 * DAY, page(ONE, NOW + 2 * DAY), normal=ALL)
    assert said(database) == []


def test_a_dead_link_to_what_we_never_held_does_not_fail_every_run(
    database: Database, rules: Rules
) -> None:
    states = []
    for days in range(3):
        at = NOW + days * DAY
        run = visit(
            database, rules, at, page(ONE, at), missing(days * DAY), gone=(OWN,), normal=ALL
        )
        states.append(run.state)
    assert states == [RunState.FAILED, RunState.COMPLETE, RunState.COMPLETE]
    assert said(database) == []


def test_a_removed_document_can_still_be_looked_up_and_a_mark_is_no_version(
    database: Database, rules: Rules
) -> None:
    for days, shown in enumerate((BOTH, ONE, ONE)):
        visit(database, rules, NOW + days * DAY, page(shown, NOW + days * DAY), normal=ALL)
    shown_now = look_up(database, "sample:b")
    assert shown_now.held.version.text == "Two."
    assert len(shown_now.versions) == 1
