"""What changed, and what falls due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from index import listing
from lexwatch.options import in_order
from lexwatch.output import ahead, rows
from lexwatch.web.api.answer import (
    Limit,
    Number,
    Offset,
    Since,
    Sources,
    Topics,
    Until,
    answered,
    listed,
    router,
    shaped,
)
from lexwatch.web.api.shapes.changes import Change, Deadline
from lexwatch.web.api.shapes.shape import Listed
from lexwatch.web.frame import Frame
from lexwatch.web.routes.deadlines import held

AHEAD = timedelta(days=60)


def routes(frame: Frame) -> APIRouter:
    """`/changes`, `/deadlines`."""
    api = router()
    for subject in (_changes, _deadlines):
        subject(api, frame)
    return api


def _changes(api: APIRouter, frame: Frame) -> None:
    @api.get("/changes", response_model=Listed[Change])
    def changes(
        request: Request,
        *,
        since: Since = None,
        until: Until = None,
        source: Sources = None,
        topic: Topics = None,
        everything: Annotated[
            bool, Query(alias="all", description="Also noise, and what first crawls found.")
        ] = False,
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> Response:
        """What changed, the newest first, by the day on which it was written down."""
        frame.app.check(source or (), topic or ())
        in_order(since, until)
        begin, end = _midnight(frame, since), _midnight(frame, until and until + timedelta(days=1))
        found = [
            each.id
            for each in listing.listed(
                frame.app.database,
                begin or datetime.min.replace(tzinfo=UTC),
                end or datetime.max.replace(tzinfo=UTC),
                everything=everything,
            )
            if (not source or each.source in source)
            and (not topic or not each.topics.isdisjoint(topic))
        ]
        shown = listing.numbered(frame.app.database, found[offset : offset + limit])
        return listed(request, Change, rows.change_rows(shown), len(found), offset)

    @api.get("/changes/{number}", response_model=Change)
    def change(request: Request, number: Number) -> Response:
        """A change with its whole redline."""
        shown = listing.one(frame.app.database, number)
        return answered(request, shaped(Change, rows.change_row(shown)))


def _deadlines(api: APIRouter, frame: Frame) -> None:
    @api.get("/deadlines", response_model=Listed[Deadline])
    def deadlines(
        request: Request,
        *,
        since: Since = None,
        until: Until = None,
        topic: Topics = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Response:
        """What falls due, from today and for 60 days unless days are given; cancelled dates too."""
        frame.app.check((), topic or ())
        first = since or frame.today
        last = until or first + AHEAD
        in_order(first, last)
        every, _ = held(frame, first, last)
        found = [each for each in every if not topic or not {*each.topics}.isdisjoint(topic)]
        said = [
            {**ahead.row(each, frame.today), "cancelled": each.is_cancelled}
            for each in found[offset : offset + limit]
        ]
        return listed(request, Deadline, said, len(found), offset)


def _midnight(frame: Frame, day: date | None) -> datetime | None:
    """A calendar day in the office's zone, as an instant."""
    return None if day is None else datetime.combine(day, time(), frame.zone)
