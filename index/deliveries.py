"""The letters: queued whole, with what they were made of, and what became of each."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select, update

from index import outgoing, told
from index.archive import ignore
from index.bodies import tombstone
from index.database import Database
from index.queued import ANEW, PAUSE, UNTRIED, Box, Queued, to_row, up_to
from index.suppressions import folded, refusals, suppressed
from index.unmatched import settle, wait_again
from pipeline.errors import NotHeld, SettingsError
from pipeline.letter import FINAL, MISSED, RECEIVED, Letter, LetterKind, Outcome, Told
from pipeline.model import Delivery

BATCH = 500  # keys asked for in one query: databases bound the values of one
INEXACT = timedelta(minutes=1)  # by so much clocks are set right all the time

COLUMNS = [outgoing.delivery.c[each.name] for each in fields(Delivery)]


class Ledger:
    """What `alerts.deliver.Ledger` asks for, and the queue before it, kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, letters: Sequence[Queued], at: datetime) -> None:
        """Put letters into the queue, all or none; what is there already stays as it is, unless its
        body was never kept or nothing could go to its address then."""
        table = outgoing.delivery
        whole = (
            update(table)
            .where(table.c.key == bindparam("named"))
            .where(
                and_(table.c.body.is_(None), *(table.c.outcome != each for each in FINAL))
                | (table.c.outcome == Outcome.SUPPRESSED)
            )
            .values({name: bindparam(f"new_{name}") for name in ANEW})
        )
        with self._database.write() as connection:
            numbers = {number for each in letters for number in each.subscriptions}
            before, refused = told.told(connection, numbers), refusals(connection, at - PAUSE)
            rows = [to_row(each, at, before, refused) for each in letters]
            ignore(connection, table, rows)
            mended = [
                {"named": one["key"], **{f"new_{name}": one[name] for name in ANEW}} for one in rows
            ]
            if mended:
                connection.execute(whole, mended)
            told.tell(connection, up_to(letters))
            for each in letters:
                of, asked = each.letter, each.subscriptions
                settle(connection, asked, of.kind, of.channel, of.until, unmatched=each.unmatched)

    def again(self, key: str) -> None:
        """Put a letter that ended into the queue once more, as it is. Raises `NotHeld` where its
        body was not kept, `SettingsError` where it waits or nothing may go to its address."""
        table, letter = outgoing.delivery, self.letter(key)
        with self._database.write() as connection:
            row = connection.execute(select(table).where(table.c.key == key)).one()
            if row.outcome not in FINAL:
                raise SettingsError(f"{letter.subject}: it waits; `lexwatch digest` sends it")
            if suppressed(connection, [row.address]):
                raise SettingsError(
                    f"nothing may be sent to {row.address}: `lexwatch subscriptions` says why, and "
                    "what lifts that"
                )
            connection.execute(update(table).where(table.c.key == key).values(UNTRIED))
            told.tell_again(connection, row)

    def tell(
        self,
        numbers: Collection[int],
        kind: LetterKind,
        channel: str,
        until: datetime,
        unmatched: Mapping[int, Collection[int]] | None = None,
    ) -> None:
        """Note that subscriptions were told all there is up to a moment: of some nothing was. None
        in place of what is `unmatched`: they could not be asked of anything."""
        with self._database.write() as connection:
            told.tell(connection, {(number, kind, channel): until for number in numbers})
            if unmatched is not None:
                settle(connection, numbers, kind, channel, until, unmatched=unmatched)

    def told(self) -> Told:
        """Up to when each subscription was told, by kind of letter and channel."""
        with self._database.read() as connection:
            return told.told(connection)

    def is_ahead(self, now: datetime) -> bool:
        """Whether changes were found or told at a later moment than `now`: a clock was wrong."""
        with self._database.read() as connection:
            return bool(told.ahead(connection, now))

    def put_right(self, now: datetime) -> str:
        """Go on from `now` where changes were found or told at a later moment, and letters wait for
        one that no pause explains; say so in words: a clock was wrong. "" where none was."""
        with self._database.write() as connection:
            last = told.put_right(connection, now)
            connection.execute(
                update(outgoing.delivery)
                .where(outgoing.delivery.c.next_at > now + PAUSE)
                .values(next_at=None)
            )
        if last is None or last - now < INEXACT:
            return ""
        return (
            f"changes were found or told up to {last:%Y-%m-%d %H:%M} UTC, but the clock says "
            f"{now:%Y-%m-%d %H:%M} UTC: it was wrong then or is now. What is found from now on is "
            "told; put the clock right if it is wrong, and look at the last letters' dates"
        )

    def replaced(self) -> dict[int, list[int]]:
        """By subscription that runs, whose place it took: see `index.told.replaced`."""
        with self._database.read() as connection:
            return told.replaced(connection)

    def queued(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` that need not be composed: they are in the queue, or were sent."""
        table = outgoing.delivery
        is_held = table.c.body.is_not(None) | table.c.outcome.in_(FINAL)
        is_held &= table.c.outcome != Outcome.SUPPRESSED  # to be made anew once mail may go there
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(keys), BATCH):
                some = table.c.key.in_(keys[start : start + BATCH])
                found.update(connection.execute(select(table.c.key).where(some, is_held)).scalars())
        return frozenset(found)

    def at_once(self, since: datetime) -> dict[Box, dict[int, datetime | None]]:
        """What was told at once from `since` on: by where it went, the changes' ids with when they
        were sent there; None: they wait for that."""
        found: dict[Box, dict[int, datetime | None]] = {}
        for row in self._told_of("changes", since, (LetterKind.ALERT, LetterKind.DIGEST)):
            of = found.setdefault((folded(row.address), row.channel), {})
            sent_at = row.finished_at if row.outcome in RECEIVED else None
            for change in row.changes:
                of[change] = of.get(change) or sent_at
        return found

    def reminded(self, since: datetime) -> dict[Box, dict[str, datetime]]:
        """Of which dates (by UID) letters were made from `since` on that arrived or still may: by
        where they go, with when the newest was made."""
        found: dict[Box, dict[str, datetime]] = {}
        for row in self._told_of("dates", since, (LetterKind.REMINDER,)):
            of = found.setdefault((folded(row.address), row.channel), {})
            for uid in row.dates:
                of[uid] = max(row.until, of.get(uid, row.until))
        return found

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        """What is not final and may be tried now, the oldest first."""
        table = outgoing.delivery
        query = select(*COLUMNS).where(
            table.c.outcome.not_in(FINAL),
            table.c.body.is_not(None),
            table.c.next_at.is_(None) | (table.c.next_at <= now),
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.composed_at, table.c.key)).all()
        return tuple(map(delivery, rows))

    def deliveries(self, reader: str = "") -> tuple[Delivery, ...]:
        """All there are, or those of a reader (by name or address), in the order they were made."""
        table = outgoing.delivery
        made = func.coalesce(table.c.composed_at, table.c.begun_at)
        query = select(*COLUMNS).order_by(made, table.c.key)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        folded = reader.casefold()
        return tuple(
            delivery(row)
            for row in rows
            if not reader or folded in (row.reader.casefold(), row.address.casefold())
        )

    def delivery(self, key: str) -> Delivery | None:
        with self._database.read() as connection:
            row = connection.execute(select(*COLUMNS).where(outgoing.delivery.c.key == key)).first()
        return None if row is None else delivery(row)

    def letter(self, key: str) -> Letter:
        """A letter as it leaves. Raises `NotHeld` where its body was not kept, or was purged."""
        row = self._whole(key)
        if row is not None and row.body is None and row.composed_at is not None:
            again = (
                "; what it was made of is kept: `lexwatch digest --again "
                f"{row.until:%Y-%m-%d}` makes it once more"
            )
            raise NotHeld(
                "the message was purged, as [retention] letters_days says"
                f"{again if row.record else ''}"
            )
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

    def is_same(self, letter: Letter) -> bool:
        """Whether a letter that was made once more is the one that was composed, byte for byte; of
        one that was purged its tombstone has the SHA-256."""
        row = self._whole(letter.key)
        if row is not None and row.body is not None:
            return zlib.decompress(row.body) == letter.body
        named = hashlib.sha256(letter.body).hexdigest()
        with self._database.read() as connection:
            return tombstone(connection, named) is not None

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
        before it, and what is final nothing. What nobody will receive is told anew."""
        table = outgoing.delivery
        has_failed = outcome in (Outcome.FAILED, Outcome.GIVEN_UP)
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
            if outcome in MISSED:
                ended = select(table).where(table.c.key == row.key)
                letter = connection.execute(ended).one()
                told.put_back(connection, letter)
                wait_again(connection, letter)

    def _told_of(
        self, column: str, since: datetime, kinds: Iterable[LetterKind]
    ) -> Sequence[Row[Any]]:
        """What letters that arrived, or still may, tell of, the earliest first."""
        table = outgoing.delivery
        names = ("address", "channel", "until", "outcome", "finished_at", column)
        query = select(*(table.c[name] for name in names)).where(
            table.c.kind.in_(tuple(kinds)),
            table.c.until >= since,
            table.c.outcome.not_in(MISSED),
        )
        with self._database.read() as connection:
            return connection.execute(query.order_by(table.c.until)).all()

    def _whole(self, key: str) -> Row[Any] | None:
        table = outgoing.delivery
        with self._database.read() as connection:
            return connection.execute(select(table).where(table.c.key == key)).first()


def delivery(row: Row[Any]) -> Delivery:
    """A row of `COLUMNS`."""
    held = {each.name: row._mapping[each.name] for each in fields(Delivery)}
    return Delivery(**{**held, "kind": LetterKind(row.kind)})
