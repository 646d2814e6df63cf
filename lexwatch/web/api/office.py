"""What is watched, and who is told of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from index import mutes, suppressions
from index import runs as ledger
from index import subscriptions as kept
from index.faults import faults
from lexwatch.operating.ailing import ailments
from lexwatch.operating.health import health as look
from lexwatch.output import operated, rows, subscribed
from lexwatch.web import sources as watched
from lexwatch.web.api.answer import Limit, Offset, answered, listed, router, shaped
from lexwatch.web.api.shapes.office import Fault, Health, Run, Source, Subscription, Topic
from lexwatch.web.api.shapes.shape import Listed
from lexwatch.web.frame import Frame

Name = Annotated[str, Path(max_length=64)]


def routes(frame: Frame) -> APIRouter:
    """`/health`, `/sources`, `/subscriptions`, `/topics`."""
    api = router()
    for subject in (_operated, _watched, _subscribed):
        subject(api, frame)
    return api


def _operated(api: APIRouter, frame: Frame) -> None:
    @api.get("/health", response_model=Health)
    def health(request: Request) -> Response:
        """How this installation stands, and what ails it."""
        found = look(frame.app)
        ailing = ailments(found, frame.app.settings.operator)
        whole = operated.health_row(found, ailing)
        said = {name: whole[name] for name in Health.model_fields}
        return answered(request, shaped(Health, said))


def _watched(api: APIRouter, frame: Frame) -> None:
    @api.get("/sources", response_model=Listed[Source])
    def sources(request: Request, *, limit: Limit = 100, offset: Offset = 0) -> Response:
        """What is watched and what is off, how it was last read, and what is normal there."""
        every = watched.watched(frame)
        said = [_source(each) for each in every[offset : offset + limit]]
        return listed(request, Source, said, len(every), offset)

    @api.get("/sources/{name}", response_model=Source)
    def source(request: Request, name: Name) -> Response:
        """One source."""
        return answered(request, shaped(Source, _source(watched.one(frame, name))))

    @api.get("/sources/{name}/runs", response_model=Listed[Run])
    def runs(request: Request, *, name: Name, limit: Limit = 50, offset: Offset = 0) -> Response:
        """The visits to a source, the newest first."""
        watched.named(frame, name)
        total = ledger.count(frame.app.database, name)
        said = ledger.runs(frame.app.database, name, offset + limit)[offset:]
        return listed(request, Run, [rows.run_row(each) for each in said], total, offset)

    @api.get("/sources/{name}/faults", response_model=Listed[Fault])
    def faulty(request: Request, *, name: Name, limit: Limit = 50, offset: Offset = 0) -> Response:
        """The pages of a source that are kept and were not taken in, the newest first."""
        watched.named(frame, name)
        said, total = faults(frame.app.database, name, limit=limit, offset=offset)
        return listed(request, Fault, [asdict(each) for each in said], total, offset)


def _subscribed(api: APIRouter, frame: Frame) -> None:
    @api.get("/subscriptions", response_model=Listed[Subscription])
    def subscriptions(request: Request, *, limit: Limit = 50, offset: Offset = 0) -> Response:
        """Who wants what: as kept by commands and pages, and by the settings file at the last
        run."""
        every = kept.held(frame.app.database)
        now = frame.app.clock()
        muted = mutes.muted(frame.app.database, now)
        with frame.app.database.read() as connection:
            stopped = suppressions.suppressed(connection, [each.address for each in every])
        said = [
            subscribed.row(each, now, stopped.get(each.address), muted.get(each.id))
            for each in every[offset : offset + limit]
        ]
        return listed(request, Subscription, said, len(every), offset)

    @api.get("/topics", response_model=Listed[Topic])
    def topics(request: Request, *, limit: Limit = 100, offset: Offset = 0) -> Response:
        """The topics by which documents are told apart."""
        every = [*frame.app.taxonomy.titles.items()]
        said = [{"topic": name, "title": title} for name, title in every[offset : offset + limit]]
        return listed(request, Topic, said, len(every), offset)


def _source(each: watched.Watched) -> dict[str, object]:
    return {
        **rows.report_row(each.report, each.latest, each.off),
        "normal": {"floor": each.normal.floor, "ceiling": each.normal.ceiling},
        "gaps": [{"first": first, "last": last} for first, last in each.gaps],
    }
