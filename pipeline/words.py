"""Which words differ between two texts, and where they stand in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from pipeline.model import Span

# Citations, money and form numbers stay whole: "214.2", "$1,440", "I-526E", "30-day".
TOKEN = re.compile(r"[$§]?\w+(?:[.,'’\-]\w+)*%?|[^\w\s]")

STOP = re.compile(r"[.,;:]")
SPACE = re.compile(r"\s")

# A kept run this short between two changes no shorter than itself reads as confetti.
ISLAND = 3


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """Words of the old text and the words that stand in their place; either side may be empty."""

    old: Span
    new: Span


@dataclass(frozen=True)
class _Run:
    old: int
    new: int
    length: int


def replacements(old: str, new: str) -> tuple[Replacement, ...]:
    """Give the smallest readable set of replacements, in order, that turns `old` into `new`.

    What lies outside them is the same on both sides, character for character.
    """
    before, after = list(TOKEN.finditer(old)), list(TOKEN.finditer(new))
    old_end = new_end = 0
    found = []
    for i, j in _kept(before, after):
        start, end = before[i].span()
        other, other_end = after[j].span()
        if old[old_end:start] != new[new_end:other]:
            gone, come = Span(start=old_end, end=start), Span(start=new_end, end=other)
            found.append(_trim(old, new, gone, come))
        old_end, new_end = end, other_end
    if old[old_end:] != new[new_end:]:
        gone, come = Span(start=old_end, end=len(old)), Span(start=new_end, end=len(new))
        found.append(_trim(old, new, gone, come))
    return tuple(_slid(old, new, found))


def _kept(
    before: Sequence[re.Match[str]], after: Sequence[re.Match[str]]
) -> Iterator[tuple[int, int]]:
    """Positions of the words that both texts keep."""
    numbers: dict[str, int] = {}
    old = [numbers.setdefault(word.group(), len(numbers)) for word in before]
    new = [numbers.setdefault(word.group(), len(numbers)) for word in after]
    runs = [
        _Run(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in Indel.opcodes(old, new)
        if step.tag == "equal"
    ]
    for run in _without_islands(runs, len(old), len(new)):
        for offset in range(run.length):
            yield run.old + offset, run.new + offset


def _without_islands(runs: list[_Run], old_length: int, new_length: int) -> Iterator[_Run]:
    old_end = new_end = 0
    following = [*runs[1:], _Run(old_length, new_length, 0)]
    for run, after in zip(runs, following, strict=False):
        gap_before = max(run.old - old_end, run.new - new_end)
        gap_after = max(after.old - run.old, after.new - run.new) - run.length
        if run.length <= min(ISLAND, gap_before, gap_after):
            continue
        old_end, new_end = run.old + run.length, run.new + run.length
        yield run


def _trim(old: str, new: str, before: Span, after: Span) -> Replacement:
    """Leave out the white space that both sides begin or end with."""
    start = 0
    room = min(before.end - before.start, after.end - after.start)
    while start < room and _same_space(old[before.start + start], new[after.start + start]):
        start += 1
    end = 0
    while end < room - start and _same_space(old[before.end - 1 - end], new[after.end - 1 - end]):
        end += 1
    return Replacement(
        old=Span(start=before.start + start, end=before.end - end),
        new=Span(start=after.start + start, end=after.end - end),
    )


def _slid(old: str, new: str, found: Sequence[Replacement]) -> Iterator[Replacement]:
    """Let a removed or added sentence end with its own full stop, not begin with the last one."""
    after = Replacement(
        old=Span(start=len(old), end=len(old)), new=Span(start=len(new), end=len(new))
    )
    for change, following in pairwise([*found, after]):
        whole = new if change.old.start == change.old.end else old
        span = change.new if whole is new else change.old
        room = following.new.start if whole is new else following.old.start
        step = 0
        if change.old.start == change.old.end or change.new.start == change.new.end:
            step = _slide(whole, span, room)
        yield Replacement(old=_shifted(change.old, step), new=_shifted(change.new, step))


def _slide(text: str, span: Span, room: int) -> int:
    """How far a one-sided span may slide over a mark that it begins with and that follows it."""
    step = 0
    for wanted in (STOP, SPACE):
        start, end = span.start + step, span.end + step
        if end < room and wanted.match(text[start]) and text[start] == text[end]:
            step += 1
    return step


def _shifted(span: Span, step: int) -> Span:
    return Span(start=span.start + step, end=span.end + step)


def _same_space(one: str, other: str) -> bool:
    return one == other and one.isspace()
