"""Changes that could not be matched when a letter was composed: the next one tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from index import outgoing, told
from index.archive import ignore
from index.database import Database
from pipeline.letter import LetterKind

Waiting = Mapping[tuple[int, LetterKind, str], frozenset[int]]


def waiting(database: Database) -> Waiting:
    """The changes that are still to be matched, by subscription, kind of letter and channel. One
    that took the place of others, and was not told yet, has theirs."""
    table = outgoing.unmatched
    found: defaultdict[tuple[int, LetterKind, str], set[int]] = defaultdict(set)
    with database.read() as connection:
        for row in connection.execute(select(table).where(table.c.until.is_(None))):
            found[row.subscription_id, LetterKind(row.kind), row.channel].add(row.change_id)
        if not found:
            return {}
        known, before = told.told(connection), told.replaced(connection)
        subscription = outgoing.subscription
        query = select(subscription.c.id).where(subscription.c.ended_at.is_(None))
        running = set(connection.execute(query).scalars())
    own = dict(found)
    for number, replaced in before.items():
        for (old, kind, channel), changes in own.items():
            if old in replaced and (number, kind, channel) not in known:
                found[number, kind, channel] |= changes
    return {named: frozenset(changes) for named, changes in found.items() if named[0] in running}


def settle(
    connection: Connection,
    subscriptions: Iterable[int],
    kind: LetterKind,
    channel: str,
    until: datetime,
    *,
    unmatched: Mapping[int, Collection[int]],
) -> None:
    """Note what a letter up to `until` made of them: all that waited for these subscriptions is
    told with it, but for what could not be matched (`unmatched`), which waits for the next."""
    if not (any(unmatched.values()) or _is_any(connection)):
        return
    table = outgoing.unmatched
    of = (table.c.kind == kind, table.c.channel == channel, table.c.until.is_(None))
    rows = []
    for number in subscriptions:
        left = unmatched.get(number, ())
        mine = update(table).where(table.c.subscription_id == number, *of)
        connection.execute(mine.where(table.c.change_id.not_in(left)).values(until=until))
        same = {"subscription_id": number, "kind": kind, "channel": channel, "until": None}
        rows += [{**same, "change_id": change} for change in left]
    ignore(connection, table, rows)


def wait_again(connection: Connection, letter: Row[Any]) -> None:
    """What a letter told that nobody received waits again."""
    table = outgoing.unmatched
    of_letter = update(table).where(
        table.c.subscription_id.in_([int(number) for number in letter.starts]),
        table.c.kind == letter.kind,
        table.c.channel == letter.channel,
        table.c.until == letter.until,
    )
    connection.execute(of_letter.values(until=None))


def _is_any(connection: Connection) -> bool:
    """Whether any waits: nearly always none does."""
    table = outgoing.unmatched
    query = select(table.c.change_id).where(table.c.until.is_(None)).limit(1)
    return connection.execute(query).first() is not None
