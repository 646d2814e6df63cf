"""USCIS news releases, without those about private people unless an office asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from crawlers import newsroom
from crawlers.newsroom import Row
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from crawlers.uscis import HOST, ISSUER
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import (
    BlockKind,
    DateKind,
    Document,
    Page,
    Reading,
    StatedDate,
    Version,
)
from pipeline.normalise import blocks
from pipeline.persons import are_its_subject

NAME = "uscis_news"
HOME = f"https://{HOST}/newsroom/all-news"
PARSER = f"{NAME}/2"
RULE = "about private people"
NEWSROOM = "/newsroom/"
RELEASES = "/newsroom/news-releases/"
ALERTS = "/newsroom/alerts/"  # of another source: an item at one address is one document


class UscisNewsSpider(SourceSpider):
    """Reads the list of all news and the releases on it.

    The list, and not the feed at /news/rss-feed/59144, which names the same items: the list was
    recorded, states its days in Eastern time, and goes back years where a feed ends.
    """

    name = NAME
    options = ("individuals",)
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS news releases",
        publisher=ISSUER,
        home=HOME,
        hosts=(HOST,),
        paths=("/newsroom/all-news", "/newsroom/news-releases"),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("15 0 * * *",),
        # The list of July 2025 counted 303 items, 196 of them alerts; of its newest nine releases
        # seven were about private people.
        floor=10,
        ceiling=1_000,
        enumerates=False,  # what is older than three years goes into the site's archive
        one_per_page=True,
        full_every=timedelta(days=7),
        fills={"title": 0.95, "text": 0.95, "date:announced": 0.95},  # all of 13 pages recorded
        silence=None,  # of what is not left out, two releases were recorded: nothing to measure
        scope=(
            "Every news release on the list, which goes back about three years, without those "
            "whose title or summary is about private people who came before the law (arrests, "
            "charges, pleas, sentences, lost citizenships): their pages are not asked for, unless "
            "the option individuals asks for it. The list itself is archived as served, with the "
            "titles and summaries of those too. Alerts are another source's"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Whether releases about private people are read. Raises `SettingsError` for a bad one."""
        return {"individuals": _individuals(options)}

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the list: all of it in a whole visit, else as far as its last 30 days."""
        asked = {"whole": visit.whole, "individuals": _individuals(visit.options)}
        return (Follow(url=HOME, context={name: True for name, is_so in asked.items() if is_so}),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from the list to its releases, and on with the list; a release leads nowhere."""
        if newsroom.is_list(page, HOME):
            rows = newsroom.rows(page)
            asked = {"individuals": True} if page.context.get("individuals") else {}
            for row in _kept(rows, page):
                if _has_page(row):
                    settled = not row.is_recent(page)
                    yield Follow(url=row.url, context=row.context | asked, settled=settled)
            yield from newsroom.following(page, rows)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a release; the list names those there are, and says all we have of one elsewhere."""
        if newsroom.is_list(page, HOME):
            rows = newsroom.rows(page)
            kept = _kept(rows, page)
            # A number, never a name.
            left_out = sum(not row.path.startswith(ALERTS) for row in rows) - len(kept)
            elsewhere = tuple(_as_listed(row, page) for row in kept if not _has_page(row))
            named = (key(row.path) for row in kept if _has_page(row))
            return Reading(
                versions=elsewhere,
                listed=tuple(dict.fromkeys(named)),
                left_out={RULE: left_out} if left_out else {},
            )
        found = key(urlsplit(page.url).path.rstrip("/").lower())
        if not found:
            raise PageChanged(
                f"{page.url} is the address of no release; see what the list leads to"
            )
        version = newsroom.news(page, Document(source=NAME, key=found, kind="uscis-news"), PARSER)
        summary = page.context.get("summary") or _first_paragraph(version)
        asked = page.context.get("individuals") or not are_its_subject(version.title, summary)
        return Reading(versions=(version,) if asked else ())


def key(path: str) -> str:
    """Give the key of the release at a path: its last part, after that of another section of the
    newsroom; "" where there is none, or an alert."""
    if path.startswith(ALERTS) or not path.startswith(NEWSROOM):
        return ""
    found = path.removeprefix(RELEASES).removeprefix(NEWSROOM)
    return found if path.count("/") > 2 else ""


def _kept(rows: Iterable[Row], page: Page) -> tuple[Row, ...]:
    """The items that are no alerts and, unless they are asked for, not about private people."""
    with_individuals = bool(page.context.get("individuals"))
    return tuple(
        row
        for row in rows
        if not row.path.startswith(ALERTS)
        and (with_individuals or not are_its_subject(row.title, row.summary))
    )


def _has_page(row: Row) -> bool:
    """Whether an item has a page in the newsroom; now and then one only points elsewhere."""
    return bool(key(row.path))


def _as_listed(row: Row, page: Page) -> Version:
    return Version(
        document=Document(source=NAME, key=row.url, kind="uscis-news"),
        title=row.title,
        citation="",
        issuer=ISSUER,
        url=row.url,
        blocks=blocks(row.summary),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(
            StatedDate(kind=DateKind.ANNOUNCED, on=row.on, words=row.printed, read_from="list"),
        ),
        metadata={"text": "abstract only"},
    )


def _first_paragraph(version: Version) -> str:
    said = (block.text for block in version.blocks if block.kind is BlockKind.PARAGRAPH)
    return next(said, "")


def _individuals(options: Mapping[str, Any]) -> bool:
    asked = options.get("individuals", False)
    if not isinstance(asked, bool):
        raise SettingsError(f"individuals = {asked!r} of {NAME} is neither true nor false")
    return asked
