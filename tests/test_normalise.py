"""Text in its plain form, and markup as blocks that lose no visible word."""

from __future__ import annotations

import unicodedata

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Block, BlockKind, NoteMark
from pipeline.normalise import UNSHOWN, blocks, is_text, is_unshown, normalise, parse
from pipeline.numbering import printed


def texts(html: str) -> list[str]:
    return [block.text for block in blocks(html)]


def kinds(html: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in blocks(html)]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  two\n\t words ", "two words"),
        ("8\u00a0U.S.C. §\u202f\u200d1158", "8 U.S.C. § 1158"),
        ("Viera\u2011Garcia, Bermudez-\u200dCota", "Viera-Garcia, Bermudez-Cota"),
        ("soft\u00adhyphen, zero\u200bwidth, \ufeffmark", "softhyphen, zerowidth, mark"),
        ("“quoted” ‘as printed’ – and — dashes", "“quoted” ‘as printed’ – and — dashes"),
        ("e\u0301tat", "état"),
        ("a\x00b\x07c", "abc"),
        ("a\x85b\x1fc\x0bd", "a b c d"),
        ("left\u202eright\u2066", "leftright"),
        ("half \ud800 a pair", "half a pair"),
        ("a \u200b b&nbsp; c", "a b c"),
        ("28 I&amp;N Dec. 1, a\ufb03davit", "28 I&N Dec. 1, affidavit"),
    ],
)
def test_text_takes_one_plain_form(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not {unicodedata.category(character) for character in once} & {"Cc", "Cf", "Cs"}


def test_charset_is_taken_from_the_header_then_the_page() -> None:
    served = "<p>§ “8”</p>".encode("windows-1252")
    declared = b"<meta charset='windows-1252'>" + served
    assert parse(served, {"content-type": "text/html; charset=iso-8859-1"}).p.text == "§ “8”"  # type: ignore[union-attr]  # it has one
    assert parse(declared, {}).p.text == "§ “8”"  # type: ignore[union-attr]  # it has one


def test_blocks_come_in_reading_order_with_their_headings() -> None:
    read = blocks("<p>Before.</p><h2>A</h2><p>One.</p><h4>1</h4><p>Two.</p><h2>B</h2>Three.")
    assert [(block.text, block.trail) for block in read] == [
        ("Before.", ()),
        ("A", ()),
        ("One.", ("A",)),
        ("1", ("A",)),
        ("Two.", ("A", "1")),
        ("B", ()),
        ("Three.", ("B",)),
    ]


def test_text_outside_paragraphs_is_kept_in_its_place() -> None:
    assert texts("<div>one<p>two</p>three<div>four<br>five</div></div>six") == [
        *("one", "two", "three", "four five", "six"),
    ]


def test_inline_markup_does_not_split_words() -> None:
    assert texts("<p><strong>A</strong>lien<sup>s</sup> <em>may</em> apply</p>") == [
        "Aliens may apply"
    ]


def test_nested_list_items_have_depth_and_printed_labels() -> None:
    read = blocks(
        "<ol start=2><li>two<ol type=i><li>first<li>second</ol>after</li><li value=9>nine</ol>"
        "<ul><li><p>loose</p><p>twice</p></li></ul>"
    )
    assert [(block.text, block.level, block.label) for block in read] == [
        ("two", 1, "2."),
        ("first", 2, "i."),
        ("second", 2, "ii."),
        ("after", 1, ""),
        ("nine", 1, "9."),
        ("loose", 1, ""),
        ("twice", 1, ""),
    ]
    assert {block.kind for block in read} == {BlockKind.ITEM}


@pytest.mark.parametrize(
    ("number", "style", "label"),
    [(1, "1", "1."), (28, "a", "ab."), (26, "A", "Z."), (1994, "I", "MCMXCIV."), (0, "i", "0.")],
)
def test_list_numbers_are_printed_in_their_style(number: int, style: str, label: str) -> None:
    assert printed(number, style) == label


def test_a_table_row_is_one_block_and_keeps_its_columns() -> None:
    html = "<table><caption>T</caption><tr><th>a<th>b<th>c<tr><td>1<td><td><p>2</p><p>3</p></table>"
    assert kinds(html) == [("paragraph", "T"), ("row", "a | b | c"), ("row", "1 | | 2 3")]


def test_rows_of_a_table_in_a_cell_are_said_once() -> None:
    html = (
        "<table><tr><td>outer</td><td>before<table><tr><td>in</td><td>ner</td></tr></table>"
        "after</td><td>last</td></tr></table><p>end</p>"
    )
    assert texts(html) == ["outer | before", "in | ner", "after | last", "end"]


def test_what_is_not_shown_is_not_read() -> None:
    unseen = "".join(f"<{name}>no</{name}>" for name in sorted(UNSHOWN - {"head"}))
    html = (
        f"<p>yes{unseen}<!-- no --><span hidden>no</span><span style='DISPLAY : none'>no</span>"
        "<span class='x visually-hidden'>no</span></p>"
    )
    assert texts(html) == ["yes"]


def test_an_anchor_belongs_to_the_block_it_stands_in_or_before() -> None:
    read = blocks("<h2><a class=ck-anchor id=S-A></a>A</h2><a name=here></a><p>x</p><p id=p>y</p>")
    assert [block.anchor for block in read] == ["S-A", "here", "p"]


def test_a_footnote_call_leaves_the_text_and_marks_its_place() -> None:
    html = (
        '<p>Word<a id="footnotelink-1"></a><a href="#footnote-1"><sup>[1]</sup></a> and word '
        '<a href="#footnote-2">[2]</a><a href="#footnote-3">[3]</a>. See <a href="#footnote-1">'
        "footnote 1</a>.</p>"
    )
    (block,) = blocks(html)
    assert block.text == "Word and word. See footnote 1."
    assert block.marks == tuple(
        NoteMark(offset=offset, label=label) for offset, label in ((4, "1"), (13, "2"), (13, "3"))
    )
    assert block.anchor == ""


def test_a_call_that_stands_alone_marks_the_end_of_what_was_said() -> None:
    (block,) = blocks('<ul><li>All of it.</li></ul><p><a href="#footnote-9">[9]</a></p>')
    assert block.marks == (NoteMark(offset=10, label="9"),)


def test_footnotes_carry_their_printed_number_through_every_paragraph() -> None:
    read = blocks(
        "<p>Text.</p><h2>Footnotes</h2><hr><p><a id=footnote-7></a><a href='#footnotelink-7'>[^ 7]"
        "</a> See INA 1.</p><p>More.</p><p><a>[</a><a href='#footnotelink-2'>^ 8]</a> Also.</p>"
        "<h2>After</h2><p>Not a note.</p>"
    )
    notes = [(b.text, b.label) for b in read if b.kind is BlockKind.FOOTNOTE]
    assert notes == [("See INA 1.", "7"), ("More.", "7"), ("Also.", "8")]
    assert [b.kind.value for b in read] == [
        *("paragraph", "heading", "footnote", "footnote", "footnote", "heading", "paragraph"),
    ]
    assert read[2].anchor == "footnote-7"


def test_a_number_without_its_sign_is_a_footnotes_only_beside_the_way_back() -> None:
    read = blocks(
        '<p>[1] is how an exhibit is cited.</p><p>Text<a href="#footnote-1">[1]</a>.</p>'
        "<h2>Footnotes</h2><p><a id=footnote-1></a><a href='#footnotelink-1'>[1]</a> See INA 1.</p>"
        "<p>[2] More of it.</p>"
    )
    assert [(b.kind.value, b.text, b.label) for b in read] == [
        ("paragraph", "[1] is how an exhibit is cited.", ""),
        ("paragraph", "Text.", ""),
        ("heading", "Footnotes", ""),
        ("footnote", "See INA 1.", "1"),
        ("footnote", "[2] More of it.", "1"),
    ]


def test_renumbered_footnotes_do_not_touch_any_text() -> None:
    def page(number: int) -> tuple[Block, ...]:
        return blocks(
            f'<p>Text<a href="#footnote-{number}">[{number}]</a>.</p><h2>Footnotes</h2>'
            f'<p><a href="#footnotelink-{number}">[^ {number}]</a> See INA 1.</p>'
        )

    assert [block.text for block in page(3)] == [block.text for block in page(12)]


@pytest.mark.parametrize("tag", ["div", "ul", "b", "blockquote", "table"])
def test_nesting_without_bound_is_read_to_the_end(tag: str) -> None:
    deep = 5_000
    assert "".join(texts(f"{f'<{tag}>' * deep}deep{f'</{tag}>' * deep} end")).split() == [
        *(("deep", "end") if tag == "b" else ("deepend",)),
    ]


INLINE = st.sampled_from(["b", "a", "span", "font", "o:p", "s"])
STRUCTURE = st.sampled_from(
    [
        *(
            "p",
            "div",
            "section",
            "li",
            "ul",
            "ol",
            "h2",
            "h4",
            "table",
            "tr",
            "td",
            "th",
            "caption",
        ),
        *("blockquote", "dl", "dt", "dd", "pre", "details", "button", "template", "script"),
    ]
)
ATTRIBUTES = st.sampled_from(
    ["", "", "", " hidden", " id=x", " href='#footnote-1'", " class=sr-only"]
)


def element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(children, max_size=4).map("".join)
    return st.builds(
        lambda tag, attributes, html: f" <{tag}{attributes}>{html}</{tag}> ",
        STRUCTURE | INLINE,
        ATTRIBUTES,
        inside,
    )


WORDS = st.sampled_from(
    [" alien ", " § ", "section 9 ", " [^ x", "|", "\u200b", "é ", "<br>", "<!--c-->"]
)


@given(st.lists(st.recursive(WORDS, element, max_leaves=30), max_size=5).map("".join))
def test_every_visible_word_is_said_exactly_once_and_in_order(html: str) -> None:
    soup = BeautifulSoup(f"<body>{html}</body>", "lxml")
    visible = [
        str(node)
        for node in soup.descendants
        if is_text(node) and not any(is_unshown(parent) for parent in node.parents if parent.name)
    ]
    assert letters("".join(texts(html))) == letters("".join(visible))


def letters(text: str) -> str:
    """A text without spaces and without the bars that stand between cells."""
    return normalise(text).replace(" ", "").replace("|", "")
