"""The page of a week: what matters most, what falls due, and whether we looked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import precedent
from holding import hold as take
from starlette.testclient import TestClient
from test_relating import STORY, hold
from test_web_changes import CHAPTER, EDITED, seen

from index import runs
from index.verdict import judge
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web.app import create
from pipeline.health import Normal

NOW = datetime(2026, 10, 20, 17, tzinfo=UTC)  # a Tuesday


class Office:
    """An app whose clock a test can move."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        settings = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
        self.app = App(settings, lambda: self.now)

    def site(self) -> TestClient:
        return TestClient(create(self.app), base_url="http://127.0.0.1:8765")

    def read(self, at: datetime, *names: str) -> None:
        """Note that sources were read whole, and nothing was found."""
        for name in names or self.app.enabled():
            run = runs.begin_run(self.app.database, name, at)
            runs.end_crawl(
                self.app.database, run.id, requests=9, size=0, blocked=False, failures=()
            )
            judge(self.app.database, run.id, at, Normal(floor=0, ceiling=9))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("week"))
    hold(office.app.database, STORY)
    take(office.app.database, CHAPTER, EDITED, first=4)
    yield office
    office.app.database.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.app.database.close()


def test_a_week_runs_from_monday_to_sunday_whatever_day_is_asked(told: Office) -> None:
    site = told.site()
    pages = {seen(site, f"/week?of=2026-10-{day:02}") for day in range(5, 12)}
    assert len(pages) == 1
    assert "The week of October 5, 2026" in pages.pop()


def test_it_says_first_what_matters_most(told: Office) -> None:
    said = seen(told.site(), "/week?of=2026-10-05")
    most = said.index("What matters most")
    assert "3 changes (2 new, 1 substantive)" in said[:most]
    assert re.search(r'<h3><a href="/changes/\d+">', said[most:])


def test_topics_are_counted_and_lead_to_their_changes(told: Office) -> None:
    site = told.site()
    said = seen(site, "/week?of=2026-10-05")
    found = re.search(r'<a href="(/changes\?topic=asylum[^"]*)">[^<]*</a></th><td>(\d+)</td>', said)
    assert found
    address, count = found[1].replace("&amp;", "&"), found[2]
    assert f"{count} changes" in seen(site, address)


def test_weeks_lead_to_each_other_but_not_ahead_nor_behind_the_beginning(told: Office) -> None:
    site = told.site()
    now = seen(site, "/week")
    assert 'rel="prev" href="/week?of=2026-10-12"' in now and 'rel="next"' not in now
    assert "The week is not over" in now
    first = seen(site, "/week?of=2026-10-05")
    assert 'rel="next" href="/week?of=2026-10-12"' in first
    assert "The week is not over" not in first
    assert 'rel="prev"' not in seen(site, "/week?of=2026-09-28")


def test_a_week_to_come_leads_to_the_deadlines(told: Office) -> None:
    assert "see the deadlines" in seen(told.site(), "/week?of=2026-10-21", 400)


def test_dates_of_the_week_and_of_the_two_after_it_are_told(told: Office) -> None:
    told.now = datetime(2026, 11, 17, 17, tzinfo=UTC)
    try:
        said = seen(told.site(), "/week")
        assert "Nothing that lexwatch holds falls due in this week" in said
        assert "In the two weeks after it" in said and "December 1, 2026" in said
        told.now += timedelta(days=14)
        due = seen(told.site(), "/week")
        assert "Takes effect" in due and "December 1, 2026" in due
    finally:
        told.now = NOW


def test_an_empty_week_says_that_we_looked(empty: Office) -> None:
    empty.read(NOW - timedelta(days=8))
    empty.read(NOW - timedelta(hours=2))
    said = seen(empty.site(), "/week")
    assert "Nothing changed. We looked: every source was read completely" in said
    assert "Not read after" not in said  # the days to come


def test_an_empty_week_in_which_a_source_was_not_read_names_it(empty: Office) -> None:
    one, *others = empty.app.enabled()
    empty.read(NOW - timedelta(hours=2), *others)
    said = seen(empty.site(), "/week")
    assert f"not read: {empty.app.titles[one]}" in said
    assert "Nothing changed in what was read" in said
    assert "Not everything could be read" in said


def test_an_empty_week_leads_to_the_last_in_which_something_changed(told: Office) -> None:
    said = seen(told.site(), "/week?of=2026-10-19")
    assert '<a href="/week?of=2026-10-10">October 10, 2026</a>' in said


def test_a_precedent_is_told_with_what_it_did(empty: Office) -> None:
    decision = precedent(
        "Matter of S-A-M-P-L-E-Y-, 27 I&N Dec. 1 (BIA 2017), overruled.", name="Matter of Q-"
    )
    hold(empty.app.database, [STORY[0]])
    take(empty.app.database, decision, first=1)
    said = seen(empty.site(), "/week?of=2026-10-05")
    assert "New precedents, and what they did to older ones" in said
    assert "Overrules" in said


def test_so_many_changes_that_not_all_are_weighed_are_said_to_be(
    told: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lexwatch.web.routes.week.MOST", 1)
    assert "2 more changes of this week are not weighed here" in seen(
        told.site(), "/week?of=2026-10-05"
    )
