"""How large a database grows, said before the run: so much a capture, a version, a letter.

The bytes were measured once, by table and index, over plays of 91 days (seed 7): a
capture's page row, its address in an index, its body, compressed, and its link in the chain; a
version's text, passages, their words twice in the keyword index, vectors of 384 floats; a letter
and what it was made of, compressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from benchmarks.quarter.script import BULLETIN, MANUAL, REGISTER, SUBJECTS, Deed, Script

CAPTURE, VERSION, LETTER = 2_500, 7_000, 6_500  # bytes
READERS = 4
# Pages that come anew on each visit: of EOIR the list and a volume, of USCIS three forms, the fee
# schedule and the update history, of the Federal Register one list.
EACH_VISIT = 2 + 4 + 1 + 1
OUTLINES = 4  # pages of the manual without guidance
NAMED = 14  # days for which a chapter that was announced is read on every visit
WHOLE = 7  # days from one reading of the whole manual to the next


@dataclass(frozen=True, kw_only=True)
class Growth:
    """How many captures, versions and letters a script makes after its first days."""

    captures: int
    versions: int
    letters: int

    @classmethod
    def of(cls, script: Script, visited: Sequence[date]) -> Self:
        """What so many days of visits bring, faults left aside."""
        acts = [act for act in script.acts if visited[0] < act.on <= visited[-1]]
        papers = [act for act in acts if act.source == REGISTER]
        posted = [act for act in acts if act.source == BULLETIN]
        announced = [a for a in acts if a.source == MANUAL and a.deed is Deed.NEW]
        wholes = _wholes(visited)
        between = [day for day in visited if day not in wholes]
        named = sum(0 <= (day - act.on).days <= NAMED for act in announced for day in between)
        return cls(
            captures=EACH_VISIT * len(visited)
            + (OUTLINES + len(SUBJECTS)) * len(wholes)
            + named
            + len(papers)
            + 3 * len(posted),
            versions=len(acts),
            letters=READERS * ((script.days - 1) // 7),
        )


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Bytes of the database: after the first days, as predicted, and as it came."""

    base: int
    predicted: int
    actual: int

    @property
    def error(self) -> float:
        """By which share of itself the growth was predicted wrong."""
        return (self.predicted - self.actual) / (self.actual - self.base)


def _wholes(visited: Sequence[date]) -> set[date]:
    """The days of visits on which the whole manual is due, after the first."""
    found, last = set(), visited[0]
    for day in visited[1:]:
        if (day - last).days >= WHOLE:
            found.add(day)
            last = day
    return found


def predicted(growth: Growth) -> int:
    """Bytes by which the database grows."""
    return CAPTURE * growth.captures + VERSION * growth.versions + LETTER * growth.letters
