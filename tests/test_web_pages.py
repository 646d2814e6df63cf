"""Every page that a link leads to, as it is sent and as Chromium shows it: its links are true, it
is light, anybody can read it, and it asks nobody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import pytest
from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]  # states no types
from browsers import opened
from linked import PAT, READER, REFUSED, Found, anchors, covering, linked
from playwright.sync_api import Browser, ConsoleMessage, Page
from sites import Site

from alerts.tokens import Purpose, sign
from lexwatch.alerting import signed
from lexwatch.app import App

LARGEST = 100_000  # bytes of a page
GRAVE = frozenset({"serious", "critical"})  # of axe's words
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "phone, dark": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark"},
    "desk, light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
}
VIOLATIONS: Mapping[str, Any] = {"resultTypes": ["violations"]}  # axe need not write down the rest


@pytest.fixture(scope="module")
def found(served: Site) -> Sequence[Found]:
    return linked(served)


@pytest.fixture(scope="module")
def pages(served: Site, found: Sequence[Found]) -> Sequence[Found]:
    """Those that were found and are pages, and those that say what can't be."""
    refused = [Found(address, "", served.ask(address)) for address in REFUSED]
    return [each for each in (*found, *refused) if each.is_page]


@pytest.fixture(scope="module")
def telling(pages: Sequence[Found]) -> Sequence[str]:
    """Addresses of few pages that have every sort of element between them."""
    return [each.address for each in covering(pages)]


def test_every_link_leads_somewhere(found: Sequence[Found]) -> None:
    dead = {each.address: each.linked for each in found if each.answer.status >= 400}
    assert not dead


def test_every_link_to_a_place_on_a_page_finds_that_place(pages: Sequence[Found]) -> None:
    names = anchors(pages)
    wanted = {(*link.partition("#")[::2],) for each in pages for link in each.links if "#" in link}
    lost = {(page, name) for page, name in wanted if name and name not in names.get(page, {name})}
    assert not lost


def test_no_page_is_heavy(pages: Sequence[Found]) -> None:
    heavy = {each.address: len(each.answer.body) for each in pages}
    assert not {address: size for address, size in heavy.items() if size > LARGEST}


def test_every_page_has_one_title_one_heading_of_the_first_rank_and_names_each_place_once(
    pages: Sequence[Found],
) -> None:
    for each in pages:
        assert len(each.tree.xpath("//h1")) == len(each.tree.xpath("//title")) == 1, each.address
        ids = Counter(map(str, each.tree.xpath("//@id")))
        assert not [name for name, count in ids.items() if count > 1], each.address


def test_no_page_carries_a_script_or_a_style_of_its_own_or_names_anybody_elses(
    pages: Sequence[Found],
) -> None:
    for each in pages:
        tree = each.tree
        assert each.answer.status < 500, each.address
        assert not tree.xpath(
            "//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]"
        )
        fetched = tree.xpath("//@src | //link/@href | //@srcset | //@action | //form//@formaction")
        assert all(re.match(r"/(?!/)|data:,|#|$|\?", str(one)) for one in fetched), each.address


def test_every_form_that_writes_carries_a_token(pages: Sequence[Found]) -> None:
    for each in pages:
        for form in each.tree.xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
            assert form.xpath(".//input[@name = 'token'][string-length(@value) > 30]"), each.address


@pytest.fixture(scope="module")
def signed_for(stocked: App) -> Sequence[str]:
    """What a mail links to, on pages that have no frame."""
    key = signed.key(stocked)
    ways = (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)
    return [f"/{each.value}/{sign(key, each, unquote(PAT))}" for each in ways]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_grave_and_chromium_no_fault(
    browser: Browser, served: Site, telling: Sequence[str], signed_for: Sequence[str], look: str
) -> None:
    faults: dict[str, list[str]] = {}
    with opened(browser, served, **LOOKS[look]) as context:
        home = f"http://127.0.0.1:{served.port}"
        context.add_cookies([{"name": READER, "value": PAT, "url": home}])
        for address in (*telling, "/watch/reader", *signed_for):
            page = context.new_page()
            if said := [*_faults(page, address)]:
                faults[address] = said
            page.close()
    assert not faults


def _faults(page: Page, address: str) -> Iterator[str]:
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # That a page which says what can't be has a status that says so is no fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            told.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("requestfailed", lambda request: told.append(f"{request.url}: {request.failure}"))
    page.goto(address)
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > room:
        yield f"{width} pixels wide"
    for each in Axe().run(page, options={**VIOLATIONS})["violations"]:
        if each["impact"] in GRAVE:
            yield f"{each['id']}: {each['nodes'][0]['html'][:200]} ({len(each['nodes'])})"
    yield from told


def test_paper_shows_a_months_words_where_to_read_more_and_nothing_dark(
    browser: Browser, served: Site
) -> None:
    a4 = {"width": 680, "height": 1000}  # between usual margins, which is narrower than a desk
    with opened(browser, served, viewport=a4, color_scheme="dark") as context:
        page = context.new_page()
        page.emulate_media(media="print")
        page.goto("/deadlines?month=2026-11")
        assert page.locator(".month li").first.is_visible()
        assert not page.get_by_role("banner").is_visible()
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        page.goto("/document/bia_decisions/9905")
        links = page.locator(".doors a:visible")
        assert [links.nth(n).inner_text() for n in range(links.count())] == ["Publisher’s page"]
        said = links.first.evaluate("each => getComputedStyle(each, '::after').content")
        assert "https://www.justice.gov/" in said
