"""What was sent to a reader: the list, and each letter as it left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from fastapi import APIRouter, Request, Response

from index import mailbox
from lexwatch.output.posted import state
from lexwatch.web import asked
from lexwatch.web.frame import Frame
from lexwatch.web.routes.watch import reader
from pipeline.errors import SettingsError
from pipeline.letter import Letter
from pipeline.model import Delivery
from pipeline.subscription import MAIL

PAGE, MOST = 30, 400  # letters on a page, and pages
# A letter brings its own styles, and nothing else: it stands apart from our pages and runs nothing.
SANDBOX = {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A letter in the list: `at` is when it left, or when that was tried or is to be."""

    mark: str
    one: Delivery
    state: str
    at: datetime
    is_kept: bool


def routes(frame: Frame) -> APIRouter:
    """`/watch/digests`, of the reader that was chosen under `/watch`."""
    router = APIRouter()
    app = frame.app

    @router.get("/watch/digests")
    def letters(request: Request) -> Response:
        address = _reader(request)
        at = asked.number(request.query_params, "page", 1, MOST)
        found = mailbox.letters(app.database, address, PAGE + 1, (at - 1) * PAGE)
        return frame.page(
            request,
            "letters.html",
            title="What was sent",
            address=address,
            rows=[*_rows(found[:PAGE])],
            at=at,
            is_more=len(found) > PAGE and at < MOST,
            is_on_disk=app.settings.mail.transport == "file",
        )

    @router.get("/watch/digests/{mark}")
    def letter(request: Request, mark: str) -> Response:
        held = _letter(frame, request, mark)
        if found := _part(held, "html"):
            return Response(found, headers=SANDBOX, media_type="text/html; charset=utf-8")
        return _bare(held)

    @router.get("/watch/digests/{mark}/text")
    def text(request: Request, mark: str) -> Response:
        return _bare(_letter(frame, request, mark))

    return router


def _reader(request: Request) -> str:
    if address := reader(request):
        return address
    raise SettingsError("Choose first, under My watch, whose letters these are.")


def _rows(found: tuple[Delivery, ...]) -> Iterator[Row]:
    for one in found:
        at = one.finished_at or one.begun_at or one.composed_at or one.until
        is_kept = one.composed_at is not None
        yield Row(mark=mailbox.mark(one), one=one, state=state(one), at=at, is_kept=is_kept)


def _letter(frame: Frame, request: Request, mark: str) -> Letter:
    one = mailbox.found(frame.app.database, _reader(request), mark)
    return frame.app.ledger.letter(one.key)


def _bare(held: Letter) -> Response:
    words = _part(held, "plain") if held.channel == MAIL else held.body.decode("utf-8", "replace")
    return Response(words, headers=SANDBOX, media_type="text/plain; charset=utf-8")


def _part(held: Letter, form: str) -> str:
    """The words of a mail in one of its forms, "html" or "plain"; "" where it has none such."""
    if held.channel != MAIL:
        return ""
    message = message_from_bytes(held.body, EmailMessage, policy=policy.default)
    part = message.get_body((form,))
    return str(part.get_content()) if part else ""
