"""Results as files: what a spreadsheet, a reference manager and a page of Markdown make of them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import SEEN, stated
from treating import finding

from index.search import Found, Hit, Results
from lexwatch.output.exported import COLUMNS, Format, cited, encoded, render, save
from lexwatch.output.hits import counts
from pipeline.citator.forum import Binding
from pipeline.errors import SettingsError
from pipeline.model import DateKind, Document, Relation, RelationKind, Span
from pipeline.query.model import Shape

PASSAGE = Found(
    text="The judge weighs <bond> | danger, & flight.",
    trail=(),
    anchor="",
    page="1001",
    marks=(Span(start=17, end=21),),
    pin="Matter of S-A-M-P-, 29 I&N Dec. 999, 1001 (BIA 2026)",
)
HIT = Hit(
    document=Document(source="bia_decisions", key="4999", kind="bia-precedent"),
    title="Matter of S-A-M-P-",
    citation="29 I&N Dec. 999 (BIA 2026)",
    issuer="Board of Immigration Appeals",
    url="https://www.justice.gov/eoir/media/999999/dl?inline",
    dated=stated(DateKind.DECIDED, date(2026, 3, 4)),
    passages=(PASSAGE,),
    score=0.5,
    why=("has this title: the words of a query",),
    seen_at=SEEN,
    bluebook="Matter of S-A-M-P-, 29 I&N Dec. 999 (BIA 2026)",
    binds="binds immigration judges",
    binding=Binding.YES,
    treated=(finding(),),
)


def table(*found: Hit) -> list[dict[str, str]]:
    text = encoded(found, Format.CSV).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def records(text: str) -> list[dict[str, list[str]]]:
    """A strict reader of RIS: each line is a tag and a value, each record from TY to ER."""
    found: list[dict[str, list[str]]] = []
    is_open = False
    for line in text.split("\r\n")[:-1]:
        tagged = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert tagged, line
        tag, value = tagged.groups()
        assert is_open is (tag != "TY")
        if tag == "TY":
            found.append({})
        found[-1].setdefault(tag, []).append(value)
        is_open = tag != "ER"
    assert not is_open
    return found


def warned() -> Hit:
    """A rule that was withdrawn, of a day gone by, that its site shows no more."""
    document = Document(source="federal_register", key="2026-90001", kind="rule")
    later = Document(source="federal_register", key="2026-90002", kind="rule")
    by = Relation(
        kind=RelationKind.WITHDRAWS, earlier=document, later=later, evidence=("it withdraws it",)
    )
    stood = "first seen March 5, 2026: what it said then is not known"
    return replace(
        HIT, document=document, relations=(by,), stood=stood, removed_at=SEEN, binding=Binding.NO
    )


@pytest.mark.parametrize("form", list(Format))
def test_every_file_warns_of_what_a_page_of_results_warns_of(form: Format) -> None:
    text = render([warned()], form).replace("\\", "")
    for said in ("2026-90002", "first seen March 5, 2026"):
        assert said in text
    if form is Format.CSV:
        (row,) = table(warned())
        assert row["acted on"] and row["removed from its site found at"] == SEEN.isoformat()
        assert row["binds here"] == "no"
    elif form is Format.JSON:
        (one,) = json.loads(text)
        assert one["relations"][0]["kind"] == "withdraws" and one["removed_at"]
        assert one["binding"] == "no"
    else:
        assert "the site shows it no more" in text and "Not binding here" in text


def test_counts_of_the_first_alone_say_so() -> None:
    many = Results(hits=(), shape=Shape.QUESTION, documents=501)
    heading = [line.plain for line in counts(many, {})][1]
    assert heading == "Of the first 500 of 501 documents that answer:"
    few = replace(many, documents=500)
    assert [line.plain for line in counts(few, {})][1] == "Of 500 documents that answer:"


@pytest.mark.parametrize("form", list(Format))
def test_no_file_holds_what_was_asked(form: Format) -> None:
    assert "query" not in render([HIT], form)


@pytest.mark.parametrize("form", list(Format))
def test_nothing_found_is_a_file_all_the_same(form: Format) -> None:
    assert not re.search(r"[1-9]", render([], form))


def test_a_table_opens_in_excel_with_its_letters() -> None:
    assert encoded([HIT], Format.CSV).startswith(b"\xef\xbb\xbf")
    (row,) = table(replace(HIT, title="Matter of S-Ñ-"))
    assert tuple(row) == COLUMNS
    assert row["citation"] == HIT.bluebook and row["title"] == "Matter of S-Ñ-"
    assert row["date"] == "2026-03-04" and row["date is"] == "decided"
    assert row["binds here"] == "yes" and row["cite passage as"] == PASSAGE.pin
    assert row["negative treatment found"].startswith("Overruled by")


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        '=HYPERLINK("https://example.com")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r\n=1",
        " =1",
        "\u200b=1",
        "\u202e=1",
        "|calc",
        "%0A=1",
    ],
)
def test_no_cell_is_a_formula(title: str) -> None:
    (row,) = table(replace(HIT, title=title))
    assert row["title"].startswith("'") and "\n" not in row["title"]


def test_quotes_and_line_ends_stay_within_their_cell() -> None:
    (row,) = table(replace(HIT, title='A "sample", with\nlines\x00'))
    assert row["title"] == 'A "sample", with lines'


def test_json_has_each_passage_with_where_it_stands() -> None:
    (row,) = json.loads(render([HIT], Format.JSON))
    assert row["bluebook"] == HIT.bluebook and row["passages"][0]["cite"].endswith("(BIA 2026)")
    assert "marks" not in row["passages"][0] and "why" not in row


def test_a_reference_manager_reads_a_case_with_its_reporter() -> None:
    (record,) = records(render([HIT], Format.RIS))
    assert record["TY"] == ["CASE"] and record["DA"] == ["2026/03/04"] and record["PY"] == ["2026"]
    assert (record["VL"], record["T2"], record["SP"]) == (["29"], ["I&N Dec."], ["999"])
    assert record["PB"] == ["Board of Immigration Appeals"] and record["ER"] == [""]


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        ("rule", "GOVDOC"),
        ("policy-manual-chapter", "GOVDOC"),
        ("regulation", "LEGAL"),
        ("uscis-page", "ELEC"),
        ("court-opinion", "CASE"),
    ],
)
def test_each_sort_has_a_type_that_the_format_knows(kind: str, sort: str) -> None:
    one = replace(HIT, document=replace(HIT.document, kind=kind))
    (record,) = records(render([one], Format.RIS))
    assert record["TY"] == [sort]


def test_no_text_can_begin_a_line_or_end_a_record() -> None:
    hostile = replace(HIT, title="A\r\nER  - \r\nTY  - BOOK\nTI  - forged\u2028TY  - BOOK")
    (record,) = records(
        render(
            [
                hostile,
            ],
            Format.RIS,
        )
    )
    assert record["TI"] == ["A Er - Ty - Book Ti - forgedTy - Book"]


def test_a_day_that_is_not_stated_is_the_citations_year() -> None:
    (record,) = records(render([replace(HIT, dated=None)], Format.RIS))
    assert record["PY"] == ["2026"] and "DA" not in record


def test_markdown_shows_a_text_as_it_is() -> None:
    hostile = replace(HIT, bluebook="[x](javascript:alert) `code` <b> *A* _B_ # 1.")
    said = render([hostile], Format.MARKDOWN)
    assert "](<https://www.justice.gov/eoir/media/999999/dl?inline>)" in said
    assert r"\[x\]\(javascript:alert\) \`code\` \<b\> \*A\* \_B\_ \# 1\." in said
    assert r"\<bond\> \| danger, \& flight\." in said
    away = render([replace(HIT, url="javascript:alert(1)")], Format.MARKDOWN)
    assert "javascript" not in away


def test_a_file_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    save(path, b"first", force=False)
    with pytest.raises(SettingsError, match="is there already: name another, or add --force"):
        save(path, b"second", force=False)
    assert path.read_bytes() == b"first"
    save(path, b"second", force=True)
    assert path.read_bytes() == b"second" and [*tmp_path.iterdir()] == [path]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="name another file"):
        save(tmp_path / "nowhere" / "found.csv", b"x", force=False)
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError, match="name another file"):
        save(tmp_path / "folder", b"x", force=True)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_citations_are_ready_to_paste_and_one_that_cannot_be_made_says_so() -> None:
    page = replace(HIT, bluebook="", title="A page", url="https://www.uscis.gov/sample")
    assert list(cited([HIT, page])) == [
        "Matter of S-A-M-P-, 29 I&N Dec. 999 (BIA 2026)",
        "[no full citation held] A page, https://www.uscis.gov/sample",
    ]
