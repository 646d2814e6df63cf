"""A run that is not normal changes nothing, says what moved, and is looked at again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from publisher import DAY, NOW, Reader, page, rules_of, visit

from index import archive, history, ingest, runs, store
from index.archive import Archive
from index.database import Database
from index.ingest import Readings
from index.intake import Rules
from index.runs import RunState
from pipeline.health import Normal

MANY = {f"n{number}": f"Notice number {number}." for number in range(24)}


@pytest.fixture
def rules() -> Rules:
    return rules_of(Reader())


def keys(database: Database) -> list[str]:
    return [change.document.key for change in history.recorded(database)]


def test_a_run_outside_its_bounds_changes_nothing_and_says_what_moved(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(MANY, NOW))
    more = page({**MANY, "new": "News."}, NOW + DAY)
    run = visit(database, rules, NOW + DAY, more, bounds=(0, 24))
    assert run.state is RunState.FAILED
    assert "25 documents were read where 0 to 24 are normal" in run.failures[0]
    assert keys(database) == []
    assert store.counts(database) == {"sample": 24}


def test_what_was_withheld_is_taken_in_by_the_next_healthy_run(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(MANY, NOW))
    more = page({**MANY, "new": "News."}, NOW + DAY)
    visit(database, rules, NOW + DAY, more, bounds=(0, 24))
    again = visit(database, rules, NOW + 2 * DAY, confirmed=(more.url,), bounds=(0, 24))
    assert again.state is RunState.FAILED
    healthy = visit(database, rules, NOW + 3 * DAY, confirmed=(more.url,))
    assert healthy.state is RunState.COMPLETE
    assert keys(database) == ["new"]


def test_too_few_documents_mean_nothing_where_a_failure_explains_them(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(MANY, NOW))
    news = page({"new": "News."}, NOW + DAY, "https://example.gov/news")
    run = visit(database, rules, NOW + DAY, news, failures=("list: 500",), bounds=(20, 99))
    assert run.failures == ("list: 500",)
    assert keys(database) == ["new"]


def test_a_field_that_is_stated_too_rarely_fails_the_run(database: Database, rules: Rules) -> None:
    normal = Normal(floor=0, ceiling=99, fills={"title": 0.9, "citation": 0.9})
    run = visit(database, rules, NOW, page(MANY, NOW), normal=normal)
    (failure,) = run.failures
    assert "“citation” is stated in 0 of 24 documents where 90% are normal" in failure
    assert store.counts(database) == {}


def test_a_page_that_carried_dozens_and_carries_none_is_withheld_and_the_rest_is_not(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(MANY, NOW))
    other = page({"new": "News."}, NOW + DAY, "https://example.gov/news")
    run = visit(database, rules, NOW + DAY, page({}, NOW + DAY), other)
    (failure,) = run.failures
    assert "it named 24 documents and now names none" in failure
    assert keys(database) == ["new"]


def test_rebuild_does_not_take_in_what_was_withheld(database: Database, rules: Rules) -> None:
    visit(database, rules, NOW, page(MANY, NOW), bounds=(99, 100))
    for number in archive.numbers(database):
        assert ingest.rebuild(database, number, rules) == ""
    assert runs.waiting(database, ["sample"]) == ()


def test_readings_that_do_not_fit_are_read_again(database: Database, rules: Rules) -> None:
    readings = Readings(rules, room=10)
    first = page({"a": "A long text, longer than the room."}, NOW)
    kept = readings.keep(1, first)
    visit(database, rules, NOW, first)
    with database.read() as connection:
        assert readings.take(connection, 1) == kept


def test_the_pages_of_a_run_that_was_cut_off_are_judged_too(
    database: Database, rules: Rules
) -> None:
    visit(database, rules, NOW, page(MANY, NOW))
    cut_off = runs.begin_run(database, "sample", NOW + DAY)
    for number in range(25):
        own = page({f"n{number}": "Garbled."}, NOW + DAY, f"https://example.gov/{number}")
        Archive(database, cut_off.id).keep(own)
    lean = Normal(floor=0, ceiling=99, fills={"citation": 0.9})
    visit(database, rules, NOW + 2 * DAY, normal=lean)
    assert keys(database) == []
    assert runs.waiting(database, ["sample"]) == ()


def test_what_no_database_takes_costs_one_page(database: Database, rules: Rules) -> None:
    bad = page({"a": "Half a pair: \ud83d."}, NOW, "https://example.gov/bad")
    run = visit(database, rules, NOW, bad, page({"b": "Two."}, NOW))
    assert run.state is RunState.FAILED
    assert "https://example.gov/bad: the reader failed" in run.failures[0]
    assert store.counts(database) == {"sample": 1}
    assert visit(database, rules, NOW + DAY, page({"b": "Two."}, NOW + DAY)).failures == ()


def test_pages_of_a_source_that_is_no_longer_installed_wait(
    database: Database, rules: Rules
) -> None:
    run = runs.begin_run(database, "gone", NOW)
    Archive(database, run.id).keep(replace(page({"x": "X."}, NOW), source="gone"))
    runs.end_crawl(database, run.id, requests=1, size=0, blocked=False, failures=())
    assert visit(database, rules, NOW, page({"a": "One."}, NOW)).state is RunState.COMPLETE
