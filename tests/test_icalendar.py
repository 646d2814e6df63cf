"""Deadlines as an iCalendar: by the rules of RFC 5545, and what was crawled stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from builders import TITLES
from falling import KNOWN, RULE, deadline
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.ics import calendar, event
from pipeline.deadline import together
from pipeline.model import DateKind, Deadline, Document

OFFICE = "lexwatch@firm.example"
# RFC 5545, 3.1: a name, parameters whose values are quoted or hold no separator, and a value.
LINE = re.compile(
    r"(?P<name>[A-Z0-9-]+)"
    r'(?P<parameters>(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*)'
    r":(?P<value>.*)",
    re.DOTALL,
)
TEXT = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")  # 3.3.11
ONCE = ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY", "ORGANIZER", "TRANSP")


def made(*deadlines: Deadline, name: str = "lexwatch: deadlines") -> bytes:
    return calendar(name, (event(each, TITLES, OFFICE) for each in deadlines))


def read(data: bytes) -> list[Any]:
    parsed = icalendar.Calendar.from_ical(data)
    assert not parsed.errors
    found = list(parsed.walk("VEVENT"))
    assert not any(each.errors for each in found)
    return found


def lines(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Every content line, unfolded; anything that the RFC forbids fails."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    assert all(len(each) <= 75 for each in physical)
    for each in physical:
        each.decode()  # no character is torn apart by folding
        assert b"\n" not in each and b"\r" not in each
    unfolded = data[:-2].decode().replace("\r\n ", "").split("\r\n")
    for line in unfolded:
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
        found = LINE.fullmatch(line)
        assert found, line
        yield found["name"], found["parameters"], found["value"]


def checked(data: bytes) -> list[dict[str, str]]:
    """The events by property, after all rules were checked."""
    found = list(lines(data))
    assert [found[0][::2], found[-1][::2]] == [("BEGIN", "VCALENDAR"), ("END", "VCALENDAR")]
    head = [name for name, _, _ in found[: [f[::2] for f in found].index(("BEGIN", "VEVENT"))]]
    assert all(head.count(name) == 1 for name in ("PRODID", "VERSION", "METHOD", "X-WR-CALNAME"))
    events: list[dict[str, str]] = []
    for name, parameters, value in found[1:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append({})
        elif events and name != "END":
            assert name not in events[-1], name
            events[-1][name] = value
            if name in ("SUMMARY", "DESCRIPTION"):
                assert TEXT.fullmatch(value), value
            if name == "DTSTART":
                assert parameters == ";VALUE=DATE" and re.fullmatch(r"\d{8}", value)
            if name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
                assert re.fullmatch(r"\d{8}T\d{6}Z", value)
    assert all(name in each for each in events for name in ONCE)
    return events


def test_it_keeps_the_rules() -> None:
    (only,) = checked(made(deadline()))
    assert only["DTSTART"] == "20261215"
    assert only["DTSTAMP"] == "20261120T150405Z"
    assert only["STATUS"] == "CONFIRMED"
    assert only["TRANSP"] == "TRANSPARENT"
    assert only["SEQUENCE"] == "0"
    assert "VALARM" not in made(deadline()).decode()


def test_it_is_read_back_with_words_place_and_source() -> None:
    (only,) = read(made(deadline()))
    assert str(only["summary"]) == "Comments close: Fee Schedule, 91 FR 60001"
    assert only.decoded("dtstart") == date(2026, 12, 15)
    described = str(only["description"])
    assert "“Comments must be received on or before December 15, 2026.”" in described
    assert "the document’s DATES section" in described
    assert "Proposed rule: not in force." in described
    assert "A calendar date, in Eastern time." in described
    assert deadline().url in described and str(only["url"]) == deadline().url
    assert [str(each) for each in only["categories"].cats] == ["Asylum"]


def test_the_calendar_says_what_it_is_and_how_often_to_ask() -> None:
    data = made(deadline()).decode()
    for said in (
        "VERSION:2.0",
        "PRODID:-//lexwatch//Deadlines//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:lexwatch: deadlines",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ):
        assert f"{said}\r\n" in data


def test_a_date_that_moved_says_so() -> None:
    moved = deadline(was=date(2026, 12, 1), by="91 FR 70001", sequence=1)
    (only,) = read(made(moved))
    assert only["sequence"] == 1
    assert "Moved from December 1, 2026 to December 15, 2026 by 91 FR 70001." in only["description"]
    assert ", in 91 FR 70001" in only["description"]


def test_what_ended_is_cancelled_and_says_why() -> None:
    (only,) = read(made(deadline(is_cancelled=True, why="withdrawn by 91 FR 70002", sequence=2)))
    assert only["status"] == "CANCELLED"
    assert str(only["summary"]).startswith("Cancelled: Comments close")
    assert "No longer open: withdrawn by 91 FR 70002." in only["description"]


def test_what_needs_a_look_says_so_at_once() -> None:
    (only,) = read(made(deadline(kind=DateKind.EFFECTIVE, why="enjoined by Order 1")))
    assert str(only["summary"]).endswith("(check first)")
    assert "Check before relying on it: enjoined by Order 1." in only["description"]
    assert only["status"] == "CONFIRMED"


def test_comments_on_paperwork_are_told_apart() -> None:
    (only,) = read(made(deadline(kind=DateKind.PRA_COMMENTS_CLOSE)))
    assert str(only["summary"]).startswith("Paperwork Reduction Act comments close")
    assert "Paperwork Reduction Act" in [str(each) for each in only["categories"].cats]


def test_the_edition_of_a_form_is_named() -> None:
    form = Document(source="uscis_forms", key="i-765", kind="form")
    words = "Starting December 15, 2026, we will accept only the 01/20/27 edition."
    (only,) = read(made(deadline(document=form, kind=DateKind.EFFECTIVE, words=words)))
    assert str(only["summary"]).startswith("Form edition: start date stated on the page")


def test_the_same_deadlines_give_the_same_bytes() -> None:
    assert made(deadline(), deadline(uid="b")) == made(deadline(), deadline(uid="b"))


def test_an_address_that_acts_is_left_out() -> None:
    bad = deadline(url="javascript:alert(1)", source="data:text/html,x")
    (only,) = read(made(bad))
    assert "url" not in only and "javascript" not in only["description"]


hostile = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        [
            "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:EMAIL",
            "a;b,c\\n:d\"e'f\\",
            "\u2028BEGIN:VEVENT\u2029\u0085\x0b\x0c",
            "é" * 90,
            "\U0001f5d3" * 40,
            "a\x00b\x1bc",
        ]
    ),
)


@settings(deadline=None, max_examples=40)
@given(hostile, hostile, hostile, hostile)
def test_no_text_breaks_out(title: str, words: str, why: str, topic: str) -> None:
    one = deadline(title=title, words=words, why=why, citation=words, by=why, topics=(topic,))
    data = made(one, one, name=title)
    events = checked(data)
    assert len(events) == 2 == len(read(data))
    assert [value for name, _, value in lines(data) if name == "BEGIN"] == [
        *("VCALENDAR", "VEVENT", "VEVENT")
    ]
    assert icalendar.Calendar.from_ical(data).to_ical() == data


@pytest.mark.parametrize("kind", list(DateKind))
def test_what_several_documents_state_is_told_once_under_the_first_uid(kind: DateKind) -> None:
    news = Document(source="uscis_news", key="fees", kind="uscis-news")
    first = deadline(kind=kind, uid="z", document=news, title="News", citation="", changed_at=KNOWN)
    later = KNOWN + timedelta(days=1)
    second = deadline(kind=kind, uid="a", known_at=later, changed_at=later)
    for given_in in ((first, second), (second, first)):
        (only,) = together(given_in)
        assert (only.uid, only.title, only.changed_at) == ("z", "Fee Schedule", later)
        assert only.also == ("“News”",)
        assert set(only.members) == {RULE, news}


def test_a_day_of_application_is_told_with_the_day_of_effect() -> None:
    effect = deadline(kind=DateKind.EFFECTIVE)
    applies = deadline(
        uid="b", kind=DateKind.APPLICABLE, words="It applies to petitions filed on that day."
    )
    (only,) = together((applies, effect))
    assert only.kind is DateKind.EFFECTIVE
    (told,) = read(made(only))
    assert "applies to petitions filed on that day" in told["summary"]
    doubted = deadline(uid="b", kind=DateKind.APPLICABLE, why="read the order")
    assert len(together((doubted, effect))) == 2


def test_what_ended_is_told_beside_what_holds() -> None:
    ended = deadline(uid="b", is_cancelled=True, why="withdrawn")
    assert {each.is_cancelled for each in together((ended, deadline()))} == {True, False}
