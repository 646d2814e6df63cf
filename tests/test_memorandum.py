"""What a policy memorandum says of itself, read from the blocks of its PDF."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import memorandum
from pipeline.model import Block, BlockKind

LONG = "Lamps burn by night, in every harbour of the coast."
HEAD = ("U.S. Citizenship and Immigration Services", "June 4, 2026 PM-602-9850.1")


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts)


def test_day_and_number_stand_in_the_head_and_no_later_ones_count() -> None:
    said = memorandum.read(
        blocks(*HEAD, "SUBJECT: Lamps, after PM-602-9700 of May 1, 2020", "See PM-602-9701.")
    )
    assert said.number == "PM-602-9850.1"
    assert said.dated
    assert (said.dated.on, said.dated.words) == (date(2026, 6, 4), HEAD[1])


def test_a_stamp_is_the_status_and_its_day_not_the_memorandums() -> None:
    stamp = "ALERT: This memorandum was rescinded on January 20, 2027 by another."
    said = memorandum.read(blocks(stamp, *HEAD, "SUBJECT: Lamps"))
    assert said.status == stamp
    assert said.dated
    assert said.dated.on == date(2026, 6, 4)
    assert said.supersedes == ()


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("This PM supersedes Policy Memorandum 602-9700, Lamps.", ("PM-602-9700",)),
        ("This policy memorandum (PM) rescinds PM-602-9700 and 602-9701.1.", None),
        ("PM-602-9700 is hereby rescinded.", ("PM-602-9700",)),
        ("It replaces all earlier guidance on wicks.", ()),
        ("The memorandum of 1999 is superseded.", ()),
    ],
)
def test_what_it_puts_out_of_force_is_told_in_its_own_sentence(
    sentence: str, numbers: tuple[str, ...] | None
) -> None:
    said = memorandum.read(blocks(*HEAD, "SUBJECT: Lamps", f"{LONG} {sentence}"))
    assert said.supersedes == (sentence,)
    assert said.ended == (("PM-602-9700", "PM-602-9701.1") if numbers is None else numbers)


@pytest.mark.parametrize(
    "sentence",
    [
        "Officers may not replace a lamp.",
        "The manual superseded the field manual in 2020.",
        "This PM does not create rights.",
        "A petition is withdrawn by its petitioner.",
    ],
)
def test_other_endings_are_no_supersession(sentence: str) -> None:
    assert memorandum.read(blocks(*HEAD, "SUBJECT: Lamps", sentence)).supersedes == ()


def test_without_a_head_nothing_is_concluded() -> None:
    said = memorandum.read(blocks("A letter about lamps."))
    assert (said.number, said.dated, said.status) == ("", None, "")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2026-06-04-PM-602-9850.1-Lamps.pdf", "PM-602-9850.1"),
        ("PM_602_9850_Lamps", "PM-602-9850"),
        ("Changes to PM-602-9850 and PM-602-9851", ""),
        ("AFM_10_Lamps_FINAL2.pdf", ""),
    ],
)
def test_a_number_is_known_from_a_name_where_only_one_is_named(words: str, number: str) -> None:
    assert memorandum.number_in(words) == number


def test_the_heads_of_sheets_are_no_text() -> None:
    kept = memorandum.text(
        blocks("PM-602-9850: Lamps and Discretion Page 2", "Page 3 of 9", "See Page 2 of the form.")
    )
    assert [block.text for block in kept] == ["See Page 2 of the form."]


@pytest.mark.parametrize(
    "sentence",
    [
        "It does not supersede PM-602-9700.",
        "We have not rescinded PM-602-9700.",
        "This memorandum neither rescinds nor replaces PM-602-9700.",
        "Nothing in this memorandum supersedes PM-602-9700.",
    ],
)
def test_a_denied_ending_ends_nothing(sentence: str) -> None:
    said = memorandum.read(blocks(*HEAD, "SUBJECT: Lamps", sentence))
    assert (said.supersedes, said.ended) == ((), ())


def test_of_a_sentence_only_what_is_not_denied_is_ended() -> None:
    sentence = "This PM supersedes PM-602-9700, but it does not supersede PM-602-9701."
    assert memorandum.read(blocks(*HEAD, "SUBJECT: Lamps", sentence)).ended == ("PM-602-9700",)
