"""Write a packet as a PDF: tagged, with bookmarks, and footnotes at the foot of their page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # it ships no types
from reportlab.lib.pagesizes import letter  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types

from alerts.packet import faces
from alerts.packet.content import Manuscript, PageBreak, Part
from alerts.packet.faces import SANS
from alerts.packet.looks import FOOTNOTE, GREY, RUNNING
from alerts.packet.numbering import numbered
from alerts.packet.pages import BETWEEN, ROOM, Layout, Page
from alerts.packet.pieces import LINE, WIDTH, tall
from alerts.packet.tagged import Element, Structure
from alerts.packet.typeset import Typesetter

_MARGIN = 72.0
_TOP = letter[1] - _MARGIN
_BOTTOM = _TOP - ROOM
_TITLE_ABOVE = 110.0  # free space over the title
_AUTHOR = "lexwatch"


def write(manuscript: Manuscript) -> bytes:
    """The packet as PDF bytes, the same for the same packet: no time of writing is in it."""
    faces.register()
    root = Element(kind="Document")
    layout = Layout(small=FOOTNOTE.style)
    typesetter = Typesetter(manuscript=manuscript, root=root, pages=layout.starts)
    layout.space(_TITLE_ABOVE)
    layout.place(list(typesetter.title()))
    for at, parts in enumerate(_between_breaks(manuscript.parts)):
        if at:
            layout.turn()
        layout.place(list(typesetter.pieces(parts)))
    layout.finish()
    return _drawn(manuscript, layout, root)


def _between_breaks(parts: Iterable[Part]) -> Iterator[list[Part]]:
    gathered: list[Part] = []
    for part in parts:
        if isinstance(part, PageBreak):
            yield gathered
            gathered = []
        else:
            gathered.append(part)
    yield gathered


def _drawn(manuscript: Manuscript, layout: Layout, root: Element) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(
        written,
        pagesize=letter,
        invariant=1,
        pageCompression=1,
        lang=manuscript.language,
        initialFontName=SANS.plain,  # else every file names Helvetica, which it does not hold
    )
    _describe(canvas, manuscript)
    structure = Structure(canvas=canvas, root=root)
    for number, page in enumerate(layout.pages, 1):
        canvas.translate(_MARGIN, 0)
        _frame(structure, manuscript.title, number, len(layout.pages))
        _page(structure, page)
        canvas.showPage()
    _outline(canvas, manuscript)
    structure.write()
    canvas.save()
    return written.getvalue()


def _describe(canvas: Canvas, manuscript: Manuscript) -> None:
    at = manuscript.at.astimezone(UTC)
    canvas.setTitle(manuscript.title)
    canvas.setSubject(manuscript.subject)
    canvas.setAuthor(_AUTHOR)
    canvas.setCreator(_AUTHOR)
    canvas.setKeywords(", ".join(manuscript.keywords))
    canvas.setDateFormatter(lambda *_: f"D:{at:%Y%m%d%H%M%S}+00'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()


def _frame(structure: Structure, title: str, number: int, count: int) -> None:
    """The title above, except on the first page, and the page's number below."""
    canvas = structure.canvas
    with structure.furniture():
        if number > 1:
            _line(canvas, title, _TOP + 26, is_right=False)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.5)
            canvas.line(0, _TOP + 19, WIDTH, _TOP + 19)
        _line(canvas, "Prepared with lexwatch. Not legal advice.", 40, is_right=False)
        _line(canvas, f"Page {number} of {count}", 40, is_right=True)


def _line(canvas: Canvas, words: str, level: float, *, is_right: bool) -> None:
    """A line of small type; words that are too long for one end in dots."""
    while faces.width(words, SANS, RUNNING.size) > WIDTH:
        words = f"{words.rstrip('… ')[:-1].rstrip()}…"
    line = canvas.beginText(
        WIDTH - faces.width(words, SANS, RUNNING.size) if is_right else 0, level
    )
    canvas.setFillColor(HexColor(GREY))
    for cut, said in faces.cuts(words, SANS.plain, SANS):
        line.setFont(cut, RUNNING.size)
        line.textOut(said)
    canvas.drawText(line)


def _page(structure: Structure, page: Page) -> None:
    if page.again:
        with structure.furniture():
            page.again.draw(structure, _TOP)
    for piece, depth in page.placed:
        piece.draw(structure, _TOP - depth)
    if not page.foot:
        return
    canvas = structure.canvas
    level = _BOTTOM + sum(tall(note, WIDTH) + BETWEEN for note in page.foot) - BETWEEN
    with structure.furniture():
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.6)
        canvas.line(0, level + 5, WIDTH / 3, level + 5)
    for note in page.foot:
        level -= tall(note, WIDTH)
        with structure.content(structure.root.add("Note")):
            note.drawOn(canvas, 0, level)
        level -= BETWEEN


def _outline(canvas: Canvas, manuscript: Manuscript) -> None:
    """The bookmarks, each at most one level below the one before it."""
    level = -1
    for one in numbered(manuscript.parts):
        level = min(one.heading.level - 1, level + 1)
        canvas.addOutlineEntry(f"{one.number} {one.heading.words}", one.anchor, level, level > 0)
