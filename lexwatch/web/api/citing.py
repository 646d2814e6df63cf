"""What became of authorities, who cites them, and whether a draft cites them right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from index.cites import Cite
from index.cites import cites as find
from lexwatch import drafts, fate
from lexwatch.output import checked, cited
from lexwatch.web.api.answer import (
    Day,
    Forum,
    Limit,
    Name,
    Offset,
    Since,
    after,
    answered,
    router,
    shaped,
)
from lexwatch.web.api.shapes.answers import Draft, Fate
from lexwatch.web.api.shapes.authorities import Cites
from lexwatch.web.frame import Frame
from lexwatch.web.guard import LARGEST
from pipeline.citator import forum as forums
from pipeline.errors import SettingsError

_FILE = {
    "requestBody": {
        "required": True,
        "description": "The draft: a Word file (.docx), a PDF or a text of up to 32 MB.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def routes(frame: Frame) -> APIRouter:
    """`/status`, `/cites`, `/check-draft`."""
    api = router()

    @api.get("/status", response_model=Fate)
    def status(
        request: Request,
        *,
        authority: Name,
        forum: Forum = None,
        on: Annotated[Day | None, Query(description="As of then; else today.")] = None,
    ) -> Response:
        """What the documents held say became of an authority, each with its sentence."""
        if on and on > frame.today:
            raise SettingsError(f"{on} lies ahead: what becomes of it until then is unknown")
        where = forums.forum(forum) if forum else None
        told = fate.fate(frame.app, authority, where, on or frame.today)
        return answered(request, shaped(Fate, fate.row(told)))

    @api.get("/cites", response_model=Cites)
    def cites(
        request: Request, *, authority: Name, limit: Limit = 25, offset: Offset = 0
    ) -> Response:
        """Who cites an authority, the newest first, and what it cites; `limit` counts documents."""
        told = find(frame.app.database, authority, offset + limit)
        row = cited.row(told)
        following = after(request, offset + limit) if told.documents > offset + limit else None
        passed = _of(told.citing, offset)
        row |= {"citing": row["citing"][passed:], "next": following}
        return answered(request, shaped(Cites, row))

    @api.post("/check-draft", response_model=Draft, openapi_extra=_FILE)
    async def check(request: Request, *, forum: Forum = None, since: Since = None) -> Response:
        """Check a draft's citations against what is held; nothing of the draft is kept."""
        where = forums.forum(forum) if forum else None
        body = await _body(request)
        told = await run_in_threadpool(drafts.checked, frame.app, body, where, since)
        return answered(request, shaped(Draft, checked.row(told)))

    return api


def _of(citing: Sequence[Cite], documents: int) -> int:
    """How many sentences the first documents have."""
    groups = [len([*of]) for _, of in groupby(citing, key=lambda each: each.document)]
    return sum(groups[:documents])


async def _body(request: Request) -> bytes:
    """What was sent, in memory alone."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413, "larger than 32 MB: nothing was kept of it")
    return bytes(body)
