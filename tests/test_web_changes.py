"""The pages of what changed: by day and event, filtered, each change with its whole redline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import version
from holding import hold as take
from starlette.testclient import TestClient
from test_relating import STORY, hold

from index import listing
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web.app import create
from lexwatch.web.frame import path
from pipeline.model import ChangeKind

NOW = datetime(2026, 10, 20, 17, tzinfo=UTC)
CHAPTER = version(
    "An officer may ask an applicant for asylum for evidence.",
    "A second paragraph says the same as before.",
    source="sample",
    key="chapter",
    title="Chapter 3 <script>alert(1)</script>",
)
EDITED = version(
    "An officer must ask an applicant for asylum for evidence within 30 days.",
    "A second paragraph says the same as before.",
    source="sample",
    key="chapter",
    title="Chapter 3 <script>alert(1)</script>",
)
TYPED = version(
    "An officer must ask an applicant for asylum for evidence within 30 days.",
    "A  second paragraph says the same as before\u00a0.",
    source="sample",
    key="chapter",
    title="Chapter 3 <script>alert(1)</script>",
)
LONG = version(*(f"Paragraph {n} on asylum: {'word ' * 60}" for n in range(300)), key="long")
LONGER = version(
    *(f"Paragraph {n} on asylum: {'term ' * 60}{n}" for n in range(300)),
    key="long",
)


def opened(folder: Path) -> App:
    settings = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    return App(settings, lambda: NOW)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """October 5 to 7: what was published long ago. 8: what joins it. 9: a chapter; 10: its edit;
    11: other spaces in it; 12 and 13: a chapter that is changed throughout."""
    made = opened(tmp_path_factory.mktemp("changes"))
    hold(made.database, STORY)
    for place, each in enumerate((CHAPTER, EDITED, TYPED), 4):
        take(made.database, each, first=place)
    take(made.database, LONG, LONGER, first=7)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def site(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


def seen(site: TestClient, address: str, status: int = 200) -> str:
    answer = site.get(address)
    assert answer.status_code == status, answer.text
    assert len(answer.content) < 100_000
    assert answer.text.count("<h1") == 1
    return " ".join(answer.text.split())


def number(app: App, kind: ChangeKind, key: str) -> int:
    every = listing.listed(app.database, datetime(2026, 1, 1, tzinfo=UTC), NOW, everything=True)
    found = listing.numbered(app.database, [each.id for each in every if each.kind is kind])
    return next(each.id for each in found if each.document.key == key)


# By day


def test_changes_stand_by_day_the_newest_first(site: TestClient) -> None:
    days = re.findall(r'<h2 id="day-([\d-]+)">', seen(site, "/changes"))
    assert days == sorted(days, reverse=True) and days[-1] == "2026-10-08"


def test_documents_of_one_event_stand_together(site: TestClient) -> None:
    said = seen(site, "/changes?since=2026-10-08&until=2026-10-08")
    assert "One event · 4 documents held" in said and 'class="event"' in said


def test_what_the_first_reading_found_is_told_only_to_who_asks(site: TestClient) -> None:
    day = "since=2026-10-05&until=2026-10-05"
    assert "0 changes" in seen(site, f"/changes?{day}")
    assert "1 change " in seen(site, f"/changes?{day}&all=1")


def test_a_change_says_why_and_shows_the_beginning_of_its_redline(site: TestClient) -> None:
    said = seen(site, "/changes?since=2026-10-10&until=2026-10-10")
    assert "An operative word" in said or "a period" in said
    assert "Topic Asylum" in said
    assert re.search(r"<del>.*?may.*?</del>", said) and re.search(r"<ins>.*?must.*?</ins>", said)


def test_what_was_crawled_is_shown_and_does_nothing(site: TestClient) -> None:
    said = seen(site, "/changes?since=2026-10-09&until=2026-10-10")
    assert "<script>alert" not in said and "&lt;script&gt;alert(1)" in said


def test_filters_count_what_the_others_leave(site: TestClient) -> None:
    said = seen(site, "/changes?class=editorial")
    assert re.search(r">Substantive</a> <span>\d+</span>", said)
    assert "0 changes" in said and "with these filters" in said


def test_a_filter_that_is_on_can_be_taken_off(site: TestClient) -> None:
    said = seen(site, "/changes?class=substantive")
    (href,) = re.findall(r'href="(/changes[^"]*)" class="on"', said)
    assert "class=" not in href


def test_every_change_is_on_one_page_alone(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lexwatch.web.routes.changes.PAGE", 2)
    told: list[str] = []
    for page in range(1, 9):
        said = seen(site, f"/changes?page={page}")
        told += re.findall(r'<article class="card change" id="change-(\d+)"', said)
        if 'rel="next"' not in said:
            break
    assert len(told) == len(set(told)) == 5


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("class=grave", "No class"),
        ("topic=nothing", "No topic"),
        ("source=nobody", "No source"),
        ("since=yesterday", "is no day"),
        ("since=2026-10-09&until=2026-10-01", "lies before the first"),
        ("since=2020-01-01&until=2026-10-01", "more than a year"),
        ("page=0", "a whole number"),
    ],
)
def test_what_can_not_be_asked_is_said_with_what_can(
    site: TestClient, query: str, words: str
) -> None:
    assert words in seen(site, f"/changes?{query}", 400)


# A period without changes


def test_silence_says_whether_we_looked_and_where_the_last_change_is(site: TestClient) -> None:
    said = seen(site, "/changes?since=2026-10-15&until=2026-10-20")
    assert "NOT READ" in said and "Whether anything changed is not known" in said
    assert "The last change before it is of" in said and "since=2026-10-13" in said


def test_an_empty_database_has_a_page_that_helps(tmp_path: Path) -> None:
    empty = TestClient(create(opened(tmp_path)), base_url="http://127.0.0.1:8765")
    assert "Whether anything changed is not known" in seen(empty, "/changes")
    assert "Nothing that lexwatch holds falls due" in seen(empty, "/week")


# One change


def test_a_change_is_told_whole_with_its_event(app: App, site: TestClient) -> None:
    said = seen(site, f"/changes/{number(app, ChangeKind.NEW, STORY[3].document.key)}")
    for words in ("Its documents", "Its dates", "December 1, 2026", "Joined by:", "(this change)"):
        assert words in said, words
    assert f'href="{path(STORY[3].document)}"' in said


def test_a_long_redline_is_given_whole_in_pages(app: App, site: TestClient) -> None:
    address = f"/changes/{number(app, ChangeKind.TEXT, 'long')}"
    parts = int(re.findall(r"Part 1 of (\d+)", seen(site, address))[0])
    said = " ".join(seen(site, f"{address}?page={page}") for page in range(1, parts + 1))
    assert parts > 1
    assert all(f"Paragraph {n} on asylum" in said for n in range(300))
    assert "a whole number from 1" in seen(site, f"{address}?page={parts + 1}", 400)


def test_what_was_left_out_as_noise_is_shown_with_its_rule(app: App, site: TestClient) -> None:
    address = f"/changes/{number(app, ChangeKind.TEXT, 'chapter')}"
    assert "Left out as noise" in seen(site, address)
    assert re.search(r"By the rule “[a-z ]+”: 1 edit", seen(site, address))
    day = "since=2026-10-11&until=2026-10-11"
    assert "0 changes" in seen(site, f"/changes?{day}")
    assert "1 change " in seen(site, f"/changes?{day}&class=noise")


def test_a_change_leads_to_those_before_and_after(app: App, site: TestClient) -> None:
    old = number(app, ChangeKind.NEW, "chapter")
    new = number(app, ChangeKind.TEXT, "chapter") - 1
    assert f'href="/changes/{new}" rel="next"' in seen(site, f"/changes/{old}")
    assert f'href="/changes/{old}" rel="prev"' in seen(site, f"/changes/{new}")
    assert 'href="/compare/sample/chapter?from=1&amp;to=2"' in seen(site, f"/changes/{new}")


@pytest.mark.parametrize("none", ["0", "9999", "2147483648", "9" * 40])
def test_a_number_that_is_none_is_said_to_be_none(site: TestClient, none: str) -> None:
    assert f"There is no change {none}" in seen(site, f"/changes/{none}", 404)


def test_who_asks_again_is_handed_the_same_until_something_is_written(app: App) -> None:
    wanted = [number(app, ChangeKind.TEXT, "chapter")]
    (first,), (again,) = (listing.numbered(app.database, wanted) for _ in range(2))
    assert first is again
    with app.database.write():
        pass
    (anew,) = listing.numbered(app.database, wanted)
    assert anew == first
