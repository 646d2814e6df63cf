"""A packet as a Word file: real styles, numbers, fields and notes, read back from the file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any

import docx
import manuscripts
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts.packet import word
from alerts.packet.content import Style
from alerts.packet.draft import Draft

# The order in which ECMA-376 (part 1, wml.xsd) wants the children of these elements; Word calls
# a file unreadable that has another.
ORDERS: Mapping[str, str] = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
    "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku spacing ind "
    "contextualSpacing mirrorIndents jc textDirection textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow vanish color "
    "spacing w kern position sz szCs highlight u effect bdr shd vertAlign lang",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook "
    "tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlJc pPr rPr",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
    "unhideWhenUsed qFormat locked rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "zoom proofState defaultTabStop characterSpacingControl savePreviewPicture "
    "updateFields hdrShapeDefaults footnotePr endnotePr compat rsids mathPr themeFontLang",
}


@cache
def made() -> bytes:
    return word.write(manuscripts.manuscript())


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def tree(name: str, data: bytes | None = None) -> Any:
    with zipfile.ZipFile(io.BytesIO(data or made())) as packed:
        return etree.fromstring(packed.read(f"word/{name}.xml"))


def within(root: Any, name: str) -> list[Any]:
    return list(root.iter(qn(f"w:{name}")))


def value(element: Any, name: str) -> str:
    return str(element.get(qn(f"w:{name}")))


def words(element: Any) -> str:
    return "".join(text.text or "" for text in within(element, "t"))


def called(paragraph: Any) -> str:
    """The name of its style."""
    return str(paragraph.style.name)


def test_the_same_packet_gives_the_same_bytes() -> None:
    assert word.write(manuscripts.manuscript()) == made()
    with zipfile.ZipFile(io.BytesIO(made())) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_of_the_librarys_template_goes_along() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as packed:
        names = " ".join(packed.namelist())
    assert "thumbnail" not in names and "customXml" not in names and "WithEffects" not in names
    assert "Light Shading" not in {one.name for one in opened(made()).styles}


@pytest.mark.parametrize("name", ["document", "styles", "numbering", "settings", "footnotes"])
def test_what_an_element_holds_stands_in_the_order_of_the_format(name: str) -> None:
    for kind, order in ORDERS.items():
        places = order.split()
        for element in within(tree(name), kind):
            held = [etree.QName(child).localname for child in element]
            known = [places.index(child) for child in held if child in places]
            assert known == sorted(known), (kind, held)


def test_every_style_that_is_used_is_in_the_file() -> None:
    held = {value(one, "styleId") for one in within(tree("styles"), "style")}
    used = {
        value(one, "val")
        for name in ("document", "footnotes", "header1", "footer1")
        for kind in ("pStyle", "rStyle", "tblStyle")
        for one in within(tree(name), kind)
    }
    tied = [one for name in ("basedOn", "next") for one in within(tree("styles"), name)]
    assert used | {value(one, "val") for one in tied} <= held


def test_headings_are_numbered_by_word_and_not_by_typing() -> None:
    headings = [one for one in opened(made()).paragraphs if called(one).startswith("Heading")]
    assert [(called(one), one.text) for one in headings[:3]] == [
        ("Heading 1", "Fees"),
        ("Heading 2", "Sample Rule"),
        ("Heading 3", "Its history"),
    ]
    levels = {
        value(within(level, "pStyle")[0], "val"): value(within(level, "lvlText")[0], "val")
        for level in within(tree("numbering"), "lvl")
        if within(level, "pStyle")
    }
    assert levels["Heading1"] == "%1" and levels["Heading3"] == "%1.%2.%3"
    tied = opened(made()).styles["Heading 2"].element
    assert value(within(tied, "numId")[0], "val") == "1"
    assert value(within(tied, "ilvl")[0], "val") == "1"


def test_the_contents_are_filled_in_and_leave_only_the_pages_to_word() -> None:
    entries = [one for one in opened(made()).paragraphs if called(one).startswith("toc")]
    assert [one.text.strip() for one in entries][:3] == [
        "1\tFees",
        "1.1\tSample Rule",
        "2\tTimeline",
    ]
    codes = [code.text for code in within(tree("document"), "instrText")]
    assert any("TOC" in str(code) for code in codes)
    assert value(within(tree("settings"), "updateFields")[0], "val") == "true"
    title = opened(made()).styles["TOC Heading"].element  # a heading would be numbered
    assert value(within(title, "basedOn")[0], "val") == "Normal"


def test_fields_open_and_close_in_pairs() -> None:
    for name in ("document", "footnotes", "footer1"):
        kinds = [value(one, "fldCharType") for one in within(tree(name), "fldChar")]
        depth = 0
        for kind in kinds:
            depth += {"begin": 1, "separate": 0, "end": -1}[kind]
            assert depth >= 0
        assert depth == 0


def test_what_is_pointed_to_is_there_once() -> None:
    marks = within(tree("document"), "bookmarkStart")
    names = [value(mark, "name") for mark in marks]
    numbers = [value(mark, "id") for mark in marks]
    assert len(set(names)) == len(names) and len(set(numbers)) == len(numbers)
    ends = [value(mark, "id") for mark in within(tree("document"), "bookmarkEnd")]
    assert sorted(ends) == sorted(numbers)
    for root in (tree("document"), tree("footnotes")):
        codes = [str(code.text).split() for code in within(root, "instrText")]
        named = {code[1] for code in codes if code[0] in {"PAGEREF", "REF", "NOTEREF"}}
        anchors = {value(link, "anchor") for link in within(root, "hyperlink")} - {"None"}
        assert named | anchors <= set(names)


def test_a_citation_is_a_footnote_in_full_once_and_then_brief() -> None:
    references = [value(one, "id") for one in within(tree("document"), "footnoteReference")]
    notes = {value(one, "id"): one for one in within(tree("footnotes"), "footnote")}
    assert references == [key for key in notes if key not in {"0", "1"}]
    told = [words(notes[key]).strip() for key in references]
    assert told[0].startswith(
        "Source [1]: Sample Rule, 99 Fed. Reg. 1 (Jan. 2, 2099). Published January 2"
    )
    assert told[0].endswith(manuscripts.URL)
    assert told[1] == "99 Fed. Reg. 1, source [1]."
    assert told[3].startswith(
        "99 Fed. Reg. 1, source [1]. Source [2]: Matter of A-B-, 99 I&N Dec. 1"
    )


def test_a_redline_is_coloured_and_struck_or_underlined() -> None:
    file = opened(made())
    runs = {run.text: run.style.name for one in file.paragraphs for run in one.runs}
    assert (runs["may"], runs["must"]) == ("Deleted", "Inserted")
    deleted, inserted = file.styles["Deleted"].font, file.styles["Inserted"].font
    assert deleted.strike and deleted.color.rgb == RGBColor(0x96, 0x19, 0x0F)
    assert inserted.underline and inserted.color.rgb == RGBColor(0x0A, 0x5A, 0x36)


def test_a_tables_head_is_repeated_and_its_rows_stay_whole() -> None:
    for table in within(tree("document"), "tbl"):
        head, *rows = within(table, "tr")
        assert within(head, "tblHeader") and not any(within(row, "tblHeader") for row in rows)
        assert all(within(row, "cantSplit") for row in (head, *rows))
        assert value(within(table, "tblCaption")[0], "val")
    looks = [value(one, "firstColumn") for one in within(tree("document"), "tblLook")]
    assert looks == ["1", "0"]
    day, what = opened(made()).tables[0].rows[1].cells
    assert (called(day.paragraphs[0]), called(what.paragraphs[0])) == ("Table Head", "Table Text")
    assert within(what._tc, "footnoteReference")


def test_a_row_to_be_filled_in_has_room_for_a_hand() -> None:
    begun = Draft(title="T", subject="S", at=manuscripts.AT)
    begun.table("X", ("Name", "Signature"), [["", ""], ["A", ""]], (1, 1), ours=True)
    rows = within(tree("document", word.write(begun.finished())), "tr")
    assert [bool(within(row, "trHeight")) for row in rows] == [False, True, False]


def test_a_space_at_the_end_of_a_run_is_kept() -> None:
    for name in ("document", "footnotes"):
        written = [text for text in within(tree(name), "t") if text.text != text.text.strip()]
        assert written and all(one.get(qn("xml:space")) == "preserve" for one in written)


def test_a_picture_has_words_in_its_place() -> None:
    (picture,) = opened(made()).inline_shapes
    assert picture._inline.docPr.get("descr") == "One sample rule in January."


def test_a_list_that_begins_again_is_a_list_of_its_own() -> None:
    file = opened(made())
    numbers = {
        name: [
            value(within(one._p, "numId")[0], "val")
            for one in file.paragraphs
            if called(one) == name
        ]
        for name in ("List Number", "List Number 2")
    }
    asked, answers = numbers["List Number"], numbers["List Number 2"]
    assert asked[0] == asked[1] and answers[0] == answers[1] != answers[2] == answers[3]


def test_a_question_stays_on_the_page_of_its_answers() -> None:
    listed = [one for one in opened(made()).paragraphs if called(one).startswith("List Number")]
    kept = [bool(one.paragraph_format.keep_with_next) for one in listed]
    assert kept == [True, True, False, True, True, False]


def test_where_an_authority_stands_is_a_reference_that_word_keeps_right() -> None:
    codes = [str(one.text).strip() for one in within(tree("document"), "instrText")]
    assert "REF _section_1_1 \\r \\h" in codes
    (row,) = [row for row in within(tree("document"), "tr") if "A-B-" in words(row)]
    assert words(row).endswith("1.1")


def test_the_file_says_what_it_is_and_in_which_language() -> None:
    properties = opened(made()).core_properties
    assert properties.title == "Sample Update: “Fees” & Forms"
    assert properties.subject == "Continuing legal education materials, sample"
    assert (properties.keywords, properties.language) == ("asylum, fees", "en-US")
    assert {value(one, "val") for one in within(tree("styles"), "lang")} == {"en-US"}


def test_what_is_too_long_for_a_property_of_the_file_is_cut() -> None:
    many = tuple(f"topic {number}" for number in range(99))
    begun = Draft(title="A b " * 99, subject="C d " * 99, at=manuscripts.AT, keywords=many)
    properties = opened(word.write(begun.finished())).core_properties
    for told in (properties.title, properties.subject, properties.keywords):
        assert 240 < len(told) <= 255 and told.endswith("…")


def test_word_opens_it_as_a_file_of_its_own_time() -> None:
    modes = {
        value(one, "name"): value(one, "val") for one in within(tree("settings"), "compatSetting")
    }
    assert modes["compatibilityMode"] == "15"


def test_pages_are_numbered_but_the_first() -> None:
    section = opened(made()).sections[0]
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == "Sample Update: “Fees” & Forms"
    codes = [str(one.text).strip() for one in within(tree("footer1"), "instrText")]
    assert codes == ["PAGE", "NUMPAGES"]


def test_a_page_break_begins_the_next_paragraph_on_a_new_page() -> None:
    broken = [
        one.text for one in opened(made()).paragraphs if one.paragraph_format.page_break_before
    ]
    assert broken == ["Contents", "Fees", "Self-test"]


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_whatever_a_publisher_writes_the_file_opens_and_says_it(text: str) -> None:
    begun = Draft(title=text, subject=text, at=manuscripts.AT)
    number = begun.source(text, short=text, url=text, version=text)
    begun.heading(text, 1)
    begun.paragraph(text, style=Style.CHECKBOX, notes=(number,))
    begun.table(text, (text,), [[text]], (1,))
    begun.sources()
    finished = begun.finished()
    assert opened(word.write(finished)).paragraphs[1].text == finished.title
