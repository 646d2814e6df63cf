"""What was derived from the database, kept while nothing at all is written there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, column, func, select

NAMES = 24  # mappings that a connection keeps: a server that runs for months is asked of many days

FILTERS = 16  # queries of documents of which it is kept what they select


def kept(connection: Connection, name: str) -> dict[Any, Any]:
    """A mapping that is empty at first, and again after anything was written, by whomever.

    Each connection has its own, the last `NAMES` that were asked for. What is not committed may
    never be: it is not kept.
    """
    writes = connection.get_execution_options().get("lexwatch_write", False)
    if writes or connection.dialect.name != "sqlite":  # no other says whether anything was written
        return {}
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    # The first counts what others commit, the second what this connection itself wrote.
    now = (driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes)
    then, held = connection.info.get("lexwatch_kept", (None, {}))
    if then != now:
        held = {}
        connection.info["lexwatch_kept"] = (now, held)
    found: dict[Any, Any] = held.pop(name, {})
    held[name] = found
    if len(held) > NAMES:
        del held[next(iter(held))]
    return found


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
        if len(held) == FILTERS:
            del held[next(iter(held))]
        held[documents] = frozenset(connection.execute(documents).scalars())
    found: frozenset[int] = held[documents]
    return found


def these(numbers: Collection[int]) -> Select[Any]:
    """Numbers as a query, which takes one parameter however many they are."""
    listed = func.json_each(f"[{','.join(map(str, numbers))}]").table_valued(column("value"))
    return select(listed.c.value)
