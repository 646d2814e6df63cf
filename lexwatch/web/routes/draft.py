"""The page on which a draft is checked: it is read in memory, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from alerts import treated
from lexwatch import drafts
from lexwatch.output import drafted, findings
from lexwatch.output.drafted import Entry, Told
from lexwatch.web import asked, choices
from lexwatch.web.frame import Frame
from pipeline.citator import forum as forums
from pipeline.citator.model import Forum
from pipeline.citator.reach import CIRCUITS
from pipeline.citator.verdict import Level
from pipeline.citator.voice import CIRCUIT_NAMES
from pipeline.errors import LexwatchError, SettingsError

DEEDS = 3  # done to an authority that are quoted; its own page tells the rest
MOST = 150  # citations told on the page, which can't be turned: nothing is kept to turn to
LINES = 40  # of a summary, under one heading
NOTHING = "Paste a draft, or choose a file: a Word file (.docx), a PDF or a text."
BOTH = "Paste a draft or choose a file, not both."


def routes(frame: Frame) -> APIRouter:
    """`/draft`."""
    router = APIRouter()

    @router.get("/draft")
    def ask(request: Request) -> Response:
        return _page(frame, request, None)

    @router.post("/draft")
    async def check(request: Request) -> Response:
        form = await frame.forms.read(request)
        try:
            body, name = await _sent(form)
            forum, since = _forum(form), asked.day(form, "since")
            told = await run_in_threadpool(drafts.checked, frame.app, body, forum, since)
        except LexwatchError as error:
            return _page(frame, request, form, 400, problem=str(error))
        finally:
            await form.close()
        return await run_in_threadpool(
            _page, frame, request, form, 200, **_words(frame, told), name=name
        )

    return router


def _page(
    frame: Frame, request: Request, form: FormData | None, status: int = 200, /, **given: Any
) -> Response:
    stands = frame.forum(request)
    before, circuit = (stands.body, stands.circuit) if stands else ("", "")
    said = {
        "before": str(form.get("before", "")) if form else before,
        "circuit": str(form.get("circuit", "")) if form else circuit,
        "since": str(form.get("since", "")) if form else "",
    }
    words = {"problem": "", "told": None, "name": "", **given}
    return frame.page(
        request,
        "draft.html",
        status,
        title="Draft check",
        said=said,
        bodies=choices.BODIES,
        circuits={each: CIRCUIT_NAMES[each] for each in CIRCUITS},
        **words,
    )


async def _sent(form: FormData) -> tuple[bytes, str]:
    """The draft's bytes, and what it is called on the page."""
    file, text = form.get("file"), str(form.get("text", ""))
    body = await file.read() if isinstance(file, UploadFile) else b""
    name = (file.filename or "") if isinstance(file, UploadFile) else ""
    is_file = bool(body or name)
    if is_file and text.strip():
        raise SettingsError(BOTH)
    if not is_file and not text.strip():
        raise SettingsError(NOTHING)
    pasted = text.encode(errors="replace")
    return (body, name) if is_file else (pasted, "The pasted text")


def _forum(form: FormData) -> Forum | None:
    said = " ".join(filter(None, (asked.words(form, "before"), asked.words(form, "circuit"))))
    return forums.forum(said) if said else None


def _words(frame: Frame, told: Told) -> dict[str, Any]:
    """What the page says of a checked draft."""
    away, kinds = drafted.elsewhere(told)
    every = tuple(drafted.entries(told))
    return {
        "told": told,
        "heading": drafted.heading(told),
        "asked_for": drafted.asked(told),
        "needs": drafted.needs(told),
        "grave": tuple(drafted.grave(told)),
        "elsewhere": away,
        "kinds": kinds,
        "entries": _first(every),
        "left": max(0, len(every) - MOST),
        "LINES": LINES,
        "rests": tuple(drafted.rests(told, frame.zone)),
        "RESTS": findings.RESTS,
        "Level": Level,
        "treated": treated,
        "DEEDS": DEEDS,
    }


def _first(every: Sequence[Entry]) -> tuple[Entry, ...]:
    """Those that there is room for, in the draft's order: what asks the most of the lawyer."""
    levels = [*Level]
    ranked = sorted(every, key=lambda each: (levels.index(each.level), each.number))
    return tuple(sorted(ranked[:MOST], key=lambda each: each.number))
