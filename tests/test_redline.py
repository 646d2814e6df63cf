"""A change as a redline: what was deleted and inserted, each where it stood."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest
from builders import change, inserted, paragraph, reworded, rule, version

from alerts import redline
from alerts.cells import Places
from pipeline.diff import compare
from pipeline.model import (
    Block,
    BlockKind,
    ChangeClass,
    ChangeKind,
    Edit,
    EditKind,
    Span,
    Version,
)
from pipeline.weight import NOISE

EDITED = reworded("The officer [may] deny.", "The officer [must] deny.")


def test_long_unchanged_text_is_elided_and_the_changed_words_are_not() -> None:
    edit = reworded(
        f"{'before ' * 90}[may] {'after ' * 90}", f"{'before ' * 90}[must] {'after ' * 90}"
    )
    (line,) = redline.redline(change(version("x"), edit))
    said = redline.text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}"))
    assert said.startswith("… before") and said.endswith("after …")
    assert "[-may-] {+must+}" in said
    assert len(said.split()) < 60


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("An [old] word.", "A[ new] word.", None),
        ("Keep [this ]word.", "Keep word.", "Keep [-this-] word."),
        ("Keep word.", "Keep [this ]word.", "Keep {+this+} word."),
        ("A word here.", "A word[,] here.", "A word{+,+} here."),
        ("[Old] or [old].", "[New] or [new].", "[-Old-] {+New+} or [-old-] {+new+}."),
        ("[180]-day stay", "[365]-day stay", "[-180-]{+365+}-day stay"),
    ],
)  # fmt: skip
def test_deletions_stand_where_they_stood(old: str, new: str, said: str | None) -> None:
    (line,) = redline.redline(change(version("x"), reworded(old, new)))
    shown = redline.text(line.pieces, deleted=("[-", "-]"), inserted=("{+", "+}"))
    if said is None:  # spans that leave a letter unaccounted for are not trusted
        assert shown == "[-An old word.-] {+A new word.+}"
    else:
        assert shown == said


def test_both_sides_of_a_line_read_as_they_were_printed() -> None:
    edit = reworded("See [Matter of A (BIA 2010)]. End.", "See [Matter of B (BIA 2026)]. End.")
    (line,) = redline.redline(change(version("x"), edit))
    assert redline.sides(line.pieces) == (
        "See Matter of A (BIA 2010). End.",
        "See Matter of B (BIA 2026). End.",
    )


def test_edits_that_no_rule_explains_are_shown_before_the_rest_is_cut() -> None:
    swept = [reworded("[alien] x", "[noncitizen] x", rule="terminology sweep")] * 30
    lines = redline.redline(change(version("x"), *swept, EDITED))
    shown = redline.foremost(lines, 3)
    assert [bool(line.rule) for line in shown] == [True, True, False]


def correction(*paragraphs: str) -> Version:
    return rule("Make the following correction:", *paragraphs)


def test_a_short_correction_is_quoted_whole() -> None:
    said = redline.quotation(correction("“10 days” should read “10 business days”."))
    assert said == ("Make the following correction:", "“10 days” should read “10 business days”.")


def test_whole_paragraphs_are_quoted_up_to_a_length() -> None:
    said = redline.quotation(correction("word " * 100, "more " * 30, "short"))
    assert [len(words.split()) for words in said] == [4, 100]
    assert redline.quotation(rule("word " * 300)) == (("word " * 300).strip(),)


HEADINGS = "Employment-based | All Areas | INDIA | MEXICO"


def test_a_heading_that_stands_as_a_paragraph_is_not_quoted() -> None:
    said = ("Whoever files pays the fee.", "Who Need Not Pay", "A child need not pay it.")
    assert redline.quotation(rule(*said)) == (said[0], said[2])
    assert redline.quotation(rule("Notice of Closing")) == ("Notice of Closing",)


def test_what_the_next_paragraph_says_again_is_quoted_once() -> None:
    first, whole = "The office is closed.", "The office is closed. It opens on Monday."
    assert redline.quotation(rule(first, whole, "Call before.")) == (whole, "Call before.")
    assert redline.quotation(rule(whole, "Call before.", whole)) == (whole, "Call before.")


def test_the_items_of_a_list_are_quoted_however_they_end() -> None:
    said = rule("Bring these:", "Passport", "Passport photos")
    items = [replace(block, kind=BlockKind.ITEM) for block in said.blocks[1:]]
    listed = replace(said, blocks=(said.blocks[0], *items))
    assert redline.quotation(listed) == ("Bring these:", "Passport", "Passport photos")


def table(*rows: str) -> Version:
    blocks: list[str | Block] = [
        paragraph(row, "A. Final Action Dates", kind=BlockKind.ROW) for row in rows
    ]
    return version(*blocks)


def notes(old: Version, new: Version) -> list[str]:
    found = compare(old, new)
    assert found is not None
    one = change(new, *found.edits, old=old, kind=ChangeKind.TEXT)
    return [line.note for line in redline.redline(one)]


def test_a_changed_cell_is_named_by_its_row_and_its_column() -> None:
    old = table(HEADINGS, "2nd | C | 01JAN12 | C", "3rd | 01JUN23 | 22OCT19 | 01JUN23")
    new = table(HEADINGS, "2nd | C | 01JAN12 | C", "3rd | 01JUN23 | 01FEB20 | 01JUN23")
    assert notes(old, new) == ["row “3rd”, column “INDIA”"]


def test_several_columns_of_a_row_are_named_in_their_order() -> None:
    old = table(HEADINGS, "3rd | 01JUN23 | 22OCT19 | 01JUN23")
    new = table(HEADINGS, "3rd | 01JUN23 | 01FEB20 | 01JUL23")
    assert notes(old, new) == ["row “3rd”, columns “INDIA”, “MEXICO”"]


def test_no_column_is_named_after_a_row_that_is_no_heading() -> None:
    old = table("I-130 | $675 | online", "I-485 | $1,440 | on paper")
    new = table("I-130 | $675 | online", "I-485 | $1,500 | on paper")
    assert notes(old, new) == ["row “I-485”"]
    short = (table("Form | Fee", f"I-485 | {fee} | on paper") for fee in ("$1,440", "$1,500"))
    assert notes(*short) == ["row “I-485”"]


def test_no_column_is_named_where_a_first_row_may_be_no_heading() -> None:
    old = table("Alabama | the Sample lockbox", "Alaska | the Other lockbox")
    new = table("Alabama | the Sample lockbox", "Alaska | the Third lockbox")
    assert notes(old, new) == ["row “Alaska”"]
    old = table("Alabama | the Sample lockbox", "Alaska | P.O. Box 12")
    new = table("Alabama | the Sample lockbox", "Alaska | P.O. Box 13")
    assert notes(old, new) == ["row “Alaska”"]
    two = "Category | CHINA | INDIA", "1st | 01JAN20 | 01FEB20", "Form | Online | Paper"
    assert notes(table(*two, "I-90 | $415 | $465"), table(*two, "I-90 | $415 | $500")) == [
        "row “I-90”"
    ]


def test_large_tables_and_wide_rows_are_named_in_one_pass() -> None:
    rows = 4_000
    old = table(HEADINGS, *(f"row {n} | {n} | {n} | 1" for n in range(rows)))
    blocks = tuple(replace(each, text=f"{each.text}5") for each in old.blocks[1:])
    places = Places(old.blocks, (old.blocks[0], *blocks))
    wide = paragraph("a | " + "ab " * 60_000 + "| z", kind=BlockKind.ROW)
    long = Edit(
        kind=EditKind.REWORDED,
        old=wide,
        new=wide,
        old_index=0,
        new_index=0,
        deleted=(Span(start=4, end=180_000),),
        inserted=(Span(start=4, end=180_000),),
    )
    began = perf_counter()
    for n in range(rows):
        before, after = old.blocks[n + 1], blocks[n]
        spans = (Span(start=len(before.text), end=len(after.text)),)
        edit = replace(
            long, old=before, new=after, old_index=n + 1, new_index=n + 1, inserted=spans
        )
        assert places.placed(replace(edit, deleted=())) == f"row “row {n}”, column “MEXICO”"
    assert places.placed(long) == "row “a”"
    assert perf_counter() - began < 2  # seconds; quadratic, it took over ten


def test_a_row_that_came_is_named_and_what_is_no_row_is_not() -> None:
    assert notes(table(HEADINGS), table(HEADINGS, "3rd | C | C | C")) == ["row “3rd”"]
    assert notes(version("One | two."), version("One | three.")) == [""]


def test_what_a_noise_rule_explains_is_left_out_and_can_be_shown() -> None:
    name = sorted(NOISE)[0]
    noisy = reworded("Some[  ]words", "Some[ ]words", rule=name)
    one = change(version("x"), noisy, EDITED, change_class=ChangeClass.SUBSTANTIVE)
    assert [line.rule for line in redline.redline(one)] == [""]
    assert [line.rule for line in redline.left_out(one)] == [name]
    assert redline.left_out(change(version("x"), inserted("y"))) == ()
