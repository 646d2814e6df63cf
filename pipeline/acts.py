"""Read what a Federal Register document does: its stage in rulemaking, and its acts on others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from pipeline.calendar import spelled
from pipeline.legible import legible
from pipeline.model import RelationKind
from pipeline.titles import LONGEST, LONGEST_TITLE, designated, is_paperwork, parts


class Stage(StrEnum):
    """Where in rulemaking a document stands; UNSAID where neither its kind nor its words tell."""

    PROPOSAL = "proposal"
    INTERIM = "interim rule"
    TEMPORARY = "temporary rule"
    FINAL = "final rule"
    NOTICE = "notice"
    UNSAID = ""


WITHDRAWING = frozenset({RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART})
RULES = frozenset({Stage.INTERIM, Stage.TEMPORARY, Stage.FINAL})


@dataclass(frozen=True, kw_only=True)
class Act:
    """An act on another document: its kind and the words that say it.

    `proposed` where it is only proposed; `on` the stages of what it acts on, where the words name
    them; `of` the acts of the document that it acts on: the correction of a delay; `in_title`
    whether title, number or ACTION line says it, which outweighs an abstract.
    """

    kind: RelationKind
    words: str
    proposed: bool = False
    on: frozenset[Stage] = frozenset()
    of: frozenset[RelationKind] = frozenset()
    in_title: bool = False


def _said(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_REPRINTED = re.compile(r"(?P<by>[CR]\d+)-(?P<number>[\w-]+)")
_COMMENTS = r"(?:public )?comment (?:period|deadline|due date)s?"
_ENDS = r"(?:withdrawal|resc?iss?ion|vacatur|revocation)"  # once printed "recission"
# One part of a title, or an ACTION line; the first that fits counts. A bare "extension" is none:
# an extension of stay, or of an approved collection, is a noun of immigration law or paperwork.
_TITLES = (
    (RelationKind.WITHDRAWS_IN_PART, _said(
        rf"\bpartial {_ENDS}\b|\b{_ENDS} in part\b|\bpartially withdraw")),
    (RelationKind.CORRECTS, _said(
        r"^(?:(?:notice of|notice|rule|final rule|second|third|technical|administrative|further)"
        r"[,;]?\s)*correct(?:ions?|ing)(?: amendments?| notice)?\.?$|^corrections? (?:to|of)\b"
        r"|[,;.] (?:technical )?corrections?\.?$")),
    (RelationKind.REOPENS_COMMENTS, _said(
        rf"\bre-?open(?:ing|s|ed)\b.*\bcomment|\b{_COMMENTS} re-?opened"
        r"|^supplementa\w+ comment period")),
    (RelationKind.EXTENDS_COMMENTS, _said(
        r"\bexten(?:sion|ding|ds|ded)\b[^;]*\bcomment (?:period|deadline)"
        rf"|\b{_COMMENTS},? exten")),
    (RelationKind.DELAYS, _said(
        r"\b(?:delay|postponement|deferral|stay)(?:ing)? (?:of|in) (?:the )?[^;]*"
        r"\b(?:dates?|effectiveness)\b")),
    (RelationKind.DELAYS, _said(
        r"^(?:administrative |temporary )?(?:stay|postponement|delay)\.?$")),
    (RelationKind.EXTENDS, _said(
        r"\bextension of (?:the )?(?:expiration|sunset|effective period|temporary|suspension)")),
    (RelationKind.WITHDRAWS, _said(
        r"^(?:notice of |final rule[,;] |proposed rule[,;] |reconsideration and )*"
        rf"{_ENDS}\b(?! of approval)|\bimplementation of vacatur\b"
        r"|[,;] (?:notice of )?withdrawal\.?$|\bnotice of withdrawal\b")),
)  # fmt: skip
# A sentence of the abstract, in the present tense of the agency.
_NOW = r"(?:is|are)(?: \w+ly| further| hereby)? (?:extending and |issuing a )?"
_SENTENCES = (
    (RelationKind.CORRECTS, _said(
        rf"\b{_NOW}(?:making|issuing) (?:an? )?(?:\w+ )?corrections?\b|\b{_NOW}correcting\b"
        r"|\bthis (?:document|notice|rule|correction|action)(?: \w+ly)? (?:corrects"
        r"|contains corrections|makes (?:an? )?(?:technical )?corrections?|provides corrections)\b"
        r"|\bdocument corrects\b"
        r"|\b(?:notice|rule|document|agency|department|(?-i:[A-Z]{3,5})) (?:had |has )?"
        r"(?:incorrectly|erroneously) (?:identified|stated|listed|included|omitted|gave)\b")),
    (RelationKind.REOPENS_COMMENTS, _said(
        rf"\b(?:{_NOW}re-?opening|re-?opens|announces? the re-?opening)\b.*\bcomment")),
    (RelationKind.EXTENDS_COMMENTS, _said(
        rf"\b(?:{_NOW}extending|extends|decided to extend|announces? (?:the|an) extension of)\b"
        r"[^.;]{0,60}\bcomment"
        r"|\b(?:comment period|period for (?:\w+ ){0,4}comments?) (?:is|has been)"
        r"(?: being| hereby)? extended\b")),
    (RelationKind.EXTENDS, _said(
        rf"\b(?:{_NOW}extending|extends)\b[^.]*\btemporary (?:final |interim )*rule"
        r"|\bto continue to (?:temporarily )?(?:restrict|limit|suspend)"
        rf"|\b{_NOW}(?:extending|continuing) the (?:suspension|restrictions?|limitations?)\b")),
    (RelationKind.DELAYS, _said(
        rf"\b(?:{_NOW}(?:delay|postpon|deferr|stay)ing|delays|postpones)\b[^.]*"
        rf"\b(?:effective|compliance)\b|\b(?:{_NOW}extending|extends)\b[^.]{{0,40}}"
        r"\b(?:effective|compliance) dates? of (?:the|its|this) (?:direct |final )")),
    (RelationKind.WITHDRAWS_IN_PART, _said(
        rf"\b{_NOW}(?:withdrawing|vacating|rescinding) (?:certain|portions?|parts?|some)\b"
        rf"|\b{_NOW}partially (?:withdraw|vacat|rescind)ing\b")),
    (RelationKind.WITHDRAWS, _said(
        rf"\b{_NOW}(?:withdraw|vacat|rescind)ing\b"
        r"|\bhereby (?:withdrawn|withdraws|vacated|rescinded)\b"
        r"|\b(?:withdraws|rescinds|vacates) (?:the|its|a|an)\b"
        r"|\bdecided (?:not to finalize|to vacate)\b")),
)  # fmt: skip
_FINAL_NOW = _said(
    rf"\b(?:{_NOW}finalizing|finalizes|makes final) (?:the|its|that|this|an?) (?:\w+ ){{0,3}}"
    r"temporary (?:final |interim )*rule"
)
# What is done last in a title is done to the document that did what stands before it.
_UNDOING = frozenset({RelationKind.CORRECTS, RelationKind.WITHDRAWS})
_UNDONE = frozenset(
    {
        *(RelationKind.DELAYS, RelationKind.EXTENDS),
        *(RelationKind.EXTENDS_COMMENTS, RelationKind.REOPENS_COMMENTS),
    }
)
_ITSELF = _said(r"\bth(?:is|e present) (?:\w+ ){0,3}(?:rule|rulemaking|notice|document)\b")
_PROPOSED = _said(r"\bpropos(?:es?|ed|ing)\b")
_OBJECTS = (
    (Stage.PROPOSAL, _said(r"\bproposed rule|\bproposed rulemaking|\bNPRM\b|\bproposal\b")),
    (Stage.INTERIM, _said(r"\binterim (?:final )?rule|\bIFR\b")),
    (Stage.TEMPORARY, _said(r"\btemporary (?:final |interim )*rule")),
    (Stage.FINAL, _said(r"(?<!interim )(?<!temporary )\bfinal rule(?!making)")),
    (Stage.NOTICE, _said(r"\bnotice\b(?! of proposed rule)")),
)
# What an abstract says of its own document; what it says of others stands in the past tense.
_STAGES = (
    (Stage.PROPOSAL, _said(
        r"\bpropos(?:es|ing) (?:to|amend|new|chang|rev)"
        r"|\bthis (?:proposed rule|proposal|NPRM|notice of proposed rulemaking|advance notice)"
        r"|\bissuing (?:this|a|an) (?:notice of proposed|proposed)")),
    (Stage.TEMPORARY, _said(
        r"\bthis temporary (?:final |interim )*rule|\b(?:issuing|issues) (?:this|a) temporary"
        r"|\bits temporary (?:final |interim )*rule"
        r"|\bexercising (?:his|her|its|time-limited)[^.]*\bauthority")),
    (Stage.INTERIM, _said(
        r"\bthis interim (?:final )?rule|\bthis IFR\b"
        r"|\b(?:issuing|issues?|promulgates?) (?:this|an|the) interim (?:final )?rule")),
    (Stage.FINAL, _said(
        r"\bthis (?:final )?rule (?!\")|\bamends (?:its|the)\b"
        r"|\b(?:issuing|issues|publishing|publishes) (?:this|a|the) final rule"
        r"|\b(?:is|are) (?:amending|revising|finalizing|adopting|rescinding|removing|delaying)\b"
        r"|\badopts? (?:as )?(?:a )?final|\bin this (?:final )?rule\b|\bfinaliz(?:es|ing)\b")),
)  # fmt: skip


def reprinted(number: str) -> str:
    """The number a correction document is a correction of: C1-2026-12542 corrects 2026-12542."""
    match = _REPRINTED.fullmatch(number)
    return match["number"] if match else ""


@lru_cache(maxsize=8192)
def stage(kind: str, title: str, action: str, abstract: str) -> Stage:
    """By the kind and the ACTION line; where these don't tell, by the abstract's own words."""
    if kind == "proposed-rule":
        return Stage.PROPOSAL
    action, abstract = action[:LONGEST_TITLE], abstract[:LONGEST]
    if kind not in ("", "rule", "document") or is_paperwork(title) or designated(title):
        return Stage.NOTICE
    named = _stages(action) - {Stage.NOTICE}
    if len(named) == 1:
        return next(iter(named))
    found = [(m.start(), each) for each, said in _STAGES if (m := said.search(abstract))]
    first = min(found, default=(0, Stage.UNSAID))[1]
    return Stage.FINAL if kind == "rule" and first not in RULES else first


@lru_cache(maxsize=4096)
def called(abstract: str, on: date) -> frozenset[Stage]:
    """What an abstract calls the document of a day: "the interim final rule published on …"."""
    said = [each for each in _sentences(abstract) if spelled(on) in each]
    return _stages(_ITSELF.sub("", " ".join(said))) - {Stage.NOTICE}


@lru_cache(maxsize=8192)
def makes_temporary_final(abstract: str) -> bool:
    """Whether an abstract says that it makes a temporary rule final: most temporary rules end."""
    return bool(_FINAL_NOW.search(legible(abstract).text))


@lru_cache(maxsize=8192)
def acts(number: str, title: str, action: str, abstract: str) -> tuple[Act, ...]:
    """What a document says it does to others: in number, title and ACTION line, or its abstract.

    A title that says it ends the question: a correction may mention a delay that it corrects.
    """
    text = legible(abstract[:LONGEST]).text
    if original := reprinted(number):
        return (
            Act(kind=RelationKind.CORRECTS, words=f"{number} corrects {original}", in_title=True),
        )
    told = {act.kind: act for said in (action, title) for act in _in_title(parts(said), text)}
    return tuple(told.values()) or _in_abstract(text, is_paperwork(title))


def _in_title(said: tuple[str, ...], abstract: str) -> tuple[Act, ...]:
    found: dict[RelationKind, Act] = {}
    for part in said:
        for kind, pattern in _TITLES:
            if pattern.search(part):
                proposed = bool(_PROPOSED.search(part)) and kind is RelationKind.DELAYS
                act = Act(
                    kind=kind, words=part, proposed=proposed, on=_object(abstract), in_title=True
                )
                found.setdefault(kind, act)
                break
    return _undone(tuple(found.values()))


def _undone(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """ "Delay of Effective Date; Correction" corrects the delay, and delays nothing itself."""
    *before, last = acts or (None,)
    if last is None or last.kind not in _UNDOING:
        return acts
    of = frozenset(act.kind for act in before if act and act.kind in _UNDONE)
    return (replace(last, of=of),) if of else acts


def _in_abstract(abstract: str, paperwork: bool) -> tuple[Act, ...]:
    for sentence in _sentences(abstract):
        for kind, pattern in _SENTENCES:
            if (match := pattern.search(sentence)) and not (
                paperwork and kind not in (RelationKind.CORRECTS, RelationKind.REOPENS_COMMENTS)
            ):
                return (Act(kind=kind, words=match[0], on=_stages(sentence[match.start() :])),)
    return ()


def _object(abstract: str) -> frozenset[Stage]:
    """The stage of what is acted on, where the abstract's sentences name exactly one."""
    named = _stages(abstract)
    return named if len(named) == 1 else frozenset()


def _stages(text: str) -> frozenset[Stage]:
    return frozenset(each for each, said in _OBJECTS if said.search(text))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", legible(text).text)
