"""Read an RSS or Atom feed as a publisher's documents."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]  # it ships no types

from pipeline.errors import PageChanged
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

PARSER = "feed/1"
EASTERN = ZoneInfo("America/New_York")  # the calendar of the publishers' dates


def read_feed(page: Page, source: str, kind: str, issuer: str) -> Reading:
    """Read every entry as a version keyed by its guid, or by its link where it has none.

    A feed names what is recent, so nothing is `listed`. Raises `PageChanged` for a body that is no
    feed, and for an entry with neither guid nor link; a well-formed feed may be empty.
    """
    # A stream, never the bytes themselves: feedparser would try to open those as a file name.
    feed = feedparser.parse(io.BytesIO(page.body), response_headers=_headers(page))
    if not feed.get("version") or (feed.bozo and not feed.entries):
        why = feed.get("bozo_exception", "neither RSS nor Atom")
        raise PageChanged(f"{page.url}: no feed could be read there ({why}); look at the kept page")
    return Reading(versions=tuple(_version(e, page, source, kind, issuer) for e in feed.entries))


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
        return moment.astimezone(EASTERN).date()
    return None
