"""Group findings into deeds: one thing done once, by whoever did it, told by one or many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pipeline.citator.model import Bearing, Finding, Treatment, TreatmentForm, TreatmentKind
from pipeline.citator.reach import OTHER_GROUNDS
from pipeline.citator.voice import (
    AGENCIES,
    CASE,
    COURTS,
    NOBODY,
    Rank,
    Voice,
    speaker,
    target,
    voice,
)
from pipeline.cite import lookup

STAY = "stay"
# These change or send back what they touch and leave the rest; whether it stands is not stated.
PARTIAL = frozenset({TreatmentKind.MODIFIED, TreatmentKind.LIMITED, TreatmentKind.REMANDED})
_TEXT = re.compile(r"\b(?:rules?|regulations?|polic(?:y|ies)|memorand(?:um|a))$")
# What a court decides is its judgment or order, and what the Board decides its order: to vacate
# that is to vacate the decision. A stay, an injunction, a sentence or a bond is something else.
_JUDGMENT = re.compile(
    r"\A(?:the |its )?(?:(?P<whose>[^,;]+)['’]s? )?(?:judgments?|orders?|mandate|opinions?|rulings?"
    r"|decisions?)(?: (?:of|by) (?P<of>[^,;]+))?"
)
_UNDOING_JUDGMENTS = frozenset({TreatmentKind.VACATED, TreatmentKind.REVERSED})
# Whose deeds bear in every circuit, so that to tell of them without a name hides no forum.
_EVERYWHERE = frozenset(
    {Rank.SUPREME_COURT, Rank.STATUTE, Rank.REGULATION, Rank.ATTORNEY_GENERAL, Rank.BOARD}
)
_PRINTED = re.compile(r"\A(\d+) I&N Dec\.? (\d+)")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing done to an authority by one doer.

    `findings` tell of it, the doer's own word first; `lead` is the one it is told by. It was done
    between `first` and `last`, both included, the same day where that is stated. `by` is the
    doer's canonical citation or name, "" where it is not stated who did it.
    """

    findings: tuple[Finding, ...]
    by: str
    voice: Voice
    first: date
    last: date

    @property
    def lead(self) -> Finding:
        return self.findings[0]

    @property
    def is_own(self) -> bool:
        """Whether the doer's own word is among those held."""
        return is_own(self.lead)

    @property
    def bearing(self) -> Bearing:
        return self.lead.treatment.kind.bearing

    @property
    def is_whole(self) -> bool:
        """Whether it touches the whole of the authority, as far as is stated."""
        said = self.lead.treatment
        return not said.in_part and said.object != OTHER_GROUNDS and said.kind not in PARTIAL

    @property
    def is_of_decision(self) -> bool:
        """Whether the authority itself is touched, and not a stay, order or judgment beside it."""
        return is_of_decision(self.lead.treatment)

    @property
    def gives_back(self) -> bool:
        """Whether it states that the authority holds again."""
        return self.lead.treatment.gives_back

    @property
    def ends_stay(self) -> bool:
        said = self.lead.treatment
        return said.object == STAY and said.kind.bearing is Bearing.NEGATIVE


def deeds(about: Sequence[Finding]) -> tuple[Deed, ...]:
    """What was done, in the order of time."""
    told: dict[tuple[str, Bearing, str, str], list[Finding]] = {}
    for finding in about:
        told.setdefault(_key(finding), []).append(finding)
    found = [_deed(by, findings) for (by, *_), findings in told.items()]
    return tuple(sorted(_united(found), key=_in_time))


def is_of_decision(said: Treatment) -> bool:
    """Whether the authority itself is touched, and not a stay, order or judgment beside it."""
    if said.object in ("", OTHER_GROUNDS):
        return True
    if said.object == STAY:
        return False
    whose = target(said).rank
    if whose not in AGENCIES | COURTS and _TEXT.search(said.object):
        return True
    is_judgment = said.kind in _UNDOING_JUDGMENTS and _is_judgment_of(said.object, whose)
    return said.kind is TreatmentKind.STAYED or is_judgment


def is_own(finding: Finding) -> bool:
    """Whether a finding is the word of who did it, and no report of it by another."""
    return not finding.treatment.is_told and speaker(finding).rank is not Rank.UNSTATED


def doer(finding: Finding) -> str:
    """The canonical citation of who did it, else the name; "" where that is not stated."""
    said = finding.treatment
    if said.is_told:
        return said.by or said.by_name or said.law
    return (_canonical(finding.citation) or finding.document.name) if is_own(finding) else ""


def doers(about: Iterable[Finding]) -> tuple[str, ...]:
    """The canonical citations of those who did it, for the caller to look up what became of them;
    who is only named in words is left out."""
    named = {doer(each): each.treatment.by or not each.treatment.by_name for each in about}
    return tuple(by for by, is_cited in named.items() if by and is_cited)


def printed(canonical: str) -> tuple[int, int] | None:
    """Volume and page of a decision among the agencies' precedents, which stand in the order of
    time; None of what is not printed there."""
    found = _PRINTED.match(canonical)
    return (int(found[1]), int(found[2])) if found else None


def is_after(later: Deed, earlier: Deed) -> bool | None:
    """Whether a deed was done after another; None where what we hold does not state it. Decisions
    of one year stand in the order in which the reporter prints them."""
    if later.by == earlier.by:
        return None
    if later.first > earlier.last:
        return True
    if earlier.first > later.last:
        return False
    places = printed(later.by), printed(earlier.by)
    if later.first.year != earlier.first.year or None in places:
        return None
    return bool(places[0] > places[1])  # type: ignore[operator]  # neither is None


def _key(finding: Finding) -> tuple[str, Bearing, str, str]:
    said = finding.treatment
    thing = "" if said.object == OTHER_GROUNDS else said.object
    return doer(finding), said.kind.bearing, thing, finding.of


def _is_judgment_of(thing: str, whose: Rank) -> bool:
    found = _JUDGMENT.fullmatch(thing)
    if found is None:
        return False
    names = filter(None, (found["whose"], found["of"]))
    return all(voice("", "", name).rank is whose for name in names)


def _deed(by: str, findings: Sequence[Finding]) -> Deed:
    in_order = tuple(sorted(findings, key=_gravity))
    first, last = min(map(_when, in_order), key=lambda each: each[1] - each[0])
    return Deed(findings=in_order, by=by, voice=speaker(in_order[0]), first=first, last=last)


def _united(found: Sequence[Deed]) -> list[Deed]:
    """Deeds, with the reports of one by somebody whom they do not cite ("vacated by the Attorney
    General") at the deed of that body which is known."""
    reports = {at for at, deed in enumerate(found) if not any(map(_is_cited, deed.findings))}
    known = {at: deed for at, deed in enumerate(found) if at not in reports}
    apart = []
    for at in sorted(reports):
        same = next((each for each in known if _is_same(found[at], known[each])), None)
        if same is None:
            apart.append(found[at])
        else:
            deed = known[same]
            known[same] = replace(deed, findings=(*deed.findings, *found[at].findings))
    return [*known.values(), *apart]


def _is_cited(finding: Finding) -> bool:
    said = finding.treatment
    return bool(said.by) or is_own(finding) or CASE.search(said.by_name) is not None


def _is_same(report: Deed, deed: Deed) -> bool:
    kinds = {each.treatment.kind for each in deed.findings}
    things = {each.treatment.object for each in deed.findings}
    said = report.lead.treatment
    if (
        report.lead.of != deed.lead.of
        or said.kind not in kinds
        or said.object not in things
        or deed.first > report.last
    ):
        return False
    if report.voice == NOBODY:
        return deed.voice.rank in _EVERYWHERE
    return deed.voice == report.voice


def _gravity(finding: Finding) -> tuple[bool, bool, bool, bool, int]:
    """The doer's own word before all reports, and then whatever says most."""
    said = finding.treatment
    weak = said.in_part or said.object == OTHER_GROUNDS or said.kind in PARTIAL
    gives_back = said.kind is TreatmentKind.REINSTATED or said.directs
    form = [*TreatmentForm].index(said.form)
    return not is_own(finding), not gives_back, weak, bool(said.circuits), form


def _when(finding: Finding) -> tuple[date, date]:
    on, year = finding.effective or finding.on, finding.year
    first = on or date(year or date.min.year, 1, 1)
    last = on or min(date(year or date.max.year, 12, 31), finding.by_then or date.max)
    # A deed of which nobody says who did it was done at some time before it was told.
    return (date.min if doer(finding) == "" else min(first, last)), last


def _in_time(deed: Deed) -> tuple[date, date, tuple[int, int], str]:
    return deed.last, deed.first, printed(deed.by) or (0, 0), deed.by


@lru_cache(maxsize=4096)
def _canonical(citation: str) -> str:
    if printed := _PRINTED.match(citation):  # nearly all are, and the grammar takes its time
        return f"{printed[1]} I&N Dec. {printed[2]}"
    found = lookup(citation) if citation else None
    return found.canonical if found else ""
