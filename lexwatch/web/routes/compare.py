"""The page of a comparison: any two versions of a document, two days, or two documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from alerts.particulars import not_held
from alerts.redline import left_out
from alerts.untrusted import plain
from alerts.wording import CLASSES, WEIGHTS, fields
from lexwatch.output.compare import SAME, Compared, compared
from lexwatch.web import asked, comparing
from lexwatch.web.frame import Frame
from lexwatch.web.opened import MOST, Opened, asked_for
from pipeline.errors import SettingsError
from pipeline.model import Version
from pipeline.weight import RULES

NOISE = 40  # edits that rules explain, shown


def routes(frame: Frame) -> APIRouter:
    """`/compare/…`, by source and key; `from` and `to` are versions or days, `with` another."""
    router = APIRouter()

    @router.get("/compare/{source}/{key:path}")
    def compare(request: Request, source: str, key: str) -> Response:
        return _page(frame, request, asked_for(frame, request, source, key))

    return router


def _page(frame: Frame, request: Request, this: Opened) -> Response:
    given = request.query_params
    told = _compared(frame, request, this)
    view = "side" if given.get("view") == "side" else "inline"
    at = asked.number(given, "page", 1, MOST)
    return frame.page(
        request,
        "compare.html",
        title=f"What changed in {plain(this.version.title) or this.document.name}",
        this=this,
        version=this.version,
        told=told,
        sides=_sides(this, told) if told else [],
        not_held=not_held,
        view=view,
        SAME=SAME,
        kept={name: given.get(name, "") for name in ("from", "to", "with")},
        **(_difference(told, at) if told else {}),
    )


def _difference(told: Compared, at: int) -> dict[str, Any]:
    change = told.change
    if change is None:
        return {"change": None}
    divided = comparing.pages(change)
    number = min(at, len(divided))
    noise = left_out(change)
    return {
        "change": change,
        "badge": CLASSES[change.difference.change_class],
        "turns": [WEIGHTS[each] for each in change.difference.weights],
        "fields": fields(change),
        "rows": divided[number - 1],
        "number": number,
        "pages_held": len(divided),
        "noise": noise[:NOISE],
        "noise_left": max(0, len(noise) - NOISE),
        "whys": {line.rule: RULES[line.rule].why for line in noise if line.rule in RULES},
    }


def _sides(this: Opened, told: Compared) -> list[tuple[Version, int]]:
    """Both texts, each with its number among the versions of this document; 0 of another's."""
    numbers = {each.version.seen_at: n for n, each in enumerate(this.shown.versions, 1)}
    return [
        (each, numbers.get(each.seen_at, 0) if each.document == this.document else 0)
        for each in (told.old, told.new)
    ]


def _compared(frame: Frame, request: Request, this: Opened) -> Compared | None:
    """What is compared; None where only one text is held and nothing else was named."""
    given, database = request.query_params, frame.app.database
    name, count = this.document.name, len(this.shown.versions)
    other = asked.words(given, "with")
    if other:
        return compared(database, (name, other), (None, None), (None, None), frame.today)
    first, last = _moment(given.get("from", "")), _moment(given.get("to", ""))
    if isinstance(first, date) or isinstance(last, date):
        if not isinstance(first, date) or isinstance(last, int):
            raise SettingsError("compare two versions, or two days: not one with the other")
        days = (first, last or frame.today)
        return compared(database, (name, None), days, (None, None), frame.today)
    if count == 1 and first is None:
        return None
    numbers = (first or max(1, (last or count) - 1), last or count)
    return compared(database, (name, None), (None, None), numbers, frame.today)


def _moment(said: str) -> int | date | None:
    """A version's number, or a day. Raises `SettingsError`."""
    if not said:
        return None
    if said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= MOST:
        return int(said[:9])
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise SettingsError(
            f"{said[:20]!r} is neither a version’s number nor a day like 2026-10-07"
        ) from error
