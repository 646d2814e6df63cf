"""What changed as an Atom feed (RFC 4287): for a topic, a source, or a saved search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from alerts import press, untrusted, wording
from alerts.body import Setting, body
from pipeline.calendar import eastern
from pipeline.model import Alert

NEWEST = 50  # entries of a feed
YEAR = 2026  # of the tags (RFC 4151): from then on the authority was whose it is
EMPTY = datetime(YEAR, 1, 1, tzinfo=UTC)  # when a feed changed that has no entry yet
TITLE = 300  # characters
LINES, WORDS = 6, 80  # of a redline in an entry
RIGHTS = (
    "What is quoted belongs to its publisher. It is not claimed to be complete, and is no legal "
    "advice: read the sources before you rely on them."
)


ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed: `name` is its identity, and its file's; `address` where the world finds it, "" where
    it doesn't. `authority` is the host-like name that tells one office's tags from another's."""

    name: str
    title: str
    subtitle: str
    authority: str
    address: str = ""


def atom(feed: Feed, alerts: Sequence[Alert], titles: Mapping[str, str]) -> bytes:
    """The feed of the newest `NEWEST` changes of `alerts`, in any order, with why each is in it.

    Every moment in it is of the record: the same changes give the same bytes. `titles` are what
    readers call topics and sources.
    """
    newest = sorted(alerts, key=lambda each: (each.change.recorded_at, each.change.id))[-NEWEST:]
    spaces = {None: ATOM}
    made = etree.Element(
        f"{{{ATOM}}}feed",
        {_LANGUAGE: "en-US"},
        nsmap=spaces,  # type: ignore[arg-type]  # the stubs know no default namespace
    )
    _add(made, "id", _tag(feed, f"feed/{feed.name}"))
    _add(made, "title", untrusted.plain(feed.title))
    _add(made, "subtitle", untrusted.plain(feed.subtitle))
    changed = max((each.change.recorded_at for each in newest), default=EMPTY)
    _add(made, "updated", _moment(changed))
    _add(_add(made, "author"), "name", "lexwatch")
    _add(made, "generator", "lexwatch")
    _add(made, "rights", RIGHTS)
    if feed.address:
        _add(made, "link", href=feed.address, rel="self", type="application/atom+xml")
    for alert in reversed(newest):
        _enter(_add(made, "entry"), feed, alert, titles)
    return etree.tostring(made, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _enter(entry: etree._Element, feed: Feed, alert: Alert, titles: Mapping[str, str]) -> None:
    change = alert.change
    _add(entry, "id", _tag(feed, f"change/{change.id}"))
    _add(entry, "title", _title(alert))
    _add(entry, "published", _moment(change.seen_at))
    _add(entry, "updated", _moment(change.recorded_at))
    if address := untrusted.address(change.new.url):
        _add(entry, "link", href=address, rel="alternate")
    for tag in change.tags:
        _add(entry, "category", term=tag.topic, label=titles.get(tag.topic, tag.topic))
    _add(entry, "content", _content(alert, titles, address), type="html")


def _add(to: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(to, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _title(alert: Alert) -> str:
    new = alert.change.new
    title = wording.shortened(untrusted.plain(new.title), TITLE) or alert.change.document.key
    named = ", ".join(filter(None, (title, untrusted.plain(new.citation))))
    return f"{wording.badge(alert.change)}: {named}"


def _content(alert: Alert, titles: Mapping[str, str], address: str) -> str:
    """The change as HTML in which everything crawled is text."""
    change = alert.change
    how = Setting(
        source=titles.get(change.document.source, change.document.source),
        today=eastern(change.recorded_at),
        zone=None,
        lines=LINES,
        words=WORDS,
    )
    why = [wording.shortened(untrusted.plain(each), TITLE) for each in alert.why]
    view = {"body": body(change, how, None), "why": why, "address": address}
    return press.bare("feed.html", view)


def _tag(feed: Feed, named: str) -> str:
    """An identity that stays, wherever the feed is found: a tag URI (RFC 4151)."""
    return f"tag:{feed.authority.lower()},{YEAR}:{quote(named)}"
