"""How a Word file looks and what it says of itself: its styles, settings, header and footer."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from alerts.packet import wordxml
from alerts.packet.content import Manuscript
from alerts.packet.wordxml import element, valued
from alerts.wording import shortened

WIDTH = 6.5  # inches of text on a US letter page with one-inch margins
SHADE = "E9EDF3"
_SERIF, _SANS = "Georgia", "Arial"
_NAVY, _GREY = RGBColor(0x14, 0x26, 0x3F), RGBColor(0x51, 0x5C, 0x6B)
_GREEN, _RED, _BLUE = (
    RGBColor(0x0A, 0x5A, 0x36),
    RGBColor(0x96, 0x19, 0x0F),
    RGBColor(0x1A, 0x4F, 0x8B),
)
_RULE, _LINE = "B08D3E", "9AA7B8"
_PROPERTY = 255  # characters that Word shows of a property
_MODERN = "15"  # Word 2013 and later, without its "compatibility mode"
_KEPT = frozenset(  # of the library's template; what we do not use would stand in the gallery
    {
        "Normal", "Header", "Footer", "Title", "Subtitle", "Caption", "Quote", "Strong",
        "Emphasis", "List Bullet", "List Number", "List Number 2", "TOC Heading", "No List",
        "Default Paragraph Font", "Normal Table", "Heading 1", "Heading 2", "Heading 3",
        "Heading 4",
    }
)  # fmt: skip
_LEFTOVERS = ("thumbnail", "stylesWithEffects", "customXml")
# name, size, left indent in inches, stays with the next
_PARAGRAPHS = (
    ("Lead", 11.0, 0.0, True),
    ("Figure", 11.0, 0.0, True),
    ("Source Line", 9.0, 0.0, True),
    ("Redline", 10.5, 0.35, False),
    ("Checklist", 11.0, 0.28, False),
    ("Small Print", 9.0, 0.0, False),
    ("To Be Filled In", 10.5, 0.12, False),
    ("Source Entry", 9.5, 0.0, False),
    ("Table Text", 9.5, 0.0, False),
    ("Table Head", 9.5, 0.0, False),
)


def dressed(manuscript: Manuscript) -> WordDocument:
    """An empty document with everything but its words."""
    word = docx.Document()
    _drop(word)
    _describe(word, manuscript)
    _texts(word)
    _own(word)
    _running(word)
    _set_language(word, manuscript.language)
    _settle(word)
    _frame(word, manuscript.title)
    return word


def _drop(word: WordDocument) -> None:
    """Leave out what the template carries and a packet has no use for."""
    for rels in (word.part.rels, word.part.package.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in _LEFTOVERS:
                del rels[key]
    for style in list(word.styles):
        if style.name not in _KEPT:
            style.element.getparent().remove(style.element)
    for link in word.styles.element.findall(f".//{qn('w:link')}"):
        link.getparent().remove(link)  # it names a style that is gone


def _describe(word: WordDocument, manuscript: Manuscript) -> None:
    properties = word.core_properties
    properties.title = shortened(manuscript.title, _PROPERTY)
    properties.subject = shortened(manuscript.subject, _PROPERTY)
    properties.author = properties.last_modified_by = "lexwatch"
    properties.keywords = shortened(", ".join(manuscript.keywords), _PROPERTY)
    properties.language = manuscript.language
    properties.comments = ""
    moment = manuscript.at.astimezone(UTC).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.revision = 1


def _texts(word: WordDocument) -> None:
    styles = word.styles
    _font(styles["Normal"], _SERIF, 11)
    styles["Normal"].paragraph_format.space_after = Pt(7)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    _font(styles["Title"], _SERIF, 28, colour=_NAVY, bold=True)
    _bordered(styles["Title"], _RULE, side="bottom")
    _font(styles["Subtitle"], _SANS, 13, colour=_GREY)
    styles["Subtitle"].paragraph_format.space_before = Pt(60)
    for level, size in ((1, 18), (2, 14), (3, 12), (4, 11)):
        heading = styles[f"Heading {level}"]
        _font(heading, _SERIF, size, colour=_NAVY, bold=True)
        heading.paragraph_format.space_before = Pt(size)
        heading.paragraph_format.space_after = Pt(5)
    styles["TOC Heading"].base_style = styles["Normal"]  # a heading would be numbered
    _font(styles["TOC Heading"], _SERIF, 18, colour=_NAVY, bold=True)
    _font(styles["Quote"], _SERIF, 11)
    styles["Quote"].paragraph_format.left_indent = Inches(0.35)
    _bordered(styles["Quote"], _RULE)
    _font(styles["Caption"], _SANS, 9.5, colour=_GREY, bold=True)
    styles["Caption"].paragraph_format.keep_with_next = True
    for name in ("Title", "Subtitle", "Quote", "Heading 4"):
        styles[name].font.italic = False
    for name in ("List Bullet", "List Number", "List Number 2"):
        styles[name].paragraph_format.space_after = Pt(4)


def _own(word: WordDocument) -> None:
    """The styles that Word has no name for."""
    styles = word.styles
    for name, size, left, stays in _PARAGRAPHS:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        is_small = size < 10 or name == "To Be Filled In"
        _font(style, _SANS if is_small else _SERIF, size)
        if left:
            style.paragraph_format.left_indent = Inches(left)
        style.paragraph_format.keep_with_next = stays
        style.quick_style = True
    for name in ("Source Line", "Small Print"):
        styles[name].font.color.rgb = _GREY
    styles["Checklist"].paragraph_format.first_line_indent = Inches(-0.28)
    styles["Checklist"].paragraph_format.tab_stops.add_tab_stop(Inches(0.28))
    for name in ("Table Text", "Table Head"):
        styles[name].paragraph_format.space_after = Pt(2)
        styles[name].paragraph_format.line_spacing = 1.0
    styles["Table Head"].font.bold = True
    _bordered(styles["Redline"], _LINE)
    _bordered(styles["To Be Filled In"], _LINE)
    for name in ("Inserted", "Deleted"):
        styles.add_style(name, WD_STYLE_TYPE.CHARACTER).quick_style = True
    styles["Inserted"].font.underline, styles["Inserted"].font.color.rgb = True, _GREEN
    styles["Deleted"].font.strike, styles["Deleted"].font.color.rgb = True, _RED
    _ruled(styles.add_style("Packet Table", WD_STYLE_TYPE.TABLE))


def _running(word: WordDocument) -> None:
    """The styles that Word itself uses for contents, notes and links, by its own names."""
    styles = word.styles
    for level, left, hang in ((1, 0.4, 0.4), (2, 0.95, 0.55)):
        entry = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        entry.base_style = styles["Normal"]
        layout = entry.paragraph_format
        layout.left_indent, layout.first_line_indent = Inches(left), Inches(-hang)
        layout.right_indent, layout.space_after = Inches(0.4), Pt(3)
        layout.tab_stops.add_tab_stop(Inches(left))
        layout.tab_stops.add_tab_stop(Inches(WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        entry.font.bold = level == 1
    note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    note.base_style = styles["Normal"]
    _font(note, _SERIF, 8.5)
    note.paragraph_format.space_after, note.paragraph_format.line_spacing = Pt(2), 1.0
    mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.underline, link.font.color.rgb = True, _BLUE


def _set_language(word: WordDocument, language: str) -> None:
    for held in word.styles.element.iter(qn("w:lang")):
        held.set(qn("w:val"), language)
    theme = word.settings.element.find(qn("w:themeFontLang"))
    theme.set(qn("w:val"), language)
    theme.attrib.pop(qn("w:eastAsia"), None)


def _settle(word: WordDocument) -> None:
    """Word asks on opening whether to work out fields: only it knows the pages of the contents."""
    compat = word.settings.element.find(qn("w:compat"))
    compat.addprevious(valued("updateFields", "true"))
    for setting in compat.findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _MODERN)


def _frame(word: WordDocument, title: str) -> None:
    """Title above and page numbers below, except on the title page."""
    section = word.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    section.top_margin = section.bottom_margin = Inches(1)
    section.different_first_page_header_footer = True
    for style in (word.styles["Header"], word.styles["Footer"]):
        _font(style, _SANS, 8.5, colour=_GREY)
    section.header.paragraphs[0].add_run(title)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    wordxml.run(footer._p, "Prepared with lexwatch. Not legal advice.   Page ")
    wordxml.field(footer._p, "PAGE", "1")
    wordxml.run(footer._p, " of ")
    wordxml.field(footer._p, "NUMPAGES", "1")


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
    borders = element("pBdr", _edge(side, "18", colour))
    properties.insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:jc",
        "w:outlineLvl",
    )


def _ruled(style: Any) -> None:
    """A thin rule under every row, and none between columns."""
    edges = (_edge(side, "4", _LINE) for side in ("top", "bottom", "insideH"))
    style.element.append(element("tblPr", element("tblBorders", *edges)))


def _edge(side: str, size: str, colour: str) -> Any:
    return element(side, val="single", sz=size, space="8", color=colour)
