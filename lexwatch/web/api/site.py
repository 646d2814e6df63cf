"""The API: an application of its own under `/api/v1`, with its schema and its problems."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from lexwatch import __version__
from lexwatch.web.api import citing, looking, office, telling
from lexwatch.web.api.answer import problem
from lexwatch.web.frame import Frame
from pipeline.errors import LexwatchError, NotHeld, StoreError

PLACE = "/api/v1"
ABOUT = (
    "What the pages of lexwatch show, for the office’s own programs on this machine. Lists are "
    "paged by `limit` and `offset`, and `next` is the address of what follows. Every answer has an "
    "ETag. Errors are problem details (RFC 9457). Only what is held is told: that something is "
    "absent says nothing of whether it exists, and no answer says that something is good law."
)
# What is told of a request would hold what somebody looks for.
_NONE = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
_log = logging.getLogger(__name__)


def create(frame: Frame) -> FastAPI:
    """The application; `frame` is that of the pages."""
    api = FastAPI(
        title="lexwatch",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NONE,
    )
    for subject in (looking, telling, citing, office):
        api.include_router(subject.routes(frame))
    api.add_exception_handler(HTTPException, refused)
    api.add_exception_handler(RequestValidationError, _misspelt)
    api.add_exception_handler(LexwatchError, _told)
    api.add_exception_handler(Exception, _broken)
    return api


async def refused(_request: Request, error: Exception) -> Response:
    """What is answered where there is nothing, or it can't be asked so."""
    if not isinstance(error, HTTPException):
        raise error
    return problem(
        error.status_code, _WORDS.get(error.status_code, error.detail), **(error.headers or {})
    )


async def _misspelt(_request: Request, error: Exception) -> Response:
    """What is wrong with which parameter; what was typed is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    said = "; ".join(
        f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()
    )
    return problem(400, said)


async def _told(_request: Request, error: Exception) -> Response:
    """Our errors say what to do."""
    if isinstance(error, NotHeld):
        return problem(404, str(error))
    if isinstance(error, StoreError):
        return problem(503, str(error), **{"Retry-After": "60"})
    return problem(400, str(error))


async def _broken(_request: Request, _error: Exception) -> Response:
    """A fault of ours, which the server logs with its place."""
    return problem(500, "This did not work, and nothing was changed. Try again in a minute.")


_WORDS = {
    404: "There is no such address: /api lists those that there are.",
    405: "That can’t be done here; nothing was changed.",
}
