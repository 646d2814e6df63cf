"""A subscription as a form: tried on what is held before it is saved, changed, or made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, ImmutableMultiDict

from alerts.wording import happened, initial, sentence
from index import subscriptions, suppressions
from lexwatch.allowed import ClassName, FrequencyName, Weekday
from lexwatch.output import subscribed
from lexwatch.settings import Watch
from lexwatch.subscriptions import trial, wanted
from lexwatch.subscriptions.wanted import Misstated
from lexwatch.web import asked
from lexwatch.web.frame import Frame
from lexwatch.web.routes.watch import HERE, keep_reader, of_reader, own, reader
from pipeline.errors import NotHeld, QueryError, SettingsError
from pipeline.model import NOT_IMMIGRATION
from pipeline.subscription import FEED, MAIL, Origin, Subscription

if TYPE_CHECKING:
    from lexwatch.subscriptions.trial import Trial

LISTS = ("topics", "sources", "classes", "channels", "shown_on")
SWITCHES = ("urgent_at_once", "plain_text")
# Those of the United States; any name of the IANA database may be typed.
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)

Values = Mapping[str, Any]  # by the name of the setting: words, or several


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a form: the subscription that it asks for (None: it can't be read, and
    `problems` say by the name of the setting what is wrong, under "" what is of none), what that
    would have told, and what its reader is sent beside it."""

    one: Subscription | None = None
    problems: Mapping[str, str]
    told: Trial | None = None
    others: tuple[str, ...] = ()
    stopped: str = ""


BLANK = Tried(problems={})


def routes(frame: Frame) -> APIRouter:
    """`/watch/new`, which takes words, a meaning and more in its address, and `/watch/{number}`."""
    router = APIRouter()

    @router.get("/watch/new")
    def new(request: Request) -> Response:
        return _page(frame, request, _begun(frame, request), BLANK)

    @router.get("/watch/{number:int}")
    def edit(request: Request, number: int) -> Response:
        one = _editable(frame, request, number)
        return _page(frame, request, _values(one), BLANK, one)

    @router.post("/watch/new")
    async def begin(request: Request) -> Response:
        form = await frame.forms.read(request)
        return await run_in_threadpool(_answered, frame, request, form, None)

    @router.post("/watch/{number:int}")
    async def change(request: Request, number: int) -> Response:
        form = await frame.forms.read(request)
        one = await run_in_threadpool(_editable, frame, request, number)
        return await run_in_threadpool(_answered, frame, request, form, one)

    return router


def _answered(
    frame: Frame, request: Request, form: FormData, before: Subscription | None
) -> Response:
    """Save where the form asks for that and can be read, else show what came of it."""
    typed, is_saved = _typed(form), asked.words(form, "do") == "save"
    made = _made(frame, typed)
    if made.one and is_saved:
        return _saved(frame, made.one, before)
    tried = _tried(frame, made.one, before) if made.one else made
    return _page(frame, request, typed, tried, before)


def _editable(frame: Frame, request: Request, number: int) -> Subscription:
    one = own(frame, request, number)
    if one.origin == Origin.SETTINGS:
        raise SettingsError(
            f"Subscription {number} is kept in the settings file and is changed there. Under My "
            "watch it can be muted."
        )
    return one


def _made(frame: Frame, typed: Values) -> Tried:
    """The subscription that a form asks for, or what is wrong with it, beside which field."""
    given = {
        name: value for name, value in typed.items() if name != "threshold" or typed["meaning"]
    }
    given["authorities"] = [line for line in typed["authorities"].splitlines() if line.strip()]
    try:
        return Tried(one=wanted.made(frame.app, given), problems={})
    except Misstated as error:
        return Tried(problems={n: f"Allowed is {words}." for n, words in error.places.items()})
    except QueryError as error:
        return Tried(problems={"words": str(error)})
    except NotHeld as error:
        return Tried(problems={"authorities": str(error)})
    except SettingsError as error:
        place = "authorities" if str(error).startswith("the authority") else ""
        return Tried(problems={place: sentence(str(error))})


def _tried(frame: Frame, one: Subscription, before: Subscription | None) -> Tried:
    app, now = frame.app, frame.app.clock()
    others = tuple(
        each
        for each in subscriptions.foreseen(app.database, app.subscriptions(), address=one.address)
        if before is None or each.id != before.id
    )
    with app.database.read() as connection:
        stopped = suppressions.suppressed(connection, [one.address]).get(one.address)
    return Tried(
        one=one,
        problems={},
        told=trial.trial(app, one),
        others=subscribed.apart(one, others, now),
        stopped=subscribed.silent(stopped) if stopped else "",
    )


def _saved(frame: Frame, one: Subscription, before: Subscription | None) -> Response:
    database, now = frame.app.database, frame.app.clock()
    if before is None:
        kept = subscriptions.add(database, one, now)
    else:
        kept, _ = subscriptions.change(database, before.id, one, now)
    response = Response(status_code=303, headers={"Location": f"{HERE}#no-{kept.id}"})
    keep_reader(response, kept.address)
    return response


def _typed(form: ImmutableMultiDict[str, Any]) -> dict[str, Any]:
    """What stands in a form, by the names of the settings."""
    typed: dict[str, Any] = {}
    for name in Watch.model_fields:
        if name in LISTS:
            typed[name] = list(asked.every(form, name))
        elif name in SWITCHES:
            typed[name] = bool(asked.words(form, name))
        else:
            typed[name] = asked.words(form, name)
    return typed


def _begun(frame: Frame, request: Request) -> dict[str, Any]:
    """What a new one begins with: who reads and when as in what they have already, so that one
    letter tells of all; and what the address says, as a search gives it."""
    address, given = reader(request), request.query_params
    have = of_reader(frame, address) if address else ()
    usual = Watch(reader="-", address=address or "nobody@localhost")
    begun = _values(usual.subscription(frame.app.settings.digest))
    begun |= {"reader": "", "address": address, "classes": []}
    if have:
        kept = _values(have[0])
        begun |= {name: kept[name] for name in ("reader", *_WHEN, "channels", "plain_text")}
    for name in ("words", "meaning", "name"):
        begun[name] = asked.words(given, name)
    for name in ("topics", "sources", "classes"):
        begun[name] = list(asked.every(given, name))
    begun["authorities"] = "\n".join(asked.every(given, "authorities"))
    return begun


_WHEN = ("frequency", "weekday", "day", "hour", "zone", "on_holidays")


def _values(one: Subscription) -> dict[str, Any]:
    """A subscription as its form shows it."""
    schedule = one.schedule
    kept = {name: value for name, value in asdict(one).items() if name in Watch.model_fields}
    kept |= {name: list(kept[name]) for name in LISTS}
    kept["authorities"] = "\n".join(one.authorities)
    kept["frequency"] = str(schedule.frequency)
    kept["weekday"] = get_args(Weekday)[schedule.weekday]
    kept |= {name: str(getattr(schedule, name)) for name in ("day", "hour", "zone")}
    kept["on_holidays"] = "true" if schedule.on_holidays else "false"
    kept["threshold"] = f"{one.threshold:g}"
    return kept


def _page(
    frame: Frame,
    request: Request,
    values: Values,
    tried: Tried,
    before: Subscription | None = None,
) -> Response:
    app = frame.app
    channels = (MAIL, *app.settings.channels)
    return frame.page(
        request,
        "subscription.html",
        400 if tried.problems else 200,
        title=f"Change No. {before.id}" if before else "New subscription",
        before=before,
        values=values,
        tried=tried,
        problems=defaultdict(str, tried.problems),
        said=[*trial.said(tried.told, app.clock())] if tried.told else [],
        letters=subscribed.letters(tried.one) if tried.one else "",
        together=subscribed.TOGETHER,
        most=trial.SHOWN,
        happened=happened,
        choices={
            "topics": {n: t for n, t in app.taxonomy.titles.items() if n != NOT_IMMIGRATION},
            "sources": app.titles,
            "classes": {name: name for name in get_args(ClassName)},
            "channels": {name: name for name in channels},
            "shown_on": {name: name for name in (*channels, FEED)},
        },
        frequencies=[(each, initial(each)) for each in get_args(FrequencyName)],
        weekdays=[(each, initial(each)) for each in get_args(Weekday)],
        zones=ZONES,
    )
