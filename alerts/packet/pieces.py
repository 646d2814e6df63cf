"""What a printed page is set from: text, rows of tables, drawings, each with its footnotes.

Of every piece, `above` is free space over it, `notes` are those called in its last line, and
`stays` keeps it with what follows; `least` is the height of the smallest part that may stand at the
foot of a page. `split` gives the part that fits into some room and the rest, or None where nothing
does. Heights are in points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types
from reportlab.platypus import Paragraph  # type: ignore[import-untyped]  # it ships no types

from alerts.packet.drawing import Anchor, Drawing, Fill, Line, Outline, Shape, Words
from alerts.packet.faces import SANS, cuts, width
from alerts.packet.tagged import Element, Structure

WIDTH = 468.0  # points of text on a US letter page with margins of an inch
LEAST = 2.2  # lines of a text that may stand alone at the foot of a page
UNSPLIT = 3.5  # a text of fewer lines is not split: one of them would stand alone
PADDING = 3.5
_WRITTEN_IN = 26.0  # a row left empty is filled in by hand
_WHOLE = 200.0  # a row of less height is not split
LINE = HexColor("#9AA7B8")
SHADE = HexColor("#E9EDF3")
_BLACK = HexColor("#000000")
_DASH = (3, 3)
_ENDLESS = 1e6  # points: a height that no paragraph has
_FILLS = {Fill.WHITE: "#FFFFFF", Fill.GREY: "#D9DDE3", Fill.BLACK: "#000000"}


@dataclass(frozen=True, kw_only=True)
class Note:
    """A footnote as it is set: its number as a mark and its words, both in markup; `text` is the
    words without any. `is_brief` where it only names sources that are given in full above."""

    number: int
    mark: str
    words: str
    text: str
    is_brief: bool


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph. `rule` is the colour of a line beside it, `anchor` names its place, and `beside`
    gives what stands at the right end of its last line, once that is known."""

    paragraph: Paragraph
    element: Element
    above: float = 0.0
    notes: tuple[Note, ...] = ()
    stays: bool = False
    rule: str = ""
    is_boxed: bool = False
    anchor: str = ""
    beside: Callable[[], str] | None = None

    @property
    def height(self) -> float:
        return tall(self.paragraph, WIDTH) + (2 * PADDING if self.is_boxed else 0)

    @property
    def least(self) -> float:
        leading = float(self.paragraph.style.leading)
        return self.height if self.height < leading * UNSPLIT else leading * LEAST

    def split(self, room: float) -> tuple[Text, Text] | None:
        if self.is_boxed:
            return None
        # Where the whole text would fit and only its footnotes do not, the last lines go overleaf.
        parts = parted(self.paragraph, WIDTH, min(room, self.height - 1))
        if parts is None:
            return None
        first, rest = parts
        return (
            replace(self, paragraph=first, notes=(), beside=None),
            replace(self, paragraph=rest, above=0.0, anchor=""),
        )

    def draw(self, structure: Structure, top: float) -> None:
        canvas, height = structure.canvas, self.height
        if self.anchor:
            canvas.bookmarkHorizontal(self.anchor, 0, top + self.paragraph.style.leading)
        with structure.furniture():
            self._mark(canvas, top, height)
        inset = PADDING if self.is_boxed else 0
        with structure.content(self.element):
            self.paragraph.drawOn(canvas, 0, top - height + inset)
            if self.beside:
                canvas.setFont(SANS.plain, self.paragraph.style.fontSize)
                canvas.setFillColor(_BLACK)
                canvas.drawRightString(WIDTH, top - height + 3, self.beside())

    def _mark(self, canvas: Canvas, top: float, height: float) -> None:
        if self.rule:
            left = self.paragraph.style.leftIndent - 9
            canvas.setStrokeColor(HexColor(self.rule))
            canvas.setLineWidth(1.6)
            canvas.line(left, top - 1, left, top - height - 1)
        if self.is_boxed:
            canvas.setStrokeColor(HexColor("#515C6B"))
            canvas.setLineWidth(0.8)
            canvas.setDash(*_DASH)
            canvas.rect(0, top - height, WIDTH, height)
            canvas.setDash()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table; `head` is its table's first row, set again where a page begins with it.
    `widths` are in points."""

    cells: tuple[Paragraph, ...]
    elements: tuple[Element, ...]
    widths: tuple[float, ...]
    head: Row | None = None
    notes: tuple[Note, ...] = ()
    stays: bool = False
    above: float = 0.0
    is_head: bool = False

    @property
    def height(self) -> float:
        if not any(cell.frags for cell in self.cells):
            return _WRITTEN_IN
        tallest = max(
            tall(cell, wide - 2 * PADDING)
            for cell, wide in zip(self.cells, self.widths, strict=True)
        )
        return tallest + 2 * PADDING

    @property
    def least(self) -> float:
        return self.height

    def split(self, room: float) -> tuple[Row, Row] | None:
        if self.height < _WHOLE:
            return None
        parts = [
            _fitting(cell, wide - 2 * PADDING, room - 2 * PADDING)
            for cell, wide in zip(self.cells, self.widths, strict=True)
        ]
        if any(part is None for part in parts):
            return None
        whole = [part for part in parts if part is not None]
        first = replace(self, cells=tuple(part[0] for part in whole), notes=())
        return first, replace(self, cells=tuple(part[1] for part in whole), above=0.0)

    def draw(self, structure: Structure, top: float) -> None:
        canvas, height = structure.canvas, self.height
        with structure.furniture():
            if self.is_head:
                canvas.setFillColor(SHADE)
                canvas.rect(0, top - height, WIDTH, height, stroke=0, fill=1)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.5)
            canvas.line(0, top - height, WIDTH, top - height)
        left = 0.0
        for cell, element, wide in zip(self.cells, self.elements, self.widths, strict=True):
            deep = tall(cell, wide - 2 * PADDING)
            with structure.content(element):
                cell.drawOn(canvas, left + PADDING, top - PADDING - deep)
            left += wide


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing, made smaller where it is too large for the room that a page has."""

    drawing: Drawing
    element: Element
    most: float
    above: float = 6.0
    notes: tuple[Note, ...] = ()
    stays: bool = True

    @property
    def height(self) -> float:
        return self.drawing.height * self._scale

    @property
    def least(self) -> float:
        return self.height

    @property
    def _scale(self) -> float:
        return min(1.0, WIDTH / self.drawing.width, self.most / self.drawing.height)

    def split(self, _room: float) -> None:
        return None

    def draw(self, structure: Structure, top: float) -> None:
        canvas = structure.canvas
        with structure.content(self.element):
            canvas.saveState()
            canvas.translate(0, top - self.height)
            canvas.scale(self._scale, self._scale)
            for shape in self.drawing.shapes:
                _draw(canvas, shape, self.drawing.height)
            canvas.restoreState()


Piece: TypeAlias = Text | Row | Figure


def tall(paragraph: Paragraph, wide: float) -> float:
    """The height of a paragraph set in lines so wide."""
    # A paragraph that was asked for a part of itself in vain has forgotten its lines.
    if getattr(paragraph, "width", None) != wide or not hasattr(paragraph, "blPara"):
        paragraph.wrap(wide, _ENDLESS)
    return float(paragraph.height)


def parted(paragraph: Paragraph, wide: float, room: float) -> tuple[Paragraph, Paragraph] | None:
    """What of a paragraph fits into the room, at least two lines, and the rest."""
    tall(paragraph, wide)
    parts = paragraph.split(wide, room)
    if len(parts) != 2:
        return None
    for part in parts:
        part.wrap(wide, _ENDLESS)  # it comes with lines that can't all be drawn
    return parts[0], parts[1]


def _fitting(cell: Paragraph, wide: float, room: float) -> tuple[Paragraph, Paragraph] | None:
    """As `parted`, and of a cell that fits nothing is left over."""
    if tall(cell, wide) <= room:
        return cell, Paragraph("", cell.style)
    return parted(cell, wide, room)


def _draw(canvas: Canvas, shape: Shape, height: float) -> None:
    """A shape, whose y is counted from the top, where PDF counts from the bottom."""
    canvas.setStrokeColor(_BLACK)
    if isinstance(shape, Line):
        canvas.setLineWidth(shape.width)
        canvas.setDash(*_DASH) if shape.is_dashed else canvas.setDash()
        (x1, y1), (x2, y2) = shape.start, shape.end
        canvas.line(x1, height - y1, x2, height - y2)
        canvas.setDash()
    elif isinstance(shape, Outline):
        _outline(canvas, shape, height)
    else:
        _words(canvas, shape, height)


def _outline(canvas: Canvas, shape: Outline, height: float) -> None:
    path = canvas.beginPath()
    (x, y), *others = shape.points
    path.moveTo(x, height - y)
    for x, y in others:
        path.lineTo(x, height - y)
    path.close()
    if shape.fill is not Fill.NONE:
        canvas.setFillColor(HexColor(_FILLS[shape.fill]))
    canvas.setLineWidth(shape.width)
    canvas.drawPath(path, stroke=int(shape.width > 0), fill=int(shape.fill is not Fill.NONE))


def _words(canvas: Canvas, shape: Words, height: float) -> None:
    whole = width(shape.text, SANS, shape.size, strong=shape.is_strong)
    shares = {Anchor.START: 0.0, Anchor.MIDDLE: 0.5, Anchor.END: 1.0}
    line = canvas.beginText(shape.at[0] - shares[shape.anchor] * whole, height - shape.at[1])
    canvas.setFillColor(_BLACK)
    for cut, said in cuts(shape.text, SANS.strong if shape.is_strong else SANS.plain, SANS):
        line.setFont(cut, shape.size)
        line.textOut(said)
    canvas.drawText(line)
