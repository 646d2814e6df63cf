"""Precision and recall, from counts, and how sure so many make them."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Score:
    """How many were right, of those found and of those wanted."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    @classmethod
    def of(cls, found: Collection[Hashable], wanted: Collection[Hashable]) -> Score:
        """Count one answer against its labels; both hold each thing once."""
        return cls(right=len(set(found) & set(wanted)), found=len(found), wanted=len(wanted))

    def __add__(self, other: Score) -> Score:
        return Score(
            right=self.right + other.right,
            found=self.found + other.found,
            wanted=self.wanted + other.wanted,
        )

    @property
    def precision(self) -> float | None:
        """None where nothing was found: no share of nothing is right."""
        return share(self.right, self.found)

    @property
    def recall(self) -> float | None:
        return share(self.right, self.wanted)

    @property
    def f1(self) -> float | None:
        return share(2 * self.right, self.found + self.wanted)


NORMAL_95 = 1.959964  # the normal deviate that leaves one in forty on each side


def interval(part: int, whole: int) -> list[float] | None:
    """Where the share lies with 95 % confidence, by Wilson's score interval; None of nothing.

    For rows drawn independently: several from one document make it somewhat wider than it says.
    """
    if not whole:
        return None
    square = NORMAL_95**2
    middle, spread = part + square / 2, math.sqrt(part * (whole - part) / whole + square / 4)
    ends = [(middle + way * NORMAL_95 * spread) / (whole + square) for way in (-1, 1)]
    return [round(min(max(end, 0.0), 1.0), 4) for end in ends]


def share(part: int, whole: int) -> float | None:
    """A share to four places; None of nothing."""
    return round(part / whole, 4) if whole else None
