"""Which block of the old text is which block of the new."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline import called, cells, headed, regrouped, tables
from pipeline.cells import Columns
from pipeline.likeness import ALIKE, Sides
from pipeline.matching import Gap, Matching
from pipeline.model import Block, BlockKind

# Where one block alone stands for one other, less likeness will do.
ALIKE_ALONE = 0.3
# A block found elsewhere counts as moved only when it is much the same and long enough to know.
MOVED = 0.7
MOVED_WORDS = 5
# So many of the longest blocks on either side are looked for elsewhere in another wording.
SOUGHT = 450


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One block on either side; None where that side has no such block.

    `regrouped` marks blocks whose words all stand in one neighbour: a split or joined paragraph.
    `columns` are the cells of a table row that are the same by the table's headers.
    """

    old: int | None
    new: int | None
    moved: bool = False
    regrouped: bool = False
    columns: Columns = ()


def align(old: Sequence[Block], new: Sequence[Block]) -> tuple[Pair, ...]:
    """Pair every block of both sides exactly once, in reading order.

    Headed sections come first, then tables and their rows, then blocks by what they say; footnotes
    are paired with footnotes by where they are called and by what they say, whatever their number.
    Pairs that are neither moved nor one-sided keep their order, footnotes among them.
    """
    matching = Matching(Sides(old, new))
    columns = _match_text(matching)
    _match_notes(matching)
    kept = _in_place(matching)
    pairs = [
        Pair(old=i, new=j, moved=i not in kept, columns=columns.get(i, ()))
        for i, j in matching.partners.items()
    ]
    pairs += _regroupings(matching)
    pairs += [Pair(old=i, new=None) for i in matching.free_old(range(len(old)))]
    pairs += [Pair(old=None, new=j) for j in matching.free_new(range(len(new)))]
    return tuple(_in_reading_order(pairs))


def _match_text(matching: Matching) -> dict[int, Columns]:
    """Pair everything but footnotes, the surest first; give the columns of rows in tables."""
    sides = matching.sides
    before, after = (_of_kind(side, notes=False) for side in (sides.old, sides.new))
    sections = headed.paired(sides)
    for section, its in sections:
        if section.heading is not None and its.heading is not None:
            matching.take(section.heading, its.heading)
    found = _match_tables(matching, sections)
    for section, its in sections:
        matching.take_same(section.below, its.below)
    for gap in matching.gaps(before, after):
        matching.take_same(*gap)
    matching.take_same_anywhere(before, after)
    for section, its in sections:
        _match_alike(matching, section.below, its.below)
    _match_alike(matching, before, after)
    _match_moved(matching, before, after)
    return _columns(matching, found)


def _match_notes(matching: Matching) -> None:
    sides = matching.sides
    before, after = (_of_kind(side, notes=True) for side in (sides.old, sides.new))
    if not before or not after:
        return
    for i, j in called.at_same_place(matching, reworded=False):
        matching.take(i, j)
    for gap in matching.gaps(before, after):
        matching.take_same(*gap)
    matching.take_same_anywhere(before, after)
    for i, j in called.at_same_place(matching, reworded=True):
        matching.take(i, j)
    for gap in matching.gaps(before, after):
        matching.take_alike(*gap, _least(gap))
    _match_moved(matching, before, after)


def _of_kind(blocks: Sequence[Block], *, notes: bool) -> list[int]:
    return [at for at, block in enumerate(blocks) if (block.kind is BlockKind.FOOTNOTE) is notes]


def _match_tables(
    matching: Matching, sections: Iterable[tuple[headed.Section, headed.Section]]
) -> list[tuple[tables.Table, tables.Table]]:
    sides = matching.sides
    found = [
        pair
        for section, its in sections
        for pair in tables.paired(
            sides, tables.tables(sides.old, section.below), tables.tables(sides.new, its.below)
        )
    ]
    for one, other in found:
        tables.match_rows(matching, one, other)
    return found


def _columns(
    matching: Matching, found: Iterable[tuple[tables.Table, tables.Table]]
) -> dict[int, Columns]:
    """For rows as long as their table's headers, which cells are the same."""
    known: dict[int, Columns] = {}
    old, new = matching.sides.old, matching.sides.new
    for one, other in found:
        header, its = one.rows[0], other.rows[0]
        if matching.partners.get(header) != its:
            continue
        same = cells.columns(old[header].text, new[its].text)
        lengths = cells.count(old[header].text), cells.count(new[its].text)
        for i in one.rows:
            j = matching.partners.get(i)
            if j is not None and (cells.count(old[i].text), cells.count(new[j].text)) == lengths:
                known[i] = same
    return known


def _match_alike(matching: Matching, old: Sequence[int], new: Sequence[int]) -> None:
    """Between kept blocks: paragraphs joined or split, then those alike."""
    for gap in matching.gaps(old, new):
        _match_regrouped(matching, *gap)
        rest = tuple(matching.free_old(gap[0])), tuple(matching.free_new(gap[1]))
        matching.take_alike(*rest, _least(rest))


def _match_regrouped(matching: Matching, old: Sequence[int], new: Sequence[int]) -> None:
    texts, others = matching.sides.old_texts, matching.sides.new_texts
    before, after = [(i, texts[i]) for i in old], [(j, others[j]) for j in new]
    for whole, parts in regrouped.assembled(before, after):
        matching.join(parts, whole)
    for whole, parts in regrouped.assembled(after, before):
        matching.divide(whole, parts)


def _least(gap: Gap) -> float:
    return ALIKE_ALONE if len(gap[0]) == len(gap[1]) == 1 else ALIKE


def _match_moved(matching: Matching, old: Sequence[int], new: Sequence[int]) -> None:
    """Pair what has no partner in its place with what is much the same elsewhere."""
    sides = matching.sides
    before = _longest(matching.free_old(old), sides.old_words)
    after = _longest(matching.free_new(new), sides.new_words)
    if not before or not after:
        return
    shares = sides.likeness(before, after, MOVED)
    rows, columns = np.nonzero(shares)
    apart = np.abs(np.array(before)[rows] - np.array(after)[columns])
    for at in np.lexsort((columns, rows, apart, -shares[rows, columns])):
        matching.take(before[rows[at]], after[columns[at]])


def _longest(positions: Sequence[int], words: Sequence[Sequence[str]]) -> list[int]:
    known = [position for position in positions if len(words[position]) >= MOVED_WORDS]
    return sorted(sorted(known, key=lambda position: -len(words[position]))[:SOUGHT])


def _in_place(matching: Matching) -> set[int]:
    """The old blocks that keep their order, as many as can: a footnote's place among paragraphs
    never makes a paragraph move."""
    sides = matching.sides
    text = matching.kept(_of_kind(sides.old, notes=False), range(len(sides.new)))
    notes = matching.kept(
        [
            i
            for i in _of_kind(sides.old, notes=True)
            if i in matching.partners
            and bisect_left(text, (i, 0))
            == bisect_left(text, matching.partners[i], key=lambda pair: pair[1])
        ],
        range(len(sides.new)),
    )
    return {i for i, _ in (*text, *notes)}


def _regroupings(matching: Matching) -> Iterator[Pair]:
    """The first part of a whole stands with it, each other one alone."""
    for wholes, is_old in ((matching.joined, True), (matching.split, False)):
        seen: set[int] = set()
        for part, whole in sorted(wholes.items()):
            partner = whole if whole not in seen else None
            seen.add(whole)
            old, new = (part, partner) if is_old else (partner, part)
            yield Pair(old=old, new=new, regrouped=True)


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
