"""What a packet tells of each development: words, redline, whom it binds, dates, courts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import acts
import pytest
from builders import change, deleted, inserted, precedent, reworded, rule, stated, tag, version
from cle_packets import PRINTED, day, packet, paragraphs, said, section, shelf

from alerts.cle.development import Authority
from alerts.packet.content import Face, Manuscript, Paragraph, Style
from pipeline import cite
from pipeline.citator.model import (
    Coverage,
    Finding,
    Status,
    StatusKind,
    Treatment,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.model import (
    Announcement,
    AnnouncementState,
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

ASYLUM = (tag("asylum"),)
EFFECTIVE = stated(DateKind.EFFECTIVE, date(2026, 11, 20), "It is effective November 20, 2026.")
CASE = precedent("The holding.", name="Matter of S-A-M-P-L-E-")
CANONICAL = "29 I&N Dec. 999"
NOTHING = Coverage(
    decisions=2,
    volumes=(),
    full_texts=0,
    as_of=datetime(2026, 11, 22, 6, tzinfo=UTC),
)


def status(*findings: Finding, **more: Any) -> Status:
    given: dict[str, Any] = {
        "authority": CANONICAL,
        "name": CASE.title,
        "kind": StatusKind.NONE_FOUND,
        "line": "no negative treatment found in what we hold, as of November 22, 2026; few held",
        "forum": None,
        "on": PRINTED.date(),
        "findings": findings,
        "elsewhere": (),
        "undated": (),
        "warnings": (),
        "coverage": NOTHING,
    }
    return Status(**{**given, **more})


def opinion(
    kind: TreatmentKind, court: str, citation: str = "99 F.4th 1", key: str = "1"
) -> Finding:
    sentence = f"We hold that Matter of S-A-M-P-L-E- is {kind} here."
    return Finding(
        treatment=Treatment(
            kind=kind,
            form=TreatmentForm.OPERATIVE,
            target=CANONICAL,
            name="Matter of S-A-M-P-L-E-",
            sentence=sentence,
            start=0,
            end=len(sentence),
        ),
        document=Document(source="opinions", key=key, kind="court-opinion"),
        title=f"Doe v. Roe {key}",
        citation=f"{citation} ({court} 2026)",
        issuer="",
        url="https://example.com/opinion",
        court=f"{court} 2026",
        year=2026,
    )


def told(one: Any, **held: Any) -> str:
    made = packet([one], shelf=shelf(**held))
    return said(section(made, "Development 1"))


def decision(given: Status) -> str:
    known = Authority(canonical=CANONICAL, held=CASE, status=given)
    return told(change(CASE, tags=ASYLUM), authorities={CANONICAL: known})


def struck(made: Manuscript) -> set[str]:
    runs = [run for part in made.parts if isinstance(part, Paragraph) for run in part.runs]
    return {run.text for run in runs if run.face is Face.DELETED}


def test_a_changed_text_is_set_as_a_redline_that_is_explained() -> None:
    edits = (
        reworded("The officer [may] deny.", "The officer [must] deny.", trail=("B. Evidence",)),
        inserted("Thirty days are allowed.", "B. Evidence"),
        deleted("Ten days were allowed.", "B. Evidence"),
    )
    made = packet([change(version("x"), *edits, tags=ASYLUM)])
    faces = {run.text: run.face for part in paragraphs(made, Style.REDLINE) for run in part.runs}
    assert faces["may"] is faces["Ten days were allowed."] is Face.DELETED
    assert faces["must"] is faces["Thirty days are allowed."] is Face.INSERTED
    assert "deleted (struck through), inserted (underlined)" in said(made.parts)


def test_a_new_text_is_quoted() -> None:
    assert "“The holding.”" in told(change(CASE, tags=ASYLUM))


def test_a_removed_document_is_quoted_as_last_seen_and_no_date_is_asked_of_it() -> None:
    old = version("The last words held.")
    gone = change(replace(old, blocks=()), old=old, kind=ChangeKind.REMOVED, tags=ASYLUM)
    words = told(gone)
    assert "“The last words held.”" in words and "The last text we hold, as seen" in words
    assert "whether it still holds, is not stated" in words
    assert "effective date" not in words and "rescinded" not in words


def test_whom_it_binds_is_said_of_the_day_of_printing() -> None:
    final = rule("x", dates=(EFFECTIVE,))
    ahead = State(
        kind=StateKind.IN_EFFECT, since=date(2026, 11, 25), document=final.document, words="w"
    )
    waiting = State(
        kind=StateKind.FINAL, since=date(2026, 11, 17), document=final.document, words="w"
    )
    event = Event(
        act=final.document,
        line="A rule",
        artefacts=(acts.part(1, final, date(2026, 11, 17)),),
        states=(waiting, ahead),
    )
    one = replace(change(final, tags=ASYLUM), events=(event,))
    assert (
        "Whom it binds. Binds nobody yet: it takes effect on November 25, 2026, as stated."
        in told(one)
    )
    assert "Whom it binds. Binds all from its effective date, 5 U.S.C. 553." in told(
        one, on=date(2026, 11, 25)
    )


def test_a_rule_that_stands_alone_binds_from_the_day_that_it_states() -> None:
    one = change(rule("x", dates=(EFFECTIVE,)), tags=ASYLUM)
    assert "Binds nobody yet: it takes effect on November 20, 2026" in told(one, on=day(19))
    assert "Binds all from its effective date" in told(one, on=day(20))


def test_a_proposal_that_was_made_final_binds_nobody_and_says_by_what() -> None:
    proposed = rule("x", kind="proposed-rule")
    final = rule("y", number="2026-3", citation="91 FR 70000")
    joins = Relation(
        kind=RelationKind.FINALISES, earlier=proposed.document, later=final.document, evidence=()
    )
    one = replace(change(proposed, tags=ASYLUM), relations=(joins,))
    words = told(one, versions={final.document: final})
    assert "Binds nobody: it was proposed, and made final by 91 FR 70000." in words


def test_a_correction_binds_as_what_it_corrects_and_leaves_nothing_open_of_its_own() -> None:
    corrected = Document(source="federal_register", key="2026-1@2026-11-02", kind="rule")
    correction = rule("x", dates=(EFFECTIVE,))
    joins = Relation(
        kind=RelationKind.CORRECTS, earlier=corrected, later=correction.document, evidence=()
    )
    words = told(replace(change(correction, tags=ASYLUM), relations=(joins,)))
    assert (
        "Binds as the document does that it acts on: it corrects FR Doc. 2026-1 (November 2, 2026)."
        in words
    )
    assert "Whether it reaches" not in words


def test_the_status_of_a_decision_is_told_with_its_sentences() -> None:
    against = opinion(TreatmentKind.OVERRULED, "9th Cir.")
    words = decision(status(against, kind=StatusKind.NEGATIVE, line="negative treatment found: x"))
    assert "What became of it. Negative treatment found: x." in words
    assert "“We hold that Matter of S-A-M-P-L-E- is overruled here.”" in words


def test_contrary_circuits_stand_before_the_others() -> None:
    words = decision(
        status(
            opinion(TreatmentKind.FOLLOWED, "2d Cir.", "98 F.4th 2", "2"),
            opinion(TreatmentKind.NOT_FOLLOWED, "9th Cir.", "99 F.4th 9", "9"),
        )
    )
    contrary = words.index("Ninth Circuit, contrary: ")
    assert contrary < words.index("Second Circuit, not contrary: ")


def test_that_no_circuit_is_held_is_said() -> None:
    assert "No opinion of a court of appeals that is held speaks of it" in decision(status())


def test_what_a_decision_does_to_others_stands_first() -> None:
    tags = (
        "The holding. Matter of A-B-, 99 I&N Dec. 1 (BIA 2020), followed.",
        "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled in part.",
    )
    words = told(change(precedent(*tags), tags=ASYLUM))
    overrules = words.index("Overrules in part Matter of C-D-, 99 I&N Dec. 112 (BIA 2026).")
    assert overrules < words.index("Follows Matter of A-B-, 99 I&N Dec. 1 (BIA 2020).")


def test_that_no_court_acted_on_a_rule_is_said_only_where_none_is_known_to() -> None:
    final = rule("x", dates=(EFFECTIVE,))
    silent = "No court’s action on it is entered by hand or reported"
    assert silent in told(change(final, tags=ASYLUM))
    words = said(packet([acts.RULE]).parts)
    assert silent not in words and "Enjoined by N.D. Cal." in words


def test_what_it_cites_is_named_as_a_brief_does_and_what_stands_against_it_is_told() -> None:
    text = "See Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018), and 8 CFR 208.16(c)(2)."
    one = change(rule(text), id=4, tags=ASYLUM)
    known = Authority(
        canonical="27 I&N Dec. 316",
        name="Matter of A-B-",
        court="A.G. 2018",
        status=status(
            kind=StatusKind.NEGATIVE, line="negative treatment found: vacated by Matter of X"
        ),
    )
    words = told(one, citations={4: cite.find(text)}, authorities={known.canonical: known})
    assert (
        "What it cites. Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018); 8 C.F.R. § 208.16(c)(2)."
        in words
    )
    assert "Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018): Negative treatment found: vacated" in words


def test_a_dead_date_is_struck_and_says_why() -> None:
    gone = stated(DateKind.EFFECTIVE, date(2026, 12, 7), "It is effective December 7, 2026.")
    one = change(rule("x", dates=(gone,)), tags=ASYLUM)
    later = Document(source="federal_register", key="2026-21999@2026-11-20", kind="rule")
    one = replace(
        one,
        standings=(
            Standing(document=one.document, stated=gone, live=False, why="delayed by 91 FR 70001"),
        ),
        relations=(
            Relation(kind=RelationKind.DELAYS, earlier=one.document, later=later, evidence=("x",)),
        ),
    )
    made = packet([one])
    assert "Effective date: December 7, 2026 (Eastern)" in struck(made)
    words = said(section(made, "Development 1"))
    assert "no longer in force: delayed by 91 FR 70001" in words
    assert "Effective date delayed by FR Doc. 2026-21999 (November 20, 2026)." in words


def test_an_event_has_one_set_of_dates() -> None:
    made = packet([*acts.EVERY])
    words = said(section(made, "One event"))
    assert words.count("Effective date: February 1, 2027 (Eastern)") == 1
    assert any(each.startswith("Applicable: December 7, 2026") for each in struck(made))


def test_the_next_part_of_an_event_is_told_where_it_stands_in_the_packet() -> None:
    words = said(section(packet([*acts.EVERY]), "One event"))
    assert "November 17, 2026, published: Rule, 91 FR 60001 (development 2)" in words


PROPOSED = rule("The fee is $400.", "Old words.", kind="proposed-rule", number="2026-5")
FINAL = rule("The fee is $410.", "Old words.", number="2026-6", citation="91 FR 61000")


def made_final(proposals: Mapping[Document, Version], final: Version = FINAL) -> str:
    joins = Relation(
        kind=RelationKind.FINALISES, earlier=PROPOSED.document, later=FINAL.document, evidence=()
    )
    one = replace(change(final, tags=ASYLUM), relations=(joins,))
    return told(one, proposals=proposals)


def test_a_final_rule_is_compared_with_its_proposal() -> None:
    words = made_final({PROPOSED.document: PROPOSED})
    assert "From the proposal to the final rule" in words
    assert "The fee is $400 $410." in words  # one struck, the other inserted


def test_where_a_text_is_not_held_in_full_nothing_is_compared() -> None:
    assert "Not compared with the proposal: its text is not held." in made_final({})
    poorer = replace(FINAL, metadata={**FINAL.metadata, "text": "abstract only"})
    words = made_final({PROPOSED.document: PROPOSED}, poorer)
    assert "Not compared with the proposal: of the final rule, abstract only" in words
    assert "$400" not in words


def test_places_that_only_one_of_the_two_amends_are_named() -> None:
    def amending(one: Version, section: str) -> Version:
        amends = [{"act": "revise", "section": section}]
        return replace(one, metadata={**one.metadata, "amends": amends})

    words = made_final(
        {PROPOSED.document: amending(PROPOSED, "8 CFR 106.1")}, amending(FINAL, "8 CFR 106.2")
    )
    assert "Amended by the proposal, not by the final rule: 8 CFR 106.1." in words
    assert "Amended by the final rule, not by the proposal: 8 CFR 106.2." in words


def test_a_rule_as_proposed_says_so() -> None:
    same = replace(FINAL, blocks=PROPOSED.blocks, title=PROPOSED.title)
    assert "The regulatory text and the dates are as proposed." in made_final(
        {PROPOSED.document: PROPOSED}, same
    )


def open_questions(one: Any, **held: Any) -> str:
    return told(one, **held).partition("Open questions")[2]


def test_what_a_source_does_not_state_is_an_open_question() -> None:
    words = open_questions(change(version("x"), tags=ASYLUM))
    assert "From what day: effective date: not stated." in words
    assert "Whether it reaches what was filed before it took effect" in words


def test_a_rule_that_states_to_what_it_applies_leaves_that_not_open() -> None:
    applies = stated(DateKind.APPLICABLE, date(2026, 12, 7), "It applies to petitions filed then.")
    words = open_questions(change(rule("x", dates=(EFFECTIVE, applies)), tags=ASYLUM))
    assert "Whether it reaches" not in words


def test_a_change_that_nobody_announced_leaves_its_reason_open() -> None:
    silent = Announcement(state=AnnouncementState.UNANNOUNCED, entry=None, words="Not announced.")
    one = change(version("x"), inserted("New words."), tags=ASYLUM)
    words = open_questions(replace(one, announcement=silent))
    assert "Why the text changed: no announcement of the agency names it." in words


def test_an_order_that_is_only_reported_leaves_its_reach_open() -> None:
    final = rule("x", dates=(EFFECTIVE,))
    action = CourtAction(
        kind=RelationKind.STAYS,
        on=None,
        document=acts.NEWS.document,
        words="A court stayed it.",
        is_by_hand=False,
    )
    event = Event(
        act=final.document,
        line="A rule",
        artefacts=(acts.part(1, final, date(2026, 11, 17)), acts.part(5, acts.NEWS)),
        court_actions=(action,),
    )
    words = said(packet([replace(change(final, tags=ASYLUM), events=(event,))]).parts)
    assert "How far the court’s action reaches: a document held reports it" in words


def test_what_is_not_held_is_said_once() -> None:
    one = rule("x")
    metadata = {**one.metadata, "text": "abstract only", "subtype": "interim final rule"}
    made = packet([change(replace(one, metadata=metadata), tags=ASYLUM)])
    words = said(section(made, "Development 1"))
    assert "Interim final rule" in words and "Urgent: " in words
    (lacking,) = (part for part in paragraphs(made, Style.BODY) if "not held" in part.words)
    assert lacking.notes == (1,)
    assert words.count("Abstract only: the full text is not held.") == 1


def test_a_comment_period_that_is_over_on_the_day_of_printing_says_so() -> None:
    dates = (
        stated(DateKind.COMMENTS_CLOSE, date(2026, 11, 20), "Comments close November 20, 2026."),
        stated(DateKind.PUBLISHED, date(2026, 11, 17)),
    )
    made = packet([change(rule("x", dates=dates), tags=ASYLUM)])
    words = said(section(made, "Dates"))
    assert "Comments close: November 20, 2026 (Eastern), already passed" in words
    assert words.count("already passed") == 1


def test_a_very_long_paragraph_is_quoted_in_part() -> None:
    long = precedent(" ".join(["word"] * 900))
    made = packet([change(long, tags=ASYLUM)])
    (quoted,) = (part.words for part in paragraphs(made, Style.QUOTATION))
    assert len(quoted) < 1_700 and quoted.endswith("…”")


@pytest.mark.parametrize(("evidence", "times"), [("it cites 91 FR 60001", 1), ("its docket", 2)])
def test_evidence_that_makes_it_part_of_its_event_is_given_once(evidence: str, times: int) -> None:
    joins = Relation(
        kind=RelationKind.DELAYS,
        earlier=acts.FINAL.document,
        later=acts.DELAY.document,
        evidence=(evidence,),
    )
    made = packet([replace(acts.LATER, relations=(joins,)), acts.RULE])
    words = said(section(made, "Development 2: Sample Fees; Delay")).casefold()
    assert words.count("it cites 91 fr 60001") + words.count("its docket") == times
