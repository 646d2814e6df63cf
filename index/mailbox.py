"""What went to one address: its letters, the newest first, each found by a mark of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from index import outgoing
from index.database import Database
from index.deliveries import COLUMNS, delivery
from index.suppressions import folded
from pipeline.errors import NotHeld
from pipeline.model import Delivery

_MARK = re.compile(r"[0-9a-f]{32}")


def mark(letter: Delivery) -> str:
    """What names a letter and says nothing about its reader: the first part of its Message-ID."""
    return letter.message_id.strip("<>").partition("@")[0]


def letters(database: Database, address: str, most: int, skipped: int = 0) -> tuple[Delivery, ...]:
    """The newest letters to an address, in any of its spellings, on every channel."""
    table = outgoing.delivery
    made = func.coalesce(table.c.composed_at, table.c.begun_at)
    newest = select(*COLUMNS).order_by(made.desc(), table.c.key).limit(most).offset(skipped)
    with database.read() as connection:
        to = table.c.address.in_(_spellings(connection, address))
        return tuple(map(delivery, connection.execute(newest.where(to))))


def found(database: Database, address: str, named: str) -> Delivery:
    """The letter of a mark to an address. Raises `NotHeld`."""
    table = outgoing.delivery
    if _MARK.fullmatch(named):
        with database.read() as connection:
            to = table.c.address.in_(_spellings(connection, address))
            query = select(*COLUMNS).where(to, table.c.message_id.startswith(f"<{named}@"))
            if row := connection.execute(query).first():
                return delivery(row)
    raise NotHeld("there is no such letter to this address")


def _spellings(connection: Connection, address: str) -> Sequence[str]:
    """As letters have it: databases fold the case of ASCII alone."""
    known = connection.execute(select(outgoing.delivery.c.address).distinct()).scalars()
    return [each for each in known if folded(each) == folded(address)]
