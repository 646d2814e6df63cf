"""What the minutes don't hold: which developments are told in full, and the list for reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from builders import change, rule, stated, tag
from cle_packets import PRINTED, headings, packet, programme, said, section
from hypothesis import given
from hypothesis import strategies as st
from sessions import CHAPTER, SWEPT, numbered, topics

from alerts.cle import agenda, reading
from alerts.packet.content import Table
from alerts.packet.notes import Footnotes
from pipeline.model import Change, DateKind

LATER = date(2027, 1, 5)
DATES = (
    stated(DateKind.COMMENTS_CLOSE, LATER, "Comments close January 5, 2027."),
    stated(DateKind.EFFECTIVE, date(2026, 11, 18), "This rule is effective November 18, 2026."),
)


def rules(count: int) -> list[Change]:
    """So many rules of one topic, each with a date that has passed and one to come."""
    return [
        change(
            rule("x", number=f"2026-{n}", citation=f"91 FR {n}", dates=DATES),
            id=n,
            tags=(tag("asylum"),),
        )
        for n in range(1, count + 1)
    ]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(15, 300))
def test_what_is_spoken_of_is_told_in_full_and_one_for_every_three_minutes(
    counts: list[int], minutes: int
) -> None:
    by_topic = topics(*counts)
    every = [item for of in by_topic.values() for item in of]
    parts = agenda.agenda(by_topic, minutes)
    told = reading.in_full(parts, by_topic, minutes)
    spoken = {slot.number for part in parts for slot in part.slots}
    assert spoken <= told <= {item.number for item in every}
    assert len(told) == min(len(every), max(len(spoken), minutes // agenda.LEAST))


def test_those_of_substance_are_told_in_full_before_the_rest() -> None:
    of = numbered([*[replace(SWEPT, id=n) for n in range(1, 31)], CHAPTER])
    assert 31 in reading.in_full(agenda.agenda({"A": of}, 15), {"A": of}, 15)


def test_a_packet_whose_minutes_hold_everything_has_no_list() -> None:
    assert "For reading" not in headings(packet(rules(20)))


def test_what_the_minutes_do_not_hold_stands_in_a_list_with_its_source() -> None:
    made = packet(rules(25))
    in_full = [words for words in headings(made) if words.startswith("Development ")]
    (table,) = (part for part in section(made, "For reading") if isinstance(part, Table))
    assert len(in_full) == 20 and len(table.rows) == 5
    assert [row[0].words for row in table.rows] == [str(n) for n in range(21, 26)]
    assert [row[-1].notes for row in table.rows] == [(n,) for n in range(21, 26)]
    assert "New: first seen" in table.rows[0][-1].words


def test_a_source_for_reading_is_given_in_full_in_the_list_of_sources_alone() -> None:
    made = packet(rules(25))
    assert [source.is_listed for source in made.sources[:25]] == [False] * 20 + [True] * 5
    footnotes = Footnotes(sources=made.sources)
    told, listed = footnotes.next((1,)), footnotes.next((25,))
    assert told.opens(told.mentions[0]) and not listed.opens(listed.mentions[0])


def test_all_are_told_in_full_where_that_is_asked() -> None:
    found = headings(packet(rules(25), programme(every=True)))
    assert "For reading" not in found and "Development 25: Fee Schedule" in found


def test_a_date_to_come_of_what_is_for_reading_is_in_the_checklist_and_a_past_one_is_not() -> None:
    assert PRINTED.date() < LATER
    words = said(section(packet(rules(25)), "Practice checklist"))
    assert words.count("January 5, 2027 (Eastern): ") == 25
    assert words.count("November 18, 2026 (Eastern), already passed") == 20


def test_paperwork_and_what_is_no_precedent_are_told_in_full_last() -> None:
    paper = change(
        rule("x", kind="notice", title="Agency Information Collection Activities; Sample"),
        tags=(tag("information-collection"),),
    )
    case = change(replace(SWEPT.new, document=replace(SWEPT.document, kind="bia-unpublished")))
    of = numbered([*[paper] * 10, *[case] * 10, CHAPTER, SWEPT])
    assert sorted(of, key=lambda item: item.rank)[:2] == of[-2:]
    assert {21, 22} <= reading.in_full(agenda.agenda({"A": of}, 15), {"A": of}, 15)


def test_a_topic_with_many_developments_leaves_room_for_the_others() -> None:
    by_topic = topics(40, 5)
    told = reading.in_full((), by_topic, 30)
    assert told == {*range(1, 6), *range(41, 46)}


def test_a_timeline_by_week_rests_on_the_record_of_readings_alone() -> None:
    made = packet(rules(61))
    (table,) = (part for part in section(made, "Timeline") if isinstance(part, Table))
    (number,) = {note for row in table.rows for cell in row for note in cell.notes}
    assert made.sources[number - 1].short == "Record kept by lexwatch"
