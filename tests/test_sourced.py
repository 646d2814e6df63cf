"""Every sentence of substance in a packet carries its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import acts
import pytest
from builders import change, inserted, precedent, reworded, rule, stated, tag, version
from cle_packets import packet, paragraphs, programme, shelf
from test_developments import CANONICAL, CASE, FINAL, PROPOSED, opinion, status

from alerts import wording
from alerts.cle.development import Authority
from alerts.packet.content import Manuscript, Paragraph, Style, Table
from pipeline import cite
from pipeline.calendar import spelled
from pipeline.citator.model import StatusKind, TreatmentKind
from pipeline.model import (
    Announcement,
    AnnouncementState,
    Change,
    ChangeKind,
    DateKind,
    Relation,
    RelationKind,
)

ASYLUM = (tag("asylum"),)
DATES = (
    stated(DateKind.EFFECTIVE, date(2027, 3, 1), "This rule is effective March 1, 2027."),
    stated(DateKind.COMMENTS_CLOSE, date(2026, 12, 15), "Comments close December 15, 2026."),
    stated(DateKind.PRA_COMMENTS_CLOSE, date(2026, 12, 1)),
)
CITING = "The fee of $410 follows Matter of A-B-, 27 I&N Dec. 316 (A.G. 2018), and 8 CFR 106.2."
JOINS = Relation(
    kind=RelationKind.FINALISES,
    earlier=PROPOSED.document,
    later=FINAL.document,
    evidence=("its text cites the proposal",),
)
# A day as it is spelled, or as data.
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}, \d{4}|\b\d{4}-\d\d-\d\d"
)
_QUOTED = re.compile(r"“[^”]{12,}”")


def rich() -> tuple[Change, ...]:
    """Every sort of development that there is."""
    chapter = change(
        version("x", CITING),
        reworded("The officer [may] deny.", "The officer [must] deny.", trail=("B. Evidence",)),
        inserted("An applicant must file within 30 days.", "B. Evidence"),
        id=11,
        tags=(tag("h1b"),),
        metadata=(("title", "Old title", "New title"),),
    )
    announced = Announcement(
        state=AnnouncementState.UNANNOUNCED, entry=None, words="No announcement names it."
    )
    last = version("The last words held.", key="gone", citation="")
    return (
        *acts.EVERY,
        replace(chapter, announcement=announced),
        change(rule(CITING, number="2026-9", citation="91 FR 9", dates=DATES), id=12, tags=ASYLUM),
        replace(change(FINAL, id=13, tags=ASYLUM), relations=(JOINS,)),
        change(CASE, id=14, tags=ASYLUM),
        change(precedent(f"{CITING} Matter of C-D-, 99 I&N Dec. 1 (BIA 2020), overruled."),
               id=15, tags=ASYLUM),
        change(replace(last, blocks=()), old=last, kind=ChangeKind.REMOVED, id=16, tags=ASYLUM),
    )  # fmt: skip


@cache
def made() -> Manuscript:
    against = opinion(TreatmentKind.NOT_FOLLOWED, "9th Cir.")
    known = Authority(
        canonical=CANONICAL,
        held=CASE,
        status=status(against, kind=StatusKind.ELSEWHERE, line="negative treatment found: y"),
    )
    everything = rich()
    held = shelf(
        citations={each.id: cite.find(each.new.text) for each in everything},
        authorities={CANONICAL: known},
        versions={each.new.document: each.new for each in everything},
        proposals={PROPOSED.document: PROPOSED},
    )
    missed = {"uscis_policy_manual": (date(2026, 11, 17), date(2026, 11, 18))}
    return packet(everything, programme(), shelf=held, missed=missed)


def unsourced(manuscript: Manuscript) -> Iterator[str]:
    """The sentences and rows that carry no source and are not marked as the packet's own."""
    for part in manuscript.parts:
        if isinstance(part, Paragraph) and not part.ours and not part.notes:
            yield part.words
        elif isinstance(part, Table) and not part.ours:
            yield from (
                " | ".join(cell.words for cell in row)
                for row in part.rows
                if not any(cell.notes for cell in row)
            )


def overreaching(manuscript: Manuscript) -> Iterator[str]:
    """What is marked as the packet's own and states a day, quotes, or names a document. The answers
    among which a participant chooses state nothing: most of them are wrong on purpose."""
    names = [source.short for source in manuscript.sources]
    for part in manuscript.parts:
        if isinstance(part, Paragraph) and part.style is Style.LETTER:
            continue
        if isinstance(part, Paragraph) and part.ours and not part.notes:
            texts = [part.words]
        elif isinstance(part, Table) and part.ours:
            texts = [cell.words for row in part.rows for cell in row if not cell.notes]
        else:
            continue
        for text in texts:
            is_named = any(len(name) > 6 and name in text for name in names)
            if is_named or _DAY.search(text) or _QUOTED.search(text):
                yield text


def test_every_sentence_of_substance_carries_its_source() -> None:
    assert [*unsourced(made())] == []


def test_the_packets_own_framing_states_nothing_of_the_law() -> None:
    assert [*overreaching(made())] == []


def test_every_source_that_is_carried_is_given_in_full() -> None:
    manuscript = made()
    numbers = {source.number for source in manuscript.sources}
    carried = {
        note
        for part in manuscript.parts
        for note in (part.notes if isinstance(part, Paragraph) else ())
    }
    assert carried and carried <= numbers
    for source in manuscript.sources:
        assert source.words and source.version, source
        is_named_only = "its own text is not" in source.version
        assert source.retrieved or is_named_only or source.url, source


def test_what_is_quoted_and_redlined_carries_the_source_it_stands_in() -> None:
    developments = len(rich())
    for style in (Style.QUOTATION, Style.REDLINE):
        found = paragraphs(made(), style)
        assert found
        assert all(part.notes[0] <= developments for part in found)


def test_a_quotation_stands_in_the_text_of_its_source() -> None:
    """Word for word, in the text that the note names."""
    texts = {wording.last_text(each).text_digest[:12]: each for each in rich()}
    quoted = [part for part in paragraphs(made(), Style.QUOTATION) if part.words.startswith("“")]
    assert quoted
    for part in quoted:
        told = made().sources[part.notes[0] - 1].version
        (one,) = (each for digest, each in texts.items() if f"text {digest}" in told)
        assert part.words.strip("“”") in wording.last_text(one).text


@pytest.mark.parametrize("number", range(len(rich())))
def test_each_sort_of_development_is_in_the_packet_that_is_walked(number: int) -> None:
    titles = [getattr(part, "words", "") for part in made().parts]
    assert any(rich()[number].new.title in words for words in titles)


def test_the_pattern_knows_a_day_as_we_spell_it() -> None:
    assert _DAY.search(spelled(date(2026, 11, 2)))
