"""Take down a court's order by hand: from what was typed to a document that is held and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index import history, ingest, lookup, runs
from index import orders as entries
from index.ingest import Readings
from lexwatch.app import App
from pipeline import orders
from pipeline.calendar import eastern
from pipeline.errors import NotHeld, SettingsError, StoreError
from pipeline.model import Change
from pipeline.orders import Act, Does, Order, Scope

LONGEST = 110  # characters of a court or a docket: both are part of a name
_NEEDED = {
    "document": "what the order acts on, by any name that `lexwatch show` takes",
    "does": f"one of {', '.join(Does)}",
    "scope": f"whom it protects, one of {', '.join(Scope)}; --scope-words says more",
    "source": "where you read it: an address, or words",
    "quote": "the order's own words that say so",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was typed of an order; "" and None stand for what was not."""

    documents: tuple[str, ...] = ()
    court: str = ""
    docket: str = ""
    decided: date | None = None
    does: Does | None = None
    scope: Scope | None = None
    scope_words: str = ""
    part: str = ""
    until: date | None = None
    source: str = ""
    quote: str = ""
    judge: str = ""
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Entered:
    """The order as it now stands, and the change that came of the entry; None: it was held so."""

    order: Order
    change: Change | None


def enter(app: App, said: Said) -> Entered:
    """Take an order down; entered again with other words, it is a new version of the same order.

    Raises `SettingsError` where something needed was not given, `NotHeld` where a document is not
    held or may be several.
    """
    given = _order(app, said)
    held = _held(app, given)
    order = orders.joined(held or given, replace(given, acts=_acts(app, said)))
    return Entered(order=order, change=None if order == held else _keep(app, order))


def withdraw(app: App, said: Said) -> Entered:
    """Take back what the office entered wrongly: of the documents named, or of the whole order.

    Raises `NotHeld` where no such entry is held.
    """
    given = _order(app, said)
    held = _held(app, given)
    names = [_document(app, name)[0] for name in said.documents]
    entered = {act.document for act in held.acts} if held else set()
    if held is None or not entered or not entered.issuperset(names):
        what = ", ".join(said.documents) or "anything"
        raise NotHeld(
            f"no entry is held by which {given.citation} does something to {what}. "
            "`lexwatch note-order --list` shows the entries"
        )
    order = orders.retracted(held, names, eastern(app.clock()))
    return Entered(order=order, change=_keep(app, order))


def _order(app: App, said: Said) -> Order:
    """The order itself, without what it does."""
    court, docket = _line(said.court), orders.docketed(said.docket)
    for name, value in (("court", court), ("docket", docket), ("date", said.decided)):
        if not value:
            raise SettingsError(f"--{name} is needed: an order is known by court, docket and date")
    if max(len(court), len(docket)) > LONGEST or "@" in court + docket:
        raise SettingsError(
            f'--court and --docket: at most {LONGEST} characters, as in "N.D. Cal.", and no @'
        )
    assert said.decided is not None  # noqa: S101 - looked at above
    if said.decided > eastern(app.clock()):
        raise SettingsError(f"--date {said.decided} lies in the future: give the order's own day")
    return Order(
        court=court,
        docket=docket,
        decided=said.decided,
        caption=_line(said.caption),
        judge=_line(said.judge).removeprefix("Judge "),
    )


def _held(app: App, given: Order) -> Order | None:
    """The order as it was entered before. Raises `SettingsError` where that can't be told: two
    entries would be read as two orders, or two orders as one."""
    every = entries.every(app.database)
    same = [order for order in every if order.is_same(given)]
    exact = [order for order in same if order.docket.casefold() == given.docket.casefold()]
    if len(exact or same) > 1:
        raise SettingsError(
            f"--docket {given.docket} may be any of {_listed(same)}: give it as it stands there"
        )
    if not same and (alike := [order for order in every if order.may_be(given)]):
        raise SettingsError(
            f"--court {given.court}: an order of the same day and docket is held, "
            f"{_listed(alike)}. If it is that one, write the court as it stands there; if it is "
            'another, name both courts as in "N.D. Cal." or "9th Cir."'
        )
    return next(iter(exact or same), None)


def _listed(held: Sequence[Order]) -> str:
    return "; ".join(order.citation for order in held)


def _acts(app: App, said: Said) -> tuple[Act, ...]:
    """What the order does, to each of the documents."""
    needed = (("document", said.documents), ("does", said.does), ("scope", said.scope),
              ("source", _line(said.source)), ("quote", _line(said.quote)))  # fmt: skip
    for name, value in needed:
        if not value:
            raise SettingsError(f"--{name} is needed: {_NEEDED[name]}")
    in_part = said.does is Does.VACATES_IN_PART
    if in_part and not _line(said.part):
        raise SettingsError('--part is needed: say what is vacated, as in "8 CFR 208.13(b)"')
    if said.until and said.decided and said.until < said.decided:
        raise SettingsError(f"--until {said.until} lies before the order's day, {said.decided}")
    assert said.does and said.scope  # noqa: S101 - looked at above
    return tuple(
        Act(
            document=document,
            called=called,
            title=title,
            does=said.does,
            scope=said.scope,
            scope_words=_line(said.scope_words),
            part=_line(said.part),
            until=said.until,
            source=_line(said.source),
            quote=_line(said.quote),
            entered_on=eastern(app.clock()),
        )
        for document, called, title in (_document(app, name) for name in said.documents)
    )


def _document(app: App, name: str) -> tuple[str, str, str]:
    """The name of a document held, what it is cited as, and its title."""
    version = lookup.look_up(app.database, name).held.version
    return version.document.name, version.citation or version.title, version.title


def _line(words: str) -> str:
    return " ".join(words.split())


def _keep(app: App, order: Order) -> Change | None:
    """Archive the entry and take it in; None where nobody needs to be told of what it changed."""
    before, read = history.last(app.database), Readings(app.rules)
    _ = app.encoder  # loaded before the first write, which would keep others waiting for it
    entries.keep(app.database, order, app.clock())
    sources, failures = (orders.SOURCE,), []
    for number in runs.unexamined(app.database, sources):
        failures.append(ingest.examine(app.database, number, read, app.clock()))
    for number in runs.waiting(app.database, sources):
        with app.moment() as now:
            failures.append(ingest.ingest(app.database, number, read, now))
    if failed := [failure for failure in failures if failure]:
        raise StoreError(f"the entry is kept and could not be taken in: {'; '.join(failed)}")
    found = history.recorded(app.database, after=before, sources=sources, noise=True)
    return found[-1] if found else None
