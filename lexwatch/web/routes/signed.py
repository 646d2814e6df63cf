"""Addresses that carry a signed token, which a reverse proxy shows to the world: a POST ends mail,
a GET never does; calendars and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from alerts.tokens import Purpose, read
from lexwatch.alerting import signed
from lexwatch.web import pages
from lexwatch.web.frame import unless_known
from lexwatch.web.pages import HEADERS, Page

if TYPE_CHECKING:
    from lexwatch.app import App

LARGEST = 4096  # bytes of a body: RFC 8058 sends some thirty, or two hundred as a form of parts
LOOKS = ["GET", "HEAD"]
ONE_CLICK = b"One-Click"


def routes(app: App) -> APIRouter:
    """They set no cookies, know nobody, and answer what carries a signed token only."""
    router = APIRouter()
    key, _ = signed.key(app), app.database  # opened here, not by the first who asks

    @router.api_route("/unsubscribe/{token}", methods=LOOKS)
    def ask(token: str) -> Response:
        return paged(pages.asking(read(key, Purpose.UNSUBSCRIBE, token)))

    @router.post("/unsubscribe/{token}")
    async def end(token: str, request: Request) -> Response:
        address = read(key, Purpose.UNSUBSCRIBE, token)
        is_one_click = ONE_CLICK in await body(request)
        await run_in_threadpool(_end, app, address, is_one_click=is_one_click)
        # Answered here: RFC 8058 (3.1) forbids to lead a POST elsewhere. A program reads no page.
        return Response(headers=HEADERS) if is_one_click else paged(pages.ended(address))

    @router.api_route("/calendar/{token}.ics", methods=LOOKS)
    def calendar(token: str, request: Request) -> Response:
        address = read(key, Purpose.CALENDAR, token)
        from lexwatch.alerting import feeds  # noqa: PLC0415 - it loads what makes calendars

        held = feeds.calendar(app, address or None)
        return unless_known(request, held, "text/calendar", more=HEADERS)

    @router.api_route("/feed/{token}.atom", methods=LOOKS)
    def feed(token: str, request: Request) -> Response:
        name = read(key, Purpose.FEED, token)
        from lexwatch.alerting import feeds  # noqa: PLC0415 - it loads what makes feeds

        return unless_known(request, feeds.feed(app, name), "application/atom+xml", more=HEADERS)

    return router


def _end(app: App, address: str, *, is_one_click: bool) -> None:
    from index import suppressions  # noqa: PLC0415 - most requests only look
    from pipeline.subscription import Reason  # noqa: PLC0415 - as above

    how = "one click in a mail program" if is_one_click else "the page behind the link in a mail"
    suppressions.suppress(app.database, address, Reason.UNSUBSCRIBED, app.clock(), how)


async def body(request: Request, most: int = LARGEST) -> bytes:
    """The body, of at most so many bytes, whatever form it has: the address of the request says
    for whom it is. Raises `HTTPException` 413."""
    held = b""
    async for part in request.stream():
        held += part
        if len(held) > most:
            raise HTTPException(413)
    return held


def paged(page: Page, status: int = 200, **more: str) -> Response:
    """One of the few pages that need no frame."""
    return HTMLResponse(pages.rendered(page), status, {**HEADERS, **more})
