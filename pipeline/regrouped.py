"""Paragraphs that were joined or split, with every word, sign and figure kept."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from pipeline.editorial import END_MARKS

SAID = re.compile(r"\w+(?:[.,'\-]\w+)*|[^\w\s]")
CLOSING = "".join(END_MARKS)
TRIED = 16  # places where one joined paragraph may begin that are looked at


def assembled(
    parts: Sequence[tuple[int, str]], wholes: Sequence[tuple[int, str]]
) -> list[tuple[int, tuple[int, ...]]]:
    """Each whole that consists of two or more consecutive parts, with those parts.

    Both are positions with folded texts, in reading order. Only white space may differ, and the
    mark that closes a part.
    """
    starts: dict[str, list[int]] = defaultdict(list)
    for start, (_, text) in enumerate(parts):
        starts[_opening(text)].append(start)
    found, first = [], 0
    for whole, text in wholes:
        places = starts[_opening(text)]
        later = bisect_left(places, first)
        likely = [
            start
            for start in places[later : later + TRIED]
            if text.startswith(parts[start][1].rstrip(CLOSING))
        ]
        words = SAID.findall(text) if likely else ()
        for start in likely:
            end = _last_part(words, parts, start)
            if end - start > 1:
                found.append((whole, tuple(position for position, _ in parts[start:end])))
                first = end
                break
    return found


def _opening(text: str) -> str:
    first = SAID.search(text)
    return first.group() if first else ""


def _last_part(whole: Sequence[str], parts: Sequence[tuple[int, str]], start: int) -> int:
    """Where the parts end that make up the whole from `start` on; `start` where they do not."""
    end, at = start, 0
    while at < len(whole) and end < len(parts):
        following = _after(whole, at, SAID.findall(parts[end][1]))
        if not following:
            return start
        at, end = following, end + 1
    return end if at == len(whole) else start


def _after(whole: Sequence[str], at: int, part: Sequence[str]) -> int:
    """Where the whole goes on after this part; 0 where it says something else."""
    bare = part[:-1] if part and part[-1] in END_MARKS else part
    following = at + len(bare)
    if not bare or list(whole[at:following]) != list(bare):
        return 0
    return following + (following < len(whole) and whole[following] in END_MARKS)
