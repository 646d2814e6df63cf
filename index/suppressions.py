"""Addresses to which nothing is sent, from the moment that they are written down here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from index import outgoing
from index.database import Database
from pipeline.errors import NotHeld
from pipeline.letter import Outcome
from pipeline.subscription import Reason, Suppression

_BATCH = 500  # addresses asked for in one query: databases bound the values of one


def suppress(
    database: Database, address: str, reason: Reason | str, at: datetime, said: str = ""
) -> Suppression:
    """Send nothing to an address any more. Can be repeated: the first moment stays.

    Who asked for no mail stays so whatever mail does later; mail that came back gives way to that.
    """
    table, key = outgoing.suppression, folded(address)
    values = {"reason": Reason(reason), "at": at, "said": said}
    with database.write() as connection:
        row = connection.execute(select(table).where(table.c.address == key)).first()
        if row is None:
            connection.execute(insert(table).values(address=key, **values))
        elif row.reason == Reason.BOUNCED and reason == Reason.UNSUBSCRIBED:
            connection.execute(update(table).where(table.c.address == key).values(**values))
        else:
            return _suppression(row)
    return Suppression(address=key, reason=Reason(reason), at=at, said=said)


def lift(database: Database, address: str, reason: Reason | str) -> Suppression:
    """Send to an address again, where `reason` is why nothing was; says what was lifted.

    That mail can reach somebody again is no wish of theirs to have it.
    """
    table, key = outgoing.suppression, folded(address)
    with database.write() as connection:
        row = connection.execute(select(table).where(table.c.address == key)).first()
        if row is None:
            raise NotHeld(f"{address} is not suppressed: mail goes there. Check the spelling")
        if row.reason != reason:
            raise NotHeld(_other(_suppression(row), address))
        connection.execute(delete(table).where(table.c.address == key))
    return _suppression(row)


def suppressed(connection: Connection, addresses: Iterable[str]) -> dict[str, Suppression]:
    """Those of `addresses`, as they are written there, to which nothing may be sent."""
    keys = {address: folded(address) for address in addresses}
    found = {one.address: one for one in _among(connection, sorted(set(keys.values())))}
    return {address: found[key] for address, key in keys.items() if key in found}


def refusals(connection: Connection, since: datetime) -> dict[tuple[str, str], datetime]:
    """Where, by address and channel, a letter was refused after a moment, and when."""
    table = outgoing.delivery
    refused = table.c.outcome == Outcome.REFUSED
    query = select(table.c.address, table.c.channel, table.c.finished_at)
    rows = connection.execute(query.where(refused, table.c.finished_at > since))
    return {(folded(row.address), row.channel): row.finished_at for row in rows}


def every(database: Database) -> tuple[Suppression, ...]:
    """All that there are, the newest first."""
    table = outgoing.suppression
    with database.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.at.desc(), table.c.address))
        return tuple(map(_suppression, rows))


def folded(address: str) -> str:
    """The one spelling under which an address is suppressed: case does not count, nor does whether
    the host is written in its own letters or in those of the DNS (RFC 5890).

    RFC 5321 lets a host tell Ana@ from ana@; none that people use does, and to send to who asked
    for nothing is the worse error.
    """
    local, _, host = address.strip().rpartition("@")
    host = host.rstrip(".").casefold()
    with contextlib.suppress(UnicodeError):  # no name of the DNS: its letters are all there is
        host = host.encode("idna").decode("ascii")
    return f"{local.casefold()}@{host}"


def _among(connection: Connection, keys: list[str]) -> Iterator[Suppression]:
    table = outgoing.suppression
    for start in range(0, len(keys), _BATCH):
        some = table.c.address.in_(keys[start : start + _BATCH])
        yield from map(_suppression, connection.execute(select(table).where(some)))


def _other(held: Suppression, address: str) -> str:
    day = f"{held.at:%Y-%m-%d}"
    if held.reason == Reason.UNSUBSCRIBED:
        return (
            f"{address} asked on {day} that nothing be sent there: only if they want mail again, "
            f"lift that with `lexwatch unsubscribe --lift {address}`"
        )
    return (
        f"mail to {address} came back on {day}, nobody unsubscribed: lift that with "
        f"`lexwatch bounce {address} --lift`"
    )


def _suppression(row: Row[Any]) -> Suppression:
    return Suppression(address=row.address, reason=Reason(row.reason), at=row.at, said=row.said)
