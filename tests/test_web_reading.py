"""Reading a document in a real Chromium: notes in place, narrow screens, one page for the bench."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from browsers import opened
from builders import version
from holding import hold
from publisher import NOW
from sites import Site, serving
from test_web_document import FIRST, KEY, SECOND

from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.model import Block, BlockKind

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHAPTER = "/uscis_policy_manual/volume-6-part-f-chapter-5"
ROWS = tuple(
    Block(kind=BlockKind.ROW, text=" | ".join(f"Column {c}, row {r}" for c in range(9)))
    for r in range(6)
)
PAGES = (
    f"/document{KEY}?q=witness",
    f"/bench{KEY}?q=witness",
    f"/document{CHAPTER}",
    f"/versions{CHAPTER}",
    f"/compare{CHAPTER}",
    f"/compare{CHAPTER}?view=side",
    f"/original{CHAPTER}",
    f"/governed{CHAPTER}",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("reading")
    app = App(
        Settings.model_validate({"data": {"folder": str(folder)}}),
        lambda: NOW + timedelta(days=30),
    )
    hold(app.database, FIRST, SECOND, version("A worker may wait.", *ROWS))
    hold(app.database, version("A worker must wait.", *ROWS), first=4)
    with serving(app) as found:
        yield found
    app.database.close()


def test_a_footnote_opens_in_place_without_a_script(browser: Browser, site: Site) -> None:
    with opened(browser, site, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(f"/document{KEY}")
        note = page.locator("details.footnote p")
        assert not note.is_visible()
        page.locator("sup a").click()
        assert note.is_visible()
        page.get_by_role("link", name="Back to the text").click()
        assert page.url.endswith("#c3")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_small_screen(browser: Browser, site: Site, path: str) -> None:
    with opened(browser, site, viewport={"width": 360, "height": 740}) as window:
        page = window.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        answer = page.goto(path)
        assert answer and answer.status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert said == []


def test_the_bench_print_is_one_page(browser: Browser, site: Site) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.goto(f"/bench{KEY}?q=witness")
        printed = page.pdf(format="Letter")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_notes_that_are_folded_are_printed(browser: Browser, site: Site) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.goto(f"/document{KEY}")
        page.emulate_media(media="print")
        assert page.locator("details.footnote p").is_visible()
        doors = [door.inner_text() for door in page.locator(".doors li:visible").all()]
        assert doors == ["Publisher’s page"]  # the one that says where the text may be read


@pytest.mark.parametrize("typed", ["witness", "witness+may+wait+" * 10], ids=["short", "long"])
def test_paper_says_to_what_results_were_narrowed(browser: Browser, site: Site, typed: str) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.goto(f"/search?q={typed}&words=1&source=bia_decisions&since=2010-01-01")
        page.emulate_media(media="print")
        (only,) = [
            each.inner_text() for each in page.locator("main p:visible", has_text="Only ").all()
        ]
    assert "EOIR precedent decisions" in only and "From January 1, 2010" in only
    assert "take back" not in only
