"""Reading PDFs: sheets line by line, and memoranda as blocks."""

from __future__ import annotations

import io
import time
from collections import Counter
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from pdfs import (
    HEADING,
    NOTE,
    REST,
    STORED,
    SUPER,
    TEXT,
    SampleSheet,
    board,
    built,
    encrypted,
    picture,
    slanted,
    turned,
    under_picture,
)
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # it ships no types

from pipeline.errors import PageChanged
from pipeline.model import Block, BlockKind
from pipeline.pdf import NoText, blocks, sheets

RECORDED = (
    "2016-12/www.justice.gov/eoir/page/file/920996.pdf",
    "2022-01/www.uscis.gov/sites/default/files/document/policy-manual-updates/"
    "20220121-ExtraordinaryAbility.pdf",
)


def texts(body: bytes, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    return [block.text for block in blocks(body) if block.kind is kind]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>not here</html>", "is no PDF"),
        (board()[:-400], "ends in the middle"),
        (b"%PDF-1.4\nnothing\n%%EOF", "can't be opened"),
        (encrypted("A secret."), "can't be opened"),
        (picture(), "no text layer; OCR is not done"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(PageChanged, match=why):
        sheets(body)


def strewn(sheets: int, pieces: int, words: str = "x") -> bytes:
    """A PDF of words in tiny type, each on a line of its own."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for _ in range(sheets):
        canvas.setFont("Times-Roman", 0.05)
        for piece in range(pieces):
            canvas.drawString(10 + piece % 7 * 80, 780 - piece / 10, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (strewn(1, 4_000), "a sheet has 4000 pieces of text; up to 2000 are read"),
        (strewn(601, 0), "has 601 sheets; 1 to 600 are read"),
        (strewn(1, 1_900, "abcdefghij" * 110), "more than 2000000 characters"),
    ],
    ids=["pieces", "sheets", "characters"],
)
def test_what_would_take_long_is_refused_at_once(body: bytes, why: str) -> None:
    begun = time.process_time()
    with pytest.raises(PageChanged, match=why):
        sheets(body)
    assert time.process_time() - begun < 5


def test_damage_anywhere_is_refused_or_read_and_never_fatal() -> None:
    whole = board()
    for cut in range(100, len(whole) - 100, 211):
        damaged = whole[:cut] + b"\x00<<>>" + whole[cut + 40 :]
        try:
            sheets(damaged)
        except PageChanged:
            continue


def test_scan_is_told_from_other_faults() -> None:
    with pytest.raises(NoText):
        blocks(picture())


def test_text_under_a_scan_is_read_and_marked_as_such() -> None:
    sheet = sheets(under_picture("As a machine read it"))[0]
    assert (sheet.is_scan, [line.text for line in sheet.lines]) == (True, ["As a machine read it"])


def test_lines_stand_in_the_order_in_which_they_are_read() -> None:
    sheet = sheets(board())[0]
    assert (sheet.number, sheet.width, sheet.height) == (1, 612, 792)
    heights = [line.baseline for line in sheet.lines]
    assert heights == sorted(heights)
    assert sheet.lines[1].text == "Matter of Ada SAMPLE-KEEPER, Respondent"
    assert (sheet.lines[1].is_bold, sheet.lines[1].size) == (True, 14.0)


def test_raised_number_is_a_call_and_an_ordinal_is_none() -> None:
    words = f"the light.{SUPER.format(2)} In the 9{SUPER.format('th')} year of the"
    line = sheets(built([SampleSheet(text=((REST, words),))]))[0].lines[0]
    assert [line.call(run) for run in line.runs if line.call(run)] == ["2"]
    assert line.text.endswith("In the 9th year of the")


def test_sheet_shown_turned_is_read_as_seen() -> None:
    sheet = sheets(turned("Upright to the reader."))[0]
    assert (sheet.width, sheet.height) == (612, 792)
    assert [line.text for line in sheet.lines] == ["Upright to the reader.", "The line below it."]


def test_stamp_across_a_sheet_is_kept_apart() -> None:
    found = blocks(slanted("RESCINDED"))
    assert [block.text for block in found] == ["A line of the memorandum.", "RESCINDED"]


def test_running_heads_and_page_numbers_are_no_text() -> None:
    said = " ".join(block.text for block in blocks(board()))
    assert "Cite as" not in said
    assert "Interim Decision" not in said
    assert {block.page for block in blocks(board())} == {"921", "922"}


def test_sheets_without_numbers_are_counted() -> None:
    body = built([SampleSheet(text=((TEXT, "A sentence of the text. " * 9),))] * 2)
    assert [block.page for block in blocks(body)] == ["1", "2"]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("We review the find-<br/>ings. The findings stand.", "the findings. The"),
        ("We asked self-<br/>petitioners who they are.", "asked self-petitioners who"),
        ("A re-<br/>lease. The release and the re-lease.", "A re-lease. The"),
        ("A form I-<br/>130 is a form.", "form I-130 is"),
    ],
)
def test_hyphen_at_a_line_end_goes_only_where_the_document_writes_the_word(
    words: str, read: str
) -> None:
    assert read in texts(built([SampleSheet(text=((REST, words),))]))[0]


def test_note_that_goes_on_overleaf_is_one_note() -> None:
    notes = [block for block in blocks(board()) if block.kind is BlockKind.FOOTNOTE]
    assert [note.label for note in notes] == ["1", "2", "3"]
    assert notes[1].text.endswith("as notes in these decisions do, without a number of its own.")


def test_small_type_above_the_notes_is_a_quotation() -> None:
    assert "A small quotation that ends the text." in texts(board())


def test_quotation_at_the_foot_of_a_sheet_without_notes_is_text() -> None:
    body = built(
        [SampleSheet(text=((TEXT, "A sentence of the text. " * 9), (NOTE, "A quotation. " * 4)))]
    )
    assert [block.kind for block in blocks(body)] == [BlockKind.PARAGRAPH] * 2


def test_headings_rank_by_their_numbers() -> None:
    said = ["I. ONE", "A. Of one", "1. Of A", "B. More", "II. TWO", "C. D. would follow"]
    text = [(HEADING, f"<b>{words}</b>") if i else (HEADING, words) for i, words in enumerate(said)]
    found = blocks(built([SampleSheet(text=[*text, (TEXT, "A sentence of the text. " * 9)])]))
    ranks = [block.level for block in found if block.kind is BlockKind.HEADING]
    assert ranks == [1, 2, 3, 2, 1, 2]


def test_memorandum_opens_with_its_labels_one_a_block() -> None:
    found = blocks((STORED / "eoir_memoranda" / "memorandum.pdf").read_bytes())
    assert [b.text.partition(":")[0] for b in found if ":" in b.text][:6] == [
        *("Issued", "Effective", "PURPOSE", "OWNER", "AUTHORITY", "CANCELLATION")
    ]


@pytest.mark.parametrize("name", RECORDED)
def test_every_printed_letter_of_a_recorded_pdf_is_read(shared: Path, name: str) -> None:
    body = (shared / "recorded" / name).read_bytes()
    said = Counter("".join(line.text for sheet in sheets(body) for line in sheet.lines))
    document = pypdfium2.PdfDocument(body)
    pages = [document[i].get_textpage().get_text_range() for i in range(len(document))]
    document.close()
    printed = Counter("".join(pages).replace("\ufffe", "-"))
    assert letters(said) == letters(printed)


def letters(counted: Counter[str]) -> dict[str, int]:
    return {character: n for character, n in counted.items() if not character.isspace()}


def test_every_call_in_a_recorded_pdf_has_its_note(shared: Path) -> None:
    for name in RECORDED:
        found = blocks((shared / "recorded" / name).read_bytes())
        called = [mark.label for block in found for mark in block.marks]
        assert called == [block.label for block in found if block.kind is BlockKind.FOOTNOTE]


def test_recorded_alert_has_its_headings_items_and_note(shared: Path) -> None:
    found = blocks((shared / "recorded" / RECORDED[1]).read_bytes())
    count = Counter(block.kind for block in found)
    assert (count[BlockKind.HEADING], count[BlockKind.ITEM], count[BlockKind.FOOTNOTE]) == (5, 5, 1)
    assert [block.page for block in found if block.kind is BlockKind.ITEM] == [*"11222"]


def test_same_bytes_give_the_same_blocks() -> None:
    read: tuple[Block, ...] = blocks(board())
    assert read == blocks(board())
