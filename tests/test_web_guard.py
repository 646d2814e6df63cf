"""Who is answered: this machine by its own names, its own forms, under one strict policy."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from alerts.tokens import Purpose, sign
from lexwatch.alerting import signed
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Topics
from lexwatch.web.app import create
from lexwatch.web.guard import FORWARDED, HEADERS, LARGEST

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME = "http://127.0.0.1:8765"
# What is looked up: no model is loaded.
LOOKUP = "/search?q=27+I%26N+Dec.+316"
PAGES = ("/", LOOKUP, "/changes", "/deadlines", "/watch", "/draft", "/cle", "/sources", "/api")
SOUGHT = "zebra-secret"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """An office that holds nothing yet."""
    folder = tmp_path_factory.mktemp("guard")
    given = Settings(data=Data(folder=str(folder)), topics=Topics(meaning=False))
    return App(given, lambda: NOW)


@pytest.fixture(scope="module")
def made(app: App) -> FastAPI:
    return create(app)


@pytest.fixture
def site(made: FastAPI) -> TestClient:
    """A browser without cookies."""
    return TestClient(made, base_url=HOME)


def token(site: TestClient) -> str:
    page = site.get("/draft").text
    return page.partition('name="token" value="')[2].partition('"')[0]


# An empty database


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_office_that_holds_nothing_helps(site: TestClient, page: str) -> None:
    answer = site.get(page)
    assert answer.status_code == 200 and answer.text.count("<h1") == 1
    assert "Traceback" not in answer.text and len(answer.content) < 100_000


# By which name


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST:8765"])
def test_this_machine_is_answered_by_any_of_its_names(site: TestClient, host: str) -> None:
    assert site.get("/draft", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "attacker.example:8765",
        "127.0.0.1.attacker.example",
        "localhost.attacker.example",
        "127.0.0.1@attacker.example",
        "0.0.0.0",  # noqa: S104 - a name, and nothing is bound
        "127.0.0.2",
        "",
        "[::1",
        "127.0.0.1:8765:8765",
    ],
)
@pytest.mark.parametrize("page", ["/", "/draft", "/api/v1/topics", "/static/x/lexwatch.css"])
def test_another_name_that_was_pointed_here_is_told_nothing(
    site: TestClient, host: str, page: str
) -> None:
    answer = site.get(page, headers={"Host": host})
    assert answer.status_code == 404 and "There is nothing here" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("header", FORWARDED)
def test_what_a_proxy_forwards_comes_from_the_world(site: TestClient, header: str) -> None:
    assert site.get("/draft", headers={header: "for=127.0.0.1"}).status_code == 404


# What writes


def sent(site: TestClient, **headers: str) -> int:
    data = {"token": token(site), "body": "", "circuit": ""}
    answer = site.post("/forum", data=data, headers=headers, follow_redirects=False)
    return answer.status_code


def test_a_form_of_our_own_page_is_taken(site: TestClient) -> None:
    assert sent(site) == 303
    assert sent(site, Origin=HOME, **{"Sec-Fetch-Site": "same-origin"}) == 303


def test_a_browser_that_names_no_origin_but_says_that_it_is_ours_is_believed(
    site: TestClient,
) -> None:
    # What Chromium sends from a page with the policy "no-referrer".
    assert sent(site, Origin="null", **{"Sec-Fetch-Site": "same-origin"}) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://attacker.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": HOME, "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("page", ["/forum", "/draft", "/cle", "/api/v1/check-draft"])
def test_what_another_site_makes_a_browser_send_is_refused(
    site: TestClient, headers: dict[str, str], page: str
) -> None:
    answer = site.post(page, data={"token": token(site)}, headers=headers)
    assert answer.status_code == 403 and "nothing was done" in answer.text


@pytest.mark.parametrize("given", ["", "x", "é", "0" * 64])
def test_a_form_without_the_visitors_own_token_is_refused(site: TestClient, given: str) -> None:
    token(site)
    answer = site.post("/forum", data={"token": given, "body": ""}, follow_redirects=False)
    assert answer.status_code == 403 and "Nothing was changed" in answer.text


def test_the_token_of_another_visitor_is_none(made: FastAPI, site: TestClient) -> None:
    other = token(TestClient(made, base_url=HOME))
    token(site)
    assert site.post("/forum", data={"token": other}, follow_redirects=False).status_code == 403


def test_a_form_larger_than_any_of_ours_or_of_no_size_is_refused(site: TestClient) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    large = site.post("/draft", content=b"x" * (LARGEST + 1), headers=kind)
    unsaid = site.post("/draft", content=iter([b"token=x"]), headers=kind)
    assert (large.status_code, unsaid.status_code) == (413, 411)


# What every answer says


@pytest.mark.parametrize(
    "address",
    [
        *PAGES,
        "/nothing",
        "/search?q=1+I%26N+Dec.+1&since=x",
        "/sources/none",
        "/api/v1/topics",
        "/api/v1/nothing",
        "/unsubscribe/x",
        "/static/x/none.css",
        "/cle/making/none",
    ],
)
def test_every_answer_has_the_strict_headers(site: TestClient, address: str) -> None:
    answer = site.get(address)
    for name in HEADERS.keys() - {"Cache-Control", "Content-Security-Policy"}:
        assert answer.headers[name] == HEADERS[name], name
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")


def test_a_refused_form_has_the_strict_headers_too(site: TestClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {}):
        answer = site.post("/forum", data={"token": "x"}, headers=headers)
        assert answer.status_code == 403
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_cookie_is_the_sites_own_and_no_scripts(site: TestClient) -> None:
    said = site.get("/draft").headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=strict" in said


# Pages that help


def test_an_address_that_there_is_not_offers_a_search(site: TestClient) -> None:
    answer = site.get("/nothing")
    assert answer.status_code == 404 and 'action="/search"' in answer.text


def test_a_link_of_a_mail_that_does_not_hold_says_what_to_do(app: App, site: TestClient) -> None:
    good = sign(signed.key(app), Purpose.UNSUBSCRIBE, "ana@firm.example")
    answer = site.get(f"/unsubscribe/{good[:-4]}")
    assert answer.status_code == 404 and "copy it whole" in answer.text


NAMES = st.sampled_from(["page", "faults", "since", "forum", "limit", "offset", "topic", "x"])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NAMES, st.text(max_size=40))
def test_whatever_is_typed_into_an_address_is_answered(
    site: TestClient, name: str, value: str
) -> None:
    for page in ("/sources/ecfr", "/draft", "/cle", "/api/v1/topics", "/api/v1/changes"):
        assert site.get(page, params={name: value}).status_code in (200, 400)


# What is kept of a question


def test_no_log_has_what_was_looked_for_or_a_draft(
    site: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.get(f"/search?q={SOUGHT}&since=nonsense")
    site.get(f"/search?q={SOUGHT}+/s+bond")
    site.get(f"/api/v1/search?q={SOUGHT}+/s+")
    site.get(f"/{SOUGHT}?q={SOUGHT}")
    site.post("/draft", data={"token": token(site), "text": f"{SOUGHT} 8 CFR 208.13"})
    site.post("/api/v1/check-draft", content=f"{SOUGHT} 8 CFR 208.13".encode())
    ours = [each for each in caplog.records if not each.name.startswith(("httpx", "asyncio"))]
    assert ours and not any(SOUGHT in each.getMessage() for each in ours)


def test_nothing_of_a_draft_reaches_a_disk(
    app: App, site: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: object, **_named: object) -> None:
        raise AssertionError("a draft was set down in a file")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refused)
    text = f"{SOUGHT} Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018). {'word ' * 220_000}".encode()
    answer = site.post("/draft", data={"token": token(site)}, files={"file": ("b.txt", text)})
    assert answer.status_code == 200 and "1 citation of 1 authority" in answer.text
    found = [path for path in app.settings.folder.rglob("*") if path.is_file()]
    assert found and not any(SOUGHT.encode() in path.read_bytes() for path in found)
