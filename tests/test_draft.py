"""Reading a draft: Word, PDF and text, with its notes and places; what is no draft is refused."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import docx
import pdfs
import pytest

from lexwatch.commands.draft import opened
from pipeline.citator import wordfile
from pipeline.citator.draft import LARGEST, Draft, read, typed
from pipeline.citator.wordfile import Unopened

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_CONFIDED = "the client’s name is Zebulon"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inside)}</w:p>"


def word(*body: str, footnotes: str = "", endnotes: str = "", prolog: str = "") -> bytes:
    """A Word file of parts written by hand, as Word lays them out."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(officeDocument="word/document.xml"),
        "word/document.xml": f'{prolog}<w:document xmlns:w="{_W}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{''.join(body)}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            footnotes="footnotes.xml", endnotes="endnotes.xml"
        ),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}">{footnotes}</w:footnotes>',
        "word/endnotes.xml": f'<w:endnotes xmlns:w="{_W}">{endnotes}</w:endnotes>',
    }
    return packed(parts)


def packed(parts: dict[str, str]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for name, said in parts.items():
            file.writestr(name, said)
    return body.getvalue()


def _relations(**parts: str) -> str:
    rows = "".join(
        f'<Relationship Id="r{role}" Type="{_OFFICE}/{role}" Target="{target}"/>'
        for role, target in parts.items()
    )
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{rows}</Relationships>"
    )


def texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.blocks]


def test_a_word_file_is_read_with_its_notes_as_they_are_called() -> None:
    draft = read(
        word(
            paragraph(run("See Matter of Quill."), '<w:r><w:footnoteReference w:id="7"/></w:r>'),
            paragraph(run("More."), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
            paragraph(run("Last."), '<w:r><w:endnoteReference w:id="1"/></w:r>'),
            footnotes=f'<w:footnote w:id="2">{paragraph(run("Second."))}</w:footnote>'
            f'<w:footnote w:id="7">{paragraph(run("First."))}</w:footnote>',
            endnotes=f'<w:endnote w:id="1">{paragraph(run("At the end."))}</w:endnote>',
        )
    )
    assert texts(draft) == [
        *("See Matter of Quill.", "More.", "Last."),
        *("First.", "Second.", "At the end."),
    ]
    assert draft.blocks[0].marks[0].offset == len("See Matter of Quill.")
    places = [draft.place(index) for index in range(6)]
    assert places[1] == "paragraph 2"
    assert places[3:] == ["footnote 1", "footnote 2", "endnote 1"]


def test_tracked_changes_are_read_as_accepted() -> None:
    inside = (
        run("It shall "),
        f'<w:ins w:id="1">{run("not ")}</w:ins>',
        '<w:del w:id="2"><w:r><w:delText>always </w:delText></w:r></w:del>',
        f'<w:moveFrom w:id="3">{run("moved away ")}</w:moveFrom>',
        f"<w:hyperlink>{run('pass')}</w:hyperlink>",
        "<w:r><w:instrText>TA 99 I&amp;N Dec. 1</w:instrText></w:r>",
    )
    assert texts(read(word(paragraph(*inside)))) == ["It shall not pass"]


@pytest.mark.parametrize("mark", ['<w:del w:id="3"/>', "<w:vanish/>", '<w:moveFrom w:id="4"/>'])
def test_a_paragraph_whose_mark_is_gone_runs_on(mark: str) -> None:
    draft = read(
        word(
            paragraph(run("Matter of Quill, 99 I&amp;N"), properties=f"<w:rPr>{mark}</w:rPr>"),
            paragraph(run(" Dec. 500 (BIA 2026)."), properties='<w:pStyle w:val="Quote"/>'),
            paragraph(run("Next.")),
        )
    )
    assert texts(draft) == ["Matter of Quill, 99 I&N Dec. 500 (BIA 2026).", "Next."]
    assert draft.set_off == {0}


def test_hidden_text_is_not_read() -> None:
    def hidden(said: str) -> str:
        return f"<w:r><w:rPr><w:vanish{said}/></w:rPr><w:t>hidden </w:t></w:r>"

    assert texts(read(word(paragraph(hidden(""), run("shown"))))) == ["shown"]
    assert texts(read(word(paragraph(hidden(' w:val="0"'), run("too"))))) == ["hidden too"]


def test_symbols_are_read_where_their_number_is_that_of_a_letter() -> None:
    def symbol(code: str) -> str:
        return f'<w:r><w:sym w:font="Symbol" w:char="{code}"/></w:r>'

    codes = ("F02D", "2013", "00A7", "F0A7", "F061", "x", "D800", "0007")
    assert texts(read(word(paragraph(*map(symbol, codes))))) == ["-–§§"]


def test_tables_and_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph(run('In a box.'))}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('In a cell.'))}</w:tc></w:tr></w:tbl>"
    found = texts(read(word(paragraph(run("Around. "), both), table)))
    assert found == ["Around.", "In a box.", "In a cell."]


def test_hyphens_and_tabs_are_read_as_printed() -> None:
    inside = (
        "<w:r><w:t>L</w:t><w:noBreakHyphen/><w:t>E</w:t><w:tab/><w:t>juris</w:t>"
        "<w:softHyphen/><w:t>diction</w:t><w:br/><w:t>§</w:t></w:r>"
    )
    stop = '<w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs>'
    found = texts(read(word(paragraph(inside, properties=stop))))
    assert found == ["L-E jurisdiction §"]


def test_block_quotations_are_known_by_style_or_indentation() -> None:
    draft = read(
        word(
            paragraph(run("Plain.")),
            paragraph(run("By style."), properties='<w:pStyle w:val="BlockText"/>'),
            paragraph(run("Set in."), properties='<w:ind w:left="720" w:right="720"/>'),
            paragraph(run("An item."), properties='<w:ind w:left="720"/>'),
        )
    )
    assert draft.set_off == {1, 2}


def test_what_a_real_word_program_writes_is_read(tmp_path: Path) -> None:
    written = docx.Document()
    written.add_heading("Argument", 1)
    written.add_paragraph("See Matter of Quill, 99 I&N Dec. 500 (BIA 2026).")
    written.add_table(1, 1).cell(0, 0).text = "Tab A"
    written.save(str(tmp_path / "brief.docx"))
    assert texts(opened(str(tmp_path / "brief.docx"))) == [
        "Argument",
        "See Matter of Quill, 99 I&N Dec. 500 (BIA 2026).",
        "Tab A",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    said = "“Matter of A–B–” and § 208; it’s the respondent’s brief."
    assert texts(read(said.encode(encoding))) == [said]


def test_lines_that_were_set_to_a_width_are_one_paragraph() -> None:
    draft = typed("The res-\npondent cites Matter of L-E-\nA- and wins.\r\n\r\nNext.")
    assert texts(draft) == ["The respondent cites Matter of L-E-A- and wins.", "Next."]


def test_runs_of_spaces_take_no_time() -> None:
    started = time.process_time()
    assert texts(typed(f"a{' ' * 200_000}b\n{' ' * 200_000}\nc")) == [f"a{' ' * 200_000}b", "c"]
    assert time.process_time() - started < 1


def test_a_text_is_weighed_before_it_is_read() -> None:
    with pytest.raises(Unopened, match="more text than any brief"):
        read(b" \n" * 2_000_000 + b"a")


def test_a_paragraph_that_is_one_line_is_a_paragraph() -> None:
    long = "This paragraph was written in one line by a program that wraps it. " * 5
    assert len(typed(f"{long.strip()}\n{long.strip()}").blocks) == 2


def test_a_pdf_is_read_with_the_pages_on_which_words_stand() -> None:
    sheets = [
        pdfs.SampleSheet(text=[(pdfs.TEXT, f"This is sheet {number}.")], page=str(number))
        for number in (1, 2)
    ]
    draft = read(pdfs.built(sheets))
    said = draft.blocks[0].text
    assert draft.place(0) == "page 1"
    assert draft.place(0, said.index("sheet 2")) == "page 2"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (pdfs.picture(), "this PDF is a picture"),
        (pdfs.encrypted(_CONFIDED), "protected by a password"),
        (b"%PDF-1.7\n" + _CONFIDED.encode() + b"\n%%EOF", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Word file"),
        (b"{\\rtf1 " + _CONFIDED.encode() + b"}", "Rich Text"),
        (b"PK\x03\x04" + _CONFIDED.encode(), "damaged"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "no Word document"),
        (packed({"xl/workbook.xml": "<workbook/>"}), "an Excel spreadsheet and no Word document"),
        (packed({"notes.txt": "x"}), "a folder packed into one file"),
        (bytes(range(256)) * 9, "no text"),
        (b"   \n \n", "empty"),
        (b"", "empty"),
    ],
)
def test_what_is_no_draft_is_refused_with_the_next_step(
    tmp_path: Path, body: bytes, said: str
) -> None:
    file = tmp_path / "brief.docx"
    file.write_bytes(body)
    with pytest.raises(Unopened, match=said) as caught:
        opened(str(file))
    assert str(caught.value).startswith(f"{file} can't be checked: ")
    assert "Zebulon" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_cut_off_word_file_is_refused() -> None:
    whole = word(paragraph(run(_CONFIDED * 400)))
    for length in (60, len(whole) // 2, len(whole) - 30):
        with pytest.raises(Unopened, match="damaged"):
            read(whole[:length])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unopened, match=r"absent\.docx can't be read: No such file"):
        opened(str(tmp_path / "absent.docx"))
    with pytest.raises(Unopened, match="can't be read: Is a directory"):
        opened(str(tmp_path))


def test_files_beyond_any_brief_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unopened, match="more than 50 MB"):
        read(b"a" * (LARGEST + 1))
    with pytest.raises(Unopened, match="more text than any brief"):
        read(b"word " * 700_000)
    bomb = word(paragraph(run("0" * 2_000_000)))
    monkeypatch.setattr(wordfile, "UNPACKED", 1_000_000)
    with pytest.raises(Unopened, match="unpacks to more"):
        read(bomb)


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY a "0123456789"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_never_resolved(entity: str, encoding: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [{entity}]>'
    body = io.BytesIO(word(paragraph(run("Before &x; after.")), prolog=prolog))
    with zipfile.ZipFile(body) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, said in parts.items():
            file.writestr(name, said.encode(encoding if name.endswith("document.xml") else "utf-8"))
    try:
        found = " ".join(texts(read(out.getvalue())))
    except Unopened:
        return
    assert "root" not in found
    assert "0123456789" not in found
