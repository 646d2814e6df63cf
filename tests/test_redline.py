"""A change as a redline: what was deleted and inserted, each where it stood."""

from __future__ import annotations

import pytest
from builders import change, reworded, rule, version

from alerts import redline
from pipeline.model import Version

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
