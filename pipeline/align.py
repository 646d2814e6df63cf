"""Which block of the old text is which block of the new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Indel

from pipeline.chain import Match, heaviest
from pipeline.model import Block, BlockKind
from pipeline.noise import fold

# Half of the words in common, in order: below this a redline is harder to read than two texts.
ALIKE = 0.5
# Where one block alone stands for one other, less will do.
ALIKE_ALONE = 0.3
# A table row is its first cell's row, whatever stands in the others.
SAME_ROW = 0.9
# A block found elsewhere counts as moved only when it is much the same and long enough to know.
MOVED = 0.7
MOVED_WORDS = 5
# How many pairs of a replaced run are looked at: the whole run up to 200 by 200 blocks.
PAIRS = 40_000
BAND = 5

WORD = re.compile(r"\w+(?:[.,'\-]\w+)*")
CHARACTERS = 0x110000


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One block on either side; None where that side has no such block.

    `regrouped` marks blocks whose words all stand in one neighbour: a split or joined paragraph.
    """

    old: int | None
    new: int | None
    moved: bool = False
    regrouped: bool = False


@dataclass(frozen=True)
class _Gap:
    old: tuple[int, ...]
    new: tuple[int, ...]


def align(old: Sequence[Block], new: Sequence[Block]) -> tuple[Pair, ...]:
    """Pair every block of both sides exactly once, in reading order.

    Footnotes are paired with footnotes by what they say, whatever their number. Pairs that are
    neither moved nor one-sided keep their order.
    """
    sides = _Sides(old, new)
    pairs: list[Pair] = []
    for notes in (False, True):
        pairs += _align(
            sides,
            [i for i, block in enumerate(old) if (block.kind is BlockKind.FOOTNOTE) is notes],
            [j for j, block in enumerate(new) if (block.kind is BlockKind.FOOTNOTE) is notes],
        )
    return tuple(_in_reading_order(pairs))


class _Sides:
    """Both texts' blocks, folded so that typography never hides a pair, and their likeness."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        self.old, self.new = old, new
        self.old_texts = [fold(block.text) for block in old]
        self.new_texts = [fold(block.text) for block in new]
        self._numbers: dict[str, str] = {}
        self._old_words: dict[int, str] = {}
        self._new_words: dict[int, str] = {}

    def likeness(self, pairs: Sequence[tuple[int, int]], least: float) -> Iterator[float]:
        """For each pair the share of words in common, in order, 0..1; 0 when under `least`."""
        shares = process.cpdist(
            [self.old_words(i) for i, _ in pairs],
            [self.new_words(j) for _, j in pairs],
            scorer=Indel.normalized_similarity,
            score_cutoff=least * ALIKE,
        )
        for (i, j), share in zip(pairs, shares.tolist(), strict=True):
            weighed = self._weighed(i, j, share)
            yield weighed if weighed >= least else 0.0

    def old_words(self, i: int) -> str:
        """A block with every word as one character, as the likeness of strings is fast."""
        if i not in self._old_words:
            self._old_words[i] = self._number(self.old_texts[i])
        return self._old_words[i]

    def new_words(self, j: int) -> str:
        if j not in self._new_words:
            self._new_words[j] = self._number(self.new_texts[j])
        return self._new_words[j]

    def _weighed(self, i: int, j: int, share: float) -> float:
        one, other = self.old[i].kind, self.new[j].kind
        if one is other is BlockKind.ROW:
            same = _first_cell(self.old_texts[i]) == _first_cell(self.new_texts[j])
            return max(share, SAME_ROW) if same else share * ALIKE
        if (one is BlockKind.HEADING) is not (other is BlockKind.HEADING):
            return share * SAME_ROW
        return share

    def _number(self, text: str) -> str:
        numbers = self._numbers
        return "".join(
            numbers.setdefault(word, chr(len(numbers) % CHARACTERS)) for word in WORD.findall(text)
        )


def _align(sides: _Sides, old: list[int], new: list[int]) -> list[Pair]:
    pairs, gaps = _identical(sides, old, new)
    gaps, moved = _moved(sides, gaps)
    pairs += moved
    loose_old: list[int] = []
    loose_new: list[int] = []
    for gap in gaps:
        regrouped, rest = _regrouped(sides, gap)
        pairs += regrouped
        similar = [Pair(old=i, new=j) for i, j in _similar(sides, rest)]
        pairs += similar
        loose_old += _without(rest.old, (pair.old for pair in similar))
        loose_new += _without(rest.new, (pair.new for pair in similar))
    return pairs + _leftovers(sides, loose_old, loose_new)


def _identical(sides: _Sides, old: list[int], new: list[int]) -> tuple[list[Pair], list[_Gap]]:
    """Pairs of blocks that say the same in the same order, and the gaps between them."""
    numbers: dict[str, int] = {}
    before = [numbers.setdefault(sides.old_texts[i], len(numbers)) for i in old]
    after = [numbers.setdefault(sides.new_texts[j], len(numbers)) for j in new]
    pairs, gaps = [], []
    old_end = new_end = 0
    steps = [step for step in Indel.opcodes(before, after) if step.tag == "equal"]
    bounds = [(s.src_start, s.dest_start, s.src_end - s.src_start) for s in steps]
    for i, j, length in [*bounds, (len(old), len(new), 0)]:
        if i > old_end or j > new_end:
            gaps.append(_Gap(tuple(old[old_end:i]), tuple(new[new_end:j])))
        pairs += [Pair(old=old[i + k], new=new[j + k]) for k in range(length)]
        old_end, new_end = i + length, j + length
    return pairs, gaps


def _moved(sides: _Sides, gaps: list[_Gap]) -> tuple[list[_Gap], list[Pair]]:
    """Blocks that stand, word for word, at another place; and the gaps without them."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for gap in gaps:
        for i in gap.old:
            waiting[sides.old_texts[i]].append(i)
    pairs = []
    for gap in gaps:
        for j in gap.new:
            if places := waiting[sides.new_texts[j]]:
                pairs.append(Pair(old=places.pop(0), new=j, moved=True))
    gone, come = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    rest = [_Gap(_without(gap.old, gone), _without(gap.new, come)) for gap in gaps]
    return rest, pairs


def _regrouped(sides: _Sides, gap: _Gap) -> tuple[list[Pair], _Gap]:
    """Paragraphs split into several or several joined into one, with every word kept."""
    joined = _assembled(sides.old_texts, gap.old, sides.new_texts, gap.new)
    split = _assembled(sides.new_texts, gap.new, sides.old_texts, gap.old)
    pairs = [
        Pair(old=part, new=whole if part == parts[0] else None, regrouped=True)
        for whole, parts in joined
        for part in parts
    ]
    pairs += [
        Pair(old=whole if part == parts[0] else None, new=part, regrouped=True)
        for whole, parts in split
        for part in parts
    ]
    rest = _Gap(
        _without(gap.old, (pair.old for pair in pairs)),
        _without(gap.new, (pair.new for pair in pairs)),
    )
    return pairs, rest


def _assembled(
    texts: Sequence[str], parts: tuple[int, ...], wholes: Sequence[str], candidates: tuple[int, ...]
) -> list[tuple[int, tuple[int, ...]]]:
    """Each candidate that consists of two or more consecutive parts, with those parts."""
    words = [WORD.findall(texts[part]) for part in parts]
    starts: dict[str, list[int]] = defaultdict(list)
    for start, opening in enumerate(words):
        if opening:
            starts[opening[0]].append(start)
    found = []
    first = 0
    for candidate in candidates:
        whole = WORD.findall(wholes[candidate])
        for start in starts[whole[0]] if whole else ():
            end = _last_part(whole, words, start)
            if start >= first and end - start > 1:
                found.append((candidate, parts[start:end]))
                first = end
                break
    return found


def _last_part(whole: list[str], words: Sequence[list[str]], start: int) -> int:
    """Where the parts end that make up the whole from `start` on; `start` where they do not."""
    end, length = start, 0
    while (
        end < len(words) and words[end] and words[end] == whole[length : length + len(words[end])]
    ):
        length += len(words[end])
        end += 1
    return end if length == len(whole) else start


def _similar(sides: _Sides, gap: _Gap) -> list[tuple[int, int]]:
    """The order-keeping pairs of a gap with the most likeness in all.

    In a gap of more than `PAIRS` pairs only those near its diagonal are looked at.
    """
    rows, columns = len(gap.old), len(gap.new)
    if not rows or not columns:
        return []
    least = ALIKE_ALONE if rows == columns == 1 else ALIKE
    width = max(BAND, PAIRS // (2 * max(rows, columns))) if rows * columns > PAIRS else columns
    near = [
        (row, column)
        for row in range(rows)
        for middle in [row * columns // rows]
        for column in range(max(0, middle - width), min(columns, middle + width + 1))
    ]
    shares = sides.likeness([(gap.old[row], gap.new[column]) for row, column in near], least)
    matches = [
        Match(row, column, share)
        for (row, column), share in zip(near, shares, strict=True)
        if share
    ]
    return [(gap.old[match.row], gap.new[match.column]) for match in heaviest(matches, columns)]


def _leftovers(sides: _Sides, old: list[int], new: list[int]) -> list[Pair]:
    """What has no partner in its place: moved with small changes, or gone, or new."""
    near = list(_near(sides, old, new))
    shares = sides.likeness(near, MOVED)
    found = sorted(
        (-share, abs(i - j), i, j) for (i, j), share in zip(near, shares, strict=True) if share
    )
    gone: dict[int, int] = {}
    come: set[int] = set()
    for _, _, i, j in found:
        if i not in gone and j not in come:
            gone[i] = j
            come.add(j)
    return [
        *(Pair(old=i, new=gone.get(i), moved=i in gone) for i in old),
        *(Pair(old=None, new=j) for j in new if j not in come),
    ]


def _near(sides: _Sides, old: list[int], new: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: long enough to be known again, about as long as each other."""
    looked = 0
    for i in old:
        for j in new:
            length, other = len(sides.old_words(i)), len(sides.new_words(j))
            if min(length, other) >= max(MOVED_WORDS, MOVED * max(length, other) - 1):
                looked += 1
                yield i, j
            if looked >= PAIRS:
                return


def _in_reading_order(pairs: list[Pair]) -> list[Pair]:
    """By place in the new text; what is gone stands where it was, after what preceded it."""
    partner = {pair.old: pair.new for pair in pairs if pair.old is not None and not pair.moved}
    places: dict[int, int] = {}
    last = -1
    for i in sorted(partner):
        at = partner[i]
        last = max(last, at) if at is not None else last
        places[i] = last

    def place(pair: Pair) -> tuple[int, int, int]:
        if pair.new is not None:
            return pair.new, 0, 0
        assert pair.old is not None  # noqa: S101 - a pair has at least one side
        return places[pair.old], 1, pair.old

    return sorted(pairs, key=place)


def _without(positions: Iterable[int], taken: Iterable[int | None]) -> tuple[int, ...]:
    out = set(taken)
    return tuple(position for position in positions if position not in out)


def _first_cell(text: str) -> str:
    return text.split(" | ", 1)[0]
