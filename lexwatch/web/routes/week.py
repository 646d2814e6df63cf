"""The page of a week at a glance: what matters most, what takes effect and closes, and whether we
looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from alerts import front, wording
from alerts.deadlines import urgent
from alerts.entry import Detail, Entry, Glance, Plan
from alerts.front import Precedent
from alerts.routine import is_routine
from alerts.sections import Section, sections
from alerts.swept import Told
from alerts.swept import told as swept
from alerts.ways import Ways
from index import listing
from lexwatch.web import asked, coverage
from lexwatch.web.entries import SHORT
from lexwatch.web.frame import Frame
from lexwatch.web.routes import changes
from lexwatch.web.routes.deadlines import SORTS, Row, held, row
from pipeline.deadline import is_paperwork
from pipeline.errors import SettingsError
from pipeline.model import Change, ChangeClass, Deadline, Digest, Document

WEEK = timedelta(days=7)
NEXT = timedelta(days=14)  # after it, of which the dates are told too
ROWS = 12  # decisions and dates of a sort; the rest are counted
MOST = 400  # changes that are weighed: a week has some dozens


@dataclass(frozen=True, kw_only=True)
class First:
    """A change on the first screen, with its number and its document."""

    glance: Glance
    change: int
    document: Document


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A topic of the week: how many changes are shown under it, how many of them can't wait and how
    many are substantive."""

    topic: str
    title: str
    changes: int
    urgent: int
    substantive: int


@dataclass(frozen=True, kw_only=True)
class Due:
    """What falls due in the week, of one sort; `more` did not fit."""

    title: str
    what: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week told: the digest of everything, and what stands on its first screen."""

    digest: Digest
    first: tuple[First, ...]
    precedents: tuple[tuple[Precedent, int], ...]
    more_precedents: int
    subjects: tuple[Subject, ...]
    sweeps: Told
    routine: tuple[Change, ...]
    apart: int
    unweighed: int


def routes(frame: Frame) -> APIRouter:
    """`/week`, of any day of it."""
    router = APIRouter()

    @router.get("/week")
    def week(request: Request) -> Response:
        return _page(frame, request)

    return router


def _page(frame: Frame, request: Request) -> Response:
    today = frame.app.clock().astimezone(frame.zone).date()
    day = asked.day(request.query_params, "of") or today
    if day > today:
        raise SettingsError(f"{day} lies ahead: see the deadlines for what falls due then")
    monday = day - timedelta(days=day.weekday())
    told = week(frame, monday)
    begun = listing.first(frame.app.database)
    sunday = monday + timedelta(days=6)
    every, behind = held(frame, monday, sunday + NEXT)
    due = [each for each in every if each.on <= sunday]
    ahead = [each for each in every if each.on > sunday and _stands(each)]
    return frame.page(
        request,
        "week.html",
        title=f"The week of {wording.calendar(monday)}",
        monday=monday,
        sunday=sunday,
        here="/changes",
        is_running=monday + WEEK > today,
        before=monday - WEEK if begun and begun < told.digest.since else None,
        after=monday + WEEK if monday + WEEK <= today else None,
        week=told,
        newest=None if told.digest.alerts else changes.newest(frame, told.digest.since),
        looked=coverage.looked(told.digest),
        due=tuple(_due(frame, due)),
        cancelled=tuple(row(frame, each) for each in due if each.is_cancelled)[:ROWS],
        ahead=tuple(row(frame, each) for each in ahead[:ROWS]),
        more_ahead=max(0, len(ahead) - ROWS),
        behind=behind,
    )


def week(frame: Frame, monday: date) -> Week:
    """What was written down in the seven days from a Monday on."""
    first, end = changes.period(frame, monday, monday + timedelta(days=6))
    every = listing.listed(frame.app.database, first, end)
    ours = [each for each in every if not each.is_apart]
    found = listing.numbered(frame.app.database, [each.id for each in ours[:MOST]])
    digest = coverage.told(frame, found, first, end)
    background = frame.app.taxonomy.background
    told = [alert.change for alert in digest.alerts]
    sweeps = swept(told, frame.app.names)
    routine = tuple(each for each in told if is_routine(each, background))
    set_in = _sections(frame, digest, {*sweeps.once})
    numbers = {one.number: one.change for one in _entries(set_in)}
    decisions, more = front.precedents(
        digest.alerts, {change.id: number for number, change in numbers.items()}, ROWS
    )
    return Week(
        digest=digest,
        first=tuple(
            First(
                glance=each, change=numbers[each.number].id, document=numbers[each.number].document
            )
            for each in front.foremost(set_in, {each.id for each in routine})
        ),
        precedents=tuple(
            (each, numbers[each.number].id if each.number else 0) for each in decisions
        ),
        more_precedents=more,
        subjects=tuple(_subjects(frame, told)),
        sweeps=sweeps,
        routine=routine,
        apart=len(every) - len(ours),
        unweighed=max(0, len(ours) - MOST),
    )


def _stands(each: Deadline) -> bool:
    return not each.is_cancelled and not is_paperwork(each.stated)


def _sections(frame: Frame, digest: Digest, but: set[int]) -> tuple[Section, ...]:
    plan = Plan(names=frame.app.names, today=frame.today, zone=frame.zone, at_once={}, ways=Ways())
    alerts = [each for each in digest.alerts if each.change.id not in but]
    return sections(digest, alerts, plan, _in_all(len(alerts)), {})


def _in_all(count: int) -> Detail:
    return replace(SHORT, changes=count)


def _entries(set_in: Iterable[Section]) -> Iterator[Entry]:
    return (one for each in set_in for group in each.groups for one in group.entries)


def _subjects(frame: Frame, told: Sequence[Change]) -> Iterator[Subject]:
    """The topics by how many changes are on them: one on several counts for each."""
    names = frame.app.names
    by_topic: dict[str, list[Change]] = {}
    for change in told:
        for tag in change.tags:
            by_topic.setdefault(tag.topic, []).append(change)
    for name, own in sorted(by_topic.items(), key=lambda each: (-len(each[1]), each[0])):
        yield Subject(
            topic=name,
            title=names.get(name, name),
            changes=len(own),
            urgent=sum(bool(urgent(each)) for each in own),
            substantive=sum(
                each.difference.change_class is ChangeClass.SUBSTANTIVE for each in own
            ),
        )


def _due(frame: Frame, due: Sequence[Deadline]) -> Iterator[Due]:
    for name, sort in SORTS.items():
        own = [each for each in due if each.kind in sort.kinds and not each.is_cancelled]
        if own:
            yield Due(
                title=sort.title,
                what=name,
                rows=tuple(row(frame, each) for each in own[:ROWS]),
                more=max(0, len(own) - ROWS),
            )
