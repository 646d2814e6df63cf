"""Feeds become versions with the publisher's own keys and Eastern calendar dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.feed import read_feed
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Page, Version

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><title>A sample written for lexwatch</title>
<item><title>Keepers &amp; lights</title><link>https://www.example.gov/keepers</link>
<guid isPermaLink="false">item-1</guid><pubDate>Sat, 21 Nov 2026 02:30:00 +0000</pubDate>
<description>&lt;p&gt;One.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;Two&amp;nbsp;§.&lt;/p&gt;</description></item>
<item><title>&file;No guid</title><link>https://www.example.gov/second</link>
<pubDate>Fri, 20 Nov 2026 00:00:00 -0000</pubDate><description>Plain text</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A sample</title>
<updated>2026-11-20T00:00:00Z</updated>
<entry><id>urn:x:1</id><title>An entry</title><link href="/entry"/>
<published>2026-11-20T09:00:00-05:00</published><summary>Short.</summary>
<content type="html">&lt;ul&gt;&lt;li&gt;Whole.&lt;/li&gt;&lt;/ul&gt;</content></entry></feed>"""


def read(body: str) -> tuple[Version, ...]:
    url = "https://www.example.gov/feed"
    page = Page(
        source="news",
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"Content-Type": "application/xml"},
        body=body.encode(),
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    reading = read_feed(page, "news", "news-item", "Example Agency")
    assert reading.listed == ()
    return reading.versions


def test_an_item_is_keyed_by_its_guid_or_else_its_link() -> None:
    first, second = read(RSS)
    assert (first.document.key, second.document.key) == ("item-1", "https://www.example.gov/second")
    assert (first.title, first.url) == ("Keepers & lights", "https://www.example.gov/keepers")


def test_a_summary_is_read_as_text_without_its_scripts() -> None:
    first, second = read(RSS)
    assert [block.text for block in first.blocks] == ["One.", "Two §."]
    assert second.text == "Plain text"


def test_dates_are_eastern_days_and_midnight_is_a_day_without_an_hour() -> None:
    first, second = read(RSS)
    assert first.date(DateKind.PUBLISHED) == date(2026, 11, 20)
    assert second.date(DateKind.PUBLISHED) == date(2026, 11, 20)
    assert first.dates[0].words == "Sat, 21 Nov 2026 02:30:00 +0000"


def test_atom_content_is_preferred_to_its_summary() -> None:
    (entry,) = read(ATOM)
    assert [block.text for block in entry.blocks] == ["Whole."]
    assert entry.url == "https://www.example.gov/entry"
    assert entry.date(DateKind.PUBLISHED) == date(2026, 11, 20)


def test_no_file_is_read_through_an_entity() -> None:
    assert read(RSS)[1].title.endswith("No guid")
    assert Path("/etc/hostname").read_text("utf-8").strip() not in read(RSS)[1].title


def test_a_page_that_is_no_feed_is_an_error_and_an_empty_feed_is_not() -> None:
    for body in ("<html><body>Moved</body></html>", "", "/etc/hostname", "<rss><channel><item>"):
        with pytest.raises(PageChanged):
            read(body)
    assert read('<rss version="2.0"><channel><title>Quiet</title></channel></rss>') == ()


def test_an_entry_without_any_key_is_an_error() -> None:
    with pytest.raises(PageChanged, match="no guid"):
        read('<rss version="2.0"><channel><item><title>Nameless</title></item></channel></rss>')
