"""Postings for comment: their last day as stated, never guessed, and no quiet empty page."""

from __future__ import annotations

from datetime import date

import pytest
from goldens import page

from crawlers.sources.uscis_comment import NAME, UscisCommentSpider
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Version

ADDRESS = "https://www.uscis.gov/outreach/feedback-opportunities/policy-manual-comment"


def read(body: str) -> tuple[Version, ...]:
    html = (
        '<main><div id="block-uscis-design-content"><article>'
        '<div class="container container--main"><h1 class="page-title">A Sample</h1>'
        f"<div>{body}</div></div></article></div></main>"
    )
    return UscisCommentSpider.read(page(NAME, ADDRESS, html.encode())).versions


def entry(said: str) -> Version:
    (version,) = read(f'<ul><li><a href="/lamps.pdf">On Lamps</a> {said}</li></ul>')
    return version


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("(comments close November 17, 2026)", date(2026, 11, 17)),
        ("Comment period: October 30 - November 17, 2026", date(2026, 11, 17)),
        ("Comments are due by 11/17/2026", date(2026, 11, 17)),
        ("posted for comment November 2, 2026", None),
        ("Comment period: November 17, 2026 - October 30, 2026", None),
    ],
)
def test_the_last_day_is_the_one_that_is_called_so(said: str, last: date | None) -> None:
    assert entry(said).date(DateKind.COMMENTS_CLOSE) == last


def test_an_extended_period_is_a_change_of_the_same_posting() -> None:
    before = entry("open for comment November 2 - November 17, 2026")
    after = entry("open for comment November 2 - December 1, 2026")
    assert before.document == after.document
    assert before.metadata_digest != after.metadata_digest


def test_a_draft_that_is_posted_twice_is_two_postings() -> None:
    link = '<a href="/lamps.pdf">On Lamps</a>'
    said = "open for comment {} 2 - {} 17, 2026"
    months = ("May", "June")
    entries = "".join(f"<li>{link} {said.format(month, month)}</li>" for month in months)
    keys = [version.document.key for version in read(f"<ul>{entries}</ul>")]
    assert keys == [f"policy-manual-comment/on-lamps/2026-0{n}-02" for n in (5, 6)]


def test_a_link_that_says_no_day_is_no_posting() -> None:
    with pytest.raises(PageChanged, match="neither a posting"):
        read('<ul><li><a href="/contact">Write to us</a> with comments</li></ul>')


def test_a_table_row_that_lacks_cells_is_an_error() -> None:
    head = "<tr><th>Title of Document</th><th>Closing Date</th></tr>"
    with pytest.raises(PageChanged, match="lacks cells"):
        read(f"<table>{head}<tr><td>On Lamps</td></tr></table>")


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("(extended to November 15, 2026)", date(2026, 11, 15)),
        ("(updated November 15, 2026)", date(2026, 10, 31)),
    ],
)
def test_a_period_keeps_its_key_and_closes_on_the_day_it_was_moved_to(
    said: str, last: date
) -> None:
    plain = "comments: October 1 – October 31, 2026"
    before, after = entry(plain), entry(f"{plain} {said}")
    assert after.document == before.document
    assert after.date(DateKind.COMMENTS_CLOSE) == last


def test_a_last_day_that_is_extended_is_no_first_one() -> None:
    after = entry("comments close October 31, 2026, extended to November 15, 2026")
    assert after.document == entry("comments close October 31, 2026").document
    assert after.date(DateKind.COMMENTS_CLOSE) == date(2026, 11, 15)
