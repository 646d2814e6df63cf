"""The pages of what falls due: a list, a calendar by month, and the same for calendar programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from alerts import falling
from alerts.dates import read
from alerts.deadlines import FIRST, SOON, hour
from alerts.wording import initial
from index import deadlines as kept
from lexwatch.options import PLAUSIBLE, in_order
from lexwatch.web import asked, months
from lexwatch.web.frame import Frame, query, unless_known
from pipeline.deadline import is_paperwork
from pipeline.errors import SettingsError, StoreError
from pipeline.model import DateKind, Deadline

DAYS = 60  # ahead, where none are given
SPANS = (14, 30, 60, 90, 365)
PAGE = 50  # dates on a page
PAGES = 1_000
AROUND = timedelta(days=366)  # on either side of today, of which months are linked
FILE = "lexwatch-deadlines.ics"
WORDS = {"Content-Disposition": f'attachment; filename="{FILE}"'}
BEHIND = (
    "Something is being written at the moment: dates that came in the last minutes may be missing. "
    "Load the page again."
)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, kw_only=True)
class Sort:
    """What falls due, as a filter has it."""

    title: str
    kinds: frozenset[DateKind]


SORTS = {
    "effect": Sort(
        title="Takes effect",
        kinds=frozenset({DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE}),
    ),
    "comments": Sort(title="Comments close", kinds=frozenset({DateKind.COMMENTS_CLOSE})),
    "hearing": Sort(
        title="Hearings and briefs", kinds=frozenset({DateKind.HEARING, DateKind.BRIEFS_DUE})
    ),
    "ends": Sort(title="Expires", kinds=frozenset({DateKind.EXPIRES})),
    "paperwork": Sort(
        title="Paperwork comments close", kinds=frozenset({DateKind.PRA_COMMENTS_CLOSE})
    ),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A date as a list has it; `source` is the publisher's page."""

    deadline: Deadline
    left: str
    hour: str
    what: str
    read: str
    moved: str
    caution: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """The dates under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a page is to show: the values of each filter, and the days of a list."""

    since: date
    until: date
    given: Mapping[str, tuple[str, ...]]

    @property
    def said(self) -> dict[str, Any]:
        """The filters as an address has them."""
        return {**self.given}


def routes(frame: Frame) -> APIRouter:
    """`/deadlines`, also by `month`, and `/deadlines.ics`."""
    router = APIRouter()

    @router.get("/deadlines")
    def deadlines(request: Request) -> Response:
        if "month" in request.query_params:
            return _month(frame, request)
        return _list(frame, request)

    @router.get("/deadlines.ics")
    def file(request: Request) -> Response:
        from lexwatch.alerting import feeds  # noqa: PLC0415 - it loads what makes calendars

        return unless_known(request, feeds.calendar(frame.app), "text/calendar", more=WORDS)

    return router


def held(frame: Frame, since: date, until: date) -> tuple[tuple[Deadline, ...], str]:
    """What falls due from one day to another, cancelled dates too; and what to mind, where the
    table could not be brought up to date."""
    database, behind = frame.app.database, ""
    try:
        kept.sync(database, frame.app.clock())
    except StoreError:  # somebody writes: what is held is shown all the same
        behind = BEHIND
    return kept.held(database, since, until), behind


def row(frame: Frame, each: Deadline) -> Row:
    """A date as a list has it."""
    words = dict.fromkeys(read(stated) for stated in (each.stated, *each.applies))
    return Row(
        deadline=each,
        left=falling.left(each.on, frame.today),
        hour=hour(each.stated),
        what=initial(falling.called(each)),
        read="; ".join(words),
        moved=falling.moves(each),
        caution=initial(falling.caution(each)),
        source=falling.link(each),
    )


def _list(frame: Frame, request: Request) -> Response:
    wanted = _asked(frame, request)
    at = asked.number(request.query_params, "page", 1, PAGES)
    every, behind = held(frame, wanted.since, wanted.until)
    found = [each for each in every if _meets(each, wanted)]
    # Comments on paperwork and what fell away stand behind everything else.
    ordered = sorted(found, key=lambda each: (each.is_cancelled, is_paperwork(each.stated)))
    shown = ordered[(at - 1) * PAGE : at * PAGE]
    return frame.page(
        request,
        "deadlines.html",
        title="Deadlines",
        asked=wanted,
        parts=tuple(_parts(frame, shown)),
        count=sum(not each.is_cancelled for each in found),
        cancelled=sum(each.is_cancelled for each in found),
        behind=behind,
        at=at,
        is_more=len(ordered) > at * PAGE,
        days=(wanted.until - wanted.since).days,
        spans=tuple(_spans(frame, wanted)),
        **_choices(frame, every),
    )


def _month(frame: Frame, request: Request) -> Response:
    wanted = _asked(frame, request)
    first = _first(frame, asked.words(request.query_params, "month"))
    weeks = months.days(first)
    every, behind = held(frame, weeks[0][0], weeks[-1][-1] + timedelta(days=SPANS[-1]))
    found = [each for each in every if _meets(each, wanted)]
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return frame.page(
        request,
        "deadlines_month.html",
        title=f"Deadlines, {first:%B %Y}",
        asked=wanted,
        first=first,
        weeks=tuple(tuple(months.cell(on, first, found) for on in week) for week in weeks),
        behind=behind,
        before=before if abs(before - frame.today) <= AROUND else None,
        after=after if abs(after - frame.today) <= AROUND else None,
        **_choices(frame, every),
    )


def _asked(frame: Frame, request: Request) -> Asked:
    given = request.query_params
    values = {name: asked.every(given, name) for name in ("topic", "source", "what")}
    frame.app.check(values["source"], values["topic"])
    for each in values["what"]:
        if each not in SORTS:
            raise SettingsError(f"no {each!r} falls due. There are: {', '.join(SORTS)}")
    since = asked.day(given, "since") or frame.today
    ahead = timedelta(days=asked.number(given, "days", DAYS, 3660))
    until = asked.day(given, "until") or since + ahead
    in_order(since, until)
    return Asked(since=since, until=until, given=values)


def _first(frame: Frame, month: str) -> date:
    """The first day of a month, as 2026-11; of this one where none is named."""
    if not month:
        return frame.today.replace(day=1)
    found = _MONTH.fullmatch(month)
    if not found or int(found[1]) not in PLAUSIBLE:
        raise SettingsError(f"{month[:20]!r} is no month: write one like 2026-11")
    return date(int(found[1]), int(found[2]), 1)


def _meets(each: Deadline, wanted: Asked) -> bool:
    kinds = {kind for name in wanted.given["what"] for kind in SORTS[name].kinds}
    topics, sources = wanted.given["topic"], wanted.given["source"]
    named = {each.document.source, *(one.source for one in each.members)}
    return (
        (not kinds or each.kind in kinds)
        and (not topics or not set(topics).isdisjoint(each.topics))
        and (not sources or not named.isdisjoint(sources))
    )


def _parts(frame: Frame, shown: Sequence[Deadline]) -> Iterator[Part]:
    for title, of in groupby(shown, key=lambda each: _heading(frame, each)):
        yield Part(title=title, rows=tuple(row(frame, each) for each in of))


def _heading(frame: Frame, each: Deadline) -> str:
    if each.is_cancelled:
        return "Cancelled: do not rely on these days"
    if is_paperwork(each.stated):
        return "Paperwork Reduction Act comments: on a form’s burden, not on the rule"
    ahead = each.on - frame.today
    if ahead < timedelta():
        return "Passed, as told before"
    return "Within 14 days" if ahead <= FIRST else "Within 30 days" if ahead <= SOON else "Later"


def _choices(frame: Frame, every: Sequence[Deadline]) -> dict[str, Any]:
    """What can be chosen of each filter: what the dates at hand have."""
    names = frame.app.names
    topics = sorted(
        {topic for each in every for topic in each.topics}, key=lambda name: names.get(name, name)
    )
    sources = sorted(
        {each.document.source for each in every}, key=lambda name: names.get(name, name)
    )
    return {
        "topics": {each: names.get(each, each) for each in topics},
        "sources": {each: names.get(each, each) for each in sources},
        "sorts": SORTS,
    }


def _spans(frame: Frame, wanted: Asked) -> Iterator[tuple[int, str, bool]]:
    for days in SPANS:
        is_on = wanted.since == frame.today and (wanted.until - wanted.since).days == days
        yield days, query(wanted.said, days=days), is_on
