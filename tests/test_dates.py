"""Dates as lawyers read them: each with its kind, and none that the words don't state."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import read_dates
from pipeline.mentions import first_date
from pipeline.model import DateKind

PUBLISHED = date(2026, 5, 1)
EFFECTIVE, COMMENTS, PAPERWORK, COMPLIANCE, APPLICABLE, EXPIRES, HEARING = (
    DateKind.EFFECTIVE,
    DateKind.COMMENTS_CLOSE,
    DateKind.PRA_COMMENTS_CLOSE,
    DateKind.COMPLIANCE,
    DateKind.APPLICABLE,
    DateKind.EXPIRES,
    DateKind.HEARING,
)


def said(text: str, published: date | None = PUBLISHED) -> list[tuple[DateKind, str]]:
    return [(d.kind, d.on.isoformat()) for d in read_dates(text, "DATES", published)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule is effective May 31, 2026.", [(EFFECTIVE, "2026-05-31")]),
        ("Effective Date: Sept. 5, 2026.", [(EFFECTIVE, "2026-09-05")]),
        ("It takes effect on the 12th day of June, 2026.", [(EFFECTIVE, "2026-06-12")]),
        ("Compliance is required by 1 January 2027.", [(COMPLIANCE, "2027-01-01")]),
        ("Comments must be received on or before: 5/15/2026.", [(COMMENTS, "2026-05-15")]),
        ("Comments due May 9, 2026, by 5 p.m. EST.", [(COMMENTS, "2026-05-09")]),
        ("The agency takes comments until 11:59 p.m. on May 9, 2026.", [(COMMENTS, "2026-05-09")]),
        ("Effective date. June 1, 2026.", [(EFFECTIVE, "2026-06-01")]),
        ("The rule expires on December 31, 2026.", [(EXPIRES, "2026-12-31")]),
        ("Until July 1, 2026, compliance is optional.", [(COMPLIANCE, "2026-07-01")]),
        (
            "The change applies to petitions filed on or after April 1, 2026.",
            [(APPLICABLE, "2026-04-01")],
        ),
        (
            "Effective April 1, 2026, for petitions postmarked on or after April 3, 2026.",
            [(EFFECTIVE, "2026-04-01"), (APPLICABLE, "2026-04-03")],
        ),
        (
            "The rule is effective from June 1, 2026 through January 9, 2027.",
            [(EFFECTIVE, "2026-06-01"), (EXPIRES, "2027-01-09")],
        ),
        (
            "The rule is effective from 7 a.m. until 3 p.m. on June 1, 2026.",
            [(EFFECTIVE, "2026-06-01"), (EXPIRES, "2026-06-01")],
        ),
        (
            "The extension of the designation begins on August 4, 2026, and will remain in effect"
            " for 18 months, ending on February 3, 2028.",
            [(EFFECTIVE, "2026-08-04"), (EXPIRES, "2028-02-03")],
        ),
    ],
)
def test_each_date_gets_the_kind_its_sentence_states(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Comments are due June 30, 2026. Comments on the information collection are due"
            " July 31, 2026.",
            [(COMMENTS, "2026-06-30"), (PAPERWORK, "2026-07-31")],
        ),
        (
            "Send comments by June 30, 2026, and comments on the collection of information by"
            " July 31, 2026.",
            [(COMMENTS, "2026-06-30"), (PAPERWORK, "2026-07-31")],
        ),
        (
            "Comments must be received by July 31, 2026, under the Paperwork Reduction Act.",
            [(PAPERWORK, "2026-07-31")],
        ),
        (
            "Comments on this rule, including the information collection, close June 30, 2026.",
            [(COMMENTS, "2026-06-30"), (PAPERWORK, "2026-06-30")],
        ),
    ],
)
def test_comments_on_paperwork_are_kept_apart(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The effective date of the rule published January 8, 2026, at 91 FR 100, is delayed"
            " until December 31, 2026.",
            [(EFFECTIVE, "2026-12-31")],
        ),
        (
            "The effective date is delayed from April 15, 2026 to May 16, 2026.",
            [(EFFECTIVE, "2026-05-16")],
        ),
        ("The effective date of the rule is delayed indefinitely.", []),
        (
            "The effective date of the rule published at 91 FR 100 (January 5, 2026), delayed until"
            " May 4, 2026, at 91 FR 200 (February 2, 2026), is further delayed until November 4,"
            " 2026.",
            [(EFFECTIVE, "2026-11-04")],
        ),
        (
            "This rule is effective May 31, 2026, and its compliance date is delayed until July 6,"
            " 2026.",
            [(EFFECTIVE, "2026-05-31"), (COMPLIANCE, "2026-07-06")],
        ),
        ("The effective date of the rule is stayed until further notice.", []),
        (
            "The compliance date is extended from May 3, 2026 to May 3, 2027.",
            [(COMPLIANCE, "2027-05-03")],
        ),
        (
            "The proposed rule published on March 2, 2026, is withdrawn as of June 1, 2026.",
            [(EFFECTIVE, "2026-06-01")],
        ),
        (
            "The comment period for the rule published on March 1, 2026 (91 FR 5) is extended to"
            " May 15, 2026.",
            [(COMMENTS, "2026-05-15")],
        ),
        (
            "The comment period that closed on March 1, 2026, is reopened until May 15, 2026.",
            [(COMMENTS, "2026-05-15")],
        ),
        ("We propose to delay the effective date until May 14, 2027.", []),
        ("The sections are stayed until January 3, 2027.", []),
    ],
)
def test_a_moved_date_is_the_one_that_now_holds(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "As of May 1, 2026, the direct final rule published January 2, 2026 (91 FR 3),"
            " effective June 1, 2026, is withdrawn.",
            [(EFFECTIVE, "2026-05-01")],
        ),
        (
            "The direct final rule published at 91 FR 100 on January 5, 2026, effective on March 6,"
            " 2026, is withdrawn effective March 2, 2026.",
            [(EFFECTIVE, "2026-03-02")],
        ),
        (
            "Effective May 1, 2026, the rule published on January 2, 2026, with an effective date"
            " of June 1, 2026, is withdrawn.",
            [(EFFECTIVE, "2026-05-01")],
        ),
        (
            "The final rule published January 2, 2026 (91 FR 3), which becomes effective June 1,"
            " 2026, is hereby rescinded as of July 1, 2026.",
            [(EFFECTIVE, "2026-07-01")],
        ),
        (
            "DHS withdraws, as of May 1, 2026, the rule at 91 FR 3 (effective June 1, 2026).",
            [(EFFECTIVE, "2026-05-01")],
        ),
        (
            "The amendments published January 2, 2026, effective June 1, 2026 through December 1,"
            " 2026, are stayed until January 4, 2027.",
            [],
        ),
        (
            "The comment period for the proposed rule published January 2, 2026 (91 FR 3), ending"
            " March 3, 2026, is extended to April 2, 2026.",
            [(COMMENTS, "2026-04-02")],
        ),
        (
            "The interim final rule published January 2, 2026 (91 FR 3), which became effective"
            " January 2, 2026, is adopted as final effective May 15, 2026.",
            [(EFFECTIVE, "2026-05-15")],
        ),
        (
            "Proclamation 99991 of May 1, 2025, effective June 4, 2025, is revoked as of June 1,"
            " 2026.",
            [(EFFECTIVE, "2026-06-01")],
        ),
        ("On May 1, 2026, the Department published a rule, which is withdrawn.", []),
    ],
)
def test_a_date_told_aside_of_another_document_is_not_this_ones(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The direct final rule published January 2, 2026 (91 FR 3), is effective June 1, 2026.",
            [(EFFECTIVE, "2026-06-01")],
        ),
        (
            "The direct final rule published January 2, 2026 (91 FR 3), effective June 1, 2026, is"
            " confirmed.",
            [(EFFECTIVE, "2026-06-01")],
        ),
        (
            "This rule adopts the rule published January 2, 2026, and, effective June 1, 2026, that"
            " rule is superseded.",
            [(EFFECTIVE, "2026-06-01")],
        ),
        (
            "This order, signed April 28, 2026, which is effective May 4, 2026, supersedes all.",
            [(EFFECTIVE, "2026-05-04")],
        ),
        (
            "Effective June 1, 2026, except for § 214.96, published January 2, 2026, which is"
            " effective October 1, 2026.",
            [(EFFECTIVE, "2026-06-01"), (EFFECTIVE, "2026-10-01")],
        ),
        (
            "The rule is effective on June 1, 2026, for new petitions and on October 1, 2026, for"
            " extensions.",
            [(EFFECTIVE, "2026-06-01"), (EFFECTIVE, "2026-10-01")],
        ),
        (
            "The hearing announced in the rule published January 2, 2026, will be held June 2,"
            " 2026.",
            [(HEARING, "2026-06-02")],
        ),
    ],
)
def test_a_date_that_the_sentence_itself_states_is_kept(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The effective date of June 1, 2026, is delayed indefinitely.", []),
        (
            "The effective date of June 1, 2026, for the rule published January 2, 2026, is delayed"
            " for 60 days until July 31, 2026.",
            [(EFFECTIVE, "2026-07-31")],
        ),
        (
            "We delay the effective date of the rule published January 2, 2026, from June 1, 2026,"
            " to July 31, 2026.",
            [(EFFECTIVE, "2026-07-31")],
        ),
        (
            "The compliance date of June 1, 2026, is extended to June 1, 2027.",
            [(COMPLIANCE, "2027-06-01")],
        ),
        (
            "The comment deadline of June 1, 2026, is extended to July 1, 2026.",
            [(COMMENTS, "2026-07-01")],
        ),
        (
            "Comments must be received by June 1, 2026, as the comment period is extended.",
            [(COMMENTS, "2026-06-01")],
        ),
        (
            "Comments were due by March 3, 2026; the comment period is reopened and will close on"
            " May 15, 2026.",
            [(COMMENTS, "2026-05-15")],
        ),
        (
            "The designation, which expires June 2, 2026, is extended through December 2, 2027.",
            [(EXPIRES, "2027-12-02")],
        ),
    ],
)
def test_a_date_named_only_to_be_moved_is_not_stated(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "DHS proposes that the final rule be effective June 1, 2026.",
        "DHS is proposing to make the rule effective on June 1, 2026.",
        "If finalized, the rule would take effect on June 1, 2026.",
        "If adopted, the rule will be effective June 1, 2026.",
        "The proposed effective date is June 1, 2026.",
        "We propose to extend the compliance date to June 1, 2027.",
    ],
)
def test_what_is_proposed_is_no_date_yet(text: str) -> None:
    assert said(text) == []
    assert said(f"{text} Comments are due May 20, 2026.") == [(COMMENTS, "2026-05-20")]


@pytest.mark.parametrize(
    "text",
    [
        "Comments must be received within 30 days.",
        "File comments within 30 days after publication.",
        "The meeting will be held on June 2, 2026.",
        "Applications are due May 20, 2026.",
        "Comments received after June 1, 2026 will not be considered.",
        "On May 1, 2026, USCIS delayed the effective date.",
        "We delay the effective date of the January 14, 2026, rule.",
        "The period was to expire on November 30, 2026.",
        "The comment period was originally scheduled to close on April 30, 2026.",
        "Comments, originally due March 9, 2026, were read.",
        "The rule was scheduled to take effect on January 22, 2026.",
        "We withdraw the January 4, 2026, direct final rule after an adverse comment.",
        "On March 31, 2026, we solicited comments on compliance.",
        "The collection (OMB No. 9999-9999; Expiration date: February 28, 2026) is renewed.",
        "Cards with a “Card Expires” date of March 30, 2026, are extended.",
        "Effective June 31, 2026.",
        "The 04/01/2026 edition is required.",
        "Effective upon publication of a notice of approval.",
        "",
    ],
)
def test_what_is_not_said_is_not_concluded(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Effective on publication.", 0),
        ("The rule is effective upon publication in the Federal Register.", 0),
        ("This rule is effective [INSERT DATE OF PUBLICATION IN THE FEDERAL REGISTER].", 0),
        ("This rule is effective [INSERT DATE 60 days after publication].", 60),
        ("Effective 30 days after the date of publication.", 30),
    ],
)
def test_publication_counts_only_where_the_words_name_it(text: str, days: int) -> None:
    assert [d.on for d in read_dates(text, "DATES", PUBLISHED)] == [PUBLISHED + timedelta(days)]
    assert read_dates(text, "DATES") == ()


def test_words_are_the_sentence_and_its_label() -> None:
    text = "Effective date. This rule is effective May 31, 2026.\nSee section V."
    stated = read_dates(text, "DATES")
    assert [d.words for d in stated] == ["Effective date. This rule is effective May 31, 2026."]
    assert stated[0].read_from == "DATES"


def test_first_date_of_a_signature() -> None:
    assert first_date("Dated at Sampleton, this 12th day of April, 2026.") == date(2026, 4, 12)
    assert first_date("Dated: undated.") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The hearing will be held at 10 a.m. on Wednesday, June 10, 2026. Requests to speak at"
            " the hearing must be received by May 20, 2026.",
            [(HEARING, "2026-06-10")],
        ),
        (
            "Hearings will be held on June 2, June 9, and June 16, 2026.",
            [(HEARING, "2026-06-02"), (HEARING, "2026-06-09"), (HEARING, "2026-06-16")],
        ),
        (
            "The hearing will be held June 2 and 3, 2026, from 8 a.m.",
            [(HEARING, "2026-06-02"), (HEARING, "2026-06-03")],
        ),
        (
            "The hearing scheduled for June 2, 2026, is postponed to July 7, 2026.",
            [(HEARING, "2026-07-07")],
        ),
        ("The hearing scheduled for June 2, 2026, has been cancelled.", []),
        (
            "Comments and requests for a hearing must be received by May 9, 2026.",
            [(COMMENTS, "2026-05-09")],
        ),
        ("The hearing officer decided on June 2, 2026.", []),
    ],
)
def test_a_hearing_is_a_date_and_a_request_for_one_is_not(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The rule is effective from March 3 to March 10, 2026.",
            [(EFFECTIVE, "2026-03-03"), (EXPIRES, "2026-03-10")],
        ),
        (
            "The rule is effective from December 20 through January 5, 2027.",
            [(EFFECTIVE, "2026-12-20"), (EXPIRES, "2027-01-05")],
        ),
        (
            "The comment period opens May 1 and closes May 31, 2026.",
            [(COMMENTS, "2026-05-31")],
        ),
        ("Comments are accepted May 9-11, 2026.", [(COMMENTS, "2026-05-11")]),
        ("The rule is effective on June 1.", []),
    ],
)
def test_a_date_without_a_year_has_that_of_the_date_it_is_joined_to(
    text: str, expected: list[tuple[DateKind, str]]
) -> None:
    assert said(text) == expected


def test_staggered_effective_dates_stand_each_with_its_words() -> None:
    text = (
        "This rule is effective June 1, 2026, except that § 214.98 is effective July 1, 2026. The"
        " amendments in instruction 4 are effective January 4, 2027. Section 214.97 is delayed"
        " indefinitely."
    )
    stated = read_dates(text, "DATES", PUBLISHED)
    assert [d.on.isoformat() for d in stated] == ["2026-06-01", "2026-07-01", "2027-01-04"]
    assert {d.kind for d in stated} == {EFFECTIVE}
    assert stated[2].words == "The amendments in instruction 4 are effective January 4, 2027."


PIECES = st.sampled_from(
    [
        *("effective ", "comments ", "comment period ", "delayed ", "from ", "until ", "to "),
        *("on or after ", "filed ", "Paperwork Reduction Act ", "applies ", "the rule ", "and "),
        *("May 31, 2026", "5/15/2026", "31 June 2026", "60 days after publication", "is "),
        *(
            "upon publication",
            "[INSERT DATE ",
            "]",
            ". ",
            "\n",
            ", ",
            "(",
            ")",
            "extension begins ",
            "published ",
            "is withdrawn",
            "which ",
            "91 FR 3",
        ),
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_its_words_stand_in_it(text: str) -> None:
    for stated in read_dates(text, "DATES", PUBLISHED):
        assert stated.words in text
        assert stated.words == stated.words.strip()


def test_effective_dates_in_abstracts_agree_with_the_interface(shared: Path) -> None:
    rows = (shared / "corpora" / "federal_register_immigration.jsonl").read_text("utf-8")
    stated = 0
    for row in map(json.loads, rows.splitlines()):
        if on := row.get("effective_on"):
            published = date.fromisoformat(row["publication_date"])
            dates = read_dates(row["abstract"], "abstract", published)
            effective = [d.on.isoformat() for d in dates if d.kind is EFFECTIVE]
            assert on in effective or not effective, row["document_number"]
            stated += bool(effective)
    assert stated >= 16


@pytest.mark.parametrize(
    "text",
    [
        "This rule is effective June 1, 2026. Petitions postmarked on or after that date must"
        " include the new fee.",
        "Effective June 1, 2026. The new edition applies to requests filed on or after the"
        " effective date.",
    ],
)
def test_what_is_filed_on_or_after_that_date_is_told_with_the_date(text: str) -> None:
    stated = {each.kind: each.on for each in read_dates(text, "DATES")}
    assert stated[DateKind.APPLICABLE] == stated[DateKind.EFFECTIVE] == date(2026, 6, 1)


def test_that_date_is_not_guessed_where_there_are_two() -> None:
    text = (
        "Sections 1 and 2 are effective June 1, 2026; section 3 is effective July 1, 2026."
        " Petitions filed on or after that date must include the new fee."
    )
    assert all(each.kind is not DateKind.APPLICABLE for each in read_dates(text, "DATES"))
