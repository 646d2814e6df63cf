"""Group findings into deeds: one thing done once, by whoever did it, told by one or many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.calendar import eastern
from pipeline.citator.model import (
    Bearing,
    Coverage,
    Finding,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.citator.reach import OTHER_GROUNDS
from pipeline.citator.voice import AGENCIES, COURTS, Rank, Voice, speaker, target
from pipeline.cite import lookup

STAY = "stay"
# These change or send back what they touch and leave the rest; whether it stands is not stated.
PARTIAL = frozenset({TreatmentKind.MODIFIED, TreatmentKind.LIMITED, TreatmentKind.REMANDED})
_TEXT = re.compile(r"\b(?:rules?|regulations?|polic(?:y|ies)|memorand(?:um|a))$")
_PRINTED = re.compile(r"(\d+) I&N Dec\.? (\d+)")


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
        said = self.lead.treatment
        if said.object in ("", OTHER_GROUNDS):
            return True
        if said.object == STAY:
            return False
        is_text = target(said).rank not in AGENCIES | COURTS
        return said.kind is TreatmentKind.STAYED or (is_text and bool(_TEXT.search(said.object)))

    @property
    def gives_back(self) -> bool:
        """Whether it states that the authority holds again: a reinstatement, or a word to all
        adjudicators to adhere to it."""
        said = self.lead.treatment
        return said.kind is TreatmentKind.REINSTATED or (
            said.directs and said.kind.bearing is Bearing.POSITIVE
        )

    @property
    def ends_stay(self) -> bool:
        said = self.lead.treatment
        return said.object == STAY and said.kind.bearing is Bearing.NEGATIVE


def deeds(about: Sequence[Finding], coverage: Coverage) -> tuple[Deed, ...]:
    """What was done, in the order of time."""
    told: dict[tuple[str, Bearing, str], list[Finding]] = {}
    for finding in about:
        told.setdefault(_key(finding), []).append(finding)
    read = eastern(coverage.as_of) if coverage.as_of else date.max
    found = (_deed(by, findings, read) for (by, *_), findings in told.items())
    return tuple(sorted(found, key=_in_time))


def is_own(finding: Finding) -> bool:
    """Whether a finding is the word of who did it, and no report of it by another."""
    said = finding.treatment
    return not (said.by or said.by_name) and speaker(finding).rank is not Rank.UNSTATED


def doer(finding: Finding) -> str:
    """The canonical citation of who did it, else the name; "" where that is not stated."""
    said = finding.treatment
    if said.by or said.by_name:
        return said.by or said.by_name
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


def _key(finding: Finding) -> tuple[str, Bearing, str]:
    said = finding.treatment
    thing = "" if said.object == OTHER_GROUNDS else said.object
    return doer(finding), said.kind.bearing, thing


def _deed(by: str, findings: Sequence[Finding], read: date) -> Deed:
    in_order = tuple(sorted(findings, key=_gravity))
    first, last = min(map(_when, in_order), key=lambda each: each[1] - each[0])
    if first <= read < last:
        last = read  # what we hold had been done by the time we read it
    return Deed(findings=in_order, by=by, voice=speaker(in_order[0]), first=first, last=last)


def _gravity(finding: Finding) -> tuple[bool, bool, bool, bool, int]:
    """The doer's own word before all reports, and then whatever says most."""
    said = finding.treatment
    weak = said.in_part or said.object == OTHER_GROUNDS or said.kind in PARTIAL
    gives_back = said.kind is TreatmentKind.REINSTATED or said.directs
    form = [*TreatmentForm].index(said.form)
    return not is_own(finding), not gives_back, weak, bool(said.circuits), form


def _when(finding: Finding) -> tuple[date, date]:
    on = finding.effective or finding.on
    year = finding.year
    first = on or date(year or date.min.year, 1, 1)
    last = on or date(year or date.max.year, 12, 31)
    # A deed of which nobody says who did it was done at some time before it was told.
    return (date.min if doer(finding) == "" else first), last


def _in_time(deed: Deed) -> tuple[date, date, tuple[int, int], str]:
    return deed.last, deed.first, printed(deed.by) or (0, 0), deed.by


@lru_cache(maxsize=4096)
def _canonical(citation: str) -> str:
    if printed := _PRINTED.match(citation):  # nearly all are, and the grammar takes its time
        return f"{printed[1]} I&N Dec. {printed[2]}"
    found = lookup(citation) if citation else None
    return found.canonical if found else ""
