"""Which headed section of the old text is which section of the new."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.likeness import Sides
from pipeline.model import Block, BlockKind

NUMBERED = re.compile(r"^(?:(?:[A-Za-z]|\d{1,3}|[ivxIVX]{1,5})[.)]|\((?:\w{1,5})\))\s+(?=\S)")
# Two sections under other headings are one where they share this much of the shorter one's text
# that stands nowhere else, and this much of the longer one's.
SHARED = 0.5
SHARED_OF_LONGER = 0.3


@dataclass(frozen=True)
class Section:
    """A heading's position, None for what precedes the first, and those of the blocks under it, up
    to the next heading. `path` is its headings' words without their numbers, outermost first."""

    heading: int | None
    below: tuple[int, ...]
    path: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.path[-1] if self.path else ""


def paired(sides: Sides) -> list[tuple[Section, Section]]:
    """The sections that are the same on both sides, whatever their number or order.

    The same words of all headings above count first, then of the heading itself: of several such
    sections those that share text, then the first with the first. Then the same text below counts,
    then the publisher's anchor of a heading worded alike. None has two counterparts.
    """
    old, new = _sections(sides.old, sides.old_texts), _sections(sides.new, sides.new_texts)
    found = _Counterparts(old, new)
    found.take([(0, 0)])
    shared = _shared(sides, old, new)
    ranked = [pair for pair, _ in shared.most_common()]
    found.take((s, t) for s, t in ranked if old[s].path == new[t].path)
    found.take_each(lambda section: section.path)
    found.take((s, t) for s, t in ranked if old[s].title == new[t].title)
    found.take_each(lambda section: section.title)
    lengths = [_length(sides.old_texts, section) for section in old]
    others = [_length(sides.new_texts, section) for section in new]
    found.take(pair for pair in ranked if _is_most(shared[pair], lengths[pair[0]], others[pair[1]]))
    found.take(_anchored(sides, found))
    return found.sections()


class _Counterparts:
    """Sections and the counterparts found for them, as numbers."""

    def __init__(self, old: Sequence[Section], new: Sequence[Section]) -> None:
        self.old, self.new = old, new
        self.partner: dict[int, int] = {}
        self.taken: set[int] = set()

    def take(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Pair what has no counterpart yet, in the order given."""
        for s, t in pairs:
            if s not in self.partner and t not in self.taken:
                self.partner[s] = t
                self.taken.add(t)

    def take_each(self, key: Callable[[Section], Hashable]) -> None:
        """Pair those of one key in their order, the first with the first."""
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for t in self.free_new():
            waiting[key(self.new[t])].append(t)
        places = {name: iter(sections) for name, sections in waiting.items()}
        for s in self.free_old():
            following = places.get(key(self.old[s]), iter(()))
            self.take((s, t) for t in islice(following, 1))

    def free_old(self) -> list[int]:
        return [s for s in range(len(self.old)) if s not in self.partner]

    def free_new(self) -> list[int]:
        return [t for t in range(len(self.new)) if t not in self.taken]

    def sections(self) -> list[tuple[Section, Section]]:
        return [(self.old[s], self.new[t]) for s, t in sorted(self.partner.items())]


def _sections(blocks: Sequence[Block], texts: Sequence[str]) -> list[Section]:
    """The first one is what precedes the first heading. Footnotes belong to no section."""
    headings: list[int | None] = [None]
    below: list[list[int]] = [[]]
    paths: list[tuple[str, ...]] = [()]
    above: list[tuple[int, str]] = []
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            while above and above[-1][0] >= block.level:
                above.pop()
            above.append((block.level, NUMBERED.sub("", texts[position]).casefold()))
            headings.append(position)
            below.append([])
            paths.append(tuple(title for _, title in above))
        elif block.kind is not BlockKind.FOOTNOTE:
            below[-1].append(position)
    return [
        Section(heading, tuple(under), path)
        for heading, under, path in zip(headings, below, paths, strict=True)
    ]


def _shared(
    sides: Sides, old: Sequence[Section], new: Sequence[Section]
) -> Counter[tuple[int, int]]:
    """How many characters sections share in blocks that stand once on either side."""
    before, after = _once(sides.old_texts, old), _once(sides.new_texts, new)
    shared: Counter[tuple[int, int]] = Counter()
    for text in before.keys() & after.keys():
        shared[before[text], after[text]] += len(text)
    return Counter(dict(sorted(shared.items())))


def _once(texts: Sequence[str], sections: Sequence[Section]) -> dict[str, int]:
    counts = Counter(texts[position] for section in sections for position in section.below)
    return {
        texts[position]: number
        for number, section in enumerate(sections)
        for position in section.below
        if counts[texts[position]] == 1
    }


def _length(texts: Sequence[str], section: Section) -> int:
    return sum(len(texts[position]) for position in section.below)


def _is_most(shared: int, length: int, other: int) -> bool:
    return shared >= SHARED * min(length, other) and shared >= SHARED_OF_LONGER * max(length, other)


def _anchored(sides: Sides, found: _Counterparts) -> Iterator[tuple[int, int]]:
    """What has one anchor on both sides, under headings worded alike: an anchor may be no more
    than the section's number, which the next one takes when it goes."""
    anchors: dict[str, int] = {}
    for t in found.free_new():
        anchors.setdefault(_anchor(sides.new, found.new[t]), t)
    for s in found.free_old():
        anchor = _anchor(sides.old, found.old[s])
        if anchor and anchor in anchors:
            t = anchors[anchor]
            heading, other = found.old[s].heading, found.new[t].heading
            if heading is not None and other is not None and _is_alike(sides, heading, other):
                yield s, t


def _is_alike(sides: Sides, i: int, j: int) -> bool:
    return bool(sides.likeness([i], [j], 0.5).any())


def _anchor(blocks: Sequence[Block], section: Section) -> str:
    return "" if section.heading is None else blocks[section.heading].anchor
