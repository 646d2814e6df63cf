"""EOIR's precedents: listings lead to PDFs, and a fuller text of a decision is no change of law."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from goldens import STORED, page, recorded, stored
from pdfs import CAPTION, DATED, OFFICE, TEXT, SampleSheet, built

from crawlers.source import Visit
from crawlers.sources.bia_decisions import BiaDecisionsSpider
from pipeline import diff
from pipeline.amended import HELD, NOT_HELD, earlier_text
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import ChangeClass, ChangeKind, DateKind, Page, Version

FOLDER = STORED / "bia_decisions"
LISTED = {"eoir_id": "9021", "words": "SAMPLE-KEEPER, 28 I&N Dec. 921 (BIA 2021)"}
FIRST = "https://www.justice.gov/d9/2021-03/9021.pdf"
LATER = "https://www.justice.gov/d9/2021-04/9021_amended.pdf"


def version(source_page: Page) -> Version:
    return BiaDecisionsSpider.read(source_page).versions[0]


def printed(sentence: str, *, dated: str = "Decided March 3, 2021", number: str = "9021") -> bytes:
    text = ((CAPTION, "Matter of Ada SAMPLE-KEEPER, Respondent"), (DATED, dated), *OFFICE)
    head = ("Cite as 28 I&N Dec. 921 (BIA 2021)", f"Interim Decision #{number}" if number else "")
    body = (TEXT, f"{sentence} " * 6)
    return built([SampleSheet(head=head, page="921", text=(*text, body))])


def decision_page(body: bytes, url: str = FIRST, words: str = LISTED["words"]) -> Page:
    listed = LISTED | {"words": words}
    return page("bia_decisions", url, body, content_type="application/pdf", context=listed)


def row() -> Version:
    """The decision as its listing alone gives it."""
    listing = stored(FOLDER / "flat.html")
    body = listing.body.replace(b"9002", b"9021").replace(
        b"28 I&amp;N Dec. 902", b"28 I&N Dec. 921"
    )
    found = BiaDecisionsSpider.read(replace(listing, body=body)).versions
    return next(each for each in found if each.document.key == "9021")


def test_full_text_of_what_was_held_as_a_headnote_is_no_change_of_the_law() -> None:
    headnote, full = row(), version(decision_page(printed("The lamp must be lit.")))
    assert headnote.document == full.document
    difference = diff.compare(headnote, full)
    assert difference is not None
    assert (difference.kind, difference.change_class) == (ChangeKind.METADATA, ChangeClass.NOISE)
    assert "before, headnote only" in difference.reasons[0]


def test_listing_never_replaces_the_full_text() -> None:
    assert diff.is_lesser(version(decision_page(printed("The lamp must be lit."))), row())


def test_amended_pdf_under_another_name_is_a_change_of_the_text() -> None:
    before = version(decision_page(printed("The lamp must be lit.")))
    body = printed("The lamp need not be lit.", dated="Decided as amended April 9, 2021")
    words = f"{LISTED['words']}(as amended)"
    after = version(decision_page(body, LATER, words))
    assert before.document == after.document
    difference = diff.compare(before, after)
    assert difference is not None
    assert (difference.kind, difference.change_class) == (
        ChangeKind.TEXT,
        ChangeClass.SUBSTANTIVE,
    )
    assert after.date(DateKind.AMENDED) == date(2021, 4, 9)
    assert after.metadata["note"] == "as amended"


def test_amended_text_says_whether_the_earlier_one_is_held() -> None:
    before = version(decision_page(printed("The lamp must be lit.")))
    after = version(
        decision_page(printed("It need not.", dated="Decided as amended April 9, 2021"), LATER)
    )
    assert earlier_text(before, ()) == ""
    assert earlier_text(after, ()) == NOT_HELD
    assert earlier_text(after, (row(),)) == NOT_HELD
    assert earlier_text(after, (row(), before)) == HELD


def test_same_pdf_under_another_address_changes_nothing() -> None:
    before = version(decision_page(printed("The lamp must be lit.")))
    assert (
        diff.compare(before, version(decision_page(printed("The lamp must be lit."), LATER)))
        is None
    )


def test_pages_printed_anew_change_nothing() -> None:
    """Where a sheet turns and what a note is numbered is no part of what the text says."""
    found = version(stored(FOLDER / "board.pdf"))
    blank = tuple(replace(block, marks=(), page="", label="") for block in found.blocks)
    assert replace(found, blocks=blank).text_digest == found.text_digest


def test_pdf_of_another_decision_is_refused() -> None:
    with pytest.raises(PageChanged, match=r"is Interim Decision #9999, .* where 9021 was listed"):
        version(decision_page(printed("It is another.", number="9999")))


def test_pdf_without_a_number_must_have_the_citation_that_is_listed() -> None:
    unnumbered = printed("The lamp must be lit.", number="")
    assert version(decision_page(unnumbered)).document.key == "9021"
    with pytest.raises(PageChanged, match="where 9021 was listed"):
        version(decision_page(unnumbered, words="SAMPLE-KEEPER, 28 I&N Dec. 930 (BIA 2021)"))


def test_slip_in_the_listing_s_citation_is_kept_and_not_believed() -> None:
    found = version(
        decision_page(printed("The lamp must be lit."), words="KEEPER, 28 I&N Dec. 912 (BIA 2021)")
    )
    assert found.citation == "28 I&N Dec. 921 (BIA 2021)"
    assert found.metadata["listed_as"] == "KEEPER, 28 I&N Dec. 912 (BIA 2021)"


def test_page_in_place_of_a_pdf_is_refused() -> None:
    with pytest.raises(PageChanged, match="is no PDF"):
        version(decision_page(b"<html><body>Not found</body></html>"))


def follows(options: dict[str, object], name: str) -> list[str]:
    """The addresses that a stored listing leads to under these options."""
    now = stored(FOLDER / name).fetched_at
    seed = next(iter(BiaDecisionsSpider.seeds(Visit(now=now, options=options))))
    top = replace(stored(FOLDER / "volumes.html"), context=seed.context)
    volume = next(iter(BiaDecisionsSpider.follow(top)))
    listing = replace(stored(FOLDER / name), context=volume.context)
    return [follow.url for follow in BiaDecisionsSpider.follow(listing)]


def test_pdfs_are_read_from_the_volume_that_the_settings_name() -> None:
    assert len(follows({}, "flat.html")) == 2
    assert len(follows({"pdfs_from_volume": 28}, "flat.html")) == 2
    assert follows({"pdfs_from_volume": 29}, "flat.html") == []
    assert follows({}, "without-headnotes.html") == []
    assert len(follows({"pdfs_from_volume": 1}, "without-headnotes.html")) == 2


def test_asking_for_older_volumes_is_another_question() -> None:
    question = BiaDecisionsSpider.question
    assert question({}) == question({"pdfs_from_volume": 27}) != question({"pdfs_from_volume": 20})


@pytest.mark.parametrize("asked", [0, "27", 27.5, True, None, 1000])
def test_volume_that_is_none_is_refused(asked: object) -> None:
    with pytest.raises(SettingsError, match="pdfs_from_volume"):
        BiaDecisionsSpider.question({"pdfs_from_volume": asked})


def test_first_run_s_pdfs_take_an_hour(shared: Path) -> None:
    """What docs/sources.md says of the first run: volumes 27 to 29, one request each 10 seconds."""
    rows = (shared / "corpora" / "bia_headnotes.jsonl").read_text("utf-8").splitlines()
    newest = max(int(found[1]) for row in rows if (found := re.search(r'"eoir_id": (\d+)', row)))
    pdfs = newest - 3882  # Matter of Dhanasar, the last but a few of volume 26
    assert 340 < pdfs < 380
    assert pdfs * BiaDecisionsSpider.facts.delay < timedelta(minutes=65).total_seconds()


def test_recorded_listings_lead_to_one_pdf_for_each_decision(shared: Path) -> None:
    for each in recorded(shared / "recorded", "bia_decisions"):
        if each.reading and each.reading.listed:
            led = [follow.url for follow in BiaDecisionsSpider.follow(each.page)]
            assert len(led) == len(set(led)) == len(each.reading.listed)
