"""Whom a finding binds, and what readers type to say where they stand."""

from __future__ import annotations

import pytest
from findings import finding

from pipeline.citator.forum import Binding, ForumUnknown, binds, circuit, condition, forum, scope
from pipeline.citator.forum import words as told
from pipeline.citator.model import Body, Forum, TreatmentForm, TreatmentKind
from pipeline.citator.voice import Rank, may_undo, speaker, voice

FIRST = Forum(body=Body.IMMIGRATION_COURT, circuit="1")
NINTH = Forum(body=Body.IMMIGRATION_COURT, circuit="9")
ANY_COURT = Forum(body=Body.IMMIGRATION_COURT)
USCIS = Forum(body=Body.USCIS)
FEDERAL = Forum(body=Body.FEDERAL_COURT, circuit="9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("1st", "1"),
        ("1st Cir.", "1"),
        ("first", "1"),
        ("First Circuit", "1"),
        ("the First Circuit", "1"),
        ("ca1", "1"),
        ("CA 11", "11"),
        ("11th", "11"),
        ("2d Cir.", "2"),
        ("D.C.", "dc"),
        ("DC", "dc"),
        ("D.C. Circuit", "dc"),
        ("cadc", "dc"),
        ("Washington, D.C.", "dc"),
        ("District of Columbia", "dc"),
        ("Washington", "9"),
        ("Massachusetts", "1"),
        ("MA", "1"),
        ("OR", "9"),
        ("West Virginia", "4"),
        ("Virginia", "4"),
        ("Virgin Islands", "3"),
        ("arkansas", "8"),
        ("Kansas", "10"),
        ("New Mexico", "10"),
        ("Puerto Rico", "1"),
        ("Guam", "9"),
        ("Northern Mariana Islands", "9"),
    ],
)
def test_a_circuit_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert circuit(text) == expected


@pytest.mark.parametrize("text", ["", "12", "0", "thirteenth", "Ontario", "Federal Circuit", "99"])
def test_what_is_no_circuit_is_refused_with_the_next_step(text: str) -> None:
    with pytest.raises(
        ForumUnknown, match='say "1" to "11", "first" to "eleventh", "dc" or a state'
    ):
        circuit(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("immigration-court", ANY_COURT),
        ("an immigration judge in the First Circuit", FIRST),
        ("immigration court, Massachusetts", FIRST),
        ("9", NINTH),
        ("USCIS", USCIS),
        ("uscis texas", Forum(body=Body.USCIS, circuit="5")),
        ("federal-court", Forum(body=Body.FEDERAL_COURT)),
        ("federal court in the Ninth Circuit", FEDERAL),
        ("Court of Appeals for the Ninth Circuit", FEDERAL),
        ("BIA", ANY_COURT),
    ],
)
def test_a_forum_is_read_from_a_phrase(text: str, expected: Forum) -> None:
    assert forum(text) == expected


@pytest.mark.parametrize("text", ["the moon", "uscis circuit 14", ""])
def test_what_is_no_forum_is_refused(text: str) -> None:
    with pytest.raises(ForumUnknown, match="names no forum or circuit"):
        forum(text)


def test_a_forum_is_told_as_a_sentence_has_it() -> None:
    assert told(FIRST) == "before an immigration court in the First Circuit"
    assert told(USCIS) == "before USCIS"
    assert told(None) == "before any body"


@pytest.mark.parametrize(
    ("court", "canonical", "rank", "circuits"),
    [
        ("A.G. 2018", "27 I&N Dec. 900", Rank.ATTORNEY_GENERAL, ()),
        ("AG 2025", "29 I&N Dec. 900", Rank.ATTORNEY_GENERAL, ()),
        ("BIA 2015", "26 I&N Dec. 900", Rank.BOARD, ()),
        ("AAO 2016", "26 I&N Dec. 901", Rank.SERVICE, ()),
        ("Comm'r 1988", "19 I&N Dec. 900", Rank.SERVICE, ()),
        ("R.C. 1966", "11 I&N Dec. 900", Rank.SERVICE, ()),
        ("D.D. 1965", "11 I&N Dec. 901", Rank.SERVICE, ()),
        ("", "11 I&N Dec. 902", Rank.BOARD, ()),
        ("9th Cir. 2021", "9 F.4th 900", Rank.COURT_OF_APPEALS, ("9",)),
        ("2d Cir. 2004", "378 F.3d 900", Rank.COURT_OF_APPEALS, ("2",)),
        ("D.C.Cir. 2001", "270 F.3d 900", Rank.COURT_OF_APPEALS, ("dc",)),
        ("D.C. Cir. 2020", "950 F.3d 900", Rank.COURT_OF_APPEALS, ("dc",)),
        ("Fed. Cir. 2020", "950 F.3d 901", Rank.COURT_OF_APPEALS, ("fed",)),
        ("5th Cir. 1979", "600 F.2d 900", Rank.COURT_OF_APPEALS, ("5", "11")),
        ("5th Cir. 1990", "900 F.2d 900", Rank.COURT_OF_APPEALS, ("5",)),
        ("", "9 F.4th 901", Rank.COURT_OF_APPEALS, ()),
        ("3d Cir. 2009", "498 F. App'x 900", Rank.NO_PRECEDENT, ()),
        ("2021", "593 U.S. 900", Rank.SUPREME_COURT, ()),
        ("U.S. 2021", "", Rank.SUPREME_COURT, ()),
        ("D. Mass. 2020", "400 F. Supp. 3d 900", Rank.OTHER_COURT, ()),
        ("N.D. Cal. 2020", "", Rank.OTHER_COURT, ()),
        ("D.D.C. 2020", "", Rank.OTHER_COURT, ()),
        ("9 Cir. 1960", "280 F.2d 900", Rank.COURT_OF_APPEALS, ("9",)),
        ("C.A. 9, 1960", "280 F.2d 900", Rank.COURT_OF_APPEALS, ("9",)),
        ("CCA 2, 1940", "", Rank.COURT_OF_APPEALS, ("2",)),
        ("2 Cir. 1940", "", Rank.COURT_OF_APPEALS, ("2",)),
        ("5 Cir. 1960", "", Rank.COURT_OF_APPEALS, ("5", "11")),
        ("D.N.J. 2019", "", Rank.OTHER_COURT, ()),
        ("D.R.I. 2019", "", Rank.OTHER_COURT, ()),
        ("D.P.R. 2019", "", Rank.OTHER_COURT, ()),
        ("D.N.M. 2019", "", Rank.OTHER_COURT, ()),
        ("D.S.C. 2019", "", Rank.OTHER_COURT, ()),
        ("RC 1964", "", Rank.SERVICE, ()),
        ("DD 1964", "", Rank.SERVICE, ()),
        ("", "6 USCIS-PM G.2", Rank.USCIS_GUIDANCE, ()),
        ("", "INA § 208", Rank.STATUTE, ()),
        ("", "8 USC § 1158", Rank.STATUTE, ()),
        ("", "8 CFR § 208.13", Rank.REGULATION, ()),
        ("", "91 FR 60001", Rank.REGULATION, ()),
        ("", "", Rank.UNSTATED, ()),
    ],
)
def test_who_decided_is_read_from_the_citation(
    court: str, canonical: str, rank: Rank, circuits: tuple[str, ...]
) -> None:
    found = voice(court, canonical)
    assert (found.rank, found.circuits) == (rank, circuits)


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("the Ninth Circuit", Rank.COURT_OF_APPEALS),
        ("the Attorney General", Rank.ATTORNEY_GENERAL),
        ("the Supreme Court", Rank.SUPREME_COURT),
        ("the Board", Rank.BOARD),
        ("statute", Rank.STATUTE),
        ("Congress", Rank.STATUTE),
        ("regulation", Rank.REGULATION),
        ("the regulation of the Board", Rank.REGULATION),
        ("the Attorney General's rule", Rank.REGULATION),
        ("IIRIRA", Rank.STATUTE),
        ("the Immigration Act of 1990", Rank.STATUTE),
        ("the district court", Rank.OTHER_COURT),
        ("the Secretary of Homeland Security", Rank.SERVICE),
        ("the Secretary of State", Rank.UNSTATED),
        ("Sample v. Att'y Gen. of U.S.", Rank.UNSTATED),
        ("Matter of Board", Rank.UNSTATED),
    ],
)
def test_a_name_in_words_says_who_it_is_and_a_cases_name_does_not(name: str, rank: Rank) -> None:
    assert voice("", "", name).rank is rank


def test_several_circuits_named_together_are_all_meant() -> None:
    assert voice("", "", "the Fifth and Ninth Circuits").circuits == ("5", "9")
    assert voice("", "", "the Second Circuit and the Third Circuit").circuits == ("2", "3")


def test_the_attorney_general_and_the_board_bind_judges_and_officers_everywhere() -> None:
    for court in ("A.G. 2021", "BIA 2021"):
        said = finding(court=court)
        assert {binds(said, where) for where in (FIRST, NINTH, USCIS, ANY_COURT)} == {Binding.YES}


def test_what_the_agency_no_longer_holds_is_its_precedent_before_no_court_either() -> None:
    assert binds(finding(court="A.G. 2021"), FEDERAL) is Binding.YES
    assert binds(finding(court="A.G. 2021"), None) is Binding.YES


def test_a_court_of_appeals_binds_in_its_circuit_alone() -> None:
    said = finding(court="9th Cir. 2021", citation="9 F.4th 900 (9th Cir. 2021)")
    assert binds(said, NINTH) is Binding.YES
    assert binds(said, FIRST) is Binding.NO
    assert binds(said, ANY_COURT) is Binding.IN_PART
    assert binds(said, None) is Binding.IN_PART
    assert scope(said) == "binds in the Ninth Circuit alone"


def test_a_court_of_appeals_of_no_stated_circuit_is_not_said_to_bind() -> None:
    said = finding(court="", citation="9 F.4th 900", issuer="", kind_of_document="court-opinion")
    assert binds(said, NINTH) is Binding.NOT_STATED


def test_the_supreme_court_a_statute_and_a_rule_bind_everywhere() -> None:
    for by, court in (("593 U.S. 900", "2021"), ("INA § 208", ""), ("8 CFR § 208.13", "")):
        said = finding(by=by, by_court=court)
        assert {binds(said, where) for where in (FIRST, USCIS, FEDERAL, None)} == {Binding.YES}


def test_a_proposed_rule_binds_nobody_and_a_final_one_everybody() -> None:
    proposed, final = (
        finding(court="", citation="91 FR 60001", kind_of_document=kind)
        for kind in ("proposed-rule", "rule")
    )
    assert binds(proposed, USCIS) is Binding.NO
    assert binds(final, FEDERAL) is Binding.YES


def test_a_district_court_is_never_said_to_bind_by_itself() -> None:
    said = finding(court="D. Mass. 2020", citation="400 F. Supp. 3d 900 (D. Mass. 2020)")
    assert {binds(said, where) for where in (FIRST, NINTH, None)} == {Binding.NOT_STATED}
    assert scope(said) == "binds whom the order says: see the order"


def test_an_unpublished_decision_binds_nobody() -> None:
    unpublished = finding(
        TreatmentKind.NOT_FOLLOWED, court="", citation="", kind_of_document="bia-unpublished"
    )
    assert binds(unpublished, FIRST) is Binding.NO
    memorandum = finding(
        TreatmentKind.NOT_FOLLOWED, by="498 F. App'x 900", by_court="9th Cir. 2012"
    )
    assert binds(memorandum, NINTH) is Binding.NO


def test_guidance_of_an_agency_binds_its_officers_alone() -> None:
    chapter = finding(
        court="",
        citation="6 USCIS-PM F.5",
        kind_of_document="policy-manual-chapter",
        target="PM-602-0001",
        target_court="",
    )
    assert binds(chapter, USCIS) is Binding.YES
    assert binds(chapter, FIRST) is Binding.NO
    assert binds(chapter, None) is Binding.IN_PART


def test_precedents_of_dhs_bind_its_officers_and_not_immigration_judges() -> None:
    said = finding(TreatmentKind.NOT_FOLLOWED, court="AAO 2016", target_court="BIA 1990")
    assert binds(said, USCIS) is Binding.YES
    assert binds(said, FIRST) is Binding.NO


def test_words_for_a_circuit_narrow_whom_a_finding_binds() -> None:
    said = finding(TreatmentKind.REINSTATED, court="BIA 2026", circuits=("1",))
    assert binds(said, FIRST) is Binding.YES
    assert binds(said, NINTH) is Binding.NO
    assert binds(said, ANY_COURT) is Binding.IN_PART


def test_a_report_of_nobodys_deed_for_another_circuit_does_not_bind_here() -> None:
    said = finding(form=TreatmentForm.HISTORY, circuits=("1",))
    assert binds(said, NINTH) is Binding.NO
    assert binds(said, FIRST) is Binding.NOT_STATED


def test_the_board_takes_nothing_from_a_court_in_that_courts_circuit() -> None:
    said = finding(
        TreatmentKind.NOT_FOLLOWED,
        court="BIA 2022",
        target="588 F.3d 900",
        target_court="9th Cir. 2009",
        target_name="Sample v. Holder",
    )
    assert binds(said, NINTH) is Binding.NO
    assert binds(said, FIRST) is Binding.YES
    assert binds(said, ANY_COURT) is Binding.IN_PART
    assert binds(said, FEDERAL) is Binding.NO


def test_whoever_lacks_the_power_to_do_it_merely_reports() -> None:
    said = finding(TreatmentKind.OVERRULED, court="BIA 2022", target_court="A.G. 2018")
    assert speaker(said).rank is Rank.UNSTATED
    followed = finding(TreatmentKind.FOLLOWED, court="BIA 2022", target_court="A.G. 2018")
    assert speaker(followed).rank is Rank.BOARD


def test_a_history_without_its_by_says_nobody_did_it() -> None:
    assert speaker(finding(form=TreatmentForm.HISTORY)).rank is Rank.UNSTATED


@pytest.mark.parametrize(
    ("who", "whose", "can"),
    [
        (("BIA 2020", "1 I&N Dec. 1"), ("BIA 2010", "1 I&N Dec. 2"), True),
        (("BIA 2020", "1 I&N Dec. 1"), ("A.G. 2010", "1 I&N Dec. 2"), False),
        (("A.G. 2020", "1 I&N Dec. 1"), ("BIA 2010", "1 I&N Dec. 2"), True),
        (("BIA 2020", "1 I&N Dec. 1"), ("9th Cir. 2010", "1 F.3d 2"), False),
        (("9th Cir. 2020", "1 F.4th 1"), ("1st Cir. 2010", "1 F.3d 2"), False),
        (("9th Cir. 2020", "1 F.4th 1"), ("9th Cir. 2010", "1 F.3d 2"), True),
        (("9th Cir. 2020", "1 F.4th 1"), ("2020", "593 U.S. 2"), False),
        (("2021", "593 U.S. 1"), ("9th Cir. 2010", "1 F.3d 2"), True),
        (("", "8 CFR § 208.13"), ("A.G. 2010", "1 I&N Dec. 2"), True),
        (("", "8 CFR § 208.13"), ("2020", "593 U.S. 2"), False),
        (("", ""), ("BIA 2010", "1 I&N Dec. 2"), False),
    ],
)
def test_power_runs_down_and_not_up(
    who: tuple[str, str], whose: tuple[str, str], can: bool
) -> None:
    assert may_undo(voice(*who), voice(*whose)) is can


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "Matter of Sample is the rule in any circuit that has no contrary case.",
            "in any circuit that has no contrary case",
        ),
        (
            "Judges apply Sample except where a court of appeals has said otherwise, as before.",
            "except where a court of appeals has said otherwise",
        ),
        ("Matter of Sample is overruled in any pending case.", ""),
        ("The Ninth Circuit affirmed.", ""),
    ],
)
def test_a_condition_on_the_circuits_own_law_is_quoted(sentence: str, words: str) -> None:
    assert condition(sentence) == words
