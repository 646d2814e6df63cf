"""What a notice on Temporary Protected Status does to an earlier one (8 U.S.C. 1254a(b))."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.acts import WITHDRAWING, Act, acts
from pipeline.model import RelationKind
from pipeline.papers import Paper, issued_on
from pipeline.titles import designated, parts

DECIDED = 60  # days from a decision, by which a notice names it, to its publication
_ENDS = re.compile(r"\btermination\b", re.IGNORECASE)
_EXTENDS = re.compile(r"\bextension\b", re.IGNORECASE)
_RESTORES = re.compile(r"\brescission of (?:the )?termination\b", re.IGNORECASE)
_DESIGNATES = re.compile(
    r"(?:(?:extension(?! of re-)|designation|redesignation)\b|.*; extension\b)", re.IGNORECASE
)
_OF_YEAR = re.compile(r"\b(\d{4}) (?:designation|temporary protected status)", re.IGNORECASE)


def is_reached(act: Act, earlier: Paper, later: Paper) -> bool:
    """Whether a withdrawal, vacatur or rescission is of that decision on the same state."""
    is_same_state = bool(designated(earlier.title) & designated(later.title))
    if not is_same_state or act.kind not in WITHDRAWING:
        return False
    if _RESTORES.search(later.title):
        return bool(_ENDS.search(parts(earlier.title)[0]))
    if years := _OF_YEAR.findall(later.title):
        return str(earlier.published.year) in years
    return any(0 <= (earlier.published - on).days <= DECIDED for on in issued_on(later.abstract))


def treated(earlier: Paper, later: Paper) -> Iterator[tuple[RelationKind, str]]:
    """What a notice does to an earlier one on the same state; corrections and vacaturs apart."""
    if RelationKind.CORRECTS in _done(earlier) | _done(later):
        return
    extending = next((part for part in parts(later.title) if _EXTENDS.search(part)), "")
    if extending and _DESIGNATES.match(earlier.title) and not _is_of_another_year(earlier, later):
        yield RelationKind.EXTENDS, f"it says: “{extending}”"
    if not _done(later) and _ENDS.search(later.title):
        said = "it ends the designation; what the earlier notice said is not taken back"
        yield RelationKind.SAME_SERIES, said
    elif not _done(later):
        yield RelationKind.SAME_SERIES, ""


def _done(paper: Paper) -> set[RelationKind]:
    done = acts(paper.number, paper.title, paper.action, paper.abstract)
    return {act.kind for act in done if act.in_title}


def _is_of_another_year(earlier: Paper, later: Paper) -> bool:
    """A state may be designated twice: "the 2023 Designation" was in no notice of 2022."""
    years = _OF_YEAR.findall(later.title)
    return bool(years) and str(earlier.published.year) < min(years)
