"""A packet's web page, a part at a time: what is looked at must come as fast as any other page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy

from lxml import html
from lxml.html import HtmlElement

ROOM = 80_000  # bytes of a part, so that with its head and its sheet it stays under 100 kB
HEADED = 0.5  # of the room: a part that is as full ends before the next chapter
SOURCE = "source-"  # what the anchor of a source begins with; its number follows


def part(page: bytes, number: int) -> bytes:
    """The `number`th part of a packet's page (from 1; the last of a higher one), with links to the
    others. A packet that has room on one page is given as it is."""
    if len(page) <= ROOM:
        return page
    tree = html.document_fromstring(page)
    main = next(tree.iter("main"))
    divided = [*_divided(main)]
    number = min(number, len(divided))
    own = divided[number - 1]
    _lead(divided, number)
    _empty(main)
    main.extend([_ways(number, len(divided)), *own, _ways(number, len(divided))])
    _allow(tree, own)
    return bytes(html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _divided(main: HtmlElement) -> Iterator[Sequence[HtmlElement]]:
    """Its elements in order, divided at chapters where that leaves no part half empty."""
    held: list[HtmlElement] = []
    used = 0
    for each in (piece for child in [*main] for piece in _pieces(child)):
        size = _size(each)
        is_full = used + size > ROOM or (each.tag == "h2" and used > ROOM * HEADED)
        if held and is_full:
            yield held
            held, used = [], 0
        held.append(each)
        used += size
    yield held


def _pieces(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element, or where it is larger than a part its rows in several of its like."""
    holder = element if element.tag in ("ol", "ul") else element.find(".//tbody")
    if _size(element) <= ROOM or holder is None:
        yield element
        return
    rows = [*holder]
    _empty(holder)
    for some in _batches(rows):
        copy = deepcopy(element)
        (copy if holder is element else copy.find(".//tbody")).extend(some)
        yield copy


def _empty(element: HtmlElement) -> None:
    for each in [*element]:
        element.remove(each)


def _batches(rows: Sequence[HtmlElement]) -> Iterator[Sequence[HtmlElement]]:
    some: list[HtmlElement] = []
    used = 0
    for each in rows:
        size = _size(each)
        if some and used + size > ROOM * HEADED:
            yield some
            some, used = [], 0
        some.append(each)
        used += size
    yield some


def _lead(divided: Sequence[Sequence[HtmlElement]], number: int) -> None:
    """Let links to what stands in another part lead there."""
    places = {
        name: at
        for at, elements in enumerate(divided, 1)
        for each in elements
        for name in map(str, each.xpath("descendant-or-self::*/@id"))
    }
    for each in divided[number - 1]:
        for link in each.xpath("descendant-or-self::a[starts-with(@href, '#')]"):
            at = places.get(link.get("href")[1:], number)
            if at != number:
                link.set("href", f"?part={at}{link.get('href')}")


def _ways(number: int, count: int) -> HtmlElement:
    before = f'<a href="?part={number - 1}">Before</a> · ' if number > 1 else ""
    after = f' · <a href="?part={number + 1}">Next</a>' if number < count else ""
    said = f"{before}Part {number} of {count}; the files have the whole{after}"
    return html.fragment_fromstring(f'<nav aria-label="Parts"><p>{said}</p></nav>')


def _allow(tree: HtmlElement, own: Sequence[HtmlElement]) -> None:
    """Let its sources be numbered on from the part before. The page's own rule, which knows one
    sheet, gives way to that of the answer, which is made of those that there are."""
    for rule in tree.xpath("//meta[@http-equiv]"):
        rule.getparent().remove(rule)
    first = next((name for each in own for name in each.xpath("li/@id") if SOURCE in name), None)
    if first:
        begun = int(first.removeprefix(SOURCE)) - 1
        sheet = html.Element("style")
        sheet.text = f".sources {{ counter-reset: source {begun}; }}"
        next(tree.iter("head")).append(sheet)


def _size(element: HtmlElement) -> int:
    return len(html.tostring(element, encoding="utf-8", with_tail=False))
