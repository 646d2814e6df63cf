"""Atom feeds: valid, the same for the same record, and nothing in them acts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import feedparser  # type: ignore[import-untyped]  # ships no types
from builders import SEEN, TITLES, change, paragraph, reworded, rule, stated, subscription, tag
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.feeds import EMPTY, NEWEST, Feed, atom
from pipeline.model import Alert, Change, DateKind

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = Feed(
    name="topic-asylum",
    title="lexwatch: Asylum",
    subtitle="What changed",
    authority="digest.firm.example",
    address="https://lexwatch.firm.example/feed/x.atom",
)
EFFECTIVE = stated(DateKind.EFFECTIVE, date(2026, 12, 1), "Effective December 1, 2026.")


def told(one: Change, *why: str) -> Alert:
    return Alert(subscription=subscription(), change=one, why=why)


def new(number: int = 1, title: str = "Fee Schedule") -> Change:
    made = rule("The fee is $410.", title=title, dates=(EFFECTIVE,))
    at = SEEN + timedelta(hours=number)
    return change(made, id=number, tags=(tag("asylum", "asylum"),), seen_at=at)


def read(*alerts: Alert, feed: Feed = FEED) -> ET.Element:
    return ET.fromstring(atom(feed, alerts, TITLES))  # noqa: S314 - we made it


def every(root: ET.Element, path: str) -> list[str]:
    return [each.text or "" for each in root.iterfind(path)]


def test_a_feed_has_all_that_the_rfc_requires() -> None:
    root = read(told(new(1)), told(new(2)))
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{name}")) == 1, name
    assert every(root, f"{ATOM}author/{ATOM}name") == ["lexwatch"]
    for entry in root.iterfind(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("rel", "alternate") == "alternate"  # RFC 4287, 4.2.7.2: so where none is
    moments = [datetime.fromisoformat(each) for each in every(root, f".//{ATOM}updated")]
    assert all(each.tzinfo for each in moments)
    assert moments[0] == max(moments)
    ids = every(root, f".//{ATOM}id")
    assert len(set(ids)) == len(ids)
    assert "tag:digest.firm.example,2026:change/1" in ids


def test_a_feed_parser_reads_it_back() -> None:
    parsed = feedparser.parse(atom(FEED, [told(new(1), "topic Asylum")], TITLES))
    assert not parsed.bozo
    assert parsed.feed.title == "lexwatch: Asylum"
    (entry,) = parsed.entries
    assert entry.title == "New: Fee Schedule, 91 FR 60001"
    assert entry.link == new(1).new.url
    assert [each.label for each in entry.tags] == ["Asylum"]
    assert "The fee is $410." in entry.content[0].value
    assert "effective date: December 1, 2026 (Eastern)" in entry.content[0].value
    assert "Why it is here: topic Asylum." in entry.content[0].value


def test_the_newest_stand_first_and_no_more_than_there_is_room_for() -> None:
    alerts = [told(new(number)) for number in range(1, NEWEST + 11)]
    root = read(*alerts)
    ids = every(root, f"{ATOM}entry/{ATOM}id")
    assert len(ids) == NEWEST
    assert ids[0].endswith(f"change/{NEWEST + 10}") and ids[-1].endswith("change/11")


def test_the_same_changes_give_the_same_bytes_in_any_order() -> None:
    alerts = [told(new(number)) for number in (3, 1, 2)]
    assert atom(FEED, alerts, TITLES) == atom(FEED, alerts[::-1], TITLES)


def test_a_feed_without_entries_is_a_feed() -> None:
    root = read()
    assert every(root, f"{ATOM}updated") == [EMPTY.isoformat()]


def test_it_names_its_own_address_only_where_the_world_has_one() -> None:
    assert len(read().findall(f"{ATOM}link[@rel='self']")) == 1
    assert read(feed=replace(FEED, address="")).findall(f"{ATOM}link") == []


def test_a_redline_can_be_read_without_its_tags() -> None:
    old, now = rule("The fee is $410."), rule("The fee is $470.")
    one = change(now, reworded("The fee is [$410].", "The fee is [$470]."), old=old)
    (content,) = every(read(told(one)), f"{ATOM}entry/{ATOM}content")
    assert "[-<del>$410</del>-] {+<ins>$470</ins>+}" in content


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


hostile = st.one_of(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "]]><entry/>",
            '"><img src=x onerror=alert(1)>',
            "\x00\x08\u202e evil",
            "</content></entry></feed>",
            "&#60;script&#62;",
        ]
    ),
    st.text(max_size=40),
)


@settings(deadline=None, max_examples=60)
@given(hostile, hostile, hostile)
def test_nothing_that_was_crawled_acts(title: str, text: str, why: str) -> None:
    made = rule(paragraph(text or "x"), title=title, citation=text)
    made = replace(made, url=f"javascript:{why}")
    data = atom(FEED, [told(change(made, tags=(tag("asylum", text),)), why)], {})
    assert not feedparser.parse(data).bozo
    root = ET.fromstring(data)  # noqa: S314 - as above
    (content,) = every(root, f"{ATOM}entry/{ATOM}content")
    tags = Tags()
    tags.feed(content)
    assert {name for name, _ in tags.found} <= {
        *("p", "strong", "blockquote", "ul", "li", "del", "ins", "code", "a")
    }
    assert all(name == "href" for _, given in tags.found for name, _ in given)
    assert root.findall(f"{ATOM}entry/{ATOM}link") == []


def test_moments_are_those_of_the_record() -> None:
    root = read(told(new(1)))
    assert every(root, f"{ATOM}entry/{ATOM}updated") == [
        (SEEN + timedelta(hours=1)).astimezone(UTC).isoformat()
    ]
