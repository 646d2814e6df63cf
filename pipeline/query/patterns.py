"""Words that mean something where they stand together: "said|claimed & citizen & job"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from pipeline.evidence import Words
from pipeline.query.spoken import Spoken, is_same, stems
from pipeline.query.words import fold

NEAR = 20  # words within which all parts of a pattern stand

Range = tuple[int, int]  # [start, end) in words
Window = tuple[Range, ...]  # where each part of a pattern stands, in the query's order


@lru_cache(maxsize=8192)
def parts(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The alternatives of each part of a pattern: "a|b & c" is ((a, b), (c,))."""
    return tuple(tuple(each.strip() for each in part.split("|")) for part in pattern.split("&"))


def begins(words: str, spoken: Spoken) -> bool:
    """Whether the first word of an alternative stands in a query."""
    first = _stemmed(words)[0]
    return bool(_starts(first, spoken))


def windows(pattern: str, spoken: Spoken) -> Iterator[Window]:
    """Where all parts of a pattern stand together, each in words of its own."""
    found = []
    every = parts(pattern)
    for part, alternatives in reversed([*enumerate(every)]):  # that the first stands is known
        hits = [
            (*place, part)
            for words in alternatives
            for place in _places(_stemmed(words), spoken)
            if _is_meant(words, place, spoken)
        ]
        if not hits:
            return
        found += hits
    last: dict[int, tuple[int, int, int]] = {}
    for _, here in groupby(sorted(found), key=itemgetter(0)):
        hits = list(here)
        for hit in hits:
            window = sorted((last | {hit[2]: hit}).values())
            is_apart = len({start for start, _, _ in window}) == len(every)
            if is_apart and hit[0] - window[0][0] <= NEAR:
                yield tuple((start, end) for start, end, _ in window)
        last |= {hit[2]: hit for hit in hits}


def span(window: Window) -> Range:
    """From the first word of a window to its last."""
    return window[0][0], max(end for _, end in window)


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


@lru_cache(maxsize=32768)  # of every pattern: a service asks for them again and again
def _stemmed(words: str) -> Words:
    """The words of an alternative: stemmed, or open with a star behind them."""
    if "*" not in words:
        return stems(words)
    return tuple(
        piece
        for word in words.split()
        for piece in ((fold(word),) if word.endswith("*") else stems(word))
    )


def _places(pieces: Words, spoken: Spoken) -> Iterator[Range]:
    first, *rest = pieces
    for start in _starts(first, spoken):
        if not rest:
            yield start, start + 1
            continue
        following = spoken.words[start + 1 : start + len(pieces)]
        if len(following) == len(rest) and all(
            word.word.startswith(piece[:-1]) if piece.endswith("*") else word.stem == piece
            for word, piece in zip(following, rest, strict=True)
        ):
            yield start, start + len(pieces)


def _starts(first: str, spoken: Spoken) -> Sequence[int]:
    return spoken.beginning(first[:-1]) if first[-1] == "*" else spoken.places.get(first, ())


def _is_meant(words: str, place: Range, spoken: Spoken) -> bool:
    """A single word is looked for alone, so it must be more alike than its stem."""
    start, end = place
    return end - start > 1 or "*" in words or is_same(words, spoken.words[start].word)
