"""The site: the office's pages on this machine, and the signed addresses that may be shown."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from alerts.tokens import TokenRefused
from lexwatch.alerting import signed
from lexwatch.web import guard, pages
from lexwatch.web.api import site as api
from lexwatch.web.frame import STATIC, Frame, static
from lexwatch.web.guard import SIGNED, Forms, guarded
from lexwatch.web.routes import (
    authority,
    changes,
    cle,
    compare,
    deadlines,
    document,
    draft,
    letters,
    preferences,
    programs,
    search,
    sources,
    subscription,
    versions,
    watch,
    week,
)
from lexwatch.web.routes import signed as signed_routes
from lexwatch.web.routes.signed import paged
from pipeline.errors import LexwatchError, NotHeld, StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lexwatch.app import App

FOREVER = "public, max-age=31536000, immutable"  # a file's address changes with its content
# Whatever the environment says: what is told of a request holds its path, and so its token.
_NONE = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)

_log = logging.getLogger(__name__)


def create(app: App) -> FastAPI:
    """The site. What stands under no signed address is answered on this machine alone."""
    site = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, telemetry=_NONE
    )
    frame = Frame(app, Forms(signed.key(app)))
    site.include_router(signed_routes.routes(app))
    for subject in (
        search,
        authority,
        document,
        changes,
        deadlines,
        week,
        compare,
        versions,
        letters,
        preferences,
        subscription,
        watch,
        sources,
        draft,
        cle,
    ):
        site.include_router(subject.routes(frame))

    served = api.create(frame)
    site.include_router(programs.routes(frame, served))
    site.mount(api.PLACE, served)

    @site.get("/static/{_digest}/{name}")
    def file(_digest: str, name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        headers = {"Cache-Control": FOREVER, "Content-Type": f"{STATIC[name]}; charset=utf-8"}
        return Response(static(name), headers=headers)

    site.middleware("http")(guarded)
    site.middleware("http")(_logged)
    refusals = _Refusals(frame)
    site.add_exception_handler(TokenRefused, refusals.token)
    site.add_exception_handler(HTTPException, refusals.http)
    site.add_exception_handler(RequestValidationError, refusals.misspelt)
    site.add_exception_handler(LexwatchError, refusals.told)
    site.add_exception_handler(Exception, refusals.broken)
    return site


async def _logged(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """One line for each request, with the route in place of the path, which may hold a token, and
    without the query, which may hold what somebody looks for."""
    begun, status = perf_counter(), 500
    try:
        response = await answer(request)
        status = response.status_code
    finally:
        route = getattr(request.scope.get("route"), "path", "elsewhere")
        took = (perf_counter() - begun) * 1000
        _log.info("%s %s %d in %.0f ms", request.method, route, status, took)
    return response


class _Refusals:
    """What is answered where something can't be: a page that helps, in the manner of the address
    that was asked."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def token(self, _request: Request, _error: Exception) -> Response:
        return paged(pages.REFUSED, 404)

    async def http(self, request: Request, error: Exception) -> Response:
        status, headers = 500, {}
        if isinstance(error, HTTPException):
            status, headers = error.status_code, dict(error.headers or {})
        if request.url.path.startswith(SIGNED) or not guard.is_here(request):
            return paged(pages.REFUSED if status == 404 else pages.METHOD, status, **headers)
        if request.url.path.startswith(f"{api.PLACE}/"):  # a path with a line break is none of its
            return await api.refused(request, error)
        response = self._frame.failed(request, _WORDS.get(status, _WORDS[400]), status)
        response.headers.update(headers)
        return response

    async def misspelt(self, request: Request, _error: Exception) -> Response:
        return self._frame.failed(request, _WORDS[400], 400)

    async def told(self, request: Request, error: Exception) -> Response:
        """Our errors say what to do; to the world they say nothing."""
        if request.url.path.startswith(SIGNED):
            if isinstance(error, NotHeld):
                return paged(pages.REFUSED, 404)
            _log.error("%s", error)
            return paged(pages.FAILED, 503, **{"Retry-After": "60"})
        status = (
            404 if isinstance(error, NotHeld) else 503 if isinstance(error, StoreError) else 400
        )
        return self._frame.failed(request, str(error), status)

    async def broken(self, _request: Request, _error: Exception) -> Response:
        """A fault of ours, which the server logs with its place."""
        return paged(pages.FAILED, 500)


_WORDS = {
    400: "The address or the form has something that can’t be read. Go back and try again.",
    403: "The form was open too long, or was sent by another site. Go back, load the page again, "
    "and send it once more. Nothing was changed.",
    404: "There is no such page. Look for the document by its citation, or begin with a search.",
    405: "That can’t be done here; nothing was changed.",
    411: "What was sent does not say how large it is. Go back and send it again with a browser.",
    413: "That file is larger than 32 MB. Nothing was kept of it.",
}
