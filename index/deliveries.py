"""The letters: queued whole, with what they were made of, and what became of each."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update

from index import outgoing
from index.archive import ignore
from index.database import Database
from index.suppressions import suppressed
from pipeline.errors import NotHeld
from pipeline.letter import Letter, LetterKind
from pipeline.model import Delivery

# As `alerts.deliver.Outcome` spells them.
FINAL = ("sent", "uncertain", "given up", "refused", "suppressed")
FAILED, GIVEN_UP, UNCONFIRMED = "failed", "given up", "unconfirmed"
AT_ONCE = 500  # keys asked for in one query: databases bound the values of one

Told = Mapping[tuple[int, LetterKind, str], datetime]

_COLUMNS = [outgoing.delivery.c[each.name] for each in fields(Delivery)]


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A letter to be sent: `record` says what it was made of, `changes` which of them can't wait;
    it tells `subscriptions` (by number) what there is up to its end."""

    letter: Letter
    subscriptions: tuple[int, ...] = ()
    record: bytes | None = None
    changes: tuple[int, ...] = ()


class Ledger:
    """What `alerts.deliver.Ledger` asks for, and the queue before it, kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, letters: Sequence[Queued], at: datetime) -> None:
        """Put letters into the queue, all or none; what is there already stays as it is, unless its
        body was never kept."""
        table = outgoing.delivery
        rows = [_row(each, at) for each in letters]
        kept = ("body", "record", "changes", "subject", "composed_at")
        whole = (
            update(table)
            .where(table.c.key == bindparam("named"), table.c.body.is_(None))
            .where(*(table.c.outcome != each for each in FINAL))
            .values({name: bindparam(f"new_{name}") for name in kept})
        )
        mended = [
            {"named": row["key"], **{f"new_{name}": row[name] for name in kept}} for row in rows
        ]
        with self._database.write() as connection:
            ignore(connection, table, rows)
            if mended:
                connection.execute(whole, mended)
            _tell(connection, _told(letters))

    def tell(self, numbers: Iterable[int], kind: LetterKind, channel: str, until: datetime) -> None:
        """Note that subscriptions were told all there is up to a moment: of some nothing was."""
        with self._database.write() as connection:
            _tell(connection, {(number, kind, channel): until for number in numbers})

    def told(self) -> Told:
        """Up to when each subscription was told, by kind of letter and channel."""
        with self._database.read() as connection:
            rows = connection.execute(select(outgoing.told)).all()
        return {(row.subscription_id, LetterKind(row.kind), row.channel): row.until for row in rows}

    def replaced(self) -> dict[int, list[int]]:
        """By subscription that runs, those of its reader that ended when it began."""
        new, old = outgoing.subscription, outgoing.subscription.alias()
        query = select(new.c.id, old.c.id.label("old")).where(
            new.c.ended_at.is_(None),
            old.c.ended_at == new.c.begun_at,
            old.c.reader == new.c.reader,
            old.c.address == new.c.address,
        )
        found: dict[int, list[int]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.id, []).append(row.old)
        return found

    def queued(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` that need not be composed: they are in the queue, or were sent."""
        table = outgoing.delivery
        is_held = table.c.body.is_not(None) | table.c.outcome.in_(FINAL)
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(keys), AT_ONCE):
                some = table.c.key.in_(keys[start : start + AT_ONCE])
                found.update(connection.execute(select(table.c.key).where(some, is_held)).scalars())
        return frozenset(found)

    def at_once(self, since: datetime) -> dict[tuple[str, str, str], dict[int, datetime]]:
        """What readers were sent at once from `since` on: by reader, address and channel, the
        changes' ids with when the letter was made."""
        table = outgoing.delivery
        query = select(
            table.c.reader, table.c.address, table.c.channel, table.c.changes, table.c.until
        ).where(
            table.c.kind == LetterKind.ALERT,
            table.c.until >= since,
            table.c.outcome.not_in(("refused", "suppressed", GIVEN_UP)),
        )
        found: dict[tuple[str, str, str], dict[int, datetime]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query.order_by(table.c.until)):
                of = found.setdefault((row.reader, row.address, row.channel), {})
                for change in row.changes:
                    of.setdefault(change, row.until)
        return found

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        """What is not final and may be tried now, the oldest first."""
        table = outgoing.delivery
        query = _deliveries().where(
            table.c.outcome.not_in(FINAL),
            table.c.body.is_not(None),
            table.c.next_at.is_(None) | (table.c.next_at <= now),
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.composed_at, table.c.key)).all()
        return tuple(map(_delivery, rows))

    def deliveries(self, reader: str = "") -> tuple[Delivery, ...]:
        """All there are, or those of a reader (by name or address), in the order they were made."""
        table = outgoing.delivery
        made = func.coalesce(table.c.composed_at, table.c.begun_at)
        query = _deliveries().order_by(made, table.c.key)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        folded = reader.casefold()
        return tuple(
            _delivery(row)
            for row in rows
            if not reader or folded in (row.reader.casefold(), row.address.casefold())
        )

    def delivery(self, key: str) -> Delivery | None:
        with self._database.read() as connection:
            row = connection.execute(_deliveries().where(outgoing.delivery.c.key == key)).first()
        return None if row is None else _delivery(row)

    def letter(self, key: str) -> Letter:
        """A letter as it leaves. Raises `NotHeld` where its body was not kept yet."""
        row = self._whole(key)
        if row is None or row.body is None:
            raise NotHeld(f"no letter {key!r} is held: before this version none was kept")
        return Letter(
            key=row.key,
            kind=LetterKind(row.kind),
            reader=row.reader,
            address=row.address,
            channel=row.channel,
            since=row.since,
            until=row.until,
            subject=row.subject,
            message_id=row.message_id,
            body=zlib.decompress(row.body),
        )

    def record(self, key: str) -> bytes | None:
        """What a letter was made of; None where that was not kept, as of reminders."""
        row = self._whole(key)
        return None if row is None else row.record

    def suppression(self, address: str) -> str:
        """Why nothing may be sent to an address; "" where it may."""
        with self._database.read() as connection:
            found = suppressed(connection, [address]).get(address)
        return "" if found is None else f"{found.reason} on {found.at:%Y-%m-%d}"

    def begin(self, key: str, at: datetime) -> None:
        table = outgoing.delivery
        with self._database.write() as connection:
            connection.execute(
                update(table)
                .where(table.c.key == key)
                .values(begun_at=at, unfinished=table.c.unfinished + 1)
            )

    def finish(
        self,
        row: Delivery,
        outcome: str,
        at: datetime,
        *,
        where: str = "",
        error: str = "",
        next_at: datetime | None = None,
    ) -> None:
        """Write down an end that is known: a try that failed leaves as much unfinished as was so
        before it, and what is final nothing."""
        table = outgoing.delivery
        has_failed = outcome in (FAILED, GIVEN_UP)
        with self._database.write() as connection:
            connection.execute(
                update(table)
                .where(table.c.key == row.key)
                .values(
                    unfinished=row.unfinished if outcome not in FINAL else 0,
                    attempts=table.c.attempts + has_failed,
                    outcome=outcome,
                    finished_at=at,
                    where=where,
                    error=error,
                    next_at=next_at,
                )
            )

    def _whole(self, key: str) -> Row[Any] | None:
        table = outgoing.delivery
        with self._database.read() as connection:
            return connection.execute(select(table).where(table.c.key == key)).first()


def _deliveries() -> Select[Any]:
    return select(*_COLUMNS)


def _delivery(row: Row[Any]) -> Delivery:
    held = {each.name: row._mapping[each.name] for each in fields(Delivery)}
    return Delivery(**{**held, "kind": LetterKind(row.kind)})


def _row(queued: Queued, at: datetime) -> dict[str, Any]:
    letter = queued.letter
    same = ("key", "kind", "reader", "address", "channel", "since", "until", "subject")
    return {
        **{name: getattr(letter, name) for name in same},
        "message_id": letter.message_id,
        "body": zlib.compress(letter.body, 6),
        "record": queued.record,
        "changes": list(queued.changes),
        "composed_at": at,
        "unfinished": 0,
        "attempts": 0,
        "outcome": "",
        "where": "",
        "error": "",
    }


def _told(letters: Iterable[Queued]) -> dict[tuple[int, LetterKind, str], datetime]:
    return {
        (number, each.letter.kind, each.letter.channel): each.letter.until
        for each in letters
        for number in each.subscriptions
    }


def _tell(connection: Any, told: Mapping[tuple[int, LetterKind, str], datetime]) -> None:
    table = outgoing.told
    rows = [
        {"subscription_id": number, "kind": kind, "channel": channel, "until": until}
        for (number, kind, channel), until in told.items()
    ]
    later = (
        update(table)
        .where(
            table.c.subscription_id == bindparam("number"),
            table.c.kind == bindparam("of"),
            table.c.channel == bindparam("over"),
        )
        .values(until=bindparam("moment"))
    )
    if rows:
        ignore(connection, table, rows)
        connection.execute(
            later,
            [
                {
                    "number": row["subscription_id"],
                    "of": row["kind"],
                    "over": row["channel"],
                    "moment": row["until"],
                }
                for row in rows
            ],
        )
