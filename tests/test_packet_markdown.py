"""A packet as Markdown: Pandoc's notes and tables, and nothing of a publisher's that acts."""

from __future__ import annotations

import json
import re
from functools import cache

import manuscripts
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from alerts.packet import markdown
from alerts.packet.content import Face, Run, Style
from alerts.packet.draft import Draft
from alerts.untrusted import plain

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def made() -> str:
    return markdown.write(manuscripts.manuscript()).decode()


def body(begun: Draft) -> str:
    """What is written of a draft, without its title block."""
    return markdown.write(begun.finished()).decode().split("\n---\n", 1)[1].strip()


def draft() -> Draft:
    return Draft(title="T", subject="S", at=manuscripts.AT)


def read(words: str) -> str:
    """What a reader of the Markdown sees."""
    shown = re.sub(r"<[^>]+>", "", READER.render(words))
    for sign, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(sign, letter)
    return " ".join(shown.split())


def test_the_same_packet_gives_the_same_bytes() -> None:
    assert markdown.write(manuscripts.manuscript()).decode() == made()


def test_the_title_block_says_what_the_packet_is() -> None:
    head = made().split("\n---\n")[0].splitlines()[1:]
    fields = {key: json.loads(rest) for key, _, rest in (line.partition(": ") for line in head)}
    assert fields["title"] == "Sample Update: “Fees” & Forms"
    assert (fields["lang"], fields["date"]) == ("en-US", "2026-11-22")
    assert fields["keywords"] == ["asylum", "fees"]


def test_every_note_that_is_called_is_told_once() -> None:
    called = re.findall(r"\[\^(\d+)\](?!:)", made())
    told = re.findall(r"^\[\^(\d+)\]: ", made(), re.MULTILINE)
    assert called == told == [str(number) for number in range(1, len(told) + 1)]
    assert "[^1]: Source 1: Sample Rule, 99 Fed. Reg. 1 (Jan. 2, 2099). Published" in made()
    assert "[^2]: 99 Fed. Reg. 1, source 1.\n" in made()


def test_a_redline_is_struck_and_marked_as_inserted() -> None:
    assert "> The officer ~~may~~ <ins>must</ins> deny.[^5]" in made()


def test_headings_and_references_bear_the_same_numbers() -> None:
    assert "## 1.1 Sample Rule {#section-1.1}" in made()
    assert "    - [1.1 Sample Rule](#section-1.1)" in made()
    assert "| Matter of A-B- | [1.1](#section-1.1) |" in made()


def test_a_tables_rows_have_as_many_fields_as_its_head() -> None:
    lines = [line for line in made().splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {3}
    assert "| January 2, 2099 | Sample \\| rule[^9] |" in lines


def test_a_picture_goes_along_and_is_told_in_words() -> None:
    assert "![One sample rule in January.](data:image/svg+xml;base64," in made()


def test_answers_stand_under_their_question() -> None:
    assert "1. When?\n    - A\\. May[^10]\n    - B\\. June[^11]\n2. Who?" in made()


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (("a ", Run(text="b", face=Face.STRONG), "c"), "a **b**c"),
        ((Run(text="Urgent: ", face=Face.STRONG), "now"), "**Urgent:** now"),
        (("a", Run(text=" (b).", face=Face.DELETED), "c"), "a <del>(b).</del>c"),
        (("a", Run(text="“b”", face=Face.STRONG), "c"), "a<strong>“b”</strong>c"),
        ((Run(text="b", face=Face.EMPHASIS),), "*b*"),
        ((Run(text="“b” ", face=Face.STRONG), "c"), "**“b”** c"),
        (("a ", Run(text=" ", face=Face.DELETED), "b"), "a  b"),
    ],
)
def test_a_face_is_one_that_every_reader_takes(runs: tuple[Run | str, ...], expected: str) -> None:
    begun = draft()
    begun.paragraph(*runs)
    assert body(begun) == expected


@pytest.mark.parametrize(
    "opening",
    ["# a", "- a", "+ a", "1. a", "1) a", "> a", "a. b", ": a", "<!-- a", "<script a", "&lt; a"],
)
@pytest.mark.parametrize("style", [Style.BODY, Style.QUOTATION, Style.BULLET])
def test_words_that_look_like_markup_are_words(opening: str, style: Style) -> None:
    begun = draft()
    begun.paragraph(opening, style=style)
    assert read(body(begun)) == opening


def test_an_address_ends_where_it_ends() -> None:
    begun = draft()
    begun.paragraph(Run(text="a", url="https://example.gov/x_(y)"))
    assert body(begun) == "[a](https://example.gov/x_%28y%29)"


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=80))
def test_whatever_a_publisher_writes_is_read_as_it_stands(text: str) -> None:
    begun = draft()
    begun.paragraph(text)
    assert read(body(begun)) == " ".join(plain(text).split())


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="*_~`[]()<>#|&;!\\${}^@-+=:.1a \n", max_size=40))
def test_signs_of_markup_are_read_as_they_stand(text: str) -> None:
    begun = draft()
    begun.paragraph(text, style=Style.QUOTATION)
    begun.table("x", ("y",), [[text]], (1,))
    shown = read(body(begun))
    words = " ".join(plain(text).split())
    assert shown == " ".join(f"{words} Table: x y {words}".split())
