"""When an announcement takes effect: as dated, or from the day it was given out."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.model import Block, BlockKind, DateKind
from pipeline.onset import onset

DATED = date(2026, 11, 2)


def said(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[tuple[DateKind, date]]:
    found = onset([Block(kind=kind, text=text)], DATED, "text")
    return [(stated.kind, stated.on) for stated in found]


@pytest.mark.parametrize(
    "text",
    [
        "This guidance is effective immediately.",
        "Effective immediately, we no longer accept paper.",
        "The change takes effect today and applies to lamps.",
        "This memorandum is effective upon issuance.",
    ],
)
def test_what_is_effective_at_once_is_so_from_the_day_it_was_given_out(text: str) -> None:
    assert said(text) == [(DateKind.EFFECTIVE, DATED)]


@pytest.mark.parametrize(
    "text",
    [
        "The old guidance was effective immediately.",
        "It will be effective immediately upon publication of a rule.",
        "It is not effective immediately.",
        "The rule would be effective immediately after the election.",
        "Officers act immediately.",
    ],
)
def test_another_moment_or_none_states_no_day(text: str) -> None:
    assert said(text) == []


def test_stated_days_are_read_and_each_is_given_once_with_the_first_words() -> None:
    text = "The rule is effective March 3, 2027. Remember: it is effective March 3, 2027."
    (stated,) = onset([Block(kind=BlockKind.PARAGRAPH, text=text)], DATED, "text")
    assert (stated.on, stated.words) == (date(2027, 3, 3), "The rule is effective March 3, 2027.")


def test_a_heading_states_nothing() -> None:
    assert said("Effective immediately", BlockKind.HEADING) == []


@pytest.mark.parametrize(
    "text",
    [
        "On May 9, the President signed a proclamation, effective immediately, on lamps.",
        "The court’s order is effective immediately and binds us.",
        "The memorandum of May 2, 2020, effective immediately, is rescinded.",
        "The Secretary of Labor’s rule takes effect immediately.",
        "Effective immediately, the President’s proclamation suspends it.",
        "This guidance is not effective immediately.",
        "The policy memorandum of 2020, which was effective immediately, is superseded.",
        "This rule is effective upon publication in the Federal Register.",
    ],
)
def test_what_another_authority_made_effective_at_once_is_not_this_texts(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "This guidance takes effect immediately.",
        "This policy is effective as of the date of publication.",
        "This policy is effective today.",
        "This guidance is effective on the date of issuance.",
        "This guidance on the final rule is effective immediately.",
        "We will not accept checks, effective immediately.",
        "Under the proclamation, USCIS pauses decisions, effective immediately.",
        "Effective immediately, officers must apply the rule.",
    ],
)
def test_what_the_agency_says_of_its_own_text_is_so_from_that_day(text: str) -> None:
    assert said(text) == [(DateKind.EFFECTIVE, DATED)]
