"""Write a packet as a Word file that a speaker goes on with: real styles, numbers, notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from docx.document import Document as WordDocument
from docx.shared import Inches, Pt

from alerts.packet import wordlists, wordtables, wordxml
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
    Sources,
    Style,
    Table,
)
from alerts.packet.numbering import Numbered, numbered, places
from alerts.packet.picture import png
from alerts.packet.wordcontents import contents
from alerts.packet.wordlists import Lists
from alerts.packet.wordnotes import WordNotes, entered
from alerts.packet.wordstyles import SHADE, WIDTH, dressed

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold
_TOGETHER = 8  # a table of no more rows stays on one page
_TWIPS = 1440  # to the inch
# By the ids that Word and the library give the styles.
_STYLES = {
    Style.BODY: "Normal",
    Style.LEAD: "Lead",
    Style.QUOTATION: "Quote",
    Style.SOURCE: "SourceLine",
    Style.REDLINE: "Redline",
    Style.BULLET: "ListBullet",
    Style.NUMBER: "ListNumber",
    Style.LETTER: "ListNumber2",
    Style.CHECKBOX: "Checklist",
    Style.SMALL: "SmallPrint",
}
_FACES = {
    Face.PLAIN: "",
    Face.STRONG: "Strong",
    Face.EMPHASIS: "Emphasis",
    Face.DELETED: "Deleted",
    Face.INSERTED: "Inserted",
}
_LISTS = {Style.NUMBER: wordlists.NUMBERS, Style.LETTER: wordlists.LETTERS}


def write(manuscript: Manuscript) -> bytes:
    """The packet as .docx bytes, the same for the same packet: no time of writing is in it.

    Which page a heading is on is known to the word processor alone: the contents are filled in but
    for that, and the file asks to have its fields worked out when it is opened.
    """
    word = dressed(manuscript)
    body = word.element.body
    section = body[-1]  # stands behind all else
    body.remove(section)
    setter = _Setter(word=word, body=body, manuscript=manuscript)
    wordxml.run(wordxml.paragraph(body, "Subtitle"), manuscript.subject)
    wordxml.run(wordxml.paragraph(body, "Title"), manuscript.title)
    for part, following in pairwise((*manuscript.parts, PageBreak())):
        setter.set(part, following)
    body.append(section)
    return _fixed(word)


@dataclass(kw_only=True)
class _Setter:
    """Sets one part after the other. `headings` are those still to come, `running` the numbers of
    the lists last begun; `breaks` says that a new page was asked for."""

    word: WordDocument
    body: Any
    manuscript: Manuscript
    lists: Lists = field(init=False)
    notes: WordNotes = field(init=False)
    headings: list[Numbered] = field(init=False)
    places: dict[str, Numbered] = field(init=False)
    running: dict[Style, int] = field(default_factory=dict, init=False)
    breaks: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.lists = Lists(word=self.word)
        self.lists.define()
        self.notes = WordNotes(word=self.word, sources=self.manuscript.sources)
        self.headings = list(reversed(numbered(self.manuscript.parts)))
        self.places = places(self.manuscript.parts)

    def set(self, part: Part, following: Part) -> None:
        match part:
            case Heading():
                self._heading(part)
            case Paragraph():
                self._paragraph(part, keeps=_is_answer(following) and part.style in _LISTS)
            case Table():
                self._table(part)
            case Picture():
                self._picture(part)
            case Placeholder():
                wordxml.run(self._begin("ToBeFilledIn"), f"[{part.words}]")
            case PageBreak():
                self.breaks = True
            case Contents():
                wordxml.run(self._begin("TOCHeading"), "Contents")
                contents(self.body, numbered(self.manuscript.parts))
            case Sources():
                for source in self.manuscript.sources:
                    entered(self._begin("SourceEntry"), self.word.part, source)

    def _begin(self, style: str, list_: int = 0, *, keeps: bool = False) -> Any:
        """A new paragraph, on a new page where one was asked for."""
        breaks, self.breaks = self.breaks, False
        return wordxml.paragraph(self.body, style, keeps=keeps, breaks=breaks, list_=list_)

    def _heading(self, part: Heading) -> None:
        this = self.headings.pop()
        name = wordxml.bookmark(this.anchor)
        number = len(self.headings) + 1
        wordxml.marked(self._begin(f"Heading{part.level}"), part.words, name, number)

    def _paragraph(self, part: Paragraph, *, keeps: bool) -> None:
        paragraph = self._begin(_STYLES[part.style], self._list(part), keeps=keeps)
        if part.style is Style.CHECKBOX:
            wordxml.run(paragraph, "☐\t")
        self._runs(paragraph, part.runs)
        self.notes.add(paragraph, part.notes)

    def _list(self, part: Paragraph) -> int:
        """The list to which a counted item belongs, a new one where it is the first; else 0."""
        if part.style not in _LISTS:
            return 0
        if part.ordinal <= 1 or part.style not in self.running:
            self.running[part.style] = self.lists.begin(_LISTS[part.style])
        return self.running[part.style]

    def _runs(self, paragraph: Any, runs: Iterable[Run]) -> None:
        for run in runs:
            if run.to:
                place = self.places[run.to]
                bookmark = wordxml.bookmark(place.anchor)
                link = wordxml.inside(paragraph, bookmark)
                wordxml.field(link, f"REF {bookmark} \\r \\h", place.number)
            elif run.url:
                wordxml.outside(paragraph, self.word.part, run.url, run.text)
            else:
                wordxml.run(paragraph, run.text, _FACES[run.face])

    def _table(self, part: Table) -> None:
        wordxml.run(self._begin("Caption"), part.caption)
        widths = [str(round(width * WIDTH * _TWIPS)) for width in part.widths]
        table = wordtables.table(self.body, part, widths)
        keeps = len(part.rows) <= _TOGETHER
        head = wordtables.row(table, is_head=True)
        for words, width in zip(part.head, widths, strict=True):
            cell = wordtables.cell(head, width, shade=SHADE)
            wordxml.run(wordxml.paragraph(cell, "TableHead", keeps=True), words)
        for at, cells in enumerate(part.rows):
            row = wordtables.row(table, is_blank=not any(cell.words for cell in cells))
            self._row(row, cells, widths, part, keeps and at + 1 < len(part.rows))
        wordxml.paragraph(self.body, "TableText")  # parts the table from what follows

    def _row(
        self, row: Any, cells: Sequence[Cell], widths: Sequence[str], part: Table, keeps: bool
    ) -> None:
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            style = "TableHead" if part.has_row_heads and at == 0 else "TableText"
            paragraph = wordxml.paragraph(wordtables.cell(row, width), style, keeps=keeps)
            self._runs(paragraph, cell.runs)
            self.notes.add(paragraph, cell.notes, in_passing=part.in_passing)

    def _picture(self, part: Picture) -> None:
        wide = min(Inches(WIDTH), Pt(part.drawing.width))
        shape = self.word.part.new_pic_inline(io.BytesIO(png(part.drawing)), width=wide)
        shape.docPr.set("descr", part.alt)
        wordxml.run(self._begin("Figure")).add_drawing(shape)
        wordxml.run(self._begin("Caption"), part.caption)


def _is_answer(part: Part) -> bool:
    """Whether it belongs on the page of the question above it."""
    return isinstance(part, Paragraph) and part.style is Style.LETTER


def _fixed(word: WordDocument) -> bytes:
    """The file without the times at which its parts were packed."""
    written, fixed = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
