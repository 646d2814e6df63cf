"""The USCIS newsroom: lists, what they lead to, what is left out, and what a visit costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from goldens import page
from servers import Answer, Publisher
from visits import visit

from crawlers import newsroom
from crawlers.source import Follow, Visit
from crawlers.sources import uscis_alerts, uscis_news
from crawlers.sources.uscis_alerts import UscisAlertsSpider
from crawlers.sources.uscis_news import UscisNewsSpider
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page

SITE = "https://www.uscis.gov"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROW = (
    '<div class="views-row"><div class="views-field views-field-title"><a href="{url}">{title}</a>'
    '</div><div class="views-field views-field-field-display-date"><time>{day}</time></div>'
    '<div class="views-field views-field-body">{summary}</div></div>'
)


def listing(rows: list[str], first: int, total: int, following: str = "") -> bytes:
    counter = f'<div class="view__item-counter">{first} - {first + len(rows) - 1} of {total}</div>'
    after = f'<li class="pager__item--next"><a href="{following}">Next</a></li>'
    end = after if following else ""
    return f"<html><main>{''.join(rows)}{counter}{end}</main></html>".encode()


def alert(title: str) -> bytes:
    return (
        '<html><main><div id="block-uscis-design-content"><article>'
        f'<div class="container container--main"><h1 class="page-title">{title}</h1><div>'
        '<div class="field--name-field-display-date field--label-inline"><time>11/18/2026</time>'
        "</div><p>Lamps may be lit.</p></div></div></article></div></main></html>"
    ).encode()


def site(days_ago: list[int]) -> dict[str, bytes]:
    """A newsroom's alerts, ten to a list, released that many days before NOW."""
    pages: dict[str, bytes] = {}
    for first in range(0, len(days_ago), 10):
        rows = []
        for number, days in enumerate(days_ago[first : first + 10], first):
            url, day = f"/newsroom/alerts/alert-{number}", NOW - timedelta(days=days)
            pages[url] = alert(f"Alert {number}")
            said = {"url": url, "title": f"Alert {number}", "summary": "Lamps."}
            rows.append(ROW.format(day=f"{day:%B %d, %Y}", **said))
        more = first + 10 < len(days_ago)
        following = f"/newsroom/alerts?page={first // 10 + 1}" if more else ""
        here = f"/newsroom/alerts?page={first // 10}" if first else "/newsroom/alerts"
        pages[here] = listing(rows, first + 1, len(days_ago), following)
    return pages


def asked(pages: dict[str, bytes], *, whole: bool, held: bool) -> list[str]:
    """The addresses a visit asks for; `held`: whatever is settled is held already."""
    waiting = list(UscisAlertsSpider.seeds(Visit(now=NOW, whole=whole)))
    found = []
    while waiting:
        follow = waiting.pop(0)
        if not (held and follow.settled):
            path = follow.url.removeprefix(SITE)
            found.append(path)
            waiting += UscisAlertsSpider.follow(_page(follow, pages[path]))
    return found


def _page(follow: Follow, body: bytes) -> Page:
    return page(uscis_alerts.NAME, follow.url, body, context=dict(follow.context))


YEAR = [*range(0, 60, 3), *range(60, 400, 10)]  # 54 alerts, 11 of them of the last 30 days


def test_a_first_visit_reads_the_whole_list_and_a_later_one_what_is_recent() -> None:
    pages = site(YEAR)
    first = asked(pages, whole=True, held=False)
    assert len(first) == len(YEAR) + 6 == len(set(first))
    whole = asked(pages, whole=True, held=True)
    assert len(whole) == 11 + 6
    light = asked(pages, whole=False, held=True)
    assert sorted(set(whole) - set(light)) == [f"/newsroom/alerts?page={n}" for n in (3, 4, 5)]


def test_a_crawl_asks_each_page_once_and_later_only_what_may_be_amended(tmp_path: Path) -> None:
    routes = {url: Answer(body=body) for url, body in site([1, 40, 400]).items()}
    with Publisher(routes) as publisher:
        for _ in range(2):
            crawled = visit(uscis_alerts.NAME, tmp_path, {SITE: publisher.base}, NOW)
            assert crawled.outcome
            assert crawled.outcome.complete
    first, later = _halves(path for path in publisher.paths() if path != "/robots.txt")
    assert first == ["/newsroom/alerts", *(f"/newsroom/alerts/alert-{n}" for n in range(3))]
    assert later == ["/newsroom/alerts", "/newsroom/alerts/alert-0"]


def _halves(paths: Iterator[str]) -> tuple[list[str], list[str]]:
    found = list(paths)
    again = found.index("/newsroom/alerts", 1)
    return sorted(found[:again]), sorted(found[again:])


def test_a_settled_alert_of_which_the_list_says_something_new_is_asked_for_again() -> None:
    def context(summary: str) -> dict[str, str]:
        said = {"url": "/newsroom/alerts/a", "title": "A", "day": "March 3, 2025"}
        body = listing([ROW.format(summary=summary, **said)], 1, 1)
        (follow,) = UscisAlertsSpider.follow(page(uscis_alerts.NAME, uscis_alerts.HOME, body))
        assert follow.settled
        return dict(follow.context)

    assert context("Lamps.") != context("Lamps, corrected.")


def test_the_day_is_the_printed_one_though_the_moment_lies_on_the_next() -> None:
    body = listing(
        [
            ROW.format(
                url="/newsroom/alerts/a", title="A", day="June 06, 2025", summary=""
            ).replace("<time>", '<time datetime="2025-06-07T00:51:01Z">')
        ],
        1,
        1,
    )
    (row,) = newsroom.rows(page(uscis_alerts.NAME, uscis_alerts.HOME, body))
    assert row.on == date(2025, 6, 6)


@pytest.mark.parametrize(
    "body",
    [
        listing([], 1, 0),
        listing([ROW.format(url="/a", title="", day="June 6, 2025", summary="")], 1, 1),
        listing([ROW.format(url="/a", title="A", day="soon", summary="")], 1, 1),
        b"<html><main><p>We are working on the site.</p></main></html>",
        listing([ROW.format(url="/a", title="A", day="June 6, 2025", summary="")], 1, 1)[:-20],
    ],
)
def test_a_list_that_lost_its_shape_is_an_error(body: bytes) -> None:
    with pytest.raises(PageChanged):
        UscisAlertsSpider.read(page(uscis_alerts.NAME, uscis_alerts.HOME, body))


def news(*rows: tuple[str, str], individuals: bool = False) -> Page:
    said = [
        ROW.format(url=url, title=title, day="November 2, 2026", summary="") for url, title in rows
    ]
    context = {"individuals": True} if individuals else {}
    body = listing(said, 1, len(said))
    return page(uscis_news.NAME, uscis_news.HOME, body, context=context)


RELEASES = (
    ("/newsroom/news-releases/fees", "Fees Rise"),
    ("/newsroom/news-releases/sentence", "Harbour Man Sentenced"),
    ("/newsroom/alerts/lamps", "Lamps"),
)


def test_what_is_left_out_is_neither_named_nor_asked_for_and_counted() -> None:
    given = news(*RELEASES)
    assert UscisNewsSpider.read(given).listed == ("fees",)
    assert [follow.url for follow in UscisNewsSpider.follow(given)] == [SITE + RELEASES[0][0]]
    assert UscisNewsSpider.read(given).left_out == {"about private people": 1}


def test_an_office_may_ask_for_individuals_and_then_the_question_is_another() -> None:
    given = news(*RELEASES, individuals=True)
    assert UscisNewsSpider.read(given).listed == ("fees", "sentence")
    assert UscisNewsSpider.read(given).left_out == {}
    assert all(follow.context["individuals"] for follow in UscisNewsSpider.follow(given))
    options = {"individuals": True}
    assert UscisNewsSpider.question(options) != UscisNewsSpider.question({})
    (seed,) = UscisNewsSpider.seeds(Visit(now=NOW, options=options))
    assert seed.context == {"whole": True, "individuals": True}


def test_an_option_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="uscis_news"):
        UscisNewsSpider.question({"individuals": "yes"})


def test_an_item_of_one_address_is_one_document_of_one_source() -> None:
    address = f"{SITE}/newsroom/alerts/lamps"
    assert uscis_alerts.key(address) == "lamps"
    assert uscis_news.key("/newsroom/alerts/lamps") == ""
    assert not UscisNewsSpider.facts.covers(address)
    with pytest.raises(PageChanged, match="no release"):
        UscisNewsSpider.read(page(uscis_news.NAME, address, alert("Lamps")))
