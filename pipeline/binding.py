"""Whom a document binds: in words a reader can check, and in the forum that a reader names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.calendar import spelled
from pipeline.citator.forum import Binding, meets, within
from pipeline.citator.model import Finding, Forum
from pipeline.citator.voice import COURTS, NOBODY, Rank, Voice, voice
from pipeline.model import State, StateKind, Version

# Measured by nobody yet: an order among the answers to "does it bind here?", and no more.
RANKS = {Binding.YES: 1.0, Binding.IN_PART: 0.8, Binding.NOT_STATED: 0.5, Binding.NO: 0.3}
NOT_STATED = "whom it binds is not stated"
_UNDATED = "binds all from its effective date, which is not stated"

# Who speaks in a document of a kind, and whom that binds. Which bodies each speaker binds, and by
# which provision, stands in `pipeline/citator/forum.py`.
_SAID = {
    "rule": (Rank.REGULATION, "binds all from its effective date, 5 U.S.C. 553"),
    "regulation": (Rank.REGULATION, "binds all, 5 U.S.C. 553"),
    "ag-precedent": (
        Rank.ATTORNEY_GENERAL,
        "binds immigration judges, the Board and DHS officers unless modified or overruled, "
        "8 CFR 1003.1(g)(1), 103.10(b)",
    ),
    "bia-precedent": (
        Rank.BOARD,
        "binds immigration judges and DHS officers unless modified or overruled by the Board or "
        "the Attorney General, 8 CFR 1003.1(g)(1)",
    ),
    # It decides nothing yet.
    "ag-referral": (
        Rank.NO_PRECEDENT,
        "binds nobody: it takes a case from the Board for review, 8 CFR 1003.1(h)",
    ),
    "bia-unpublished": (
        Rank.NO_PRECEDENT,
        "is no precedent: binds in no other case, 8 CFR 1003.1(g)(2)",
    ),
    "policy-manual-chapter": (Rank.USCIS_GUIDANCE, "binds USCIS officers alone, as its policy"),
    "policy-manual-appendix": (Rank.USCIS_GUIDANCE, "binds USCIS officers alone, as its policy"),
    "policy-alert": (Rank.USCIS_GUIDANCE, "binds USCIS officers alone, as its policy"),
    "uscis-memorandum": (Rank.USCIS_GUIDANCE, "binds USCIS officers alone, as its policy"),
    # 8 CFR 1003.0(b)(1)(i), and (c): the Director decides no case; 1003.10(b): the judge does.
    "eoir-memorandum": (
        Rank.EOIR_GUIDANCE,
        "binds within EOIR alone, as its policy, 8 CFR 1003.0(b)(1)(i)",
    ),
    "presidential-document": (
        Rank.PRESIDENT,
        "directs the executive branch, and binds no court",
    ),
    # "Considered available" by what the Bulletin shows, before USCIS and in removal proceedings.
    "visa-bulletin": (
        Rank.VISA_BULLETIN,
        "says which visa numbers are available, to consular officers and, for adjustment of "
        "status, to USCIS and immigration judges, 8 CFR 245.1(g)(1), 1245.1(g)(1)",
    ),
    "proposed-rule": (Rank.NO_PRECEDENT, "binds nobody yet: it is proposed, 5 U.S.C. 553(b)"),
    "comment-posting": (Rank.NO_PRECEDENT, "binds nobody yet: it asks for comments"),
    "technical-update": (Rank.NO_PRECEDENT, "changes no policy, as USCIS says of it"),
    "uscis-alert": (Rank.NO_PRECEDENT, "binds nobody of itself: an announcement of USCIS"),
    "uscis-news": (Rank.NO_PRECEDENT, "binds nobody of itself: an announcement of USCIS"),
    "uscis-page": (Rank.NO_PRECEDENT, "binds nobody: information of USCIS to the public"),
    "visa-news": (
        Rank.NO_PRECEDENT,
        "binds the State Department's own officers at most: its announcement",
    ),
    "oflc-announcement": (
        Rank.NO_PRECEDENT,
        "binds the Department of Labor's own officers at most: its announcement",
    ),
    "court-order": (Rank.OTHER_COURT, "binds whom the order says: see the order"),
    "notice": (Rank.UNSTATED, "binds as the notice says, if at all: see the notice"),
    "public-inspection": (
        Rank.UNSTATED,
        "is filed and not yet published; filing is notice to all, 44 U.S.C. 1507",
    ),
    "form": (
        Rank.UNSTATED,
        "tells of a form, whose instructions bind who files with DHS, 8 CFR 103.2(a)(1); the page "
        "is not the instructions",
    ),
    "fee-schedule": (Rank.UNSTATED, "repeats fees that rules set, 8 CFR part 106: see the rule"),
}
# Of an agency's precedents the citation says whose they are.
_AGENCIES = {
    Rank.SERVICE: "binds all officers of DHS, 8 CFR 103.3(c), and no immigration judge",
    Rank.BOARD: "binds immigration judges and DHS officers, as the Director's precedents do, "
    "8 CFR 1003.1(k)(3), 1003.1(g)(1)",
    Rank.ATTORNEY_GENERAL: _SAID["ag-precedent"][1],
}
# USCIS adopts a decision by a memorandum, which makes it policy and no precedent.
_ADOPTED = re.compile(r"\bAdopted (?:AAO )?Decision\b|\bas an? adopted decision\b", re.IGNORECASE)
# Fed. R. App. P. 32.1 and the circuits' own rules: what isn't published is no precedent.
_REPORTED = re.compile(r"\d+ (?:F\. ?(?:2d|3d|4th)|U\. ?S\.|S\. ?Ct\.)(?! ?App)")
_UNPUBLISHED = re.compile(
    r"\bun-?(?:publish|report)|\bno[nt][- ]?(?:an? )?(?:precedent|publish|reported)"
    r"|\bnot (?:for|to be|designated|intended)\b|\bsummary order|\bmem(?:orandum)? dispos",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"\A(?:for )?(?:publi|precedent|reported)", re.IGNORECASE)
# States have supreme courts and courts of appeals too.
_SUPREME = re.compile(
    r"(?:the )?(?:(?:U\. ?S\.|United States) )?Supreme Court"
    r"(?: of the (?:U\. ?S\.|United States)(?: of America)?)?(?: \d{4})?|U\.? ?S\.?(?: \d{4})?",
    re.IGNORECASE,
)
_APPEALS = re.compile(
    r"\A(?:the )?(?:(?:U\. ?S\.|United States) )?Courts? of Appeals\b(?! of)", re.IGNORECASE
)
_WITHIN = re.compile(r"\(([^()]*)\)")
# Where a document states from which day on it will be in effect.
_NOT_BEFORE = {
    StateKind.FINAL: "binds nobody yet: it takes effect on {}, as stated",
    StateKind.DELAYED: "binds nobody yet: its effect is delayed to {}, as stated",
}
# What binds nobody on the day, whoever issued it: pipeline/state.py has what each rests on.
_NOT_IN_FORCE = {
    StateKind.PROPOSED: "binds nobody yet: it is proposed",
    StateKind.ON_FILE: "binds nobody yet: it is on public inspection",
    StateKind.FINAL: "binds nobody yet: it is not in effect, and from which day on it will be is "
    "not stated",
    StateKind.DELAYED: "binds nobody yet: its effect is delayed; to which day is not stated",
    StateKind.WITHDRAWN: "binds nobody: it is withdrawn",
    StateKind.RESCINDED: "binds nobody: it is rescinded",
    StateKind.EXPIRED: "binds nobody any more: it is expired",
}


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom a document binds, in `words` ("binds USCIS officers alone, as its policy"); `binding` is
    whether that is so in the forum that was asked about, None where none was."""

    words: str
    binding: Binding | None = None


def whom(version: Version, forum: Forum | None = None, state: State | None = None) -> Whom:
    """Whom a document binds by what it is and who issued it, its text not looked at.

    A rule binds nobody before and after it is in effect, as its `state` has it. That a decision was
    overruled, or a rule enjoined, is the citator's to say, and changes nothing here.
    """
    return whom_of(
        version.document.kind,
        issuer=version.issuer,
        citation=version.citation,
        title=version.title,
        metadata=version.metadata,
        forum=forum,
        state=state,
    )


def whom_of(
    kind: str,
    *,
    issuer: str = "",
    citation: str = "",
    title: str = "",
    metadata: Mapping[str, Any] | None = None,
    forum: Forum | None = None,
    state: State | None = None,
) -> Whom:
    """The same of a document whose row alone was read."""
    if state is not None and state.kind in _NOT_IN_FORCE:
        words = _NOT_IN_FORCE[state.kind]
        if state.effective and state.kind in _NOT_BEFORE:
            words = _NOT_BEFORE[state.kind].format(spelled(state.effective))
        return Whom(words=words, binding=Binding.NO if forum else None)
    if state is not None and state.kind is StateKind.NOT_STATED and kind == "rule":
        return Whom(words=_UNDATED, binding=Binding.NOT_STATED if forum else None)
    status = str((metadata or {}).get("status", ""))
    said = _said(kind, issuer, citation, title, status)
    return Whom(words=said.words, binding=said.binding(forum) if forum else None)


def fallen(finding: Finding) -> Whom:
    """Of a decision of which nothing is left in the forum asked about, who did what to it."""
    said = finding.treatment
    name, cited, court = finding.title, finding.citation, ""
    if said.is_told:
        name, cited, court = said.by_name or said.law, said.by, said.by_court
    of_court = f"{cited} ({court})" if cited and court else cited
    who = ", ".join(filter(None, (name, of_court)))
    by = f" by {who}" if who else ", by whom is not stated"
    return Whom(words=f"{said.kind}{by}", binding=Binding.NO)


def finalised(by: str, forum: Forum | None = None) -> Whom:
    """Of a proposal that was made final, by what."""
    words = f"binds nobody: it was proposed, and made final by {by}"
    return Whom(words=words, binding=Binding.NO if forum else None)


def court(issuer: str, citation: str = "") -> Voice:
    """Which court an opinion is of: as its issuer has it, else the parentheses of its citation,
    else the reporter. A court of a State is none that we know of."""
    reporter = voice("", citation)
    if reporter.rank in (Rank.NO_PRECEDENT, Rank.SUPREME_COURT):
        return reporter
    for said in (issuer, *_WITHIN.findall(citation)):
        found = voice(said, "")
        if found.circuits or found.rank is Rank.OTHER_COURT:
            return found
        if found.rank is Rank.SUPREME_COURT:
            return found if _SUPREME.fullmatch(said.strip()) else NOBODY
    return reporter if reporter.rank in COURTS else NOBODY


def rank(whom: Whom) -> float:
    """How much it counts that it binds in the forum asked about, from 0 to 1; 1 where none was."""
    return 1.0 if whom.binding is None else RANKS[whom.binding]


@dataclass(frozen=True)
class _Said:
    """Who speaks, and whom that binds; `is_sure` unless it depends on what is not stated."""

    who: Voice
    words: str
    is_sure: bool = True

    def binding(self, where: Forum) -> Binding:
        found = meets(self.who, where)
        return found if self.is_sure or found is Binding.NO else Binding.NOT_STATED


@lru_cache(maxsize=4096)
def _said(kind: str, issuer: str, citation: str, title: str, status: str) -> _Said:
    if kind == "agency-precedent":
        who = voice(" ".join(_WITHIN.findall(citation)), "")
        return _Said(who, _AGENCIES.get(who.rank, NOT_STATED))
    if kind == "court-opinion":
        return _opinion(court(issuer, citation), issuer, citation, status)
    rank_, words = _SAID.get(kind, (Rank.UNSTATED, NOT_STATED))
    if kind == "uscis-memorandum" and status:
        return _Said(Voice(rank=Rank.NO_PRECEDENT), "binds nobody any more, as USCIS stamps it")
    if kind == "uscis-memorandum" and _ADOPTED.search(title):
        words = "adopts a decision of the AAO: binds USCIS officers alone, as its policy"
    return _Said(Voice(rank=rank_), words)


def _opinion(who: Voice, issuer: str, citation: str, status: str) -> _Said:
    if who.rank is Rank.SUPREME_COURT:
        return _Said(who, "binds all courts and agencies")
    said = " ".join((status, *_WITHIN.findall(citation)))
    if who.rank is Rank.NO_PRECEDENT or _UNPUBLISHED.search(said):
        words = "is unpublished: binds in no other case, Fed. R. App. P. 32.1"
        return _Said(Voice(rank=Rank.NO_PRECEDENT), words)
    if who.rank is Rank.OTHER_COURT:
        return _Said(who, "binds whom the court's order says: see the opinion")
    if not who.circuits:
        is_of_appeals = who.rank is Rank.COURT_OF_APPEALS or _APPEALS.match(issuer)
        words = "binds in its own circuit if published; which that is, is not stated"
        return _Said(who, words if is_of_appeals else NOT_STATED)
    is_sure = _PUBLISHED.match(status) is not None or _REPORTED.match(citation) is not None
    if_published = "" if is_sure else " if it is published, which is not stated"
    where = within(who.circuits)
    return _Said(who, f"binds courts and agencies {where} alone{if_published}", is_sure)
