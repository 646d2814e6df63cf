"""What is sent: a letter is composed once, kept, and handed over once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.subscription import MAIL


class LetterKind(StrEnum):
    """Why something is sent: a period's digest, what can't wait, or a date that falls due."""

    DIGEST = "digest"
    ALERT = "alert"
    REMINDER = "reminder"


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
