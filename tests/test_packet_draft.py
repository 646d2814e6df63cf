"""A packet is cleaned where it is written, and says itself what it lacks."""

from __future__ import annotations

import manuscripts
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.packet.content import Heading, Paragraph, Part, Run, Source, Table
from alerts.packet.draft import Draft, cell
from alerts.packet.notes import Footnotes
from alerts.packet.numbering import numbered


def draft() -> Draft:
    return Draft(title="T", subject="S", at=manuscripts.AT)


def source(number: int, short: str = "s") -> Source:
    return Source(number=number, words="w", short=short, url="", version="", retrieved="")


def test_the_same_source_keeps_its_number() -> None:
    begun = draft()
    assert [begun.source("A"), begun.source("B"), begun.source("A")] == [1, 2, 1]


def test_a_source_that_is_named_twice_is_one_note() -> None:
    begun = draft()
    first, second = begun.source("A"), begun.source("B")
    begun.paragraph("C", notes=(second, first, second))
    begun.sources()
    paragraph = begun.finished().parts[0]
    assert isinstance(paragraph, Paragraph) and paragraph.notes == (2, 1)


def test_a_source_is_told_in_sentences() -> None:
    begun = draft()
    begun.source("99 Fed. Reg. 1.", version="text 01", retrieved="November 22, 2026")
    begun.sources()
    (entered,) = begun.finished().sources
    assert entered.full == "99 Fed. Reg. 1. Text 01. Retrieved November 22, 2026."


def test_what_hides_or_acts_is_gone_from_every_part() -> None:
    begun = draft()
    number = begun.source("A\x00B\u202e", url="javascript:alert(1)", short="C\x1b")
    begun.heading("D\u200b\nE", 1)
    begun.paragraph("  F\x00 ", Run(text="G ", url="data:text/html,x"), notes=(number,))
    begun.table("H\x01", ("I\x02",), [[cell("J\x03", notes=(number,))], ["K\x04"]], (1,))
    begun.placeholder("L\x05")
    begun.sources()
    made = begun.finished()
    heading, paragraph, table, *_ = made.parts
    assert made.sources[0] == Source(
        number=1, words="AB", short="C", url="", version="", retrieved=""
    )
    assert isinstance(heading, Heading) and heading.words == "D E"
    assert isinstance(paragraph, Paragraph) and paragraph.runs == (Run(text="F "), Run(text="G"))
    assert isinstance(table, Table) and table.caption == "H" and table.head == ("I",)
    assert [row[0].words for row in table.rows] == ["J", "K"]


@pytest.mark.parametrize("level", [0, 5])
def test_a_heading_has_one_of_four_levels(level: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        draft().heading("X", level)


def test_a_note_names_a_source_that_is_there() -> None:
    with pytest.raises(ValueError, match="there is no source 1"):
        draft().paragraph("X", notes=(1,))
    with pytest.raises(ValueError, match="there is no source 0"):
        draft().table("X", ("Y",), [[cell("Z", notes=(0,))]], (1,))


def test_a_packet_with_sources_and_no_list_of_them_is_not_finished() -> None:
    begun = draft()
    begun.source("A")
    with pytest.raises(ValueError, match="no list of them"):
        begun.finished()


def test_a_reference_leads_to_a_heading_that_is_there() -> None:
    begun = draft()
    begun.table("X", ("Y",), [[Run(text="", to="nowhere")]], (1,))
    with pytest.raises(ValueError, match="no heading has the key 'nowhere'"):
        begun.finished()


def test_a_table_has_rows_of_one_length() -> None:
    with pytest.raises(ValueError, match="“X” has rows of different lengths"):
        draft().table("X", ("Y",), [["a", "b"]], (1,))


def test_widths_of_any_unit_become_parts_of_the_page() -> None:
    begun = draft()
    begun.table("X", ("Y", "Z"), [["a", "b"]], (2.0, 6.0))
    (table,) = begun.finished().parts
    assert isinstance(table, Table) and table.widths == (0.25, 0.75)


def test_headings_are_counted_within_the_one_above() -> None:
    levels = (1, 2, 2, 3, 1, 2)
    parts = [Heading(words=str(level), level=level) for level in levels]
    found = [one.number for one in numbered(parts)]
    assert found == ["1", "1.1", "1.2", "1.2.1", "2", "2.1"]


@given(st.lists(st.integers(min_value=1, max_value=4)))
def test_every_heading_has_a_number_of_its_own_as_deep_as_its_level(levels: list[int]) -> None:
    parts: list[Part] = [Heading(words="x", level=level) for level in levels]
    found = [one.number for one in numbered(parts)]
    assert len(set(found)) == len(levels)
    assert [one.count(".") + 1 for one in found] == levels
    assert not any("0" in one.split(".") for one in found)


def test_a_source_is_given_in_full_once_and_then_by_the_note_that_did() -> None:
    notes = Footnotes(sources=(source(1), source(2)))
    first, second, third = notes.next((1,)), notes.next((2, 1)), notes.next((2,))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [first.opens(one) for one in first.mentions] == [True]
    assert [(second.opens(one), one.first) for one in second.mentions] == [(True, 2), (False, 1)]
    assert third.mentions[0].first == 2
