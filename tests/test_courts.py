"""Which opinions are about immigration, and what their feeds say of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.source import Visit
from crawlers.sources.courts import FEEDS, CourtsSpider, is_ours
from pipeline.errors import SettingsError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        *("Widget-Lopez v. Bondi", "WIDGET V. GARLAND", "Widget v. Merrick Garland"),
        *("Widget v. Attorney General United States", "Widget v. U.S. Att'y Gen.", "Widget v. INS"),
        *("Widget v. Noem", "Widget v. Mayorkas", "Widget v. U.S. Dep't of Homeland Sec."),
        "Widget v. U.S. Citizenship & Immigration Services",
    ],
)
def test_an_office_of_immigration_among_the_parties_makes_a_case_ours(name: str) -> None:
    assert is_ours(name, "")


@pytest.mark.parametrize(
    "said",
    [
        "On Petition for Review of an Order of the Board of Immigration Appeals",
        "She applied for cancellation of removal.",
        "A noncitizen detained under 8 U.S.C. § 1226(a) seeks habeas.",
        "He was convicted of illegal reentry.",
        "The court set aside 8 CFR 208.13.",
    ],
)
def test_words_of_immigration_law_make_a_case_ours(said: str) -> None:
    assert is_ours("Widget v. Warden", said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("United States v. Barr", "He was convicted of fraud."),
        ("USA v. Lynch", ""),
        ("Gadget Co. v. Widget Co.", "The district court ordered removal of the case. Ice melts."),
        ("Holder v. Widget", "A contract about gadgets."),
    ],
)
def test_what_shows_no_immigration_law_is_left_out(name: str, said: str) -> None:
    assert not is_ours(name, said)


def test_every_collected_opinion_on_immigration_is_ours(shared: Path) -> None:
    rows = (shared / "corpora" / "federal_opinions.jsonl").read_text("utf-8").splitlines()
    opinions = [json.loads(row) for row in rows]
    opening = {each["key"]: " ".join(each["text"].split()[:500]) for each in opinions}
    assert [key for key, said in opening.items() if not is_ours("", said)] == []


def test_courts_can_be_chosen() -> None:
    visit = Visit(now=NOW, options={"courts": ["ca9", "scotus"]})
    assert [follow.url for follow in CourtsSpider.seeds(visit)] == [
        *FEEDS["ca9"],
        "https://www.courtlistener.com/feed/court/scotus/",
    ]
    assert CourtsSpider.question({}) == {"courts": ["ca5", "ca9", "ca10"]}


@pytest.mark.parametrize("chosen", [["ca14"], []])
def test_a_court_that_is_none_is_refused(chosen: object) -> None:
    with pytest.raises(SettingsError, match="options of courts: courts = "):
        CourtsSpider.question({"courts": chosen})


def test_every_feed_is_covered_by_the_facts() -> None:
    for feed in (feed for feeds in FEEDS.values() for feed in feeds):
        assert urlsplit(feed).scheme == "https"
        assert CourtsSpider.facts.covers(feed)


@pytest.mark.parametrize(
    "name",
    [
        *("Doe v. Blanche", "Smith v. Mullin", "Garcia v. Wolf", "J.G.G. v. Trump"),
        *("Trump v. CASA", "Singh v. Rollins", "Biden v. Widget"),
    ],
)
def test_presidents_and_later_holders_of_office_make_a_case_ours(name: str) -> None:
    assert is_ours(name, "")


def test_holders_that_the_settings_add_count_without_a_release() -> None:
    assert not is_ours("Widget v. Newcomer", "")
    assert is_ours("Widget v. Newcomer", "", ["Newcomer"])
    options = {"courts": ["ca9"], "holders": ["Newcomer"]}
    assert CourtsSpider.question(options)["holders"] == ["Newcomer"]
    follows = [*CourtsSpider.seeds(Visit(now=NOW, options=options))]
    assert [follow.context for follow in follows] == [{"holders": ["Newcomer"]}] * 2


@pytest.mark.parametrize("added", ["Newcomer", ["|"], [""], [7]])
def test_holders_that_are_no_surnames_are_refused(added: object) -> None:
    with pytest.raises(SettingsError, match="holders"):
        CourtsSpider.question({"holders": added})
