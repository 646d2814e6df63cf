"""The packet for continuing legal education, read back as a Word file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import acts
import docx
import pytest
from builders import (
    SINCE,
    TITLES,
    UNTIL,
    change,
    inserted,
    precedent,
    report,
    reworded,
    rule,
    stated,
    tag,
    version,
)
from docx.document import Document

from alerts import cle, lesson
from pipeline.errors import LexwatchError
from pipeline.model import (
    Announcement,
    AnnouncementState,
    Change,
    ChangeClass,
    ChangeKind,
    Citation,
    DateKind,
    Relation,
    RelationKind,
    Standing,
)
from pipeline.model import Document as Known

CHAPTER = change(
    version("x"),
    reworded("The officer [may] deny.", "The officer [must] deny.", trail=("B. Evidence",)),
    inserted("Thirty days are allowed.", "B. Evidence"),
    id=1,
    tags=(tag("h1b", "officer"),),
)
RULE = change(
    rule(
        "x",
        dates=(
            stated(DateKind.EFFECTIVE, date(2027, 3, 1), "This rule is effective March 1, 2027."),
            stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1)),
        ),
    ),
    id=2,
    tags=(tag("asylum"),),
)
CASE = change(precedent("The holding."), id=3, tags=(tag("asylum"),))
EVERY = (CHAPTER, RULE, CASE)


def build(changes: Sequence[Change] = EVERY, **more: Any) -> bytes:
    given: dict[str, Any] = {
        "title": "Immigration Law Update",
        "since": SINCE,
        "until": UNTIL,
        "topics": ("asylum", "h1b"),
        "titles": TITLES,
        "minutes": 60,
        "jurisdiction": "New York",
        "coverage": [report(), report("bia_decisions", last_complete=None)],
        "citations": {},
    }
    return cle.build(changes, **{**given, **more})


@cache
def packet() -> bytes:
    return build()


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def said(data: bytes) -> str:
    word = opened(data)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_the_same_input_gives_the_same_bytes() -> None:
    data = build()
    assert data == packet()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_redline_is_underlined_and_struck_through_and_explained() -> None:
    runs = [run for one in opened(packet()).paragraphs for run in one.runs if run.style is not None]
    styles = {run.text: run.style.name for run in runs}
    assert (styles["may"], styles["must"]) == ("Deleted", "Inserted")
    word = opened(packet())
    assert word.styles["Inserted"].font.underline and word.styles["Deleted"].font.strike
    assert "struck through" in said(packet()) and "underlined" in said(packet())


@pytest.mark.parametrize("minutes", [5, 7, 50, 60, 61, 180])
def test_the_agenda_adds_up_to_the_minutes_given(minutes: int) -> None:
    word = opened(build(minutes=minutes))
    (table,) = (table for table in word.tables if table.rows[0].cells[0].text == "Time")
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert sum(int(row[1]) for row in rows[:-1]) == int(rows[-1][1]) == minutes
    assert all(int(row[1]) > 0 for row in rows)


def test_too_few_minutes_are_refused() -> None:
    with pytest.raises(LexwatchError, match="4 minutes cannot hold 5 parts"):
        build(minutes=4)


def test_every_sentence_of_substance_names_its_source() -> None:
    word = opened(packet())
    quoted = [p for p in word.paragraphs if p.style and p.style.name in ("Quotation", "Redline")]
    assert quoted and all(paragraph.text.endswith("]") for paragraph in quoted)
    for number in (1, 2, 3):
        (source,) = (p.text for p in word.paragraphs if p.text.startswith(f"[{number}] "))
        assert "retrieved November 18, 2026, 14:05 UTC" in source


def test_questions_quote_the_words_that_changed() -> None:
    text = said(packet())
    assert "text said: “The officer may deny.” It now says: “The officer must deny.”" in text
    assert "text now adds: “Thirty days are allowed.”" in text
    assert "The headnote states: “The holding.”" in text


def test_a_long_quotation_is_recalled_and_a_bare_date_is_not_asked_about() -> None:
    long = " ".join(f"word{n}" for n in range(40))
    bare = stated(DateKind.EFFECTIVE, date(2026, 12, 7), "2026-12-07", "API effective_on")
    (asked,) = lesson.questions(
        lesson.Development(number=1, change=change(rule(long, dates=(bare,))))
    )
    assert "“word0" in asked and "(in full above)" in asked and "word39" not in asked


def test_lists_name_a_development_by_a_short_title_and_its_citation() -> None:
    long = change(rule("x", title=f"Agency {'very ' * 40}long", dates=RULE.new.dates))
    word = opened(build([long], topics=()))
    named = [p.text for p in word.paragraphs if "91 FR 60001" in p.text and "very …" in p.text]
    assert len(named) == 3  # an objective, and a date of each sort


def test_no_question_is_asked_about_mere_wording() -> None:
    swept = change(
        version("x"),
        reworded("[alien] x", "[noncitizen] x", rule="terminology sweep"),
        change_class=ChangeClass.EDITORIAL,
    )
    assert lesson.questions(lesson.Development(number=1, change=swept)) == ()


def test_the_checklist_holds_every_date_ahead_and_what_is_not_stated() -> None:
    lines = [line for line in said(packet()).splitlines() if line.startswith("☐")]
    assert any("March 1, 2027 (Eastern): effective date" in line for line in lines)
    assert any("6 USCIS-PM F.5: effective date: not stated" in line for line in lines)
    assert "Paperwork Reduction Act" in lines[-1]


def test_authorities_are_grouped_and_point_to_the_developments() -> None:
    cited = (
        Citation(raw="8 CFR 208.3", start=0, end=11, kind="cfr", canonical="8 CFR § 208.3"),
        Citation(raw="x", start=0, end=1, kind="case_reporter", canonical="29 I&N Dec. 999"),
        Citation(raw="Form I-589", start=0, end=1, kind="form", canonical="Form I-589"),
    )
    word = opened(build(citations={1: cited, 2: cited[:1]}))
    rows = {
        row.cells[0].text: row.cells[1].text
        for table in word.tables
        if table.rows[0].cells[0].text == "Authority"
        for row in table.rows[1:]
    }
    assert rows["8 CFR § 208.3"] == "1, 3"  # the rule and the chapter
    assert rows["29 I&N Dec. 999 (BIA 2026)"] == "2, 3"  # itself, and cited by the chapter
    assert "29 I&N Dec. 999" not in rows and "Form I-589" not in rows


def test_the_packet_claims_no_accreditation_and_says_what_was_not_read() -> None:
    text = said(packet())
    assert "not accredited" in text and "New York" in text and "not legal advice" in text
    assert "never" in text.splitlines()


def test_headings_fields_and_properties_are_real() -> None:
    word = opened(packet())
    named = [p.style.name for p in word.paragraphs if p.style and p.style.name.startswith("Head")]
    assert {"Heading 1", "Heading 2", "Heading 3"} <= set(named)
    footer = word.sections[0].footer._element.xml
    assert 'w:instr="PAGE"' in footer and 'w:instr="NUMPAGES"' in footer
    properties = word.core_properties
    assert (properties.title, properties.language) == ("Immigration Law Update", "en-US")


def test_authorities_are_sorted_as_a_reader_counts() -> None:
    cited = tuple(
        Citation(raw="x", start=0, end=1, kind="usc", canonical=f"{title} USC § 3501")
        for title in (44, 5, 8)
    )
    text = said(build(citations={2: cited}))
    order = [line for line in text.splitlines() if line.endswith("USC § 3501")]
    assert order == ["5 USC § 3501", "8 USC § 3501", "44 USC § 3501"]


@pytest.mark.parametrize("empty", [(), (change(rule("x"), baseline=True),)])
def test_a_period_with_nothing_to_teach_is_an_error(empty: Sequence[Change]) -> None:
    error = "to November 23, 2026: there is nothing to teach; widen the period or the topics"
    with pytest.raises(LexwatchError, match=error):
        build(empty)


def test_an_unknown_topic_is_an_error_that_lists_the_topics() -> None:
    with pytest.raises(LexwatchError, match=r"no topic 'asylm'; the topics are asylum"):
        build(topics=("asylm",))


def test_other_topics_stay_out() -> None:
    text = said(build(topics=("asylum",)))
    assert "The holding." in text and "The officer" not in text


def test_crawled_controls_do_not_break_the_file() -> None:
    evil = change(version("x", title="A\x0b\x00\u202eB"), inserted("c\x1bd\x00"), id=9)
    text = said(build([evil], topics=()))
    assert "AB" in text and "cd" in text


def test_a_dead_date_is_struck_told_apart_and_not_on_the_checklist() -> None:
    gone = stated(DateKind.EFFECTIVE, date(2026, 12, 7), "It is effective December 7, 2026.")
    one = change(rule("x", dates=(gone,)), tags=(tag("asylum"),))
    later = Known(source="federal_register", key="2026-21999@2026-11-20", kind="rule")
    one = replace(
        one,
        standings=(
            Standing(document=one.document, stated=gone, live=False, why="delayed by 91 FR 70001"),
        ),
        relations=(
            Relation(kind=RelationKind.DELAYS, earlier=one.document, later=later, evidence=("x",)),
        ),
    )
    data = build([one])
    runs = [run for part in opened(data).paragraphs for run in part.runs if run.style is not None]
    assert {run.text: run.style.name for run in runs}[
        "Effective date: December 7, 2026 (Eastern)"
    ] == "Deleted"
    text = said(data)
    assert "no longer in force: delayed by 91 FR 70001" in text
    assert "Effective date delayed by FR Doc. 2026-21999 (November 20, 2026)." in text
    assert "☐ December 7" not in text and "before that date" not in text


def test_a_removed_document_teaches_its_last_text_and_asks_for_no_date() -> None:
    old = version("The last words held.")
    new = replace(old, blocks=())
    gone = change(new, old=old, kind=ChangeKind.REMOVED, tags=(tag("h1b"),))
    text = said(build([gone]))
    assert "Removed from site" in text and "“The last words held.”" in text
    assert "before the site ceased to show it" in text
    assert "Not on the site any more" in text
    assert "effective date: not stated" not in text and "rescinded" not in text


def test_a_packet_says_what_is_not_held_and_calls_a_document_what_it_is() -> None:
    one = rule("x")
    metadata = {**one.metadata, "text": "abstract only", "subtype": "interim final rule"}
    text = said(build([change(replace(one, metadata=metadata), tags=(tag("asylum"),))]))
    assert "Interim final rule" in text
    assert "Abstract only: the full text is not held. [1]" in text
    assert "Urgent: " in text


@pytest.mark.parametrize(
    "furniture",
    ["Last Reviewed/Updated: 11/18/2026", "Share on Facebook", "Print | Email", "Page views 1,234"],
)
def test_no_question_is_asked_about_a_pages_furniture(furniture: str) -> None:
    edits = (inserted(furniture), inserted("Share the form with the employer."))
    one = lesson.Development(number=1, change=change(version("x"), *edits))
    (asked,) = lesson.questions(one)
    assert "Share the form with the employer." in asked


def test_an_event_stands_once_with_its_timeline_above_its_developments() -> None:
    other = change(rule("x", number="2026-1"), id=9, tags=(tag("h1b"),))
    text = said(build([*acts.EVERY, other]))
    assert text.count(f"One event: {acts.EVENT.line}") == 1
    in_order = (acts.TOLD, acts.RULE, acts.LATER, acts.EDITED)  # that a court stayed it, first
    at = [text.index(f"{n}. {one.new.title}") for n, one in enumerate(in_order, 1)]
    assert text.index("One event:") < text.index("Earlier in this event") < at[0]
    assert at == sorted(at) and at[-1] < text.index("5. Fee Schedule")
    assert "November 17, 2026, published: Rule, 91 FR 60001 (no. 2)" in text


def test_an_event_has_one_set_of_dates_and_no_question_on_one_that_ended() -> None:
    data = build([*acts.EVERY])
    text = said(data)
    assert text.count("Effective date: February 1, 2027 (Eastern)") == 1
    runs = [run for part in opened(data).paragraphs for run in part.runs if run.style is not None]
    struck = {run.text for run in runs if run.style.name == "Deleted"}
    assert "Applicable: December 7, 2026 (Eastern)" in struck
    assert "The source states: “This rule is effective December 7" not in text
    assert "as documents held report it" in text and "Enjoined by N.D. Cal." in text


def test_a_text_of_two_events_stands_in_the_packet_in_both() -> None:
    other = replace(
        acts.EVENT,
        act=acts.NEWS.document,
        line="News: “Sample”",
        artefacts=(acts.part(4, acts.CHAPTER), acts.part(5, acts.NEWS)),
    )
    apart = replace(acts.TOLD, events=(other,))
    text = said(build([acts.RULE, acts.EDITED, apart]))
    told = text.partition("One event: News")[2].partition("One event:")[0]
    assert "Policy Manual chapter, 6 USCIS-PM F.5" in told
    assert "not in this packet" not in told


def test_a_date_that_the_announcement_states_has_one_box() -> None:
    alert = rule("x", kind="policy-alert", number="PA", citation="PA-2099-03", dates=(acts.MOVED,))
    event = replace(
        acts.EVENT,
        act=alert.document,
        artefacts=(acts.part(1, alert), acts.part(4, acts.CHAPTER)),
        standings=(acts.standing(alert, acts.MOVED),),
        court_actions=(),
    )
    told = Announcement(
        state=AnnouncementState.ANNOUNCED, entry=alert.document, words="Announced: see the alert."
    )
    text = change(replace(acts.CHAPTER, dates=()), acts.AMENDED, id=4, tags=(acts.FEES,))
    chapter = replace(text, announcement=told, events=(event,))
    news = acts.told_under(change(alert, id=1, tags=(acts.FEES,)), event)
    alone = said(build([chapter])).split("Practice checklist")[1]
    assert "not stated in the text; February 1, 2027 (Eastern) by PA-2099-03" in alone
    both = said(build([news, chapter])).split("Practice checklist")[1].split("Table of")[0]
    assert both.count("☐") == 1


def test_a_development_says_what_it_does_to_other_decisions_with_its_source() -> None:
    tags = (
        "The holding. Matter of A-B-, 99 I&N Dec. 1 (BIA 2020), followed.",
        "Matter of C-D-, 99 I&N Dec. 112 (BIA 2026), overruled in part.",
    )
    words = said(build((change(precedent(*tags), tags=(tag("asylum"),)),)))
    overrules = words.index("Overrules in part Matter of C-D-, 99 I&N Dec. 112 (BIA 2026).")
    assert overrules < words.index("Follows Matter of A-B-, 99 I&N Dec. 1 (BIA 2020). [1]")
