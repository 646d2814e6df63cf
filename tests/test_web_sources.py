"""The pages of sources: health, counts against normal, failures with their page, gaps, runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index import runs, verdict
from index.archive import Archive, note
from index.database import Database
from index.faults import faults
from lexwatch.app import App
from lexwatch.settings import Crawl, Data, Settings, Topics
from lexwatch.web.app import create
from lexwatch.web.sources import _together
from pipeline.health import Normal, Tally
from pipeline.model import Page

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
ANYTHING = Normal(floor=0, ceiling=1_000)
HOSTILE = b"<script>alert(1)</script>"


def page(number: int, *, status: int = 200, source: str = "federal_register") -> Page:
    url = f"https://sample.example/{number}?<b>"
    return Page(
        source=source,
        url=url,
        final_url=url,
        asked=f"https://mirror.example/{number}",
        status=status,
        headers={"content-type": "text/html"},
        body=HOSTILE + str(number).encode(),
        fetched_at=NOW - timedelta(days=1),
    )


def visit(database: Database, at: datetime, *pages: Page, failures: tuple[str, ...] = ()) -> None:
    """A run that brought pages; those that are no page of the site could not be read."""
    run = runs.begin_run(database, "federal_register", at)
    archive = Archive(database, run.id)
    for each in pages:
        archive.keep(each)
    runs.end_crawl(
        database,
        run.id,
        requests=9,
        size=100,
        blocked=False,
        failures=[f"<i>{f}" for f in failures],
    )
    numbers = runs.unexamined(database, ["federal_register"])
    with database.write() as connection:
        for number in numbers:
            note(connection, number, Tally(keys=("k",), versions=1), "it lost its <b>list</b>", at)
    verdict.judge(database, run.id, at, ANYTHING)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Read completely on November 1 to 5 and 9; on the 21st, thirty pages could not be read."""
    folder = tmp_path_factory.mktemp("sources")
    given = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    made = App(given, lambda: NOW)
    for day in (1, 2, 3, 4, 5, 9):
        visit(made.database, datetime(2026, 11, day, 15, tzinfo=UTC))
    pages = [page(number) for number in range(30)] + [page(99, status=503)]
    visit(made.database, datetime(2026, 11, 21, 15, tzinfo=UTC), *pages)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def site(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


def seen(site: TestClient, address: str, status: int = 200) -> str:
    answer = site.get(address)
    assert answer.status_code == status, answer.text
    assert len(answer.content) < 100_000 and answer.text.count("<h1") == 1
    return " ".join(answer.text.split())


def test_what_failed_stands_first_with_its_reason(site: TestClient) -> None:
    said = seen(site, "/sources")
    first = re.findall(r'<h2><a href="/sources/([a-z_0-9]+)">', said)[0]
    assert first == "federal_register"
    assert "Last run: failed" in said and "it lost its" in said and "more failures" in said


def test_a_source_that_is_not_read_when_it_is_due_is_told_to_be_late(site: TestClient) -> None:
    assert "Not read completely for 13 days, though that was due" in seen(site, "/sources")


def test_what_publishes_on_working_days_alone_is_not_late_after_a_weekend(tmp_path: Path) -> None:
    friday, now = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 23, 11, tzinfo=UTC)
    given = Settings(data=Data(folder=str(tmp_path)), crawl=Crawl(contact="ops@firm.example"))
    made = App(given, lambda: now)
    visit(made.database, friday)
    watched = TestClient(create(made), base_url="http://127.0.0.1:8765")
    assert "though that was due" not in seen(watched, "/sources/federal_register")
    made.database.close()


def test_a_source_that_is_off_says_why(site: TestClient) -> None:
    said = seen(site, "/sources")
    assert "not watched, and why" in said and "its real pages were never recorded" in said.lower()


def test_the_days_without_a_complete_reading_are_told_together(site: TestClient) -> None:
    said = seen(site, "/sources/federal_register")
    assert "November 6, 2026 to November 8, 2026 (3 days)" in said
    assert "November 10, 2026 to November 21, 2026 (12 days)" in said


def test_every_run_is_told_with_its_counts_against_normal(site: TestClient) -> None:
    said = seen(site, "/sources/federal_register")
    assert said.count("<tr>") == 1 + 7
    assert "are normal" in said and "and 21 more failures" in said


def test_each_page_that_was_not_taken_in_is_offered_with_what_is_known_of_it(
    app: App, site: TestClient
) -> None:
    said = seen(site, "/sources/federal_register")
    held, total = faults(app.database, "federal_register", limit=100)
    assert total == len(held) == 31 and "31 pages" in said
    assert held[0].sha256 in said and "https://mirror.example/99" in said
    rest = seen(site, "/sources/federal_register?faults=2")
    shown = [re.findall(r"/pages/(\d+)", each) for each in (said, rest)]
    assert sorted(map(int, shown[0] + shown[1])) == sorted(each.page for each in held)


def test_a_kept_page_is_a_download_that_runs_nothing(app: App, site: TestClient) -> None:
    held, _ = faults(app.database, "federal_register", limit=1)
    answer = site.get(f"/sources/federal_register/pages/{held[0].page}")
    assert answer.content == HOSTILE + b"99"
    assert answer.headers["content-type"].startswith("application/octet-stream")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("number", ["0", "999999", "x", "-1", "1" * 30, "²"])
def test_a_page_that_is_not_among_them_is_not_shown(site: TestClient, number: str) -> None:
    assert "see the" in seen(site, f"/sources/federal_register/pages/{number}", 404)


def test_the_page_of_another_source_is_not_shown(app: App, site: TestClient) -> None:
    held, _ = faults(app.database, "federal_register", limit=1)
    seen(site, f"/sources/bia_decisions/pages/{held[0].page}", 404)


def test_what_publishers_wrote_is_escaped(site: TestClient) -> None:
    said = seen(site, "/sources/federal_register")
    assert "<b>list" not in said and "<script>alert" not in said and "?<b>" not in said


def test_a_source_that_there_is_not_is_named_with_a_near_one(site: TestClient) -> None:
    assert "federal_register" in seen(site, "/sources/federal_registr", 404)


def test_a_source_that_was_never_visited_claims_nothing(site: TestClient) -> None:
    said = seen(site, "/sources/bia_decisions")
    assert "never read completely" in said and "It was not visited yet" in said


def test_a_page_of_runs_that_there_is_not_helps(site: TestClient) -> None:
    assert "not visited so early" in seen(site, "/sources/federal_register?page=9")
    assert "a whole number" in seen(site, "/sources/federal_register?page=x", 400)


def test_days_in_a_row_are_one_gap() -> None:
    days = [date(2026, 11, day) for day in (1, 2, 3, 7, 9, 10)]
    assert [*_together(days)] == [
        (date(2026, 11, 1), date(2026, 11, 3)),
        (date(2026, 11, 7), date(2026, 11, 7)),
        (date(2026, 11, 9), date(2026, 11, 10)),
    ]
    assert [*_together([])] == []
