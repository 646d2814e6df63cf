"""Changes as the pages show them: by day, those of one event together, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import body, criteria, entry, story, swept
from alerts.body import Body
from alerts.digest import gather, rank, topic
from alerts.entry import Detail, Plan
from alerts.swept import Swept
from alerts.ways import Ways

if TYPE_CHECKING:
    from lexwatch.web.frame import Frame
    from pipeline.model import Change, Event

WHOLE = Detail(lines=1_000_000, words=1_000_000, changes=1)
SHORT = Detail(lines=3, words=60, changes=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A change, and what is told of it; `topics` say of each what shows it."""

    change: Change
    body: Body
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """The changes of one event; `event` is None of a change that is told by itself."""

    event: Event | None
    line: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """What was written down on a day of the office: events, terms replaced throughout and the
    changes that are nothing else, and `apart` what is not on immigration."""

    on: date
    groups: tuple[Group, ...]
    sweeps: tuple[Swept, ...]
    swept: tuple[Change, ...]
    apart: tuple[Change, ...]


def days(frame: Frame, changes: Iterable[Change]) -> Iterator[Day]:
    """Changes by day in the order of the days; in each what can't wait first, as digests have it,
    and an event where its first change stands."""
    for on, of in groupby(changes, key=lambda each: _on(frame, each)):
        yield _day(frame, on, tuple(of))


def shown(frame: Frame, change: Change, detail: Detail) -> Entry:
    """A change in so much detail."""
    plan = Plan(names=frame.app.names, today=frame.today, zone=frame.zone, at_once={}, ways=Ways())
    titles = frame.app.taxonomy.titles
    return Entry(
        change=change,
        body=body.body(change, entry.setting(change, plan, detail), None),
        topics=tuple(criteria.topic(tag, change, titles) for tag in change.tags),
    )


def ranked(frame: Frame, changes: Sequence[Change]) -> list[Change]:
    """Changes in the order in which a digest that asks for everything would have them."""
    background = frame.app.taxonomy.background
    return sorted(changes, key=lambda each: rank(each, topic(each, ()), (), background))


def _on(frame: Frame, change: Change) -> date:
    return change.recorded_at.astimezone(frame.zone).date()


def _day(frame: Frame, on: date, changes: Sequence[Change]) -> Day:
    ours = [each for each in changes if each.concerns(())]
    found = swept.told(ours, frame.app.names)
    told = ranked(frame, [each for each in ours if each.id not in found.once])
    return Day(
        on=on,
        groups=tuple(_group(frame, of) for of in gather(told)),
        sweeps=found.sweeps,
        swept=tuple(each for each in ours if each.id in found.once),
        apart=tuple(each for each in changes if not each.concerns(())),
    )


def _group(frame: Frame, changes: Sequence[Change]) -> Group:
    event = next(iter(changes[0].events), None)
    return Group(
        event=event,
        line=story.line(event) if event else "",
        entries=tuple(shown(frame, each, SHORT) for each in changes),
    )
