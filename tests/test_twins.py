"""Twins: the same provision's other number, the counterpart regulation, former numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders import rule, version
from fakes import HashingEncoder
from publisher import NOW, page, visit

from index.database import Database
from index.intake import Rules
from index.lookup import look_up
from pipeline import topics
from pipeline.citator.former import formerly
from pipeline.citator.twins import counterparts, disagree, parallels, twins
from pipeline.cite import find
from pipeline.errors import NotHeld
from pipeline.identifiers import identifiers, own
from pipeline.model import Page, Reading, Version


@pytest.mark.parametrize(
    ("enacted", "codified"),
    [
        ("INA § 208(b)(1)", "8 USC § 1158(b)(1)"),
        ("INA § 101(a)(43)(F)", "8 USC § 1101(a)(43)(F)"),
        ("INA § 240A", "8 USC § 1229b"),
        ("INA § 241(b)(3)", "8 USC § 1231(b)(3)"),
        ("INA § 244", "8 USC § 1254a"),
        ("INA § 329A", "8 USC § 1440-1"),
        ("INA § 507", "8 USC § 1537"),
    ],
)
def test_the_two_numbers_of_a_provision_are_twins(enacted: str, codified: str) -> None:
    assert twins(enacted) == (codified,)
    assert twins(codified) == (enacted,)


@pytest.mark.parametrize(
    "name",
    [
        "INA § 404",  # a note under 8 U.S.C. 1101, as three others are
        "8 USC § 1101 note",
        "8 USC § 1641",  # not of the INA
        "8 USC § 1251",  # where INA § 241 stood until 1997
        "8 USC § 1254",
        "INA § 242B",
        "INA §§ 201-203",
        "18 USC § 1158",
        "8 CFR § 208.16",
        "27 I&N Dec. 316",
        "",
    ],
)
def test_what_has_no_other_number_in_force_has_no_twin(name: str) -> None:
    assert twins(name) == ()


def test_the_table_is_that_of_the_compilation(shared: Path) -> None:
    text = (shared / "corpora/reference_law/INA_COMPS-1376.txt").read_text(encoding="utf-8")
    heading = (
        r"^ *SEC(?:TION|\.) (\d+[A-Z]?)\.\s+(?:\d+ )?ø8\.? U\.S\.C\. (\d+[a-z]?(?:\u2013\d+)?)¿"
    )
    printed = re.findall(heading, text, re.MULTILINE)
    assert len(printed) == 163
    for section, codified in printed:
        number = codified.replace("\u2013", "-")
        assert twins(f"INA § {section}") == (f"8 USC § {number}",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8 CFR pt. 208", "8 CFR pt. 1208"),
        ("8 CFR § 208.13", "8 CFR § 1208.13"),
        ("8 CFR § 274a.9", "8 CFR § 1274a.9"),
    ],
)
def test_a_duplicated_regulation_has_a_counterpart_and_no_twin(one: str, other: str) -> None:
    assert counterparts(one) == (other,)
    assert counterparts(other) == (one,)
    assert twins(one) == twins(other) == ()


def test_a_counterpart_is_a_section_whose_paragraphs_may_not_correspond() -> None:
    assert counterparts("8 CFR § 208.13(b)(1)") == ("8 CFR § 1208.13",)


@pytest.mark.parametrize(
    "name",
    ["8 CFR § 1003.1", "8 CFR § 214.2", "8 CFR § 208.35", "8 CFR § 1240.11", "20 CFR § 208.1"],
)
def test_what_one_chapter_alone_has_has_no_counterpart(name: str) -> None:
    assert counterparts(name) == ()


def test_every_counterpart_stands_in_both_chapters(shared: Path) -> None:
    text = (shared / "corpora/reference_law/CFR-2024-title8-vol1.txt").read_text(
        encoding="utf-8", errors="replace"
    )
    printed = set(
        re.findall(r"(?:^|\s{2,}|§ ?)(\d{3,4}a?\.\d{1,3}) +(?=[A-Z\[])", text, re.MULTILINE)
    )
    named = {number for number in printed if counterparts(f"8 CFR § {number}")}
    others = {counterparts(f"8 CFR § {number}")[0].removeprefix("8 CFR § ") for number in named}
    assert len(named) > 300
    assert others <= printed


def test_a_former_number_is_told_and_is_no_twin() -> None:
    (told,) = formerly("INA § 241(a)(2)")
    assert told.startswith("Until 1 April 1997 INA § 241 (8 USC § 1251) was the grounds")
    assert formerly("8 USC § 1251(a)(2)") == (told,)
    assert formerly("INA § 243(h)(1)")
    assert formerly("INA § 243") == formerly("INA § 208") == formerly("INA § 212") == ()


def test_a_part_that_was_moved_is_told_with_its_new_number() -> None:
    assert "§ 1003.2" in formerly("8 CFR § 3.2(c)")[0]
    assert formerly("8 CFR § 30.2") == ()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("INA § 208", "8 USC § 1182", True),
        ("8 USC § 1182", "INA § 208", True),
        ("INA § 208(b)", "8 USC § 1158(a)", True),
        ("INA § 208", "8 USC § 1641", True),
        ("INA § 208(b)", "8 USC § 1158", False),
        ("INA § 208(b)(1)", "8 USC § 1158(b)(1)(B)", False),
        ("INA § 241(a)(2)", "8 USC § 1251(a)(2)", False),  # right until 1997
        ("INA § 244(a)", "8 USC § 1254(a)", False),
        ("INA § 404", "8 USC § 1101 note", False),
        ("INA § 208", "6 USC § 279", False),
        ("INA § 208", "8 CFR § 208.16", False),
    ],
)
def test_parallels_that_are_no_twins_disagree(first: str, second: str, *, expected: bool) -> None:
    assert disagree(first, second) is expected


def test_lists_are_paired_item_by_item() -> None:
    text = "sections 208 and 241(b)(3) of the Act, 8 U.S.C. §§ 1158, 1231(b)(3)"
    pairs = [(one.canonical, other.canonical) for one, other in parallels(text, find(text))]
    assert pairs == [
        ("INA § 208", "8 USC § 1158"),
        ("INA § 241(b)(3)", "8 USC § 1231(b)(3)"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "sections 208, 209 and 241(b)(3) of the Act, 8 U.S.C. §§ 1158, 1231(b)(3)",
        "section 208 of the Act; 8 U.S.C. § 1182",
        "section 208 of the Act. See 8 U.S.C. § 1182",
    ],
)
def test_what_is_not_printed_as_parallel_is_no_pair(text: str) -> None:
    assert list(parallels(text, find(text))) == []


def hold(database: Database, held: Version) -> None:
    """Take a version in by a crawl of its own."""

    def read(given: Page) -> Reading:
        return Reading(versions=(replace(held, seen_at=given.fetched_at),))

    known = Rules(readers={"sample": read}, taxonomy=topics.load(), count=HashingEncoder().count)
    visit(database, known, NOW, page({held.document.key: held.text}, NOW, held.url))


def test_a_document_is_found_and_cited_under_either_number(database: Database) -> None:
    statute = version("Asylum.", source="sample", key="1158", kind="statute", citation="8 USC 1158")
    hold(database, statute)
    citing = "An applicant under INA § 208(b)(1) must be present."
    hold(database, replace(rule(citing), document=replace(rule().document, source="sample")))
    shown = look_up(database, "INA 208")
    assert shown.held.version.document.key == "1158"
    assert [each.words for each in shown.cited_by] == [citing]


def test_a_counterpart_is_never_merged(database: Database) -> None:
    kept = version(
        "Bars.", source="sample", key="208.13", kind="regulation", citation="8 CFR 208.13"
    )
    hold(database, kept)
    citing = rule("See 8 CFR 1208.13.")
    hold(database, replace(citing, document=replace(citing.document, source="sample")))
    assert look_up(database, "8 CFR 208.13").cited_by == ()
    with pytest.raises(NotHeld):
        look_up(database, "8 CFR 1208.13")


def test_orders_of_the_president_and_dockets_are_names_of_what_prints_them() -> None:
    said = {
        "document_number": "2026-21001",
        "executive_order_number": "14999",
        "proclamation_number": "10999",
        "rins": ["1615-ZZ99"],
        "docket_ids": ["CIS No. 9999-26", "DHS Docket No. USCIS-2026-9999", "EOIR-2026-9998"],
    }
    printed = replace(rule(), metadata=said)
    alone = {"91 FR 60001", "FR Doc. 2026-21001", "EO 14999", "Proc. 10999"}
    assert own(printed) == alone
    assert identifiers(printed) == alone | {
        *("RIN 1615-ZZ99", "CIS No. 9999-26", "USCIS-2026-9999", "EOIR-2026-9998"),
    }


def test_a_memorandum_goes_by_its_number() -> None:
    memorandum = version(citation="USCIS Policy Memorandum PM-602-9999")
    assert identifiers(memorandum) == {"PM-602-9999"}
