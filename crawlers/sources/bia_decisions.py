"""Precedent decisions of the Board of Immigration Appeals and the Attorney General."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from bs4.element import Tag

from crawlers.scope import address, addresses, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged
from pipeline.model import Block, BlockKind, Document, Page, Reading, Version
from pipeline.normalise import blocks, normalise

NAME = "bia_decisions"
HOME = "https://www.justice.gov/eoir/ag-bia-decisions"
PARSER = f"{NAME}/1"

# Volumes 27 on, volumes 8 to 26, and these under their oldest addresses.
VOLUME = re.compile(
    r"https?://(?:www\.)?justice\.gov/eoir/"
    r"(?:volume-\d+|precedent-decisions-volume-\d+|vll/intdec/nfvol\d+\.html?)/?",
    re.IGNORECASE,
)
SCOPE = "div.field_body, div.field--name-field-page-body"
# Printed with slips now and then: "28 I&N Dec 714 (BIA 2023)".
CITATION = re.compile(
    r"(?P<volume>\d+)\s*I\s*&\s*N\.?\s*Dec\.?\s*(?P<page>\d+)"
    r"\s*\((?P<forum>[^()]*?),?\s*(?P<year>\d{4})\)\s*(?P<note>.*)"
)
EOIR_ID = re.compile(r"(?:ID\s*)?#?(\d{3,5}[A-Z]?)\b(?:\s*\(PDF\))?", re.IGNORECASE)
ISSUERS = {
    "BIA": "Board of Immigration Appeals",
    "A.G.": "Attorney General",
    "DIR": "Director, Executive Office for Immigration Review",
    "AAO": "Administrative Appeals Office, U.S. Citizenship and Immigration Services",
}
KINDS = {"BIA": "bia-precedent", "A.G.": "ag-precedent"}
OTHER_KIND = "agency-precedent"  # the few by EOIR's Director, the AAO and former INS officials


class BiaDecisionsSpider(SourceSpider):
    """Reads EOIR's volume pages: name, citation and official headnote of every decision."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="EOIR precedent decisions",
        publisher="Executive Office for Immigration Review, U.S. Department of Justice",
        home=HOME,
        hosts=("www.justice.gov",),
        paths=(
            *("/eoir/ag-bia-decisions", "/eoir/volume-", "/eoir/precedent-decisions-volume-"),
            "/eoir/vll/intdec/nfvol",
        ),
        delay=10.0,  # what justice.gov's robots.txt asked for
        cadence=timedelta(days=1),
        # Some 3,000 decisions stand in the volumes that are online; about 50 a year are added.
        floor=2_000,
        ceiling=6_000,
        enumerates=True,
        # Stated of all decisions recorded (volume 28 in 2021, 2023, 2024). Not so the headnote:
        # volume 28 gives one with every decision, the oldest volumes with none.
        fills={"citation": 0.9, "link:pdf": 0.9},
        # The listing has no days. Since 2020 the fewest decisions in a year were 13 (2023), one in
        # 19 working days; at that rate one pause in twenty is longer than three times as much.
        silence=57,
        scope=(
            "Every precedent that the volume pages list, with its official headnote where the page "
            "gives one; not the decisions' PDFs, which hold the full text and the day of decision"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always from the top
        """Begin at the list of volumes."""
        return (Follow(url=HOME),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the list to its volumes; a volume leads nowhere."""
        if VOLUME.fullmatch(page.url):
            return ()
        found = addresses(tree(page), page)
        volumes = dict.fromkeys(url for url in found if VOLUME.fullmatch(url))
        if not volumes:
            raise PageChanged(f"{page.url}: the list of volumes links to no volume")
        return tuple(Follow(url=url) for url in volumes)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a volume page in any of its layouts; other pages hold nothing of their own."""
        if not VOLUME.fullmatch(page.url):
            return Reading()
        scope = one(tree(page), SCOPE, page)
        listings = _listings(scope, page)
        headnotes = _headnotes(scope)
        return Reading(
            versions=tuple(_version(listed, headnotes[listed.id], page) for listed in listings),
            listed=tuple(listed.id for listed in listings),
        )


@dataclass(frozen=True, kw_only=True)
class _Listing:
    """One decision's row: its EOIR id, the words of its left cell, the address of its PDF."""

    id: str
    words: str
    pdf: str


def _listings(scope: Tag, page: Page) -> tuple[_Listing, ...]:
    """Take the decisions' rows off the page, leaving a heading with the id in place of each.

    Publisher's layouts differ in what is nested in what, not in their order: what stands between
    two rows is the headnote of the first.
    """
    listings: dict[str, _Listing] = {}
    for row in scope.select("tr"):
        cells = row.find_all(["td", "th"], recursive=False)
        words = normalise(cells[0].get_text()) if len(cells) == 2 else ""
        printed = EOIR_ID.fullmatch(normalise(cells[1].get_text())) if words else None
        if printed is None:
            if CITATION.search(words):
                raise PageChanged(f"{page.url}: “{words}” stands without an EOIR id")
            continue
        if printed[1] in listings:
            raise PageChanged(f"{page.url}: two decisions have the EOIR id {printed[1]}")
        listings[printed[1]] = _Listing(id=printed[1], words=words, pdf=_pdf(cells[1], page))
        _mark(row, printed[1])
    if not listings:
        raise PageChanged(f"{page.url}: no row has an EOIR id")
    return tuple(listings.values())


def _pdf(cell: Tag, page: Page) -> str:
    """Give the address under the id; links without words are left over from earlier edits."""
    named = (link for link in cell.select("a[href]") if re.search(r"\d", link.get_text()))
    return next((address(link, page) for link in named), "")


def _mark(row: Tag, eoir_id: str) -> None:
    row.clear()
    row.name = "h1"
    row.attrs = {"id": eoir_id}
    row.string = eoir_id


def _headnotes(scope: Tag) -> dict[str, tuple[Block, ...]]:
    for tag in scope.find_all(["table", "thead", "tbody", "tr", "td", "th"]):
        tag.name = "div"  # these tables only lay out the page
    headnotes: dict[str, list[Block]] = {}
    for block in blocks(scope):
        if block.kind is BlockKind.HEADING and block.level == 1 and block.anchor == block.text:
            current = headnotes.setdefault(block.text, [])
        elif headnotes:
            current.append(replace(block, trail=block.trail[1:]))
    return {eoir_id: tuple(headnote) for eoir_id, headnote in headnotes.items()}


def _version(listed: _Listing, headnote: tuple[Block, ...], page: Page) -> Version:
    match = CITATION.search(listed.words)
    name = listed.words[: match.start()] if match else listed.words
    forum = re.sub(r"\bA\.? ?G\.?(?= |$)", "A.G.", match["forum"]) if match else ""
    # A case that the Attorney General took from the Board is his: "(BIA 1993; A.G. 1994)".
    decider = "A.G." if "A.G." in forum else forum
    metadata: dict[str, Any] = {} if headnote else {"headnote": "not given by the listing"}
    if match:
        metadata |= {"volume": int(match["volume"]), "forum": forum, "year": int(match["year"])}
        if note := match["note"].strip(" ()"):
            metadata["note"] = note
    return Version(
        document=Document(source=NAME, key=listed.id, kind=KINDS.get(decider, OTHER_KIND)),
        title=f"Matter of {re.sub(r'^(Matter of|In re) ', '', name).rstrip(' ,')}",
        citation=_citation(match, forum) if match else "",
        issuer=ISSUERS.get(decider, decider),
        url=page.url,
        blocks=headnote,
        seen_at=page.fetched_at,
        parser=PARSER,
        metadata=metadata,
        links={"pdf": listed.pdf} if listed.pdf else {},
    )


def _citation(match: re.Match[str], forum: str) -> str:
    return f"{match['volume']} I&N Dec. {match['page']} ({forum} {match['year']})"
