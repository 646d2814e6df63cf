"""A document over time: its versions, what governed on a day, and its originals as fetched."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from alerts.untrusted import plain
from alerts.wording import CLASSES, FULLER, KINDS
from index import opened as held
from index.moments import governed_on
from lexwatch.output import timeline
from lexwatch.web import asked
from lexwatch.web.frame import Frame
from lexwatch.web.opened import Opened, asked_for
from pipeline.model import ChangeKind, Document

if TYPE_CHECKING:
    from pipeline.model import Page

CONTEXT = 4_000  # characters of what the listing said that are shown
# By the media type; what is anything else is a file without a sort.
_ENDINGS = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/json": ".json",
    "text/plain": ".txt",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
# Whatever a browser makes of it, nothing in it may run, be framed or fetch.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def routes(frame: Frame) -> APIRouter:
    """`/versions/…`, `/governed/…`, `/original/…` and `/download/…`, by source and key."""
    router = APIRouter()

    @router.get("/versions/{source}/{key:path}")
    def versions(request: Request, source: str, key: str) -> Response:
        this = asked_for(frame, request, source, key)
        steps = held.steps(frame.app.database, this.document)
        return frame.page(
            request,
            "versions.html",
            title=f"Versions of {plain(this.version.title) or this.document.name}",
            this=this,
            version=this.version,
            steps=[(each, _kind(each)) for each in reversed(steps)],
            CLASSES=CLASSES,
        )

    @router.get("/governed/{source}/{key:path}")
    def governed(request: Request, source: str, key: str) -> Response:
        return _governed(frame, request, Document(source=source, key=key, kind=""))

    @router.get("/original/{source}/{key:path}")
    def original(request: Request, source: str, key: str) -> Response:
        return _original(frame, request, asked_for(frame, request, source, key))

    @router.get("/download/{source}/{key:path}")
    def download(request: Request, source: str, key: str) -> Response:
        this = asked_for(frame, request, source, key)
        page = held.original(frame.app.database, this.shown.held)
        headers = {
            "Content-Disposition": f'attachment; filename="{_file(this, page)}"',
            "Content-Security-Policy": _SANDBOX,
            # The publisher's own media type would let a browser show it here.
            "Content-Type": "application/octet-stream",
        }
        return Response(page.body, headers=headers)

    return router


def _kind(step: held.Step) -> str:
    """How a version came about: a document may have appeared with a poorer form before."""
    if step.kind is None:
        return ""
    return FULLER if step.kind is ChangeKind.NEW and step.number > 1 else KINDS[step.kind]


def _governed(frame: Frame, request: Request, named: Document) -> Response:
    database = frame.app.database
    document = held.known(database, named)
    day = asked.day(request.query_params, "on") or frame.today
    told = governed_on(database, document.name, day)
    return frame.page(
        request,
        "governed.html",
        title="What governed on a day",
        document=document,
        on=day,
        lines=[line.plain.strip() for line in timeline.governed(told)],
        text=told.governing.text,
    )


def _original(frame: Frame, request: Request, this: Opened) -> Response:
    page = held.original(frame.app.database, this.shown.held)
    listed: dict[str, Any] = dict(page.context)
    return frame.page(
        request,
        "original.html",
        title=f"Original of {plain(this.version.title) or this.document.name}",
        this=this,
        version=this.version,
        original=page,
        chained=held.captured(frame.app.database, this.shown.held),
        host=urlsplit(page.asked).netloc,
        own_host=urlsplit(page.url).netloc,
        media=page.headers.get("content-type", page.headers.get("Content-Type", "not stated")),
        file=_file(this, page),
        listed=json.dumps(listed, ensure_ascii=False, indent=1)[:CONTEXT] if listed else "",
    )


def _file(this: Opened, page: Page) -> str:
    """A name without anything that a header or a disk could take for more."""
    media = page.headers.get("content-type", page.headers.get("Content-Type", ""))
    ending = _ENDINGS.get(media.partition(";")[0].strip().lower(), "")
    name = _UNSAFE.sub("-", f"{this.document.source}-{this.document.key}").strip("-.")[:100]
    return f"{name}-{page.sha256[:8]}{ending}"
