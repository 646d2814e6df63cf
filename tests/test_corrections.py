"""What a correction corrects, quoted."""

from __future__ import annotations

import pytest
from builders import paragraph

from pipeline.corrections import LONGEST, MOST, corrected


@pytest.mark.parametrize(
    "words",
    [
        "On page 12, in the second column, “10 days” should read “10 business days”.",
        "The effective date is corrected to read “June 2, 2026”.",
        "In the table, correct the fee for Form X-1 to read “$50”.",
    ],
)
def test_what_should_read_otherwise_is_quoted(words: str) -> None:
    assert corrected([paragraph("Need for correction."), paragraph(words)]) == (words,)


def test_what_corrects_nothing_is_not_quoted() -> None:
    assert corrected([paragraph("Comments should be sent to the docket.")]) == ()


def test_no_more_is_quoted_than_a_reader_takes_in() -> None:
    long = paragraph("The line " + "and so on " * 100 + "should read otherwise.")
    found = corrected([long] * (MOST + 2))
    assert len(found) == MOST
    assert all(len(words) <= LONGEST for words in found)
