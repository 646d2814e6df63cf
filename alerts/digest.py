"""Gather a reader's alerts of one period into a digest, in the order they matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from alerts.asking import why
from alerts.deadlines import told_under, urgent
from alerts.force import authority_of
from alerts.routine import is_routine
from alerts.wording import last_text
from pipeline.letter import LetterKind
from pipeline.model import (
    Alert,
    Change,
    ChangeClass,
    Deadline,
    Digest,
    Document,
    SourceReport,
)
from pipeline.subscription import Schedule, Subscription

Place = tuple[bool, int, bool, int, str, int, float, str]

_CLASSES = (*ChangeClass,)  # what matters most first


def build(
    subscriptions: Iterable[Subscription],
    alerts: Iterable[Alert],
    coverage: Iterable[SourceReport],
    since: datetime,
    until: datetime,
    *,
    settled: Iterable[Alert] = (),
    background: Collection[str] = (),
    at_once: Mapping[int, datetime] = MappingProxyType({}),
    unasked: Iterable[str] = (),
    deadlines: Iterable[Deadline] | None = None,
    kind: LetterKind = LetterKind.DIGEST,
) -> Digest:
    """One reader's letter for [since, until): what their `subscriptions`, one at least and all of
    one schedule where it is a digest, met before its end.

    Where they met nothing it says that we looked. `settled` are earlier changes of which it is
    known since how they were announced; `background` are the topics of routine notices. `at_once`
    says of changes, by id, when the reader was sent them before; `unasked` which of the
    subscriptions could not be run, in words; `deadlines` are the dates within 30 days that they
    meet.
    """
    own = tuple(sorted(subscriptions, key=lambda each: each.id))
    told = _alerts((each for each in alerts if each.change.recorded_at < until), own, background)
    numbers = {each.change.id for each in told}
    return Digest(
        reader=own[0].reader,
        address=own[0].address,
        since=since,
        until=until,
        alerts=told,
        coverage=tuple(sorted(coverage, key=lambda report: report.source)),
        settled=_settled(settled, own),
        schedule=own[0].schedule,
        kind=kind,
        subscriptions=own,
        at_once={number: at for number, at in at_once.items() if number in numbers},
        unasked=tuple(unasked),
        deadlines=None if deadlines is None else tuple(deadlines),
    )


def topic(change: Change, asked: Sequence[str]) -> str:
    """The topic a change is shown under: its best one that was asked for, else its best, or ""."""
    found = [tag.topic for tag in change.tags]
    return next(iter([name for name in found if name in asked] or found), "")


def rank(
    change: Change, shown: str, asked: Sequence[str], background: Collection[str] = ()
) -> Place:
    """Urgent first; then substantive, routine notices (of the topics `background`) behind whatever
    else is so; then by the topic it is shown under, in the order asked;
    weight; newest first."""
    place = asked.index(shown) if shown in asked else len(asked) + (not shown)
    return (
        not urgent(change),
        _CLASSES.index(change.difference.change_class),
        is_routine(change, background),
        place,
        shown,
        authority_of(last_text(change)).weight,
        -change.seen_at.timestamp(),
        change.document.name,
    )


def gather(ranked: Iterable[Change]) -> tuple[tuple[Change, ...], ...]:
    """Ranked changes, those of one event together: the event stands where its first change would,
    and in it what can't wait is before what binds most, and that before what binds less."""
    groups: dict[Document | int, list[Change]] = {}
    for change in ranked:
        groups.setdefault(told_under(change) or change.id, []).append(change)
    return tuple(tuple(sorted(of, key=_in_event)) for of in groups.values())


def _in_event(change: Change) -> tuple[bool, int, int]:
    return (
        not urgent(change),
        _CLASSES.index(change.difference.change_class),
        authority_of(last_text(change)).weight,
    )


def _identity(subscription: Subscription) -> tuple[int, Schedule]:
    """What tells subscriptions apart, those too that were never written down."""
    return subscription.id, subscription.schedule


def _alerts(
    alerts: Iterable[Alert], own: Sequence[Subscription], background: Collection[str]
) -> tuple[Alert, ...]:
    """The alerts that one digest's subscriptions met, in the order they are shown."""
    these = {_identity(each) for each in own}
    asked = [topic for each in own for topic in each.topics]
    by_change: dict[int, list[Alert]] = {}
    for alert in alerts:
        if _identity(alert.subscription) in these:
            by_change.setdefault(alert.change.id, []).append(alert)

    def place(alert: Alert) -> Place:
        shown = topic(alert.change, alert.subscription.topics)
        return rank(alert.change, shown, asked, background)

    ranked = sorted((_joined(met, own) for met in by_change.values()), key=place)
    by_id: Mapping[int, Alert] = {alert.change.id: alert for alert in ranked}
    groups = gather(alert.change for alert in ranked)
    return tuple(by_id[change.id] for of in groups for change in of)


def _settled(alerts: Iterable[Alert], own: Sequence[Subscription]) -> tuple[Change, ...]:
    these = {_identity(each) for each in own}
    met = {
        alert.change.id: alert.change for alert in alerts if _identity(alert.subscription) in these
    }
    return tuple(sorted(met.values(), key=lambda change: (change.seen_at, change.id)))


def _joined(met: list[Alert], own: Sequence[Subscription]) -> Alert:
    """One alert for a change that several subscriptions met, with the reasons of each."""
    met = sorted(met, key=lambda alert: alert.subscription.id)
    first = met[0]
    asked = [alert.subscription.topics for alert in met]
    every = tuple(dict.fromkeys(name for topics in asked for name in topics))
    return Alert(
        subscription=replace(first.subscription, topics=every),
        change=first.change,
        why=why(met, is_only=len(own) == 1),
    )
