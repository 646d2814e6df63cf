"""Where the sentences and the parentheses of a draft's block lie."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from pipeline.citator.reading import stops


class Sentences:
    """A block's text, read once for everything that is asked of its places."""

    def __init__(self, text: str, quoted: Sequence[tuple[int, int]] = ()) -> None:
        """`quoted` are the spans of quotations, in order: the sentences within them are not the
        draft's own."""
        self._length = len(text)
        begun = [start for start, _ in quoted]
        self._ends = [end for end in stops(text) if not _lies_in(end, begun, quoted)]
        self._signs = [*_signs(text)]

    def start(self, at: int) -> int:
        """Behind the last end of a sentence before a place."""
        place = bisect_right(self._ends, at)
        return self._ends[place - 1] if place else 0

    def end(self, at: int) -> int:
        """The end of the sentence that goes on at a place."""
        place = bisect_left(self._ends, at)
        return self._ends[place] if place < len(self._ends) else self._length

    def between(self, begin: int, end: int) -> Sequence[int]:
        """The ends of sentences from one place to another."""
        return self._ends[bisect_left(self._ends, begin) : bisect_right(self._ends, end)]

    def parenthesis(self, at: int) -> int | None:
        """Where the innermost parenthesis opens that is still open at a place."""
        place = bisect_left(self._signs, (at, -1))
        opened = self._signs[place - 1][1] if place else -1
        return opened if opened >= 0 else None


def _signs(text: str) -> Iterator[tuple[int, int]]:
    """Where parentheses stand, each with the innermost that is open from there on, or -1."""
    opened: list[int] = []
    for sign in re.finditer(r"[()]", text):
        if sign[0] == "(":
            opened.append(sign.start())
        else:
            del opened[-1:]
        yield sign.start(), opened[-1] if opened else -1


def _lies_in(at: int, begun: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    place = bisect_left(begun, at)
    return place > 0 and at <= spans[place - 1][1]
