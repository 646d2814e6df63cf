"""What can't wait: the documents that bind already, and the dates that fall due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.dates import own, standing
from alerts.untrusted import plain
from pipeline import urgency
from pipeline.calendar import eastern
from pipeline.model import Change, ChangeKind, DateKind, Document, StatedDate

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


@dataclass(frozen=True, kw_only=True)
class Due:
    """A date on which something starts, ends or must be filed, and the change that states it.
    `caution` is what to look at before relying on it."""

    stated: StatedDate
    change: Change
    caution: str = ""


def urgent(change: Change) -> tuple[str, ...]:
    """The reasons in words why a change can't wait; none where it can.

    Told once: with the document, or when a fuller text gives a reason that the earlier did not. A
    document whose every effective date a later one has ended is urgent no more.
    """
    if change.difference.kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        return ()
    judged = own(change.document, change.standings)
    effects = [each for (kind, _), each in judged.items() if kind is DateKind.EFFECTIVE]
    if effects and not any(each.live for each in effects):
        return ()
    same = change.old if change.old and change.old.document == change.document else None
    told = urgency.urgent(same) if same else ()
    return tuple(plain(reason) for reason in urgency.urgent(change.new) if reason not in told)


def due(changes: Iterable[Change], since: datetime) -> tuple[Due, ...]:
    """Every stated date from the period's first day on that holds, soonest first.

    A date that a later document ended falls due no more. Paperwork Reduction Act comment dates
    come last: they concern a form's burden, not the rule.
    """
    first = eastern(since)
    found: dict[tuple[Document, DateKind, date], Due] = {}
    for change in changes:
        judged = own(change.document, change.standings)
        for stated in change.new.dates:
            holds = judged.get((stated.kind, stated.on))
            if stated.kind in FALLING_DUE and stated.on >= first and (not holds or holds.live):
                # A date stated twice is given in the words that stand first: a document's own.
                key = (change.document, stated.kind, stated.on)
                caution = standing(stated.kind, True, holds.why) if holds else ""
                found.setdefault(key, Due(stated=stated, change=change, caution=caution))
    return tuple(sorted(found.values(), key=_rank))


def is_soon(due: Due, until: datetime) -> bool:
    """Whether the date comes within `SOON` of the period's end, or came in the period."""
    return due.stated.on <= eastern(until + SOON)


def is_paperwork(due: Due) -> bool:
    """Whether the date closes comments on a form's burden only."""
    return due.stated.kind is DateKind.PRA_COMMENTS_CLOSE


def _rank(item: Due) -> tuple[bool, str, str, str]:
    stated = item.stated
    return (
        is_paperwork(item),
        stated.on.isoformat(),
        stated.kind.value,
        item.change.document.name,
    )
