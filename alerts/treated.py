"""What one authority does to another, in the words a lawyer uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alerts.untrusted import plain
from alerts.wording import calendar, counted
from pipeline.citator.bearing import Outcome, Placed, outcomes
from pipeline.citator.deed import deeds, is_of_decision, is_own
from pipeline.citator.deed import doer as by
from pipeline.citator.forum import within
from pipeline.citator.model import (
    Bearing,
    Finding,
    StatusKind,
    Treatment,
    TreatmentForm,
    TreatmentKind,
)
from pipeline.identifiers import REPORTED
from pipeline.model import Change, ChangeKind
from pipeline.pin import pin

_DOES = {
    TreatmentKind.OVERRULED: "Overrules",
    TreatmentKind.ABROGATED: "Abrogates",
    TreatmentKind.DISAPPROVED: "Disapproves",
    TreatmentKind.VACATED: "Vacates",
    TreatmentKind.REVERSED: "Reverses",
    TreatmentKind.REMANDED: "Remands",
    TreatmentKind.SUPERSEDED: "Supersedes",
    TreatmentKind.STAYED: "Stays",
    TreatmentKind.MODIFIED: "Modifies",
    TreatmentKind.LIMITED: "Limits",
    TreatmentKind.RECEDED_FROM: "Recedes from",
    TreatmentKind.NOT_FOLLOWED: "Does not follow",
    TreatmentKind.CLARIFIED: "Clarifies",
    TreatmentKind.DISTINGUISHED: "Distinguishes",
    TreatmentKind.REFERRED: "Takes up for review by the Attorney General",
    TreatmentKind.FOLLOWED: "Follows",
    TreatmentKind.REAFFIRMED: "Reaffirms",
    TreatmentKind.AFFIRMED: "Affirms",
    TreatmentKind.REINSTATED: "Reinstates",
}
_DIRECTS = "Tells adjudicators to follow"
_FORBIDS = "Tells adjudicators no longer to follow"
_SUFFERS = {TreatmentKind.REFERRED: "Referred to the Attorney General for review"}
_OTHER_GROUNDS = "other grounds"
_GRAVEST = tuple(TreatmentKind)
_BEARINGS = tuple(Bearing)
# Forms in which a decision tells what it does itself; the others tell of it, or of others.
_OWN = frozenset({TreatmentForm.TAG, TreatmentForm.OPERATIVE})


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a text does to another authority, in a line, and the sentence that says so."""

    words: str
    sentence: str
    bearing: Bearing

    @property
    def is_negative(self) -> bool:
        return self.bearing is Bearing.NEGATIVE


@dataclass(frozen=True, kw_only=True)
class Told:
    """One deed done to an authority: the `first` finding is the surest, `others` tell the same."""

    first: Finding
    others: tuple[Finding, ...] = ()

    @property
    def bearing(self) -> Bearing:
        return weighs(self.first.treatment)


def effects(said: Iterable[Treatment]) -> tuple[Effect, ...]:
    """What a text itself does to others, negative first; what it only reports, or only discusses
    without doing anything against it, is left out."""
    own = [each for each in said if not each.is_told and (each.form in _OWN or _is_against(each))]
    ranked = sorted(own, key=lambda each: _BEARINGS.index(weighs(each)))
    told = {
        does(each): Effect(words=does(each), sentence=plain(each.sentence), bearing=weighs(each))
        for each in reversed(ranked)
    }
    return tuple(reversed(told.values()))


def made(change: Change) -> tuple[Effect, ...]:
    """What a decision does to others, as far as an earlier text of it did not say so."""
    return effects(stated(change))


def stated(change: Change) -> tuple[Treatment, ...]:
    """What a decision says that it, or another, does to others; of one whose earlier text we held,
    what that did not say. The text is read again, so that a digest told again says the same."""
    from pipeline.citator.treatments import treatments  # noqa: PLC0415 - a look-up reads no text

    is_decision = change.document.kind in REPORTED
    if not is_decision or change.difference.kind is ChangeKind.REMOVED:
        return ()
    before = {_what(each) for each in treatments(change.old)} if change.old else set()
    return tuple(each for each in treatments(change.new) if _what(each) not in before)


def weighs(treatment: Treatment) -> Bearing:
    """Which way it weighs on the authority itself: that a stay of it, or an order beside it, was
    vacated says nothing against it."""
    return treatment.kind.bearing if is_of_decision(treatment) else Bearing.NEUTRAL


def does(treatment: Treatment) -> str:
    """As in "Overrules in part Matter of X, 26 I&N Dec. 566 (BIA 2015)"."""
    of = f"the {treatment.object} in " if _is_of_another(treatment) else ""
    verb = _DOES[treatment.kind]
    if treatment.directs:
        verb = _DIRECTS if treatment.kind.bearing is Bearing.POSITIVE else _FORBIDS
    return f"{verb}{_part(treatment)} {of}{treated(treatment)}{_limits(treatment)}"


def done(finding: Finding) -> str:
    """As in "Overruled in part by Matter of Y, 27 I&N Dec. 1 (A.G. 2018), June 11, 2018"."""
    said = finding.treatment
    verb = _SUFFERS.get(said.kind, str(said.kind))
    if said.directs:
        is_positive = said.kind.bearing is Bearing.POSITIVE
        verb = f"adjudicators told {'' if is_positive else 'no longer '}to follow it"
    of = f"{said.object} " if _is_of_another(said) else ""
    deed = f"{of}{verb}{_part(said)}"
    who = doer(finding)
    unknown = (
        " by another that the text does not name" if said.by_another else ", by whom is not stated"
    )
    whom = f" by {who}" if who else unknown
    as_to = f" as to {plain(finding.of)}" if finding.of else ""
    parts = (f"{deed[:1].upper()}{deed[1:]}{_limits(said)}{as_to}{whom}", when(finding))
    reported = "" if is_own(finding) else f", as reported by {speaker(finding)}"
    is_in_text = said.form is TreatmentForm.DISCUSSION and not said.directs
    in_text = ", in running text" if is_in_text else ""
    return ", ".join(filter(None, parts)) + reported + in_text


def treated(treatment: Treatment) -> str:
    """The earlier authority as the text names it, with its citation."""
    return _cited(treatment.name, treatment.target, treatment.court) or "a decision not named"


def doer(finding: Finding) -> str:
    """Who did it: the document that says so, or the authority of which it tells; "" where that is
    not stated."""
    said = finding.treatment
    if said.is_told:
        return _cited(said.by_name or said.law, said.by, said.by_court)
    return speaker(finding) if is_own(finding) else ""


def speaker(finding: Finding) -> str:
    """The document in which it stands, with its citation."""
    return ", ".join(filter(None, (plain(finding.title), plain(finding.citation))))


def when(finding: Finding) -> str:
    """The day of the deed, or that it is not stated; the year stands in the citation."""
    if finding.effective:
        return f"effective {calendar(finding.effective)}"
    if finding.on:
        return calendar(finding.on)
    return "day not stated" if finding.year else "date not stated"


def where(finding: Finding) -> str:
    """How to cite the sentence, or why no page of it can be cited; "" for what stands in no
    reporter."""
    if finding.document.kind not in REPORTED:
        return ""
    if cited := pin(finding.citation, finding.page):
        return f"cite as {cited}"
    if finding.in_headnote:
        return "in the official headnote, which is no part of the opinion"
    return "on which page of the reporter is not stated in what we hold"


def grouped(findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Each deed once, negative first and in the order given, with all who tell of it."""
    same: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        same.setdefault(_deed(each), []).append(each)
    told = (Told(first=first, others=tuple(rest)) for first, *rest in same.values())
    return tuple(sorted(told, key=lambda each: _BEARINGS.index(each.bearing)))


def brief(findings: Iterable[Finding]) -> str:
    """The gravest negative finding in a line, with how many more deeds there are and whether it is
    said to hold again; "" where none is negative."""
    told = deeds([*findings])
    found = outcomes(Placed(on=date.max, forum=None, here=told, away=()))
    if not found:
        return ""
    first = min(found, key=_gravity)
    more = len(found) - 1
    rest = (
        f"{counted(more, 'more negative treatment')} found" if more else "",
        "a stated reinstatement after it is found" if first.lifted else "",
    )
    return "; ".join(filter(None, (done(first.deed.lead), *rest)))


def _gravity(outcome: Outcome) -> tuple[int, int]:
    kinds = [*StatusKind]
    return kinds.index(outcome.kind), _GRAVEST.index(outcome.deed.lead.treatment.kind)


def _what(treatment: Treatment) -> tuple[object, ...]:
    return treatment.target or treatment.name, treatment.kind, treatment.in_part, treatment.by


def _is_against(treatment: Treatment) -> bool:
    is_negative = weighs(treatment) is Bearing.NEGATIVE
    return is_negative and treatment.form is not TreatmentForm.HISTORY


def _is_of_another(treatment: Treatment) -> bool:
    """Whether the words speak of something else than the decision: its stay, what it reviewed."""
    return treatment.object not in ("", _OTHER_GROUNDS)


def _part(treatment: Treatment) -> str:
    grounds = " on other grounds" if treatment.object == _OTHER_GROUNDS else ""
    return (" in part" if treatment.in_part else "") + grounds


def _limits(treatment: Treatment) -> str:
    return f" ({within(treatment.circuits)} alone)" if treatment.circuits else ""


def _cited(name: str, canonical: str, court: str) -> str:
    cited = f"{plain(canonical)} ({plain(court)})" if canonical and court else plain(canonical)
    return ", ".join(filter(None, (plain(name), cited)))


def _deed(finding: Finding) -> tuple[object, ...]:
    """What makes two findings tell the same: who did what, in part or whole, for whom."""
    said = finding.treatment
    who = by(finding) or finding.document.name
    return said.target, who, said.kind, said.in_part, said.object, said.circuits
