"""The frame of the office's pages: templates, what stands on every page, files, JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi.encoders import jsonable_encoder
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from alerts import wording
from alerts.untrusted import address, plain, spaced
from index.kept import whole
from lexwatch.web.guard import Forms
from lexwatch.web.words import lit
from pipeline.calendar import eastern
from pipeline.citator import forum as forums
from pipeline.errors import LexwatchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from starlette.requests import Request

    from lexwatch.app import App
    from pipeline.citator.model import Forum
    from pipeline.model import Document, SourceReport

FORUM = "lexwatch_forum"  # the cookie that holds where a reader stands
MINUTE = timedelta(minutes=1)
YEAR = 365 * 24 * 3600
# What the pages are, in the order of the bar: address and name.
PAGES = (
    ("/", "Search"),
    ("/changes", "What changed"),
    ("/deadlines", "Deadlines"),
    ("/watch", "My watch"),
    ("/draft", "Draft check"),
    ("/cle", "CLE"),
    ("/sources", "Sources"),
)
_NO_MORE: Mapping[str, str] = {}
STATIC = {"lexwatch.css": "text/css", "lexwatch.js": "text/javascript"}


@dataclass(frozen=True)
class Frame:
    """What every page is made with: the application, and the forms that only its pages send."""

    app: App
    forms: Forms

    @property
    def zone(self) -> ZoneInfo:
        """The office's."""
        return ZoneInfo(self.app.settings.digest.zone)

    @property
    def today(self) -> date:
        return eastern(self.app.clock())

    def coverage(
        self, since: datetime, until: datetime, *, every: bool = False
    ) -> tuple[SourceReport, ...]:
        """As `App.coverage`, from a minute's beginning and, where the period reaches the present,
        to a minute's end: kept so long, while nothing is written, for a hundred queries stand
        behind it."""
        now = self.app.clock()
        begin, minute = (each.replace(second=0, microsecond=0) for each in (since, now))
        end = minute + MINUTE if until > now - MINUTE else until
        with self.app.database.read() as connection:
            name = f"coverage from {begin} to {end}, every source: {every}"
            return whole(connection, name, lambda: self.app.coverage(begin, end, every=every))

    def forum(self, request: Request) -> Forum | None:
        """Where the reader stands: as the address says, else as chosen before; None: nowhere."""
        said = request.query_params.get("forum", request.cookies.get(FORUM, ""))
        try:
            return forums.forum(said) if said else None
        except LexwatchError:
            if "forum" in request.query_params:
                raise
            return None  # a cookie of an older version

    def page(
        self, request: Request, template: str, /, status: int = 200, **given: Any
    ) -> HTMLResponse:
        """A page; `given` must have `title`."""
        said = _environment.get_template(template).render(
            {
                "pages": PAGES,
                "here": request.url.path,
                "token": self.forms.token(request),
                "forum": self._forum_words(request),
                "zone": self.zone,
                "today": self.today,
                "static": self.addresses,
                **given,
            }
        )
        response = HTMLResponse(said, status)
        self.forms.keep(request, response)
        return response

    def failed(self, request: Request, words: str, status: int = 400) -> HTMLResponse:
        """A page that says what is wrong and what to do, in the words of an error."""
        title = "Not found" if status == 404 else "That can’t be done"
        return self.page(request, "problem.html", status, title=title, words=words)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Of the static files, by name: new where the file is."""
        return {name: f"/static/{_digest(static(name))}/{name}" for name in STATIC}

    def _forum_words(self, request: Request) -> str:
        try:
            forum = self.forum(request)
        except LexwatchError:
            return ""
        return forums.words(forum) if forum else ""


def load() -> None:
    """Compile every page's template, which the first who asks would wait for."""
    for name in _environment.list_templates(extensions=["html"]):
        _environment.get_template(name)


def as_json(request: Request, body: Any, status: int = 200) -> Response:
    """JSON that programs ask for again and again: sent only where they don't have it (RFC 9110,
    13.1.2)."""
    held = json.dumps(jsonable_encoder(body), ensure_ascii=False, separators=(",", ":")).encode()
    return unless_known(request, held, "application/json", status)


def unless_known(
    request: Request, held: bytes, kind: str, status: int = 200, more: Mapping[str, str] = _NO_MORE
) -> Response:
    """A file with its tag, or 304 where who asks has it."""
    tag = f'"{_digest(held)}"'
    headers = {**more, "Cache-Control": "private, no-cache", "ETag": tag}
    given = request.headers.get("if-none-match", "")
    known = [each.strip().removeprefix("W/") for each in given.split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(held, status, {**headers, "Content-Type": f"{kind}; charset=utf-8"})


def static(name: str) -> bytes:
    """A file of ours that pages fetch."""
    return files("lexwatch.web").joinpath("static", name).read_bytes()


def path(document: Document, what: str = "document") -> str:
    """Where a document's page is, or another page of it: `versions`, `compare`, …"""
    return f"/{what}/{quote(document.source)}/{quote(document.key, safe='/')}"


def query(given: dict[str, Any], **changed: Any) -> str:
    """The query of an address, with some values changed; what is empty is left out."""
    pairs = [
        (name, str(one))
        for name, value in {**given, **changed}.items()
        for one in (value if isinstance(value, list | tuple) else [value])
        if one not in (None, "")
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def _digest(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()[:32]


_environment = Environment(
    loader=PackageLoader("lexwatch.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_environment.filters |= {
    "day": wording.calendar,
    "moment": wording.moment,
    "counted": wording.counted,
    "initial": wording.initial,
    "sentence": wording.sentence,
    "ruled": wording.ruled,
    "cut": wording.shortened,
    "plain": plain,
    "spaced": spaced,
    "web": address,
    "lit": lit,
    "path": path,
}
_environment.globals |= {"query": query}
