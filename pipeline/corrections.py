"""Find what a correction corrects, in its own words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from pipeline.model import Block, BlockKind

MOST = 3  # corrections quoted; a reader of more needs the document
LONGEST = 300  # characters of each

_CORRECTED = re.compile(
    r"\bshould (?:(?:read|say|have (?:read|said))\b|be [“\"])"
    r"|\b(?:is|are) corrected (?:to read|by|as)\b"
    r"|\bcorrect the\b[^.]{0,120}\bto read\b|\bin lieu of\b|\bis removed and\b[^.]{0,80}\badded\b",
    re.IGNORECASE,
)


def corrected(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The first few paragraphs that say what should read otherwise; a long one is cut with "…"."""
    found = (
        textwrap.shorten(block.text, LONGEST, placeholder=" …")
        for block in blocks
        if block.kind is not BlockKind.HEADING and _CORRECTED.search(block.text)
    )
    return tuple(words for words, _ in zip(found, range(MOST), strict=False))
