"""Pages of uscis.gov: nothing that they say is lost, and each stands in its place."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from goldens import page, recorded

from crawlers import uscis
from crawlers.source import Visit
from crawlers.sources.uscis_pages import PAGES, TPS, UscisPagesSpider
from pipeline.errors import SettingsError
from pipeline.model import Page
from pipeline.normalise import normalise

NAME = "uscis_pages"
SITE = "https://www.uscis.gov"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# What stands in an article and is no text of it: other languages, days, the calls of notes.
AROUND = (
    ".translations, .translations-section, .usa-sr-only, .field--name-field-display-date, "
    'option[value=""], script, style, a.ck-anchor'
)


def article(body: str) -> Page:
    html = (
        '<main><div id="block-uscis-design-content"><article>'
        '<div class="container container--main"><h1 class="page-title">A Sample</h1>'
        f"<div>{body}</div></div></article></div></main>"
    )
    return page(NAME, f"{SITE}/sample", html.encode())


def places(body: str) -> list[str]:
    found = uscis.article(article(body)).blocks
    return [" > ".join((*block.trail, block.text)) for block in found]


def letters(text: str) -> str:
    return re.sub(r"[\s|]", "", normalise(text))


def box(*panels: tuple[str, str]) -> str:
    said = "".join(
        f'<div class="accordion__header">{header}</div><div class="accordion__panel">{panel}</div>'
        for header, panel in panels
    )
    return f'<div class="content-accordion">{said}</div>'


def test_a_thousand_accordions_are_ranked_in_time() -> None:
    body = "<h2>Above</h2>" + "".join(box((f"Header {n}", "<p>Text.</p>")) for n in range(1_000))
    begun = time.process_time()
    found = [block for block in uscis.article(article(body)).blocks if block.text == "Text."]
    assert time.process_time() - begun < 8
    assert [block.trail for block in found] == [("Above", f"Header {n}") for n in range(1_000)]


@pytest.mark.parametrize("source", ["uscis_forms", NAME])
def test_no_letter_of_a_recorded_article_is_lost(source: str, shared: Path) -> None:
    found = recorded(shared / "recorded", source)
    assert len(found) > 60
    for each in found:
        assert each.reading is not None, each.page.url
        (version,) = each.reading.versions
        printed = BeautifulSoup(each.page.body, "lxml").select_one("main .container--main")
        assert printed is not None
        for around in printed.select(AROUND):
            around.extract()
        said = letters(version.title + "".join(block.text for block in version.blocks))
        # The fee schedule goes on with the forms that it has fees for.
        assert said.startswith(letters(printed.get_text(" "))), each.page.url
        assert source == "uscis_forms" or said == letters(printed.get_text(" ")), each.page.url


def test_what_follows_a_folded_box_stands_where_the_box_stood() -> None:
    body = f"<h2>Places</h2>{box(('North', '<p>Here.</p>'), ('South', '<p>There.</p>'))}<p>All.</p>"
    assert places(body) == [
        "Places",
        "Places > North",
        "Places > North > Here.",
        "Places > South",
        "Places > South > There.",
        "Places > All.",
    ]


def test_headings_inside_a_box_stand_below_its_header() -> None:
    body = box(
        ("Who", "<h2>First</h2><p>One.</p><h3>Deeper</h3><p>Two.</p>"), ("When", "<p>Now.</p>")
    )
    assert places(body) == [
        "Who",
        "Who > First",
        "Who > First > One.",
        "Who > First > Deeper",
        "Who > First > Deeper > Two.",
        "When",
        "When > Now.",
    ]


def test_a_box_within_a_box_keeps_its_place() -> None:
    inner = box(("Inner", "<p>Deep.</p>"))
    assert places(box(("Outer", f"{inner}<p>Outside it.</p>"), ("Next", "<p>Last.</p>"))) == [
        "Outer",
        "Outer > Inner",
        "Outer > Inner > Deep.",
        "Outer > Outside it.",
        "Next",
        "Next > Last.",
    ]


def test_boxes_one_after_another_stand_at_one_height() -> None:
    body = f"<h2>Top</h2>{box(('One', '<p>1</p>'))}{box(('Two', '<p>2</p>'))}"
    assert places(body) == ["Top", "Top > One", "Top > One > 1", "Top > Two", "Top > Two > 2"]
    assert [block.level for block in uscis.article(article(body)).blocks] == [2, 3, 0, 3, 0]


def test_an_alert_rules_nothing_behind_it() -> None:
    alert = (
        '<div class="alert-message"><div class="messages"><h4 class="messages__header">Alert</h4>'
        "<p>Beware.</p></div></div>"
    )
    assert places(f"{alert}<p>Plain.</p>") == ["Alert", "Alert > Beware.", "Plain."]


def test_a_box_in_a_table_is_a_part_of_its_row() -> None:
    body = f"<table><tr><td>If</td><td>{box(('Then', '<p>So.</p>'))}</td></tr></table>"
    assert places(body) == ["If | Then So."]


def test_what_is_folded_away_is_read() -> None:
    assert places('<div style="display: none;"><p>Folded.</p></div>') == ["Folded."]


def test_every_page_of_the_list_is_its_own_and_asked_once() -> None:
    urls = [each.url for each in UscisPagesSpider.seeds(Visit(now=NOW))]
    assert len(set(urls)) == len(urls) == len(PAGES)
    assert all(UscisPagesSpider.facts.covers(url) for url in urls)


def test_settings_add_pages_by_path_or_address() -> None:
    options = {"addresses": ["/humanitarian/forced-marriage", f"{SITE}/archive/public-charge-0/"]}
    urls = [each.url for each in UscisPagesSpider.seeds(Visit(now=NOW, options=options))]
    assert urls[len(PAGES) :] == [
        f"{SITE}/humanitarian/forced-marriage",
        f"{SITE}/archive/public-charge-0",
    ]


@pytest.mark.parametrize(
    "named",
    [
        *("/i-765", "/policy-manual/volume-1", "/newsroom/alerts/x", "/forms/all-forms"),
        *("https://www.example.gov/x", "/sites/default/files/x.pdf", ""),
    ],
)
def test_a_page_of_another_source_is_refused(named: str) -> None:
    with pytest.raises(SettingsError, match="no page of"):
        UscisPagesSpider.question({"addresses": [named]})


def test_only_the_page_on_protected_status_leads_further() -> None:
    link = f'<p><a href="{TPS}/samplia">Samplia</a> <a href="{TPS}">Here</a></p>'
    elsewhere = article(link)
    at_home = page(NAME, SITE + TPS, elsewhere.body)
    assert [each.url for each in UscisPagesSpider.follow(at_home)] == [f"{SITE}{TPS}/samplia"]
    assert list(UscisPagesSpider.follow(elsewhere)) == []
