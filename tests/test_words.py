"""Word by word: spans a lawyer can read, of any text, in bounded time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.chain import Band, heaviest, rising
from pipeline.words import MOST, kept, replacements

TEXTS = st.lists(
    st.sampled_from(
        ["must", "may", "not", "fee", "$5", "5%", ".", ";", "e\u0301", "  ", "04/01/26"]
    ),
    max_size=12,
).map(" ".join)


def turned(old: str, new: str) -> list[tuple[str, str]]:
    return [
        (old[one.old.start : one.old.end], new[one.new.start : one.new.end])
        for one in replacements(old, new)
    ]


@given(old=TEXTS, new=TEXTS)
@settings(max_examples=200, deadline=None)
def test_kept_runs_and_replacements_make_up_both_texts(old: str, new: str) -> None:
    runs = [(one.old, one.new) for one in kept(old, new)]
    runs += [(one.old, one.new) for one in replacements(old, new)]
    for side, text in enumerate((old, new)):
        spans = sorted((pair[side] for pair in runs), key=lambda span: (span.start, span.end))
        assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(
        old[one.old.start : one.old.end] == new[one.new.start : one.new.end]
        for one in kept(old, new)
    )


@given(old=TEXTS, new=TEXTS)
@example(old=" a,..  b", new=",a,.b")
@settings(max_examples=200, deadline=None)
def test_no_two_replacements_touch(old: str, new: str) -> None:
    found = replacements(old, new)
    for one, following in pairwise(found):
        assert one.old.end < following.old.start
        assert one.new.end < following.new.start


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Use edition 01/20/25.", "Use edition 04/01/25.", [("01/20/25", "04/01/25")]),
        ("The fee is $1,440.", "The fee is $1,490.", [("$1,440", "$1,490")]),
        ("8 CFR 214.2(h)", "8 CFR 214.3(h)", [("214.2", "214.3")]),
        ("File and/or mail.", "File and mail.", [("/or", "")]),
        ("Le cafe\u0301 est", "Le cafe est", [("cafe\u0301", "cafe")]),
        ("It is not so. Ask.", "It is so. Ask.", [("not ", "")]),
        ("One is. Two is.", "One is. Two is. Three is.", [("", " Three is.")]),
        ("a", "", [("a", "")]),
        ("", "", []),
    ],
)
def test_words_figures_and_accents_are_marked_whole(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert turned(old, new) == expected


def test_lone_kept_word_between_longer_changes_is_no_confetti() -> None:
    old = "The officer denies the request at once and for good."
    new = "A supervisor may still approve the plan within a short time."
    assert len(turned(old, new)) == 1


def test_small_change_in_a_text_of_any_length_stays_small() -> None:
    words = " ".join(f"word{n}" for n in range(2 * MOST))
    old = f"{words} must file. {words}"
    assert turned(old, old.replace(" must ", " may ")) == [("must", "may")]


def test_text_of_too_many_signs_is_replaced_as_a_whole() -> None:
    old, new = ";" * (MOST + 1), ";." * MOST
    assert turned(old, new) == [(old, new)]


WEIGHTS = st.lists(
    st.lists(st.sampled_from([0.0, 0.5, 0.7, 1.0]), min_size=5, max_size=5), max_size=5
)


@given(weights=WEIGHTS)
@settings(max_examples=200, deadline=None)
def test_heaviest_chain_weighs_as_much_as_any(weights: list[list[float]]) -> None:
    found = heaviest([Band(0, np.array(row)) for row in weights], 5)
    assert found == sorted(found)
    assert len({column for _, column in found}) == len(found)
    assert all(weights[row][column] for row, column in found)
    assert sum(weights[row][column] for row, column in found) == pytest.approx(_best(weights, 0, 0))


def _best(weights: list[list[float]], row: int, column: int) -> float:
    if row == len(weights) or column == 5:
        return 0.0
    taken = weights[row][column] + _best(weights, row + 1, column + 1)
    return max(taken, _best(weights, row + 1, column), _best(weights, row, column + 1))


def test_chain_in_narrow_bands_takes_what_they_hold() -> None:
    bands = [Band(first, np.array([0.0, 1.0, 0.0])) for first in range(40)]
    empty = Band(41, np.zeros(4))
    assert heaviest([*bands, empty], 45) == [(row, row + 1) for row in range(40)]


@given(numbers=st.permutations(range(7)))
def test_rising_places_are_as_many_as_can_be(numbers: list[int]) -> None:
    places = sorted(rising(numbers))
    kept_numbers = [numbers[place] for place in places]
    assert kept_numbers == sorted(kept_numbers)
    lengths: list[int] = []
    for at, number in enumerate(numbers):
        lengths.append(1 + max([lengths[k] for k in range(at) if numbers[k] < number], default=0))
    assert len(places) == max(lengths)
