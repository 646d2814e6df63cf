"""What the Department of State announces about visas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import ClassVar

from crawlers.scope import addresses, linked, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.mentions import first_date
from pipeline.model import Block, DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

NAME = "visa_news"
HOME = "https://travel.state.gov/content/travel/en/News/visas-news.html"
PARSER = f"{NAME}/2"
ISSUER = "Bureau of Consular Affairs, U.S. Department of State"
ITEM = re.compile(
    r"https?://travel\.state\.gov/content/travel/en/news/visas-news/(?P<slug>[^/?#]+)\.html",
    re.IGNORECASE,
)
# The site's one template, as the Visa Bulletin's recorded pages have it.
SCOPE = "div.tsg-rwd-content-page-parsysxxx"
TITLE = "div.tsg-rwd-page-subheader h1"
# A line that is a day and nothing else, or says of what: the page's own, at its top.
DATED = re.compile(
    r"(?:(?:last )?updated|posted|published|date|released?)?:?\s*"
    r"(?:[a-z]+day,\s*)?[a-z]{3,9}\.? \d{1,2}, \d{4}\.?",
    re.IGNORECASE,
)
TOP = 4  # blocks in which the page's own day stands, if anywhere


class VisaNewsSpider(SourceSpider):
    """Reads the list of visa news and every item that it links to."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="Visa news",
        publisher=ISSUER,
        home=HOME,
        hosts=("travel.state.gov",),
        paths=("/content/travel/en/news/visas-news",),
        delay=10.0,
        cadence=timedelta(days=1),
        times=("10 3 * * *",),
        floor=3,  # nobody counted the items yet: a list of fewer is hardly one
        ceiling=1_000,
        enumerates=False,  # older items may leave the list and stay where they are
        one_per_page=True,
        fills={"title": 0.95, "text": 0.9},
        unverified=(
            "the addresses by which others cite it, and the template of the Visa "
            "Bulletin's recorded pages on the same site"
        ),
        scope=(
            "The visa news that the list links to; not the Visa Bulletin, the Foreign Affairs "
            "Manual, or what embassies announce"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - there is only the list
        """Begin at the list."""
        return (Follow(url=HOME),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the list to its items; an item leads nowhere."""
        return () if ITEM.fullmatch(page.url) else [Follow(url=url) for url in _items(page)]

    @staticmethod
    def read(page: Page) -> Reading:
        """Read one item; the list names them all."""
        if not ITEM.fullmatch(page.url):
            return Reading(listed=tuple(map(_key, _items(page))))
        soup = tree(page)
        title = normalise(one(soup, TITLE, page).get_text())
        scope = one(soup, SCOPE, page)
        said = blocks(scope)
        if not title or not said:
            raise PageChanged(f"{page.url}: the item has no title or no text; see the kept page")
        version = Version(
            document=Document(source=NAME, key=_key(page.url), kind="visa-news"),
            title=title,
            citation="",
            issuer=ISSUER,
            url=page.url,
            blocks=said,
            seen_at=page.fetched_at,
            parser=PARSER,
            dates=tuple(_dated(said)),
            linked=linked(scope, page),
        )
        return Reading(versions=(version,), listed=(version.document.key,))


def _items(page: Page) -> list[str]:
    """The addresses of the items. Raises `PageChanged` where the list links to none."""
    found = addresses(one(tree(page), SCOPE, page), page)
    items = {_key(url): url for url in found if ITEM.fullmatch(url)}
    if not items:
        raise PageChanged(f"{page.url}: the list links to no item; compare the kept page")
    return list(items.values())


def _key(url: str) -> str:
    found = ITEM.fullmatch(url)
    return found["slug"].lower() if found else ""


def _dated(said: tuple[Block, ...]) -> Iterator[StatedDate]:
    """The day at the top of the page. It may be that of the last update, as its words say."""
    for block in said[:TOP]:
        if DATED.fullmatch(block.text) and (on := first_date(block.text)):
            yield StatedDate(
                kind=DateKind.ANNOUNCED, on=on, words=block.text, read_from="top of the page"
            )
            return
