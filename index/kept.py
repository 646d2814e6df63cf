"""What was derived from the database, kept while nothing at all is written there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import count
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, column, func, select

NAMES = 24  # mappings that are kept: a server that runs for months is asked of many days
FILTERS = 16  # queries of documents of which it is kept what they select
VIEWS = 2  # of the database: who still reads an older one loses nothing

Made = TypeVar("Made")
Stamp = tuple[int, int]  # how often was written, and what else tells two views apart
_held: WeakKeyDictionary[Engine, dict[Stamp, dict[str, dict[Any, Any]]]] = WeakKeyDictionary()
_lock = Lock()
_uncounted = count(1)


def kept(connection: Connection, name: str) -> dict[Any, Any]:
    """A mapping that is empty at first, and again after anything was written, by whomever.

    It is one for all who read the same view of the database, the last `NAMES` that were asked for.
    What is not committed may never be: it is not kept.
    """
    writes = connection.get_execution_options().get("lexwatch_write", False)
    if writes or connection.dialect.name != "sqlite":  # no other says whether anything was written
        return {}
    stamp = _stamp(connection)
    with _lock:
        views = _held.setdefault(connection.engine, {})
        held = views.pop(stamp, {})
        views[stamp] = held
        if len(views) > VIEWS:
            del views[next(iter(views))]
        found: dict[Any, Any] = held.pop(name, {})
        held[name] = found
        if len(held) > NAMES:
            del held[next(iter(held))]
        return found


def counted(connection: Connection) -> int | None:
    """How many of our transactions wrote anything; None where the database doesn't count them."""
    if connection.dialect.name != "sqlite":
        return None
    found: int = _driver(connection).execute("PRAGMA user_version").fetchone()[0]
    return found


def _stamp(connection: Connection) -> Stamp:
    """The view that a connection has. Our own transactions are counted (`index.database`); where
    somebody wrote who does not count, the view is this connection's alone."""
    driver, written = _driver(connection), counted(connection) or 0
    # The second counts what others commit, the third what this connection itself wrote.
    now = (written, driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes)
    then, stamp = connection.info.get("lexwatch_view", (None, None))
    if stamp is not None and then == now:
        known: Stamp = stamp
        return known
    is_counted = then is None or then[0] != written
    new = (written, 0 if is_counted else next(_uncounted))
    connection.info["lexwatch_view"] = now, new
    return new


def _driver(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    return driver


def whole(connection: Connection, name: str, make: Callable[[], Made]) -> Made:
    """What is made whole of a view when it is first asked for. Two who ask at once both make it,
    and nobody sees a part."""
    held = kept(connection, name)
    if "whole" not in held:
        held["whole"] = make()
    made: Made = held["whole"]
    return made


def again(connection: Connection, name: str) -> bool:
    """Whether something is asked for once more since anything was written: only then is it worth
    reading whole, and a command that asks once reads no more than it needs."""
    asked = kept(connection, "asked")
    is_again = name in asked
    asked[name] = True
    return is_again


def selected(connection: Connection, documents: Select[Any]) -> frozenset[int]:
    """The ids that a query of documents selects: what asks with one query again reads no more."""
    held = kept(connection, "selected")
    if documents not in held:
        if len(held) >= FILTERS:
            held.pop(next(iter(held)), None)
        held[documents] = frozenset(connection.execute(documents).scalars())
    found: frozenset[int] = held[documents]
    return found


def these(numbers: Collection[int]) -> Select[Any]:
    """Numbers as a query, which takes one parameter however many they are."""
    listed = func.json_each(f"[{','.join(map(str, numbers))}]").table_valued(column("value"))
    return select(listed.c.value)
