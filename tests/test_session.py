"""The session of a packet: level, objectives, agenda, and what the sponsor fills in."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from builders import (
    SINCE,
    UNTIL,
    change,
)
from builders import version as document
from hypothesis import example, given
from hypothesis import strategies as st
from sessions import (
    BREAKS,
    CASE,
    CHAPTER,
    EVERY,
    FEE,
    PROPOSAL,
    RULE,
    SWEPT,
    numbered,
    paragraphs,
    topics,
    written,
)

from alerts.cle import agenda, blanks, objectives
from alerts.cle.agenda import Kind
from alerts.cle.jurisdictions import Profile
from alerts.cle.objectives import Level
from alerts.packet.content import Heading, PageBreak, Table
from alerts.packet.draft import Draft
from pipeline.errors import LexwatchError
from pipeline.model import ChangeKind


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
    assert note.words.startswith(f"Of {len(part.unspoken)} developments")


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
    assert verbs <= {"Compare", "State", "Say", "Explain", "Calculate", "List", "Tell"}
    (amended,) = (each for each in told if each.words.startswith("Compare"))
    assert [item.number for item in amended.about] == [1, 2, *range(7, 12)]
    numbers = [item.number for each in told for item in each.about]
    assert sorted(numbers) == list(range(1, 12))


def test_objectives_point_to_sections_and_name_no_document() -> None:
    of = numbered([*EVERY, *[replace(FEE, id=n) for n in range(10, 18)]])
    told = set(range(1, 13))

    def tell(draft: Draft) -> None:
        for item in of:
            draft.heading(item.named, 2, key=item.key)
        objectives.tell(draft, of, objectives.level({"A": of}), told)

    made = paragraphs(written(of, tell))
    pointed = [run.to for each in made for run in each.runs if run.to]
    assert set(pointed) <= {item.key for item in of if item.number in told}
    assert not any(item.called in each.words for each in made for item in of)
    (amended,) = (each.words for each in made if each.words.startswith("Compare"))
    assert amended.endswith("and 4 more developments).")


def test_an_objective_of_which_nothing_is_told_in_full_says_so() -> None:
    of = numbered(EVERY)
    rated = objectives.level({"A": of})
    made = paragraphs(written(of, lambda draft: objectives.tell(draft, of, rated, ())))
    assert made[1].words.endswith("(2 developments, for reading).")


def test_a_title_says_the_topics_and_the_days_included() -> None:
    zone = ZoneInfo("America/New_York")
    told = objectives.title(["Asylum", "Fees"], SINCE.astimezone(zone), UNTIL.astimezone(zone))
    assert told == "Immigration law update: Asylum, Fees, November 16, 2026 to November 22, 2026"


def test_what_is_for_the_sponsor_is_blank_and_the_disclaimer_claims_nothing() -> None:
    manuscript = written([], blanks.tell)
    headings = [part.words for part in manuscript.parts if isinstance(part, Heading)]
    assert headings[1:] == ["Faculty", "Record of attendance", "Evaluation form"]
    (small,) = paragraphs(written([], lambda draft: blanks.disclaim(draft, "Texas")))
    assert "not accredited and claim no credit" in small.words and "Texas" in small.words
    assert "not legal advice" in small.words


def test_a_packet_with_every_sort_of_development_keeps_to_six_objectives() -> None:
    old = document("The last words held.")
    series = change(document("x", kind="visa-bulletin"), old=old, kind=ChangeKind.NEXT, id=20)
    gone = change(replace(old, blocks=()), old=old, kind=ChangeKind.REMOVED, id=21)
    news = change(document("x", kind="uscis-news", citation=""), id=22)
    told = objectives.objectives(numbered([CHAPTER, RULE, CASE, PROPOSAL, series, gone, news]))
    assert len(told) == objectives.MOST


def test_the_agenda_begins_a_page_and_gives_no_source_in_full() -> None:
    of = numbered(EVERY)
    parts = agenda.agenda({"Asylum": of}, 60)
    manuscript = written(of, lambda draft: agenda.tell(draft, parts, of))
    assert isinstance(manuscript.parts[0], PageBreak)
    (table,) = (part for part in manuscript.parts if isinstance(part, Table))
    assert table.in_passing


def test_minutes_of_developments_stand_in_parentheses_and_the_others_add_up() -> None:
    of = numbered(EVERY)
    parts = agenda.agenda({"Asylum": of}, 60)
    manuscript = written(of, lambda draft: agenda.tell(draft, parts, of))
    (table,) = (part for part in manuscript.parts if isinstance(part, Table))
    said = [row[1].words for row in table.rows[:-1]]
    assert sum(int(words) for words in said if not words.startswith("(")) == 60
