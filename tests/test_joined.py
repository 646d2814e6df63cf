"""Printed lines joined to running text, however many they are."""

from __future__ import annotations

import time

import pytest

from pipeline.foot import Placed
from pipeline.joined import Joiner
from pipeline.sheets import Line, Run


def placed(text: str, page: str = "1") -> Placed:
    run = Run(text=text, left=0, right=9, top=0, bottom=9, baseline=9, size=10)
    return Placed(page=page, line=Line(runs=(run,)))


def joined(*texts: str) -> str:
    lines = [placed(text) for text in texts]
    known = [placed("keeper"), placed("well-lit"), placed("lighthousekeeper")]
    return Joiner([*lines, *known], ()).join(lines).text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("the kee-", "per of"), "the keeper of"),
        (("a well-", "lit lamp"), "a well-lit lamp"),
        (("a lamp-", "lit room"), "a lamp-lit room"),
        (("the kee-", "Per of"), "the kee-Per of"),
        (("said—", "he did"), "said—he did"),
        (("one", "", "two"), "one two"),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_joined_as_the_document_writes_it(
    lines: tuple[str, ...], said: str
) -> None:
    assert joined(*lines) == said


def test_a_page_begins_where_its_first_letter_stands() -> None:
    lines = [placed("the kee-"), placed("per of", "2"), placed("lamps", "3")]
    text = Joiner([*lines, placed("keeper")], (), starred=True).join(lines)
    assert [(text.text[mark.offset :][:3], mark.label) for mark in text.marks] == [
        ("per", "*2"),
        ("lam", "*3"),
    ]


def test_a_paragraph_of_a_hundred_sheets_is_joined_in_time() -> None:
    lines = [
        placed("the lamps of the lighthouse are kept by the keeper of lamps") for _ in range(6_000)
    ]
    joiner = Joiner(lines, ())
    begun = time.process_time()
    assert len(joiner.join(lines).text) > 300_000
    assert time.process_time() - begun < 5
