"""Pick, of weighted matches between two sequences, the heaviest set that keeps both orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """Positions in the two sequences, and what pairing them is worth."""

    row: int
    column: int
    weight: float


@dataclass(frozen=True)
class _Chain:
    weight: float
    match: Match
    before: _Chain | None


def heaviest(matches: Iterable[Match], columns: int) -> list[Match]:
    """The chain of most total weight, rows and columns both rising; ties fall to earlier matches.

    `columns` is the length of the second sequence. Takes matches x log(columns) steps.
    """
    best: list[_Chain | None] = [None] * (columns + 1)
    # Within a row the columns fall, so that no chain takes two matches of one row.
    for match in sorted(matches, key=lambda match: (match.row, -match.column)):
        before = _up_to(best, match.column)
        weight = match.weight + (before.weight if before else 0.0)
        _enter(best, match.column + 1, _Chain(weight, match, before))
    chain = _up_to(best, columns)
    found = []
    while chain:
        found.append(chain.match)
        chain = chain.before
    return found[::-1]


# A Fenwick tree over the columns: each place holds the heaviest chain of a range that ends there.
def _up_to(best: list[_Chain | None], place: int) -> _Chain | None:
    found: _Chain | None = None
    while place:
        chain = best[place]
        if chain and (found is None or chain.weight > found.weight):
            found = chain
        place -= place & -place
    return found


def _enter(best: list[_Chain | None], place: int, chain: _Chain) -> None:
    while place < len(best):
        held = best[place]
        if held is None or chain.weight > held.weight:
            best[place] = chain
        place += place & -place
