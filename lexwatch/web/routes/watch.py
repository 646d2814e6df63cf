"""What a reader watches: their subscriptions listed, muted, ended; their mail stopped or begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from alerts.wording import happened
from index import history, mutes, newest, subscriptions, suppressions
from lexwatch.allowed import mail_address
from lexwatch.output import subscribed
from lexwatch.subscriptions import wanted
from lexwatch.web import asked
from lexwatch.web.frame import YEAR, Frame
from pipeline.errors import NotHeld, SettingsError
from pipeline.model import Alert
from pipeline.subscription import Origin, Reason, Subscription, Suppression

if TYPE_CHECKING:
    from lexwatch.alerting.feeds import Places

READER = "lexwatch_reader"  # the cookie that holds the address whose watch is shown
MET = 30  # changes shown of what a subscription met
ADDRESSES = 200  # offered while somebody types
HERE = "/watch"

Deed = Callable[[FormData, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A subscription as its reader sees it; `wrong` says why it can't be met, "" where it can."""

    one: Subscription
    lines: tuple[str, ...]
    muted: str
    wrong: str
    feed: str

    @property
    def is_own(self) -> bool:
        """Whether it is changed here: else the settings file keeps it."""
        return self.one.origin != Origin.SETTINGS


def routes(frame: Frame) -> APIRouter:
    """`/watch`, with what is done to a subscription by its number."""
    router = APIRouter()
    app = frame.app

    @router.get("/watch")
    def watch(request: Request) -> Response:
        address = reader(request)
        return _listed(frame, request, address) if address else _chooser(frame, request)

    @router.get("/watch/reader")
    def somebody(request: Request) -> Response:
        return _chooser(frame, request)

    @router.post("/watch/reader")
    async def choose(request: Request) -> Response:
        form = await frame.forms.read(request)
        typed = asked.words(form, "address")
        try:
            address = mail_address(typed)
        except ValueError as error:
            return _chooser(frame, request, typed, f"That is not {error}.")
        response = Response(status_code=303, headers={"Location": HERE})
        keep_reader(response, address)
        return response

    @router.post("/watch/stop")
    async def stop(request: Request) -> Response:
        def done(_form: FormData, _number: int, address: str) -> None:
            said, why = "the page My watch", Reason.UNSUBSCRIBED
            suppressions.suppress(app.database, address, why, app.clock(), said)

        return await _done(frame, request, done)

    @router.post("/watch/resume")
    async def resume(request: Request) -> Response:
        def done(_form: FormData, _number: int, address: str) -> None:
            if found := _stopped(frame, address):
                suppressions.lift(app.database, address, found.reason)

        return await _done(frame, request, done)

    @router.post("/watch/{number:int}/mute")
    async def mute(request: Request, number: int) -> Response:
        def done(form: FormData, number: int, _address: str) -> None:
            mutes.mute(app.database, number, _until(frame, form), app.clock())

        return await _done(frame, request, done, number)

    @router.post("/watch/{number:int}/unmute")
    async def unmute(request: Request, number: int) -> Response:
        def done(_form: FormData, number: int, _address: str) -> None:
            mutes.unmute(app.database, number)

        return await _done(frame, request, done, number)

    @router.post("/watch/{number:int}/end")
    async def end(request: Request, number: int) -> Response:
        def done(_form: FormData, number: int, _address: str) -> None:
            subscriptions.end(app.database, number, app.clock())

        return await _done(frame, request, done, number)

    @router.get("/watch/{number:int}/met")
    def met(request: Request, number: int) -> Response:
        one = own(frame, request, number)
        title = f"What No. {number} told of"
        found = _met(frame, one)
        return frame.page(
            request,
            "watch_met.html",
            title=title,
            one=one,
            alerts=found,
            most=MET,
            happened=happened,
        )

    return router


def reader(request: Request) -> str:
    """The address whose watch is shown: as chosen before; "" of nobody yet."""
    try:
        return mail_address(unquote(request.cookies.get(READER, "")))
    except ValueError:
        return ""


def keep_reader(response: Response, address: str) -> None:
    """Choose the address whose watch is shown from now on."""
    response.set_cookie(READER, quote(address), max_age=YEAR, httponly=True, samesite="strict")


def of_reader(frame: Frame, address: str) -> tuple[Subscription, ...]:
    """What is sent to an address, with the settings file as it stands now; nothing is written, so
    what is new there has no number yet."""
    settings = frame.app.subscriptions()
    found = subscriptions.foreseen(frame.app.database, settings, address=address)
    return tuple(sorted(found, key=lambda each: (each.id == 0, each.id)))


def own(frame: Frame, request: Request, number: int) -> Subscription:
    """A subscription of the reader's. Raises `NotHeld`, also for one of somebody else."""
    for each in of_reader(frame, reader(request)):
        if number and each.id == number:
            return each
    raise NotHeld(
        f"No subscription {number} runs for the address that is chosen here: it has ended, or was "
        "changed and has another number now. My watch shows those that run."
    )


async def _done(frame: Frame, request: Request, deed: Deed, number: int | None = None) -> Response:
    """Do it, to what is the reader's own, and show the list."""
    form = await frame.forms.read(request)

    def work() -> None:
        if number is not None:
            own(frame, request, number)
        deed(form, number or 0, _address(request))

    await run_in_threadpool(work)
    place = HERE if number is None else f"{HERE}#no-{number}"
    return Response(status_code=303, headers={"Location": place})


def _address(request: Request) -> str:
    if address := reader(request):
        return address
    raise SettingsError("Choose first, under My watch, whose watch this is.")


def _chooser(frame: Frame, request: Request, typed: str = "", problem: str = "") -> Response:
    named = (each.address for each in frame.app.subscriptions())
    known = sorted({*subscriptions.addresses(frame.app.database), *named}, key=str.casefold)
    return frame.page(
        request,
        "watch_reader.html",
        400 if problem else 200,
        title="Whose watch?",
        known=known[:ADDRESSES],
        typed=typed,
        problem=problem,
    )


def _listed(frame: Frame, request: Request, address: str) -> Response:
    from lexwatch.alerting.feeds import Places  # noqa: PLC0415 - other pages show no places

    now, app = frame.app.clock(), frame.app
    own, stopped = of_reader(frame, address), _stopped(frame, address)
    places = Places(app, () if stopped else own)
    muted = mutes.muted(app.database, now)
    cards = [_card(frame, each, places, muted, stopped) for each in own]
    return frame.page(
        request,
        "watch.html",
        title="My watch",
        address=address,
        readers=list(dict.fromkeys(each.reader for each in own)),
        cards=cards,
        stopped=stopped and subscribed.silent(stopped),
        is_bounced=bool(stopped and stopped.reason is Reason.BOUNCED),
        calendar=places.calendar(address) if own and not stopped else "",
        first=frame.today + timedelta(days=1),
        last=frame.today + mutes.LONGEST - timedelta(days=1),
    )


def _card(
    frame: Frame,
    one: Subscription,
    places: Places,
    muted: Mapping[int, datetime],
    stopped: Suppression | None,
) -> Card:
    until = muted.get(one.id)
    now = None if stopped or until else frame.app.clock()
    return Card(
        one=one,
        lines=tuple(subscribed.lines(one, frame.app.names, now)),
        muted=subscribed.muted(until, frame.zone) if until else "",
        wrong=wanted.complaint(frame.app, one),
        feed=places.feed(one.id),
    )


def _stopped(frame: Frame, address: str) -> Suppression | None:
    with frame.app.database.read() as connection:
        return suppressions.suppressed(connection, [address]).get(address)


def _until(frame: Frame, form: FormData) -> datetime:
    """Up to when it is muted: so many days, or the beginning of a day in the office's zone."""
    if on := asked.day(form, "until"):
        return datetime.combine(on, time(), frame.zone)
    days = asked.number(form, "days", 7, mutes.LONGEST.days)
    return frame.app.clock() + timedelta(days=days)


def _met(frame: Frame, one: Subscription) -> list[Alert]:
    with frame.app.database.read() as connection:
        whys = newest.of_subscription(connection, one.id, MET)
        held = {each.id: each for each in history.numbered(connection, tuple(whys))}
    return [Alert(subscription=one, change=held[n], why=why) for n, why in whys.items()]
