"""Title 8 of the eCFR: its sections, their paragraphs, and the text of another day."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from goldens import page, spider, stored

from crawlers.source import Visit
from crawlers.sources.ecfr import EcfrSpider
from crawlers.sources.ecfr_past import EcfrPastSpider
from pipeline import ecfr
from pipeline.designators import spelled
from pipeline.errors import PageChanged, SettingsError
from pipeline.levels import ITALIC, paragraphs
from pipeline.model import Version

SAMPLES = Path(__file__).parent / "sources"
TODAY = "https://www.ecfr.gov/api/versioner/v1/full/2026-11-13/title-8.xml"
THEN = "https://www.ecfr.gov/api/versioner/v1/full/2019-12-31/title-8.xml"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def title(*sections: str) -> bytes:
    return (
        '<ECFR><DIV1 N="8" TYPE="TITLE"><HEAD>Title 8</HEAD><DIV3 N="I" TYPE="CHAPTER">'
        '<HEAD>CHAPTER I</HEAD><DIV5 N="914" TYPE="PART"><HEAD>PART 914</HEAD>'
        f"{''.join(sections)}</DIV5></DIV3></DIV1></ECFR>"
    ).encode()


def section(number: str, *texts: str) -> str:
    said = "".join(f"<P>{text}</P>" for text in texts)
    return f'<DIV8 N="{number}" TYPE="SECTION"><HEAD>§ {number} Sample.</HEAD>{said}</DIV8>'


def today(*sections: str) -> dict[str, Version]:
    read = EcfrSpider.read(page("ecfr", TODAY, title(*sections)))
    return {version.document.key: version for version in read.versions}


def placed(*texts: str) -> list[str]:
    return [spelled(path) for path in paragraphs(texts)]


def test_paragraphs_are_told_by_the_order_of_their_designations() -> None:
    assert placed("Text.", "(a)(1) One", "(2) Two", "(i) First", "(A) Capital", "(b) Next") == [
        *("", "(a)", "(a)(2)", "(a)(2)(i)", "(a)(2)(i)(A)", "(b)"),
    ]


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (("(a)-(g) [Reserved]", "(h) H", "(i) I", "(j) J"), "(j)"),
        (("(a)-(g) None", "(h) H", "(1) One", "(i) First", "(ii) Second"), "(h)(1)(ii)"),
        (("(a)-(g) None", "(h) H", "(1) One", "(i) Letter", "(1) Under it"), "(i)(1)"),
        (("(a) A", "(1) One", "(i) Only", "(2) Two"), "(a)(2)"),
        (("(a) A—(1) Run in—(i) Twice.", "(ii) Second"), "(a)(1)(ii)"),
        (("(b)-(g) [Reserved]", "(h) H"), ""),
        (("(a) A", "(b) through (g) [Reserved]", "(h) H"), "(h)"),
        (("(z) Z", "(aa) Twice"), ""),
    ],
)
def test_a_letter_that_may_be_a_figure_is_told_by_what_follows(
    texts: tuple[str, ...], last: str
) -> None:
    assert placed(*texts)[-1] == last


def test_levels_five_and_six_are_those_in_italics() -> None:
    said = placed("(a) A", "(1) B", "(i) C", "(A) D", f"({ITALIC}1) E", f"({ITALIC}i) F", "(2) G")
    assert said[4:] == ["(a)(1)(i)(A)(1)", "(a)(1)(i)(A)(1)(i)", "(a)(2)"]


def test_no_guess_is_made_where_the_order_is_broken() -> None:
    assert placed("(a) A", "(1) One", "(C) Odd", "(2) Unknown", "(b) B") == [
        *("(a)", "(a)(1)", "", "", "(b)"),
    ]


def test_designations_without_end_are_placed_in_time() -> None:
    begun = time.process_time()
    paragraphs(["(a)-(g) None", "(h) H", "(1) One", *["(i) x", "(v) y", "(x) z"] * 3_000])
    paragraphs(["(a)" * 20_000])
    assert time.process_time() - begun < 20


def test_an_amended_section_is_the_only_one_that_changes() -> None:
    before = today(section("914.1", "(a) Old text."), section("914.2", "(a) Same."))
    after = today(section("914.1", "(a) New text."), section("914.2", "(a) Same."))
    changed = [key for key in after if after[key].text_digest != before[key].text_digest]
    assert changed == ["8/914.1"]


def test_a_section_that_leaves_the_title_is_no_longer_listed() -> None:
    read = EcfrSpider.read(page("ecfr", TODAY, title(section("914.1", "Text."))))
    assert read.listed == ("8/part-914", "8/914.1")
    assert EcfrSpider.facts.enumerates


def test_a_number_printed_twice_is_two_documents() -> None:
    assert list(today(section("914.1", "In force."), section("914.1", "To come."))) == [
        *("8/part-914", "8/914.1", "8/914.1#2"),
    ]


def test_a_title_without_sections_or_numbers_is_refused() -> None:
    for body in (title(), title('<DIV8 N="" TYPE="SECTION"><HEAD>§ x</HEAD></DIV8>'), b"<html>"):
        with pytest.raises(PageChanged):
            ecfr.read(body)


def test_the_text_of_another_day_is_never_a_version_of_todays() -> None:
    body = title(section("914.1", "As it was."))
    past = EcfrPastSpider.read(page("ecfr_past", THEN, body))
    current = EcfrSpider.read(page("ecfr", TODAY, body))
    assert {v.document.name for v in past.versions}.isdisjoint(
        v.document.name for v in current.versions
    )
    assert [v.document.key for v in past.versions] == [
        "8/part-914@2019-12-31",
        "8/914.1@2019-12-31",
    ]
    assert not past.listed
    assert not EcfrPastSpider.facts.enumerates


def test_a_day_is_asked_for_by_name() -> None:
    (follow,) = EcfrPastSpider.seeds(Visit(now=NOW, options={"as_of": date(2019, 12, 31)}))
    assert follow.url == THEN
    assert follow.settled
    assert EcfrPastSpider.question({"as_of": "2019-12-31"}) == {"as_of": "2019-12-31"}


@pytest.mark.parametrize("stated", [None, "yesterday", "2009-01-01"])
def test_a_day_that_is_none_is_refused(stated: object) -> None:
    with pytest.raises(SettingsError, match="as_of"):
        EcfrPastSpider.question({"as_of": stated})


def test_the_title_is_asked_for_again_only_when_it_says_that_it_was_amended() -> None:
    titles = stored(SAMPLES / "ecfr" / "titles.json")
    (follow,) = spider("ecfr").follow(titles)
    assert (follow.url, follow.settled) == (TODAY, True)
    assert follow.context == {"latest_amended_on": "2026-11-12", "latest_issue_date": "2026-11-13"}


def test_a_day_that_the_ecfr_has_not_come_to_is_not_asked_for() -> None:
    said = b'{"titles": [{"number": 8, "latest_issue_date": "2026-11-20", "up_to_date_as_of": "2026-11-18"}]}'  # noqa: E501 - one answer
    (follow,) = EcfrSpider.follow(page("ecfr", EcfrSpider.facts.home, said))
    assert "/full/2026-11-18/" in follow.url
