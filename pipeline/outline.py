"""A version's sections: the blocks that stand under one heading, with the notes they call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import Block, BlockKind

LISTED = (BlockKind.ITEM, BlockKind.ROW)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Positions of the blocks under one heading; `trail` ends with that heading.

    `heading` is None for text before the first heading.
    """

    trail: tuple[str, ...]
    heading: int | None
    blocks: tuple[int, ...]


def sections(blocks: Sequence[Block]) -> Iterator[Section]:
    """Give the sections in reading order, without footnotes.

    A heading that only holds other headings is left out: it stands in their trails.
    """
    found = list(_sections(blocks))
    for position, section in enumerate(found):
        below = found[position + 1].trail[: len(section.trail)] if found[position + 1 :] else None
        if section.blocks or below != section.trail:
            yield section


def bundles(blocks: Sequence[Block], positions: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Group positions into what should stay together: a lead-in with its list or table."""
    bundle: list[int] = []
    for position in positions:
        if bundle and blocks[position].kind not in LISTED:
            yield tuple(bundle)
            bundle = []
        bundle.append(position)
    if bundle:
        yield tuple(bundle)


def notes(blocks: Sequence[Block]) -> dict[int, tuple[int, ...]]:
    """For each block of text the footnotes that it is the first to call, as positions.

    What a heading calls goes with the first block of text below it.
    """
    waiting: dict[str, list[int]] = {}
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE and block.label:
            waiting.setdefault(block.label, []).append(position)
    called: dict[int, tuple[int, ...]] = {}
    labels: list[str] = []
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE:
            continue
        labels += [mark.label for mark in block.marks]
        if block.kind is not BlockKind.HEADING:
            called[position] = tuple(n for label in labels for n in waiting.pop(label, ()))
            labels = []
    return called


def _sections(blocks: Sequence[Block]) -> Iterator[Section]:
    trail: tuple[str, ...] = ()
    heading: int | None = None
    held: list[int] = []
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE:
            continue
        is_heading = block.kind is BlockKind.HEADING
        if is_heading or block.trail != trail:
            if held or heading is not None:
                yield Section(trail=trail, heading=heading, blocks=tuple(held))
            trail = (*block.trail, block.text) if is_heading else block.trail
            heading, held = (position if is_heading else None), []
        if not is_heading:
            held.append(position)
    if held or heading is not None:
        yield Section(trail=trail, heading=heading, blocks=tuple(held))
