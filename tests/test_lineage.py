"""What readers are told of a document among others: its sort, its dates, what it does to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from acts import CHAPTER, EVENT, standing
from builders import change, rule, stated, version

from alerts import dates, lineage, particulars, story, wording
from alerts.force import authority_of
from pipeline.model import (
    Announcement,
    AnnouncementState,
    Change,
    ChangeClass,
    ChangeKind,
    CourtAction,
    DateKind,
    Document,
    Event,
    Relation,
    RelationKind,
    Standing,
    State,
    StateKind,
    Version,
)


def paper(number: str, published: str, kind: str = "notice") -> Document:
    return Document(source="federal_register", key=f"{number}@{published}", kind=kind)


PROPOSAL = paper("2026-00001", "2026-03-02", "proposed-rule")
FINAL = paper("2026-00002", "2026-08-03", "rule")


def joined(kind: RelationKind, earlier: Document, later: Document) -> Relation:
    return Relation(kind=kind, earlier=earlier, later=later, evidence=("it cites 91 FR 10001",))


def called(kind: str = "rule", **metadata: Any) -> Version:
    one = rule("x", kind=kind)
    return replace(one, metadata={**one.metadata, **metadata})


def filed(**metadata: Any) -> Version:
    given = {"document_number": "2026-00009", **metadata}
    return version(source="public_inspection", kind="public-inspection", metadata=given)


@pytest.mark.parametrize(
    ("kind", "subtype", "title"),
    [
        ("rule", "", "Rule"),
        ("rule", "final rule", "Final rule"),
        ("rule", "interim final rule", "Interim final rule"),
        ("rule", "correction", "Rule: correction"),
        ("proposed-rule", "withdrawal", "Proposed rule: withdrawal"),
        ("proposed-rule", "temporary rule", "Proposed rule: temporary rule"),
        ("notice", "petition", "Notice: petition"),
        ("presidential-document", "Executive Order", "Executive Order"),
        ("presidential-document", "Memorandum", "Presidential memorandum"),
        ("presidential-document", "Other", "Presidential document"),
    ],
)
def test_a_document_is_called_by_what_it_does_and_never_by_more_than_its_kind(
    kind: str, subtype: str, title: str
) -> None:
    assert authority_of(called(kind, subtype=subtype)).title == title


def test_only_a_rule_has_the_force_of_a_rule() -> None:
    proposal = authority_of(called("proposed-rule", subtype="interim final rule"))
    assert proposal.force == "not in force"
    withdrawn = authority_of(called("proposed-rule", subtype="withdrawal"))
    assert withdrawn.force == "not in force; withdraws an earlier document"
    assert "before comments" in authority_of(called(subtype="interim final rule")).force


def test_a_filing_is_listed_by_what_it_will_be_and_said_to_be_unpublished() -> None:
    sort = authority_of(filed(type="Rule"))
    assert sort.title == "Rule, filed for public inspection"
    assert "may change before it is published" in sort.force
    assert "44 U.S.C. 1507" in sort.force
    assert sort.weight < authority_of(filed(type="Notice")).weight
    assert authority_of(filed()).title == "Filed for public inspection"


@pytest.mark.parametrize(
    ("kind", "acts", "suffers"),
    [
        (RelationKind.CORRECTS, "Corrects", "Corrected by"),
        (RelationKind.WITHDRAWS_IN_PART, "Withdraws in part", "Withdrawn in part: see"),
        (RelationKind.DELAYS, "Delays the effective date of", "Effective date delayed by"),
        (
            RelationKind.EXTENDS_COMMENTS,
            "Extends the comment period of",
            "Comment period extended by",
        ),
        (RelationKind.FINALISES, "Makes final the proposal of", "Made final by"),
        (RelationKind.PUBLISHES, "Was on public inspection as", "Published as"),
        (RelationKind.ENJOINS, "Enjoins", "Enjoined by"),
        (RelationKind.STAYS, "Stays", "Stayed by"),
        (RelationKind.VACATES, "Vacates", "Vacated by"),
        (RelationKind.VACATES_IN_PART, "Vacates in part", "Vacated in part by"),
        (RelationKind.REVERSES, "Reverses", "Reversed by"),
    ],
)
def test_a_relation_is_told_from_either_side(kind: RelationKind, acts: str, suffers: str) -> None:
    relation = joined(kind, PROPOSAL, FINAL)
    (later,), (earlier,) = (lineage.related(one, [relation]) for one in (FINAL, PROPOSAL))
    assert later.words == f"{acts} FR Doc. 2026-00001 (March 2, 2026)"
    assert earlier.words == f"{suffers} FR Doc. 2026-00002 (August 3, 2026)"
    assert (later.other, later.evidence) == (PROPOSAL, "it cites 91 FR 10001")


def test_every_relation_has_its_words() -> None:
    for kind in RelationKind:
        assert lineage.related(FINAL, [joined(kind, PROPOSAL, FINAL)])


def test_a_filing_is_not_named_again_in_the_record_of_its_own_number() -> None:
    filing = Document(source="public_inspection", key="2026-00002", kind="public-inspection")
    (told,) = lineage.related(FINAL, [joined(RelationKind.PUBLISHES, filing, FINAL)])
    assert told.words == "Was on public inspection before it was published"
    (told,) = lineage.related(PROPOSAL, [joined(RelationKind.PUBLISHES, filing, PROPOSAL)])
    assert told.words == "Was on public inspection as FR Doc. 2026-00002"


def test_an_order_is_named_by_court_and_docket_and_a_chapter_by_its_own_name() -> None:
    order = Document(
        source="court_orders", key="N.D. Cal., No. 3:25-cv-1@2026-11-02", kind="court-order"
    )
    chapter = version().document
    (told,) = lineage.related(chapter, [joined(RelationKind.ENJOINS, chapter, order)])
    assert told.words == "Enjoined by N.D. Cal., No. 3:25-cv-1 (November 2, 2026)"
    assert told.is_litigation
    (acts,) = lineage.related(order, [joined(RelationKind.ENJOINS, chapter, order)])
    assert acts.words == f"Enjoins {chapter.name}" and not acts.is_litigation


def test_what_courts_did_stands_before_what_agencies_did_and_an_order_on_it_with_it() -> None:
    order, stay = (
        Document(source="court_orders", key=f"{court}, No. 1@2026-11-02", kind="court-order")
        for court in ("N.D. Cal.", "9th Cir.")
    )
    relations = [
        joined(RelationKind.DELAYS, PROPOSAL, FINAL),
        joined(RelationKind.ENJOINS, PROPOSAL, order),
        joined(RelationKind.STAYS, order, stay),
    ]
    first, second = lineage.related(PROPOSAL, relations)
    assert first.words.endswith(", itself stayed by 9th Cir., No. 1 (November 2, 2026)")
    assert second.words.startswith("Effective date delayed by")


def test_what_ends_a_document_stands_first_and_its_series_last() -> None:
    series = [
        joined(RelationKind.SAME_SERIES, paper(f"{year}-00005", f"{year}-08-01"), FINAL)
        for year in range(2020, 2026)
    ]
    delay = joined(RelationKind.DELAYS, FINAL, paper("2026-00003", "2026-09-14", "rule"))
    relations = [*series, joined(RelationKind.FINALISES, PROPOSAL, FINAL), delay]
    told = [each.words for each in lineage.related(FINAL, relations)]
    assert told[0].startswith("Effective date delayed by")
    assert told[1].startswith("Makes final")
    assert [words.split()[-1] for words in told[2:]] == ["2025)", "2024)"]
    assert lineage.more_editions(FINAL, relations) == "and 4 more notices of the series"


def test_relations_of_other_documents_are_not_told_as_its_own() -> None:
    other = joined(RelationKind.CORRECTS, PROPOSAL, paper("2026-00004", "2026-04-01"))
    assert lineage.related(FINAL, [other]) == ()


def test_of_a_chain_only_live_dates_that_bind_somebody_hold() -> None:
    def judged(kind: DateKind, on: date, *, live: bool) -> Standing:
        return Standing(document=FINAL, stated=stated(kind, on), live=live, why="" if live else "x")

    standings = [
        judged(DateKind.PUBLISHED, date(2026, 8, 3), live=True),
        judged(DateKind.EFFECTIVE, date(2026, 10, 1), live=False),
        judged(DateKind.EFFECTIVE, date(2026, 12, 1), live=True),
    ]
    told = lineage.elsewhere(PROPOSAL, standings)
    assert told == ("effective date December 1, 2026, FR Doc. 2026-00002 (August 3, 2026)",)
    assert lineage.elsewhere(FINAL, standings) == ()


def test_a_dead_date_names_what_ended_it_and_a_doubtful_one_what_to_look_at() -> None:
    ended = stated(DateKind.EFFECTIVE, date(2026, 12, 7))
    doubtful = stated(DateKind.COMPLIANCE, date(2027, 1, 7))
    one = rule("x", dates=(ended, doubtful))
    standings = (
        Standing(document=one.document, stated=ended, live=False, why="delayed by 91 FR 70001"),
        Standing(document=one.document, stated=doubtful, live=True, why="see 91 FR 70002"),
    )
    first, second = map(str, dates.dated(one, standings))
    assert "(Eastern), no longer in force: delayed by 91 FR 70001, " in first
    assert "(Eastern), check before relying on it: see 91 FR 70002, " in second
    assert "no longer" not in "".join((*map(str, dates.dated(one)), *dates.unclear(one)))


def test_another_documents_standing_does_not_judge_a_date() -> None:
    same_day = stated(DateKind.EFFECTIVE, date(2026, 12, 7))
    foreign = Standing(document=FINAL, stated=same_day, live=False, why="delayed")
    assert all(each.live for each in dates.dated(rule("x", dates=(same_day,)), [foreign]))


def test_a_disagreement_gives_both_sides() -> None:
    both = (
        stated(DateKind.EFFECTIVE, date(2026, 12, 7), "effective December 7, 2026"),
        stated(DateKind.EFFECTIVE, date(2026, 12, 8), "2026-12-08", "API effective_on"),
    )
    (told,) = dates.unclear(rule("x", dates=both))
    assert told.startswith("the dates differ: ")
    assert "the document says December 7, 2026" in told and "December 8, 2026" in told


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("", ""),
        ("HTML", "Read from the HTML"),
        ("raw text", "Read from the raw text"),
        ("abstract only", "Abstract only: the full text is not held."),
        ("title only", "Title only: the full text is not held."),
    ],
)
def test_a_poorer_form_is_said_plainly(form: str, said: str) -> None:
    told = particulars.not_held(called(text=form) if form else called())
    assert told.startswith(said) and bool(told) is bool(form)
    assert not form or "not held" in told


def test_of_a_filing_no_text_is_claimed() -> None:
    assert "its text is not held" in particulars.not_held(filed())
    (line,) = particulars.facts(filed(expected_publication="2026-11-24"))
    assert line.startswith("publication expected: November 24, 2026")


def test_amended_sections_stand_with_the_act_and_a_proposal_only_would() -> None:
    amends = [{"section": f"8 CFR 214.{number}", "act": "revise", "words": "x"} for number in "123"]
    assert particulars.amended(called(amends=amends), 2) == (
        "revises 8 CFR 214.1",
        "revises 8 CFR 214.2",
        "1 more place: read the source",
    )
    would = particulars.amended(called("proposed-rule", amends=amends))
    assert would[0] == "would revise 8 CFR 214.1" and len(would) == 3


def test_crawled_data_is_told_without_what_hides() -> None:
    signed = called(signed_by=["Jo\u202e Sample\x07, Secretary"])
    assert particulars.facts(signed) == ("signed by: Jo Sample, Secretary",)
    assert not particulars.details(signed, None)


def action(
    kind: RelationKind, words: str, *, is_by_hand: bool = True, day: int = 20
) -> CourtAction:
    order = Document(source="court_orders", key="N.D. Cal., No. 1@2026-07-20", kind="court-order")
    return CourtAction(
        kind=kind, on=date(2026, 7, day), document=order, words=words, is_by_hand=is_by_hand
    )


def test_a_state_that_a_court_acted_on_is_one_of_the_text_alone() -> None:
    vacated = action(RelationKind.VACATES, "N.D. Cal.; scope: nationwide; “is VACATED”")
    assert lineage.by_text("in effect", ()) == "in effect"
    assert lineage.by_text("in effect", [vacated]) == (
        "in effect, by its text; vacated July 20, 2026 by court order (nationwide) (see under "
        "Litigation what each concerns)"
    )
    told = [action(RelationKind.ENJOINS, "x", is_by_hand=False, day=n) for n in range(1, 6)]
    words = lineage.by_text("in effect", [*told, vacated])
    assert words.startswith("in effect, by its text; vacated July 20, 2026 by court order")
    assert "enjoined July 1, 2026 as a document held reports" in words
    assert "and 3 more actions" in words


def test_only_a_state_that_binds_or_will_is_told_with_what_courts_did() -> None:
    states = [
        State(kind=kind, since=None, document=PROPOSAL, words="")
        for kind in (StateKind.PROPOSED, StateKind.IN_EFFECT, StateKind.WITHDRAWN)
    ]
    told = story.states(
        replace(EVENT, states=tuple(states), court_actions=(action(RelationKind.VACATES, "x"),))
    )
    assert ["by its text" in each for each in told] == [False, True, False]


ALERT = version(
    source="uscis_policy_manual",
    key="update/sample",
    kind="policy-alert",
    title="Sample Alert",
    citation="PA-2099-03",
    dates=(stated(DateKind.EFFECTIVE, date(2026, 11, 9), "It is effective on November 9, 2026."),),
)
ANNOUNCED = Announcement(
    state=AnnouncementState.ANNOUNCED, entry=ALERT.document, words="Announced: see the alert."
)


def announcing(*, live: bool = True, why: str = "") -> Event:
    (first, *_) = EVENT.artefacts
    part = replace(first, document=ALERT.document, citation=ALERT.citation)
    (day,) = ALERT.dates
    given = (standing(ALERT, day, why, live=live),)
    return replace(EVENT, artefacts=(part,), standings=given)


def test_a_date_that_the_announcement_states_is_told_where_the_text_states_none() -> None:
    text = replace(CHAPTER, dates=())
    assert dates.unclear(text) == dates.unclear(text, ANNOUNCED) == ("effective date: not stated",)
    assert dates.unclear(text, ANNOUNCED, [announcing()]) == (
        "effective date: not stated in the text; November 9, 2026 (Eastern) by PA-2099-03",
    )
    (ended,) = dates.unclear(text, ANNOUNCED, [announcing(live=False, why="withdrawn by x")])
    assert ended.endswith("by PA-2099-03, no longer in force: withdrawn by x")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "It is effective June 1, 2026, and applies to petitions filed on or after that date.",
            "applicable the same day: “applies to petitions filed on or after that date”",
        ),
        (
            "Petitions postmarked on or after June 1, 2026 must use it.",
            "applicable the same day: “Petitions postmarked on or after June 1, 2026 must use it.”",
        ),
        ("It applies from June 1, 2026.", "applicable the same day"),
    ],
)
def test_a_day_of_application_says_to_which_cases(words: str, told: str) -> None:
    day = date(2026, 6, 1)
    both = (stated(DateKind.EFFECTIVE, day), stated(DateKind.APPLICABLE, day, words))
    (one,) = dates.dated(rule("x", dates=both))
    assert one.name == f"effective date ({told})"


def test_a_formality_is_dated_without_the_line_it_was_read_from() -> None:
    line = stated(DateKind.INSPECTION, date(2026, 6, 1), "[Filed 6-1-26]", "filing line")
    (one,) = dates.dated(rule("x", dates=(line,)))
    assert str(one) == "filed for public inspection: June 1, 2026 (Eastern)"


def correction(*evidence: str) -> Change:
    one = change(rule("x"), kind=ChangeKind.METADATA, change_class=ChangeClass.METADATA)
    told = replace(one.difference, metadata=(("corrections", "not stated", "C1-2026-00002"),))
    relation = replace(joined(RelationKind.CORRECTS, one.document, FINAL), evidence=evidence)
    return replace(one, difference=told, relations=(relation,))


def test_a_corrected_document_is_headed_by_its_correction_and_quotes_it() -> None:
    words = "“In § 1.1, “10 days” should read “10 business days”.”"
    one = correction(words, "it says: “C1-2026-00002 corrects 2026-00002”")
    assert wording.happened(one) == "Corrected by C1-2026-00002"
    assert (wording.basis(one), wording.reasons(one)) == ("What the correction says", (words,))
    (unheld,) = wording.reasons(correction())
    assert "not held" in unheld


def test_a_headnote_is_cut_at_a_sentence_and_never_before_a_word_of_treatment() -> None:
    first = "The respondent bears the burden of proof. It is heavy in every such case."
    second = "Matter of SAMPLE-B-, 99 I&N Dec. 112 (BIA 2026), overruled in part."
    assert wording.excerpt([first, second], 500) == f"{first} {second}"
    assert wording.excerpt([first, second, "And so on."], 45) == (
        f"The respondent bears the burden of proof. … {second} …"
    )
    assert wording.excerpt([second], 40) == second
    assert wording.excerpt(["word " * 20 + "end.", "More."], 30).endswith("word …")


def test_days_of_a_publishers_data_are_spelled_and_those_quoted_stay() -> None:
    assert wording.legible('effective date: 2026-01-05 → 2026-01-09; "of 2026-01-05"') == (
        'effective date: January 5, 2026 → January 9, 2026; "of 2026-01-05"'
    )
    assert wording.legible("2026-99-99") == "2026-99-99"
