"""Which footnotes are called at the same place of the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pipeline.matching import Matching
from pipeline.model import Block, BlockKind
from pipeline.words import kept

Calls = Mapping[int, Sequence[tuple[int, int]]]


def at_same_place(matching: Matching, *, reworded: bool) -> Iterator[tuple[int, int]]:
    """Old and new footnotes called after the same kept word of paired blocks, of several those
    that say the same first.

    Two that say different things are given where nothing else is called there; in a reworded
    block only if asked for, since there a word may be kept by chance.
    """
    sides = matching.sides
    before, after = _calls(sides.old), _calls(sides.new)
    for i in sorted(before):
        j = matching.partners.get(i)
        if j is None or j not in after:
            continue
        is_kept = sides.old_texts[i] == sides.new_texts[j]
        for notes, others in _meeting(sides.old[i], before[i], sides.new[j], after[j]):
            left, right = list(notes), list(others)
            for one in notes:
                same = [o for o in right if sides.new_texts[o] == sides.old_texts[one]]
                if same:
                    yield one, same[0]
                    left.remove(one)
                    right.remove(same[0])
            if len(left) == len(right) == 1 and (is_kept or reworded):
                yield left[0], right[0]


def _calls(blocks: Sequence[Block]) -> Calls:
    """For each block the offsets at which it calls footnotes, with their positions.

    A label that several notes bear is told apart only where it is called as often.
    """
    notes: dict[str, list[int]] = defaultdict(list)
    marks: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE:
            notes[block.label].append(position)
        for mark in block.marks:
            marks[mark.label].append((position, mark.offset))
    calls: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for label, bearers in notes.items():
        places = marks.get(label, [])
        if len(bearers) == 1 or len(bearers) == len(places):
            for note, (position, offset) in zip(bearers, places, strict=False):
                if blocks[position].kind is not BlockKind.FOOTNOTE:
                    calls[position].append((offset, note))
    return calls


def _meeting(
    old: Block,
    before: Sequence[tuple[int, int]],
    new: Block,
    after: Sequence[tuple[int, int]],
) -> Iterator[tuple[list[int], list[int]]]:
    """The notes that both sides call after the same character, by place."""
    runs = kept(old.text, new.text)
    there = _by_place(new.text, after)
    for place, notes in _by_place(old.text, before).items():
        for run in runs:
            if run.old.start < place <= run.old.end or place == run.old.start == 0:
                others = there.get(place - run.old.start + run.new.start)
                if others:
                    yield notes, others


def _by_place(text: str, calls: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = defaultdict(list)
    for offset, note in calls:
        places[len(text[:offset].rstrip())].append(note)
    return places
