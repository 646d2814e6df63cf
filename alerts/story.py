"""An event as readers are told it: one line, one timeline, one set of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts import lineage, wording
from alerts.dates import DATES, Dated, called_in, cases, read, standing, together
from alerts.force import authority
from alerts.untrusted import plain
from pipeline.calendar import eastern
from pipeline.live import FACTS
from pipeline.model import (
    Artefact,
    Change,
    CourtAction,
    DateKind,
    Document,
    Event,
    Standing,
    State,
    StateKind,
)

ALL = "`lexwatch events`"  # tells what a message has no room for
LINE = 500  # characters of an event's line …
TITLE = 90  # … of an artefact's title …
QUOTED = 200  # … and of what a state is quoted from
# States in which a rule binds or will: those a court's action bears on.
HOLDING = frozenset({StateKind.FINAL, StateKind.IN_EFFECT, StateKind.DELAYED})
STEPS = 12  # artefacts told in each part of a timeline; how many more there are is said


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many states, dates and court actions of an event are told, and how many characters of
    what a court action's words are; what is cut is counted."""

    items: int
    words: int


AMPLE = Room(items=1_000, words=lineage.ORDERED)


@dataclass(frozen=True, kw_only=True)
class Step:
    """An artefact on the timeline: the day it bears, else the one it was first seen on; what it is;
    `where` it stands in the same message, "" where nowhere; `evidence` what makes it part."""

    day: str
    words: str
    where: str
    evidence: str
    document: Document
    change: int

    def __str__(self) -> str:
        return f"{self.day}: {self.words}" + (f" ({self.where})" if self.where else "")


@dataclass(frozen=True, kw_only=True)
class Story:
    """An event told. `now` are the artefacts told in this message, `earlier` those of days before
    its period or seen before it, `besides` the others that are held. `dates` are one set, those
    that hold first; `states` say what documents do; `court` what courts did, apart from it and
    under headings of its own. `more_dates` did not fit."""

    line: str
    now: tuple[Step, ...]
    earlier: tuple[Step, ...]
    besides: tuple[Step, ...]
    dates: tuple[Dated, ...]
    states: tuple[str, ...]
    court: tuple[lineage.Acted, ...]
    held: int
    more_dates: int = 0

    def joined(self, change: Change) -> str:
        """What makes a change part of the event, in words; "" of the act."""
        found = (each.evidence for each in self.now if each.change == change.id)
        return next(found, "")


def story(
    event: Event, places: Mapping[int, str], since: datetime, today: date, room: Room = AMPLE
) -> Story:
    """Tell an event in a message whose period began at `since`. `places` says of the changes told
    in it where they stand, by id; dates before `today` have passed. Where there is no room, what
    is latest is told, and the dates that hold."""
    others = [each for each in event.artefacts if each.change not in places]
    first = eastern(since)
    before = [each for each in others if each.seen_at < since or (each.on and each.on < first)]
    days = dated(event, today)
    return Story(
        line=line(event),
        now=tuple(_step(each, event, places) for each in event.artefacts if each.change in places),
        earlier=tuple(_step(each, event, {}) for each in before),
        besides=tuple(_step(each, event, {}) for each in others if each not in before),
        dates=days[: room.items],
        states=_latest_states(event, room),
        court=_latest_court(event, room),
        held=len(event.artefacts),
        more_dates=max(0, len(days) - room.items),
    )


def line(event: Event) -> str:
    """The event in one line."""
    return wording.shortened(plain(event.line), LINE)


def timeline(event: Event) -> tuple[Step, ...]:
    """Every artefact, in order of time."""
    return tuple(_step(each, event, {}) for each in event.artefacts)


def listed(steps: Sequence[Step]) -> tuple[str, ...]:
    """Steps in lines, at most `STEPS`; the last then says how many more there are."""
    left = len(steps) - STEPS
    more = (f"and {wording.counted(left, 'more document')}",) if left > 0 else ()
    return (*map(str, steps[:STEPS]), *more)


def dated(event: Event, today: date) -> tuple[Dated, ...]:
    """One set of dates: those that hold and lie ahead, those that hold and have passed, those that
    a document ended. One that several artefacts state is told once."""
    names = _names(event)
    same: dict[tuple[DateKind, date], list[Standing]] = {}
    for each in event.standings:
        if each.stated.kind not in FACTS:
            same.setdefault((each.stated.kind, each.stated.on), []).append(each)
    told = (_dated(group, event, names, today) for group in same.values())
    return together(sorted(told, key=lambda each: (not each.live, each.passed, each.on)))


def doubts(event: Event, kind: DateKind, on: date) -> tuple[str, ...]:
    """Which artefacts state a date that has been ended as theirs, in words: where another states
    the same day and nothing ended that, a reader must look."""
    names = _names(event)
    return tuple(
        f"{_in(each, names)}, it is {standing(kind, False, each.why)}"
        for each in event.standings
        if (each.stated.kind, each.stated.on) == (kind, on) and not each.live
    )


def states(event: Event) -> tuple[str, ...]:
    """What the documents held say of a rule, each from its day on, in their words; beside what a
    court's action may have ended, that action."""
    names = _names(event)
    return tuple(_state(each, names, event.court_actions) for each in event.states)


def court(event: Event) -> tuple[lineage.Acted, ...]:
    """What courts did, apart from the states."""
    return lineage.court(event.court_actions, _names(event))


def _latest_states(event: Event, room: Room) -> tuple[str, ...]:
    told, left = states(event), max(0, len(event.states) - room.items)
    more = (f"{wording.counted(left, 'earlier state')}: {ALL} names each",) if left else ()
    return (*more, *told[left:])


def _latest_court(event: Event, room: Room) -> tuple[lineage.Acted, ...]:
    """The latest court actions, an undated one being taken for new; how many more there are."""
    given = event.court_actions
    latest = sorted(given, key=lambda each: each.on or date.max, reverse=True)[: room.items]
    told = court(replace(event, court_actions=tuple(each for each in given if each in latest)))
    cut = (replace(each, evidence=wording.shortened(each.evidence, room.words)) for each in told)
    if not (left := [each for each in given if each not in latest]):
        return tuple(cut)
    more = lineage.Acted(
        words=f"{wording.counted(len(left), 'more court action')} on it",
        evidence=f"{ALL} tells each in its words",
        heading=lineage.LITIGATION if any(each.is_by_hand for each in left) else lineage.REPORTED,
    )
    return (*cut, more)


def _names(event: Event) -> dict[Document, str]:
    """Each artefact by its citation or number, else by the beginning of its title."""
    return {
        each.document: plain(each.citation)
        or lineage.numbered(each.document)
        or f"“{wording.shortened(plain(each.title), TITLE)}”"
        for each in event.artefacts
    }


def _step(artefact: Artefact, event: Event, places: Mapping[int, str]) -> Step:
    """A title is left out where the event's line has it already."""
    title = wording.shortened(plain(artefact.title), TITLE)
    quoted = "" if plain(artefact.title) in line(event) else f"“{title}”"
    sort = authority(artefact.document.kind).title
    return Step(
        day=_day(artefact),
        words=", ".join(filter(None, (sort, plain(artefact.citation), quoted))),
        where=places.get(artefact.change, ""),
        evidence="; ".join(map(plain, artefact.evidence)),
        document=artefact.document,
        change=artefact.change,
    )


def _day(artefact: Artefact) -> str:
    if artefact.on is None:
        return f"{wording.calendar(eastern(artefact.seen_at))}, first seen"
    what = f", {DATES[artefact.dated]}" if artefact.dated else ""
    return f"{wording.calendar(artefact.on)}{what}"


def _dated(
    group: Sequence[Standing], event: Event, names: Mapping[Document, str], today: date
) -> Dated:
    """A date that one or more artefacts state. Where one of them is ended and another not, it is
    called live, and the reader told to look: a live date called dead is missed."""
    binding = sorted(group, key=lambda each: authority(each.document.kind).weight)
    live = [each for each in binding if each.live]
    first = (live or binding)[0]
    stated = first.stated
    doubted = doubts(event, stated.kind, stated.on)
    whys = [*(each.why for each in live if each.why), *doubted] if live else [first.why]
    others = dict.fromkeys(_in(each, names) for each in group if each.document != first.document)
    return Dated(
        kind=stated.kind,
        name=called_in(first.document, stated.kind),
        on=stated.on,
        read="; also ".join((f"{read(stated)}, {_in(first, names)}", *others)),
        live=bool(live),
        why="; ".join(dict.fromkeys(map(plain, whys))),
        passed=stated.on < today,
        cases=cases(stated),
    )


def _in(each: Standing, names: Mapping[Document, str]) -> str:
    return f"in {names.get(each.document) or lineage.named(each.document)}"


def _state(state: State, names: Mapping[Document, str], actions: Sequence[CourtAction]) -> str:
    day = wording.calendar(state.since) if state.since else "Day not stated"
    words = wording.shortened(plain(state.words), QUOTED)
    where = names.get(state.document) or lineage.named(state.document)
    said = f": “{words}” ({where})" if words else f" ({where})"
    kind = str(state.kind)
    return f"{day}: {lineage.by_text(kind, actions) if state.kind in HOLDING else kind}{said}"
