"""What a packet asks and tells to do: questions, hypotheticals, the checklist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import acts
import pytest
from builders import (
    SINCE,
    change,
    deleted,
    inserted,
    paragraph,
    precedent,
    reworded,
    rule,
    stated,
    tag,
)
from builders import version as document
from sessions import (
    CASE,
    CHAPTER,
    CRITERIA,
    EVERY,
    FEE,
    RULE,
    SWEPT,
    boxes,
    numbered,
    paragraphs,
    written,
)

from alerts.cle import checklist, discussion, hypotheticals
from alerts.cle.changed import passages
from alerts.packet.content import Style
from pipeline.model import BlockKind, ChangeKind, DateKind, Standing


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
    manuscript = written(of, lambda draft: checklist.tell(draft, of, SINCE, range(99)))
    assert any("And 3 more lines" in each.words for each in paragraphs(manuscript))


def test_a_removed_document_is_no_date_that_is_missing() -> None:
    old = document("The last words held.")
    gone = change(replace(old, blocks=()), old=old, kind=ChangeKind.REMOVED)
    assert "Dates that are not stated" not in boxes([gone])


def test_a_sweep_of_terms_is_no_question_however_long_its_sentence() -> None:
    swept = change(
        document("x"),
        reworded("The [alien] must file it.", "The [noncitizen] must file it.", rule="sweep"),
    )
    assert discussion.questions(numbered([swept])[0]) == ()


@pytest.mark.parametrize("kind", [BlockKind.ROW, BlockKind.HEADING, BlockKind.FOOTNOTE])
def test_a_cell_a_heading_and_a_note_are_not_quoted_out_of_their_place(kind: BlockKind) -> None:
    block = paragraph("The applicant must file it.", kind=kind)
    assert passages(numbered([change(document("x"), inserted(block))])[0]) == ()


def test_a_sentence_that_only_states_a_date_is_no_passage() -> None:
    words = "Comments must be received by January 15, 2027."
    dated = rule(
        words,
        "The officer must ask.",
        paragraph("Send it only if you must.", "DATES:"),
        dates=(stated(DateKind.COMMENTS_CLOSE, date(2027, 1, 15), words),),
    )
    dated = replace(dated, metadata={**dated.metadata, "abstract": "The officer must ask."})
    told = [each.after for each in passages(numbered([change(dated)])[0])]
    assert told == ["The officer must ask."]


def test_what_a_document_says_of_itself_comes_first_and_is_told_once() -> None:
    abstract = "The agency sets out who may ask."
    told = rule("An officer must never deny it unless it is void.", abstract)
    told = replace(told, metadata={**told.metadata, "abstract": abstract})
    found = [each.after for each in passages(numbered([change(told)])[0])]
    assert found == [abstract, "An officer must never deny it unless it is void."]


def test_there_is_no_case_on_a_proposal_and_the_passage_that_names_most_is_taken() -> None:
    proposed = change(rule(CRITERIA, kind="proposed-rule", number="2026-7"), id=30)
    poor = change(precedent("An officer must ask if the applicant is late."), id=31)
    assert hypotheticals.hypotheticals(numbered([proposed])) == ()
    first = max(
        hypotheticals.hypotheticals(numbered([poor, CHAPTER])), key=lambda each: each.richness
    )
    assert first.number == 2
    late = change(
        rule("x", dates=RULE.new.dates, number="2026-8"),
        id=32,
    )
    cases = hypotheticals.hypotheticals(numbered([poor, CHAPTER, late, replace(poor, id=33), CASE]))
    assert [each.number for each in cases] == [1, 2, 3]


def test_a_criterion_ends_before_the_verb_of_its_sentence() -> None:
    one = change(precedent("An applicant whose status has ended cannot adjust under it."), id=34)
    (case,) = hypotheticals.hypotheticals(numbered([one]))
    assert "“whose status has ended”" in case.facts[0] and "cannot" not in case.facts[0]


def test_a_figure_is_a_case_only_where_it_stood_before() -> None:
    (case,) = hypotheticals.hypotheticals(numbered([FEE]))
    assert case.richness == 1 and "“$380”" in case.facts[0]


def test_what_binds_is_told_to_clients_first_and_a_collection_not_at_all() -> None:
    notice = rule("The agency must ask for it.", kind="notice", number="2026-30")
    collected = change(notice, id=40, tags=(tag("information-collection"),))
    found = boxes([change(notice, id=41), collected, CHAPTER])["What to tell clients"]
    assert [each.notes for each in found] == [(3,), (1,)]


def test_only_fees_and_editions_are_checked_in_prepared_filings() -> None:
    assert "Forms, editions and fees" not in boxes([CHAPTER])


def test_there_is_no_case_on_a_date_that_a_later_document_ended() -> None:
    ended = Standing(document=RULE.document, stated=RULE.new.dates[0], live=False, why="delayed")
    assert hypotheticals.hypotheticals(numbered([RULE]))
    assert hypotheticals.hypotheticals(numbered([replace(RULE, standings=(ended,))])) == ()
