"""Split a version into passages that a model reads whole, each under its authority's header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from pipeline.identifiers import REPORTED
from pipeline.model import Block, BlockKind, Passage, Version
from pipeline.outline import Section, bundles, notes, sections
from pipeline.pin import page_at

# A header may take half of the room; a longer one is cut to the first words of each of its parts.
HEADER_SHARE = 2
HEADER_WORDS = (24, 12, 6, 3, 1)
# Sections below a third of the limit share a passage with their small neighbours.
SMALL_SHARE = 3
SENTENCE = re.compile(r"(?<=[.;:?!])\s+(?=[A-Z\"“(\[])")


@dataclass(frozen=True)
class _Piece:
    """Text that stands in one passage whole, the block it comes from, and where in that it begins,
    less than 0 where a note's number is told before it; the notes that it calls may follow it on
    lines of their own."""

    text: str
    tokens: int
    block: int
    start: int = 0


def split(version: Version, count: Callable[[str], int], limit: int = 256) -> tuple[Passage, ...]:
    """Split at headings, then paragraphs, sentences, words; no passage counts more than `limit`.

    `count` gives a text's tokens as the model counts them, special tokens included; it is asked
    at most a few times a block, never twice about one text. Every word of every block stands in
    some passage. A version without blocks gives its title. The same arguments give the same result.
    """
    return tuple(_Splitter(version, count, limit).passages())


class _Splitter:
    def __init__(self, version: Version, count: Callable[[str], int], limit: int) -> None:
        self._version, self._limit = version, limit
        self._count = cache(count)
        self._special = count("")
        self._notes = notes(version.blocks)

    def passages(self) -> Iterator[Passage]:
        blocks = self._version.blocks
        header = self._header(())
        if not blocks or not header.startswith(self._version.title):
            title = self._divide(self._version.title, self._room(header), 0)
            yield from self._pack((), [title])
        told = []
        for group in self._merged(list(sections(blocks))):
            for passage in self._group(group):
                told.append(passage.embedded)
                yield passage
        yield from self._pack((), self._loose(header, "\n".join(told)))

    def _loose(self, header: str, told: str) -> Iterator[list[_Piece]]:
        """Notes that no block calls, and headings that were too long for any header."""
        called = {note for held in self._notes.values() for note in held}
        said = _spaced(told)
        for position, block in enumerate(self._version.blocks):
            if block.kind is BlockKind.FOOTNOTE and position not in called:
                yield self._note(position, header)
            elif block.kind is BlockKind.HEADING and _spaced(block.text) not in said:
                yield self._divide(block.text, self._room(header), position)

    def _group(self, group: Sequence[Section]) -> Iterator[Passage]:
        """The passages of one section, or of small neighbours under the trail they share."""
        trail = _shared(group)
        header = self._header(trail)
        room = self._room(header)
        packed: list[list[_Piece]] = []
        apart: list[list[_Piece]] = []
        for section in group:
            named = section.heading is None or _names(header, section.trail)
            lead = [] if named else self._heading(section, room)
            for bundle in bundles(self._version.blocks, section.blocks):
                pieces = list(lead)
                lead = []
                for position in bundle:
                    whole, long_notes = self._block(position, header)
                    pieces += whole
                    apart += long_notes
                packed.append(pieces)
            if lead:
                packed.append(lead)
        yield from self._pack(trail, packed)
        yield from self._pack(trail, apart)

    def _heading(self, section: Section, room: int) -> list[_Piece]:
        assert section.heading is not None  # noqa: S101 - asked only of sections with a heading
        return self._divide(section.trail[-1], room, section.heading)

    def _block(self, position: int, header: str) -> tuple[list[_Piece], list[list[_Piece]]]:
        """A block with the notes it calls where both fit; else the notes apart."""
        text = self._version.blocks[position].text
        called = self._notes[position]
        room = self._room(header)
        if called:
            together = "\n".join([text, *(self._noted(note) for note in called)])
            if (tokens := self._tokens(together)) <= room:
                return [_Piece(together, tokens, position)], []
        apart = [self._note(note, header) for note in called]
        return list(_placed(self._divide(text, room, position), text)), apart

    def _noted(self, position: int) -> str:
        block = self._version.blocks[position]
        return f"Note {block.label}: {block.text}" if block.label else block.text

    def _note(self, position: int, header: str) -> list[_Piece]:
        told = self._noted(position)
        number = len(told) - len(self._version.blocks[position].text)
        pieces = _placed(self._divide(told, self._room(header), position), told)
        return [replace(piece, start=piece.start - number) for piece in pieces]

    def _pack(self, trail: tuple[str, ...], packed: Iterable[list[_Piece]]) -> Iterator[Passage]:
        """Fill passages; a bundle is broken only when it does not fit one by itself."""
        header = self._header(trail)
        room = self._room(header)
        held: list[_Piece] = []
        used = 0
        for bundle in packed:
            size = sum(piece.tokens for piece in bundle)
            for part in [bundle] if size <= room else [[piece] for piece in bundle]:
                tokens = sum(piece.tokens for piece in part)
                if held and (used + tokens > room or self._turns(held, part)):
                    yield from self._passages(trail, header, held)
                    held, used = [], 0
                held, used = held + part, used + tokens
        if held:
            yield from self._passages(trail, header, held)

    def _turns(self, before: Sequence[_Piece], after: Sequence[_Piece]) -> bool:
        """Whether a decision's pieces can't share a passage: the opinion begins between them, whose
        headnotes no page cites, or together they would be cited by more than two pages."""
        blocks = self._version.blocks
        if self._version.document.kind not in REPORTED or not blocks:
            return False
        begins = not blocks[before[-1].block].page and bool(blocks[after[0].block].page)
        return begins or _is_wide(self._pages([before[0], after[-1]]))

    def _passages(
        self, trail: tuple[str, ...], header: str, pieces: Sequence[_Piece]
    ) -> Iterator[Passage]:
        """One passage; two where the model counts more for the whole than for its parts."""
        passage = self._passage(trail, header, pieces)
        if self._count(passage.embedded) <= self._limit or len(passage.text) == 1:
            yield passage
        elif len(pieces) > 1:
            middle = len(pieces) // 2
            yield from self._passages(trail, header, pieces[:middle])
            yield from self._passages(trail, header, pieces[middle:])
        else:
            for half in _halves(pieces[0]):
                yield from self._passages(trail, header, [half])

    def _passage(self, trail: tuple[str, ...], header: str, pieces: Sequence[_Piece]) -> Passage:
        first = pieces[0].block
        blocks = self._version.blocks
        return Passage(
            header=header,
            text="\n".join(piece.text for piece in pieces),
            trail=trail,
            anchor=_anchor(blocks, first),
            page=self._pages(pieces) if blocks else "",
            first_block=first,
            start=max(0, pieces[0].start),
        )

    def _pages(self, pieces: Sequence[_Piece]) -> str:
        """The reporter pages on which pieces stand: "888", or from the first to the last "888-889".

        A note that is told with its text stands on a page of its own and widens nothing.
        """
        first, last = pieces[0], pieces[-1]
        begins, ends = (self._version.blocks[piece.block] for piece in (first, last))
        end = last.start + len(last.text.partition("\n")[0])
        pages = page_at(begins, max(0, first.start)), page_at(ends, max(0, last.start, end - 1))
        return "-".join(dict.fromkeys(filter(None, pages)))

    def _merged(self, found: Sequence[Section]) -> Iterator[list[Section]]:
        """Neighbours under one parent share a passage while all of them are small."""
        small = self._limit // SMALL_SHARE
        group: list[Section] = []
        used = 0
        for section in found:
            size = self._size(section)
            room = self._room(self._header(section.trail[:-1]))
            fits = size <= small and used + size <= room
            joins = fits and used and _belongs(group, section)
            if group and not (joins and self._is_near(group[0], section)):
                yield group
                group, used = [], 0
            group.append(section)
            used = used + size if size <= small else 0
        if group:
            yield group

    def _is_near(self, first: Section, last: Section) -> bool:
        """Whether two sections, and all between them, stand on one page or two neighbouring ones:
        a decision's passage is cited by its pages."""
        if self._version.document.kind not in REPORTED:
            return True
        held = [
            self._version.blocks[position]
            for each in (first, last)
            for position in (each.heading, *each.blocks)
            if position is not None
        ]
        pages = [at for each in held for at in (each.page, page_at(each, len(each.text))) if at]
        return not pages or not _is_wide(f"{pages[0]}-{pages[-1]}")

    def _size(self, section: Section) -> int:
        positions = [
            note for position in section.blocks for note in (position, *self._notes[position])
        ]
        texts = [self._version.blocks[position].text for position in positions]
        return sum(map(self._tokens, [*section.trail[-1:], *texts]))

    def _header(self, trail: tuple[str, ...]) -> str:
        parts = [self._version.title, self._version.citation, *trail]
        header = _join(parts)
        for words in HEADER_WORDS:
            if self._count(header) <= self._limit // HEADER_SHARE:
                return header
            header = _join([" ".join(part.split()[:words]) for part in parts])
        return header[: self._limit // HEADER_SHARE]

    def _room(self, header: str) -> int:
        return max(1, self._limit - self._count(header))

    def _tokens(self, text: str) -> int:
        return self._count(text) - self._special

    def _divide(self, text: str, room: int, block: int) -> list[_Piece]:
        """A text as pieces that fit: whole, else by sentences, else by words."""
        tokens = self._tokens(text)
        if tokens <= room:
            return [_Piece(text, tokens, block)] if text else []
        parts = SENTENCE.split(text)
        if len(parts) > 1:
            return _filled((p for part in parts for p in self._divide(part, room, block)), room)
        words = text.split()
        if len(words) == 1:
            return [_Piece(text, tokens, block)]
        step = max(1, len(words) * room // (tokens + room))
        slices = [" ".join(words[at : at + step]) for at in range(0, len(words), step)]
        return [piece for part in slices for piece in self._divide(part, room, block)]


def _spaced(text: str) -> str:
    """A text in which whole words can be looked for."""
    return f" {' '.join(text.split())} "


def _is_wide(pages: str) -> bool:
    """Whether "888-891" is more than a page and the next."""
    first, _, last = pages.partition("-")
    return first.isdigit() and last.isdigit() and int(last) - int(first) > 1


def _filled(pieces: Iterable[_Piece], room: int) -> list[_Piece]:
    """Join neighbouring sentences while they fit."""
    filled: list[_Piece] = []
    for piece in pieces:
        if filled and filled[-1].tokens + piece.tokens <= room:
            last = filled.pop()
            text, tokens = f"{last.text} {piece.text}", last.tokens + piece.tokens
            filled.append(_Piece(text, tokens, piece.block))
        else:
            filled.append(piece)
    return filled


def _placed(pieces: Iterable[_Piece], text: str) -> Iterator[_Piece]:
    """Pieces of a text, in its order, each with where it begins."""
    start = 0
    for piece in pieces:
        start = max(start, text.find(piece.text, start))
        yield replace(piece, start=start)
        start += len(piece.text)


def _halves(piece: _Piece) -> Iterator[_Piece]:
    """A piece in two: between words, or inside the one word that is longer than the limit."""
    words = piece.text.split()
    parts, glue = (words, " ") if len(words) > 1 else (list(piece.text), "")
    middle = len(parts) // 2
    start = piece.start
    for half in (parts[:middle], parts[middle:]):
        yield _Piece(glue.join(half), piece.tokens // 2, piece.block, start)
        start += len(glue.join(half)) + len(glue)


def _join(parts: Sequence[str]) -> str:
    """Title | citation | headings, each once."""
    return " | ".join(dict.fromkeys(part for part in parts if part))


def _names(header: str, trail: tuple[str, ...]) -> bool:
    return header.endswith(trail[-1])


def _shared(group: Sequence[Section]) -> tuple[str, ...]:
    trail = group[0].trail
    for one, other in pairwise(group):
        same = [a for a, b in zip(one.trail, other.trail, strict=False) if a == b]
        trail = trail[: len(same)]
    return trail


def _belongs(group: Sequence[Section], section: Section) -> bool:
    """Whether a section is the next under the group's parent, or the first under its opening."""
    parent = section.trail[:-1]
    if len(group) > 1:
        return parent == _shared(group)
    return parent in (group[0].trail, group[0].trail[:-1]) and bool(section.trail)


def _anchor(blocks: Sequence[Block], position: int) -> str:
    """The fragment to link: the nearest at or above the block."""
    above = (block.anchor for block in reversed(blocks[: position + 1]) if block.anchor)
    return next(above, "")
