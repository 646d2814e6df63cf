"""A packet under way: what a session says is written into it, and cleaned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.packet.content import (
    Cell,
    Contents,
    Face,
    Heading,
    Manuscript,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Placeholder,
    Run,
    Source,
    Sources,
    Style,
    Table,
)
from alerts.redline import Mark, Piece
from alerts.untrusted import address, plain, spaced

if TYPE_CHECKING:
    from alerts.packet.drawing import Drawing

LEVELS = 4  # of headings


@dataclass(kw_only=True)
class Draft:
    """A packet under way. Every text that goes in loses what no reader should meet.

    Words are given as strings or runs, one after the other: a paragraph's first and last spaces
    go, those between stay.
    """

    title: str
    subject: str
    at: datetime
    language: str = "en-US"
    keywords: tuple[str, ...] = ()
    _parts: list[Part] = field(default_factory=list, init=False)
    _sources: list[Source] = field(default_factory=list, init=False)

    def source(
        self,
        words: str,
        *,
        short: str = "",
        url: str = "",
        version: str = "",
        retrieved: str = "",
        is_listed: bool = False,
    ) -> int:
        """Enter a source and give its number; the same one again keeps the number it has."""
        entered = Source(
            number=len(self._sources) + 1,
            words=plain(words),
            short=plain(short) or plain(words),
            url=address(url),
            version=plain(version),
            retrieved=plain(retrieved),
            is_listed=is_listed,
        )
        for held in self._sources:
            if replace(held, number=entered.number) == entered:
                return held.number
        self._sources.append(entered)
        return entered.number

    def heading(self, words: str, level: int, *, key: str = "") -> None:
        if not 1 <= level <= LEVELS:
            raise ValueError(f"a heading's level is 1 to {LEVELS}, not {level}")
        self._parts.append(Heading(words=plain(words), level=level, key=key))

    def paragraph(
        self,
        *words: str | Run,
        style: Style = Style.BODY,
        notes: Sequence[int] = (),
        ours: bool = False,
        ordinal: int = 0,
    ) -> None:
        runs = _runs(words)
        self._parts.append(
            Paragraph(runs=runs, style=style, notes=self._held(notes), ours=ours, ordinal=ordinal)
        )

    def bullet(self, *words: str | Run, notes: Sequence[int] = (), ours: bool = False) -> None:
        self.paragraph(*words, style=Style.BULLET, notes=notes, ours=ours)

    def quotation(self, *words: str | Run, notes: Sequence[int]) -> None:
        """A quotation set apart; its marks are the caller's."""
        self.paragraph(*words, style=Style.QUOTATION, notes=notes)

    def redline(self, pieces: Iterable[Piece], *, notes: Sequence[int]) -> None:
        faces = {
            Mark.KEPT: Face.PLAIN,
            Mark.DELETED: Face.DELETED,
            Mark.INSERTED: Face.INSERTED,
        }
        runs = [Run(text=piece.text, face=faces[piece.mark]) for piece in pieces]
        self.paragraph(*runs, style=Style.REDLINE, notes=notes)

    def table(
        self,
        caption: str,
        head: Sequence[str],
        rows: Iterable[Sequence[str | Run | Cell]],
        widths: Sequence[float],
        *,
        has_row_heads: bool = False,
        ours: bool = False,
        in_passing: bool = False,
    ) -> None:
        """A table; `widths` in any unit, one for each column. Raises `ValueError` on a row of
        another length."""
        fields = tuple(tuple(self._cell(one) for one in row) for row in rows)
        if {len(head), len(widths), *(len(row) for row in fields)} != {len(head)}:
            raise ValueError(f"the table “{caption}” has rows of different lengths")
        self._parts.append(
            Table(
                caption=plain(caption),
                head=tuple(plain(words) for words in head),
                rows=fields,
                widths=tuple(width / sum(widths) for width in widths),
                has_row_heads=has_row_heads,
                ours=ours,
                in_passing=in_passing,
            )
        )

    def picture(self, drawing: Drawing, *, alt: str, caption: str) -> None:
        self._parts.append(Picture(drawing=drawing, alt=plain(alt), caption=plain(caption)))

    def placeholder(self, words: str) -> None:
        self._parts.append(Placeholder(words=plain(words)))

    def page_break(self) -> None:
        self._parts.append(PageBreak())

    def contents(self) -> None:
        self._parts.append(Contents())

    def sources(self) -> None:
        self._parts.append(Sources())

    def finished(self) -> Manuscript:
        """The packet. Raises `ValueError` where a run points to a heading that is not in it, and
        where the list of its sources has no place."""
        if self._sources and Sources() not in self._parts:
            raise ValueError("the packet has sources and no list of them")
        keys = {part.key for part in self._parts if isinstance(part, Heading)}
        for run in _every_run(self._parts):
            if run.to and run.to not in keys:
                raise ValueError(f"no heading has the key {run.to!r}")
        return Manuscript(
            title=plain(self.title),
            subject=plain(self.subject),
            language=self.language,
            at=self.at,
            parts=tuple(self._parts),
            sources=tuple(self._sources),
            keywords=tuple(plain(word) for word in self.keywords),
        )

    def _held(self, notes: Sequence[int]) -> tuple[int, ...]:
        for number in notes:
            if not 1 <= number <= len(self._sources):
                raise ValueError(f"there is no source {number}")
        return tuple(dict.fromkeys(notes))

    def _cell(self, words: str | Run | Cell) -> Cell:
        if isinstance(words, Cell):
            return Cell(runs=_runs(words.runs), notes=self._held(words.notes))
        return Cell(runs=_runs((words,)))


def cell(*words: str | Run, notes: Sequence[int] = ()) -> Cell:
    """What stands in one field of a table, from strings and runs."""
    return Cell(runs=_runs(words), notes=tuple(notes))


def strong(words: str) -> Run:
    """Words that stand out."""
    return Run(text=words, face=Face.STRONG)


def _runs(words: Iterable[str | Run]) -> tuple[Run, ...]:
    given = [Run(text=one) if isinstance(one, str) else one for one in words]
    clean = [replace(one, text=spaced(one.text), url=address(one.url)) for one in given]
    kept = [one for one in clean if one.text or one.to]
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip())
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(one for one in kept if one.text or one.to)


def _every_run(parts: Iterable[Part]) -> Iterable[Run]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield from part.runs
        elif isinstance(part, Table):
            for row in part.rows:
                for one in row:
                    yield from one.runs
