"""Real texts of one page at two dates, whose two sides were taken from it by different tools.

The new side's tool dropped the footnotes that only cite, printed the others inside the text,
printed table captions, and joined lists and cells. What is done about it here is done to the set
and not to the law: footnotes and captions come off both sides, as no rule of the product may.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup
from rapidfuzz import fuzz

from pipeline.model import Block, BlockKind, Document, Version
from pipeline.noise import fold

HEADING = re.compile(r"(?:[A-Z]|\d{1,2})\. \S.{0,120}")
STAMP = re.compile(r"(Last Reviewed/Updated:?)\n\s*(\d\d/\d\d/\d{4})")
NOTES = re.compile(r"\nFootnotes?\n")


def sides(name: str, old: str, new: str, captions: Collection[str]) -> tuple[Version, Version]:
    """Make the two texts of a page comparable. `captions` are those of the page's tables."""
    before, notes = _text(old)
    after, _ = _text(new)
    printed = {fold(caption) for caption in captions}
    once = [_unrepeated(line, after[at + 1 :]) for at, line in enumerate(after)]
    kept = [line for line in once if fold(line) not in printed and not _is_note(line, notes)]
    return _version(name, before), _version(name, kept)


def captions(page: Path) -> frozenset[str]:
    """Read the captions of a recorded page's tables."""
    soup = BeautifulSoup(page.read_bytes(), "lxml")
    return frozenset(caption.get_text(" ", strip=True) for caption in soup("caption"))


def _text(extract: str) -> tuple[list[str], list[str]]:
    """The lines of one side and, apart, those under "Footnotes"."""
    body, _, notes = NOTES.sub("\n\0\n", STAMP.sub(r"\1 \2", extract)).partition("\0")
    return _lines(body), _lines(notes)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_note(line: str, notes: Sequence[str]) -> bool:
    said = fold(line)
    return any(
        fuzz.ratio(said, fold(note)) > 90 or (len(note) > 200 and fold(note) in said)
        for note in notes
    )


def _unrepeated(line: str, following: Sequence[str]) -> str:
    """A lead-in without the nested list that the other tool printed in it and again below."""
    for length in range(2, 8):
        if line.endswith(" " + " ".join(following[:length])):
            return line.removesuffix(" ".join(following[:length])).strip()
    return line


def _version(name: str, lines: Sequence[str]) -> Version:
    blocks: list[Block] = []
    trail: tuple[str, ...] = ()
    for line in lines:
        is_heading = HEADING.fullmatch(line) is not None and not line.endswith((".", ";", ":"))
        level = (2 if line[0].isalpha() else 3) if is_heading else 0
        above = trail[: level - 2] if is_heading else trail
        kind = BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH
        blocks.append(Block(kind=kind, text=line, level=level, trail=above))
        trail = (*above, line) if is_heading else trail
    return Version(
        document=Document(source="labelled", key=name, kind="policy-manual-chapter"),
        title=name,
        citation="",
        issuer="",
        url="",
        blocks=tuple(blocks),
        seen_at=datetime.fromtimestamp(0, UTC),
        parser="labelled/1",
    )
