"""Subscriptions: kept from the settings file, made by commands, ended and never deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index import mutes, outgoing
from index.database import Database
from index.suppressions import folded
from pipeline.errors import NotHeld, SettingsError
from pipeline.letter import LetterKind
from pipeline.subscription import Origin, Subscription

_LABELS = ("name", "matter", "note")
_ASKED = (
    *("reader", "address", "topics", "sources", "classes"),
    *("authorities", "words", "meaning", "threshold"),
)
_NAMES = tuple(each.name for each in fields(Subscription))
_COLUMNS = tuple(outgoing.subscription.c[name] for name in _NAMES)
_KEPT = tuple(name for name in _NAMES if name != "id")


def held(database: Database, *, reader: str | None = None) -> tuple[Subscription, ...]:
    """The subscriptions that run, of all readers or of one (by name or address, in any case)."""
    with database.read() as connection:
        if reader is None:
            return _running(connection)
        return _running(connection, _of(connection, reader))


def begun(database: Database) -> dict[int, datetime]:
    """When those began, by number, that had no digest yet; of which that is known."""
    table, told = outgoing.subscription, outgoing.told
    had = select(told.c.subscription_id).where(told.c.kind == LetterKind.DIGEST)
    query = select(table.c.id, table.c.begun_at).where(
        table.c.begun_at.is_not(None), table.c.id.not_in(had)
    )
    with database.read() as connection:
        return {row.id: row.begun_at for row in connection.execute(query)}


def add(database: Database, wanted: Subscription, at: datetime) -> Subscription:
    """Make a subscription, or give the one, kept by whomever, that runs and says the same."""
    with database.write() as connection:
        [wanted] = _spelt([wanted], _known(connection))
        for one in _running(connection, _of(connection, wanted.reader)):
            if replace(one, id=0, origin=wanted.origin) == replace(wanted, id=0):
                return one
        table = outgoing.subscription
        made = insert(table).values(**_row(wanted), begun_at=at).returning(table.c.id)
        return replace(wanted, id=connection.execute(made).scalar_one())


def end(database: Database, number: int, at: datetime) -> Subscription:
    """End one; the alerts it was given still name it. One of the settings file ends there."""
    table = outgoing.subscription
    with database.write() as connection:
        one = _own(connection, number)
        connection.execute(update(table).where(table.c.id == number).values(ended_at=at))
    return one


def change(
    database: Database, number: int, wanted: Subscription, at: datetime
) -> tuple[Subscription, bool]:
    """Make one be as `wanted`, and say whether it is another now: told or called otherwise it stays
    itself; what asks for something else takes its place, goes on where it was told, and is muted as
    it was. One of the settings file is changed there."""
    table = outgoing.subscription
    with database.write() as connection:
        before = _own(connection, number)
        [wanted] = _spelt([replace(wanted, origin=before.origin, id=number)], _known(connection))
        if _terms(before, _ASKED) == _terms(wanted, _ASKED):
            connection.execute(update(table).where(table.c.id == number).values(**_row(wanted)))
            return wanted, False
        connection.execute(update(table).where(table.c.id == number).values(ended_at=at))
        made = insert(table).values(**_row(wanted), begun_at=at).returning(table.c.id)
        new = replace(wanted, id=connection.execute(made).scalar_one())
        mutes.hand_over(connection, number, new.id)
        return new, True


def sync(
    database: Database, wanted: Iterable[Subscription], at: datetime
) -> tuple[Subscription, ...]:
    """Make the settings file's subscriptions exactly those `wanted`; returns all that run.

    One that is unchanged, or told or called otherwise, stays itself and keeps its number, and so
    does one that was taken out and is put back: under a new one its alerts would be given again.
    What asks for something else is another. Those made elsewhere are not touched.
    """
    table = outgoing.subscription
    with database.write() as connection:
        rows = _of_settings(connection)
        paired, new = _pair(rows, _spelt(wanted, _known(connection)))
        for row in rows:
            if (values := _altered(row, paired.get(row.id), at)) != {}:
                connection.execute(update(table).where(table.c.id == row.id).values(**values))
        if new:
            connection.execute(insert(table), [{**_row(one), "begun_at": at} for one in new])
        return _running(connection)


def foreseen(
    database: Database, wanted: Iterable[Subscription], *, address: str | None = None
) -> tuple[Subscription, ...]:
    """What would run after `sync`, all or of an address, for a look at it: what is new has no
    number yet, and nothing is written."""
    with database.read() as connection:
        rows, known = _of_settings(connection), _known(connection)
        numbers = None if address is None else _at(connection, address)
        others = [one for one in _running(connection, numbers) if one.origin != Origin.SETTINGS]
    paired, new = _pair(rows, _spelt(wanted, known))
    theirs = (*(replace(one, id=number) for number, one in paired.items()), *new)
    own = address and folded(address)
    return (*others, *(one for one in theirs if own in (None, folded(one.address))))


def addresses(database: Database) -> tuple[str, ...]:
    """To which something is sent, each as it was spelt first."""
    with database.read() as connection:
        return tuple(_known(connection).values())


def _running(
    connection: Connection, numbers: Sequence[int] | None = None
) -> tuple[Subscription, ...]:
    table = outgoing.subscription
    query = select(*_COLUMNS).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    if numbers is not None:
        query = query.where(table.c.id.in_(numbers))
    shared: dict[tuple[type, Hashable], Any] = {}
    found = (_subscription(row, shared) for row in connection.execute(query))
    return tuple(_spelt(found, _known(connection)))


def _own(connection: Connection, number: int) -> Subscription:
    """One that runs and is not kept in the settings file."""
    found = _running(connection, [number])
    if not found:
        raise NotHeld(f"no subscription {number} runs: see the list of subscriptions")
    [one] = found
    if one.origin == Origin.SETTINGS:
        raise SettingsError(
            f"subscription {number} of {one.reader} stands in the settings file: remove its "
            f"table there, or stop all mail with `lexwatch unsubscribe {one.address}`"
        )
    return one


def _known(connection: Connection) -> dict[str, str]:
    """How the addresses of those that run were spelt first, by their one spelling."""
    table = outgoing.subscription
    first = select(table.c.address, func.min(table.c.id).label("first"))
    query = first.where(table.c.ended_at.is_(None)).group_by(table.c.address).order_by("first")
    known: dict[str, str] = {}
    for address in connection.execute(query).scalars():
        known.setdefault(folded(address), address)
    return known


def _spelt(wanted: Iterable[Subscription], known: dict[str, str]) -> Iterator[Subscription]:
    """Each with its address as it was spelt first: Ana@ and ana@ are one reader, of one digest."""
    for one in wanted:
        first = known.setdefault(folded(one.address), one.address)
        yield one if first == one.address else replace(one, address=first)


def _of(connection: Connection, reader: str) -> list[int]:
    """The numbers of a reader's; compared here, since databases fold the case of ASCII alone."""
    table, folded = outgoing.subscription, reader.casefold()
    rows = connection.execute(
        select(table.c.id, table.c.reader, table.c.address).where(table.c.ended_at.is_(None))
    )
    return [number for number, *names in rows if folded in (each.casefold() for each in names)]


def _at(connection: Connection, address: str) -> Sequence[int]:
    """The numbers of those of an address, in any of its spellings."""
    table = outgoing.subscription
    running = table.c.ended_at.is_(None)
    every = connection.execute(select(table.c.address).where(running).distinct()).scalars()
    spelt = [each for each in every if folded(each) == folded(address)]
    query = select(table.c.id).where(running, table.c.address.in_(spelt))
    return connection.execute(query).scalars().all()


def _of_settings(connection: Connection) -> Sequence[Row[Any]]:
    """The rows of the settings file's, those that ended too."""
    table = outgoing.subscription
    return connection.execute(select(table).where(table.c.origin == Origin.SETTINGS)).all()


def _pair(
    rows: Iterable[Row[Any]], wanted: Iterable[Subscription]
) -> tuple[dict[int, Subscription], list[Subscription]]:
    """Which row (by its number) each of `wanted` is, and which of them have none: first what is the
    same in everything, then but for what it is called, then in what it asks for."""
    # One that runs comes before one that ended, else the older.
    left = sorted(rows, key=lambda row: (row.ended_at is not None, row.id))
    new = list(dict.fromkeys(replace(one, id=0) for one in wanted))
    paired: dict[int, Subscription] = {}
    without_labels = tuple(name for name in _KEPT if name not in _LABELS)
    for names in (_KEPT, without_labels, _ASKED):
        free: dict[Hashable, list[Row[Any]]] = defaultdict(list)
        for row in left:
            free[_terms(row, names)].append(row)
        unmet = []
        for one in new:
            if alike := free[_terms(one, names)]:
                paired[alike.pop(0).id] = one
            else:
                unmet.append(one)
        left, new = [row for row in left if row.id not in paired], unmet
    return paired, new


def _altered(row: Row[Any], wanted: Subscription | None, at: datetime) -> dict[str, Any]:
    """What of a row must be written for it to be `wanted`, None: to have ended."""
    if wanted is None:
        return {"ended_at": at} if row.ended_at is None else {}
    values = _row(wanted)
    altered = {name: value for name, value in values.items() if value != row._mapping[name]}
    return altered if row.ended_at is None else {**altered, "begun_at": at, "ended_at": None}


def _terms(given: Row[Any] | Subscription, names: Iterable[str]) -> Hashable:
    return tuple(
        tuple(value) if isinstance(value, list) else value
        for value in (_term(given, name) for name in names)
    )


def _term(given: Row[Any] | Subscription, name: str) -> Any:
    value = getattr(given, name)
    return value.casefold() if name == "address" else value


def _row(subscription: Subscription) -> dict[str, Any]:
    values = ((name, getattr(subscription, name)) for name in _KEPT)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def _subscription(row: Row[Any], shared: dict[tuple[type, Hashable], Any]) -> Subscription:
    """What thousands say alike (a schedule, topics, an address) is held once, in `shared`."""
    values: dict[str, Any] = {}
    for name, value in zip(_NAMES, row, strict=True):
        said = tuple(value) if isinstance(value, list) else value
        values[name] = shared.setdefault((type(said), said), said)
    return Subscription(**values)
