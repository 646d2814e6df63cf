"""What a Policy Manual document is called, which visit reads what, and what an alert's PDF adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from goldens import STORED, page, stored

from crawlers.manual import key
from crawlers.source import Visit
from crawlers.sources.uscis_policy_manual import UscisPolicyManualSpider
from pipeline import diff
from pipeline.announced import UPDATES
from pipeline.errors import PageChanged
from pipeline.model import ChangeClass, ChangeKind, DateKind, Page, Version

ENTRY = '<div class="views-row">'
FOLDER = STORED / "uscis_policy_manual"
MARCH_9 = datetime(2026, 3, 9, 15, tzinfo=UTC)
read, follow = UscisPolicyManualSpider.read, UscisPolicyManualSpider.follow


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.uscis.gov/policy-manual/volume-12-part-d-chapter-3",
            "volume-12-part-d-chapter-3",
        ),
        ("http://uscis.gov/policy-manual/Volume-12/", "volume-12"),
        (
            "https://www.uscis.gov/policymanual/HTML/PolicyManual-Volume12-PartA-Chapter1.html",
            "volume-12-part-a-chapter-1",
        ),
        ("https://www.uscis.gov/policymanual/HTML/PolicyManual-Volume7.html", "volume-7"),
        ("https://www.uscis.gov/policy-manual/updates", ""),
        ("https://www.uscis.gov/policy-manual/search?q=volume-1", ""),
        ("https://example.org/policy-manual/volume-1", ""),
    ],
)
def test_old_and_new_addresses_have_one_key(url: str, expected: str) -> None:
    assert key(url) == expected


def test_an_update_keeps_its_key_when_its_namesake_is_put_above_it() -> None:
    two = sample("updates.html")
    before, above, first = two.split(ENTRY)
    alone = read(page("uscis_policy_manual", UPDATES, f"{before}{ENTRY}{first}".encode()))
    both = read(page("uscis_policy_manual", UPDATES, two.encode()))
    assert above
    assert both.versions[-1].document == alone.versions[-1].document
    assert len(set(both.listed)) == 3


def test_a_whole_visit_begins_at_the_contents_and_any_other_at_the_updates_alone() -> None:
    whole = [each.url for each in UscisPolicyManualSpider.seeds(Visit(now=MARCH_9))]
    light = list(UscisPolicyManualSpider.seeds(Visit(now=MARCH_9, whole=False)))
    assert len(whole) == 3
    assert UPDATES in whole
    assert [(each.url, each.context) for each in light] == [(UPDATES, {"named": True})]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/policy-manual/volume-12-part-d-chapter-14#S-A", "12 USCIS-PM D.14"),
        ("/policy-manual/volume-9", "9 USCIS-PM"),
        ("/policy-manual/glossary", "The keepers"),
    ],
)
def test_a_section_without_a_citation_is_named_by_the_place_it_leads_to(
    address: str, expected: str
) -> None:
    body = f"""<html><div class="pm-updates"><div class="pm-resource__update_header">Technical
    Update - Lamps</div><time datetime="2026-03-02T12:00:00Z">2026</time>
    <div class="pm-resource__content"><div class="field--name-body"><p>A sample.</p></div></div>
    <p class="affected-sections"><a href="{address}">The keepers</a></p></div></html>"""
    (entry,) = read(page("uscis_policy_manual", UPDATES, body.encode())).versions
    assert entry.metadata["affected_sections"] == [expected]
    assert list(entry.links) == [expected]


def test_a_visit_between_two_whole_ones_reads_what_the_news_names() -> None:
    leads = list(follow(updates(MARCH_9, named=True)))
    assert [each.url.rpartition("/")[2] for each in leads if not each.settled] == [
        "volume-12-part-d-chapter-14",
        "volume-9",
        "volume-2",
    ]
    assert all(each.context == {"named": True} for each in leads if not each.settled)


def test_a_whole_visit_leaves_the_sections_to_the_contents_and_asks_for_the_alerts() -> None:
    (lead,) = follow(updates(MARCH_9))
    assert lead.url.endswith("20260302-Keepers.pdf")
    assert lead.settled


@pytest.mark.parametrize(
    ("today", "is_read"), [("2026-03-16", True), ("2026-03-17", False), ("2026-05-09", True)]
)
def test_news_is_two_weeks_old_at_most_or_takes_effect_in_them(today: str, is_read: bool) -> None:
    body = sample("updates.html").replace(
        "<li>It counts nights.</li>", "<li>This guidance becomes effective May 1, 2026.</li>"
    )
    at = datetime.fromisoformat(f"{today}T15:00:00+00:00")
    given = replace(updates(at, named=True), body=body.encode())
    assert any("chapter-14" in each.url for each in follow(given)) == is_read


def test_an_entry_whose_words_change_has_its_pdf_asked_for_again() -> None:
    given = updates(MARCH_9)
    noted = sample("updates.html").replace("It counts nights.", "It counts nights. Note: not yet.")
    (before,), (after,) = follow(given), follow(replace(given, body=noted.encode()))
    assert before.url == after.url
    assert before.context != after.context


def test_an_alerts_pdf_is_the_fuller_form_of_its_entry_and_tells_dates_of_its_own() -> None:
    entry = read(updates(MARCH_9)).versions[0]
    full = alert()
    assert full.document == entry.document
    assert diff.is_lesser(full, entry)
    told = diff.compare(entry, full)
    assert told is not None
    assert (told.kind, told.change_class) == (ChangeKind.METADATA, ChangeClass.SUBSTANTIVE)
    assert "2026-05-01" in told.summary


def test_a_note_in_the_entry_changes_the_text_of_the_alert() -> None:
    noted = alert()
    plain = alert(summary=[["paragraph", "USCIS is updating guidance on keepers."]])
    told = diff.compare(plain, noted)
    assert told is not None
    assert told.change_class is ChangeClass.SUBSTANTIVE
    assert plain.date(DateKind.EFFECTIVE) != noted.date(DateKind.EFFECTIVE)


def test_an_appendix_is_one_document_on_all_the_pages_of_its_volume() -> None:
    body = sample("chapter.html")
    other = page(
        "uscis_policy_manual",
        "https://www.uscis.gov/policy-manual/volume-12-part-d-chapter-13",
        body.replace("Chapter 14 - L", "Chapter 13 - L").encode(),
    )
    one, two = read(stored(FOLDER / "chapter.html")), read(other)
    assert one.versions[0].document != two.versions[0].document
    for first, second in zip(one.versions[1:], two.versions[1:], strict=True):
        assert first.document == second.document
        assert diff.compare(first, second) is None


def test_resources_are_no_part_of_the_guidance_and_their_order_is_nothing() -> None:
    body = sample("chapter.html")
    other = body.replace("8 CFR 316.5</a> - Residence", "8 CFR 316.7</a> - Residence")
    before, after = (
        read(replace(stored(FOLDER / "chapter.html"), body=text.encode())).versions[0]
        for text in (body, other)
    )
    told = diff.compare(before, after)
    assert told is not None
    assert (told.kind, told.change_class) == (ChangeKind.METADATA, ChangeClass.METADATA)


def test_a_chapter_that_becomes_reserved_is_a_change_of_its_text_and_no_broken_page() -> None:
    reserved = read(stored(FOLDER / "reserved.html")).versions[0]
    held = replace(read(stored(FOLDER / "rescinded.html")).versions[0], document=reserved.document)
    told = diff.compare(held, reserved)
    assert told is not None
    assert (told.kind, told.change_class) == (ChangeKind.TEXT, ChangeClass.SUBSTANTIVE)


@pytest.mark.parametrize(
    "words",
    [
        "This chapter has been superseded in part by a rule.",
        "The guidance of 2009 has been rescinded.",
        "This chapter explains when a designation is withdrawn.",
        "Some seats are reserved.",
    ],
)
def test_a_text_that_speaks_of_something_else_is_not_called_rescinded(words: str) -> None:
    body = sample("rescinded.html").replace("This chapter has been rescinded", words)
    (version,) = read(replace(stored(FOLDER / "rescinded.html"), body=body.encode())).versions
    assert "status" not in version.metadata


def test_a_tab_that_is_gone_is_a_changed_page_and_no_chapter_without_appendices() -> None:
    body = sample("chapter.html").replace('id="appendices"', 'id="annexes"')
    with pytest.raises(PageChanged, match="appendices"):
        read(replace(stored(FOLDER / "chapter.html"), body=body.encode()))


def test_a_pdf_that_nothing_led_to_is_not_guessed_at() -> None:
    given = replace(stored(FOLDER / "alert-dated.pdf"), context={})
    with pytest.raises(PageChanged, match="leads to it"):
        read(given)


def sample(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def updates(at: datetime, *, named: bool = False) -> Page:
    given = page("uscis_policy_manual", UPDATES, sample("updates.html").encode())
    return replace(given, fetched_at=at, context={"named": True} if named else {})


def alert(**said: Any) -> Version:
    given = stored(FOLDER / "alert-dated.pdf")
    return read(replace(given, context={**given.context, **said})).versions[0]
