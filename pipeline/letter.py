"""What is sent: a letter is composed once, kept, and handed over once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.subscription import MAIL, Frequency

LONGEST = 255  # characters of a key that a ledger holds


class LetterKind(StrEnum):
    """Why something is sent: a period's digest, what can't wait, a date that falls due; or what
    ails lexwatch, which its operator alone is sent, and no ledger of letters has."""

    DIGEST = "digest"
    ALERT = "alert"
    REMINDER = "reminder"
    NOTICE = "notice"


class Outcome(StrEnum):
    """What became of a letter. WAITING and FAILED are tried again, UNCONFIRMED once.

    UNCONFIRMED: the line broke, or we were killed, between the end of the message and the answer.
    UNCERTAIN: sent again after that, so the reader may hold two copies with one Message-ID.
    REFUSED: the server says that there is no such mailbox. SUPPRESSED: nothing may go there.
    """

    WAITING = ""
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    GIVEN_UP = "given up"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"


RECEIVED = frozenset({Outcome.SENT, Outcome.UNCERTAIN})
MISSED = frozenset({Outcome.GIVEN_UP, Outcome.REFUSED, Outcome.SUPPRESSED})
FINAL = RECEIVED | MISSED

# Up to when each subscription was told, by its number, the kind of letter and the channel.
Told = Mapping[tuple[int, LetterKind, str], datetime]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a reader is sent over a channel, exactly as it leaves.

    `key` names what may be sent once. `body` is the whole message: as RFC 5322 has it where the
    channel is mail, UTF-8 text elsewhere. `since` and `until` are the period it tells of.
    """

    key: str
    kind: LetterKind
    reader: str
    address: str
    channel: str = MAIL
    since: datetime
    until: datetime
    subject: str
    message_id: str
    body: bytes


def key(
    reader: str,
    address: str,
    since: datetime,
    until: datetime,
    *,
    kind: LetterKind = LetterKind.DIGEST,
    frequency: Frequency = Frequency.WEEKLY,
    channel: str = MAIL,
) -> str:
    """What may be sent once. Of a weekly digest by mail: reader, address and period alone, as
    ledgers have it since the first; of everything else also what sets it apart."""
    is_first = (kind, frequency, channel) == (LetterKind.DIGEST, Frequency.WEEKLY, MAIL)
    spec = "seconds" if is_first else "auto"
    moments = (each.astimezone(UTC).isoformat(timespec=spec) for each in (since, until))
    apart = () if is_first else (kind.value, frequency.value, channel)
    named = "|".join((reader, address, *moments, *apart))
    return named if len(named) <= LONGEST else hashlib.sha256(named.encode()).hexdigest()
