"""What authorities do to each other, as readers are told it."""

from __future__ import annotations

from datetime import date

import pytest
from treating import finding, reported, treatment

from alerts import treated
from pipeline.citator.model import Bearing, Treatment, TreatmentForm, TreatmentKind
from pipeline.model import Document

KIND = TreatmentKind
SAMPLE_B = "Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026)"
SAMPLE_E = "Matter of SAMPLE-E-, 99 I&N Dec. 140 (BIA 2026)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (treatment(), f"Overrules {SAMPLE_B}"),
        (treatment(in_part=True), f"Overrules in part {SAMPLE_B}"),
        (treatment(KIND.NOT_FOLLOWED), f"Does not follow {SAMPLE_B}"),
        (treatment(KIND.VACATED, object="stay"), f"Vacates the stay in {SAMPLE_B}"),
        (
            treatment(KIND.STAYED, object="decision of the Board"),
            f"Stays the decision of the Board in {SAMPLE_B}",
        ),
        (
            treatment(KIND.REVERSED, object="other grounds"),
            f"Reverses on other grounds {SAMPLE_B}",
        ),
        (
            treatment(KIND.REINSTATED, circuits=("1", "dc")),
            f"Reinstates {SAMPLE_B} (in the First and D.C. Circuits alone)",
        ),
        (treatment(target="", court=""), "Overrules Matter of SAMPLE-B-"),
        (treatment(target="", court="", name=""), "Overrules a decision not named"),
    ],
)
def test_what_a_decision_does_is_said_with_what_it_does_it_to(given: Treatment, said: str) -> None:
    assert treated.does(given) == said


def test_every_kind_of_treatment_has_words_both_ways() -> None:
    for kind in KIND:
        one = treatment(kind)
        assert treated.does(one).endswith(SAMPLE_B)
        assert f" by {SAMPLE_E}, October 5, 2026" in treated.done(finding(one))


def test_what_was_done_names_who_did_it_and_when() -> None:
    part = treatment(in_part=True)
    assert treated.done(finding(part)) == f"Overruled in part by {SAMPLE_E}, October 5, 2026"
    assert treated.done(finding(on=None)).endswith("(BIA 2026), day not stated")
    assert treated.done(finding(on=None, year=None)).endswith("date not stated")
    stay = treatment(KIND.VACATED, object="stay")
    assert treated.done(finding(stay)).startswith("Stay vacated by")


def test_what_another_did_is_told_as_reported() -> None:
    told = treatment(by="99 I&N Dec. 140", by_name="Matter of SAMPLE-E-", by_court="BIA 2026")
    assert treated.done(reported(told)) == (
        f"Overruled by {SAMPLE_E}, October 5, 2026, as reported by Matter of SAMPLE-F-, "
        "99 I&N Dec. 160 (BIA 2026)"
    )
    unnamed = treatment(by_name="the Ninth Circuit", form=TreatmentForm.DISCUSSION)
    said = treated.done(reported(unnamed, on=None, year=None))
    assert said.startswith("Overruled by the Ninth Circuit, date not stated, as reported by")
    assert said.endswith(", in running text")


def test_one_deed_told_by_several_is_told_once_and_negative_first() -> None:
    followed = finding(treatment(KIND.FOLLOWED), citation="99 I&N Dec. 131 (BIA 2026)")
    own = finding()
    told = reported(treatment(by="99 I&N Dec. 140", by_name="Matter of SAMPLE-E-"))
    other = finding(treatment(in_part=True))
    groups = treated.grouped([followed, own, told, other])
    assert [each.bearing for each in groups] == [
        Bearing.NEGATIVE,
        Bearing.NEGATIVE,
        Bearing.POSITIVE,
    ]
    assert (groups[0].first, groups[0].others) == (own, (told,))
    assert groups[1].first is other


def test_a_line_has_the_gravest_negative_treatment_and_counts_the_others() -> None:
    limited = finding(treatment(KIND.LIMITED), citation="99 I&N Dec. 130 (BIA 2026)")
    later = {"citation": "99 I&N Dec. 150 (BIA 2026)", "on": date(2026, 10, 9)}
    again = finding(treatment(KIND.REINSTATED), **later)
    assert treated.brief([limited, finding()]) == (
        f"Overruled by {SAMPLE_E}, October 5, 2026; 1 more negative treatment found"
    )
    assert treated.brief([finding(), again]).endswith("; a stated reinstatement after it is found")
    told = finding(treatment(KIND.FOLLOWED, directs=True), **later)
    assert treated.brief([finding(), told]).endswith("; a stated reinstatement after it is found")
    assert not treated.brief([again]) and not treated.brief([])


def test_what_was_told_before_an_overruling_is_no_reinstatement_after_it() -> None:
    told = finding(
        treatment(KIND.FOLLOWED, directs=True),
        citation="99 I&N Dec. 101 (BIA 2021)",
        court="BIA 2021",
        on=None,
        year=2021,
    )
    assert treated.brief([told, finding()]) == f"Overruled by {SAMPLE_E}, October 5, 2026"


def test_a_district_courts_word_is_told_in_a_line_too() -> None:
    rule = treatment(KIND.VACATED, target="91 FR 60001", name="Sample rule", court="")
    court = Document(source="sample", key="1", kind="court-order")
    assert treated.brief([finding(rule, document=court)]).startswith("Vacated by ")


def test_a_judgment_vacated_weighs_against_the_decision() -> None:
    judgment = treatment(
        KIND.VACATED, object="judgment", target="99 F.4th 900", court="9th Cir. 2025"
    )
    assert treated.weighs(judgment) is Bearing.NEGATIVE


def test_who_is_not_named_is_said_to_be_not_named() -> None:
    said = finding(treatment(KIND.VACATED, by_another=True, form=TreatmentForm.DISCUSSION))
    assert treated.done(said).startswith("Vacated by another that the text does not name, ")


def test_that_a_stay_was_vacated_says_nothing_against_the_decision() -> None:
    stay = treatment(KIND.VACATED, object="stay")
    assert not treated.brief([finding(stay)])
    assert treated.weighs(treatment(KIND.STAYED, object="decision of the Board")) == "negative"
    (effect,) = treated.effects([stay])
    assert not effect.is_negative


def test_what_adjudicators_are_told_is_said_as_that() -> None:
    follow = treatment(KIND.FOLLOWED, directs=True)
    assert treated.does(follow) == f"Tells adjudicators to follow {SAMPLE_B}"
    assert treated.done(finding(follow)).startswith("Adjudicators told to follow it by Matter of")
    ended = treatment(KIND.NOT_FOLLOWED, directs=True)
    assert treated.does(ended).startswith("Tells adjudicators no longer to follow Matter of")


def test_a_sentence_is_cited_by_its_page_or_said_to_have_none() -> None:
    assert treated.where(finding(page="142")) == "cite as 99 I&N Dec. 140, 142 (BIA 2026)"
    assert "not stated" in treated.where(finding())
    assert treated.where(finding(in_headnote=True)).startswith("in the official headnote")
    rule = Document(source="federal_register", key="2026-1@2026-01-02", kind="rule")
    assert not treated.where(finding(document=rule))


def test_what_a_decision_only_reports_or_discusses_is_no_deed_of_its_own() -> None:
    own = treatment()
    followed = treatment(KIND.FOLLOWED, name="Matter of SAMPLE-A-G-", target="99 I&N Dec. 101")
    said = [
        followed,
        own,
        own,
        treatment(KIND.VACATED, by="99 I&N Dec. 150"),
        treatment(KIND.REVERSED, by_name="the Attorney General"),
        treatment(KIND.AFFIRMED, form=TreatmentForm.HISTORY),
        treatment(KIND.DISTINGUISHED, form=TreatmentForm.DISCUSSION),
        treatment(KIND.NOT_FOLLOWED, form=TreatmentForm.DISCUSSION),
    ]
    told = treated.effects(said)
    assert [(each.words.split(" Matter")[0], each.is_negative) for each in told] == [
        ("Overrules", True),
        ("Does not follow", True),
        ("Follows", False),
    ]
    assert told[0].sentence == own.sentence


def test_crawled_names_and_sentences_are_made_plain() -> None:
    hostile = treatment(name="Matter of \x1b[31mX\u202e-", sentence="Over\x1b[2Jruled.\n")
    assert treated.does(hostile) == "Overrules Matter of [31mX-, 99 I&N Dec. 112 (BIA 2026)"
    (deed,) = treated.effects([hostile])
    assert deed.sentence == "Over[2Jruled."
