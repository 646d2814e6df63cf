"""A sample act, invented, and all that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from builders import SEEN, SINCE, change, reworded, rule, stated, tag, version

from pipeline.model import (
    Artefact,
    Change,
    CourtAction,
    DateKind,
    Document,
    Event,
    RelationKind,
    Standing,
    State,
    StatedDate,
    StateKind,
    Version,
)

# A sample act, invented: a rule, its delay, the alert and a chapter that carry it out, a news item.
EFFECTIVE = stated(
    DateKind.EFFECTIVE, date(2026, 12, 7), "This rule is effective December 7, 2026."
)
APPLIES = stated(DateKind.APPLICABLE, date(2026, 12, 7), "It applies from December 7, 2026.")
MOVED = stated(DateKind.EFFECTIVE, date(2027, 2, 1), "The effective date is now February 1, 2027.")
COMMENTS = stated(DateKind.COMMENTS_CLOSE, date(2026, 9, 1), "Comments close September 1, 2026.")
LONG_AGO = SINCE - timedelta(days=90)

PROPOSAL = rule(
    "x",
    kind="proposed-rule",
    number="2026-11001",
    title="Sample Fees, proposed",
    citation="91 FR 40001",
    dates=(COMMENTS,),
    seen_at=LONG_AGO,
)
FINAL = rule("The fee is $410.", title="Sample Fees", dates=(EFFECTIVE, APPLIES))
DELAY = rule(
    "x", number="2026-21500", title="Sample Fees; Delay", citation="91 FR 61001", dates=(MOVED,)
)
CHAPTER = version("x", dates=(EFFECTIVE,))
NEWS = version(
    "x",
    source="uscis_news",
    key="sample-fees",
    kind="uscis-news",
    title="USCIS Announces Sample Fees",
    citation="",
)


def part(
    number: int, one: Version, on: date | None = None, *evidence: str, seen: datetime = SEEN
) -> Artefact:
    return Artefact(
        document=one.document,
        title=one.title,
        citation=one.citation,
        url=one.url,
        on=on,
        dated=DateKind.PUBLISHED if on else None,
        seen_at=seen,
        change=number,
        evidence=evidence,
    )


def standing(one: Version, what: StatedDate, why: str = "", *, live: bool = True) -> Standing:
    return Standing(document=one.document, stated=what, live=live, why=why)


EVENT = Event(
    act=FINAL.document,
    line="Final rule, DHS: “Sample Fees”, 91 FR 60001, delayed to February 1, 2027",
    artefacts=(
        part(1, PROPOSAL, date(2026, 7, 1), seen=LONG_AGO),
        part(2, FINAL, date(2026, 11, 17)),
        part(3, DELAY, date(2026, 11, 18), "it cites 91 FR 60001"),
        part(4, CHAPTER, None, "its update entry names volume 6, part F"),
        part(5, NEWS, date(2026, 11, 18), "it links to the rule"),
    ),
    standings=(
        standing(FINAL, EFFECTIVE, "delayed by 91 FR 61001", live=False),
        standing(FINAL, APPLIES, "delayed by 91 FR 61001", live=False),
        standing(PROPOSAL, COMMENTS),
        standing(DELAY, MOVED),
        standing(CHAPTER, EFFECTIVE),
    ),
    states=(
        State(
            kind=StateKind.DELAYED,
            since=date(2026, 11, 18),
            document=DELAY.document,
            words="is delayed until February 1, 2027",
        ),
    ),
    court_actions=(
        CourtAction(
            kind=RelationKind.ENJOINS,
            on=date(2026, 11, 19),
            document=Document(
                source="court_orders",
                key="N.D. Cal., No. 3:26-cv-1@2026-11-19",
                kind="court-order",
            ),
            words="enjoined nationwide; entered by hand",
            is_by_hand=True,
        ),
        CourtAction(
            kind=RelationKind.STAYS,
            on=date(2026, 11, 20),
            document=NEWS.document,
            words="A court stayed the rule on November 20, 2026.",
            is_by_hand=False,
        ),
    ),
)
FEES, AMENDED = tag("asylum", "fee"), reworded("It is [$380].", "It is [$410].")


def told_under(one: Change, event: Event = EVENT) -> Change:
    return replace(one, events=(event,))


RULE = told_under(change(FINAL, id=2, tags=(FEES,)))
LATER = told_under(change(DELAY, id=3, tags=(FEES,)))
EDITED = told_under(change(CHAPTER, AMENDED, id=4, tags=(FEES,)))
TOLD = told_under(change(NEWS, id=5, tags=(FEES,)))
EVERY = (RULE, LATER, EDITED, TOLD)
