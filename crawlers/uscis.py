"""Read a page of uscis.gov: its title, what it says in reading order, and the days it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from crawlers.scope import address, one, tree
from crawlers.source import Facts
from pipeline.errors import PageChanged
from pipeline.model import Block, DateKind, Page, StatedDate
from pipeline.normalise import HEADINGS, UNSHOWN_STYLE, blocks, normalise

ISSUER = "U.S. Citizenship and Immigration Services"
HOST = "www.uscis.gov"
ARTICLE = "#block-uscis-design-content > article"
RELEASED = ".field--name-field-display-date.field--label-inline"
TRANSLATIONS = ".translations, .translations-section"
# What is said to screen readers alone, what stands in a list before anything is picked, and the
# way to subscribe to a page.
UNSAID = '.usa-sr-only, option[value=""], .email-updates-container'
ARCHIVED = "Archived Content"
ARCHIVED_BY = "archived by USCIS"
BOXED = ["content-accordion", "alert-message"]
BOXES = ", ".join(f".{name}" for name in BOXED)
# Printed as headings, and marked up as something else.
HEADERS = ".accordion__header, .messages__header"
SIZED = re.compile(r"header-sizing--(h[1-6])")
RANK = re.compile("h[1-6]")
LOWEST = 6
DAYS = ("%m/%d/%Y", "%B %d, %Y")
# A form's page; a page of addresses to file at, of one form or of many.
FORM = r"/(?:ar|eoir|g|i|n)-\d+[a-z]*"
PLACES = (
    rf"{FORM}-addresses|/(?:forms/all-forms/)?[a-z0-9-]*filing-(?:addresses|locations)[a-z0-9-]*"
)
END = "\ue000"  # where a box ends; of the private use area, so that no page prints it


@dataclass(frozen=True, kw_only=True)
class SiteFacts(Facts):
    """Facts of a source that shares the site with others and tells its pages by their whole path:
    `pattern` matches it in lower case, without the last slash."""

    pattern: str

    def covers(self, url: str) -> bool:
        """Whether an address is one of this source's own."""
        return super().covers(url) and re.fullmatch(self.pattern, path(url)) is not None


@dataclass(frozen=True, kw_only=True)
class Article:
    """What a page says. `body` is its content without the site around it, for the links in it.

    In `blocks` the headers of accordions and alerts are headings that hold until their box ends;
    what is folded away until a reader clicks, or picked from a list, is read like the rest.
    The "last reviewed/updated" stamp is left out: it dates the page and no rule of law. `language`
    is a code as the page states it, "" where it states none; `translations` are the addresses of
    the same page in other languages, by code. Only news states `released`.
    """

    title: str
    body: Tag
    blocks: tuple[Block, ...]
    language: str
    archived: bool
    released: StatedDate | None
    translations: Mapping[str, str]


def path(url: str) -> str:
    """The path of an address in lower case, without the last slash: USCIS prints both cases."""
    return urlsplit(url).path.lower().rstrip("/")


def article(page: Page) -> Article:
    """Read a page of the site's design of 2025 and 2026.

    Raises `PageChanged` where there is not one article with one title, where it has no words, or
    where its day of release can't be read.
    """
    soup = tree(page)
    body = one(one(soup, ARTICLE, page), ".container--main", page).extract()
    title = one(body, "h1.page-title", page).extract()
    released = [_released(one(field, "time", page), page) for field in body.select(RELEASED)]
    language, translations = _language(body), _translations(body, page)
    for aside in body.select(f"{RELEASED}, {TRANSLATIONS}, {UNSAID}"):
        aside.extract()
    said = content(body)
    if not said:
        raise PageChanged(f"{page.url}: the article has no words; look at the kept page")
    return Article(
        title=normalise(title.get_text()),
        body=body,
        blocks=said,
        language=language,
        archived=any(block.text == ARCHIVED for block in said[:1]),
        released=next(iter(released), None),
        translations=translations,
    )


def content(body: Tag) -> tuple[Block, ...]:
    """Make the markup say what the page looks like, opened everywhere, and read that."""
    for folded in body.find_all(style=UNSHOWN_STYLE):
        del folded["style"]
    for choice in body.select("select, option"):
        choice.name = "ul" if choice.name == "select" else "li"
    for printed in body.select("p[class*=header-sizing--h]"):
        sized = SIZED.search(str(printed["class"]))
        printed.name = sized[1] if sized else "p"
    _rank_boxes(body)
    return tuple(_whole(blocks(body)))


def _released(stamp: Tag, page: Page) -> StatedDate:
    """Read the day as printed; the attribute is an instant that may lie on the day before."""
    words = normalise(stamp.get_text())
    for form in DAYS:
        try:
            on = datetime.strptime(words, form).date()  # noqa: DTZ007 - a calendar date
        except ValueError:
            continue
        return StatedDate(kind=DateKind.ANNOUNCED, on=on, words=words, read_from="Release Date")
    raise PageChanged(f"{page.url}: “{words}” is no day as the site prints them")


def _language(body: Tag) -> str:
    """What the list of translations says of this page, else its markup of most of the words."""
    for name in body.select(f":is({TRANSLATIONS}) span.lang-text[lang]"):
        return str(name["lang"])
    for part in body.select("div[lang]"):
        if len(part.get_text()) > len(body.get_text()) / 2:
            return str(part["lang"])
    return ""


def _translations(body: Tag, page: Page) -> dict[str, str]:
    links = body.select(f":is({TRANSLATIONS}) a[lang]")
    return {str(link["lang"]): address(link, page) for link in links}


def _rank_boxes(body: Tag) -> None:
    """Rank every box below the heading it stands under, in one pass in reading order: no heading in
    a box holds past its end. The page's title is of the first rank."""
    boxes = {id(box) for box in body.select(BOXES)}
    above = 1
    opened: list[int] = []
    walk: list[Tag | None] = [body]
    while walk:
        tag = walk.pop()
        if tag is None:  # a box ends
            above = opened.pop()
            continue
        held = [child for child in tag.children if isinstance(child, Tag)]
        if id(tag) in boxes:
            _rank(tag, above)
            opened.append(above)
            walk.append(None)
        above = HEADINGS.get(tag.name, above)
        walk += reversed(held)


def _rank(box: Tag, above: int) -> None:
    """Rank a box's headers below the heading above it, what it holds below those, and mark its
    end. In a table row no heading is read, so there it has none."""
    inside = box.find_all(RANK)
    headers = [header for header in box.select(HEADERS) if header.find_parent(class_=BOXED) is box]
    if not (inside or headers) or box.find_parent("tr"):
        return
    rank = min(above + 1, LOWEST)
    own = {id(header) for header in headers}
    held = [heading for heading in inside if id(heading) not in own]
    sink = rank + bool(headers) - min((HEADINGS[each.name] for each in held), default=LOWEST)
    for heading in held:
        heading.name = f"h{min(HEADINGS[heading.name] + max(sink, 0), LOWEST)}"
    for header in headers:
        header.name = f"h{rank}"
    end = BeautifulSoup("", "lxml").new_tag(f"h{rank}", string=END)
    box.insert_after(end)


def _whole(read: Iterable[Block]) -> Iterator[Block]:
    """Leave out the marks of where boxes end, which have served."""
    for block in read:
        if block.text != END:
            yield replace(block, trail=tuple(heading for heading in block.trail if heading != END))
