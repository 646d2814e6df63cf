"""What findings allow to say of an authority, by day and by forum; every decision is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from findings import finding

from pipeline.citator import deed
from pipeline.citator.model import (
    Body,
    Coverage,
    DerivedWarning,
    Finding,
    Forum,
    Status,
    StatusKind,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.citator.status import status

TODAY = date(2026, 11, 22)
COVERAGE = Coverage(
    decisions=254,
    volumes=((28, 86, 1, 862), (29, 168, 1, 830)),
    full_texts=0,
    as_of=datetime(2026, 11, 22, 18, tzinfo=UTC),
)
FIRST = Forum(body=Body.IMMIGRATION_COURT, circuit="1")
NINTH = Forum(body=Body.IMMIGRATION_COURT, circuit="9")
NEGATIVE = StatusKind.NEGATIVE
IN_PART = StatusKind.NEGATIVE_IN_PART
CONTESTED = StatusKind.CONTESTED
ELSEWHERE = StatusKind.ELSEWHERE
NONE_FOUND = StatusKind.NONE_FOUND

OVERRULED = finding(
    TreatmentKind.OVERRULED, court="A.G. 2021", place="28 I&N Dec. 910", title="Matter of Doer"
)
REINSTATED = finding(
    TreatmentKind.REINSTATED, court="A.G. 2025", place="29 I&N Dec. 920", title="Matter of Reviver"
)
TOLD_TO_ADHERE = finding(
    TreatmentKind.FOLLOWED,
    court="A.G. 2025",
    place="29 I&N Dec. 921",
    title="Matter of Director",
    directs=True,
)


def judged(*about: Finding, **asked: Any) -> Status:
    asked = {"on": TODAY, "forum": None, "coverage": COVERAGE, **asked}
    return status("26 I&N Dec. 900", "Matter of Sample", about, **asked)


def test_nothing_found_is_said_with_its_day_and_its_limits_and_never_as_good_law() -> None:
    told = judged()
    assert told.kind is NONE_FOUND
    assert told.line == (
        "no negative treatment found in what we hold, as of November 22, 2026; "
        "we hold no precedents of volumes 26 and 27; court decisions are not fully covered"
    )
    assert "good law" not in told.line


def test_what_followed_or_distinguished_it_is_told_and_makes_nothing_negative() -> None:
    kinds = (TreatmentKind.FOLLOWED, TreatmentKind.DISTINGUISHED, TreatmentKind.CLARIFIED)
    told = judged(*(finding(kind) for kind in kinds))
    assert told.kind is NONE_FOUND
    assert {each.treatment.kind for each in told.findings} == {*kinds}


def test_the_day_of_a_good_word_is_never_later_than_our_reading() -> None:
    read = replace(COVERAGE, as_of=datetime(2026, 11, 3, 3, tzinfo=UTC))  # 2 November, Eastern
    assert "as of November 2, 2026;" in judged(coverage=read).line
    assert "as of March 1, 2022;" in judged(coverage=read, on=date(2022, 3, 1)).line


def test_a_list_never_read_whole_is_said_so() -> None:
    told = judged(coverage=replace(COVERAGE, as_of=None))
    assert "(the list of precedents was never read completely); " in told.line


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((26, 27, 28, 29), ""),
        ((28,), "; we hold no precedents of volumes 26 and 27"),
        ((29,), "; we hold no precedents of volumes 26 to 28"),
        ((26, 28), "; we hold no precedents of volume 27"),
        ((27, 29), "; we hold no precedents of volumes 26 and 28"),
        ((), ""),
    ],
)
def test_a_good_word_says_which_later_volumes_are_not_held(
    held: tuple[int, ...], said: str
) -> None:
    volumes = tuple((volume, 80, 1, 800) for volume in held)
    line = judged(coverage=replace(COVERAGE, volumes=volumes)).line
    assert line.endswith(f"2026{said}; court decisions are not fully covered")


def test_an_overruling_is_told_with_who_did_it_and_when() -> None:
    told = judged(OVERRULED)
    assert told.kind is NEGATIVE
    assert told.line == (
        "negative treatment found: overruled by Matter of Doer, 28 I&N Dec. 910 (A.G. 2021)"
    )


def test_a_stated_day_is_told() -> None:
    told = judged(replace(OVERRULED, on=date(2021, 6, 16)))
    assert told.line.endswith("(A.G. 2021) on June 16, 2021")


@pytest.mark.parametrize(
    ("on", "kind", "findings", "undated"),
    [
        (date(2020, 12, 31), NONE_FOUND, 0, 0),
        (date(2021, 3, 15), NEGATIVE, 0, 1),
        (date(2021, 12, 31), NEGATIVE, 1, 0),
        (date(2022, 1, 1), NEGATIVE, 1, 0),
    ],
)
def test_a_year_without_a_day_takes_the_graver_reading(
    on: date, kind: StatusKind, findings: int, undated: int
) -> None:
    told = judged(OVERRULED, on=on)
    assert (told.kind, len(told.findings), len(told.undated)) == (kind, findings, undated)


def test_that_a_day_is_not_stated_is_said() -> None:
    assert judged(OVERRULED, on=date(2021, 3, 15)).line == (
        "negative treatment found: overruled by Matter of Doer, 28 I&N Dec. 910 (A.G. 2021) in "
        "2021 (whether by March 15, 2021 is not stated in what we hold)"
    )


def test_what_we_have_read_had_been_done_by_then() -> None:
    this_year = finding(court="BIA 2026", place="29 I&N Dec. 930")
    assert judged(this_year).undated == ()
    never = replace(COVERAGE, as_of=None)
    assert judged(this_year, coverage=never).undated == ()
    earlier = replace(COVERAGE, as_of=datetime(2026, 3, 1, 18, tzinfo=UTC))
    assert judged(this_year, coverage=earlier, on=date(2026, 4, 1)).undated == (this_year,)
    assert judged(this_year, on=date(2026, 3, 1)).undated == (this_year,)


def test_a_day_counts_from_itself_on() -> None:
    dated = replace(OVERRULED, on=date(2021, 6, 16))
    assert judged(dated, on=date(2021, 6, 15)).kind is NONE_FOUND
    assert judged(dated, on=date(2021, 6, 16)).kind is NEGATIVE


def test_a_rule_counts_from_its_effective_day() -> None:
    rule = finding(
        TreatmentKind.SUPERSEDED,
        court="",
        citation="91 FR 60001",
        kind_of_document="rule",
        title="Sample rule",
        on=date(2026, 3, 2),
        effective=date(2026, 5, 1),
    )
    assert judged(rule, on=date(2026, 4, 30)).kind is NONE_FOUND
    assert judged(rule, on=date(2026, 5, 1)).kind is NEGATIVE


def test_overruled_and_then_reinstated_is_contested_with_both_told() -> None:
    told = judged(REINSTATED, OVERRULED)
    assert told.kind is CONTESTED
    assert told.findings == (OVERRULED, REINSTATED)
    assert told.line.endswith(
        "overruled by Matter of Doer, 28 I&N Dec. 910 (A.G. 2021); "
        "then reinstated by Matter of Reviver, 29 I&N Dec. 920 (A.G. 2025)"
    )


def test_before_the_reinstatement_it_is_negative() -> None:
    assert judged(OVERRULED, REINSTATED, on=date(2022, 6, 1)).kind is NEGATIVE
    assert judged(OVERRULED, REINSTATED, on=date(2025, 6, 1)).kind is NEGATIVE  # its day: unstated


def test_reinstated_and_then_overruled_is_negative() -> None:
    again = finding(court="A.G. 2026", place="29 I&N Dec. 940")
    told = judged(OVERRULED, REINSTATED, again)
    assert told.kind is NEGATIVE
    assert "29 I&N Dec. 940" in told.line
    assert "28 I&N Dec. 910" not in told.line


def test_a_directive_to_adhere_counts_and_is_told_as_what_it_is() -> None:
    told = judged(OVERRULED, TOLD_TO_ADHERE)
    assert told.kind is CONTESTED
    assert told.line.endswith(
        "; then Matter of Director, 29 I&N Dec. 921 (A.G. 2025) told adjudicators to adhere to it"
    )
    assert "reinstated by" not in told.line


def test_a_directive_alone_undoes_nothing_and_implies_nothing() -> None:
    assert judged(TOLD_TO_ADHERE).kind is NONE_FOUND


def test_following_or_reaffirming_it_again_reinstates_nothing() -> None:
    for kind in (TreatmentKind.FOLLOWED, TreatmentKind.REAFFIRMED, TreatmentKind.AFFIRMED):
        later = finding(kind, court="A.G. 2025", place="29 I&N Dec. 922")
        assert judged(OVERRULED, later).kind is NEGATIVE


def test_the_board_reinstates_nothing_that_the_attorney_general_undid() -> None:
    by_the_board = finding(TreatmentKind.REINSTATED, court="BIA 2025", place="29 I&N Dec. 923")
    told = judged(OVERRULED, by_the_board)
    assert told.kind is NEGATIVE
    assert any("cannot by itself undo what Matter of Doer" in each for each in told.cautions)


def test_the_board_gives_back_nothing_of_the_attorney_generals_by_a_directive() -> None:
    nobody = finding(
        court="BIA 2021", form=TreatmentForm.HISTORY, target_court="A.G. 2015", year=2021
    )
    told_to = finding(
        TreatmentKind.FOLLOWED,
        court="BIA 2025",
        place="29 I&N Dec. 924",
        target_court="A.G. 2015",
        directs=True,
    )
    assert judged(nobody, told_to).kind is NEGATIVE


def test_one_decision_that_takes_and_gives_lifts_nothing_of_its_own() -> None:
    takes = finding(in_part=True, court="A.G. 2021", place="28 I&N Dec. 910")
    gives = replace(TOLD_TO_ADHERE, citation=takes.citation, court=takes.court, year=2022)
    told = judged(takes, gives)
    assert told.kind is IN_PART
    assert told.cautions == ()


def test_what_befell_a_regulation_before_it_superseded_the_decision_is_no_caution() -> None:
    superseded = finding(
        TreatmentKind.SUPERSEDED, form=TreatmentForm.HISTORY, by="8 CFR § 208.13", year=2021
    )
    earlier = finding(court="9th Cir. 2019", place="9 F.4th 900", target="8 CFR § 208.13")
    assert judged(superseded, of_doers=(earlier,)).cautions == ()


def test_overruling_the_overruler_revives_nothing() -> None:
    later = finding(
        court="A.G. 2025",
        place="29 I&N Dec. 950",
        title="Matter of Third",
        target="28 I&N Dec. 910",
        target_court="A.G. 2021",
        on=date(2025, 9, 2),
    )
    told = judged(OVERRULED, of_doers=(later,))
    assert told.kind is NEGATIVE
    assert told.cautions == (
        "the decision that overruled it, Matter of Doer, 28 I&N Dec. 910 (A.G. 2021), was itself "
        "overruled by Matter of Third, 29 I&N Dec. 950 (A.G. 2025) on September 2, 2025; nothing "
        "we hold reinstates it",
    )
    assert judged(OVERRULED, of_doers=(later,), on=date(2025, 9, 1)).cautions == ()


def test_where_a_reinstatement_is_stated_the_caution_does_not_deny_it() -> None:
    later = finding(
        court="A.G. 2025", place="29 I&N Dec. 950", target="28 I&N Dec. 910"
    )  # fmt: skip
    told = judged(OVERRULED, TOLD_TO_ADHERE, of_doers=(later,))
    assert told.kind is CONTESTED
    assert not any("nothing we hold reinstates" in each for each in told.cautions)


def test_a_reinstatement_by_what_was_itself_overruled_gives_nothing_back() -> None:
    fallen = finding(
        court="A.G. 2026",
        place="29 I&N Dec. 955",
        title="Matter of Fourth",
        target="29 I&N Dec. 920",
        target_court="A.G. 2025",
    )
    told = judged(OVERRULED, REINSTATED, of_doers=(fallen,))
    assert told.kind is NEGATIVE
    assert told.cautions == (
        "the decision that reinstated it, Matter of Reviver, 29 I&N Dec. 920 (A.G. 2025), was "
        "itself overruled by Matter of Fourth, 29 I&N Dec. 955 (A.G. 2026)",
    )
    before = judged(OVERRULED, REINSTATED, of_doers=(fallen,), on=date(2025, 12, 31))
    assert before.kind is CONTESTED
    back = finding(
        TreatmentKind.REINSTATED,
        court="A.G. 2026",
        place="29 I&N Dec. 956",
        target="29 I&N Dec. 920",
        target_court="A.G. 2025",
    )
    assert judged(OVERRULED, REINSTATED, of_doers=(fallen, back)).kind is CONTESTED


def test_a_reinstatement_by_what_was_limited_since_stands() -> None:
    limited = finding(
        TreatmentKind.LIMITED,
        court="A.G. 2026",
        place="29 I&N Dec. 955",
        target="29 I&N Dec. 920",
        target_court="A.G. 2025",
    )
    told = judged(OVERRULED, REINSTATED, of_doers=(limited,))
    assert told.kind is CONTESTED
    assert any("was itself limited by" in each for each in told.cautions)


def test_what_one_decision_does_to_two_doers_is_told_of_each() -> None:
    first, second = (
        finding(court="A.G. 2021", place=f"28 I&N Dec. {page}", title=f"Matter of No. {page}")
        for page in (911, 912)
    )
    both = tuple(
        finding(court="A.G. 2025", place="29 I&N Dec. 957", target=target, target_court="A.G. 2021")
        for target in ("28 I&N Dec. 911", "28 I&N Dec. 912")
    )
    assert len(judged(first, second, of_doers=both).cautions) == 2


def test_a_day_before_the_decision_itself_is_said_so() -> None:
    asked = {"on": date(2014, 12, 31)}
    assert judged(OVERRULED, **asked).cautions == (
        "it was itself decided later than December 31, 2014, the day asked about",
    )
    assert judged(since=date(2015, 3, 1), **asked).cautions
    assert judged(since=date(2014, 12, 31), **asked).cautions == ()


def test_what_is_given_back_later_than_the_day_asked_about_may_have_been_gone_by_then() -> None:
    told = judged(REINSTATED, on=date(2023, 6, 1))
    assert told.kind is NONE_FOUND
    assert told.cautions == (
        "later than the day asked about, reinstated by Matter of Reviver, 29 I&N Dec. 920 "
        "(A.G. 2025); what had undone it, and since when, is not in what we hold",
    )
    (directed,) = judged(TOLD_TO_ADHERE, on=date(2023, 6, 1)).cautions
    assert "29 I&N Dec. 921 (A.G. 2025) told adjudicators to adhere to it; whether" in directed
    assert "whether something had undone it, and since when, is not in what we hold" in directed


def test_what_a_held_document_says_had_undone_it_needs_no_such_caution() -> None:
    assert judged(OVERRULED, REINSTATED, on=date(2020, 6, 1)).cautions == ()
    assert judged(OVERRULED, REINSTATED, on=date(2023, 6, 1)).cautions == ()


@pytest.mark.parametrize(
    "law", ["INA § 208(b)", "8 USC § 1158", "8 CFR § 208.13", "Pub. L. 104-208"]
)
def test_of_law_it_is_said_that_nothing_strikes_limits_or_replaces_it(law: str) -> None:
    told = status(law, "", (), on=TODAY, forum=None, coverage=COVERAGE)
    assert told.kind is NONE_FOUND
    assert told.line.startswith(
        "nothing found that strikes, limits or replaces it in what we hold, as of November 22, 2026"
    )


def test_orders_in_a_case_of_the_same_name_are_told_and_decide_nothing() -> None:
    taken = finding(
        TreatmentKind.REFERRED,
        court="A.G. 2021",
        place="28 I&N Dec. 913",
        title="Matter of Sample",
        target="",
        target_court="",
        object="decision of the Board",
    )
    stayed = replace(taken, treatment=replace(taken.treatment, kind=TreatmentKind.STAYED))
    told = judged(of_case=(taken, stayed))
    assert told.kind is NONE_FOUND
    assert told.cautions == (
        "an order in a case of this name, Matter of Sample, 28 I&N Dec. 913 (A.G. 2021), referred "
        "the decision of the Board to the Attorney General for review and stayed the decision of "
        "the Board; whether that touches this decision is not stated in what we hold",
    )
    assert judged(of_case=(taken,), on=date(2020, 12, 31)).cautions == ()
    for place in ("26 I&N Dec. 900", "26 I&N Dec. 899"):  # its own, and what led to it
        before = replace(taken, citation=f"{place} (A.G. 2015)", court="A.G. 2015")
        assert judged(of_case=(before,)).cautions == ()


def test_a_reinstatement_in_part_lifts_only_a_part() -> None:
    in_part = replace(REINSTATED, treatment=replace(REINSTATED.treatment, in_part=True))
    told = judged(OVERRULED, in_part)
    assert told.kind is IN_PART
    assert "then reinstated in part by Matter of Reviver" in told.line


def test_a_reinstatement_in_a_circuit_lifts_only_there() -> None:
    there = replace(REINSTATED, treatment=replace(REINSTATED.treatment, circuits=("1",)))
    assert judged(OVERRULED, there, forum=FIRST).kind is CONTESTED
    assert judged(OVERRULED, there, forum=NINTH).kind is NEGATIVE
    assert judged(OVERRULED, there).kind is NEGATIVE


def test_a_reinstatement_of_what_we_hold_nothing_against_is_no_clean_bill() -> None:
    there = replace(REINSTATED, treatment=replace(REINSTATED.treatment, circuits=("1",)))
    told = judged(there, forum=FIRST)
    assert told.kind is StatusKind.REINSTATED
    assert told.line == (
        "a stated reinstatement found: reinstated in the First Circuit by Matter of Reviver, 29 "
        "I&N Dec. 920 (A.G. 2025); what had undone it is not in what we hold"
    )
    away = judged(there, forum=NINTH)
    assert away.kind is StatusKind.REINSTATED
    assert away.elsewhere == (there,)
    assert away.line.startswith("a stated reinstatement found for another forum: reinstated in the")
    assert any("what had undone it is not in what we hold" in each for each in away.cautions)


def test_a_court_of_appeals_binds_in_its_circuit_and_is_told_elsewhere() -> None:
    said = finding(
        TreatmentKind.ABROGATED,
        title="Sample v. Garland",
        court="9th Cir. 2021",
        place="9 F.4th 900",
    )
    assert judged(said, forum=NINTH).kind is NEGATIVE
    told = judged(said, forum=FIRST)
    assert told.kind is ELSEWHERE
    assert told.elsewhere == (said,)
    assert told.line == (
        "negative treatment found that is not stated to bind in this forum: abrogated by Sample v. "
        "Garland, 9 F.4th 900 (9th Cir. 2021), which binds in the Ninth Circuit alone"
    )
    assert judged(said).kind is IN_PART


def test_a_courts_word_is_given_back_where_the_board_names_its_circuit() -> None:
    said = finding(TreatmentKind.NOT_FOLLOWED, court="1st Cir. 2023", place="60 F.4th 900")
    here = finding(
        TreatmentKind.REINSTATED, court="BIA 2026", place="29 I&N Dec. 960", circuits=("1",)
    )
    assert judged(said, here, forum=FIRST).kind is CONTESTED
    everywhere = finding(TreatmentKind.REINSTATED, court="BIA 2026", place="29 I&N Dec. 960")
    assert judged(said, everywhere, forum=FIRST).kind is NEGATIVE


def test_a_decision_vacated_on_review_is_told_with_what_is_not_known_elsewhere() -> None:
    said = finding(TreatmentKind.VACATED, court="9th Cir. 2021", place="9 F.4th 900")
    told = judged(said, forum=FIRST)
    assert told.kind is ELSEWHERE
    assert any("still serves as a precedent in other circuits" in each for each in told.cautions)


def test_a_district_court_is_told_as_an_order_to_be_read() -> None:
    said = finding(TreatmentKind.VACATED, court="D. Mass. 2020", place="400 F. Supp. 3d 900")
    told = judged(said, forum=FIRST)
    assert told.kind is ELSEWHERE
    assert told.line.endswith("see the order")


def test_an_unpublished_decision_is_told_and_binds_nobody() -> None:
    said = finding(
        TreatmentKind.NOT_FOLLOWED, court="", citation="", kind_of_document="bia-unpublished"
    )
    assert judged(said, forum=FIRST).kind is ELSEWHERE


def test_the_board_not_following_the_board_is_negative() -> None:
    said = finding(TreatmentKind.NOT_FOLLOWED, court="BIA 2022")
    assert judged(said, forum=FIRST).kind is NEGATIVE
    assert judged(said).line.endswith("not followed by Matter of Doer, 29 I&N Dec. 901 (BIA 2022)")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (finding(in_part=True), "overruled in part by"),
        (finding(object="other grounds"), "overruled on other grounds by"),
        (finding(TreatmentKind.MODIFIED), "modified by"),
        (finding(TreatmentKind.LIMITED), "limited by"),
        (finding(TreatmentKind.RECEDED_FROM, in_part=True), "receded from in part by"),
    ],
)
def test_what_touches_a_part_is_told_as_a_part(said: Finding, words: str) -> None:
    told = judged(said)
    assert told.kind is IN_PART
    assert words in told.line


def test_the_whole_outweighs_the_part_and_is_told_alone() -> None:
    part = finding(in_part=True, court="BIA 2019", place="27 I&N Dec. 970", title="Matter of Part")
    told = judged(part, OVERRULED)
    assert told.kind is NEGATIVE
    assert "Matter of Part" not in told.line
    assert told.findings == (part, OVERRULED)


def test_reinstating_it_lifts_what_came_before_and_not_what_is_left_of_another() -> None:
    later = finding(in_part=True, court="BIA 2026", place="29 I&N Dec. 971")
    told = judged(OVERRULED, REINSTATED, later)
    assert told.kind is IN_PART
    assert "29 I&N Dec. 971" in told.line


STAYED = finding(TreatmentKind.STAYED, court="A.G. 2021", place="28 I&N Dec. 980")
STAY_VACATED = finding(
    TreatmentKind.VACATED, court="A.G. 2025", place="29 I&N Dec. 981", object="stay"
)


def test_a_stay_is_in_force_until_it_is_vacated() -> None:
    assert judged(STAYED).kind is NEGATIVE
    told = judged(STAYED, STAY_VACATED)
    assert told.kind is CONTESTED
    assert told.line.endswith(
        "; then the stay was vacated by Matter of Doer, 29 I&N Dec. 981 (A.G. 2025)"
    )


def test_a_stay_that_is_vacated_vacates_nothing_else() -> None:
    assert judged(STAY_VACATED).kind is NONE_FOUND
    assert judged(OVERRULED, STAY_VACATED).kind is NEGATIVE


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        ("judgment", NEGATIVE),
        ("order", NEGATIVE),
        ("mandate", NEGATIVE),
        ("Board's order", NEGATIVE),
        ("decision of the Board", NEGATIVE),
        ("judgment of the district court", NONE_FOUND),
        ("judgment of conviction", NONE_FOUND),
        ("order of removal", NONE_FOUND),
        ("removal order", NONE_FOUND),
        ("bond", NONE_FOUND),
    ],
)
def test_what_a_decision_decides_is_the_decision(thing: str, kind: StatusKind) -> None:
    assert judged(finding(TreatmentKind.VACATED, object=thing)).kind is kind
    assert judged(finding(TreatmentKind.REVERSED, object=thing)).kind is kind


@pytest.mark.parametrize("thing", ["injunction", "sentence", "conviction"])
def test_what_is_vacated_beside_the_decision_is_told_and_is_not_the_decision(thing: str) -> None:
    said = finding(TreatmentKind.VACATED, object=thing)
    told = judged(said)
    assert told.kind is NONE_FOUND
    assert told.findings == (said,)


def test_a_rule_vacated_is_the_authority_itself_where_the_authority_is_a_rule() -> None:
    said = finding(
        TreatmentKind.VACATED,
        object="final rule",
        target="91 FR 60001",
        target_court="",
        court="9th Cir. 2026",
        place="99 F.4th 900",
    )
    assert judged(said, forum=NINTH).kind is NEGATIVE


def test_a_referral_is_told_until_the_attorney_general_decides() -> None:
    referred = finding(
        TreatmentKind.REFERRED, court="A.G. 2024", place="28 I&N Dec. 985", title="Matter of Ref"
    )
    told = judged(referred)
    assert told.kind is NONE_FOUND
    assert told.cautions == (
        "referred to the Attorney General for review (Matter of Ref, 28 I&N Dec. 985 (A.G. 2024)); "
        "what became of the review is not in what we hold",
    )
    assert judged(referred, REINSTATED).kind is StatusKind.REINSTATED
    assert not any("became of the review" in each for each in judged(referred, REINSTATED).cautions)


def test_what_is_told_of_a_body_alone_was_done_by_the_day_on_which_it_was_told() -> None:
    told = finding(
        TreatmentKind.VACATED,
        court="BIA 2022",
        place="28 I&N Dec. 970",
        form=TreatmentForm.DISCUSSION,
        by_name="the Attorney General",
        by_then=date(2022, 12, 31),
    )
    undated = replace(told, year=None)
    assert judged(undated).kind is NEGATIVE
    assert judged(undated, REINSTATED).kind is CONTESTED
    unread = replace(undated, by_then=None)
    assert judged(unread, REINSTATED).kind is NEGATIVE  # it may have been done since


def test_what_is_told_of_a_body_alone_is_the_deed_of_that_body_which_is_known() -> None:
    vacated = finding(TreatmentKind.VACATED, court="A.G. 2021", place="28 I&N Dec. 910")
    told = finding(
        TreatmentKind.VACATED,
        court="BIA 2026",
        place="29 I&N Dec. 970",
        form=TreatmentForm.DISCUSSION,
        by_name="the Attorney General",
    )
    undated = replace(told, year=None)
    assert judged(vacated, undated, REINSTATED).kind is CONTESTED
    assert judged(vacated, undated).line.count("vacated") == 1
    by_board = replace(undated, treatment=replace(told.treatment, by_name="the Board"))
    assert judged(vacated, by_board, REINSTATED).kind is NEGATIVE
    overruled = replace(undated, treatment=replace(told.treatment, kind=TreatmentKind.OVERRULED))
    assert judged(vacated, overruled, REINSTATED).kind is NEGATIVE


def test_superseded_by_law_is_no_deed_of_the_decision_that_says_so() -> None:
    said = finding(
        TreatmentKind.SUPERSEDED,
        place="29 I&N Dec. 971",
        title="Matter of Teller",
        sentence="Matter of Sample, superseded by regulation, 8 C.F.R. § 9.1, as recognized in X.",
    )
    told = judged(replace(said, year=None))
    assert told.kind is NEGATIVE
    assert "superseded by regulation, as reported by Matter of Teller" in told.line


def test_one_whom_a_text_does_not_name_is_told_as_that() -> None:
    said = finding(TreatmentKind.VACATED, by_another=True, form=TreatmentForm.DISCUSSION)
    told = judged(said)
    assert told.kind is NEGATIVE
    assert "not named" not in told.line
    assert "which does not say who did it" in told.line


REPORT = finding(
    court="BIA 2023",
    place="28 I&N Dec. 990",
    title="Matter of Teller",
    form=TreatmentForm.HISTORY,
    by="28 I&N Dec. 910",
    by_name="Matter of Doer",
    by_court="A.G. 2021",
)


def test_a_report_is_as_grave_and_told_as_a_report() -> None:
    told = judged(REPORT)
    assert told.kind is NEGATIVE
    assert told.line.endswith(
        "overruled by Matter of Doer, 28 I&N Dec. 910 (A.G. 2021), as reported by Matter of "
        "Teller, 28 I&N Dec. 990 (BIA 2023)"
    )


def test_one_deed_told_by_many_is_told_once_in_the_doers_own_word() -> None:
    told = judged(REPORT, OVERRULED)
    assert told.line.count("overruled") == 1
    assert "as reported" not in told.line
    assert told.findings == (OVERRULED, REPORT)


def test_the_doers_own_limits_hold_against_a_report_without_them() -> None:
    own = replace(OVERRULED, treatment=replace(OVERRULED.treatment, in_part=True))
    assert judged(REPORT, own).kind is IN_PART


def test_a_report_on_which_the_doers_held_text_is_silent_says_so() -> None:
    told = judged(REPORT, held={"28 I&N Dec. 910"})
    assert told.kind is NEGATIVE
    assert any("does not itself say so" in each for each in told.cautions)
    assert not any("does not itself say so" in each for each in judged(REPORT).cautions)


def test_a_report_that_names_nobody_counts_and_says_so() -> None:
    nobody = finding(
        court="BIA 2023", place="28 I&N Dec. 990", title="Matter of Teller",
        form=TreatmentForm.HISTORY,
    )  # fmt: skip
    told = judged(nobody, forum=FIRST)
    assert told.kind is NEGATIVE
    assert told.line.endswith("as reported by Matter of Teller, 28 I&N Dec. 990 (BIA 2023), "
                              "which does not say who did it")  # fmt: skip


def test_what_was_reported_later_may_have_been_done_before() -> None:
    nobody = finding(court="BIA 2023", form=TreatmentForm.HISTORY)
    told = judged(nobody, on=date(2020, 1, 1))
    assert told.kind is NEGATIVE
    assert told.undated == (nobody,)


def test_the_board_calling_the_attorney_generals_decision_overruled_reports_it() -> None:
    said = finding(court="BIA 2023", target_court="A.G. 2015")
    told = judged(said)
    assert told.kind is NEGATIVE
    assert "which does not say who did it" in told.line


def test_decisions_of_one_year_stand_in_the_order_of_the_reporter() -> None:
    first = finding(court="A.G. 2021", place="28 I&N Dec. 910")
    then = finding(TreatmentKind.REINSTATED, court="A.G. 2021", place="28 I&N Dec. 995")
    assert judged(first, then).kind is CONTESTED
    early = finding(TreatmentKind.REINSTATED, court="A.G. 2021", place="28 I&N Dec. 905")
    assert judged(first, early).kind is NEGATIVE


def test_where_the_order_is_not_stated_the_graver_reading_stands() -> None:
    court = finding(court="1st Cir. 2021", place="9 F.4th 900")
    then = finding(TreatmentKind.REINSTATED, court="1st Cir. 2021", place="8 F.4th 1")
    told = judged(court, then, forum=FIRST)
    assert told.kind is NEGATIVE
    assert any(each.startswith("which came first is not stated") for each in told.cautions)


def test_words_that_depend_on_the_circuits_own_law_are_quoted() -> None:
    words = "Matter of Sample is reinstated here and holds in any circuit without a contrary case."
    there = finding(TreatmentKind.REINSTATED, court="BIA 2026", sentence=words, circuits=("1",))
    told = judged(there, forum=NINTH)
    assert any(
        "“in any circuit without a contrary case”); what that law is in the Ninth Circuit" in each
        for each in told.cautions
    )


def test_a_warning_appears_from_the_day_of_what_it_warns_of() -> None:
    warning = DerivedWarning(
        earlier="25 I&N Dec. 900",
        name="Matter of Earlier",
        words="Matter of Earlier, followed.",
        relies=None,
        negative=replace(OVERRULED, on=date(2021, 6, 16)),
    )
    assert judged(warnings=(warning,)).warnings == (warning,)
    assert judged(warnings=(warning,), on=date(2021, 6, 15)).warnings == ()


def test_the_doers_to_look_up_are_those_with_a_citation() -> None:
    named = finding(form=TreatmentForm.DISCUSSION, by_name="the Ninth Circuit")
    assert deed.doers((OVERRULED, REPORT, named)) == ("28 I&N Dec. 910",)
