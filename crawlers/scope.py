"""Find the one element of a page that carries law, or say that the page has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from pipeline.errors import PageChanged
from pipeline.model import Page
from pipeline.normalise import parse

HEAD, TAIL = 5_000, 3_000  # bytes in which a page begins and ends, comments and all
DEPTH = 300  # elements within elements; the deepest recorded page has 32
MOST_LINKED = 200  # addresses kept of one text; the longest recorded has 114
LONGEST_ADDRESS = 500
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
TRACKED = "utm_"  # what a newsletter hangs on an address to count its readers


def tree(page: Page) -> BeautifulSoup:
    """Parse a page's HTML. Raises `PageChanged` where the page begins and has no end: a server that
    fails in mid-page sends what it has, and a text cut short must not pass for an amended one. And
    where it nests elements deeper than any page does: to find one takes as long as their square."""
    if b"<html" in page.body[:HEAD].lower() and b"</html" not in page.body[-TAIL:].lower():
        raise PageChanged(f"{page.url}: the page ends in the middle; it is asked for again")
    root = parse(page.body, page.headers)
    if (depth := _depth(root)) > DEPTH:
        raise PageChanged(f"{page.url}: the page nests {depth} elements; look at the page kept")
    return root


def kept_tree(page: Page) -> BeautifulSoup:
    """As `tree`; of the page that was asked for last without parsing it again. For who changes
    nothing in it: where a page leads and what it says are read one after the other."""
    global _last  # noqa: PLW0603 - one page, in whichever thread: nobody changes it
    last = _last
    if last is None or last[0] is not page:
        last = _last = (page, tree(page))
    return last[1]


_last: tuple[Page, BeautifulSoup] | None = None


def decoded(page: Page) -> Any:
    """Read a page's JSON. What is no character (half of a surrogate pair) becomes "?": no database
    takes it. Raises `ValueError` or `RecursionError` as `json.loads` does."""
    said = json.loads(page.body)
    return json.loads(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


@contextmanager
def as_documented(page: Page) -> Iterator[None]:
    """Read JSON values, which a publisher's API documents and nobody checks. Raises `PageChanged`
    where one is of another sort."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PageChanged(
            f"{page.url}: a field is not what the API documents ({error}); look at the page kept"
        ) from error


def one(root: Tag, selector: str, page: Page) -> Tag:
    """Give the only element a CSS selector finds. Raises `PageChanged` where it finds none or
    many: both mean that the publisher's markup is no longer what the source reads."""
    found = root.select(selector)
    if len(found) != 1:
        raise PageChanged(
            f"{page.url}: “{selector}” finds {len(found)} elements, not 1; "
            f"compare the kept page with crawlers/sources/{page.source}.py"
        )
    return found[0]


def addresses(root: Tag, page: Page) -> Iterator[str]:
    """Give the absolute address of every link below an element, in the order of the page."""
    return filter(None, (address(link, page) for link in root.select("a[href]")))


def address(link: Tag, page: Page) -> str:
    """Give a link's absolute address without its fragment, "" where it is not an address at all."""
    return joined(page.url, str(link.get("href") or "").strip())


def joined(base: str, url: str) -> str:
    """Give an address as one that a page at `base` names, "" where it is none: "http://[", or one
    with a control in it."""
    try:
        found = urldefrag(urljoin(base, url)).url
    except ValueError:
        return ""
    return "" if CONTROL.search(found) else found


def _depth(root: Tag) -> int:
    depths = {id(root): 0}
    for element in root.descendants:
        if isinstance(element, Tag):
            depths[id(element)] = depths[id(element.parent)] + 1
    return max(depths.values())


def linked(root: Tag, page: Page) -> tuple[str, ...]:
    """Give the addresses that a text links to, each once and in order, without the page's own and
    what counts readers: at most `MOST_LINKED`. `root` is the text alone, without menus."""
    found = dict.fromkeys(map(_canonical, addresses(root, page)))
    own = {"", *(_canonical(url).rstrip("/").lower() for url in (page.url, page.final_url))}
    return tuple(url for url in found if url.rstrip("/").lower() not in own)[:MOST_LINKED]


def _canonical(url: str) -> str:
    """An address in one spelling, "" for what is no address of the web, or out of all measure."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or len(url) > LONGEST_ADDRESS:
        return ""
    asked = parts.query
    if TRACKED in asked:  # the rest stays as it is spelled, what has no value included
        asked = "&".join(each for each in asked.split("&") if not each.startswith(TRACKED))
    return parts._replace(netloc=parts.netloc.lower(), query=asked, fragment="").geturl()
