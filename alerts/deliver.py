"""Hand each letter over once, with the ledger written before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from pipeline.errors import DeliveryError, SettingsError, StoreError
from pipeline.letter import Letter, LetterKind, Outcome
from pipeline.model import Delivery
from pipeline.subscription import MAIL

SOONEST, LATEST = timedelta(minutes=15), timedelta(days=1)  # between tries: doubled each time
PATIENCE = timedelta(days=5)  # after which no more is tried (RFC 5321, 4.5.4.1: 4 to 5 days) …
FEWEST = 4  # … unless so few tries were made
KNOCKS = 2  # on a door that stays shut, in one go


class Ledger(Protocol):
    """What was queued, offered and finished; every method returns after its commit."""

    def due(self, now: datetime) -> tuple[Delivery, ...]:
        """What is not final and may be tried now, the oldest first."""
        ...

    def letter(self, key: str) -> Letter: ...

    def suppression(self, address: str) -> str:
        """Why nothing may be sent to an address; "" where it may."""
        ...

    def begin(self, key: str, at: datetime) -> None:
        """Note that the letter is about to be taken; adds one to `unfinished`."""
        ...

    def finish(
        self,
        row: Delivery,
        outcome: Outcome,
        at: datetime,
        *,
        where: str = "",
        error: str = "",
        next_at: datetime | None = None,
    ) -> None:
        """Note an end that is known. A try that failed takes its begin back and is counted; what
        is final leaves nothing unfinished."""
        ...


class Transport(Protocol):
    """A way out. `repeatable` says that sending a letter twice leaves one."""

    repeatable: ClassVar[bool]

    def send(self, letter: Letter, begin: Callable[[], None]) -> str:
        """Hand the letter over and say where it went.

        `begin` is called just before the moment from which it may have been taken; an error before
        that, and any `DeliveryError` but `Unconfirmed`, says that it was not taken.
        """
        ...

    def close(self) -> None:
        """Let go of what was kept open between letters."""
        ...


class Unconfirmed(DeliveryError):
    """The line broke after the message was offered: it may or may not have been taken."""


class Unreachable(DeliveryError):
    """Nobody is at the door: what waits behind this letter would meet the same."""


class Refused(DeliveryError):
    """The recipient's server says that there is no such mailbox, and never will be."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What happened to one letter. `where` is empty, and `error` is not, where it failed."""

    key: str
    reader: str
    address: str
    outcome: Outcome
    where: str = ""
    error: str = ""
    kind: LetterKind = LetterKind.DIGEST
    channel: str = MAIL


def deliver(
    ledger: Ledger, way: Callable[[str], Transport], now: Callable[[], datetime]
) -> Iterator[Sent]:
    """Send what is due; one recipient's failure stops nobody else.

    `way` gives the way out over a channel, or raises `SettingsError`. Whether an address is
    suppressed is asked right before each hand-over. A hand-over that was begun and never finished
    is repeated: freely where the transport is repeatable, else once, with the same Message-ID, and
    marked uncertain. Where nobody answers at a channel's door the rest of its letters wait for the
    next run. A ledger that cannot be written stops everything: nothing is sent that cannot be
    accounted for.
    """
    post = _Post(ledger, way, now)
    try:
        for row in ledger.due(now()):
            yield post.deliver(row)
    finally:
        post.close()


class _Post:
    """The ways out of one delivery round, and how often in a row nobody answered at each."""

    def __init__(
        self, ledger: Ledger, way: Callable[[str], Transport], now: Callable[[], datetime]
    ) -> None:
        self._ledger, self._way, self._now = ledger, way, now
        self._open: dict[str, Transport] = {}
        self._shut: Counter[str] = Counter()

    def deliver(self, row: Delivery) -> Sent:
        if reason := self._ledger.suppression(row.address):
            return self._ended(row, Outcome.SUPPRESSED, where=reason)
        if self._shut[row.channel] >= KNOCKS:
            return _sent(row, Outcome.WAITING)
        try:
            if row.channel not in self._open:
                self._open[row.channel] = self._way(row.channel)
        except SettingsError as error:
            return self._failed(row, str(error))
        return self._offered(row, self._open[row.channel])

    def close(self) -> None:
        for way in self._open.values():
            way.close()

    def _offered(self, row: Delivery, way: Transport) -> Sent:
        again = row.unfinished > 0 and not way.repeatable
        if again and row.unfinished > 1:
            error = (
                f"the {row.kind} of {row.reader} was handed over twice and never confirmed: ask "
                f"whether {row.address} received it; it is not sent a third time"
            )
            return self._ended(row, Outcome.UNCERTAIN, error=error)
        try:
            where = self._handed_over(row, way)
        except Unconfirmed as error:
            return _sent(row, Outcome.UNCONFIRMED, error=str(error))
        except Refused as error:
            return self._ended(row, Outcome.REFUSED, error=str(error))
        except DeliveryError as error:
            is_shut = isinstance(error, Unreachable)
            self._shut[row.channel] = self._shut[row.channel] + 1 if is_shut else 0
            return self._failed(row, str(error))
        self._shut[row.channel] = 0
        return self._ended(row, Outcome.UNCERTAIN if again else Outcome.SENT, where=where)

    def _handed_over(self, row: Delivery, way: Transport) -> str:
        is_begun = False

        def begin() -> None:
            nonlocal is_begun
            self._ledger.begin(row.key, self._now())
            is_begun = True

        try:
            return way.send(self._ledger.letter(row.key), begin)
        except (DeliveryError, StoreError):
            raise
        except Exception as error:  # a recipient is isolated from every other
            said = str(error) or repr(error)
            raise (Unconfirmed(said) if is_begun else DeliveryError(said)) from error

    def _failed(self, row: Delivery, error: str) -> Sent:
        """To be tried again after a pause that doubles, or given up, which is said."""
        at = self._now()
        tries, waited = row.attempts + 1, at - (row.composed_at or at)
        if tries >= FEWEST and waited >= PATIENCE:
            said = (
                f"given up after {tries} tries in {waited.days} days: {row.reader} "
                f"<{row.address}> has NOT received this {row.kind}; `lexwatch sent` numbers it, "
                f"`lexwatch sent --again NUMBER` tries anew. The last answer: {error}"
            )
            return self._ended(row, Outcome.GIVEN_UP, error=said)
        next_at = at + min(LATEST, SOONEST * 2 ** min(row.attempts, 10))
        self._ledger.finish(row, Outcome.FAILED, at, error=error, next_at=next_at)
        return _sent(row, Outcome.FAILED, error=error)

    def _ended(self, row: Delivery, outcome: Outcome, *, where: str = "", error: str = "") -> Sent:
        self._ledger.finish(row, outcome, self._now(), where=where, error=error)
        return _sent(row, outcome, where=where, error=error)


def _sent(row: Delivery, outcome: Outcome, *, where: str = "", error: str = "") -> Sent:
    return Sent(
        key=row.key,
        reader=row.reader,
        address=row.address,
        outcome=outcome,
        where=where,
        error=error,
        kind=row.kind,
        channel=row.channel,
    )
