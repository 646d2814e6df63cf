"""Notices on paperwork and on records systems, told in a line each behind everything else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts import untrusted, wording
from alerts.deadlines import due, urgent
from pipeline.calendar import eastern
from pipeline.evidence import words as spoken
from pipeline.model import Alert, Change, ChangeKind, RelationKind, Tag
from pipeline.titles import is_paperwork, parts

NOTICES = frozenset({"notice", "comment-posting", "public-inspection"})
TITLE = 160  # characters
# How the title of a notice on records begins: 5 U.S.C. 552a(e)(4), (e)(12), (o).
_RECORDS = re.compile(
    r"(?:notice of )?(?:an? )?(?:(?:new|modified|updated|revised|rescinded|amended|computer) )*"
    r"(?:privacy act\b|systems? of records?\b|matching (?:program|agreement))",
    re.IGNORECASE,
)
_IDLE = frozenset({RelationKind.SAME_SERIES, RelationKind.PUBLISHES})


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice in a line: what it is, and by when one may say something on it."""

    words: str
    dates: str
    address: str


def routine(alerts: Iterable[Alert], background: Collection[str]) -> tuple[Alert, ...]:
    """The alerts on notices that are about nothing but paperwork or a records system.

    `background` are the topics of such notices. Whoever asked for one of them by name is told them
    as everything else; so is everybody what can't wait.
    """
    return tuple(
        alert
        for alert in alerts
        if not set(background).intersection(_asked(alert)) and is_routine(alert.change, background)
    )


def is_routine(change: Change, background: Collection[str]) -> bool:
    """Whether a document is a notice that its title gives to one of the topics `background`.

    A title that begins so says it, whatever form it is on ("Agency Information Collection …",
    "Privacy Act of 1974 …"); one that says so further on only where it shows no other topic.
    What others act on, or what is one event with others, is no routine.
    """
    new = change.new
    if new.document.kind not in NOTICES or _files_a_rule(change) or urgent(change):
        return False
    if _is_acted_on(change) or not any(tag.topic in background for tag in change.tags):
        return False
    first = next(iter(parts(new.title)), "")
    if is_paperwork(first) or _RECORDS.match(first):
        return True
    return is_paperwork(new.title) and not _shows_another(new.title, change.tags, background)


def noticed(alerts: Iterable[Alert], since: datetime, until: datetime) -> tuple[Notice, ...]:
    """The notices in lines, the one first whose date falls due first; those without a date last."""
    return tuple(
        notice for _, notice in sorted(_noticed(alerts, since, until), key=lambda each: each[0])
    )


def _noticed(
    alerts: Iterable[Alert], since: datetime, until: datetime
) -> Iterator[tuple[tuple[str, str], Notice]]:
    today = eastern(until)
    for alert in alerts:
        change, new = alert.change, alert.change.new
        ahead = due([change], since)
        dates = "; ".join(
            f"{item.name} {wording.calendar(item.stated.on)}"
            + (" (already passed)" if item.stated.on < today else "")
            for item in ahead
        )
        title = wording.shortened(untrusted.plain(new.title), TITLE)
        came = "" if change.difference.kind is ChangeKind.NEW else wording.happened(change)
        soonest = ahead[0].stated.on.isoformat() if ahead else "9999"
        yield (
            (soonest, change.document.name),
            Notice(
                words=", ".join(filter(None, (title, untrusted.plain(new.citation), came))),
                dates=dates or "states no date that falls due",
                address=untrusted.address(new.url),
            ),
        )


def _asked(alert: Alert) -> tuple[str, ...]:
    found = {tag.topic for tag in alert.change.tags}
    return tuple(topic for topic in alert.subscription.topics if topic in found)


def _files_a_rule(change: Change) -> bool:
    kind = str(change.new.metadata.get("type", "")).casefold()
    return change.document.kind == "public-inspection" and "rule" in kind


def _is_acted_on(change: Change) -> bool:
    """Whether another document does something to it or it to another. Being filed for public
    inspection before, and an edition of a year or of the 60 days before, do nothing."""
    if any(relation.kind not in _IDLE for relation in change.relations):
        return True
    return any(
        event.court_actions
        or sum(each.document.kind != "public-inspection" for each in event.artefacts) > 1
        for event in change.events
    )


def _shows_another(title: str, tags: Iterable[Tag], background: Collection[str]) -> bool:
    said = f" {' '.join(spoken(title))} "
    return any(
        f" {' '.join(spoken(evidence.partition(' ×')[0]))} " in said
        for tag in tags
        if tag.topic not in background
        for evidence in tag.evidence
    )
