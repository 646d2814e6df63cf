"""What became of letters, in words."""

from __future__ import annotations

from pipeline.model import Delivery

UNCONFIRMED, WAITING = "unconfirmed", "waiting"


def state(one: Delivery) -> str:
    """What became of a letter, in a word: nobody knows, it waits, or its outcome."""
    if one.outcome in ("", "failed") and one.unfinished:
        return UNCONFIRMED
    return one.outcome or WAITING
