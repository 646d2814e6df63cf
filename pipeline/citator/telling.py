"""Say in words what was done to an authority, by whom, when and where."""

from __future__ import annotations

import re
from datetime import date

from pipeline.calendar import spelled
from pipeline.citator.deed import STAY, Deed, is_own
from pipeline.citator.forum import scope, within
from pipeline.citator.model import Finding, TreatmentKind
from pipeline.citator.reach import OTHER_GROUNDS
from pipeline.citator.voice import Rank

_ENDS_WITH_YEAR = re.compile(r"(\d{4})\)$")


def clause(deed: Deed, on: date) -> str:
    """What was done, up to a day: "overruled in part by Matter of X, 1 I&N Dec. 2 (BIA 1990)"."""
    of = f" as to {deed.lead.of}" if deed.lead.of else ""
    return f"{_done(deed)}{of}{_by(deed)}{_when(deed, on)}{_reported(deed)}{_where(deed)}"


def restored(deed: Deed) -> str:
    """How an authority was given back, as what it is: a directive reinstates nothing in words."""
    said = deed.lead.treatment
    if said.kind is TreatmentKind.REINSTATED or deed.ends_stay:
        done = "the stay was vacated" if deed.ends_stay else f"reinstated{_limits(deed)}"
        return f"{done}{_by(deed)}{_day(deed)}{_reported(deed)}"
    return f"{named(deed)}{_day(deed)} told adjudicators to adhere to it{_reported(deed)}"


def taken(deed: Deed) -> str:
    """What an order did in a case: "stayed the decision of the Board"."""
    said = deed.lead.treatment
    done = f"{said.kind} the {said.object or 'case'}"
    is_referral = said.kind is TreatmentKind.REFERRED
    return f"{done} to the Attorney General for review" if is_referral else done


def named(deed: Deed) -> str:
    """Who did it, with the citation; "" where that is not stated."""
    said = deed.lead.treatment
    if deed.voice.rank is Rank.UNSTATED and not deed.by:
        return ""
    if is_own(deed.lead):
        return source(deed.lead)
    court = f"({said.by_court})" if said.by_court else ""
    cited = " ".join(filter(None, (said.by, court)))
    return ", ".join(filter(None, (said.by_name or said.law, cited)))


def source(finding: Finding) -> str:
    """The document that says so, with its citation."""
    if finding.citation and finding.citation in finding.title:
        return finding.title
    return ", ".join(filter(None, (finding.title, finding.citation)))


def _done(deed: Deed) -> str:
    said = deed.lead.treatment
    if said.object == OTHER_GROUNDS:
        return f"{said.kind} on other grounds{_limits(deed)}"
    if said.object and said.kind is not TreatmentKind.STAYED:
        was = "the stay" if said.object == STAY else f"its {said.object}"
        return f"{was} {said.kind}{_limits(deed)}"
    return f"{said.kind}{_limits(deed)}"


def _limits(deed: Deed) -> str:
    said = deed.lead.treatment
    parts = ("in part" if said.in_part else "", within(said.circuits))
    return "".join(f" {part}" for part in parts if part)


def _by(deed: Deed) -> str:
    by = named(deed)
    return f" by {by}" if by else ""


def _when(deed: Deed, on: date) -> str:
    if deed.last <= on:
        return _day(deed)
    told = f" in {deed.last.year}" if deed.first.year == deed.last.year else ""
    return f"{told} (whether by {spelled(on)} is not stated in what we hold)"


def _day(deed: Deed) -> str:
    if deed.first == deed.last:
        return f" on {spelled(deed.first)}"
    if deed.first.year != deed.last.year:
        return ""
    year = _ENDS_WITH_YEAR.search(named(deed))
    return "" if year and int(year[1]) == deed.last.year else f" in {deed.last.year}"


def _reported(deed: Deed) -> str:
    if deed.is_own:
        return ""
    told = f", as reported by {source(deed.lead)}"
    return told if named(deed) else f"{told}, which does not say who did it"


def _where(deed: Deed) -> str:
    words = "" if deed.lead.treatment.circuits else scope(deed.lead)
    return f", which {words}" if words else ""
