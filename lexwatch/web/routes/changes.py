"""The pages of what changed: by day and event, and each change with its whole redline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from alerts import story, wording
from alerts.redline import Line, left_out
from alerts.story import Step
from index import listing
from index.listing import Listed
from lexwatch.options import in_order, one_of
from lexwatch.web import asked, coverage, entries
from lexwatch.web.frame import Frame, path, query
from pipeline.errors import SettingsError
from pipeline.model import Change, ChangeClass, ChangeKind, Event
from pipeline.weight import RULES

PAGE = 15  # changes on a page
PAGES = 10_000  # that an address may ask for
LATELY = 30  # days, where none are given
LONGEST = 366  # days at once
SPANS = {"Today": 1, "7 days": 7, "30 days": 30, "90 days": 90, "A year": 365}
SHOWN = 8  # choices of a filter before the rest is folded
ROOM = 40_000  # characters of a redline on one page
NOISE = 12_000  # … and of what was left out as noise
STEPS = 40  # documents of an event, the newest
FACETS = {"class": "Class", "source": "Source", "topic": "Topic"}
_CLASSES = [*wording.CLASSES]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a page is to show: days, both included, and the values of each filter."""

    since: date
    until: date
    given: Mapping[str, tuple[str, ...]]
    everything: bool

    @property
    def said(self) -> dict[str, Any]:
        """The same as an address has it."""
        return {
            "since": self.since,
            "until": self.until,
            **self.given,
            "all": "1" if self.everything else "",
        }

    @property
    def is_filtered(self) -> bool:
        return any(self.given.values())


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value of a filter: what it is called, how many changes it leaves, and the address that
    turns it on or off."""

    title: str
    count: int
    is_on: bool
    href: str


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """Edits that a rule explains as no change of the law, and why they are none."""

    rule: str
    why: str
    count: int
    lines: tuple[Line, ...]


def routes(frame: Frame) -> APIRouter:
    """`/changes` and `/changes/{number}`."""
    router = APIRouter()

    @router.get("/changes")
    def changes(request: Request) -> Response:
        return _page(frame, request)

    @router.get("/changes/{number:int}")
    def change(number: int, request: Request) -> Response:
        return _one(frame, request, listing.one(frame.app.database, number))

    return router


def _page(frame: Frame, request: Request) -> Response:
    wanted = _asked(frame, request)
    at = asked.number(request.query_params, "page", 1, PAGES)
    first, end = period(frame, wanted.since, wanted.until)
    held = listing.listed(frame.app.database, first, end, everything=wanted.everything)
    found = sorted(filter(_meets(wanted), held), key=lambda each: _place(frame, each))
    numbers = [each.id for each in found[(at - 1) * PAGE : at * PAGE]]
    shown = listing.numbered(frame.app.database, numbers)
    return frame.page(
        request,
        "changes.html",
        title="What changed",
        asked=wanted,
        days=tuple(entries.days(frame, shown)),
        count=len(found),
        at=at,
        is_more=len(found) > at * PAGE,
        facets=dict(_facets(frame, held, wanted)),
        facet_names=FACETS,
        spans=tuple(_spans(frame, wanted)),
        SHOWN=SHOWN,
        newest=None if found else newest(frame, end),
        looked=None if found else coverage.over(frame, first, end, wanted.given["source"]),
    )


def _one(frame: Frame, request: Request, change: Change) -> Response:
    told = entries.shown(frame, change, entries.WHOLE)
    chunks = tuple(_chunks(told.body.lines))
    at = asked.number(request.query_params, "page", 1, max(1, len(chunks)))
    before, after = listing.beside(frame.app.database, change)
    return frame.page(
        request,
        "changes_one.html",
        title=wording.shortened(told.change.new.title, 120),
        told=told,
        lines=chunks[at - 1] if chunks else (),
        at=at,
        pages_in_all=len(chunks),
        ignored=tuple(_ignored(change)) if at == 1 else (),
        events=tuple((each, _steps(each)) for each in change.events),
        story=story,
        before=before,
        after=after,
        beside=_beside(frame, change),
    )


def newest(frame: Frame, before: datetime) -> date | None:
    """The last day before a moment on which something changed, for who asked of days without."""
    found = listing.newest(frame.app.database, before)
    return found.astimezone(frame.zone).date() if found else None


def period(frame: Frame, first: date, last: date) -> tuple[datetime, datetime]:
    """Days of the office, both included, as moments."""
    return (
        datetime.combine(first, time(), frame.zone),
        datetime.combine(last + timedelta(days=1), time(), frame.zone),
    )


def _asked(frame: Frame, request: Request) -> Asked:
    given = request.query_params
    today = frame.app.clock().astimezone(frame.zone).date()
    until = asked.day(given, "until") or today
    since = asked.day(given, "since") or until - timedelta(days=LATELY)
    in_order(since, until)
    if (until - since).days > LONGEST:
        raise SettingsError(f"{since} to {until} is more than a year: ask for one at a time")
    values = {name: asked.every(given, name) for name in FACETS}
    frame.app.check(values["source"], values["topic"])
    one_of("class", values["class"], ChangeClass)
    is_noise = ChangeClass.NOISE in values["class"]
    everything = asked.words(given, "all") == "1" or is_noise
    return Asked(since=since, until=until, given=values, everything=everything)


def _values(each: Listed) -> Mapping[str, frozenset[str]]:
    return {
        "class": frozenset({each.change_class}),
        "source": frozenset({each.source}),
        "topic": each.topics,
    }


def _meets(wanted: Asked, but: str = "") -> Callable[[Listed], bool]:
    """The condition that a change meets every filter, `but` one."""

    def meets(each: Listed) -> bool:
        has = _values(each)
        asked_for = {name: values for name, values in wanted.given.items() if name != but}
        return all(not has[name].isdisjoint(on) for name, on in asked_for.items() if on)

    return meets


def _place(frame: Frame, each: Listed) -> tuple[int, bool, int, int]:
    """Newest day first; in a day by class, newest first, what is not on immigration last."""
    on = each.recorded_at.astimezone(frame.zone).date().toordinal()
    return -on, each.is_apart, _CLASSES.index(each.change_class), -each.id


def _facets(
    frame: Frame, held: Sequence[Listed], wanted: Asked
) -> Iterator[tuple[str, Sequence[Choice]]]:
    """By filter its choices, those that are on first, then the most frequent."""
    classes = {str(each): title for each, title in wording.CLASSES.items()}
    names = {**frame.app.names, **classes}
    for name in FACETS:
        met = filter(_meets(wanted, but=name), held)
        counts = Counter(value for each in met for value in _values(each)[name])
        on = wanted.given[name]
        every = sorted({*counts, *on}, key=lambda value: (value not in on, -counts[value], value))
        if every:
            yield name, [_choice(name, each, counts[each], names, wanted) for each in every]


def _choice(name: str, value: str, count: int, names: Mapping[str, str], wanted: Asked) -> Choice:
    on = wanted.given[name]
    left = [each for each in on if each != value] if value in on else [*on, value]
    return Choice(
        title=names.get(value, value),
        count=count,
        is_on=value in on,
        href=query(wanted.said, **{name: left}),
    )


def _spans(frame: Frame, wanted: Asked) -> Iterator[tuple[str, str, bool]]:
    """Periods that end today: what each is called, its address, and whether it is shown."""
    today = frame.app.clock().astimezone(frame.zone).date()
    for name, length in SPANS.items():
        first = today - timedelta(days=length - 1)
        is_on = (wanted.since, wanted.until) == (first, today)
        yield name, query(wanted.said, since=first, until=today), is_on


def _chunks(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """A redline in pages, none of which is too long to load at once."""
    page: list[Line] = []
    room = ROOM
    for line in lines:
        length = sum(len(piece.text) for piece in line.pieces) + len(line.place) + 200
        if page and length > room:
            yield tuple(page)
            page, room = [], ROOM
        page.append(line)
        room -= length
    if page:
        yield tuple(page)


def _ignored(change: Change) -> Iterator[Ignored]:
    """What was left out as noise, by rule, as far as there is room."""
    room = NOISE
    by_rule: dict[str, list[Line]] = {}
    for line in left_out(change):
        by_rule.setdefault(line.rule, []).append(line)
    for rule, lines in by_rule.items():
        shown: list[Line] = []
        for line in lines:
            room -= sum(len(piece.text) for piece in line.pieces)
            if room > 0:
                shown.append(line)
        yield Ignored(
            rule=rule.replace("-", " "),
            why=RULES[rule].why if rule in RULES else "",
            count=len(lines),
            lines=tuple(shown),
        )


def _steps(event: Event) -> Sequence[Step]:
    return story.timeline(event)[-STEPS:]


def _beside(frame: Frame, change: Change) -> str:
    """Where its two texts stand side by side; "" where there are no two."""
    old, new = change.old, change.new
    if old is None or change.difference.kind is ChangeKind.REMOVED:
        return ""
    if old.document != new.document:
        return path(old.document, "compare") + query({}, **{"with": new.document.name})
    between = listing.compared(frame.app.database, change)
    numbers = dict(zip(("from", "to"), between, strict=True)) if between else {}
    return path(new.document, "compare") + query({}, **numbers) if between else ""
