"""What the Office of Foreign Labor Certification announces: filing, forms, wages, systems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from bs4.element import Tag

from crawlers.scope import tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.mentions import first_date
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    Page,
    Reading,
    StatedDate,
    Version,
)
from pipeline.normalise import blocks
from pipeline.series import MONTHS

NAME = "oflc_news"
HOME = "https://www.dol.gov/agencies/eta/foreign-labor/news"
PARSER = f"{NAME}/1"
ISSUER = "Office of Foreign Labor Certification, U.S. Department of Labor"
# How every announcement begins, and nothing else does: "September 2, 2026. OFLC Announces …".
HEAD = re.compile(rf"(?P<day>(?:{'|'.join(MONTHS)}) \d{{1,2}}, \d{{4}})\.\s+(?P<title>\S.*)")
# The page's own headings between announcements, not part of any.
BETWEEN = re.compile(r"(?:announcements?|archives?|(?:calendar|fiscal) year \d{4})", re.IGNORECASE)
LONGEST_TITLE = 300  # characters; a longer head is a paragraph that its title runs into
SENTENCE = re.compile(r"(?<=[a-z)\d][.:?])\s+(?=[A-Z])")
LONGEST_SLUG = 80


class OflcNewsSpider(SourceSpider):
    """Reads the one page of announcements, which gives them no addresses of their own."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="OFLC announcements",
        publisher=ISSUER,
        home=HOME,
        hosts=("www.dol.gov",),
        paths=("/agencies/eta/foreign-labor/news",),
        delay=10.0,
        cadence=timedelta(days=1),
        times=("50 3 * * *",),
        floor=5,  # nobody counted yet: the page holds a year's announcements and more
        ceiling=2_000,
        enumerates=False,  # what is old leaves the page for an archive
        fills={"title": 1.0, "date:published": 1.0},
        unverified=("descriptions of the page; the one answer recorded of the site was a wall"),
        scope=(
            "The announcements on OFLC's page of news; not its archive, frequently asked questions "
            "or disclosure data, and not what stands on flag.dol.gov alone"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - there is only the page
        """Ask for the page."""
        return (Follow(url=HOME),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:  # noqa: ARG004 - as above
        """Lead nowhere."""
        return ()

    @staticmethod
    def read(page: Page) -> Reading:
        """Read every announcement. Raises `PageChanged` where none is found."""
        found = list(_announced(blocks(_main(page))))
        if not found:
            raise PageChanged(
                f"{page.url}: nothing on it begins like an announcement (“May 9, 2026. Title”)"
            )
        times: Counter[str] = Counter()
        return Reading(versions=tuple(_version(each, page, times) for each in found))


@dataclass(frozen=True, kw_only=True)
class _Announcement:
    on: date
    words: str
    title: str
    said: tuple[Block, ...]


def _main(page: Page) -> Tag:
    soup = tree(page)
    found = soup.select("main") or soup.select("[role=main]")
    if len(found) != 1:
        raise PageChanged(f"{page.url}: {len(found)} elements are the page's main one, not 1")
    return found[0]


def _announced(said: tuple[Block, ...]) -> Iterator[_Announcement]:
    """Each announcement with what stands under it, up to the next or to a heading between."""
    now: _Announcement | None = None
    for block in said:
        begun = _begun(block)
        if now and (begun or _says_between(block.text)):
            yield now
            now = None
        if begun:
            now = begun
        elif now:
            own = () if block.kind is BlockKind.HEADING else block.trail[-1:]
            trail = tuple(each for each in own if not HEAD.match(each) and not _says_between(each))
            now = replace(now, said=(*now.said, replace(block, trail=trail)))
    if now:
        yield now


def _begun(block: Block) -> _Announcement | None:
    match = HEAD.fullmatch(block.text)
    on = first_date(match["day"]) if match and block.kind is not BlockKind.ROW else None
    if match is None or on is None:
        return None
    title, *rest = [match["title"]]
    if len(title) > LONGEST_TITLE:
        title, *rest = SENTENCE.split(title, maxsplit=1)
    said = tuple(replace(block, kind=BlockKind.PARAGRAPH, level=0, trail=(), text=t) for t in rest)
    return _Announcement(on=on, words=match["day"], title=title, said=said)


def _says_between(text: str) -> bool:
    return BETWEEN.fullmatch(text) is not None


def _version(each: _Announcement, page: Page, times: Counter[str]) -> Version:
    slug = re.sub(r"[^a-z0-9]+", "-", each.title.lower()).strip("-")[:LONGEST_SLUG].rstrip("-")
    key = f"{each.on}/{slug}"
    times[key] += 1
    return Version(
        document=Document(
            source=NAME,
            key=key if times[key] == 1 else f"{key}#{times[key]}",
            kind="oflc-announcement",
        ),
        title=each.title,
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=each.said,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(
            StatedDate(
                kind=DateKind.PUBLISHED, on=each.on, words=each.words, read_from="announcement"
            ),
        ),
    )
