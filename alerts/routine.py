"""Notices on paperwork and on records systems, told in a line each behind everything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts import untrusted, wording
from alerts.deadlines import due, urgent
from pipeline.calendar import eastern
from pipeline.model import Alert, Change, ChangeKind, Tag
from pipeline.titles import is_paperwork

NOTICES = frozenset({"notice", "comment-posting", "public-inspection"})
TITLE = 160  # characters


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
    """Whether a document is a notice that its own title or action line gives to one of the topics
    `background`: a rule that has a section on paperwork, or another notice with one, is none."""
    new = change.new
    if new.document.kind not in NOTICES or _files_a_rule(change) or urgent(change):
        return False
    announced = f"{new.title} {new.metadata.get('action', '')}"
    return any(tag.topic in background and _announces(announced, tag) for tag in change.tags)


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


def _announces(announced: str, tag: Tag) -> bool:
    said = announced.casefold()
    evidence = (words.partition(" ×")[0].casefold() for words in tag.evidence)
    return is_paperwork(announced) or any(words in said for words in evidence)
