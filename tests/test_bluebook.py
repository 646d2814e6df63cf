"""Citations as a brief has them; nothing in one that the document does not state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import rule, stated, version

from pipeline.bluebook import bluebook, case, day, pinned
from pipeline.model import DateKind, Version

ON = date(2026, 3, 4)
MEMO = "U.S. Citizenship & Immigr. Servs., Policy Memorandum PM-602-9999"


def of(kind: str, *days: tuple[DateKind, date], **said: Any) -> Version:
    dates = tuple(stated(sort, on) for sort, on in days)
    plain = {"citation": "", "title": "A Sample Paper", "issuer": "", "dates": dates, **said}
    return replace(version("x", kind=kind), **plain)


def decision(title: str, citation: str = "29 I&N Dec. 999 (BIA 2026)") -> Version:
    return of("bia-precedent", title=title, citation=citation)


def opinion(**said: Any) -> Version:
    second = "United States Court of Appeals for the Second Circuit"
    given = {"title": "Sample v. Bondi", "issuer": second, **said}
    return of("court-opinion", (DateKind.DECIDED, ON), **given)


def memorandum(title: str) -> Version:
    cited = "USCIS Policy Memorandum PM-602-9999"
    return of("uscis-memorandum", (DateKind.SIGNED, ON), citation=cited, title=title)


def printed(kind: str, citation: str = "91 FR 60001", **metadata: Any) -> Version:
    made = rule("x", kind=kind, citation=citation, dates=(stated(DateKind.PUBLISHED, ON),))
    return replace(made, title="Sample Fees", metadata=metadata)


@pytest.mark.parametrize(
    ("printed_as", "written"),
    [
        ("Matter of S-A-M-P-", "Matter of S-A-M-P-"),
        ("Matter of S. A. SAMPLE", "Matter of S.A. Sample"),
        ("Matter of SAMPLE-EXAMPLE and O’SAMPLE", "Matter of Sample-Example and O’Sample"),
        ("Matter of McSAMPLE", "Matter of McSample"),
        ("Matter of MCSAMPLE", "Matter of McSample"),
        ("Matter of DE LA SAMPLE & S-A-", "Matter of De La Sample & S-A-"),
        ("Matter of SAMPLE FARMS, LLC", "Matter of Sample Farms, LLC"),
        ("Matter of SAMPLE’S TREES, INC.", "Matter of Sample’s Trees, Inc."),
        ("Matter of BANK OF SAMPLE AND THE WEST", "Matter of Bank of Sample and the West"),
        ("Matter of THE SAMPLE CO.", "Matter of The Sample Co."),
        ("Matter of J. SAMPLE IV", "Matter of J. Sample IV"),
        ("Matter of VI", "Matter of Vi"),
        ("Matter of NG", "Matter of Ng"),
        ("Matter of BGSX, LTD.", "Matter of BGSX, Ltd."),
        ("Matter of X. Sample, et al.", "Matter of X. Sample, et al."),
    ],
)
def test_a_case_is_named_in_a_briefs_letters(printed_as: str, written: str) -> None:
    assert case(printed_as) == written
    assert bluebook(decision(printed_as)) == f"{written}, 29 I&N Dec. 999 (BIA 2026)"


def test_a_decision_is_cited_to_a_page_only_where_the_page_is_held() -> None:
    one = decision("Matter of S-A-M-P-")
    assert pinned(one, page="1003") == "Matter of S-A-M-P-, 29 I&N Dec. 999, 1003 (BIA 2026)"
    assert pinned(one, page="") == ""
    assert pinned(one, page="998") == ""


@pytest.mark.parametrize("citation", ["", "Interim Decision 4999", "29 I&N Dec. 999"])
def test_a_decision_without_its_court_and_year_is_not_cited(citation: str) -> None:
    assert bluebook(decision("Matter of S-A-M-P-", citation)) == ""


@pytest.mark.parametrize(
    ("document", "cited"),
    [
        (
            printed("rule", cfr_references=["8 CFR 214", "8 CFR 103", "20 CFR 655"]),
            "Sample Fees, 91 Fed. Reg. 60,001 (Mar. 4, 2026) "
            "(to be codified at 8 C.F.R. pts. 214, 103; 20 C.F.R. pt. 655)",
        ),
        (printed("rule", "91 FR 601"), "Sample Fees, 91 Fed. Reg. 601 (Mar. 4, 2026)"),
        (
            printed("proposed-rule", cfr_references=["8 CFR 214", "8 CFR"]),
            "Sample Fees, 91 Fed. Reg. 60,001 (proposed Mar. 4, 2026) "
            "(to be codified at 8 C.F.R. pt. 214)",
        ),
        (
            printed("notice", cfr_references=["8 CFR 214"]),
            "Sample Fees, 91 Fed. Reg. 60,001 (Mar. 4, 2026)",
        ),
        (printed("rule", ""), ""),
        (replace(printed("rule"), dates=()), ""),
        (
            replace(
                printed("presidential-document", executive_order_number="14999"),
                dates=(stated(DateKind.PUBLISHED, ON), stated(DateKind.SIGNED, date(2026, 3, 1))),
            ),
            "Exec. Order No. 14,999, 91 Fed. Reg. 60,001 (Mar. 1, 2026)",
        ),
        (printed("presidential-document", proclamation_number="9999"), ""),
        (of("regulation", citation="8 CFR 214.2"), "8 C.F.R. § 214.2"),
        (of("regulation", citation="8 CFR part 214"), "8 C.F.R. pt. 214"),
        (
            of("regulation", citation="8 CFR 214.2", metadata={"as_of": "2019-12-31"}),
            "8 C.F.R. § 214.2 (2019)",
        ),
        (of("policy-manual-chapter", citation="6 USCIS-PM F.5"), "6 USCIS Policy Manual F.5"),
        (
            of(
                "uscis-memorandum",
                (DateKind.SIGNED, ON),
                citation="USCIS Policy Memorandum PM-602-9999",
            ),
            "U.S. Citizenship & Immigr. Servs., Policy Memorandum PM-602-9999, A Sample Paper "
            "(Mar. 4, 2026)",
        ),
        (of("uscis-memorandum", (DateKind.SIGNED, ON)), ""),
        (of("uscis-memorandum", citation="USCIS Policy Memorandum PM-602-9999"), ""),
        (
            of("policy-alert", (DateKind.ANNOUNCED, ON), citation="PA-2026-99"),
            "U.S. Citizenship & Immigr. Servs., Policy Alert PA-2026-99, A Sample Paper "
            "(Mar. 4, 2026)",
        ),
        (
            of("eoir-memorandum", (DateKind.SIGNED, ON), citation="PM 26-99"),
            "Exec. Off. for Immigr. Rev., PM 26-99, A Sample Paper (Mar. 4, 2026)",
        ),
        (
            of("visa-bulletin", citation="Visa Bulletin for March 2026 (No. 99, Vol. XI)"),
            "U.S. Dep’t of State, Visa Bulletin for March 2026, Vol. XI, No. 99",
        ),
        (
            of("form", title="I-999, Sample Form", metadata={"edition_date": "03/04/26"}),
            "U.S. Citizenship & Immigr. Servs., Form I-999, Sample Form (03/04/26 ed.)",
        ),
        (of("form", title="I-999, Sample Form"), ""),
        (
            of("uscis-news", (DateKind.ANNOUNCED, ON)),
            "Press Release, U.S. Citizenship & Immigr. Servs., A Sample Paper (Mar. 4, 2026)",
        ),
        (of("uscis-page"), ""),
        (
            of("bia-unpublished", (DateKind.DECIDED, ON), citation="S-A-M-P- (BIA Mar 4, 2026)"),
            "S-A-M-P- (BIA Mar. 4, 2026)",
        ),
        (of("bia-unpublished"), ""),
        (
            of(
                "court-opinion",
                (DateKind.DECIDED, ON),
                title="Sample v. Bondi",
                issuer="United States Court of Appeals for the Second Circuit",
                metadata={"docket": "26-9999"},
            ),
            "Sample v. Bondi, No. 26-9999 (2d Cir. Mar. 4, 2026)",
        ),
        (of("court-opinion", (DateKind.DECIDED, ON), metadata={"docket": "26-9999"}), ""),
        (
            opinion(metadata={"docket": "No. 26-9999-ag"}),
            "Sample v. Bondi, No. 26-9999-ag (2d Cir. Mar. 4, 2026)",
        ),
        (
            opinion(metadata={"docket": "26-9998, 26-9999"}),
            "Sample v. Bondi, Nos. 26-9998, 26-9999 (2d Cir. Mar. 4, 2026)",
        ),
        (opinion(metadata={"docket": "unknown"}), ""),
        (opinion(issuer="Supreme Court of California", metadata={"docket": "S99999"}), ""),
        (opinion(citation="999 F.4th 1"), ""),
        (opinion(citation="999 F.4th 1 (2026)"), ""),
        (
            opinion(citation="999 F.4th 1 (2d Cir. 2026)"),
            "Sample v. Bondi, 999 F.4th 1 (2d Cir. 2026)",
        ),
        (opinion(citation="999 U.S. 1 (2026)"), "Sample v. Bondi, 999 U.S. 1 (2026)"),
        (memorandum("PM-602-9999"), f"{MEMO} (Mar. 4, 2026)"),
        (memorandum("PM-602-9999: A Sample"), f"{MEMO}, A Sample (Mar. 4, 2026)"),
        (memorandum("A Sample (PM-602-9999)"), f"{MEMO}, A Sample (Mar. 4, 2026)"),
        (
            of("form", title="Form I-999, Sample", metadata={"edition_date": "03/04/26"}),
            "U.S. Citizenship & Immigr. Servs., Form I-999, Sample (03/04/26 ed.)",
        ),
        (
            of("form", title="Form I-999", metadata={"edition_date": "03/04/26"}),
            "U.S. Citizenship & Immigr. Servs., Form I-999 (03/04/26 ed.)",
        ),
        (of("public-inspection"), ""),
        (of("something-new", citation="1 Sample 2"), ""),
    ],
)
def test_each_sort_is_cited_as_far_as_it_is_stated(document: Version, cited: str) -> None:
    if document.document.kind == "form" and cited:
        document = replace(document, document=replace(document.document, key="i-999"))
    assert bluebook(document) == cited


def test_a_chapter_is_cited_to_the_section_that_a_passage_stands_in() -> None:
    chapter = of("policy-manual-chapter", citation="6 USCIS-PM F.5")
    trail = ("B. Sample Evidence", "2. Letters")
    assert pinned(chapter, trail=trail) == "6 USCIS Policy Manual F.5(B)(2)"
    assert pinned(chapter, trail=("B. Sample Evidence", "Table 1")) == (
        "6 USCIS Policy Manual F.5(B)"
    )
    assert pinned(chapter, trail=("Introduction",)) == ""
    assert pinned(replace(chapter, citation=""), trail=trail) == ""


def test_months_are_shortened_as_the_table_has_them() -> None:
    said = {day(date(2026, month, 9)) for month in range(1, 13)}
    assert {"May 9, 2026", "June 9, 2026", "July 9, 2026", "Sept. 9, 2026"} <= said
