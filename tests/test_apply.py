"""A change applied to the old text gives the new text exactly, and the other way round."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.apply import Misfit, apply, revert
from pipeline.diff import edits
from pipeline.model import Block, BlockKind, Edit, EditKind, NoteMark
from pipeline.noise import fold
from pipeline.normalise import blocks, parse

HTML = {"content-type": "text/html; charset=utf-8"}
WORDS = [
    *("must", "may", "not", "the", "alien", "applicant", "30 days", "$535", "§ 203(b)", "5%"),
    *(
        "“fee”",
        '"fee"',
        "fee.",
        ";",
        "|",
        "  ",
        "I-485",
        "e\u0301tat",
        "\u0301",
        "\u00ad",
        "a",
        "b",
    ),
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.sampled_from(["", "A. Evidence", "B. Evidence", "Officers review it.", "x | y | z"]),
    st.text(alphabet="ab .|\u0301", max_size=10),
)
BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(list(BlockKind)),
    text=TEXTS,
    level=st.integers(0, 3),
    label=st.sampled_from(["", "1", "2"]),
    anchor=st.sampled_from(["", "", "S-A"]),
    trail=st.sampled_from([(), ("A. Evidence",)]),
    marks=st.lists(
        st.builds(NoteMark, offset=st.integers(0, 9), label=st.sampled_from(["1", "2", "*885"])),
        max_size=2,
    ).map(tuple),
)


@st.composite
def amended(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """Two texts, of which the new one keeps, doubles, joins, splits, turns and moves old blocks."""
    old = draw(st.lists(BLOCKS, max_size=12))
    new: list[Block] = []
    for block in old:
        words = block.text.split(" ")
        half = len(words) // 2
        kept = {
            "keep": [block],
            "drop": [],
            "double": [block, block],
            "reword": [replace(block, text=" ".join([*words[:half], "anew", *words[half + 1 :]]))],
            "split": [replace(block, text=" ".join(part)) for part in (words[:half], words[half:])],
            "turn": [replace(block, kind=draw(st.sampled_from(list(BlockKind))), level=2)],
        }
        new += kept[draw(st.sampled_from(sorted(kept)))]
    if draw(st.booleans()) and len(new) > 1:
        new[:2] = [replace(new[0], text=f"{new[0].text} {new[1].text}")]
    if draw(st.booleans()):
        new = draw(st.permutations(new))
    return old, new + draw(st.lists(BLOCKS, max_size=2))


def said(blocks: Sequence[Block]) -> list[tuple[BlockKind, int, str]]:
    return [(block.kind, block.level, block.text) for block in blocks]


def proven(old: Sequence[Block], new: Sequence[Block]) -> tuple[Edit, ...]:
    """The edits, after both directions and every span were checked."""
    found = tuple(edits(old, new))
    assert said(apply(old, found)) == said(new)
    assert said(revert(new, found)) == said(old)
    for edit in found:
        for block, spans in ((edit.old, edit.deleted), (edit.new, edit.inserted)):
            end = -1
            for span in spans:
                assert block is not None
                assert end < span.start < span.end <= len(block.text)
                end = span.end
    return found


@given(pair=amended())
@settings(max_examples=250, deadline=None)
def test_change_applied_to_the_old_text_gives_the_new(
    pair: tuple[list[Block], list[Block]],
) -> None:
    proven(*pair)


@given(old=st.lists(BLOCKS, max_size=8), new=st.lists(BLOCKS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_change_between_strangers_applies_too(old: list[Block], new: list[Block]) -> None:
    proven(old, new)


@given(blocks=st.lists(BLOCKS, max_size=10))
@settings(max_examples=60, deadline=None)
def test_text_changes_in_nothing_against_itself(blocks: list[Block]) -> None:
    assert proven(blocks, blocks) == ()


@given(pair=amended())
@settings(max_examples=150, deadline=None)
def test_regrouped_paragraphs_keep_every_sign_and_figure(
    pair: tuple[list[Block], list[Block]],
) -> None:
    """All that a layout rule sets aside says the same on both sides, but for closing marks."""
    layout = [edit for edit in edits(*pair) if edit.rule == "layout"]

    def signs(side: str) -> str:
        blocks = (getattr(edit, side) for edit in layout)
        return _bare(" ".join(block.text for block in blocks if block))

    assert sorted(signs("old")) == sorted(signs("new"))


def test_footnotes_printed_among_paragraphs_elsewhere_are_in_order_too() -> None:
    one, two = (Block(kind=BlockKind.PARAGRAPH, text=f"Sample {n}.") for n in ("one", "two"))
    note = Block(kind=BlockKind.FOOTNOTE, text="See the sample act.", label="1")
    (edit,) = proven([one, note, two], [one, two, note])
    assert (edit.kind, edit.rule) == (EditKind.MOVED, "order")


def test_recorded_pages_at_two_dates_are_rebuilt_from_their_changes(shared: Path) -> None:
    pairs = [*_extracts(shared), *_captures(shared)]
    assert len(pairs) >= 40
    assert sum(bool(proven(old, new)) for old, new in pairs) >= 30


def test_edits_of_another_text_are_refused() -> None:
    old, new, other = (Block(kind=BlockKind.PARAGRAPH, text=text) for text in ("a b", "a c", "d"))
    found = tuple(edits([old], [new]))
    with pytest.raises(Misfit, match="apply it to the version"):
        apply([other], found)
    with pytest.raises(Misfit, match="compare"):
        apply([old], [replace(edit, new_index=7) for edit in found])


def _bare(text: str) -> str:
    return "".join(sign for sign in fold(unicodedata.normalize("NFC", text)) if sign not in " .,;:")


def _extracts(shared: Path) -> Iterator[tuple[list[Block], list[Block]]]:
    """Every line of pages that were extracted at two dates."""
    for folder in sorted((shared / "pairs").iterdir()):
        sides = [(folder / name).read_text("utf-8").splitlines() for name in ("old.txt", "new.txt")]
        before, after = (
            [Block(kind=BlockKind.PARAGRAPH, text=line.strip()) for line in side] for side in sides
        )
        yield before, after


def _captures(shared: Path) -> Iterator[tuple[list[Block], list[Block]]]:
    """All that is visible on each page that was recorded more than once, capture by capture."""
    pages: dict[str, list[Path]] = {}
    for line in (shared / "recorded" / "index.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        if page["status"] == 200 and page["file"].endswith(".html"):
            pages.setdefault(page["url"], []).append(shared / "recorded" / page["file"])
    for files in pages.values():
        for old, new in pairwise(sorted(files)):
            if (bodies := [file.read_bytes() for file in (old, new)]) and bodies[0] != bodies[1]:
                before, after = (list(blocks(parse(body, HTML))) for body in bodies)
                yield before, after
