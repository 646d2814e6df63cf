"""Subscriptions that are muted: nothing of them is sent up to a moment, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from index import outgoing
from index.database import Database
from pipeline.errors import SettingsError
from pipeline.subscription import Subscription

# An end that somebody must remember is one they forget; and what is told late is still told whole.
LONGEST = timedelta(days=90)


def mute(database: Database, number: int, until: datetime, now: datetime) -> None:
    """Send nothing of a subscription before `until`; the first letter after it tells all that it
    met meanwhile. Raises `SettingsError` for a moment that has passed or lies beyond `LONGEST`."""
    if not now < until <= now + LONGEST:
        raise SettingsError(
            f"a subscription is muted for up to {LONGEST.days} days: choose a day up to "
            f"{now + LONGEST:%Y-%m-%d}"
        )
    table = outgoing.mute
    with database.write() as connection:
        connection.execute(delete(table).where(table.c.subscription_id == number))
        connection.execute(insert(table).values(subscription_id=number, until=until))


def unmute(database: Database, number: int) -> None:
    """Send of a subscription again. Can be repeated."""
    table = outgoing.mute
    with database.write() as connection:
        connection.execute(delete(table).where(table.c.subscription_id == number))


def muted(database: Database, now: datetime) -> Mapping[int, datetime]:
    """The subscriptions that are muted at a moment, by number, each with up to when."""
    table = outgoing.mute
    with database.read() as connection:
        rows = connection.execute(select(table).where(table.c.until > now))
        return {row.subscription_id: row.until for row in rows}


def heard(
    database: Database, wanted: Iterable[Subscription], now: datetime
) -> tuple[Subscription, ...]:
    """Those of the subscriptions that are not muted at a moment."""
    silent = muted(database, now)
    return tuple(each for each in wanted if each.id not in silent)


def hand_over(connection: Connection, old: int, new: int) -> None:
    """What takes the place of a muted subscription is muted as long."""
    table = outgoing.mute
    until = connection.execute(select(table.c.until).where(table.c.subscription_id == old)).scalar()
    if until is None:
        return
    connection.execute(delete(table).where(table.c.subscription_id.in_((old, new))))
    connection.execute(insert(table).values(subscription_id=new, until=until))
