"""A digest's sections: events told once with all that is new of them, and changes on their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts import wording
from alerts.deadlines import told_under, urgent
from alerts.digest import topic
from alerts.entry import Detail, Entry, Plan, called, entry
from alerts.story import Story, story
from pipeline.calendar import eastern
from pipeline.model import Alert, ChangeClass, Digest, Document

LESS = 3  # an event's further artefacts get a third of the redline that its first one gets


@dataclass(frozen=True, kw_only=True)
class Group:
    """The entries of one event, below its story; a change that is part of none stands alone."""

    story: Story | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """What stands under one heading."""

    name: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class _Places:
    """How groups are set: the entries' numbers, and where each change of the digest is told."""

    digest: Digest
    plan: Plan
    detail: Detail
    numbers: Mapping[int, int]
    places: Mapping[int, str]


def sections(
    digest: Digest,
    alerts: Sequence[Alert],
    plan: Plan,
    detail: Detail,
    elsewhere: Mapping[int, str],
) -> tuple[Section, ...]:
    """The first `detail.changes` of `alerts`, numbered in the order in which they stand.

    An event stands in the section of its first change. `elsewhere` says of the digest's other
    changes where they are told, by id.
    """
    by_name: dict[str, list[list[Alert]]] = {}
    for group in _grouped(alerts):
        by_name.setdefault(_section(group[0], plan.names), []).append(group)
    ordered = [one.change.id for groups in by_name.values() for group in groups for one in group]
    numbers = {change: number for number, change in enumerate(ordered[: detail.changes], 1)}
    places = dict.fromkeys(ordered, "did not fit in this message")
    places |= {**elsewhere, **{change: f"no. {number}" for change, number in numbers.items()}}
    within = _Places(digest=digest, plan=plan, detail=detail, numbers=numbers, places=places)
    told = (
        Section(name=name, groups=tuple(_group(of, within) for of in groups if _fits(of, within)))
        for name, groups in by_name.items()
    )
    return tuple(section for section in told if section.groups)


def _grouped(alerts: Iterable[Alert]) -> list[list[Alert]]:
    groups: dict[Document | int, list[Alert]] = {}
    for alert in alerts:
        act = told_under(alert.change) or alert.change.id
        groups.setdefault(act, []).append(alert)
    return list(groups.values())


def _section(alert: Alert, names: Mapping[str, str]) -> str:
    """The heading a change stands under."""
    change_class = alert.change.difference.change_class
    if urgent(alert.change):
        return "Urgent"
    if change_class is ChangeClass.SUBSTANTIVE:
        return called(topic(alert.change, alert.subscription.topics), names)
    return f"{wording.CLASSES[change_class]} changes"


def _fits(group: Sequence[Alert], within: _Places) -> bool:
    return group[0].change.id in within.numbers


def _group(group: Sequence[Alert], within: _Places) -> Group:
    digest, events = within.digest, group[0].change.events
    told = None
    if events:
        until = eastern(digest.until)
        told = story(events[0], within.places, digest.since, until, within.detail.room)
    shown = [one for one in group if one.change.id in within.numbers]
    detail = within.detail
    less = replace(detail, lines=-(-detail.lines // LESS), words=-(-detail.words // LESS))
    return Group(
        story=told,
        entries=tuple(
            entry(
                within.numbers[one.change.id],
                one,
                within.plan,
                detail if one is shown[0] or not told else less,
                told,
            )
            for one in shown
        ),
    )
