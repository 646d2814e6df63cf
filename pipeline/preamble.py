"""Part the preamble of a rule, which explains, from its regulatory text, which binds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Block, BlockKind, Edit, Version

LONGEST = 60  # characters; no caption is longer
SUPPLEMENTARY = "SUPPLEMENTARY INFORMATION"
# The captions of a preamble by 1 CFR 18.12; what it states as dates is told as what binds.
_CAPTIONS = frozenset(
    {
        *("AGENCY", "ACTION", "SUMMARY", "ADDRESSES", "FOR FURTHER INFORMATION CONTACT"),
        SUPPLEMENTARY,
    }
)
_DATES = frozenset({"DATES", "DATE", "EFFECTIVE DATE", "EFFECTIVE DATES", "COMPLIANCE DATE"})
# Where the text that amends the Code begins; a document without it may bind by any of its words.
_REGULATORY = re.compile(
    r"List of Subjects(?: in)?\b|(?:\d+ CFR )?part \d+[a-z]?\b(?:\W|$)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Parted:
    """The edits of two texts: of the regulatory text and then of the dates; and of the preamble."""

    binding: tuple[Edit, ...]
    preamble: tuple[Edit, ...] = ()


def parted(edits: Sequence[Edit], old: Version, new: Version) -> Parted:
    """Part the edits that count by where they stand; what a rule accounts for stays."""
    begins = _begins(old.blocks), _begins(new.blocks)
    if begins == (0, 0):
        return Parted(binding=tuple(edits))
    found: tuple[list[Edit], list[Edit], list[Edit]] = ([], [], [])
    for edit in edits:
        found[0 if edit.rule else _rank(edit, *begins)].append(edit)
    return Parted(binding=(*found[0], *found[1]), preamble=tuple(found[2]))


def _rank(edit: Edit, *begins: int) -> int:
    """0 of the regulatory text, 1 of the dates, 2 of the rest of the preamble."""
    sides = zip((edit.old, edit.new), (edit.old_index, edit.new_index), begins, strict=True)
    return min(_of(block, index or 0, begin) for block, index, begin in sides if block)


def _of(block: Block, index: int, begin: int) -> int:
    caption = _caption(block)
    if index >= begin and not (begin and block.kind is BlockKind.FOOTNOTE):
        return 0
    return 1 if caption in _DATES else 2 if caption in _CAPTIONS else 0


def _begins(blocks: Sequence[Block]) -> int:
    """The position at which the regulatory text begins; 0 where there is none, or no preamble."""
    is_explained = False
    for position, block in enumerate(blocks):
        is_explained = is_explained or _caption(block) == SUPPLEMENTARY
        if not is_explained or block.kind is BlockKind.FOOTNOTE:
            continue
        is_own = block.kind is BlockKind.HEADING or not block.trail
        if _REGULATORY.match(block.text if is_own else block.trail[0]):
            return position
    return 0


def _caption(block: Block) -> str:
    """The outermost heading over a block."""
    outermost = block.trail[0] if block.trail else block.text
    return outermost[:LONGEST].strip().rstrip(":").upper()
