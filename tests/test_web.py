"""The signed endpoints over real HTTP: a GET never ends anything, a POST ends at once."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from builders import subscription
from sites import Answered, Site, serving

from alerts.tokens import Purpose, sign
from index import subscriptions, suppressions
from lexwatch.alerting import feeds, signed
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.subscription import Subscription, Suppression

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = "ana@firm.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("web")
    return App(Settings.model_validate({"data": {"folder": str(folder)}}), lambda: NOW)


@pytest.fixture(scope="module")
def site(app: App) -> Iterator[Site]:
    """As the world sees it, through a reverse proxy."""
    with serving(app) as found:
        yield replace(found, host="lexwatch.firm.example")


def path_of(app: App, address: str = ANA) -> str:
    return f"/unsubscribe/{sign(signed.key(app), Purpose.UNSUBSCRIBE, address)}"


def held(app: App, address: str) -> Suppression | None:
    with app.database.read() as connection:
        return suppressions.suppressed(connection, [address]).get(address)


# Ending mail


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_nothing_but_a_post_ends_mail(app: App, site: Site, method: str) -> None:
    address = f"{method.lower()}@firm.example"
    site.ask(path_of(app, address), method)
    assert held(app, address) is None


def test_a_get_shows_whose_mail_a_button_would_end(app: App, site: Site) -> None:
    page = site.ask(path_of(app))
    assert page.status == 200 and "Stop all mail to ana@firm.example?" in page.text
    assert '<form method="post">' in page.text and "Nothing has changed yet" in page.text


def test_the_button_ends_mail_at_once(app: App, site: Site) -> None:
    page = site.ask(path_of(app, "ben@firm.example"), "POST", b"", FORM)
    assert page.status == 200 and "Nothing more is sent to ben@firm.example" in page.text
    found = held(app, "ben@firm.example")
    assert found and (found.reason, found.at) == ("unsubscribed", NOW)
    assert found.said == "the page behind the link in a mail"


PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    ("address", "kind", "body"),
    [
        ("a@b.example", "application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
        ("c@d.example", "multipart/form-data; boundary=x", PARTS),
    ],
)
def test_one_click_of_rfc_8058_needs_neither_cookie_nor_referrer_and_is_led_nowhere(
    app: App, site: Site, address: str, kind: str, body: bytes
) -> None:
    answer = site.ask(path_of(app, address), "POST", body, {"Content-Type": kind})
    assert (answer.status, answer.body) == (200, b"") and "location" not in answer.headers
    found = held(app, address)
    assert found and found.said == "one click in a mail program"


def test_a_second_post_says_the_same_and_changes_nothing(app: App, site: Site) -> None:
    first, second = (site.ask(path_of(app, "eve@firm.example"), "POST") for _ in range(2))
    assert (first.status, first.body) == (second.status, second.body) == (200, second.body)
    assert held(app, "eve@firm.example")


def test_a_body_larger_than_any_form_is_refused_and_ends_nothing(app: App, site: Site) -> None:
    answer = site.ask(path_of(app, "fay@firm.example"), "POST", b"x" * 50_000)
    assert answer.status == 413 and held(app, "fay@firm.example") is None


# Tokens


def wrong(app: App) -> dict[str, str]:
    key = signed.key(app)
    good = sign(key, Purpose.UNSUBSCRIBE, ANA)
    return {
        # Not its last letter, some of whose bits stand for nothing.
        "altered": good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:],
        "cut": good[:-5],
        "of another key": sign(b"x" * 32, Purpose.UNSUBSCRIBE, ANA),
        "of another purpose": sign(key, Purpose.FEED, ANA),
        "of another address": sign(key, Purpose.UNSUBSCRIBE, "x@y.example").split(".")[0]
        + "."
        + good.split(".")[1],
        "empty": "%20",
        "hostile": "%3Cscript%3E",
        "long": "A" * 4000,
    }


def test_a_wrong_token_ends_nothing_and_hears_no_reason(app: App, site: Site) -> None:
    said = set()
    for token in wrong(app).values():
        for method in ("GET", "POST"):
            answer = site.ask(f"/unsubscribe/{token}", method)
            said.add((answer.status, answer.body))
    assert len(said) == 1 and next(iter(said))[0] == 404
    assert held(app, ANA) is None


def test_a_token_that_ends_mail_reads_no_calendar_and_no_feed(app: App, site: Site) -> None:
    token = sign(signed.key(app), Purpose.UNSUBSCRIBE, ANA)
    assert site.ask(f"/calendar/{token}.ics").status == 404
    assert site.ask(f"/feed/{token}.atom").status == 404


# What else there is


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/unsubscribe",
        "/unsubscribe/",
        "/calendar/",
        "/feed/a/b.atom",
        "/../etc/passwd",
        "/%2e%2e/signing.key",
        "/robots.txt",
        "/favicon.ico",
    ],
)
def test_everything_else_is_not_there(site: Site, path: str) -> None:
    answer = site.ask(path)
    assert answer.status == 404 and "There is nothing here" in answer.text


def every_answer(app: App, site: Site) -> list[Answered]:
    return [
        site.ask(path_of(app)),
        site.ask(path_of(app, "gil@firm.example"), "POST"),
        site.ask("/unsubscribe/x"),
        site.ask("/elsewhere"),
        site.ask(path_of(app), "PUT"),
        site.ask(path_of(app), "POST", b"x" * 50_000),
    ]


def test_every_answer_is_kept_by_nobody_framed_by_nobody_and_sets_no_cookie(
    app: App, site: Site
) -> None:
    for answer in every_answer(app, site):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
        assert not answer.headers.keys() & {"set-cookie", "server", "x-powered-by"}


def test_the_style_is_the_one_that_the_policy_lets_in(app: App, site: Site) -> None:
    page = site.ask(path_of(app))
    (style,) = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


class Read(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [given for name, given in self.tags if name == tag]


def test_pages_are_plain_documents_that_fetch_nothing(app: App, site: Site) -> None:
    for answer in every_answer(app, site):
        page = Read(answer.text)
        assert page.named("html") == [{"lang": "en-US"}]
        assert [len(page.named(tag)) for tag in ("title", "h1", "main")] == [1, 1, 1]
        assert not any(page.named(tag) for tag in ("script", "img", "link", "iframe", "object"))
        assert not any({"src", "onclick", "style"} & given.keys() for _, given in page.tags)


def test_an_address_that_holds_markup_is_shown_and_not_obeyed(app: App, site: Site) -> None:
    page = site.ask(path_of(app, "<b>x</b>&@firm.example"))
    assert "&lt;b&gt;x&lt;/b&gt;&amp;@firm.example" in page.text


def test_a_failure_shows_nothing_of_the_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = App(Settings.model_validate({"data": {"folder": str(tmp_path)}}), lambda: NOW)
    with serving(app) as site:
        path = path_of(app)
        with app.database.write() as connection:
            connection.exec_driver_sql("DROP TABLE suppression")
        answer = site.ask(path, "POST")
    assert answer.status == 503 and answer.headers["retry-after"]
    assert "That did not work" in answer.text
    assert not re.search("suppression|sqlite|Traceback|lexwatch.db", answer.text)


def test_no_log_holds_a_token_or_an_address(
    app: App, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = path_of(app, "hal@firm.example").rpartition("/")[2]
    site.ask(f"/unsubscribe/{token}")
    site.ask(f"/unsubscribe/{token}", "POST", b"List-Unsubscribe=One-Click")
    site.ask(f"/unsubscribe/{token}x")
    site.ask(f"/elsewhere/{token}")
    assert "GET /unsubscribe/{token} 200" in caplog.text
    assert "GET elsewhere 404" in caplog.text
    assert token not in caplog.text and "hal@" not in caplog.text


# Calendars and feeds


@pytest.fixture(scope="module")
def reading(app: App) -> Subscription:
    """One who reads calendar and feed."""
    wanted = subscription("cal", "asylum", address="cal@firm.example")
    return subscriptions.add(app.database, replace(wanted, authorities=("8 CFR 208.13",)), NOW)


def calendar_of(app: App, address: str) -> str:
    return f"/calendar/{sign(signed.key(app), Purpose.CALENDAR, address)}.ics"


def feed_of(app: App, name: str) -> str:
    return f"/feed/{sign(signed.key(app), Purpose.FEED, name)}.atom"


def test_a_reader_and_the_office_each_find_their_calendar(
    app: App, site: Site, reading: Subscription
) -> None:
    for address, name in (("", "all deadlines"), ("cal@firm.example", "deadlines for cal")):
        answer = site.ask(calendar_of(app, address))
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.body.startswith(b"BEGIN:VCALENDAR") and name in answer.text
        assert answer.body == feeds.calendar(app, address or None)


def test_a_topic_a_source_and_a_saved_search_are_feeds(
    app: App, site: Site, reading: Subscription
) -> None:
    for name in ("topic-asylum", "source-bia_decisions", f"search-{reading.id}"):
        answer = site.ask(feed_of(app, name))
        assert answer.status == 200 and answer.body == feeds.feed(app, name)
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert site.ask(feed_of(app, "topic-nothing")).status == 404


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_what_a_program_has_already_is_not_sent_again(app: App, site: Site, known: str) -> None:
    first = site.ask(calendar_of(app, ""))
    tag = first.headers["etag"]
    again = site.ask(calendar_of(app, ""), headers={"If-None-Match": known.format(tag)})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == "private, no-cache"
    assert site.ask(calendar_of(app, ""), headers={"If-None-Match": '"x"'}).status == 200


def test_a_program_may_ask_for_the_head_alone(app: App, site: Site) -> None:
    whole, head = (site.ask(calendar_of(app, ""), method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-length"] == str(len(whole.body))


def test_who_asked_for_nothing_more_has_no_calendar_and_no_feed_any_more(
    app: App, site: Site
) -> None:
    wanted = subscription("out", "asylum", address="out@firm.example")
    own = subscriptions.add(app.database, replace(wanted, authorities=("8 CFR 1003.1",)), NOW)
    ways = (calendar_of(app, "out@firm.example"), feed_of(app, f"search-{own.id}"))
    assert [site.ask(way).status for way in ways] == [200, 200]
    site.ask(path_of(app, "out@firm.example"), "POST")
    assert [site.ask(way).status for way in ways] == [404, 404]


def test_neither_calendars_nor_feeds_serve_each_other_or_end_mail(app: App, site: Site) -> None:
    key = signed.key(app)
    feed, dates = (sign(key, one, "cal@firm.example") for one in (Purpose.FEED, Purpose.CALENDAR))
    assert site.ask(f"/calendar/{feed}.ics").status == 404
    assert site.ask(f"/feed/{dates}.atom").status == 404
    assert [site.ask(f"/unsubscribe/{each}", "POST").status for each in (feed, dates)] == [404, 404]
    assert held(app, "cal@firm.example") is None
