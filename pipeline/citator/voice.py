"""Tell who speaks in a finding, and what such a speaker may undo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipeline.citator.model import Finding, Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.reach import CIRCUITS


class Rank(StrEnum):
    """What sort of body or text speaks."""

    SUPREME_COURT = "Supreme Court"
    STATUTE = "statute"
    REGULATION = "regulation"
    COURT_OF_APPEALS = "court of appeals"
    OTHER_COURT = "another court"  # a district court, or an order entered by hand
    ATTORNEY_GENERAL = "Attorney General"
    BOARD = "Board"  # and the Director of EOIR, who has its powers there, 8 CFR 1003.1(k)(3)
    SERVICE = "DHS"  # its Secretary, the AAO and the former Service, 8 CFR 103.3(c)
    USCIS_GUIDANCE = "guidance of USCIS"
    EOIR_GUIDANCE = "guidance of EOIR"
    PRESIDENT = "President"
    VISA_BULLETIN = "Visa Bulletin"
    NO_PRECEDENT = "a text that is no precedent"  # unpublished, only proposed, or a notice
    UNSTATED = "not stated"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Who speaks; of a court of appeals in `circuits`, () where the text doesn't say in which."""

    rank: Rank
    circuits: tuple[str, ...] = ()


NOBODY = Voice(rank=Rank.UNSTATED)
AGENCIES = frozenset({Rank.ATTORNEY_GENERAL, Rank.BOARD, Rank.SERVICE})
COURTS = frozenset({Rank.SUPREME_COURT, Rank.COURT_OF_APPEALS, Rank.OTHER_COURT})
_GUIDANCE = frozenset({Rank.USCIS_GUIDANCE, Rank.EOIR_GUIDANCE})
_BELOW_COURTS = AGENCIES | _GUIDANCE | {Rank.REGULATION, Rank.PRESIDENT}
# A body may undo its own word, and that of the bodies named here.
_MAY_UNDO = {
    Rank.SUPREME_COURT: frozenset(Rank) - {Rank.UNSTATED},
    Rank.STATUTE: frozenset(Rank) - {Rank.UNSTATED},
    Rank.REGULATION: AGENCIES | _GUIDANCE,
    Rank.COURT_OF_APPEALS: _BELOW_COURTS | {Rank.OTHER_COURT},
    Rank.OTHER_COURT: _BELOW_COURTS,
    # Section 103(a)(1) of the Act; the Board is governed by his decisions, 8 CFR 1003.1(d)(1)(i).
    Rank.ATTORNEY_GENERAL: AGENCIES,
    # "Later precedent decisions" overrule the Service's, 8 CFR 103.3(c).
    Rank.BOARD: frozenset({Rank.SERVICE}),
    Rank.PRESIDENT: _GUIDANCE,
}
# These take an authority's force away or give it back; to disapprove, distinguish, limit or not
# follow is open to anybody.
_UNDOING = frozenset(
    {
        TreatmentKind.OVERRULED,
        TreatmentKind.ABROGATED,
        TreatmentKind.VACATED,
        TreatmentKind.REVERSED,
        TreatmentKind.REMANDED,
        TreatmentKind.SUPERSEDED,
        TreatmentKind.STAYED,
        TreatmentKind.MODIFIED,
        TreatmentKind.RECEDED_FROM,
        TreatmentKind.REINSTATED,
    }
)
_ORDINALS = (
    *("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth"),
    *("Tenth", "Eleventh"),
)
CIRCUIT_NAMES = {
    **dict(zip(CIRCUITS, _ORDINALS, strict=False)),
    "dc": "D.C.",
    "fed": "Federal",
}
_CIRCUIT_OF = {
    **{name.lower(): number for number, name in CIRCUIT_NAMES.items()},
    "district of columbia": "dc",
    "fed.": "fed",
}
_ONE = (
    rf"(?:\b(?:\d{{1,2}}(?:st|nd|rd|th|d)?|{'|'.join(_ORDINALS)}|District of Columbia|Federal)\b"
    r"|\bD\. ?C\.|\bFed\.)"
)
# "9th Cir.", "the Fifth and Ninth Circuits", and as older reports print it: "9 Cir.", "C.A. 9",
# "C.C.A. 2", "CA9".
_CIRCUIT = re.compile(
    rf"{_ONE}(?:(?:, and |, | and | or ){_ONE}){{0,11}},? ?Cir(?:cuits?\b|s?\.)"
    r"|\bC\.? ?(?:C\.? ?)?A\.?,? ?\d{1,2}(?:st|nd|rd|th|d)?\b",
    re.IGNORECASE,
)
_EACH_CIRCUIT = re.compile(_ONE, re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
CASE = re.compile(r"\bv\. |\b(?:Matter of|In re)\b")  # names its parties, not who decided it
_YEAR = re.compile(r"\b(?:17|18|19|20)\d\d\b")
# Bonner v. City of Prichard, 661 F.2d 1206 (11th Cir. 1981) (en banc): what the Fifth Circuit
# decided before 1 October 1981, when it was divided, binds in the Eleventh.
_DIVIDED = 1981
_ISSUERS = (
    (Rank.ATTORNEY_GENERAL, r"\bA\.? ?G\.|\bAG\b|\bAtt['’]?y\.? Gen|\bAttorney General\b"),
    (Rank.BOARD, r"\bB\.?I\.?A\b|\bBoard\b|\bDIR\b|\bDirector, Executive Office\b"),
    (
        Rank.SERVICE,
        r"\bAAO\b|\bAdministrative Appeals\b|\bSec(?:['’]y|retary)(?! of State)"
        r"|\bComm(?:['’]?r|issioner|\.)|\bR\.?C\b|\bReg(?:['’]l|ional)|\bD\.?D\b(?!\. ?C\b)"
        r"|\bDist(?:\.|rict) Dir|\bC\.?O\b"
        r"|\bCent(?:\.|ral) Off|\bI\.?N\.?S\.?\b|\bAssoc",
    ),
    (Rank.SUPREME_COURT, r"\bSupreme Court\b|^U\.? ?S\.?(?: \d{4})?$"),
    (
        Rank.OTHER_COURT,
        r"\bD\. ?[A-Z][a-z]|\b[NSEWMC]\. ?D\.|\b[Dd]ist(?:rict|\.) [Cc](?:ourt|t)"
        r"|\bD\. ?(?:D\. ?C|N\. ?[DHJM]|P\. ?R|R\. ?I|S\. ?[CD]|V\. ?I)\.",
    ),
)
_LAWS = (
    (Rank.STATUTE, r"\b(?:[Ss]tatut(?:es?|ory)|Congress|Act|IIRA?IRA|AEDPA|IRCA|IMMACT|REAL ID)\b"),
    (Rank.REGULATION, r"\b(?:[Rr]egulat(?:ions?|ory)|[Rr]ule)\b"),
)
# "the regulation of the Board", "the Attorney General's rule"
_LED_BY_LAW = re.compile(
    r"\A(?:(?:an?|the|this|that) )?(?:[\w.'’-]+ ){0,2}?"
    rf"(?:{'|'.join(pattern for _, pattern in _LAWS)})"
)
_REPORTERS = (
    (Rank.SUPREME_COURT, r"\d+ (?:U\.? ?S\.(?! ?C)|S\. ?Ct\.|L\. ?Ed\.)"),
    (Rank.NO_PRECEDENT, r"\d+ F(?:ed)?\. ?App['’]?x"),  # Fed. R. App. P. 32.1: unpublished
    (Rank.COURT_OF_APPEALS, r"\d+ F\.(?: ?\d)?"),
    (Rank.STATUTE, r"INA\b|\d+ U\.? ?S\.? ?C\b|Pub\. ?L|P\.L\.|\d+ Stat\."),
    (Rank.REGULATION, r"\d+ C\.?F\.?R|\d+ F(?:ed)?\.? ?R(?:eg)?\.? |FR Doc"),
    (Rank.USCIS_GUIDANCE, r"\d* ?USCIS-PM|PM-602"),
    (Rank.EOIR_GUIDANCE, r"OPPM|PM \d\d-"),
    (Rank.PRESIDENT, r"E\.?O\.? |Executive Order|Proc"),
    # Of the reporter's decisions most are the Board's, and it may undo least.
    (Rank.BOARD, r"\d+ I&N Dec\.|Interim Decision"),
)
_COURT_OF_REPORTER = ((Rank.OTHER_COURT, r"\d+ F\. ?Supp|\d+ F\. ?R\. ?D\.|\d+ B\. ?R\."),)
_KINDS = {
    "rule": Rank.REGULATION,
    "regulation": Rank.REGULATION,
    "ag-precedent": Rank.ATTORNEY_GENERAL,
    "ag-referral": Rank.ATTORNEY_GENERAL,
    "bia-precedent": Rank.BOARD,
    "court-order": Rank.OTHER_COURT,
    "policy-manual-chapter": Rank.USCIS_GUIDANCE,
    "policy-manual-appendix": Rank.USCIS_GUIDANCE,
    "policy-alert": Rank.USCIS_GUIDANCE,
    "uscis-memorandum": Rank.USCIS_GUIDANCE,
    "eoir-memorandum": Rank.EOIR_GUIDANCE,
    "presidential-document": Rank.PRESIDENT,
}
_PROPOSED = frozenset({"proposed-rule", "comment-posting"})
_OF_A_TRIBUNAL = frozenset({"agency-precedent", "court-opinion"})


def speaker(finding: Finding) -> Voice:
    """Who did what the finding tells: whoever is named for it, or else who wrote it.

    `NOBODY` where that is not stated: a history inside a citation without its "by", or the word of
    somebody who has no power to do it and so reports a deed.
    """
    treatment = finding.treatment
    if treatment.is_told:
        return voice(treatment.by_court, treatment.by, treatment.by_name or treatment.law)
    if treatment.form is TreatmentForm.HISTORY:
        return NOBODY
    said = _author(finding)
    if finding.document.kind in _PROPOSED:
        return said  # what it says that it does, it would do: nothing is reported
    if treatment.kind in _UNDOING and not may_undo(said, target(treatment)):
        return NOBODY
    return said


def target(treatment: Treatment) -> Voice:
    """Whose word it is that was treated."""
    return voice(treatment.court, treatment.target, treatment.name)


@lru_cache(maxsize=4096)
def voice(court: str, canonical: str, name: str = "") -> Voice:
    """The voice of a citation: by the court in its parentheses ("A.G. 2018"), else its reporter or
    code, else what it is called ("the Ninth Circuit")."""
    reporter = _first((*_COURT_OF_REPORTER, *_REPORTERS), canonical, at_start=True)
    if reporter is Rank.NO_PRECEDENT:
        return Voice(rank=reporter)
    if found := _circuit(court):
        return Voice(rank=Rank.COURT_OF_APPEALS, circuits=found)
    rank = _first(_ISSUERS, court) or reporter
    if rank is not None:
        return Voice(rank=rank)
    if CASE.search(name):
        return NOBODY
    if found := _circuit(name):
        return Voice(rank=Rank.COURT_OF_APPEALS, circuits=found)
    law = _LED_BY_LAW.match(name)
    return Voice(rank=_first(_LAWS if law else (*_ISSUERS, *_LAWS), name) or Rank.UNSTATED)


def may_undo(who: Voice, whose: Voice) -> bool:
    """Whether a body has the power to undo another's word, or give it its force back."""
    if Rank.UNSTATED in (who.rank, whose.rank):
        return who.rank is not Rank.UNSTATED
    if who.rank is whose.rank is Rank.COURT_OF_APPEALS:
        return not (who.circuits and whose.circuits) or bool({*who.circuits} & {*whose.circuits})
    if Rank.NO_PRECEDENT in (who.rank, whose.rank):
        return who.rank is not Rank.NO_PRECEDENT
    return who.rank is whose.rank or whose.rank in _MAY_UNDO.get(who.rank, frozenset())


def _author(finding: Finding) -> Voice:
    kind = finding.document.kind
    if kind in _KINDS:
        return Voice(rank=_KINDS[kind])
    said = voice(finding.court, finding.citation, finding.issuer)
    if said.rank in AGENCIES and kind not in _OF_A_TRIBUNAL and "I&N" not in finding.citation:
        return Voice(rank=Rank.NO_PRECEDENT)  # 8 CFR 1003.1(g)(2): those designated alone
    if said.rank in COURTS | AGENCIES:
        return said
    return Voice(rank=Rank.NO_PRECEDENT)


def _circuit(words: str) -> tuple[str, ...]:
    year = _YEAR.search(words)
    is_undivided = year is not None and int(year[0]) <= _DIVIDED
    found: dict[str, None] = {}
    for several in _CIRCUIT.finditer(words):
        for each in _EACH_CIRCUIT.findall(several[0]) or _NUMBER.findall(several[0]):
            number = _NUMBER.match(each)
            circuit = number[0] if number else _CIRCUIT_OF[each.lower().replace("d. c.", "d.c.")]
            found.update(
                dict.fromkeys(("5", "11") if circuit == "5" and is_undivided else (circuit,))
            )
    return tuple(each for each in found if each in CIRCUIT_NAMES)


def _first(
    patterns: tuple[tuple[Rank, str], ...], words: str, *, at_start: bool = False
) -> Rank | None:
    find = re.match if at_start else re.search
    return next((rank for rank, pattern in patterns if find(pattern, words)), None)
