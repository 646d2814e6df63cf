"""Read an RSS or Atom feed as a publisher's documents."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]  # it ships no types

from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.calendar import eastern
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

PARSER = "feed/1"
# What feedparser finds fault with beside the feed: how it was served.
AS_SERVED = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)


class FeedSpider(SourceSpider):
    """Asks one feed. A source says of what `kind` its entries are, and who issues them."""

    kind: ClassVar[str]
    issuer: ClassVar[str]

    @classmethod
    def seeds(cls, visit: Visit) -> Iterable[Follow]:  # noqa: ARG003 - there is only the feed
        """Ask the feed itself."""
        return (Follow(url=cls.facts.home),)

    @classmethod
    def follow(cls, page: Page) -> Iterable[Follow]:  # noqa: ARG003 - as above
        """Lead nowhere: an entry says what the publisher put into it."""
        return ()

    @classmethod
    def read(cls, page: Page) -> Reading:
        """Read what the feed names now."""
        return read_feed(page, cls.facts.name, cls.kind, cls.issuer)


def feed_facts(
    *,
    name: str,
    title: str,
    publisher: str,
    address: str,
    scope: str,
    delay: float = 10.0,
    cadence: timedelta = timedelta(days=1),
    floor: int = 1,
    ceiling: int = 1_000,
    silence: int | None = None,
) -> Facts:
    """Facts of the feed at `address`, with what is true of most feeds where nothing is stated.

    A feed names what is recent: it never enumerates, so what leaves it is not removed. `floor` is 1
    since an empty feed is far oftener a broken one; state 0 for one that is known to run empty.
    """
    parts = urlsplit(address)
    return Facts(
        name=name,
        title=title,
        publisher=publisher,
        home=address,
        hosts=(parts.hostname or "",),
        paths=(parts.path.lower(),),
        delay=delay,
        cadence=cadence,
        floor=floor,
        ceiling=ceiling,
        enumerates=False,
        scope=scope,
        fills={
            "title": 0.9
        },  # all that RSS and Atom agree on; texts and dates are left out by many
        silence=silence,
    )


def read_feed(page: Page, source: str, kind: str, issuer: str) -> Reading:
    """Read every entry as a version keyed by its guid, or by its link where it has none.

    A feed names what is recent, so nothing is `listed`. Raises `PageChanged` for a body that is no
    feed, and for an entry with neither guid nor link; a well-formed feed may be empty.
    """
    # A stream, never the bytes themselves: feedparser would try to open those as a file name.
    feed = feedparser.parse(io.BytesIO(page.body), response_headers=_headers(page))
    fault = feed.get("bozo_exception")
    broken = fault is not None and not isinstance(fault, AS_SERVED)
    if not feed.get("version") or (broken and not feed.entries):
        why = fault or "neither RSS nor Atom"
        raise PageChanged(f"{page.url}: no feed could be read there ({why}); look at the kept page")
    versions: dict[str, Version] = {}
    for entry in feed.entries:
        version = _version(entry, page, source, kind, issuer)
        # Newest first is how feeds are written: of two entries with one guid the first stands.
        versions.setdefault(version.document.key, version)
    return Reading(versions=tuple(versions.values()))


def _headers(page: Page) -> dict[str, str]:
    """Let relative links be read against the canonical address, and the charset as served."""
    served = {name.lower(): value for name, value in page.headers.items()}
    return {"content-location": page.url} | {
        name: served[name] for name in ("content-type",) if name in served
    }


def _version(entry: Any, page: Page, source: str, kind: str, issuer: str) -> Version:
    link = entry.get("link", "")
    key = entry.get("id") or link
    if not key:
        raise PageChanged(f"{page.url}: the entry “{entry.get('title')}” has no guid and no link")
    full = entry.get("content") or [{"value": entry.get("summary", "")}]
    return Version(
        document=Document(source=source, key=key, kind=kind),
        title=normalise(" ".join(block.text for block in blocks(entry.get("title", "")))),
        citation="",
        issuer=issuer,
        url=link or page.url,
        blocks=blocks(full[0]["value"]),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=_published(entry.get("published", "")),
    )


def _published(words: str) -> tuple[StatedDate, ...]:
    on = _calendar_date(words)
    if on is None:
        return ()
    return (StatedDate(kind=DateKind.PUBLISHED, on=on, words=words, read_from="feed"),)


def _calendar_date(words: str) -> date | None:
    """Read an RFC 822 or ISO 8601 moment as its day in the East. Midnight, in whatever zone, is how
    feeds write a day without an hour: that day is taken as it stands."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(words)
        except ValueError:
            continue
        if moment.time() == time(0) or moment.tzinfo is None:
            return moment.date()
        return eastern(moment)
    return None
