"""One version from an entry and a print: what kind of document, which dates, where they differ."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline import fedreg
from pipeline.disagreement import disagreements
from pipeline.entries import kept, version
from pipeline.fedreg import Printed
from pipeline.model import Block, BlockKind, DateKind, Page, Version
from pipeline.subtype import subtype
from pipeline.urgency import urgent

ENTRY = {"document_number": "2026-9", "publication_date": "2026-05-04", "title": "A Sample"}
FILED = "<FRDOC>[FR Doc. 2026-9 Filed {0}]</FRDOC>"


def made(printed: Printed | None, **entry: Any) -> Version:
    page = Page(
        source="federal_register",
        url="https://www.federalregister.gov/documents/full_text/xml/2026/05/04/2026-9.xml",
        final_url="",
        asked="",
        status=200,
        headers={},
        body=b"",
        fetched_at=datetime(2026, 5, 4, tzinfo=UTC),
    )
    return version(page, {**ENTRY, **entry}, printed)


def document(
    dates: str = "",
    action: str = "Final rule.",
    filed: str = "5-1-26; 8:45 am",
    tag: str = "RULE",
    body: str = "",
    **entry: Any,
) -> Version:
    section = "<{0}><HD SOURCE='HED'>{1}:</HD><P>{2}</P></{0}>"
    heads = section.format("ACT", "ACTION", action) if action else ""
    heads += section.format("DATES", "DATES", dates) if dates else ""
    xml = f"<{tag}><PREAMB>{heads}</PREAMB>{body}{FILED.format(filed)}</{tag}>"
    return made(fedreg.read(xml.encode())[0], **entry)


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("Interim final rule; request for comments.", "interim final rule"),
        ("Interim final rule; delay of effective date.", "delay of effective date"),
        ("Final rule; partial stay.", "delay of effective date"),
        ("Temporary final rule; correction.", "correction"),
        ("Correcting amendments.", "correction"),
        ("Direct final rule; withdrawal.", "withdrawal"),
        ("Proposed rule; partial withdrawal.", "partial withdrawal"),
        ("Withdrawal in part of a proposed rule.", "partial withdrawal"),
        ("Notice of intent to withdraw a finding.", ""),
        (
            "Notice of proposed rulemaking; extension of comment period.",
            "extension of comment period",
        ),
        ("Proposed rule; comment period reopened.", "reopening of comment period"),
        ("Reopening and extension of the comment period.", "reopening of comment period"),
        ("Advance notice of proposed rulemaking.", "advance notice of proposed rulemaking"),
        ("Supplemental notice of proposed rulemaking.", "supplemental proposed rule"),
        ("Proposed rule; notice of public hearing.", "hearing notice"),
        ("Notice of proposed rulemaking and notice of public hearing.", "proposed rule"),
        ("Petition for rulemaking; denial.", "petition"),
        ("60-day notice; request for comments.", "request for comments"),
        ("Extension of Stay Procedure; final rule.", "final rule"),
        ("Notice.", ""),
        ("", ""),
    ],
)
def test_the_action_line_tells_what_a_document_does(action: str, told: str) -> None:
    assert subtype("2026-9", action) == told


@pytest.mark.parametrize("number", ["C1-2026-09", "C2-2026-09", "R1-2026-09"])
def test_a_correction_is_told_by_its_number(number: str) -> None:
    assert subtype(number, "") == "correction"


def test_a_presidential_document_is_called_what_it_calls_itself() -> None:
    assert subtype("2026-9", "", "Executive Order 14999 of May 1, 2026") == "Executive Order"


def test_the_day_of_filing_for_inspection_is_a_date_with_its_words() -> None:
    found = [d for d in document().dates if d.kind is DateKind.INSPECTION]
    assert [(d.on, d.words, d.read_from) for d in found] == [
        (date(2026, 5, 1), "[FR Doc. 2026-9 Filed 5-1-26; 8:45 am]", "filing line")
    ]
    assert document(filed="5-1-94; 8:45 am").date(DateKind.INSPECTION) == date(1994, 5, 1)
    assert document(filed="13-1-26; 8:45 am").date(DateKind.INSPECTION) is None


def test_a_proclamation_takes_effect_when_its_body_says_so() -> None:
    body = """<PRESDOC><P>On May 2, 2025, I issued Proclamation 99991, effective May 5, 2025.</P>
    <P>Proclamation 99990 became effective on June 1, 2024.</P>
    <P>Sec. 9. This proclamation is effective at 12:01 a.m. eastern standard time on June 9, 2026,
    and shall expire on June 9, 2027.</P></PRESDOC>"""
    one = document(action="", tag="PRESDOCU", body=body)
    stated = [(d.kind, d.on, d.read_from) for d in one.dates if d.read_from == "text"]
    assert stated == [
        (DateKind.EFFECTIVE, date(2026, 6, 9), "text"),
        (DateKind.EXPIRES, date(2027, 6, 9), "text"),
    ]


def test_what_the_text_was_read_from_is_told_unless_it_is_the_xml() -> None:
    block = Block(kind=BlockKind.PARAGRAPH, text="x")
    blank = Printed(kind="rule", number="2026-9", blocks=(block,))
    held = {form: made(Printed(**{**vars(blank), "form": form})) for form in ("HTML", "raw text")}
    assert {form: one.metadata["text"] for form, one in held.items()} == {f: f for f in held}
    assert "text" not in made(blank).metadata
    assert made(None, type="Rule", abstract="A.").metadata["text"] == "abstract only"
    assert made(None, type="Rule").metadata["text"] == "title only"


def test_who_signed_and_what_is_amended_are_data() -> None:
    body = """<REGTEXT TITLE="8" PART="214"><AMDPAR>2. Remove § 214.96.</AMDPAR></REGTEXT>
    <SIG><NAME>Sam Sample,</NAME><TITLE>Secretary.</TITLE></SIG>"""
    metadata = document(body=body).metadata
    assert metadata["signed_by"] == ["Sam Sample, Secretary"]
    assert metadata["amends"] == [
        {"section": "8 CFR 214.96", "act": "remove", "words": "2. Remove § 214.96."}
    ]


def test_where_the_words_and_the_data_differ_it_is_said() -> None:
    one = document(
        "Effective June 1, 2026. Comments close July 1, 2026.", effective_on="2026-06-02"
    )
    assert disagreements(one) == (
        "effective date: the document says June 1, 2026 (“Effective June 1, 2026.”); the Federal"
        " Register’s data says June 2, 2026",
    )


@pytest.mark.parametrize(
    ("dates", "entry"),
    [
        (
            "Effective June 1, 2026, except for § 214.2, which is effective July 1, 2026.",
            {"effective_on": "2026-07-01"},
        ),
        ("See the text.", {"effective_on": "2026-07-01"}),
        ("Effective June 1, 2026.", {"comments_close_on": "2026-06-01"}),
        (
            "Comments on the information collection close June 1, 2026.",
            {"comments_close_on": "2026-06-01"},
        ),
    ],
)
def test_a_date_among_several_or_of_another_kind_does_not_disagree(
    dates: str, entry: dict[str, str]
) -> None:
    assert disagreements(document(dates, **entry)) == ()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"dates": "This rule is effective May 4, 2026."},
            "final rule in force on its publication: “This rule is effective May 4, 2026.”",
        ),
        (
            {"dates": "This rule is effective May 1, 2026.", "action": "Interim final rule."},
            "interim final rule in force on its filing for public inspection: “This rule is"
            " effective May 1, 2026.”",
        ),
        (
            {"dates": "Effective April 6, 2026.", "action": "Temporary rule."},
            "temporary rule in force before its filing for public inspection: “Effective April 6,"
            " 2026.”",
        ),
        (
            {"effective_on": "2026-05-04"},
            "final rule in force on its publication: “API effective_on 2026-05-04”",
        ),
        (
            {"dates": "This rule is effective upon filing for public inspection."},
            "final rule effective at once: “This rule is effective upon filing for public"
            " inspection.”",
        ),
        ({"action": "Interim final rule."}, "interim final rule without a stated effective date"),
        (
            {
                "tag": "PRESDOCU",
                "action": "",
                "subtype": "Proclamation",
                "body": "<P>This proclamation shall be effective immediately.</P>",
            },
            "Proclamation effective at once: “This proclamation shall be effective immediately.”",
        ),
        (
            {"tag": "PRESDOCU", "action": "", "body": "<P>I order it.</P>"},
            "presidential document without a stated effective date",
        ),
    ],
)
def test_what_binds_at_once_is_urgent_and_says_why(given: dict[str, Any], reason: str) -> None:
    assert urgent(document(**given)) == (reason,)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"dates": "This rule is effective June 3, 2026."},
        {"dates": "Effective June 3, 2026.", "action": "Interim final rule."},
        {"dates": "The rule was effective immediately in 2019.", "action": "Notice."},
        {"dates": "Effective May 4, 2026.", "action": "Proposed rule.", "tag": "PRORULE"},
        {"filed": "5-1-26; 4:15 pm", "action": "Proposed rule.", "tag": "PRORULE"},
        {"dates": "DHS proposes that the rule be effective May 4, 2026."},
    ],
)
def test_what_leaves_time_is_not_urgent(given: dict[str, Any]) -> None:
    assert urgent(document(**given)) == ()


def test_publication_is_no_effective_date() -> None:
    one = document("Comments close June 3, 2026.")
    assert one.date(DateKind.EFFECTIVE) is None
    assert urgent(one) == ()


def test_what_churns_is_not_kept() -> None:
    entry = {**ENTRY, "page_views": {"count": 9}, "excerpts": "x", "dockets": [{}], "body": "y"}
    assert kept(entry) == ENTRY
