"""What can't wait: the documents that bind already, and the dates that fall due."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from alerts.dates import applicable, called, cases, own, read, said, standing
from alerts.remembered import remembered
from alerts.story import doubts
from alerts.untrusted import plain
from pipeline import urgency
from pipeline.calendar import eastern
from pipeline.model import Change, ChangeKind, DateKind, Document, Standing, StatedDate

FIRST = timedelta(days=14)
SOON = timedelta(days=30)

FALLING_DUE = (
    DateKind.EFFECTIVE,
    DateKind.APPLICABLE,
    DateKind.COMPLIANCE,
    DateKind.COMMENTS_CLOSE,
    DateKind.PRA_COMMENTS_CLOSE,
    DateKind.HEARING,
    DateKind.BRIEFS_DUE,
    DateKind.EXPIRES,
)
_HOUR = re.compile(
    r"\b(\d{1,2}(?::\d\d)? ?(?:[ap]\.m\.|[ap]m\b)|midnight\b|noon\b)"
    r"(?:,? \(?((?:Eastern|Central|Mountain|Pacific)(?: (?:Standard|Daylight))?(?: Time)?"
    r"|[ECMP][SD]?T)\b\)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Due:
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
    def hour(self) -> str:
        """The hour as the words state it, as in "11:59 p.m. Eastern Time"; "" where they state
        none, or several, of which one can't say which is this date's."""
        found = {(hour[1], hour[2]) for hour in _HOUR.finditer(said(self.stated))}
        if len(found) != 1:
            return ""
        ((hour, zone),) = found
        return f"{hour} {zone}" if zone else f"{hour} (zone not stated)"


@remembered
def urgent(change: Change) -> tuple[str, ...]:
    """The reasons in words why a change can't wait; none where it can.

    Told once: with the document, or when a fuller text gives a reason that the earlier did not. A
    document whose every effective date a later one has ended is urgent no more.
    """
    if change.difference.kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        return ()
    effects = [each for (kind, _), each in judged(change).items() if kind is DateKind.EFFECTIVE]
    if effects and not any(each.live for each in effects):
        return ()
    same = change.old if change.old and change.old.document == change.document else None
    told = urgency.urgent(same) if same else ()
    return tuple(plain(reason) for reason in urgency.urgent(change.new) if reason not in told)


def due(changes: Iterable[Change], since: datetime) -> tuple[Due, ...]:
    """Every stated date from the period's first day on that holds, soonest first.

    A date that a later document ended falls due no more. One that several documents of an event
    state is told once, with the first of them. Paperwork Reduction Act comment dates come last:
    they concern a form's burden, not the rule.
    """
    first = eastern(since)
    found: dict[tuple[Document, DateKind, date], Due] = {}
    for change in changes:
        act, standings = told_under(change) or change.document, judged(change)
        for stated in change.new.dates:
            holds = standings.get((stated.kind, stated.on))
            if stated.kind in FALLING_DUE and stated.on >= first and (not holds or holds.live):
                # A date stated twice is given in the words that stand first: a document's own.
                caution = _caution(change, stated, holds.why if holds else "")
                known = found.setdefault(
                    (act, stated.kind, stated.on), Due(stated=stated, change=change)
                )
                if caution and not known.caution:
                    found[act, stated.kind, stated.on] = replace(known, caution=caution)
    return tuple(sorted(_together(found), key=_rank))


def told_under(change: Change) -> Document | None:
    """The act of the event that a change is told under; None where it is part of none."""
    return change.events[0].act if change.events else None


@remembered
def judged(change: Change) -> dict[tuple[DateKind, date], Standing]:
    """What is known of a document's dates, by itself and by the events that it is part of."""
    together = [each for event in change.events for each in event.standings]
    return own(change.document, (*together, *change.standings))


def is_within(due: Due, until: datetime, span: timedelta) -> bool:
    """Whether the date comes within `span` of the period's end, or came in the period."""
    return due.stated.on <= eastern(until) + span


def is_paperwork(due: Due) -> bool:
    """Whether the date closes comments on a form's burden only."""
    return due.stated.kind is DateKind.PRA_COMMENTS_CLOSE


def _caution(change: Change, stated: StatedDate, why: str) -> str:
    doubted = (doubts(event, stated.kind, stated.on) for event in change.events)
    whys = filter(None, (why, *(words for each in doubted for words in each)))
    return standing(stated.kind, True, "; ".join(dict.fromkeys(whys)))


def _together(found: Mapping[tuple[Document, DateKind, date], Due]) -> Iterator[Due]:
    """The dates, a day of application that is one of effect told with it, under the same cautions
    only."""
    for (act, kind, on), item in found.items():
        other = {
            DateKind.EFFECTIVE: DateKind.APPLICABLE,
            DateKind.APPLICABLE: DateKind.EFFECTIVE,
        }.get(kind)
        same = other and found.get((act, other, on))
        if not same or same.caution != item.caution:
            yield item
        elif kind is DateKind.EFFECTIVE:
            yield replace(item, applied=same.stated)


def _rank(item: Due) -> tuple[bool, str, str, str]:
    stated = item.stated
    return (
        is_paperwork(item),
        stated.on.isoformat(),
        stated.kind.value,
        item.change.document.name,
    )
