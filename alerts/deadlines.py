"""The dates that fall due: what a source states, when, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.calendar import eastern
from pipeline.model import Change, DateKind, Document, StatedDate

SOON = timedelta(days=30)

FALLING_DUE = (
    DateKind.EFFECTIVE,
    DateKind.APPLICABLE,
    DateKind.COMPLIANCE,
    DateKind.COMMENTS_CLOSE,
    DateKind.PRA_COMMENTS_CLOSE,
    DateKind.EXPIRES,
)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A date on which something starts, ends or must be filed, and the change that states it."""

    stated: StatedDate
    change: Change


def due(changes: Iterable[Change], since: datetime) -> tuple[Due, ...]:
    """Every stated date from the period's first day on, soonest first.

    Paperwork Reduction Act comment dates come last: they concern a form's burden, not the rule.
    """
    first = eastern(since)
    found: dict[tuple[Document, DateKind, date], Due] = {}
    for change in changes:
        for stated in change.new.dates:
            if stated.kind in FALLING_DUE and stated.on >= first:
                # A date stated twice is given in the words that stand first: a document's own.
                key = (change.document, stated.kind, stated.on)
                found.setdefault(key, Due(stated=stated, change=change))
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
