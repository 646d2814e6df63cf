"""Words of a held text and what a draft has in their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.citator.pieces import Piece

Span = tuple[int, int]  # of words, half-open

_TURNS = re.compile(
    r"\b(?:not|cannot|no|never|none|neither|nor|unless|except|only|without|\w+n['’]t)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Differing:
    """Words of the held text and the draft's in their place; either may be ""."""

    held: str
    draft: str

    @property
    def is_hyphen(self) -> bool:
        """Whether nothing differs but hyphens, and the spaces beside or in place of them."""
        return "-" in self.held + self.draft and _bare(self.held) == _bare(self.draft)


def covered(
    printed: Callable[[int, int], str], pieces: Sequence[Piece], spans: Sequence[Span | None]
) -> Iterator[Differing]:
    """What stands in a held text, of which `printed` gives the words from one to before another,
    between the pieces of a quotation, and what the draft has there. Of one that begins with
    brackets it is told only what `turns` what was said.

    `spans`: where the pieces stand; None of one that was not looked for.
    """
    put_in: list[str] = []
    end: int | None = None
    for piece, span in zip(pieces, spans, strict=True):
        put_in.append(piece.put_in)
        if span is None:
            put_in += piece.printed
            continue
        draft = " ".join(filter(None, put_in))
        begin = max(0, span[0] - _before(draft)) if end is None else end
        there = Differing(held=printed(begin, span[0]), draft=draft)
        if _bare(there.held) != _bare(draft) and (end is not None or turns(there)):
            yield there
        put_in, end = [], span[1]


def turns(differing: Differing) -> bool:
    """Whether one side has a word that denies or limits, such as "not" or "unless", and the other
    has it not."""
    return any(turning(differing))


def turning(differing: Differing) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that deny or limit on one side alone: of the held text, and of the draft."""
    held, draft = _turning(differing.held), _turning(differing.draft)
    return tuple((held - draft).elements()), tuple((draft - held).elements())


def _turning(words: str) -> Counter[str]:
    return Counter(word.casefold() for word in _TURNS.findall(words))


def _before(put_in: str) -> int:
    """How many held words brackets at the head of a quotation may stand for: one more than their
    own, as "[The keeper]" for "No keeper" has."""
    return len(put_in.split()) + 1 if put_in else 0


def _bare(words: str) -> str:
    return re.sub(r"\W", "", words).casefold()
