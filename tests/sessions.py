"""Sample developments, invented, and what a section writes about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from builders import (
    SEEN,
    SINCE,
    change,
    inserted,
    precedent,
    reworded,
    rule,
    stated,
)
from builders import version as document

from alerts.cle import checklist
from alerts.cle.development import Development
from alerts.cle.jurisdictions import Profile, Rule
from alerts.packet.content import Heading, Manuscript, Paragraph, Style
from alerts.packet.draft import Draft
from pipeline.model import Change, ChangeClass, DateKind

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


def boxes(changes: Sequence[Change]) -> dict[str, list[Paragraph]]:
    of = numbered(changes)
    found: dict[str, list[Paragraph]] = {}
    manuscript = written(of, lambda draft: checklist.tell(draft, of, SINCE, range(99)))
    under = ""
    for part in manuscript.parts:
        if isinstance(part, Heading):
            under = part.words
        elif isinstance(part, Paragraph) and part.style is Style.CHECKBOX:
            assert part.notes and not part.ours
            found.setdefault(under, []).append(part)
    return found
