"""The self-test: right answers are what a source states, wrong ones are from the same packet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import SEEN, UNTIL, change, precedent, reworded, rule, stated
from builders import version as document
from hypothesis import given
from hypothesis import strategies as st

from alerts.cle import quiz
from alerts.cle.development import Development
from alerts.cle.quiz import Item
from alerts.packet.content import Heading, PageBreak, Paragraph, Style
from alerts.packet.draft import Draft
from pipeline.model import Change, ChangeClass, DateKind, Document, Relation, RelationKind, Standing

CHAPTER = change(
    document("x"),
    reworded("The officer [may] deny it.", "The officer [must] deny it.", trail=("B. Time",)),
    id=1,
)
CASE = change(
    precedent(
        "The holding. Matter of A-B-, 99 I&N Dec. 1 (BIA 2020), followed.",
        "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled in part.",
    ),
    id=2,
)


def proposal(closes: date, number: int = 5) -> Change:
    words = f"Comments must be received by {closes:%B} {closes.day}, {closes.year}."
    new = rule(
        "x",
        kind="proposed-rule",
        number=f"2026-{number}",
        title=f"Proposal {number}",
        citation=f"91 FR 7000{number}",
        dates=(stated(DateKind.COMMENTS_CLOSE, closes, words),),
    )
    return change(new, id=10 + number)


def final(effective: date, number: int = 1) -> Change:
    words = f"This rule is effective {effective:%B} {effective.day}, {effective.year}."
    new = rule(
        "x",
        number=f"2026-2{number}",
        title=f"Rule {number}",
        citation=f"91 FR 6000{number}",
        dates=(stated(DateKind.EFFECTIVE, effective, words),),
    )
    return change(new, id=20 + number)


OPEN, CLOSED = proposal(date(2027, 1, 15)), proposal(date(2026, 11, 20), 6)
RULES = [final(date(2027, 3, day), day) for day in (1, 5, 9)]
EVERY = (CHAPTER, CASE, OPEN, CLOSED, *RULES)


def numbered(changes: Sequence[Change]) -> list[Development]:
    return [Development(number=n, change=one) for n, one in enumerate(changes, 1)]


def asked(changes: Sequence[Change] = EVERY) -> tuple[Item, ...]:
    return quiz.quiz(numbered(changes), UNTIL)


def about(words: str, items: Sequence[Item]) -> Item:
    (found,) = (item for item in items if words in item.question)
    return found


def test_a_self_test_has_at_most_ten_questions_of_several_sorts() -> None:
    items = asked()
    assert 5 <= len(items) <= quiz.MOST
    openings = {item.question.split()[0] for item in items}
    assert {"Under", "From", "May", "Whom", "What"} <= openings
    assert [item.number for item in items] == sorted(item.number for item in items)


def test_amended_words_are_asked_for_beside_the_words_before() -> None:
    item = about("say now?", asked())
    assert item.question.startswith("Under “B. Time”, which of these does Chapter 5")
    assert item.answer == "“The officer must deny it.”"
    assert set(item.alternatives) == {item.answer, "“The officer may deny it.”"}


def test_wrong_dates_are_other_dates_of_the_same_packet_in_order_of_time() -> None:
    item = about("Rule 5", [each for each in asked() if "effective" in each.question])
    assert item.answer == "March 5, 2027."
    assert item.alternatives == (
        "January 15, 2027.",
        "March 1, 2027.",
        "March 5, 2027.",
        "March 9, 2027.",
    )
    assert item.why == "It says: “This rule is effective March 5, 2027.”"


def test_a_date_is_not_asked_for_without_others_to_confuse_it_with() -> None:
    assert not [each for each in asked(RULES[:2]) if each.on]


def test_a_date_that_ended_or_is_one_of_several_is_not_asked_for() -> None:
    first = RULES[0]
    gone = Standing(document=first.document, stated=first.new.dates[0], live=False, why="delayed")
    ended = replace(first, standings=(gone,))
    both = replace(first, new=replace(first.new, dates=(*first.new.dates, *RULES[1].new.dates)))
    for one in (ended, both):
        items = asked([one, *RULES[1:], OPEN, CLOSED])
        assert not [each for each in items if "Rule 1" in each.question and each.on]


def test_whether_comments_are_open_is_asked_of_the_last_day_of_the_period() -> None:
    items = asked()
    still, over = (about(f"comments on Proposal {number}", items) for number in (5, 6))
    assert "still be sent on November 22, 2026?" in still.question
    assert (still.answer, over.answer) == ("Yes.", "No.")
    assert still.why == (
        "They close on January 15, 2027. It says: “Comments must be received by January 15, 2027.”"
    )
    last = asked([proposal(date(2026, 11, 22))])
    assert last[0].answer == "Yes."


def test_no_question_gives_the_answer_of_another_away() -> None:
    days = [(item.number, item.on) for item in asked() if item.on]
    assert len(days) == len(set(days))


def test_what_a_decision_did_is_asked_among_what_others_in_the_packet_did() -> None:
    item = about("do to Matter of C-D-, 99 I&N Dec. 112", asked())
    assert item.answer == "Overrules in part …"
    assert set(item.alternatives) == {"Overrules in part …", "Follows …"}
    assert "overruled in part" in item.why


def test_what_a_document_did_to_another_is_asked_with_what_joins_them() -> None:
    earlier = Document(source="federal_register", key="2026-9@2026-11-01", kind="rule")
    delays = Relation(
        kind=RelationKind.DELAYS,
        earlier=earlier,
        later=RULES[0].document,
        evidence=("it cites 91 FR 9",),
    )
    items = asked([replace(RULES[0], relations=(delays,)), CASE])
    item = about("do to FR Doc. 2026-9", items)
    assert item.answer == "Delays the effective date of …"
    assert item.why == "The two are joined by: it cites 91 FR 9."
    suffered = replace(
        RULES[0], relations=(replace(delays, earlier=RULES[0].document, later=earlier),)
    )
    assert not [each for each in asked([suffered, CASE]) if "FR Doc. 2026-9" in each.question]


def test_whom_a_document_binds_is_asked_once_for_each_answer() -> None:
    bound = [item.answer for item in asked() if item.question.startswith("Whom")]
    assert len(bound) == len(set(bound)) == quiz.OF_A_SORT
    assert any(answer.startswith("It binds USCIS officers alone") for answer in bound)


def test_nothing_is_asked_of_what_left_the_substance_as_it_was() -> None:
    difference = replace(CHAPTER.difference, change_class=ChangeClass.EDITORIAL)
    assert asked([replace(CHAPTER, difference=difference)]) == ()


def test_the_same_packet_gives_the_same_test() -> None:
    assert asked() == asked()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=9, unique=True))
def test_the_right_answer_is_stated_and_every_wrong_one_stands_in_the_packet(
    days: list[int],
) -> None:
    first = date(2026, 11, 1)
    rules = [final(first + timedelta(days=day), n) for n, day in enumerate(days, 1)]
    stated_in = {
        f"{one.new.dates[0].on:%B} {one.new.dates[0].on.day}, {one.new.dates[0].on.year}."
        for one in rules
    }
    for item in asked(rules):
        assert len(set(item.alternatives)) == len(item.alternatives) <= len(quiz.LETTERS)
        assert 0 <= item.right < len(item.alternatives)
        if item.on:
            own = rules[item.number - 1].new.dates[0]
            assert item.on == own.on and item.answer.removesuffix(".") in own.words
            assert set(item.alternatives) <= stated_in


@pytest.mark.parametrize("items", [(), asked()])
def test_answers_stand_on_a_page_of_their_own_with_their_sources(items: tuple[Item, ...]) -> None:
    draft = Draft(title="T", subject="S", at=SEEN)
    for one in numbered(EVERY):
        draft.source(f"{one.number}. {one.named}")
    quiz.tell(draft, items)
    quiz.answers(draft, items)
    draft.sources()
    parts = draft.finished().parts[:-1]
    if not items:
        assert parts == ()
        return
    at = parts.index(PageBreak())
    assert parts[at + 1] == Heading(words="Answers to the self-test", level=1)
    told = [part for part in parts[at:] if isinstance(part, Paragraph)]
    assert [part.ordinal for part in told] == list(range(1, len(items) + 1))
    for part, item in zip(told, items, strict=True):
        assert part.words.startswith(f"{quiz.LETTERS[item.right]}. {item.answer}")
        assert part.notes == (item.number,)
    questions = [part for part in parts[:at] if isinstance(part, Paragraph)]
    assert all(part.notes for part in questions if part.style is Style.NUMBER)


def test_a_difference_that_decides_nothing_is_not_asked_for() -> None:
    worded = change(
        document("x"),
        reworded("It is a [nice] old house there.", "It is a [fine] old house there."),
    )
    assert not [each for each in asked([worded, CASE]) if "say now" in each.question]


def test_questions_of_a_sort_are_taken_from_the_whole_packet() -> None:
    many = [replace(CHAPTER, id=100 + n) for n in range(9)]
    numbers = [item.number for item in asked(many) if "say now" in item.question]
    assert numbers == [1, 4, 7]


def test_one_other_date_is_too_few_to_confuse_a_date_with() -> None:
    assert not [each for each in asked(RULES[:2]) if "effective" in each.question]
    assert [each for each in asked(RULES) if "effective" in each.question]
