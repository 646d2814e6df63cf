"""Words that mean something where they stand together: "said|claimed & citizen & job"."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.evidence import Words
from pipeline.query.spoken import Spoken, stems
from pipeline.query.words import fold

NEAR = 20  # words within which all parts of a pattern stand

Place = tuple[int, Words]  # where a phrase begins
Range = tuple[int, int]  # [start, end) in words
_Hit = tuple[int, int, int]  # a range, and the part of a pattern that stands there


@dataclass(frozen=True)
class Patterns:
    """Patterns by their numbers. `sizes` counts the parts of each; `standing` are the patterns and
    parts that a phrase belongs to, `opening` those by the beginning of a word."""

    sizes: Sequence[int]
    standing: Mapping[Words, Sequence[tuple[int, int]]]
    opening: Mapping[str, Sequence[tuple[int, int]]]

    def hits(self, spoken: Spoken, places: Iterable[Place]) -> Mapping[int, list[_Hit]]:
        """Where the parts of each pattern stand, by pattern."""
        hits: dict[int, list[_Hit]] = defaultdict(list)
        for at, phrase in places:
            for number, part in self.standing.get(phrase, ()):
                hits[number].append((at, at + len(phrase), part))
        for at, word in enumerate(spoken.words):
            for length in self._lengths:
                for number, part in self.opening.get(word.word[:length], ()):
                    hits[number].append((at, at + 1, part))
        return {number: sorted(found) for number, found in hits.items()}

    def windows(self, number: int, hits: Iterable[_Hit]) -> Iterator[tuple[_Hit, ...]]:
        """Where all parts of a pattern stand together: one hit for each, in order."""
        last: dict[int, _Hit] = {}
        for hit in hits:
            last[hit[2]] = hit
            if len(last) == self.sizes[number]:
                window = tuple(sorted(last.values()))
                if hit[0] - window[0][0] <= NEAR:
                    yield window

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple({len(start) for start in self.opening})


def patterns(written: Iterable[str]) -> Patterns:
    """Patterns as entries write them, ready to be looked up."""
    sizes = []
    standing: dict[Words, list[tuple[int, int]]] = defaultdict(list)
    opening: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, pattern in enumerate(written):
        alternatives = parts(pattern)
        sizes.append(len(alternatives))
        for part, all_words in enumerate(alternatives):
            for words in all_words:
                if words.endswith("*"):
                    opening[fold(words[:-1])].append((number, part))
                else:
                    standing[stems(words)].append((number, part))
    return Patterns(sizes, standing, opening)


def parts(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The alternatives of each part of a pattern: "a|b & c" is ((a, b), (c,))."""
    return tuple(tuple(each.strip() for each in part.split("|")) for part in pattern.split("&"))


def span(window: Sequence[_Hit]) -> Range:
    """From the first word of a window to its last."""
    return window[0][0], max(end for _, end, _ in window)


def surroundings(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """What lies within 20 words of any of the ranges, in order and apart from each other."""
    joined: list[Range] = []
    for start, end in sorted((start - NEAR, end + NEAR) for start, end in ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def touches(start: int, end: int, ranges: Sequence[Range]) -> bool:
    """Whether any word of [start, end) lies in ranges that are apart and in order."""
    before = bisect_right(ranges, (end, -1)) - 1
    return before >= 0 and ranges[before][1] > start
