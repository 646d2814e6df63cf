"""How often a reader is told, changed behind the signed link of a mail; a GET changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from alerts.asking import asked
from alerts.tokens import Purpose, read, sign
from alerts.wording import initial
from index import mutes, subscriptions, suppressions
from lexwatch.alerting import signed
from lexwatch.output import subscribed
from lexwatch.web import pages
from lexwatch.web.pages import HEADERS
from lexwatch.web.routes.signed import LOOKS, body
from pipeline.subscription import Frequency, Origin, Subscription

if TYPE_CHECKING:
    from lexwatch.web.frame import Frame

LARGEST = 65_536  # bytes of a form: thousands of subscriptions
FIELD = "frequency-"  # with the number of a subscription


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A subscription as far as mail may show it; None in place of `field` where the office's
    settings file says how often it comes."""

    name: str
    asks: str
    when: str
    muted: str
    frequency: str
    field: str | None


def routes(frame: Frame) -> APIRouter:
    """They know who has the link, and nobody else; what is the reader's own is not shown."""
    router = APIRouter()
    app = frame.app
    key, _ = signed.key(app), app.database

    @router.api_route("/preferences/{token}", methods=LOOKS)
    def look(token: str) -> Response:
        return _page(frame, read(key, Purpose.PREFERENCES, token))

    @router.post("/preferences/{token}")
    async def change(token: str, request: Request) -> Response:
        address = read(key, Purpose.PREFERENCES, token)
        form = dict(parse_qsl((await body(request, LARGEST)).decode("ascii", "replace")))
        changed = await run_in_threadpool(_change, frame, address, form)
        return await run_in_threadpool(_page, frame, address, changed)

    return router


def _running(frame: Frame, address: str) -> tuple[Subscription, ...]:
    settings = frame.app.subscriptions()
    found = subscriptions.foreseen(frame.app.database, settings, address=address)
    return tuple(each for each in found if each.id)


def _change(frame: Frame, address: str, form: Mapping[str, str]) -> int:
    """Bring subscriptions to the frequencies of a form; says how many were changed."""
    changed = 0
    for one in _running(frame, address):
        said = form.get(f"{FIELD}{one.id}", "")
        is_known = said in [str(each) for each in Frequency]
        if one.origin == Origin.SETTINGS or not is_known or said == one.schedule.frequency:
            continue
        schedule = replace(one.schedule, frequency=Frequency(said))
        subscriptions.change(
            frame.app.database, one.id, replace(one, schedule=schedule), frame.app.clock()
        )
        changed += 1
    return changed


def _page(frame: Frame, address: str, changed: int | None = None) -> Response:
    app = frame.app
    muted = mutes.muted(app.database, app.clock())
    with app.database.read() as connection:
        stopped = suppressions.suppressed(connection, [address]).get(address)
    given: dict[str, Any] = {
        "address": address,
        "subscriptions": [
            _shown(frame, each, muted.get(each.id)) for each in _running(frame, address)
        ],
        "frequencies": [str(each) for each in Frequency],
        "changed": changed,
        "stopped": subscribed.silent(stopped) if stopped else "",
        "stop": f"/unsubscribe/{sign(signed.key(app), Purpose.UNSUBSCRIBE, address)}",
    }
    title = f"How often {address} is told"
    said = pages.framed("preferences.html", title=title, **given)
    return Response(said, headers={**HEADERS, "Content-Type": "text/html; charset=utf-8"})


def _shown(frame: Frame, one: Subscription, until: datetime | None) -> Shown:
    [(name, asks)] = asked([one], frame.app.names)
    is_office = one.origin == Origin.SETTINGS
    return Shown(
        name=initial(name),
        asks=initial(asks),
        when=subscribed.frequency(one.schedule),
        muted=subscribed.muted(until, frame.zone) if until else "",
        frequency=str(one.schedule.frequency),
        field=None if is_office else f"{FIELD}{one.id}",
    )
