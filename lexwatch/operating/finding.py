"""What a doctor finds: how grave, about what, and the exact next step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """OK: nothing to do; LOOK: worth a look; MUST: something fails, or will."""

    OK = "ok"
    LOOK = "look"
    MUST = "must be done"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`said` is what was found, `means` what follows from it, `step` what to do: "" of what is in
    order."""

    level: Level
    subject: str
    said: str
    means: str = ""
    step: str = ""


def ok(subject: str, said: str) -> Finding:
    """What is in order."""
    return Finding(level=Level.OK, subject=subject, said=said)


def look(subject: str, said: str, means: str, step: str) -> Finding:
    """What is worth a look."""
    return Finding(level=Level.LOOK, subject=subject, said=said, means=means, step=step)


def must(subject: str, said: str, means: str, step: str) -> Finding:
    """What must be done."""
    return Finding(level=Level.MUST, subject=subject, said=said, means=means, step=step)
