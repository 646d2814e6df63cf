"""A drawing of lines, outlines and words, which every writer can put on its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, hypot, pi, sin

Point = tuple[float, float]

THIN = 0.6
GAP = 2.2  # points between two lines of a hatching: nearer ones run together on paper
CORNERS = 24  # of what is drawn for a circle


class Fill(StrEnum):
    """What an outline is filled with."""

    NONE = "none"
    WHITE = "white"
    GREY = "grey"
    BLACK = "black"


class Anchor(StrEnum):
    """Which end of the words stands at their place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Sign(StrEnum):
    """The form of a sign."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    WEDGE = "triangle pointing down"


class Hatch(StrEnum):
    """What a sign is filled with: told apart without any colour."""

    EMPTY = "empty"
    SOLID = "solid"
    UPRIGHT = "upright lines"
    LEVEL = "level lines"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    width: float = THIN
    is_dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A closed outline through the points; `width` 0 draws the filling alone."""

    points: tuple[Point, ...]
    fill: Fill = Fill.NONE
    width: float = THIN


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words in one line, which begin, are centred or end at the left of their baseline."""

    at: Point
    text: str
    size: float = 8
    is_strong: bool = False
    anchor: Anchor = Anchor.START


Shape = Line | Outline | Words


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Shapes in the order they are drawn, in points (1/72 inch) from the top left, y downward."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def box(left: float, top: float, width: float, height: float) -> tuple[Point, ...]:
    """The corners of a rectangle."""
    right, bottom = left + width, top + height
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def sign(kind: Sign, hatch: Hatch, at: Point, size: float) -> tuple[Shape, ...]:
    """A sign with its middle `at`, `size` wide; its hatching is in lines that end at its edge."""
    points = _corners(kind, at, size)
    fill = Fill.BLACK if hatch is Hatch.SOLID else Fill.WHITE
    return (Outline(points=points, fill=fill, width=0.9), *_hatching(points, hatch, at, size))


def _corners(kind: Sign, at: Point, size: float) -> tuple[Point, ...]:
    x, y, half = *at, size / 2
    if kind is Sign.CIRCLE:
        turns = [2 * pi * step / CORNERS for step in range(CORNERS)]
        return tuple((round(x + half * cos(t), 2), round(y + half * sin(t), 2)) for t in turns)
    if kind is Sign.TRIANGLE:
        return ((x, y - half), (x + half, y + half), (x - half, y + half))
    if kind is Sign.WEDGE:
        return ((x - half, y - half), (x + half, y - half), (x, y + half))
    if kind is Sign.DIAMOND:
        return ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    side = size * 0.9  # as large to the eye as the others
    return box(x - side / 2, y - side / 2, side, side)


def _hatching(points: Sequence[Point], hatch: Hatch, at: Point, size: float) -> Iterator[Line]:
    """Lines across a convex outline."""
    if hatch not in {Hatch.UPRIGHT, Hatch.LEVEL}:
        return
    axis = 0 if hatch is Hatch.UPRIGHT else 1
    count = int(size / GAP / 2)
    for step in range(-count, count + 1):
        ends = _crossings(points, axis, at[axis] + step * GAP)
        if len(ends) == 2 and hypot(ends[0][0] - ends[1][0], ends[0][1] - ends[1][1]) > 1:
            yield Line(start=ends[0], end=ends[1])


def _crossings(points: Sequence[Point], axis: int, level: float) -> list[Point]:
    """Where an upright (axis 0) or a level (axis 1) line meets the outline."""
    found = set()
    for one, other in zip(points, (*points[1:], points[0]), strict=True):
        low, high = one[axis] - level, other[axis] - level
        if (low < 0) != (high < 0):
            part = low / (low - high)
            across = one[1 - axis] + part * (other[1 - axis] - one[1 - axis])
            found.add(
                (round(level, 2), round(across, 2))
                if axis == 0
                else (round(across, 2), round(level, 2))
            )
    return sorted(found)
