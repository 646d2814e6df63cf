"""Read RSS and Atom feeds as a publisher's documents."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]  # it ships no types

from crawlers.scope import CONTROL
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.calendar import eastern
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

PARSER = "feed/2"
# What feedparser finds fault with beside the feed: how it was served.
AS_SERVED = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)


class FeedSpider(SourceSpider):
    """Asks a publisher's feeds: `feeds`, or the one at the facts' home where none is named.

    A source says of what `kind` its entries are, and who issues them; `refine` and `keeps` are
    there for a source that knows more. Entries with one guid are one document, in whichever feed
    they stand.
    """

    kind: ClassVar[str]
    issuer: ClassVar[str]
    feeds: ClassVar[tuple[str, ...]] = ()
    rule: ClassVar[str] = "of no interest to the source"  # why an entry is left out

    @classmethod
    def refine(cls, entry: Version, feed: str) -> Version:  # noqa: ARG003 - for a source to use
        """Say more of an entry than feeds agree on: its kind, key, issuer, citation, dates. `feed`
        is the address of the one it stands in; an entry that stands in several must come out the
        same from each, or every visit would tell a change."""
        return entry

    @classmethod
    def keeps(cls, entry: Version) -> bool:  # noqa: ARG003 - as above
        """Say whether an entry is one of this source's documents, by the rule that its `scope`
        states. One that is left out is still named by the reading."""
        return True

    @classmethod
    def seeds(cls, visit: Visit) -> Iterable[Follow]:  # noqa: ARG003 - there are only the feeds
        """Ask the feeds themselves."""
        return [Follow(url=feed) for feed in cls.feeds or (cls.facts.home,)]

    @classmethod
    def follow(cls, page: Page) -> Iterable[Follow]:  # noqa: ARG003 - as above
        """Lead nowhere: an entry says what the publisher put into it."""
        return ()

    @classmethod
    def read(cls, page: Page) -> Reading:
        """Read what the feed names now."""
        return read_feed(
            page,
            cls.facts.name,
            cls.kind,
            cls.issuer,
            refine=lambda entry: cls.refine(entry, page.url),
            keeps=cls.keeps,
            rule=cls.rule,
        )


def feed_facts(
    *,
    name: str,
    title: str,
    publisher: str,
    address: str,
    scope: str,
    feeds: Sequence[str] = (),
    unverified: str = "",
    delay: float = 10.0,
    cadence: timedelta = timedelta(days=1),
    times: tuple[str, ...] = Facts.times,
    floor: int = 1,
    ceiling: int = 1_000,
    silence: int | None = None,
) -> Facts:
    """Facts of the feed at `address`, or of the publisher at that address who has several `feeds`,
    with what is true of most feeds where nothing is stated.

    A feed names what is recent: it never enumerates, so what leaves it is not removed. `floor` is 1
    since an empty feed is far oftener a broken one; state 0 for one that is known to run empty, and
    where entries are left out.
    """
    parts = [urlsplit(feed) for feed in feeds or (address,)]
    return Facts(
        name=name,
        title=title,
        publisher=publisher,
        home=address,
        hosts=tuple(dict.fromkeys(each.hostname or "" for each in parts)),
        paths=tuple(dict.fromkeys(each.path.lower() for each in parts)),
        delay=delay,
        cadence=cadence,
        times=times,
        floor=floor,
        ceiling=ceiling,
        enumerates=False,
        scope=scope,
        fills={
            "title": 0.9
        },  # all that RSS and Atom agree on; texts and dates are left out by many
        silence=silence,
        unverified=unverified,
    )


def read_feed(
    page: Page,
    source: str,
    kind: str,
    issuer: str,
    *,
    refine: Callable[[Version], Version] = lambda entry: entry,
    keeps: Callable[[Version], bool] = lambda _: True,
    rule: str = FeedSpider.rule,
) -> Reading:
    """Read every entry as a version keyed by its guid, or by its link where it has none.

    All that the feed names are `listed`, those left out among them. Raises `PageChanged` for a body
    that is no feed, and for an entry with neither guid nor link; a well-formed feed may be empty.
    """
    # A stream, never the bytes themselves: feedparser would try to open those as a file name.
    try:
        feed = feedparser.parse(io.BytesIO(page.body), response_headers=_headers(page))
    except (ValueError, RecursionError) as error:  # half of a sign, say, by its number
        raise PageChanged(f"{page.url}: the feed is malformed ({error}); see the page") from error
    fault = feed.get("bozo_exception")
    broken = fault is not None and not isinstance(fault, AS_SERVED)
    if not feed.get("version") or (broken and not feed.entries):
        why = fault or "neither RSS nor Atom"
        raise PageChanged(f"{page.url}: no feed could be read there ({why}); look at the kept page")
    entries: dict[str, Version] = {}
    for entry in feed.entries:
        version = refine(_version(entry, page, source, kind, issuer))
        # Newest first is how feeds are written: of two entries with one guid the first stands.
        entries.setdefault(version.document.key, version)
    kept = tuple(filter(keeps, entries.values()))
    left_out = len(entries) - len(kept)
    return Reading(
        versions=kept, listed=tuple(entries), left_out={rule: left_out} if left_out else {}
    )


def _headers(page: Page) -> dict[str, str]:
    """Let the charset be read as served. Not where: feedparser would resolve a guid against it, and
    so make two keys of one that stands in two feeds."""
    served = {name.lower(): value for name, value in page.headers.items()}
    return {name: served[name] for name in ("content-type",) if name in served}


def _version(entry: Any, page: Page, source: str, kind: str, issuer: str) -> Version:
    link = _link(entry, page)
    key = CONTROL.sub("", entry.get("id") or link)
    if not key:
        raise PageChanged(f"{page.url}: the entry “{entry.get('title')}” has no guid and no link")
    full = entry.get("content") or [{"value": entry.get("summary", "")}]
    return Version(
        document=Document(source=source, key=key, kind=kind),
        title=normalise(" ".join(block.text for block in blocks(entry.get("title") or ""))),
        citation="",
        issuer=issuer,
        url=link or page.url,
        blocks=blocks(full[0].get("value") or ""),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=_published(entry.get("published", "")),
        metadata=_metadata(entry),
    )


def _link(entry: Any, page: Page) -> str:
    try:
        return urljoin(page.url, entry["link"]) if entry.get("link") else ""
    except ValueError:  # "http://[" and the like
        return ""


def _metadata(entry: Any) -> dict[str, Any]:
    """Who wrote it, and what it is filed under, sorted: feeds have no order for categories."""
    author = normalise(entry.get("author") or "")
    terms = (normalise(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags", ()))
    categories = sorted({term for term in terms if term})
    return {name: said for name, said in (("author", author), ("categories", categories)) if said}


def _published(words: str) -> tuple[StatedDate, ...]:
    on = _calendar_date(words)
    if on is None:
        return ()
    return (StatedDate(kind=DateKind.PUBLISHED, on=on, words=words, read_from="feed"),)


def _calendar_date(words: str) -> date | None:
    """Read an RFC 822 or ISO 8601 moment as its day in the East, or a day as Americans write it.
    Midnight, in whatever zone, is how feeds write a day without an hour: that day is taken as it
    stands. None for what is neither, or lies beyond the years of the calendar."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat, _american_day):
        try:
            moment = parse(words)
            if moment.time() == time(0) or moment.tzinfo is None:
                return moment.date()
            return eastern(moment)
        except (ValueError, OverflowError):
            continue
    return None


def _american_day(words: str) -> datetime:
    return datetime.strptime(words, "%m/%d/%Y")  # noqa: DTZ007 - a calendar date
