"""Pairs of blocks as they are found, and the stretches of text between them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from pipeline.chain import heaviest, rising
from pipeline.likeness import Sides

Gap = tuple[tuple[int, ...], tuple[int, ...]]


class Matching:
    """Which old block is which new one, as far as it is known; each has at most one partner.

    `joined` and `split` hold the blocks whose words all stand in one other, with the position of
    that one.
    """

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.partners: dict[int, int] = {}
        self.joined: dict[int, int] = {}
        self.split: dict[int, int] = {}
        self._known: tuple[set[int], set[int]] = set(), set()

    def take(self, i: int, j: int) -> None:
        """Pair two blocks, if nothing is known of either."""
        if i not in self._known[0] and j not in self._known[1]:
            self.partners[i] = j
            self._note([i], [j])

    def join(self, parts: Sequence[int], whole: int) -> None:
        """Old blocks whose words all stand in one new one."""
        self.joined.update(dict.fromkeys(parts, whole))
        self._note(parts, [whole])

    def divide(self, whole: int, parts: Sequence[int]) -> None:
        """New blocks whose words all stand in one old one."""
        self.split.update(dict.fromkeys(parts, whole))
        self._note([whole], parts)

    def take_same(self, old: Sequence[int], new: Sequence[int]) -> None:
        """Pair blocks that say the same in the same order."""
        numbers: dict[str, int] = {}
        before, after = self.free_old(old), self.free_new(new)
        steps = Indel.opcodes(
            [numbers.setdefault(self.sides.old_texts[i], len(numbers)) for i in before],
            [numbers.setdefault(self.sides.new_texts[j], len(numbers)) for j in after],
        )
        for step in steps:
            if step.tag == "equal":
                for k in range(step.src_end - step.src_start):
                    self.take(before[step.src_start + k], after[step.dest_start + k])

    def take_same_anywhere(self, old: Sequence[int], new: Sequence[int]) -> None:
        """Pair blocks that say the same, the first with the first."""
        waiting: dict[str, list[int]] = defaultdict(list)
        for i in reversed(self.free_old(old)):
            waiting[self.sides.old_texts[i]].append(i)
        for j in self.free_new(new):
            if places := waiting.get(self.sides.new_texts[j]):
                self.take(places.pop(), j)

    def take_alike(self, old: Sequence[int], new: Sequence[int], least: float) -> None:
        """Pair, in order, the blocks that have the most likeness in all."""
        if old and new:
            for row, column in heaviest(list(self.sides.bands(old, new, least)), len(new)):
                self.take(old[row], new[column])

    def free_old(self, positions: Iterable[int]) -> list[int]:
        return [i for i in positions if i not in self._known[0]]

    def free_new(self, positions: Iterable[int]) -> list[int]:
        return [j for j in positions if j not in self._known[1]]

    def kept(self, old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
        """As many pairs between two runs of positions as keep their order."""
        inside = set(new)
        pairs = [(i, self.partners[i]) for i in old if self.partners.get(i) in inside]
        places = rising([j for _, j in pairs])
        return [pair for place, pair in enumerate(pairs) if place in places]

    def gaps(self, old: Sequence[int], new: Sequence[int]) -> Iterator[Gap]:
        """What has no partner between those pairs of two runs that keep their order; a run is
        rising positions. Only where both sides have something."""
        old_at = new_at = 0
        for i, j in [*self.kept(old, new), (None, None)]:
            old_end = len(old) if i is None else bisect_left(old, i)
            new_end = len(new) if j is None else bisect_left(new, j)
            before = tuple(self.free_old(old[old_at:old_end]))
            after = tuple(self.free_new(new[new_at:new_end]))
            if before and after:
                yield before, after
            old_at, new_at = old_end, new_end

    def _note(self, old: Iterable[int], new: Iterable[int]) -> None:
        self._known[0].update(old)
        self._known[1].update(new)
