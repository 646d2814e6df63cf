"""Read EOIR's volume pages: one row a decision, and the headnote that stands below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bs4.element import Tag

from crawlers.scope import address
from pipeline.errors import PageChanged
from pipeline.model import Block, BlockKind, Page
from pipeline.normalise import blocks, normalise
from pipeline.reporter import CITATION

LISTED = re.compile(rf"{CITATION.pattern}\s*(?P<note>.*)")
EOIR_ID = re.compile(r"(?:ID\s*)?#?(\d{3,5}[A-Z]?)\b(?:\s*\(PDF\))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One decision's row: its EOIR id, the words of its left cell, the address of its PDF."""

    id: str
    words: str
    pdf: str


def listings(scope: Tag, page: Page) -> tuple[Listing, ...]:
    """Take the decisions' rows off the page, leaving a heading with the id in place of each.

    Publisher's layouts differ in what is nested in what, not in their order: what stands between
    two rows is the headnote of the first.
    """
    found: dict[str, Listing] = {}
    for row in scope.select("tr"):
        cells = row.find_all(["td", "th"], recursive=False)
        words = normalise(cells[0].get_text()) if len(cells) == 2 else ""
        printed = EOIR_ID.fullmatch(normalise(cells[1].get_text())) if words else None
        if printed is None:
            if LISTED.search(words):
                raise PageChanged(f"{page.url}: “{words}” stands without an EOIR id")
            continue
        if printed[1] in found:
            raise PageChanged(f"{page.url}: two decisions have the EOIR id {printed[1]}")
        found[printed[1]] = Listing(id=printed[1], words=words, pdf=_pdf(cells[1], page))
        _mark(row, printed[1])
    if not found:
        raise PageChanged(f"{page.url}: no row has an EOIR id")
    return tuple(found.values())


def _pdf(cell: Tag, page: Page) -> str:
    """Give the address under the id; links without words are left over from earlier edits."""
    named = (link for link in cell.select("a[href]") if re.search(r"\d", link.get_text()))
    return next((address(link, page) for link in named), "")


def _mark(row: Tag, eoir_id: str) -> None:
    row.clear()
    row.name = "h1"
    row.attrs = {"id": eoir_id}
    row.string = eoir_id


def headnotes(scope: Tag) -> dict[str, tuple[Block, ...]]:
    """The headnote of each decision; to be asked after `listings`, which leaves the marks."""
    for tag in scope.find_all(["table", "thead", "tbody", "tr", "td", "th"]):
        tag.name = "div"  # these tables only lay out the page
    headnotes: dict[str, list[Block]] = {}
    for block in blocks(scope):
        if block.kind is BlockKind.HEADING and block.level == 1 and block.anchor == block.text:
            current = headnotes.setdefault(block.text, [])
        elif headnotes:
            current.append(replace(block, trail=block.trail[1:]))
    return {eoir_id: tuple(headnote) for eoir_id, headnote in headnotes.items()}
