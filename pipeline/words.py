"""Which words differ between two texts, and where they stand in each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from rapidfuzz.distance import Indel

from pipeline.model import Span

# Citations, money, days and form numbers stay whole: "214.2", "$1,440", "04/01/26", "I-526E",
# "30-day"; an accent stays with its letter.
TOKEN = re.compile(
    r"[$§]?\w[\w\u0300-\u036f]*(?:(?:[.,'’\-]|(?<=\d)/(?=\d))\w[\w\u0300-\u036f]*)*%?|[^\w\s]"
)
# What is compared where a text has too many of these: what stands between spaces, then clauses.
COARSER = (re.compile(r"\S+"), re.compile(r"\S[^.;]*[.;]?"))
WHOLE = re.compile(r".+", re.DOTALL)
MOST = 25_000  # on either side

STOP = re.compile(r"[.,;:]")
SPACE = re.compile(r"\s")

# A kept run this short between two changes no shorter than itself reads as confetti.
ISLAND = 3

Word = re.Match[str]


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """Words of the old text and the words that stand in their place; either side may be empty."""

    old: Span
    new: Span


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The same characters on both sides."""

    old: Span
    new: Span


@dataclass(frozen=True)
class _Run:
    old: int
    new: int
    length: int


@lru_cache(maxsize=512)  # where a paragraph calls footnotes, its words are asked for twice
def replacements(old: str, new: str) -> tuple[Replacement, ...]:
    """Give the smallest readable set of replacements, in order, that turns `old` into `new`.

    What lies outside them is the same on both sides, character for character; no two touch. Where
    either text has more than `MOST` words and signs, larger pieces of it are compared.
    """
    found: list[Replacement] = []
    old_end = new_end = 0
    for words, others in _kept(old, new):
        start, other = words[0].start(), others[0].start()
        end, other_end = words[-1].end(), others[-1].end()
        found += _between(old, Span(start=old_end, end=start), new, Span(start=new_end, end=other))
        if old[start:end] != new[other:other_end]:  # spaced otherwise
            for (one, following), (its, next_) in zip(
                pairwise(words), pairwise(others), strict=True
            ):
                before = Span(start=one.end(), end=following.start())
                found += _between(old, before, new, Span(start=its.end(), end=next_.start()))
        old_end, new_end = end, other_end
    before = Span(start=old_end, end=len(old))
    found += _between(old, before, new, Span(start=new_end, end=len(new)))
    return merged(_slid(old, new, found))


def kept(old: str, new: str) -> tuple[Kept, ...]:
    """What lies outside the replacements between two texts, in order."""
    found = []
    i = j = 0
    end = Replacement(
        old=Span(start=len(old), end=len(old)), new=Span(start=len(new), end=len(new))
    )
    for change in (*replacements(old, new), end):
        if i < change.old.start:
            found.append(
                Kept(
                    old=Span(start=i, end=change.old.start), new=Span(start=j, end=change.new.start)
                )
            )
        i, j = change.old.end, change.new.end
    return tuple(found)


def merged(found: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """The replacements with those joined that have nothing kept between them."""
    result: list[Replacement] = []
    for change in found:
        before = result.pop() if result and result[-1].old.end == change.old.start else change
        result.append(
            Replacement(
                old=Span(start=before.old.start, end=change.old.end),
                new=Span(start=before.new.start, end=change.new.end),
            )
        )
    return tuple(result)


def _between(old: str, before: Span, new: str, after: Span) -> Iterator[Replacement]:
    if old[before.start : before.end] != new[after.start : after.end]:
        yield _trim(old, new, before, after)


def _kept(old: str, new: str) -> Iterator[tuple[Sequence[Word], Sequence[Word]]]:
    """The runs of words that both texts keep."""
    before, after = _words(old, new)
    numbers: dict[str, int] = {}
    runs = [
        _Run(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in Indel.opcodes(
            [numbers.setdefault(word.group(), len(numbers)) for word in before],
            [numbers.setdefault(word.group(), len(numbers)) for word in after],
        )
        if step.tag == "equal"
    ]
    for run in _without_islands(runs, len(before), len(after)):
        yield before[run.old : run.old + run.length], after[run.new : run.new + run.length]


def _words(old: str, new: str) -> tuple[Sequence[Word], Sequence[Word]]:
    """The pieces of both texts that are compared, as small as there are not too many of them.

    What two long texts begin and end with is one piece, so that a small change stays small.
    """
    if sides := _split(TOKEN, old, new):
        return sides
    start, end = _ends(old, new)
    middle = next(
        sides
        for pattern in (TOKEN, *COARSER, WHOLE)
        if (sides := _split(pattern, old, new, start, end))
    )
    return (
        [*WHOLE.finditer(old, 0, start), *middle[0], *WHOLE.finditer(old, len(old) - end)],
        [*WHOLE.finditer(new, 0, start), *middle[1], *WHOLE.finditer(new, len(new) - end)],
    )


def _split(
    pattern: re.Pattern[str], old: str, new: str, start: int = 0, end: int = 0
) -> tuple[list[Word], list[Word]] | None:
    """The pieces between two ends of both texts; None where there are too many."""
    before = list(islice(pattern.finditer(old, start, len(old) - end), MOST + 1))
    after = list(islice(pattern.finditer(new, start, len(new) - end), MOST + 1))
    is_many = max(len(before), len(after)) > MOST
    return None if is_many else (before, after)


def _ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts begin and end with in common, up to white space."""
    room = min(len(old), len(new))
    start = bisect_left(range(room), True, key=lambda at: old[: at + 1] != new[: at + 1])
    start = old.rfind(" ", 0, start) + 1
    end = bisect_left(range(room - start), True, key=lambda at: old[-1 - at :] != new[-1 - at :])
    space = old.find(" ", len(old) - end)
    return start, 0 if space < 0 else len(old) - space


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
