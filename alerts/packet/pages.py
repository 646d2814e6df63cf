"""Put pieces on pages: what stays together, what is split, and the footnotes of each page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]  # it ships no types
from reportlab.platypus import Paragraph  # type: ignore[import-untyped]  # it ships no types

from alerts.packet.faces import width
from alerts.packet.looks import FOOTNOTE, MARK
from alerts.packet.pieces import WIDTH, Note, Piece, Row, Text, parted, tall

ROOM = 648.0  # points of height that text and its footnotes share on a page
OVER_NOTES = 16.0  # between text and footnotes, where the line stands
BETWEEN = 1.5  # two footnotes
AT_MOST = 0.4  # of a page may be footnotes of the first that stands on it


@dataclass(kw_only=True)
class Page:
    """A page: pieces with their tops, in points down from where text begins, and its footnotes.
    `again` is a table's head that is set a second time."""

    placed: list[tuple[Piece, float]] = field(default_factory=list)
    again: Row | None = None
    foot: list[Paragraph] = field(default_factory=list)
    depth: float = 0.0

    @property
    def is_begun(self) -> bool:
        return bool(self.placed)


@dataclass(kw_only=True)
class Layout:
    """Pages under way. `small` is the style of footnotes; `starts` the page, from 1, on which each
    anchor stands."""

    small: ParagraphStyle
    pages: list[Page] = field(default_factory=lambda: [Page()])
    starts: dict[str, int] = field(default_factory=dict)
    _notes: list[Note] = field(default_factory=list)  # called on the page that is being filled
    _carried: list[Paragraph] = field(default_factory=list)  # from the page before
    _made: dict[tuple[int, ...], Paragraph] = field(default_factory=dict)

    def space(self, height: float) -> None:
        """Leave so many points free on the page."""
        self._page.depth += height

    def turn(self) -> None:
        """Begin a page, unless nothing stands on this one."""
        if self._page.is_begun:
            self._close()
            self.pages.append(Page())

    def place(self, pieces: Sequence[Piece]) -> None:
        """Set the pieces one after the other, each with what it stays with."""
        for chain in _chains(pieces):
            self._keep(chain)
            for piece in chain:
                self._set(piece)

    def finish(self) -> None:
        """Set what is left of the last footnotes, on pages of their own if need be."""
        self._close()
        while self._carried:
            self.pages.append(Page())
            self._close()
        if len(self.pages) > 1 and not self._page.is_begun and not self._page.foot:
            self.pages.pop()

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _keep(self, chain: Sequence[Piece]) -> None:
        """Turn the page where the chain would be torn and fits on the next."""
        *before, last = chain
        need = sum(piece.above + piece.height for piece in before) + last.above + last.least
        notes = [note for piece in before for note in piece.notes]
        if last.least >= last.height:
            notes += last.notes
        if need + self._foot(notes) > self._room and need < ROOM:
            self.turn()

    def _set(self, piece: Piece) -> None:
        if isinstance(piece, Row) and piece.head and not self._page.is_begun:
            self._page.again = piece.head
            self._page.depth = piece.head.height
        above = piece.above if self._page.is_begun else 0.0
        foot, held = self._foot(piece.notes), self._foot(())
        if not self._page.is_begun:  # here or never: what is beyond the limit goes on overleaf
            foot, held = min(foot, ROOM * AT_MOST), min(held, ROOM * AT_MOST)
        if above + piece.height + foot <= self._room:
            self._put(piece, above)
        elif parts := piece.split(self._room - held - above):
            self._put(parts[0], above)
            self.turn()
            self._set(parts[1])
        elif self._page.is_begun:
            self.turn()
            self._set(piece)
        else:
            self._put(piece, above)  # taller than a page, and not to be split

    def _put(self, piece: Piece, above: float) -> None:
        page = self._page
        page.placed.append((piece, page.depth + above))
        page.depth += above + piece.height
        self._notes += piece.notes
        if isinstance(piece, Text) and piece.anchor:
            self.starts[piece.anchor] = len(self.pages)

    @property
    def _room(self) -> float:
        return ROOM - self._page.depth

    def _foot(self, more: Iterable[Note]) -> float:
        """The height that footnotes need with some more of them."""
        heights = [tall(paragraph, WIDTH) for paragraph in self._carried]
        for is_brief, group in _alike([*self._notes, *more]):
            if is_brief:
                heights.append(_lines(group) * float(self.small.leading))
            else:
                heights += [tall(self._paragraph((note,)), WIDTH) for note in group]
        return OVER_NOTES + sum(heights) + BETWEEN * (len(heights) - 1) if heights else 0.0

    def _close(self) -> None:
        """Set the footnotes that the page has room for, the last perhaps in part."""
        room = ROOM - self._page.depth - OVER_NOTES
        shown, waiting = self._page.foot, self._waiting()
        while waiting:
            left = room - _stacked(shown) - (BETWEEN if shown else 0)
            if tall(waiting[0], WIDTH) <= left:
                shown.append(waiting.pop(0))
                continue
            if parts := parted(waiting[0], WIDTH, left):
                shown.append(parts[0])
                waiting[0] = parts[1]
            break
        self._carried, self._notes = waiting, []

    def _waiting(self) -> list[Paragraph]:
        """The footnotes of the page; brief ones that follow each other run on in one paragraph."""
        waiting = list(self._carried)
        for is_brief, group in _alike(self._notes):
            if is_brief:
                waiting.append(self._paragraph(group))
            else:
                waiting += [self._paragraph((note,)) for note in group]
        return waiting

    def _paragraph(self, notes: tuple[Note, ...]) -> Paragraph:
        key = tuple(note.number for note in notes)
        if key not in self._made:
            told = (
                f"{' '.join(note.mark for note in same)}&nbsp;{same[0].words}"
                for same in _same(notes)
            )
            self._made[key] = Paragraph(" &nbsp; ".join(told), self.small)
        return self._made[key]


def _alike(notes: Iterable[Note]) -> Iterator[tuple[bool, tuple[Note, ...]]]:
    """Brief footnotes that follow each other, and full ones."""
    for is_brief, group in groupby(notes, lambda note: note.is_brief):
        yield is_brief, tuple(group)


def _same(notes: Iterable[Note]) -> Iterable[list[Note]]:
    """Those that say the same, which is said once under all of their numbers."""
    same: dict[str, list[Note]] = {}
    for note in notes:
        same.setdefault(note.words, []).append(note)
    return same.values()


def _lines(notes: Sequence[Note]) -> int:
    """How many lines brief footnotes take: counted, since to set them for every piece of text that
    calls one more takes as long as all the rest."""
    lines, used = 1, -_wide(" ")
    for wide in _widths(notes):
        used += _wide(" ") + wide
        if used > WIDTH:
            lines, used = lines + 1, wide
    return lines


def _widths(notes: Iterable[Note]) -> Iterator[float]:
    """The widths of what is not parted at the end of a line: numbers, words, and the last number
    with the first word."""
    for at, same in enumerate(_same(notes)):
        if at:
            yield _wide(" ")
        *before, last = (width(str(n.number), FOOTNOTE.family, MARK) for n in same)
        yield from before
        first, *others = same[0].text.split() or [""]
        yield last + _wide(" ") + _wide(first)
        yield from map(_wide, others)


def _wide(word: str) -> float:
    return width(word, FOOTNOTE.family, FOOTNOTE.size)


def _chains(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stay with what follows, together with that."""
    chain: list[Piece] = []
    for piece in pieces:
        chain.append(piece)
        if not piece.stays:
            yield chain
            chain = []
    if chain:
        yield chain


def _stacked(paragraphs: Sequence[Paragraph]) -> float:
    between = BETWEEN * max(0, len(paragraphs) - 1)
    return sum(tall(paragraph, WIDTH) for paragraph in paragraphs) + between
