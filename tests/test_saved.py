"""Saved searches: how they are read, and that many texts are searched as one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.query.places import Reading, is_met
from pipeline.query.saved import Shelf, read
from pipeline.query.tree import And, Near, Node, Or, Without, Word, written

WORDS = ("bond", "flight", "removal", "removable", "non-immigrant", "nonimmigrant", "e-verify",
         "212(h)", "child", "children", "stop-time", "M-S-", "the", "remov!", "b*nd")  # fmt: skip
PIECES = (*WORDS[:-2], "everify", "stoptime", "section 212(h)(2)", "alien's", "\u00e9tat", "C.F.R.")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("asylum clock", "asylum AND clock"),
        ("the asylum clock, stopped", "asylum AND clock AND stopped"),
        ('"credible fear" interview', 'interview AND "credible fear"'),
        ("8 CFR 208.13 bars", "8 CFR 208.13 AND bars"),
        ("bond /s flight", "bond /s flight"),
        ("removal and relief", "removal AND relief"),
        ("how", "how"),
    ],
)
def test_words_without_connectors_must_all_stand_in_the_text(typed: str, tree: str) -> None:
    assert written(read(typed)) == tree


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "?!", "bond /x flight", 'bond /s "', "bond flight (", "bond) flight"),
        *('said "over there', " ".join(map(str, range(1000, 1200)))),
    ],
)
def test_what_cannot_be_read_is_refused_and_pointed_at(typed: str) -> None:
    with pytest.raises(QueryError):
        read(typed)


def test_words_are_stemmed_as_search_does() -> None:
    assert Shelf(["His asylum clocks stopped.", "An asylum case."]).meeting(
        read("asylum clock")
    ) == [0]


def test_quoted_words_stand_as_they_are() -> None:
    shelf = Shelf(["credible fears", "a credible fear"])
    assert shelf.meeting(read('"credible fear"')) == [1]
    assert shelf.meeting(read('interview "credible fear"')) == []


def nodes() -> st.SearchStrategy[Node]:
    leaf = st.builds(
        lambda words, quoted: Word(words=tuple(words), quoted=quoted),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
        st.booleans(),
    )
    near = st.builds(
        lambda one, two, unit: Near(first=one, second=two, unit=unit, distance=3),
        leaf, leaf, st.sampled_from(("words", "sentence", "paragraph")),
    )  # fmt: skip

    def more(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        two = st.tuples(inner, inner)
        return st.one_of(
            st.builds(lambda parts: And(parts=parts), two),
            st.builds(lambda parts: Or(parts=parts), two),
            st.builds(lambda parts: Without(wanted=parts[0], unwanted=parts[1]), two),
        )

    return st.recursive(st.one_of(leaf, near), more, max_leaves=5)


@given(nodes(), st.lists(st.lists(st.sampled_from((*PIECES, ".", "\n")), max_size=8), max_size=4))
def test_a_shelf_finds_just_the_texts_that_meet_a_search_one_by_one(
    node: Node, texts: list[list[str]]
) -> None:
    said = [" ".join(each) for each in texts]
    met = [number for number, text in enumerate(said) if is_met(node, Reading(text))]
    assert Shelf(said).meeting(node) == met
