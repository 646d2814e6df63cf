"""Feeds become versions with the publisher's own keys; a source that reads one is ten lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from installed import installed
from rehearsed import quietly
from servers import Answer, Asked, Publisher

from crawlers.feed import feed_facts, read_feed
from index.runs import RunState
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.jobs import Read
from lexwatch.settings import Data, Settings
from pipeline.errors import PageChanged
from pipeline.health import DOZENS
from pipeline.model import ChangeKind, DateKind, Page, Version

pytestmark = pytest.mark.usefixtures("warm")

SOURCE = '''"""What the Example Agency announces."""

from crawlers.feed import FeedSpider, feed_facts


class ExampleNewsSpider(FeedSpider):
    """Reads the agency's one feed."""

    name = "example_news"
    kind = "news-item"
    issuer = "Example Agency"
    facts = feed_facts(
        name="example_news",
        title="Example Agency news",
        publisher="Example Agency, Department of Examples",
        address="https://www.example.gov/news/feed.xml",
        scope="What the feed names, without the pages behind it",
    )
'''
COURTS = '''"""What two example courts decide on immigration."""

from dataclasses import replace

from crawlers.feed import FeedSpider, feed_facts

SITE = "https://www.example.gov"
COURTS = {f"{SITE}/1/feed.xml": "First Court", f"{SITE}/2/feed.xml": "Second Court"}


class ExampleCourtsSpider(FeedSpider):
    """Reads both courts' feeds; an opinion is ours where the Attorney General is a party."""

    name = "example_courts"
    kind = "court-opinion"
    issuer = "Example courts"
    feeds = tuple(COURTS)
    facts = feed_facts(
        name="example_courts",
        title="Example courts",
        publisher="Example courts",
        address=SITE,
        feeds=feeds,
        floor=0,
        scope="Opinions whose name has the Attorney General in it",
    )

    @classmethod
    def refine(cls, entry, feed):
        """Name the court where an opinion stands in its feed alone."""
        court = "Both courts" if "both" in entry.metadata.get("categories", ()) else COURTS[feed]
        return replace(entry, issuer=court)

    @classmethod
    def keeps(cls, entry):
        """Keep what the Attorney General is a party to."""
        return "Attorney General" in entry.title
'''
SITE, FEED = "https://www.example.gov", "/news/feed.xml"
FIRST = datetime(2026, 11, 18, 14, 5, tzinfo=UTC)

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
<published>2026-11-20T09:00:00-05:00</published><author><name>Registry</name></author>
<category term="z" label="Zoning"/><category term="Asylum"/><category term="Asylum"/>
<summary>Short.</summary>
<content type="html">&lt;ul&gt;&lt;li&gt;Whole.&lt;/li&gt;&lt;/ul&gt;</content></entry></feed>"""


def read(body: str, *, content_type: str = "application/xml") -> tuple[Version, ...]:
    url = "https://www.example.gov/feed"
    page = Page(
        source="news",
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={"Content-Type": content_type} if content_type else {},
        body=body.encode(),
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    reading = read_feed(page, "news", "news-item", "Example Agency")
    assert reading.listed == tuple(version.document.key for version in reading.versions)
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


@pytest.mark.parametrize(
    ("stated", "on"),
    [
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("0001-01-01T01:00:00+14:00", None),
        ("31/12/2026", None),
        ("soon", None),
        ("11/10/2026", date(2026, 11, 10)),
        ("2026-11-21T02:30:00+00:00", date(2026, 11, 20)),
    ],
)
def test_a_day_is_read_as_americans_write_it_and_one_beyond_the_calendar_is_not_stated(
    stated: str, on: date | None
) -> None:
    entry = f"<item><guid>a</guid><title>A</title><pubDate>{stated}</pubDate></item>"
    (version,) = read(f'<rss version="2.0"><channel>{entry}</channel></rss>')
    assert version.date(DateKind.PUBLISHED) == on


def test_atom_content_is_preferred_to_its_summary() -> None:
    (entry,) = read(ATOM)
    assert [block.text for block in entry.blocks] == ["Whole."]
    assert entry.url == "https://www.example.gov/entry"
    assert entry.date(DateKind.PUBLISHED) == date(2026, 11, 20)


def test_an_entry_says_who_wrote_it_and_what_it_is_filed_under() -> None:
    (entry,) = read(ATOM)
    assert entry.metadata == {"author": "Registry", "categories": ["Asylum", "Zoning"]}
    assert [each.metadata for each in read(RSS)] == [{}, {}]


def test_no_file_is_read_through_an_entity() -> None:
    assert read(RSS)[1].title.endswith("No guid")
    assert Path("/etc/hostname").read_text("utf-8").strip() not in read(RSS)[1].title


def test_a_page_that_is_no_feed_is_an_error_and_an_empty_feed_is_not() -> None:
    for body in ("<html><body>Moved</body></html>", "", "/etc/hostname", "<rss><channel><item>"):
        with pytest.raises(PageChanged):
            read(body)
    for served in ("application/xml", "text/plain", ""):
        quiet = '<rss version="2.0"><channel><title>Quiet</title></channel></rss>'
        assert read(quiet, content_type=served) == ()


def test_an_entry_without_any_key_is_an_error() -> None:
    with pytest.raises(PageChanged, match="no guid"):
        read('<rss version="2.0"><channel><item><title>Nameless</title></item></channel></rss>')


def test_of_two_entries_with_one_guid_the_first_stands() -> None:
    item = "<item><guid>1</guid><title>{}</title></item>"
    items = item.format("Newer") + item.format("Older")
    (entry,) = read(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>')
    assert entry.title == "Newer"


def test_a_feed_covers_its_own_address_alone() -> None:
    facts = feed_facts(
        name="news", title="News", publisher="Agency", address=f"{SITE}{FEED}", scope="All"
    )
    assert facts.covers(f"{SITE}{FEED}")
    assert not facts.covers(f"{SITE}/news/1")
    assert not facts.enumerates


def test_several_feeds_are_covered_by_their_own_addresses() -> None:
    feeds = (f"{SITE}/a.xml", "https://feeds.example.org/b/")
    facts = feed_facts(
        name="n", title="N", publisher="P", address=SITE, feeds=feeds, scope="All", unverified="x"
    )
    assert all(map(facts.covers, feeds))
    assert not facts.covers(f"{SITE}/c.xml")
    assert (facts.home, facts.unverified) == (SITE, "x")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as serving:
        yield serving


@pytest.fixture
def crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publisher: Publisher
) -> Iterator[Callable[[str, int], Read]]:
    """Crawl one of the sources above and read it, `days` after the first visit."""
    files = {"example_news": SOURCE, "example_courts": COURTS}
    given = Settings(data=Data(folder=str(tmp_path / "data")), origins={SITE: publisher.base})

    def crawled(name: str, days: int) -> Read:
        at = FIRST + timedelta(days=days)
        app = App(given, lambda: at)
        app.encoder = HashingEncoder()
        return jobs.crawl(app, (name,), quietly, at=at)

    with installed(files, tmp_path, monkeypatch):
        yield crawled


@pytest.fixture
def visit(crawl: Callable[[str, int], Read], publisher: Publisher) -> Callable[..., Read]:
    """A publisher's one feed, crawled and read."""

    def visited(feed: Answer | Callable[[Asked], Answer], days: int) -> Read:
        publisher.routes[FEED] = feed
        return crawl("example_news", days)

    return visited


def feed(*numbers: int) -> bytes:
    items = "".join(
        f"<item><guid>{n}</guid><title>Notice {n}</title><description>Its text</description></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>Sample</title>{items}</channel></rss>'.encode()


def test_a_file_of_facts_is_a_source_and_its_new_entries_are_news(
    visit: Callable[..., Read],
) -> None:
    first = visit(Answer(body=feed(2, 1)), 0)
    assert [run.failures for run in first.runs] == [()]
    assert first.changes == ()  # what the first visit finds is told to nobody
    second = visit(Answer(body=feed(3, 2, 1)), 1)
    (new,) = second.changes
    assert (new.document.source, new.new.title) == ("example_news", "Notice 3")
    assert (new.document.kind, new.new.issuer) == ("news-item", "Example Agency")


def test_an_unchanged_feed_is_asked_for_with_its_validators(visit: Callable[..., Read]) -> None:
    asked_with: list[str | None] = []

    def answer(asked: Asked) -> Answer:
        asked_with.append(asked.headers.get("if-none-match"))
        return Answer(status=304) if asked_with[-1] else Answer(body=feed(1), headers={"ETag": "e"})

    visit(answer, 0)
    again = visit(answer, 1)
    assert asked_with == [None, "e"]
    assert [(run.failures, run.documents) for run in again.runs] == [((), 1)]
    assert again.changes == ()


def test_an_entry_that_leaves_the_feed_is_not_removed(visit: Callable[..., Read]) -> None:
    visit(Answer(body=feed(3, 2, 1)), 0)
    later = [visit(Answer(body=feed(4, 3)), days) for days in (1, 3)]
    assert not [run.failures for read in later for run in read.runs if run.failures]
    kinds = [change.difference.kind for read in later for change in read.changes]
    assert kinds == [ChangeKind.NEW]


def test_a_feed_of_dozens_that_carries_none_fails_the_run_and_takes_nothing_back(
    visit: Callable[..., Read],
) -> None:
    visit(Answer(body=feed(*range(30))), 0)
    failed = visit(Answer(body=feed()), 1)
    (run,) = failed.runs
    assert "it named 30 documents and now names none" in " ".join(run.failures)
    assert failed.changes == ()
    healed = visit(Answer(body=feed(*range(31))), 2)
    assert [change.new.title for change in healed.changes] == ["Notice 30"]


def test_an_empty_feed_is_no_first_reading(visit: Callable[..., Read]) -> None:
    (run,) = visit(Answer(body=feed()), 0).runs
    assert "0 documents were read" in " ".join(run.failures)


def opinions(*names: str) -> Answer:
    items = "".join(
        f"<item><guid>{name}</guid><title>{name}</title>"
        f"<category>{'both' if 'Both' in name else 'own'}</category></item>"
        for name in names
    )
    said = f'<rss version="2.0"><channel><title>Sample</title>{items}</channel></rss>'
    return Answer(body=said.encode())


def test_entries_of_several_feeds_are_one_source_and_one_that_stands_in_two_is_one_document(
    crawl: Callable[[str, int], Read], publisher: Publisher
) -> None:
    publisher.routes |= {
        "/1/feed.xml": opinions(),
        "/2/feed.xml": opinions("A v. Attorney General"),
    }
    assert crawl("example_courts", 0).runs[0].failures == ()
    both = "Both v. Attorney General"
    first = opinions(both, "C v. Attorney General", "Smith v. Jones")
    publisher.routes |= {"/1/feed.xml": first, "/2/feed.xml": opinions(both)}
    found = {
        change.document.key: change.new.issuer for change in crawl("example_courts", 1).changes
    }
    assert found == {both: "Both courts", "C v. Attorney General": "First Court"}
    assert crawl("example_courts", 2).changes == ()


def test_entries_that_are_left_out_are_named_by_the_reading(
    crawl: Callable[[str, int], Read], publisher: Publisher
) -> None:
    many = [f"{number} v. Attorney General" for number in range(DOZENS - 1)]
    publisher.routes |= {"/1/feed.xml": opinions(*many, "A v. B"), "/2/feed.xml": opinions()}
    (run,) = crawl("example_courts", 0).runs
    assert (run.failures, run.documents) == ((), DOZENS - 1)
    publisher.routes["/1/feed.xml"] = opinions("Smith v. Jones")
    assert crawl("example_courts", 1).runs[0].failures == ()  # none is ours, and it is no empty one
    publisher.routes["/1/feed.xml"] = opinions(*many, "A v. B")
    crawl("example_courts", 2)
    publisher.routes["/1/feed.xml"] = opinions()
    (run,) = crawl("example_courts", 3).runs
    assert f"it named {DOZENS} documents and now names none" in " ".join(run.failures)


def test_one_feed_that_fails_fails_the_run_and_the_others_are_taken_in(
    crawl: Callable[[str, int], Read], publisher: Publisher
) -> None:
    publisher.routes |= {"/1/feed.xml": opinions(), "/2/feed.xml": opinions()}
    crawl("example_courts", 0)
    publisher.routes |= {
        "/1/feed.xml": Answer(status=403),
        "/2/feed.xml": opinions("A v. Attorney General"),
    }
    read = crawl("example_courts", 1)
    assert [run.state for run in read.runs] == [RunState.FAILED]
    assert [change.document.key for change in read.changes] == ["A v. Attorney General"]
