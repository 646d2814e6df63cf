"""What can't wait: documents that bind already, what courts did, and the dates that fall due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from alerts.dates import applicable, called, cases, own, read, said, standing
from alerts.remembered import remembered
from alerts.story import doubts
from alerts.untrusted import plain
from alerts.wording import shortened
from pipeline import urgency
from pipeline.calendar import eastern
from pipeline.deadline import FALLING_DUE, Key, applying, is_paperwork
from pipeline.grounds import is_late
from pipeline.model import (
    Change,
    ChangeKind,
    DateKind,
    Deadline,
    Document,
    RelationKind,
    Standing,
    StatedDate,
)

FIRST = timedelta(days=14)
SOON = timedelta(days=30)

SAID = 300  # characters of what a court did, as told
_BY_ATTORNEY_GENERAL = {
    # 8 CFR 1003.1(g), (h)(1): they bind at once, in pending cases too.
    "ag-precedent": "a decision of the Attorney General",
    "ag-referral": "the Attorney General took a case for review",
}
_COURTS = {
    RelationKind.ENJOINS: "an injunction",
    RelationKind.STAYS: "a stay",
    RelationKind.VACATES: "a vacatur",
    RelationKind.VACATES_IN_PART: "a vacatur in part",
    RelationKind.REVERSES: "a reversal",
}
_HOUR = re.compile(
    r"\b(\d{1,2}(?::\d\d)? ?(?:[ap]\.m\.|[ap]m\b)|midnight\b|noon\b)"
    r"(?:,? \(?((?:Eastern|Central|Mountain|Pacific)(?: (?:Standard|Daylight))?(?: Time)?"
    r"|[ECMP][SD]?T)\b\)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class StatedDeadline:
    """A date on which something starts, ends or must be filed, and the change that states it.
    `caution` is what to look at before relying on it; `applied` the date of application where that
    is the day of effect."""

    stated: StatedDate
    change: Change
    caution: str = ""
    applied: StatedDate | None = None

    @property
    def name(self) -> str:
        """What the date is called."""
        name = called(self.change.new, self.stated.kind)
        return f"{name} ({applicable(cases(self.applied))})" if self.applied else name

    @property
    def read(self) -> str:
        """The words it was read from, and where they stand."""
        both = (self.stated, self.applied)
        return "; ".join(dict.fromkeys(read(each) for each in both if each))

    @property
    def keys(self) -> frozenset[Key]:
        """What tells the date from others, as its document's own and as its act's."""
        kind, on = self.stated.kind, self.stated.on
        acts = {self.change.document, told_under(self.change) or self.change.document}
        return frozenset((act, kind, on) for act in acts)


@remembered
def urgent(change: Change) -> tuple[str, ...]:
    """The reasons in words why a change can't wait; none where it can. Who asked for that is told
    of it at once, and every digest begins with it.

    What binds on publication or was filed specially; a decision of the Attorney General; what a
    court did to a rule, as its order says or as a document held reports it. Each is told once: with
    the document that says it first, or when a fuller text gives a reason that the earlier did not.
    A document whose every effective date a later one has ended binds no more at once.
    """
    if change.difference.kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        return ()
    reasons = [*_binding(change)]
    if change.difference.kind is ChangeKind.NEW or is_late(change):
        reasons += [*_decided(change), *_by_court(change)]
    return tuple(dict.fromkeys(reasons))


def due(changes: Iterable[Change], since: datetime) -> tuple[StatedDeadline, ...]:
    """Every stated date from the period's first day on that holds, soonest first.

    A date that a later document ended falls due no more. One that several documents of an event
    state is told once, with the first of them. Paperwork Reduction Act comment dates come last:
    they concern a form's burden, not the rule.
    """
    first = eastern(since)
    found: dict[Key, StatedDeadline] = {}
    for change in changes:
        act, standings = told_under(change) or change.document, judged(change)
        for stated in change.new.dates:
            holds = standings.get((stated.kind, stated.on))
            if stated.kind in FALLING_DUE and stated.on >= first and (not holds or holds.live):
                # A date stated twice is given in the words that stand first: a document's own.
                caution = _caution(change, stated, holds.why if holds else "")
                known = found.setdefault(
                    (act, stated.kind, stated.on), StatedDeadline(stated=stated, change=change)
                )
                if caution and not known.caution:
                    found[act, stated.kind, stated.on] = replace(known, caution=caution)
    return tuple(sorted(_together(found), key=_rank))


def told_before(
    deadlines: Iterable[Deadline], stated: Iterable[StatedDeadline]
) -> tuple[Deadline, ...]:
    """Those of the deadlines that no change of a digest has `stated`."""
    new = {key for item in stated for key in item.keys}
    return tuple(
        each
        for each in deadlines
        if new.isdisjoint((act, each.kind, each.on) for act in (each.act, *each.members))
    )


def hour(stated: StatedDate) -> str:
    """The hour as the words state it, as in "11:59 p.m. Eastern Time"; "" where they state none, or
    several, of which one can't say which is this date's."""
    found = {(each[1], each[2]) for each in _HOUR.finditer(said(stated))}
    if len(found) != 1:
        return ""
    ((at, zone),) = found
    return f"{at} {zone}" if zone else f"{at} (zone not stated)"


def told_under(change: Change) -> Document | None:
    """The act of the event that a change is told under; None where it is part of none."""
    return change.events[0].act if change.events else None


@remembered
def judged(change: Change) -> dict[tuple[DateKind, date], Standing]:
    """What is known of a document's dates, by itself and by the events that it is part of."""
    together = [each for event in change.events for each in event.standings]
    return own(change.document, (*together, *change.standings))


def is_within(on: date, until: datetime, span: timedelta) -> bool:
    """Whether a date comes within `span` of the period's end, or came in the period."""
    return on <= eastern(until) + span


def _binding(change: Change) -> Iterator[str]:
    effects = [each for (kind, _), each in judged(change).items() if kind is DateKind.EFFECTIVE]
    if effects and not any(each.live for each in effects):
        return
    same = change.old if change.old and change.old.document == change.document else None
    told = urgency.urgent(same) if same and not is_late(change) else ()
    yield from (plain(reason) for reason in urgency.urgent(change.new) if reason not in told)


def _decided(change: Change) -> Iterator[str]:
    if said := _BY_ATTORNEY_GENERAL.get(change.document.kind):
        yield said


def _by_court(change: Change) -> Iterator[str]:
    for relation in change.relations:
        if relation.later == change.document and relation.kind in _COURTS:
            yield f"{_COURTS[relation.kind]} of {relation.earlier.name}"
    for event in change.events:
        for action in event.court_actions:
            if action.document == change.document and action.kind in _COURTS:
                yield f"{_COURTS[action.kind]}: “{shortened(plain(action.words), SAID)}”"


def _caution(change: Change, stated: StatedDate, why: str) -> str:
    doubted = (doubts(event, stated.kind, stated.on) for event in change.events)
    whys = filter(None, (why, *(words for each in doubted for words in each)))
    return standing(stated.kind, True, "; ".join(dict.fromkeys(whys)))


def _together(found: Mapping[Key, StatedDeadline]) -> Iterator[StatedDeadline]:
    for item, applied in applying(found, lambda due: due.caution):
        yield replace(item, applied=applied.stated) if applied else item


def _rank(item: StatedDeadline) -> tuple[bool, str, str, str]:
    stated = item.stated
    return (
        is_paperwork(stated),
        stated.on.isoformat(),
        stated.kind.value,
        item.change.document.name,
    )
