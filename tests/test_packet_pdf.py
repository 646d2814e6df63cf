from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pypdfium2 import raw
from reportlab.platypus import Paragraph as Set  # type: ignore[import-untyped]  # it ships no types

from alerts.packet import faces, pdf
from alerts.packet.content import Face, Manuscript, Run, Style
from alerts.packet.draft import Draft, cell
from alerts.packet.drawing import Drawing, Line, Words
from alerts.packet.faces import SERIF, markup
from alerts.packet.looks import FOOTNOTE, LOOKS
from alerts.packet.pages import BETWEEN, OVER_NOTES, ROOM, Layout, Page
from alerts.packet.pieces import WIDTH, Note, Text, tall
from alerts.packet.tagged import Element
from alerts.redline import Mark, Piece

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SENTENCE = "The sample agency must give notice within thirty days of the filing. "
LINE = Drawing(
    width=100,
    height=40,
    shapes=(Line(start=(0, 0), end=(90, 30)), Words(at=(5, 20), text="drawn")),
)


def draft() -> Draft:
    return Draft(title="Sample update", subject="Sample materials", at=AT, keywords=("asylum",))


def source(draft: Draft, number: int) -> int:
    return draft.source(
        f"Sample Rule {number}, 91 FR {60000 + number}",
        short=f"91 FR {60000 + number}",
        url=f"https://example.gov/{number}",
        version="version of May 3, 2026",
        retrieved="May 4, 2026",
    )


def rich() -> Manuscript:
    """A sample of everything that a packet has."""
    made = draft()
    notes = [source(made, number) for number in range(1, 13)]
    made.contents()
    made.page_break()
    for topic in range(3):
        made.heading(f"Topic {topic}", 1, key=f"topic{topic}")
        for at in range(4):
            note = notes[topic * 4 + at]
            made.heading(f"Development {topic}.{at}", 2)
            made.paragraph(SENTENCE * 6, notes=[note])
            made.quotation(f"“{SENTENCE * 4}”", notes=[note])
            made.redline(
                [Piece(mark=Mark.DELETED, text="may"), Piece(mark=Mark.INSERTED, text="must")],
                notes=[note],
            )
            made.bullet(SENTENCE, notes=[note])
    made.heading("Table", 1)
    rows = [
        (cell(f"8 CFR {at}.", notes=[notes[at % 12]]), Run(text="", to="topic1"))
        for at in range(60)
    ]
    made.table("Authorities", ("Authority", "Where it stands"), rows, (3, 1), has_row_heads=True)
    made.picture(LINE, alt="A line and a word.", caption="The sample picture")
    made.placeholder("Biography of the speaker")
    made.heading("Sources", 1)
    made.sources()
    return made.finished()


@cache
def written() -> bytes:
    return pdf.write(rich())


def said(data: bytes) -> list[str]:
    """The text of each page, in one line."""
    with pdfium.PdfDocument(data) as document:
        texts = (page.get_textpage().get_text_range() for page in document)
        return [re.sub(r"\s+", " ", text) for text in texts]


def one(*words: str | Run, style: Style = Style.BODY) -> str:
    made = draft()
    made.paragraph(*words, style=style, ours=True)
    return " ".join(said(pdf.write(made.finished())))


def test_the_same_packet_gives_the_same_bytes() -> None:
    assert pdf.write(rich()) == pdf.write(rich())


def test_the_file_says_what_it_is_and_when_it_was_prepared() -> None:
    with pdfium.PdfDocument(written()) as document:
        told = document.get_metadata_dict()
    assert (told["Title"], told["Subject"]) == ("Sample update", "Sample materials")
    assert (told["Keywords"], told["CreationDate"]) == ("asylum", "D:20261122093000+00'00'")
    assert b"/Lang (en-US)" in written() and b"/DisplayDocTitle true" in written()


def test_every_page_has_its_number_and_all_but_the_first_the_title() -> None:
    pages = said(written())
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert text.count("Sample update") == 1
    assert "Sample materials" in pages[0] and "Sample materials" not in pages[1]


def test_bookmarks_and_contents_lead_to_the_page_of_each_heading() -> None:
    pages = said(written())
    with pdfium.PdfDocument(written()) as document:
        marks = [
            (mark.get_title(), mark.get_dest().get_index() + 1, mark.level)
            for mark in document.get_toc()
        ]
    assert [title for title, _, level in marks if level == 0] == [
        "1 Topic 0", "2 Topic 1", "3 Topic 2", "4 Table", "5 Sources",
    ]  # fmt: skip
    assert len(marks) == 17
    for title, page, _ in marks:
        number, words = title.split(" ", 1)
        assert f"{number} {words}" in pages[page - 1]
        assert f"{number} {words} {page} " in f"{pages[0]} "


def test_a_footnote_stands_on_the_page_that_calls_it_in_full_once_and_briefly_after() -> None:
    pages = said(written())
    text = " ".join(pages[1:])
    assert text.count("Sample Rule 1, 91 FR 60001. Version of May 3, 2026.") == 2  # note, list
    page = next(page for page in pages if "1 Source [1]: Sample Rule 1, 91 FR 60001." in page)
    assert "2 3 4 91 FR 60001, source [1]." in page and "Development 0.0" in page


def test_the_head_of_a_table_is_set_again_on_every_page() -> None:
    pages = [page for page in said(written()) if "8 CFR" in page]
    assert len(pages) > 1
    assert all(page.count("Where it stands") == 1 for page in pages)
    rows = [int(found) for page in pages for found in re.findall(r"8 CFR (\d+)\.", page)]
    assert rows == list(range(60))


def test_a_row_taller_than_a_page_goes_on_without_losing_a_word() -> None:
    made = draft()
    words = [f"word{at}" for at in range(3000)]
    made.table("Long", ("One", "Two"), [("short", " ".join(words))], (1, 2), ours=True)
    text = said(pdf.write(made.finished()))
    assert re.findall(r"word\d+", " ".join(text)) == words
    assert all("One Two" in page for page in text)


def test_a_reference_is_the_number_of_its_section() -> None:
    made = draft()
    made.heading("First", 1)
    made.heading("Second", 1, key="there")
    made.paragraph("See section ", Run(text="", to="there"), ".", ours=True)
    assert "See section 2." in said(pdf.write(made.finished()))[0]


def test_what_was_deleted_is_struck_and_red_what_was_inserted_underlined_and_green() -> None:
    deleted = markup([Run(text="may", face=Face.DELETED)], SERIF)
    inserted = markup([Run(text="must", face=Face.INSERTED)], SERIF)
    assert "<strike>" in deleted and faces.DELETED in deleted
    assert "<u " in inserted and faces.INSERTED in inserted
    red, green = colours(Face.DELETED), colours(Face.INSERTED)
    assert red and not green & red


def colours(face: Face) -> set[str]:
    """Which of red and green a word of that face is printed in."""
    made = draft()
    made.paragraph(Run(text="mmmmmmmm", face=face), ours=True)
    with pdfium.PdfDocument(pdf.write(made.finished())) as document:
        image = document[0].render(scale=2).to_pil().convert("RGB")
    found = set()
    for _, pixel in image.getcolors(1 << 20):
        red, green, blue = pixel
        if red > green + 80 and red > blue + 80:
            found.add("red")
        if green > red + 40:
            found.add("green")
    return found


def test_markup_in_a_text_is_words() -> None:
    assert 'A <b>"bold" & 5 < 6</b> &amp; <a href="x">' in one(
        'A <b>"bold" & 5 < 6</b> &amp; <a href="x">'
    )


@pytest.mark.parametrize("face", Face)
def test_markup_in_a_text_that_stands_out_is_words(face: Face) -> None:
    assert "<b>A & B</b>" in one(Run(text="<b>A & B</b>", face=face))


def test_letters_that_no_typeface_has_are_given_by_their_numbers() -> None:
    assert "Łódź Київ Ελλάδα naïve [U+4E2D][U+6587]" in one("Łódź Київ Ελλάδα naïve 中文")
    assert "Київ ☐" in one(Run(text="Київ ☐", face=Face.EMPHASIS))
    assert list(faces.cuts("Київ", SERIF.slanted, SERIF)) == [(SERIF.plain, "Київ")]


def test_boxes_numbers_and_letters_are_printed() -> None:
    assert "☐ Check it" in one("Check it", style=Style.CHECKBOX)
    made = draft()
    made.paragraph("Which?", style=Style.NUMBER, ordinal=3, ours=True)
    made.paragraph("This", style=Style.LETTER, ordinal=2, ours=True)
    assert "3. Which? B. This" in said(pdf.write(made.finished()))[0]


def test_every_typeface_is_in_the_file() -> None:
    with pdfium.PdfDocument(written()) as document:
        texts = [
            item for page in document for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
        ]
        fonts = [raw.FPDFTextObj_GetFont(item) for item in texts]
        assert fonts and all(raw.FPDFFont_GetIsEmbedded(font) for font in fonts)
    assert b"/Helvetica" not in written()


def test_screen_readers_are_told_headings_lists_tables_and_what_a_picture_shows() -> None:
    kinds = list(structure(written()))
    names = [kind for kind, _ in kinds]
    assert {"H1", "H2", "P", "BlockQuote", "L", "LI", "LBody", "TOCI", "Note"} <= set(names)
    assert names.count("TH") >= 62 and "TR" in names and "Caption" in names
    assert ("Figure", "A line and a word.") in kinds
    assert b"/Scope /Column" in written() and b"/Scope /Row" in written()
    assert b"/Marked true" in written()


def structure(data: bytes) -> Iterator[tuple[str, str]]:
    """Every element of the structure of every page, with what is said instead of it."""
    with pdfium.PdfDocument(data) as document:
        for page in document:
            tree = raw.FPDF_StructTree_GetForPage(page)
            try:
                for at in range(raw.FPDF_StructTree_CountChildren(tree)):
                    yield from _below(raw.FPDF_StructTree_GetChildAtIndex(tree, at))
            finally:
                raw.FPDF_StructTree_Close(tree)


def _below(element: object) -> Iterator[tuple[str, str]]:
    yield (
        _read(raw.FPDF_StructElement_GetType, element),
        _read(raw.FPDF_StructElement_GetAltText, element),
    )
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, at):
            yield from _below(child)


def _read(ask: Callable[..., int], element: object) -> str:
    length = ask(element, None, 0)
    held = ctypes.create_string_buffer(length)
    ask(element, held, length)
    return held.raw.decode("utf-16-le").rstrip("\0")


def test_no_page_break_leaves_an_empty_page() -> None:
    made = draft()
    made.paragraph("One", ours=True)
    for _ in range(3):
        made.page_break()
    made.paragraph("Two", ours=True)
    made.page_break()
    assert len(said(pdf.write(made.finished()))) == 2


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for lines in range(15, 30):
        made = draft()
        for _ in range(lines):
            made.paragraph("A line.", ours=True)
        made.heading("The heading", 2)
        made.paragraph("What follows it.", ours=True)
        pages = said(pdf.write(made.finished()))
        assert [page for page in pages if "The heading" in page] == [
            page for page in pages if "What follows" in page
        ]


@pytest.mark.parametrize("lines", [3, 4, 5])
@pytest.mark.parametrize("notes", [0, 1, 3])
def test_a_heading_stays_with_a_text_that_only_its_footnotes_drive_overleaf(
    lines: int, notes: int
) -> None:
    height = tall(text(12, (), stays=False).paragraph, WIDTH)
    for room in range(20, 160):
        layout = Layout(small=FOOTNOTE.style)
        layout.place([text(12, (), stays=False)])
        layout.space(ROOM - height - room)
        heading = text(3, (), stays=True)
        follows = text(12 * lines, [note(at, 40) for at in range(1, notes + 1)], stays=False)
        layout.place([heading, follows])
        layout.finish()
        (at,) = (n for n, page in enumerate(layout.pages) if (heading in _pieces(page)))
        assert _pieces(layout.pages[at])[-1] is not heading, room


def _pieces(page: Page) -> list[object]:
    return [piece for piece, _ in page.placed]


@pytest.fixture(autouse=True)
def _registered() -> None:
    faces.register()


def text(words: int, notes: Sequence[Note], *, stays: bool) -> Text:
    look = LOOKS[Style.BODY]
    return Text(
        paragraph=Set("word " * words, look.style),
        element=Element(kind="P"),
        above=look.above,
        notes=tuple(notes),
        stays=stays,
    )


def note(number: int, words: int, *, is_brief: bool = False) -> Note:
    said = f"note{number} " * words
    return Note(number=number, mark="", words=said, text=said, is_brief=is_brief)


@pytest.mark.parametrize("length", [5, 31, 80, 144, 400])
@pytest.mark.parametrize("is_brief", [False, True])
def test_a_footnote_that_its_page_can_hold_is_never_sent_overleaf(
    length: int, is_brief: bool
) -> None:
    layout = Layout(small=FOOTNOTE.style)
    notes = [note(at, 40, is_brief=is_brief) for at in range(60)]
    layout.place([text(length, [each], stays=False) for each in notes])
    layout.finish()
    assert len(layout.pages) > 3
    for page in layout.pages:
        assert sum(map(_count, page.foot)) == 40 * sum(len(piece.notes) for piece, _ in page.placed)


def test_footnotes_that_say_the_same_are_one_line_under_their_numbers() -> None:
    layout = Layout(small=FOOTNOTE.style)
    same = [
        Note(number=at, mark=str(at), words="the same", text="", is_brief=True) for at in (1, 2, 3)
    ]
    layout.place([text(5, [each], stays=False) for each in same])
    layout.finish()
    assert [each.getPlainText() for each in layout.pages[0].foot] == ["1 2 3\xa0the same"]


def test_a_question_stays_with_its_alternatives() -> None:
    for lines in range(12, 26):
        made = draft()
        for _ in range(lines):
            made.paragraph("A line.", ours=True)
        made.paragraph("Which of these?", style=Style.NUMBER, ordinal=1, ours=True)
        for at in (1, 2, 3):
            made.paragraph("Choice", style=Style.LETTER, ordinal=at, ours=True)
        pages = said(pdf.write(made.finished()))
        assert [page.count("Choice") for page in pages if "Which of these?" in page] == [3]


def test_an_empty_row_has_room_to_write_in() -> None:
    made = draft()
    made.table("Attendance", ("Name", "Hours"), [("", "")] * 40, (1, 1), ours=True)
    assert len(said(pdf.write(made.finished()))) == 2


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.tuples(
            some.integers(1, 700), some.lists(some.integers(1, 250), max_size=3), some.booleans()
        ),
        min_size=1,
        max_size=10,
    )
)
def test_nothing_is_lost_on_the_way_and_notes_never_meet_the_text(
    given: list[tuple[int, list[int], bool]],
) -> None:
    numbers = iter(range(1, 1000))
    pieces = [
        text(
            words,
            [note(next(numbers), length, is_brief=length % 3 == 0) for length in notes],
            stays=stays and words < 30,
        )
        for words, notes, stays in given
    ]
    layout = Layout(small=FOOTNOTE.style)
    layout.place(pieces)
    layout.finish()
    placed = [piece for page in layout.pages for piece, _ in page.placed]
    assert sum(_count(piece.paragraph) for piece in placed if isinstance(piece, Text)) == sum(
        words for words, _, _ in given
    )
    feet = [note for page in layout.pages for note in page.foot]
    assert sum(map(_count, feet)) == sum(sum(notes) for _, notes, _ in given)
    for page in layout.pages:
        foot = sum(tall(note, WIDTH) for note in page.foot) + BETWEEN * max(0, len(page.foot) - 1)
        assert page.depth + foot + (OVER_NOTES if page.foot else 0) <= ROOM + 0.01


def _count(paragraph: Set) -> int:
    """How many words a paragraph has; a part of one holds them in lists of pieces."""
    count = 0
    for held in paragraph.frags:
        if isinstance(held, list):
            count += len("".join(said for _, said in held[1:]).split())
        else:
            count += len(getattr(held, "words", None) or held.text.split())
    return count
