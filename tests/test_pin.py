"""Pin cites: the page of a reporter on which a passage stands."""

from __future__ import annotations

import pytest

from pipeline.model import Block, BlockKind, NoteMark
from pipeline.pin import page_at, pin

CITATION = "28 I&N Dec. 921 (BIA 2021)"
TURNING = Block(
    kind=BlockKind.PARAGRAPH,
    text="before the turn. after it",
    page="921",
    marks=(NoteMark(offset=16, label="2"), NoteMark(offset=17, label="*922")),
)


@pytest.mark.parametrize(
    ("page", "cited"),
    [
        ("924", "28 I&N Dec. 921, 924 (BIA 2021)"),
        ("921", "28 I&N Dec. 921, 921 (BIA 2021)"),
        ("924-925", "28 I&N Dec. 921, 924–25 (BIA 2021)"),
        ("", ""),
        ("920", ""),  # before the decision begins
        ("iv", ""),
    ],
)
def test_page_is_cited_between_first_page_and_court(page: str, cited: str) -> None:
    assert pin(CITATION, page) == cited


def test_range_over_a_hundred_keeps_its_digits() -> None:
    assert pin("28 I&N Dec. 999 (BIA 2021)", "999-1000") == "28 I&N Dec. 999, 999–1000 (BIA 2021)"


def test_what_is_in_no_reporter_has_no_pin() -> None:
    assert pin("PM 25-01", "3") == ""


def test_page_of_a_character_follows_the_turns_within_a_block() -> None:
    assert [page_at(TURNING, offset) for offset in (0, 16, 17, 24)] == ["921", "921", "922", "922"]


def test_block_without_a_page_has_none_anywhere() -> None:
    headnote = Block(kind=BlockKind.PARAGRAPH, text="(1) A keeper may appeal.")
    assert page_at(headnote, 5) == ""
