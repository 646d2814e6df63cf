"""A letter to be sent, with what it was made of, and its row in the queue."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from index.suppressions import folded
from pipeline.letter import Letter, LetterKind, Outcome, Told

PAUSE = timedelta(days=1)  # after a refusal, and at most: what is made meanwhile waits so long

Box = tuple[str, str]  # where letters arrive: an address, folded, and a channel

_TRIES: Mapping[str, Any] = {
    "attempts": 0,
    "next_at": None,
    "finished_at": None,
    "outcome": Outcome.WAITING,
    "where": "",
    "error": "",
}
UNTRIED = {**_TRIES, "unfinished": 0}
# What a letter has of its own and of its tries, but for those that never ended.
ANEW = ("body", "record", "changes", "dates", "starts", "subject", "composed_at", *_TRIES)


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A letter to be sent: `record` says what it was made of, `changes` what it tells at once,
    `dates` (by UID) of what it reminds; it tells `subscriptions` (by number) what there is up to
    its end, but for the changes that could not be matched with them, `unmatched`."""

    letter: Letter
    subscriptions: tuple[int, ...] = ()
    record: bytes | None = None
    changes: tuple[int, ...] = ()
    dates: tuple[str, ...] = ()
    unmatched: Mapping[int, Collection[int]] = field(default_factory=dict)


def to_row(
    queued: Queued, at: datetime, before: Told, refused: Mapping[Box, datetime]
) -> dict[str, Any]:
    """A letter's row, put into the queue at a moment: `before` says up to when its subscriptions
    were told, `refused` when letters were last refused where it goes."""
    letter = queued.letter
    last = refused.get((folded(letter.address), letter.channel))
    same = ("key", "kind", "reader", "address", "channel", "since", "until", "subject")
    told_of = ((number, (number, letter.kind, letter.channel)) for number in queued.subscriptions)
    return {
        **{name: getattr(letter, name) for name in same},
        **UNTRIED,
        "message_id": letter.message_id,
        "body": zlib.compress(letter.body, 6),
        "record": queued.record,
        "changes": list(queued.changes),
        "dates": list(queued.dates),
        "starts": {
            str(number): before.get(named, letter.since).isoformat() for number, named in told_of
        },
        "composed_at": at,
        "next_at": last and last + PAUSE,
    }


def up_to(letters: Iterable[Queued]) -> dict[tuple[int, LetterKind, str], datetime]:
    """Up to when subscriptions are told by letters, by kind and channel."""
    return {
        (number, each.letter.kind, each.letter.channel): each.letter.until
        for each in letters
        for number in each.subscriptions
    }
