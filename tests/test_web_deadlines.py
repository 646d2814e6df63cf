"""The pages of what falls due: the list, the calendar by month, the file for calendar programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import stated
from falling import deadline
from lxml import html
from starlette.testclient import TestClient
from test_relating import STORY, TITLE, hold, paper
from test_web_changes import seen

from index import deadlines
from lexwatch.alerting import feeds
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web import months
from lexwatch.web.app import create
from pipeline.errors import StoreError
from pipeline.model import DateKind

BEFORE = datetime(2026, 4, 2, 17, tzinfo=UTC)  # all dates of the story lie ahead
PAPERWORK = replace(
    paper(date(2026, 3, 20), "Agency Information Collection", "notice", "60-Day notice."),
    dates=(
        stated(DateKind.PUBLISHED, date(2026, 3, 20)),
        stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 5, 19)),
    ),
)


def opened(folder: Path) -> App:
    """A proposal whose comments close on May 1, moved to June 1; and a notice on paperwork."""
    settings = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    made = App(settings, lambda: BEFORE)
    hold(made.database, STORY[:1])
    deadlines.sync(made.database, BEFORE)
    hold(made.database, [STORY[1], PAPERWORK], first=1)
    return made


def served(app: App) -> TestClient:
    return TestClient(create(app), base_url="http://127.0.0.1:8765")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """To write to."""
    made = opened(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    made = opened(tmp_path_factory.mktemp("deadlines"))
    yield served(made)
    made.database.close()


def cells(page: str) -> dict[str, str]:
    """What stands in the calendar, by day."""
    found = html.document_fromstring(page).findall(".//td")
    return {
        str(time.get("datetime")): " ".join("".join(map(str, each.itertext())).split())
        for each in found
        for time in each.findall(".//time")
    }


# The list


def test_a_date_is_told_with_its_words_and_the_days_left(site: TestClient) -> None:
    said = seen(site, "/deadlines")
    for words in ("June 1, 2026", "in 60 days", "Comments close", TITLE, "“June 1, 2026”"):
        assert words in said, words


def test_a_date_that_moved_says_from_when_and_by_what(site: TestClient) -> None:
    assert "Moved from May 1, 2026 to June 1, 2026 by 91 FR 04200" in seen(site, "/deadlines")


def test_comments_on_paperwork_stand_apart_behind_the_rest(site: TestClient) -> None:
    said = seen(site, "/deadlines")
    assert (
        said.index("June 1, 2026</time>")
        < said.index("on a form’s burden")
        < said.index("May 19, 2026</time>")
    )


def test_a_date_that_was_cancelled_is_shown_as_such(app: App) -> None:
    site = served(app)
    assert "Cancelled" not in seen(site, "/deadlines")
    hold(app.database, [STORY[2]], first=3)
    said = seen(site, "/deadlines")
    assert "Cancelled: do not rely on these days" in said
    assert "Cancelled: Comments close" in said and "followed by the final rule" in said


def test_what_came_since_the_last_run_is_there_at_once(app: App) -> None:
    site = served(app)
    later = paper(date(2026, 3, 30), "Another", "rule", "Final rule.", effective=date(2026, 4, 20))
    hold(app.database, [later], first=3)
    assert "Within 30 days" in seen(site, "/deadlines")


def test_while_somebody_writes_what_is_held_is_shown_and_that_said(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = served(app)
    seen(site, "/deadlines")
    hold(app.database, STORY[2:3], first=3)

    @contextmanager
    def busy() -> Iterator[None]:
        raise StoreError("the database is locked")
        yield

    monkeypatch.setattr(app.database, "write", busy)
    said = seen(site, "/deadlines")
    assert "Something is being written" in said and "June 1, 2026" in said


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("topic=asylum", 2),
        ("topic=h1b", 0),
        ("what=comments", 1),
        ("what=paperwork", 1),
        ("what=comments&what=paperwork", 2),
        ("what=effect", 0),
        ("days=10", 0),
        ("since=2026-06-01&until=2026-06-01", 1),
        ("source=federal_register", 0),
    ],
)
def test_dates_are_chosen_by_topic_kind_source_and_days(
    site: TestClient, query: str, count: int
) -> None:
    noun = "date" if count == 1 else "dates"
    said = seen(site, f"/deadlines?{query}")
    assert f"{count} {noun} from" in said
    assert ("Nothing that lexwatch holds falls due" in said) is (count == 0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("what=birthdays", "No &#39;birthdays&#39; falls due"),
        ("month=2026-13", "is no month"),
        ("month=1066-10", "is no month"),
        ("days=99999", "a whole number"),
        ("since=2026-06-01&until=2026-05-01", "lies before the first"),
    ],
)
def test_what_can_not_be_asked_is_said_with_what_can(
    site: TestClient, query: str, words: str
) -> None:
    assert words in seen(site, f"/deadlines?{query}", 400)


def test_a_long_list_is_given_in_pages(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lexwatch.web.routes.deadlines.PAGE", 1)
    first, second = (seen(site, f"/deadlines?page={page}") for page in (1, 2))
    assert 'rel="next"' in first and 'rel="next"' not in second and 'rel="prev"' in second
    uids = [re.findall(r'<li class="due" id="([^"]+)"', each) for each in (first, second)]
    assert [len(each) for each in uids] == [1, 1] and uids[0] != uids[1]


# The calendar


def test_a_month_is_a_table_with_headers_from_sunday_on(site: TestClient) -> None:
    page = site.get("/deadlines?month=2026-06").text
    table = html.document_fromstring(page).findall(".//table")[0]
    heads = [each for each in table.findall(".//th") if each.get("scope") == "col"]
    names = [str(each.findall("abbr")[0].get("title")) for each in heads]
    assert names[0] == "Sunday" and names[-1] == "Saturday" and table.findall("caption")
    days = [*cells(page)]
    assert (days[0], days[-1]) == ("2026-05-31", "2026-07-04")


def test_a_day_shows_what_falls_due_and_leads_to_it(site: TestClient) -> None:
    page = site.get("/deadlines?month=2026-06").text
    assert f"Comments close: {TITLE}" in cells(page)["2026-06-01"]
    assert 'href="/deadlines?since=2026-06-01&amp;until=2026-06-01"' in page


def test_the_day_from_which_a_date_moved_says_so(site: TestClient) -> None:
    may = cells(site.get("/deadlines?month=2026-05").text)
    assert "Moved to June 1: " in may["2026-05-01"]
    assert "1 on paperwork" in may["2026-05-19"]


def test_days_on_which_federal_offices_are_closed_are_marked(site: TestClient) -> None:
    may = cells(site.get("/deadlines?month=2026-05").text)
    assert "federal offices closed" in may["2026-05-25"]  # Memorial Day
    assert "federal offices closed" not in may["2026-05-26"]


def test_months_lead_to_each_other_a_year_around_today(site: TestClient) -> None:
    now = seen(site, "/deadlines?month=2026-04")
    assert "month=2026-03" in now and "month=2026-05" in now
    far = seen(site, "/deadlines?month=2029-01")
    assert "month=2029-02" not in far and "month=2028-12" not in far


def test_a_crowded_day_counts_what_it_does_not_show() -> None:
    on = date(2026, 12, 15)
    found = [deadline(uid=str(n), title=f"Rule {n}") for n in range(5)]
    cell = months.cell(on, on.replace(day=1), found)
    assert (len(cell.items), cell.more, cell.paperwork) == (3, 2, 0)


def test_what_is_cancelled_or_must_be_checked_says_so_in_the_calendar() -> None:
    on, first = date(2026, 12, 15), date(2026, 12, 1)
    (gone,) = months.cell(on, first, [deadline(is_cancelled=True, why="withdrawn")]).items
    assert gone.is_gone and gone.words.startswith("Cancelled: Comments close")
    (doubted,) = months.cell(on, first, [deadline(why="see 91 FR 1")]).items
    assert doubted.words.endswith("(check first)") and not doubted.is_gone


def test_a_date_that_moved_and_then_fell_away_is_not_said_to_have_moved() -> None:
    was = date(2026, 12, 1)
    moved = deadline(was=was, is_cancelled=True)
    assert months.cell(was, was, [moved]).items == ()


# For calendar programs


def test_the_file_is_that_of_the_feed_and_is_sent_once(app: App) -> None:
    site = served(app)
    deadlines.sync(app.database, BEFORE + timedelta(minutes=1))
    answer = site.get("/deadlines.ics")
    assert answer.status_code == 200 and answer.content == feeds.calendar(app)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"] == 'attachment; filename="lexwatch-deadlines.ics"'
    again = site.get("/deadlines.ics", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
