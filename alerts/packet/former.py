"""A Word document with real styles: headings, quotations, redlines, tables, fields."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph

from alerts.redline import Mark, Piece
from alerts.untrusted import address, spaced

SERIF, SANS = "Georgia", "Arial"
NAVY, GREY = RGBColor(0x14, 0x26, 0x3F), RGBColor(0x51, 0x5C, 0x6B)
GREEN, RED, BLUE = (
    RGBColor(0x0A, 0x5A, 0x36),
    RGBColor(0x96, 0x19, 0x0F),
    RGBColor(0x1A, 0x4F, 0x8B),
)
WIDTH = 6.5  # inches of text on a US letter page with one-inch margins
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold
TOGETHER = 20  # a table of no more rows stays on one page
RULE = "B08D3E"
LINE = "9AA7B8"
SHADE = "E9EDF3"


@dataclass(kw_only=True)
class Manuscript:
    """A document under way. Every text that goes in loses what XML or a reader could not take."""

    title: str
    subject: str
    at: datetime
    word: WordDocument = field(default_factory=docx.Document, init=False)

    def __post_init__(self) -> None:
        _describe(self.word, self.title, self.subject, self.at)
        _style(self.word)
        _frame(self.word, self.title)

    def heading(self, words: str, level: int, *, new_page: bool = False) -> None:
        paragraph = self.word.add_heading(spaced(words), level)
        paragraph.paragraph_format.page_break_before = new_page

    def paragraph(
        self, words: str, style: str = "Normal", *, lead: str = "", above: float = 0
    ) -> Paragraph:
        """A paragraph, `lead` standing before it in bold; `above` is free space in inches."""
        paragraph = self.word.add_paragraph(style=style)
        if above:
            paragraph.paragraph_format.space_before = Inches(above)
        if lead:
            paragraph.add_run(f"{spaced(lead)} ").bold = True
        paragraph.add_run(spaced(words))
        return paragraph

    def redline(self, pieces: Iterable[Piece], note: str = "") -> None:
        styles = {Mark.KEPT: None, Mark.DELETED: "Deleted", Mark.INSERTED: "Inserted"}
        paragraph = self.word.add_paragraph(style="Redline")
        for piece in pieces:
            paragraph.add_run(spaced(piece.text), style=styles[piece.mark])
        if note:
            paragraph.add_run(f" {spaced(note)}", style="Note Mark")

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """A table whose head is repeated on every page; `widths` in inches."""
        table = self.word.add_table(rows=1, cols=len(head), style="Light Table")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Inches(width)
        _fill(table.rows[0].cells, head, bold=True)
        for cell in table.rows[0].cells:
            _shade(cell, SHADE)
        _property(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader", "true")
        for row in rows:
            _fill(table.add_row().cells, row)
        for row in table.rows:
            _property(row._tr.get_or_add_trPr(), "w:cantSplit", "true")
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Inches(width)
        if len(table.rows) <= TOGETHER:
            for row in table.rows[:-1]:
                row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True

    def link(self, paragraph: Paragraph, url: str) -> None:
        """Put the address at the paragraph's end: a link if it is one a reader may be sent to."""
        if not address(url):
            return
        target = self.word.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        run = paragraph.add_run(url, style="Hyperlink")
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), target)
        paragraph._p.append(link)
        link.append(run._r)

    def as_bytes(self) -> bytes:
        """The file. The same content gives the same bytes: no time of writing is in it."""
        written, fixed = io.BytesIO(), io.BytesIO()
        self.word.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 0
                target.writestr(entry, source.read(name))
        return fixed.getvalue()


def _describe(word: WordDocument, title: str, subject: str, at: datetime) -> None:
    properties = word.core_properties
    moment = at.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.subject = spaced(title), spaced(subject)
    properties.author = properties.last_modified_by = "lexwatch"
    properties.language = "en-US"
    properties.comments = ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _style(word: WordDocument) -> None:
    styles = word.styles
    _font(styles["Normal"], SERIF, 11)
    styles["Normal"].paragraph_format.space_after = Pt(7)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    _font(styles["Title"], SERIF, 30, colour=NAVY, bold=True)
    _font(styles["Subtitle"], SANS, 13, colour=GREY)
    styles["Subtitle"].font.italic = False
    _bordered(styles["Title"], RULE, side="bottom")
    for level, size in ((1, 19), (2, 14), (3, 11.5), (4, 10.5)):
        heading = styles[f"Heading {level}"]
        _font(heading, SERIF, size, colour=NAVY, bold=True)
        heading.paragraph_format.space_before = Pt(size)
        heading.paragraph_format.space_after = Pt(5)
        heading.paragraph_format.keep_with_next = True
    for name, left in (
        ("Quotation", 0.35),
        ("Redline", 0.35),
        ("Source Note", 0.0),
        ("Checklist", 0.22),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.left_indent = Inches(left)
    styles["Source Note"].paragraph_format.keep_with_next = True
    styles["Checklist"].paragraph_format.first_line_indent = Inches(-0.22)
    _bordered(styles["Quotation"], RULE)
    _bordered(styles["Redline"], LINE)
    _font(styles["Redline"], SERIF, 10.5)
    _font(styles["Source Note"], SANS, 9, colour=GREY)
    for name in ("Inserted", "Deleted", "Note Mark", "Hyperlink"):
        styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    styles["Inserted"].font.underline, styles["Inserted"].font.color.rgb = True, GREEN
    styles["Deleted"].font.strike, styles["Deleted"].font.color.rgb = True, RED
    styles["Note Mark"].font.size, styles["Note Mark"].font.color.rgb = Pt(9), GREY
    styles["Hyperlink"].font.underline, styles["Hyperlink"].font.color.rgb = True, BLUE
    _ruled(styles.add_style("Light Table", WD_STYLE_TYPE.TABLE))
    language = styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "en-US")


def _font(
    style: Any, name: str, size: float, *, colour: RGBColor | None = None, bold: bool = False
) -> None:
    style.font.name, style.font.size, style.font.bold = name, Pt(size), bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if colour is not None:
        style.font.color.rgb = colour


def _bordered(style: Any, colour: str, side: str = "left") -> None:
    """One rule beside or below the paragraphs of a style, in place of any it had."""
    properties = style.element.get_or_add_pPr()
    for held in properties.findall(qn("w:pBdr")):
        properties.remove(held)
    borders = OxmlElement("w:pBdr")
    _edge(borders, side, "18", colour)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"
    )


def _ruled(style: Any) -> None:
    """A thin rule under every row, and none between columns."""
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        _edge(borders, side, "4", LINE)
    properties.append(borders)
    style.element.append(properties)


def _edge(borders: Any, side: str, size: str, colour: str) -> None:
    edge = _property(borders, f"w:{side}", "single")
    for name, value in (("sz", size), ("space", "8"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)


def _frame(word: WordDocument, title: str) -> None:
    """Title above and page numbers below, except on the title page."""
    section = word.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.different_first_page_header_footer = True
    for part in (word.styles["Header"], word.styles["Footer"]):
        _font(part, SANS, 8.5, colour=GREY)
    section.header.paragraphs[0].add_run(spaced(title))
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("Prepared with lexwatch. Not legal advice.   Page ")
    _number(footer, "PAGE")
    footer.add_run(" of ")
    _number(footer, "NUMPAGES")


def _number(paragraph: Paragraph, code: str) -> None:
    """A field, which the word processor fills in."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    element.append(run._r)
    paragraph._p.append(element)


def _fill(cells: Sequence[Any], words: Sequence[str], *, bold: bool = False) -> None:
    for cell, said in zip(cells, words, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(spaced(said))
        run.font.name, run.font.size, run.bold = SANS, Pt(9.5), bold or None


def _shade(cell: Any, colour: str) -> None:
    shade = _property(cell._tc.get_or_add_tcPr(), "w:shd", "clear")
    shade.set(qn("w:fill"), colour)


def _property(parent: Any, name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    parent.append(element)
    return element
