"""Hand each digest over once, with a ledger row before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum
from typing import ClassVar, Protocol

from alerts.mail import key
from pipeline.errors import DeliveryError
from pipeline.model import Delivery, Digest


class Outcome(StrEnum):
    """How a hand-over ended. SENT and UNCERTAIN are final; FAILED is tried again at the next run.

    UNCERTAIN: sent again after a hand-over whose end is not known; the reader may hold two copies
    with one Message-ID. UNCONFIRMED: the line broke before the server answered. HELD: finished
    earlier, nothing was done.
    """

    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    HELD = "held"


FINAL = frozenset({Outcome.SENT, Outcome.UNCERTAIN})


class Ledger(Protocol):
    """What was begun and finished; every method returns after its commit.

    `begin` makes the row or renews it, and adds one to `unfinished`; `finish` sets that to 0.
    """

    def delivery(self, key: str) -> Delivery | None: ...

    def begin(self, key: str, digest: Digest, message_id: str, at: datetime) -> None: ...

    def finish(self, key: str, outcome: str, at: datetime, where: str) -> None: ...


class Transport(Protocol):
    """A way out. `repeatable` says that sending a message twice leaves one."""

    repeatable: ClassVar[bool]

    def send(self, message: EmailMessage) -> str:
        """Hand the message over and say where it went. Raises `DeliveryError`, or `Unconfirmed`."""
        ...


class Unconfirmed(DeliveryError):
    """The line broke after the message was offered: it may or may not have been taken."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What happened to one digest. `where` is empty, and `error` is not, where it failed."""

    key: str
    reader: str
    address: str
    outcome: Outcome
    where: str = ""
    error: str = ""


def deliver(
    digests: Iterable[Digest],
    compose: Callable[[Digest], EmailMessage],
    transport: Transport,
    ledger: Ledger,
    now: Callable[[], datetime],
) -> tuple[Sent, ...]:
    """Send what the ledger does not hold as finished; one recipient's failure stops nobody else.

    A hand-over that was begun and never finished is repeated: freely where the transport is
    repeatable, else once, with the same Message-ID, and marked uncertain. A ledger that cannot be
    written stops everything: nothing is sent that cannot be accounted for.
    """
    return tuple(_one(digest, compose, transport, ledger, now) for digest in digests)


def _one(
    digest: Digest,
    compose: Callable[[Digest], EmailMessage],
    transport: Transport,
    ledger: Ledger,
    now: Callable[[], datetime],
) -> Sent:
    before = ledger.delivery(key(digest))
    unfinished = before.unfinished if before else 0
    if before and not unfinished and before.outcome in FINAL:
        return _sent(digest, Outcome.HELD, where=before.where)
    again = unfinished > 0 and not transport.repeatable
    if again and unfinished > 1:
        error = (
            f"digest of {digest.reader} was handed over twice and never confirmed: ask whether "
            f"{digest.address} received it; it is not sent a third time"
        )
        ledger.finish(key(digest), Outcome.UNCERTAIN, now(), "")
        return _sent(digest, Outcome.UNCERTAIN, error=error)
    try:
        message = compose(digest)
    except Exception as error:  # a recipient is isolated from every other
        return _sent(digest, Outcome.FAILED, error=str(error) or repr(error))
    ledger.begin(key(digest), digest, message["Message-ID"], now())
    sent = _handed_over(digest, message, transport, again=again)
    if sent.outcome is not Outcome.UNCONFIRMED:
        ledger.finish(sent.key, sent.outcome, now(), sent.where)
    return sent


def _handed_over(
    digest: Digest, message: EmailMessage, transport: Transport, *, again: bool
) -> Sent:
    try:
        where = transport.send(message)
    except Unconfirmed as error:
        return _sent(digest, Outcome.UNCONFIRMED, error=str(error))
    except Exception as error:  # a recipient is isolated from every other
        return _sent(digest, Outcome.FAILED, error=str(error) or repr(error))
    return _sent(digest, Outcome.UNCERTAIN if again else Outcome.SENT, where=where)


def _sent(digest: Digest, outcome: Outcome, *, where: str = "", error: str = "") -> Sent:
    return Sent(
        key=key(digest),
        reader=digest.reader,
        address=digest.address,
        outcome=outcome,
        where=where,
        error=error,
    )
