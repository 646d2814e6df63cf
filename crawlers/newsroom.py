"""The lists of uscis.gov (a title, a day and a summary a row), and the news behind their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from bs4.element import Tag

from crawlers.scope import address, linked, one, tree
from crawlers.source import Follow
from crawlers.uscis import ARCHIVED_BY, HOST, ISSUER, Article, article
from pipeline.calendar import eastern
from pipeline.errors import PageChanged
from pipeline.mentions import DATE, first_date
from pipeline.model import Document, Page, Version
from pipeline.normalise import normalise
from pipeline.onset import onset

AMENDED = timedelta(days=30)  # for how long after its release a page is asked for again
TITLE = ".views-field-title a[href], .views-item-title a[href]"
FIELD = ".views-field, .views-item-title"
COUNTER = re.compile(r"(?P<first>\d+)\s*[-–]\s*(?P<last>\d+) of (?P<all>\d[\d,]*)\b.*")
NEXT = "li.pager__item--next a[href]"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a list says of one page: `printed` is the day in the list's words, Eastern time."""

    url: str
    title: str
    on: date
    printed: str
    summary: str

    @property
    def path(self) -> str:
        """The path of an address on the site; "" elsewhere."""
        parts = urlsplit(self.url)
        return parts.path.rstrip("/").lower() if parts.hostname == HOST else ""

    @property
    def context(self) -> dict[str, str]:
        """What goes along with the page. Where the list says something new of it, a page is asked
        for again though it is settled."""
        return {"title": self.title, "released": self.printed, "summary": self.summary}

    def is_recent(self, page: Page) -> bool:
        """Whether it was released so lately that it may be amended yet."""
        return self.on >= eastern(page.fetched_at) - AMENDED


def is_list(page: Page, home: str) -> bool:
    """Whether a page is the list at `home`, or one that goes on with it."""
    return urlsplit(page.url).path.rstrip("/") == urlsplit(home).path


def rows(page: Page) -> tuple[Row, ...]:
    """Read a list. Raises `PageChanged` where it has no rows, where one has no title or day, and
    where they are not as many as the list itself counts."""
    main = one(tree(page), "main", page)
    found = tuple(_row(each, page) for each in main.select(".views-row"))
    counter = normalise(one(main, ".view__item-counter", page).get_text())
    counted = COUNTER.fullmatch(counter)
    if not found or not counted:
        raise PageChanged(
            f"{page.url}: {len(found)} rows, counted as “{counter}”; look at the page"
        )
    if len(found) != int(counted["last"]) - int(counted["first"]) + 1:
        raise PageChanged(f"{page.url}: {len(found)} rows where the list counts “{counter}”")
    return found


def following(page: Page, found: tuple[Row, ...]) -> Iterator[Follow]:
    """Go on with a list: to its end in a visit to the whole, else while it shows what is recent."""
    is_whole = bool(page.context.get("whole"))
    if is_whole or any(row.is_recent(page) for row in found):
        links = [address(link, page) for link in tree(page).select(NEXT)]
        yield from (Follow(url=url, context=page.context) for url in dict.fromkeys(links) if url)


def news(page: Page, document: Document, parser: str) -> Version:
    """Read the page behind a row. Raises `PageChanged` where it states no day of release."""
    said = article(page)
    if said.released is None:
        raise PageChanged(f"{page.url}: no day of release is stated; look at the kept page")
    return Version(
        document=document,
        title=said.title,
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=said.blocks,
        seen_at=page.fetched_at,
        parser=parser,
        dates=(said.released, *onset(said.blocks, said.released.on, "text")),
        metadata=_metadata(said),
        links=dict(said.translations),
        linked=linked(said.body, page),
    )


def _row(row: Tag, page: Page) -> Row:
    link = one(row, TITLE, page)
    days, rest = [], []
    for field in row.select(FIELD):
        words = normalise(field.get_text())
        if DATE.fullmatch(words):
            days.append(words)
        elif link not in field.find_all("a"):
            rest.append(words)
    on = first_date(days[0]) if len(days) == 1 else None
    for extra in link.select(".extra-info"):  # "(PDF, 222.9 KB)"
        extra.extract()
    title = normalise(link.get_text())
    if on is None or not title or not address(link, page):
        raise PageChanged(
            f"{page.url}: the row “{title}” gives the days {days}, not one; look at it"
        )
    return Row(
        url=address(link, page),
        title=title,
        on=on,
        printed=days[0],
        summary=" ".join(filter(None, rest)),
    )


def _metadata(said: Article) -> dict[str, str]:
    """The language where it is not English, and that the agency calls the page out of date."""
    stated = {
        "language": said.language if said.language != "en" else "",
        "status": ARCHIVED_BY if said.archived else "",
    }
    return {name: words for name, words in stated.items() if words}
