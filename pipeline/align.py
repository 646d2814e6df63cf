"""Which block of the old text is which block of the new."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

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
BAND = 20

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

    def words(self, i: int, j: int) -> tuple[str, str]:
        """Both blocks with every word as one character, as the likeness of strings is fast."""
        if i not in self._old_words:
            self._old_words[i] = self._number(self.old_texts[i])
        if j not in self._new_words:
            self._new_words[j] = self._number(self.new_texts[j])
        return self._old_words[i], self._new_words[j]

    def likeness(self, i: int, j: int, least: float) -> float:
        """The share of words in common, in order, 0..1; 0 when under `least`."""
        share = Indel.normalized_similarity(*self.words(i, j), score_cutoff=least)
        one, other = self.old[i], self.new[j]
        if one.kind is other.kind is BlockKind.ROW:
            same = _first_cell(self.old_texts[i]) == _first_cell(self.new_texts[j])
            share = max(share, SAME_ROW) if same else share * ALIKE
        elif (one.kind is BlockKind.HEADING) is not (other.kind is BlockKind.HEADING):
            share *= SAME_ROW
        return share if share >= least else 0.0

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
    bare = {part: "".join(WORD.findall(texts[part])) for part in parts}
    found = []
    first = 0
    for candidate in candidates:
        whole = "".join(WORD.findall(wholes[candidate]))
        for start in range(first, len(parts)):
            end, length = start, 0
            while (
                end < len(parts) and bare[parts[end]] and whole.startswith(bare[parts[end]], length)
            ):
                length += len(bare[parts[end]])
                end += 1
            if length == len(whole) and end - start > 1:
                found.append((candidate, parts[start:end]))
                first = end
                break
    return found


def _similar(sides: _Sides, gap: _Gap) -> list[tuple[int, int]]:
    """The order-keeping pairs of a gap with the most likeness in all.

    In a gap of more than `PAIRS` pairs only those near its diagonal are looked at.
    """
    rows, columns = len(gap.old), len(gap.new)
    if not rows or not columns:
        return []
    width = max(BAND, PAIRS // max(rows, columns))
    least = ALIKE_ALONE if rows == columns == 1 else ALIKE
    best: list[list[float]] = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        middle = row * columns // rows
        above, here = best[row - 1], best[row]
        for column in range(1, columns + 1):
            here[column] = max(above[column], here[column - 1])
            if abs(column - middle) > width:
                continue
            share = sides.likeness(gap.old[row - 1], gap.new[column - 1], least)
            if share and above[column - 1] + share > here[column]:
                here[column] = above[column - 1] + share
    return [(gap.old[row], gap.new[column]) for row, column in _path(best)]


def _path(best: list[list[float]]) -> Iterator[tuple[int, int]]:
    row, column = len(best) - 1, len(best[0]) - 1
    while row and column:
        if best[row][column] == best[row - 1][column]:
            row -= 1
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            yield row, column


def _leftovers(sides: _Sides, old: list[int], new: list[int]) -> list[Pair]:
    """What has no partner in its place: moved with small changes, or gone, or new."""
    found = sorted(
        (
            (-share, abs(i - j), i, j)
            for i, j in _near(sides, old, new)
            if (share := sides.likeness(i, j, MOVED))
        ),
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
            length, other = map(len, sides.words(i, j))
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
