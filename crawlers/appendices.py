"""The Policy Manual's appendices, which stand on every page of their part or volume."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import Tag

from crawlers import manual
from crawlers.manual import ISSUER, NAME, PARSER, places_of, tab_of
from crawlers.scope import addresses, one
from crawlers.source import Follow
from pipeline.announced import APPENDIX
from pipeline.errors import PageChanged
from pipeline.model import Block, Document, Page, Reading, Version
from pipeline.normalise import blocks, normalise

TITLE_ONLY = "title only"


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What names an appendix: its title and its volume."""

    title: str
    volume: str

    @property
    def key(self) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", self.title.casefold().removeprefix("appendix:"))
        return f"volume-{self.volume.split()[1].lower()}/appendix/{slug.strip('-')}"


def read(soup: Tag, page: Page) -> tuple[Version, ...]:
    """Read the appendices of a page, each with its text, or with its title where the page has no
    more than a link to a PDF.

    One appendix stands on up to fifty pages under one title and in the same words: it is one
    document, named by its volume and title, and changes once.
    """
    rows = _rows(soup, page)
    volume = places_of(soup, page)["volume"] if rows else ""
    return tuple(_appendix(row, page, volume) for row in rows)


def leads(soup: Tag, page: Page) -> Iterator[Follow]:
    """Where a page leads for the appendices that are PDFs, with what it says of them. USCIS
    replaces such a file under its name, so it is asked for again."""
    for row in _rows(soup, page):
        if link := _only_pdf(one(row, ".accordion__panel", page), page):
            context = {"appendix": _title(row, page), "volume": places_of(soup, page)["volume"]}
            yield Follow(url=link, context=context)


def printed(page: Page) -> Reading:
    """Read an appendix's PDF: the fuller form of the same document. A scan adds nothing."""
    place = _Place(title=page.context["appendix"], volume=page.context["volume"])
    said = manual.printed(page)
    if not said:
        return Reading(listed=(place.key,))
    return Reading(versions=(_version(place, said, page),))


def _rows(soup: Tag, page: Page) -> list[Tag]:
    tab = tab_of(soup, "appendices", page)
    rows = tab.select(".content-accordion > .row-data") if tab else []
    if tab and not rows and not tab.select(".empty"):
        raise PageChanged(f"{page.url}: the appendices are neither listed nor said to be none")
    return rows


def _title(row: Tag, page: Page) -> str:
    return normalise(one(row, ".accordion__header", page).get_text())


def _appendix(row: Tag, page: Page, volume: str) -> Version:
    panel = one(row, ".accordion__panel", page)
    place = _Place(title=_title(row, page), volume=volume)
    return _version(place, blocks(panel), page, _only_pdf(panel, page))


def _only_pdf(panel: Tag, page: Page) -> str:
    """The address of the PDF that is all there is of an appendix."""
    links = [link for link in panel.select("a[href]") if normalise(link.get_text())]
    words = normalise(panel.get_text())
    if len(links) != 1 or normalise(links[0].get_text()) != words:
        return ""
    return next((url for url in addresses(panel, page) if url.lower().endswith(".pdf")), "")


def _version(place: _Place, said: tuple[Block, ...], page: Page, link: str = "") -> Version:
    return Version(
        document=Document(source=NAME, key=place.key, kind=APPENDIX),
        title=place.title,
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=said,
        seen_at=page.fetched_at,
        parser=PARSER,
        metadata={"volume": place.volume} | ({"text": TITLE_ONLY} if link else {}),
        links={"pdf": link} if link else {},
    )
