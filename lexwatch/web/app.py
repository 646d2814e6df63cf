"""The signed endpoints: a POST ends mail, a GET never does; calendars and feeds by their token."""

from __future__ import annotations

import hashlib
import logging
from time import perf_counter
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from alerts.tokens import Purpose, TokenRefused, read
from lexwatch.alerting import signed
from lexwatch.web import pages
from lexwatch.web.pages import HEADERS, Page
from pipeline.errors import LexwatchError, NotHeld

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lexwatch.app import App

LARGEST = 4096  # bytes of a body: RFC 8058 sends some thirty, or two hundred as a form of parts
LOOKS = ["GET", "HEAD"]
ONE_CLICK = b"One-Click"
# Whatever the environment says: what is told of a request holds its path, and so its token.
_NONE = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)

_log = logging.getLogger(__name__)


def create(app: App) -> FastAPI:
    """The site. It sets no cookies, knows nobody, and answers what carries a signed token only."""
    site = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, telemetry=_NONE
    )
    key, _ = signed.key(app), app.database  # opened here, not by the first who asks

    @site.api_route("/unsubscribe/{token}", methods=LOOKS)
    def ask(token: str) -> Response:
        return _page(pages.asking(read(key, Purpose.UNSUBSCRIBE, token)))

    @site.post("/unsubscribe/{token}")
    async def end(token: str, request: Request) -> Response:
        address = read(key, Purpose.UNSUBSCRIBE, token)
        is_one_click = ONE_CLICK in await _body(request)
        await run_in_threadpool(_end, app, address, is_one_click=is_one_click)
        # Answered here: RFC 8058 (3.1) forbids to lead a POST elsewhere. A program reads no page.
        return Response(headers=HEADERS) if is_one_click else _page(pages.ended(address))

    @site.api_route("/calendar/{token}.ics", methods=LOOKS)
    def calendar(token: str, request: Request) -> Response:
        address = read(key, Purpose.CALENDAR, token)
        from lexwatch.alerting import feeds  # noqa: PLC0415 - it loads what makes calendars

        return _file(request, feeds.calendar(app, address or None), "text/calendar")

    @site.api_route("/feed/{token}.atom", methods=LOOKS)
    def feed(token: str, request: Request) -> Response:
        name = read(key, Purpose.FEED, token)
        from lexwatch.alerting import feeds  # noqa: PLC0415 - it loads what makes feeds

        return _file(request, feeds.feed(app, name), "application/atom+xml")

    site.middleware("http")(_logged)
    for kind, handler in _HANDLERS.items():
        site.add_exception_handler(kind, handler)
    return site


def _end(app: App, address: str, *, is_one_click: bool) -> None:
    from index import suppressions  # noqa: PLC0415 - most requests only look
    from pipeline.subscription import Reason  # noqa: PLC0415 - as above

    how = "one click in a mail program" if is_one_click else "the page behind the link in a mail"
    suppressions.suppress(app.database, address, Reason.UNSUBSCRIBED, app.clock(), how)


async def _body(request: Request) -> bytes:
    """The body, whatever form it has: the address of the request says all that is needed."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413)
    return body


def _page(page: Page, status: int = 200, **more: str) -> Response:
    return HTMLResponse(pages.rendered(page), status, {**HEADERS, **more})


def _file(request: Request, held: bytes, kind: str) -> Response:
    """What programs ask for again and again: sent only where they don't have it (RFC 9110, 13)."""
    tag = f'"{hashlib.sha256(held).hexdigest()[:32]}"'
    headers = {**HEADERS, "Cache-Control": "private, no-cache", "ETag": tag}
    known = [each.strip().removeprefix("W/") for each in _known(request).split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(held, headers={**headers, "Content-Type": f"{kind}; charset=utf-8"})


def _known(request: Request) -> str:
    return request.headers.get("if-none-match", "")


async def _logged(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """One line for each request, with the route in place of the path, which holds a token."""
    begun, status = perf_counter(), 500
    try:
        response = await answer(request)
        status = response.status_code
    finally:
        route = getattr(request.scope.get("route"), "path", "elsewhere")
        took = (perf_counter() - begun) * 1000
        _log.info("%s %s %d in %.0f ms", request.method, route, status, took)
    return response


async def _refused(_request: Request, _error: Exception) -> Response:
    return _page(pages.REFUSED, 404)


async def _misused(_request: Request, error: Exception) -> Response:
    status, headers = 500, {}
    if isinstance(error, HTTPException):
        status, headers = error.status_code, dict(error.headers or {})
    return _page(pages.REFUSED if status == 404 else pages.METHOD, status, **headers)


async def _failed(_request: Request, error: Exception) -> Response:
    """Ours to know: what failed is logged, and the world is told to come again."""
    _log.error("%s", error)
    return _page(pages.FAILED, 503, **{"Retry-After": "60"})


async def _broken(_request: Request, _error: Exception) -> Response:
    """A fault of ours, which the server logs with its place."""
    return _page(pages.FAILED, 500)


_HANDLERS = {
    TokenRefused: _refused,
    NotHeld: _refused,
    HTTPException: _misused,
    LexwatchError: _failed,
    Exception: _broken,
}
