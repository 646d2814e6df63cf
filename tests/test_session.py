"""The session of a packet: level, objectives, agenda, questions, hypotheticals, checklist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import acts
import pytest
from builders import (
    SEEN,
    SINCE,
    UNTIL,
    change,
    deleted,
    inserted,
    precedent,
    reworded,
    rule,
    stated,
)
from builders import version as document
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.cle import agenda, blanks, checklist, discussion, hypotheticals, objectives
from alerts.cle.agenda import Kind
from alerts.cle.development import Development
from alerts.cle.jurisdictions import Profile, Rule
from alerts.cle.objectives import Level
from alerts.packet.content import Heading, Manuscript, Paragraph, Style, Table
from alerts.packet.draft import Draft
from pipeline.errors import LexwatchError
from pipeline.model import Change, ChangeClass, ChangeKind, DateKind, Standing

CRITERIA = (
    "An officer must deny an application unless the applicant files Form I-589 within 1 year of "
    "the last arrival, if the applicant is in lawful status."
)
CHAPTER = change(
    document("x"),
    reworded(
        CRITERIA.replace("must", "[may]"), CRITERIA.replace("must", "[must]"), trail=("B. Time",)
    ),
    inserted("Thirty days are allowed for a reply.", "B. Time"),
    id=1,
)
FEE = change(
    document("x", key="fees", title="Chapter 9 - Fees", citation="9 USCIS-PM A.9"),
    reworded("The fee is [$380] for each applicant.", "The fee is [$410] for each applicant."),
    id=2,
)
RULE = change(
    rule(
        "x",
        dates=(
            stated(DateKind.EFFECTIVE, date(2027, 3, 1), "This rule is effective March 1, 2027."),
        ),
    ),
    id=3,
)
CASE = change(precedent("The holding of the sample case."), id=4)
PROPOSAL = change(
    rule("The officer must ask.", kind="proposed-rule", number="2026-5", citation="91 FR 70001"),
    id=5,
)
SWEPT = change(
    document("x", key="swept", citation="1 USCIS-PM A.1"),
    reworded("[alien] x", "[noncitizen] x", rule="terminology sweep"),
    change_class=ChangeClass.EDITORIAL,
    id=6,
)
EVERY = (CHAPTER, FEE, RULE, CASE, PROPOSAL, SWEPT)
BREAKS = Profile(
    code="ZZ",
    name="Samplia",
    board="Board of Samplia",
    hour=60,
    break_after=45,
    break_minutes=5,
    rules=(Rule(rule="Rule 1", url="https://board.example", text="2026", read=date(2026, 11, 1)),),
)


def numbered(changes: Sequence[Change]) -> list[Development]:
    return [Development(number=n, change=one) for n, one in enumerate(changes, 1)]


def topics(*counts: int) -> Mapping[str, Sequence[Development]]:
    """Topics with so many developments, all of them of substance."""
    rest = iter(numbered([replace(RULE, id=n) for n in range(1, sum(counts) + 1)]))
    return {f"Topic {n}": [next(rest) for _ in range(count)] for n, count in enumerate(counts)}


def written(developments: Sequence[Development], tell: Callable[[Draft], Any]) -> Manuscript:
    draft = Draft(title="T", subject="S", at=SEEN)
    for item in developments:
        draft.source(f"{item.number}. {item.named}")
    tell(draft)
    draft.sources()
    return draft.finished()


def paragraphs(manuscript: Manuscript) -> list[Paragraph]:
    return [part for part in manuscript.parts if isinstance(part, Paragraph)]


@given(
    counts=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    minutes=st.integers(5, 600),
    profile=st.sampled_from([None, BREAKS]),
)
@example(counts=[1], minutes=600, profile=None)  # breaks that would fall on one place
def test_the_minutes_of_an_agenda_and_of_each_of_its_parts_add_up(
    counts: list[int], minutes: int, profile: Profile | None
) -> None:
    given = topics(*counts)
    try:
        parts = agenda.agenda(given, minutes, profile=profile)
    except LexwatchError:
        assert minutes < 2 * len(counts) + 60
        return
    assert sum(part.minutes for part in parts) == minutes
    assert all(part.minutes > 0 for part in parts)
    at = 0
    for part in parts:
        assert part.start == at
        at += part.minutes
        if part.slots:
            assert sum(slot.minutes for slot in part.slots) == part.minutes
    spoken = [slot.number for part in parts for slot in part.slots]
    unspoken = [number for part in parts for number in part.unspoken]
    assert sorted([*spoken, *unspoken]) == list(range(1, sum(counts) + 1))
    assert spoken == sorted(spoken)


@pytest.mark.parametrize(("minutes", "breaks"), [(60, 0), (120, 0), (121, 1), (240, 1), (241, 2)])
def test_a_long_session_has_breaks_between_its_parts(minutes: int, breaks: int) -> None:
    parts = agenda.agenda(topics(9), minutes)
    kinds = [part.kind for part in parts]
    assert kinds.count(Kind.BREAK) == breaks
    assert Kind.BREAK not in (kinds[0], kinds[-1])
    assert all((one, two) != (Kind.BREAK,) * 2 for one, two in pairwise(kinds))
    if breaks == 1:
        (at,) = (part.start for part in parts if part.kind is Kind.BREAK)
        assert abs(at - minutes / 2) < minutes / 6


def test_breaks_follow_the_profile_where_it_has_a_rule() -> None:
    parts = agenda.agenda(topics(9), 60, profile=BREAKS)
    assert [part.minutes for part in parts if part.kind is Kind.BREAK] == [5]


def test_developments_without_time_are_for_reading_and_those_of_substance_come_first() -> None:
    of = numbered([SWEPT, SWEPT, *[CHAPTER] * 30])
    (part,) = (p for p in agenda.agenda({"Asylum": of}, 60) if p.slots)
    assert {slot.number for slot in part.slots}.isdisjoint({1, 2})
    assert all(slot.minutes >= agenda.LEAST for slot in part.slots)
    manuscript = written(
        of, lambda draft: agenda.tell(draft, agenda.agenda({"Asylum": of}, 60), of)
    )
    (note,) = paragraphs(manuscript)
    assert note.words.startswith(f"For {len(part.unspoken)} developments")


def test_each_row_of_the_agenda_that_names_a_document_carries_its_source() -> None:
    of = numbered(EVERY)
    parts = agenda.agenda({"Asylum": of}, 180)
    manuscript = written(of, lambda draft: agenda.tell(draft, parts, of))
    (table,) = (part for part in manuscript.parts if isinstance(part, Table))
    named = {note for row in table.rows for cell in row for note in cell.notes}
    assert named == {item.number for item in of}
    assert table.rows[-1][0].words == "Total" and table.rows[-1][1].words == "180"
    assert any("Break" in row[2].words for row in table.rows)


def test_too_few_minutes_are_refused() -> None:
    with pytest.raises(LexwatchError, match="4 minutes cannot hold 5 parts"):
        agenda.agenda(topics(1, 1), 4)


def test_a_survey_of_recent_changes_is_intermediate_and_a_session_on_known_texts_advanced() -> None:
    survey = {"A": numbered([CHAPTER]), "B": numbered([RULE]), "C": numbered([CASE])}
    assert objectives.level(survey).level is Level.INTERMEDIATE
    rated = objectives.level({"A": numbered([CHAPTER, FEE, RULE])})
    assert rated.level is Level.ADVANCED
    assert rated.why == (
        "It keeps to 1 topic, and of its 3 developments of substance 2 amend or interpret a text "
        "that participants must know."
    )
    assert objectives.level({"A": numbered([RULE, PROPOSAL])}).level is Level.INTERMEDIATE
    assert objectives.level({"A": numbered([SWEPT])}).level is Level.INTRODUCTORY


def test_the_speaker_sets_the_level_and_an_unknown_one_is_refused() -> None:
    assert objectives.level({"A": numbered([SWEPT])}, "Advanced").level is Level.ADVANCED
    with pytest.raises(LexwatchError, match="no level 'hard'; the levels are introductory, "):
        objectives.level({"A": numbered([SWEPT])}, "hard")


def test_objectives_are_grouped_measurable_and_few() -> None:
    told = objectives.objectives(numbered([*EVERY, *[replace(FEE, id=n) for n in range(10, 15)]]))
    assert len(told) <= objectives.MOST
    verbs = {each.words.split()[0] for each in told}
    assert verbs <= {"Compare", "State", "Say", "Explain", "Calculate", "List", "Sort"}
    (amended,) = (each for each in told if each.words.startswith("Compare"))
    assert "; and 4 more" in amended.words and amended.notes == (1, 2, 7)
    assert sum(each.words.count("91 FR 60001") for each in told) == 1


def test_objectives_carry_the_sources_of_what_they_name() -> None:
    of = numbered(EVERY)
    rated = objectives.level({"A": of})
    for each in paragraphs(written(of, lambda draft: objectives.tell(draft, of, rated))):
        named = {item.number for item in of if item.called in each.words}
        assert named <= set(each.notes)
        assert bool(named) is not each.ours or not named


def test_a_title_says_the_topics_and_the_days_included() -> None:
    zone = ZoneInfo("America/New_York")
    told = objectives.title(["Asylum", "Fees"], SINCE.astimezone(zone), UNTIL.astimezone(zone))
    assert told == "Immigration law update: Asylum, Fees, November 16, 2026 to November 22, 2026"


def test_questions_quote_what_changed_and_ask() -> None:
    one, two = discussion.questions(numbered([CHAPTER])[0])
    assert f"text said: “{CRITERIA.replace('must', 'may')}” It now says: “{CRITERIA}”" in one.told
    assert two.told == "In B. Time, the text now adds: “Thirty days are allowed for a reply.”"
    gone = change(document("x"), deleted("Officers must wait sixty days.", "B. Time"))
    (asked,) = discussion.questions(numbered([gone])[0])
    assert "no longer says: “Officers must wait sixty days.”" in asked.told


def test_no_question_is_asked_about_mere_wording_or_furniture() -> None:
    furniture = change(document("x"), inserted("Page views 1,234"), inserted("Share on Facebook"))
    assert discussion.questions(numbered([SWEPT])[0]) == ()
    assert discussion.questions(numbered([furniture])[0]) == ()


def test_no_question_is_asked_about_a_date_that_a_later_document_ended() -> None:
    gone = RULE.new.dates[0]
    ended = Standing(document=RULE.document, stated=gone, live=False, why="delayed")
    one = replace(RULE, standings=(ended,))
    assert any("March 1" in each.told for each in discussion.questions(numbered([RULE])[0]))
    assert not any("March 1" in each.told for each in discussion.questions(numbered([one])[0]))


def test_hypotheticals_use_only_words_figures_and_dates_of_the_passage() -> None:
    cases = hypotheticals.hypotheticals(numbered(EVERY))
    assert [each.number for each in cases] == [1, 2, 3]
    criteria, figure, turning = cases
    assert criteria.quoted == CRITERIA
    for words in ("“unless the applicant files Form I-589”", "“within 1 year of the last arrival”"):
        assert words in criteria.facts[0]
    assert "Of “if the applicant is in lawful status” it shows nothing" in criteria.facts[0]
    assert "“$380”" in figure.facts[0] and "“$410”" in figure.facts[0]
    assert "$410" in figure.quoted
    assert "February 28, 2027" in turning.facts[0] and "March 1, 2027" in turning.facts[0]


def test_hypotheticals_conclude_nothing() -> None:
    of = numbered(EVERY)
    manuscript = written(of, lambda draft: hypotheticals.tell(draft, of))
    asked = [each for each in paragraphs(manuscript) if each.style is Style.LETTER]
    assert asked and all(each.words.endswith("?") and each.ours for each in asked)
    told = [each for each in paragraphs(manuscript) if not each.ours]
    assert told and all(each.notes for each in told)
    ours = " ".join(each.words for each in told if each.style is not Style.QUOTATION)
    quoted = [words.partition("”")[0] for words in ours.split("“")[1:]]
    for words in quoted:
        ours = ours.replace(f"“{words}”", "")
    assert not any(
        f" {verb} " in ours for verb in ("must", "eligible", "barred", "entitled", "wins")
    )


def test_without_a_passage_that_names_criteria_there_is_no_hypothetical() -> None:
    of = numbered([SWEPT])
    assert written(of, lambda draft: hypotheticals.tell(draft, of)).parts[:-1] == ()


def boxes(changes: Sequence[Change]) -> dict[str, list[Paragraph]]:
    of = numbered(changes)
    found: dict[str, list[Paragraph]] = {}
    manuscript = written(of, lambda draft: checklist.tell(draft, of, SINCE, UNTIL))
    under = ""
    for part in manuscript.parts:
        if isinstance(part, Heading):
            under = part.words
        elif isinstance(part, Paragraph) and part.style is Style.CHECKBOX:
            assert part.notes and not part.ours
            found.setdefault(under, []).append(part)
    return found


def test_the_checklist_holds_dates_forms_and_what_to_tell_clients_each_with_its_source() -> None:
    paper = stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1))
    form = change(
        document(
            "x",
            source="uscis_forms",
            key="i-1",
            kind="form",
            title="I-1, Sample",
            citation="",
            metadata={"edition_date": "01/20/25", "fees": ["$10", "$20"]},
        ),
        id=7,
    )
    found = boxes([*EVERY, form, change(rule("x", number="2026-9", dates=(paper,)), id=8)])
    (dated,) = found["Dates"]
    assert dated.words.startswith("March 1, 2027 (Eastern): effective date") and dated.notes == (3,)
    fee, page = found["Forms, editions and fees"]
    assert "a fee became “$410” (it was “$380”)" in fee.words and fee.notes == (2,)
    assert "edition on the page: 01/20/25; fees as printed: $10, $20" in page.words
    clients = {each.notes[0]: each.words for each in found["What to tell clients"]}
    assert clients[1].endswith(f"“{CRITERIA}”") and clients[1].startswith("Tell clients")
    assert clients[5].startswith("Proposed, not in force: ")
    assert 6 not in clients
    (burden,) = found["Paperwork Reduction Act comments, on a form’s burden only"]
    assert burden.notes == (8,)
    assert any("not stated" in each.words for each in found["Dates that are not stated"])


def test_a_date_that_ended_has_no_box() -> None:
    found = boxes(acts.EVERY)
    told = [each.words for each in found["Dates"]]
    assert any(words.startswith("February 1, 2027") for words in told)
    assert not any("Sample Fees, 91 FR 60001" in words for words in told)


def test_a_long_list_of_clients_says_how_many_more_there_are() -> None:
    many = [replace(CHAPTER, id=n) for n in range(1, checklist.TOLD + 4)]
    of = numbered(many)
    manuscript = written(of, lambda draft: checklist.tell(draft, of, SINCE, UNTIL))
    assert any("And 3 more lines" in each.words for each in paragraphs(manuscript))


def test_what_is_for_the_sponsor_is_blank_and_the_disclaimer_claims_nothing() -> None:
    manuscript = written([], blanks.tell)
    headings = [part.words for part in manuscript.parts if isinstance(part, Heading)]
    assert headings[1:] == ["Faculty", "Record of attendance", "Evaluation form"]
    (small,) = paragraphs(written([], lambda draft: blanks.disclaim(draft, "Texas")))
    assert "not accredited and claim no credit" in small.words and "Texas" in small.words
    assert "not legal advice" in small.words


def test_a_removed_document_is_no_date_that_is_missing() -> None:
    old = document("The last words held.")
    gone = change(replace(old, blocks=()), old=old, kind=ChangeKind.REMOVED)
    assert "Dates that are not stated" not in boxes([gone])
