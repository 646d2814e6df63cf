"""Bot walls are told apart from pages, whatever their status."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers import challenge
from pipeline.model import Page


def page(body: str, status: int = 200, **headers: str) -> Page:
    url = "https://www.justice.gov/eoir/volume-28"
    return Page(
        source="bia_decisions",
        url=url,
        final_url=url,
        asked=url,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=body.encode(),
        fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("<html><head><title>Challenge Validation</title></head></html>", "title"),
        ("<title>\n Just a moment... </title><p>Enable JavaScript</p>", "title"),
        ("<html><body><h1>I am not a robot</h1><form></form></body></html>", "words"),
        ("<p>Please verify you are a human.</p>", "words"),
        ("<p>Programmatic access to these sites is limited to our APIs.</p>", "words"),
        ("<title>I&rsquo;m not a robot</title>" + "<p>x</p>" * 100_000, "title"),
        ("<p>Prove you&#39;re <b>human</b>.</p>", "words"),
        ("<iframe id=\"sec-cpt-if\" src='/x'></iframe>" + "<p>x</p>" * 100_000, "markup"),
        ("<script>window._cf_chl_opt = {};</script>", "markup"),
    ],
)
@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_bot_wall_is_found_by_its_sign(body: str, sign: str, status: int) -> None:
    assert challenge.find(page(body, status)).startswith(sign)


def test_a_network_that_says_so_itself_is_believed() -> None:
    assert challenge.find(page("", 403, CF_Mitigated="challenge"))


@pytest.mark.parametrize(
    "body",
    [
        "<title>Volume 28</title><p>A decision.</p>",
        "<title>Access Denied: a guide to inadmissibility</title><p>Text.</p>",
        "<p>The form asks the applicant to tick “I am not a robot”.</p>"
        + "<p>Long text.</p>" * 300,
        '<script src="https://www.google.com/recaptcha/api.js"></script><p>Sign in.</p>',
        '{"message": "I am not a robot"}',
        "",
    ],
)
def test_a_page_that_only_mentions_robots_is_a_page(body: str) -> None:
    assert challenge.find(page(body)) == ""


def test_the_recorded_wall_is_found(shared: Path) -> None:
    wall = shared / "recorded/2026-04/www.dol.gov/agencies/eta/foreign-labor.html"
    assert challenge.find(page(wall.read_text("utf-8")))
