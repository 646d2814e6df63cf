"""Find where a document without a DATES section says when it takes effect: presidential ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.dates import sentences
from pipeline.model import Block, BlockKind

_EFFECT = re.compile(
    r"\b(?:shall|will|is|are|be|becomes?)\b[^.;]{0,60}\beffective\b"
    r"|\beffective (?:immediately|as of|at|on|upon|with respect)\b|\beffective \w+ \d"
    r"|\b(?:takes?|taking|go(?:es)? into|enters? into) effect\b"
    r"|\b(?:shall|will|is set to) (?:expire|terminate|remain in effect)\b",
    re.IGNORECASE,
)
_OF_THIS = re.compile(
    r"\bthis (?:proclamation|order|memorandum|determination|notice|section|suspension)\b"
    r"|\b(?:hereby|shall)\b|\bsections? \d",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(  # tells what was, as the recitals do
    r"\b(?:became|was|were|went|took)\b[^.;]{0,60}\beffect"
    r"|^\W*(?:on|in) \w+ (?:\d\d?, )?\d{4},? (?:I|(?:the )?President) (?:issued|signed|proclaim)",
    re.IGNORECASE,
)


def operative(blocks: Iterable[Block]) -> str:
    """The sentences that say when the document itself or a part of it begins or ends to have
    effect, a line each; what it tells of earlier ones is left out."""
    paragraphs = (block.text for block in blocks if block.kind is not BlockKind.FOOTNOTE)
    said = (sentence for text in paragraphs for sentence in sentences(text))
    return "\n".join(sentence for sentence in said if _is_operative(sentence))


def _is_operative(sentence: str) -> bool:
    is_said = _EFFECT.search(sentence) and _OF_THIS.search(sentence)
    return bool(is_said) and not _OF_ANOTHER.search(sentence)
