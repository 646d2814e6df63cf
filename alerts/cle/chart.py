"""The picture of a timeline: a row for each source, a column for so many days, a sign for each
topic."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from alerts import wording
from alerts.packet.drawing import Anchor, Drawing, Hatch, Line, Shape, Sign, Words, sign

WIDTH = 468.0  # points of text on a US letter page with margins of an inch
LABELS = 100.0  # where the names of sources stand
COLUMN = 13.0  # the least width of a column: a sign and a number
WIDEST = 40.0
SIZE, STEP = 7.0, 10.4  # a sign, and the next above it
STACK = 8  # signs above each other; of more, the last place says how many developments there are
HEAD = 30.0  # months and days
LEGEND = 13.0  # a line of it
ROOM = 520.0  # points of height that the picture may have
NAME = 22  # letters of a source's name in a line
TOPIC = 52  # letters of a topic's name in the legend
APART = 27.0  # two months' names
LETTER = 4.6  # a letter of one, and more than it needs
# A column is a day, two, a week, two, four, a quarter or a year.
_SPANS = (1, 2, 7, 14, 28, 91, 364)
_SIGNS = tuple((kind, hatch) for hatch in Hatch for kind in Sign)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A development to be drawn."""

    on: date
    source: str
    topic: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`sources` are the rows from the top, `topics` have signs in the order in which these are
    easiest told apart; all marks are of them and within the days, both included."""

    marks: tuple[Mark, ...]
    sources: tuple[str, ...]
    topics: tuple[str, ...]
    since: date
    until: date

    @property
    def span(self) -> int:
        """How many days a column stands for."""
        fitting = int((WIDTH - LABELS) / COLUMN)
        return next((span for span in _SPANS if self._days <= span * fitting), _SPANS[-1])

    @cached_property
    def drawing(self) -> Drawing:
        """The picture, never taller than a page."""
        tops = self._tops
        shapes = [*self._months(), *self._columns()]
        for source, top, bottom in zip(self.sources, tops[:-1], tops[1:], strict=True):
            shapes += self._row(source, top, bottom)
        shapes.append(Line(start=(0, tops[-1]), end=(WIDTH, tops[-1])))
        shapes += self._legend(tops[-1] + LEGEND)
        lines = (len(self.topics) + 1) // 2
        height = tops[-1] + (lines + 0.8) * LEGEND
        return Drawing(width=WIDTH, height=height, shapes=tuple(shapes))

    @property
    def _days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def _count(self) -> int:
        return -(-self._days // self.span)

    @property
    def _wide(self) -> float:
        """The width of a column."""
        return min(WIDEST, (WIDTH - LABELS) / self._count)

    @cached_property
    def _stacks(self) -> Mapping[tuple[str, int], Counter[str]]:
        """How many developments on which topic, by source and column."""
        stacks: dict[tuple[str, int], Counter[str]] = {}
        for mark in self.marks:
            column = (mark.on - self.since).days // self.span
            stacks.setdefault((mark.source, column), Counter())[mark.topic] += 1
        return stacks

    @cached_property
    def _most(self) -> int:
        """How many signs may stand above each other, so that the picture keeps to its room."""
        room = ROOM - HEAD - ((len(self.topics) + 1) // 2 + 0.8) * LEGEND
        return next((most for most in range(STACK, 2, -1) if sum(self._heights(most)) <= room), 2)

    @cached_property
    def _tops(self) -> list[float]:
        """Where each row begins, and where the last ends."""
        tops = [HEAD]
        for height in self._heights(self._most):
            tops.append(tops[-1] + height)
        return tops

    def _heights(self, most: int) -> list[float]:
        heights = []
        for source in self.sources:
            deep = max(len(topics) for (of, _), topics in self._stacks.items() if of == source)
            lines = len(_lines(source)) + 1
            heights.append(max(min(deep, most) * STEP + 5, lines * 8.6 + 5))
        return heights

    def _months(self) -> Iterator[Shape]:
        """The first day and every first of a month, named where there is room, with its year where
        that is another than the last named."""
        named, year = -APART, 0
        for day in (self.since + timedelta(days=at) for at in range(self._days)):
            if day.day != 1 and day != self.since:
                continue
            left = LABELS + (day - self.since).days / self.span * self._wide
            shown = f"{day:%b}" if day.year == year else f"{day:%b %Y}"
            if left - named >= APART and left + LETTER * len(shown) <= WIDTH:
                yield Line(start=(left, HEAD - 26), end=(left, HEAD - 14))
                yield Words(at=(left + 2, HEAD - 19), text=shown, size=7.6, is_strong=True)
                named, year = left + (18 if day.year != year else 0), day.year
            for level in self._tops:  # never through a sign
                yield Line(start=(left, level - 2), end=(left, level + 2))

    def _columns(self) -> Iterator[Shape]:
        """The day of the month with which each column begins."""
        for at in range(self._count):
            day = self.since + timedelta(days=at * self.span)
            middle = self._middle(LABELS + at * self._wide)
            yield Words(at=(middle, HEAD - 5), text=str(day.day), size=6, anchor=Anchor.MIDDLE)

    def _row(self, source: str, top: float, bottom: float) -> Iterator[Shape]:
        yield Line(start=(0, top), end=(WIDTH, top))
        lines = _lines(source)
        for at, words in enumerate(lines):
            yield Words(at=(0, top + 9 + at * 8.6), text=words, size=7.6, is_strong=True)
        count = sum(mark.source == source for mark in self.marks)
        told = wording.counted(count, "development")
        yield Words(at=(0, top + 9 + len(lines) * 8.6), text=told, size=6.6)
        for (of, column), topics in sorted(self._stacks.items()):
            if of == source:
                yield from self._stack(topics, LABELS + column * self._wide, bottom - 7)

    def _stack(self, topics: Counter[str], left: float, level: float) -> Iterator[Shape]:
        """Signs from the bottom up, in the order of the legend."""
        ordered = sorted(topics, key=self.topics.index)
        room = self._most if len(ordered) <= self._most else self._most - 1
        middle = self._middle(left)
        for at, topic in enumerate(ordered[:room]):
            place = (middle, level - at * STEP)
            yield from sign(*self._sign(topic), place, SIZE)
            if (count := topics[topic]) > 1:
                yield Words(
                    at=(middle + SIZE / 2 + 0.7, place[1] + 2.4),
                    text=str(count),
                    size=6.0 if count < 100 else 4.2,
                    is_strong=True,
                )
        if more := sum(topics[topic] for topic in ordered[room:]):
            over = (middle, level - room * STEP + 2.4)
            yield Words(at=over, text=f"+{more}", size=6.2, is_strong=True, anchor=Anchor.MIDDLE)

    def _middle(self, left: float) -> float:
        """Where the signs of a column stand, with room for a number to the right."""
        return left + max(SIZE / 2, self._wide / 2 - 4)

    def _sign(self, topic: str) -> tuple[Sign, Hatch]:
        return _SIGNS[self.topics.index(topic) % len(_SIGNS)]

    def _legend(self, top: float) -> Iterator[Shape]:
        """The topics with their signs, in two columns read downward."""
        counted = Counter(mark.topic for mark in self.marks)
        half = (len(self.topics) + 1) // 2
        for at, topic in enumerate(self.topics):
            left, level = (WIDTH / 2) * (at // half), top + (at % half) * LEGEND
            yield from sign(*self._sign(topic), (left + 6, level), SIZE)
            words = f"{wording.shortened(topic, TOPIC)} ({counted[topic]})"
            yield Words(at=(left + 15, level + 2.8), text=words, size=7.6)


def _lines(source: str) -> Sequence[str]:
    """The name of a source in at most two lines."""
    return textwrap.wrap(source, NAME, max_lines=2, placeholder=" …") or [""]
