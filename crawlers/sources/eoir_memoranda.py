"""EOIR's memoranda: policy memoranda (PM), Director's memoranda (DM), and the older OPPM."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, ClassVar

from crawlers.scope import address, addresses, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline import paragraphs, pdf
from pipeline.errors import PageChanged
from pipeline.mentions import mentions
from pipeline.model import Block, DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise
from pipeline.onset import is_at_once

NAME = "eoir_memoranda"
HOME = "https://www.justice.gov/eoir/eoir-policy-manual/memoranda-pm-list"
LISTS = (
    HOME,
    "https://www.justice.gov/eoir/eoir-policy-manual/vii",
    "https://www.justice.gov/eoir/eoir-policy-manual/vi",
)
LIST = re.compile(
    r"https?://(?:www\.)?justice\.gov/eoir/eoir-policy-manual/(?:vii?|memoranda-[\w-]+-list)/?",
    re.IGNORECASE,
)
PARSER = f"{NAME}/1"
SCOPE = "div.field_body, div.field--name-field-page-body"
NUMBER = re.compile(r"(?P<series>PM|DM|OPPM)\s*(?P<number>\d{2}-\d{1,3}[A-Z]?)\b", re.IGNORECASE)
MARK = "␟"  # stands before the number that is a link, while a list is read
OPENING = 40  # lines or paragraphs in which a memorandum says what it is, and from when
OWN = re.compile(rf"(?:OOD\s+)?{NUMBER.pattern}", re.IGNORECASE)
LABELLED = re.compile(
    r"(?P<name>purpose|owner|authority|cancellation)\s*:\s*(?P<said>\S.*)", re.IGNORECASE
)
# At the beginning of a line, with the number before it at most; its value may stand below it.
DATED = re.compile(
    rf"^(?:(?:OOD\s+)?{NUMBER.pattern}\W+)?"
    r"(?P<name>(?P<effective>Effective(?: Date)?)|Date(?: Issued| of Issuance)?|Issued|Issue Date)"
    r"\s*:\s*(?P<said>\S.*)",
    re.IGNORECASE | re.MULTILINE,
)


class EoirMemorandaSpider(SourceSpider):
    """Reads EOIR's lists of memoranda, and the PDFs that they lead to."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="EOIR memoranda",
        publisher="Executive Office for Immigration Review, U.S. Department of Justice",
        home=HOME,
        hosts=("www.justice.gov",),
        paths=("/eoir/eoir-policy-manual/memoranda-", "/eoir/eoir-policy-manual/vi"),
        delay=10.0,  # what justice.gov's robots.txt asked for
        cadence=timedelta(days=1),
        times=("40 2 * * *",),
        # Some 60 PM and DM and 30 OPPM were listed in 2025; a cancelled one leaves its list.
        floor=20,
        ceiling=500,
        enumerates=True,
        fills={"title": 1.0, "citation": 1.0},
        scope=(
            "The memoranda that three pages of EOIR's Policy Manual list, with the text of their "
            "PDFs; of scans without a text layer, as some of the oldest are, the title only. A "
            "memorandum that only cancels others is not listed there, and takes effect all the same"
        ),
        unverified="the words of EOIR's lists as public copies give them",
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always from the top
        """Begin at the three lists."""
        return tuple(Follow(url=url) for url in LISTS)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow a list to its PDFs, and to lists that were split off it."""
        if not LIST.fullmatch(page.url):
            return
        for url in dict.fromkeys(addresses(tree(page), page)):
            if LIST.fullmatch(url):
                yield Follow(url=url)
        for entry in _entries(page):
            if entry.pdf:
                said = {"number": entry.number, "title": entry.title}
                yield Follow(url=entry.pdf, context=said, settled=True)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a list, or a memorandum; a scan says nothing beyond what its list says of it."""
        if LIST.fullmatch(page.url):
            entries = _entries(page)
            return Reading(
                versions=tuple(_version(entry, page) for entry in entries),
                listed=tuple(entry.number for entry in entries),
            )
        if "number" not in page.context:
            return Reading()
        try:
            return Reading(versions=(_full(page),))
        except pdf.NoText:
            return Reading(listed=(str(page.context["number"]),))


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A memorandum in a list; `pdf` is "" where its number is no link."""

    number: str
    title: str
    pdf: str


def _entries(page: Page) -> tuple[_Entry, ...]:
    """The memoranda of a list, whether it is set as paragraphs, items or rows. Raises
    `PageChanged` where a page names none, or one number twice with different titles."""
    scope = one(tree(page), SCOPE, page)
    links: dict[str, str] = {}
    for link in scope.select("a[href]"):
        if found := NUMBER.match(normalise(link.get_text())):
            links.setdefault(_number(found), address(link, page))
            link.insert(0, MARK)
    entries: dict[str, _Entry] = {}
    for block in blocks(scope):
        for found, title in _named(block):
            number = _number(found)
            entry = _Entry(number=number, title=title, pdf=links.get(number, ""))
            if entries.setdefault(number, entry) != entry:
                raise PageChanged(f"{page.url}: {number} has two titles; look at the page kept")
    if not entries:
        raise PageChanged(f"{page.url}: the list names no memorandum; look at the page kept")
    return tuple(entries.values())


def _named(block: Block) -> Iterator[tuple[re.Match[str], str]]:
    """The numbers a block of a list opens with, or links, each with the words after it."""
    for piece in block.text.split(MARK):
        if found := NUMBER.match(piece):
            words = re.sub(r"\(PDF\)", " ", piece[found.end() :], flags=re.IGNORECASE)
            title = normalise(words).strip(" |:-–—")
            if any(character.isalpha() for character in title):
                yield found, title


def _number(found: re.Match[str]) -> str:
    return f"{found['series'].upper()} {found['number'].upper()}"


def _version(entry: _Entry, page: Page) -> Version:
    return Version(
        document=Document(source=NAME, key=entry.number, kind="eoir-memorandum"),
        title=entry.title,
        citation=entry.number,
        issuer="Executive Office for Immigration Review",
        url=page.url,
        blocks=(),
        seen_at=page.fetched_at,
        parser=PARSER,
        metadata={"text": "title only"},
        links={"pdf": entry.pdf} if entry.pdf else {},
    )


def _full(page: Page) -> Version:
    """A memorandum's text. Raises `PageChanged` where its opening gives another number."""
    sheets = pdf.sheets(page.body)
    number, title = str(page.context["number"]), str(page.context["title"])
    head = [line.text for line in sheets[0].lines[:OPENING]]
    own = next((_number(found) for line in head if (found := OWN.fullmatch(line))), number)
    if own != number:
        raise PageChanged(f"{page.url} is {own}, where {number} was listed; look at the page kept")
    read = paragraphs.blocks(sheets)
    return Version(
        document=Document(source=NAME, key=number, kind="eoir-memorandum"),
        title=title,
        citation=number,
        issuer="Executive Office for Immigration Review",
        url=page.url,
        blocks=read,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=tuple(_dates(head)),
        metadata=_metadata(read),
        links={"pdf": page.url},
    )


def _dates(head: Iterable[str]) -> Iterator[StatedDate]:
    """When it was issued, and from when it holds: "Immediately" is from the day of issue. Of two
    lines with one label the first is the memorandum's own."""
    said = list(DATED.finditer("\n".join(head)))
    issued = [each for each in said if not each["effective"] and _days(each["said"])]
    issued.sort(key=lambda each: "issue" not in each["name"].casefold())
    days = _days(issued[0]["said"]) if issued else []
    if days:
        yield _stated(DateKind.ANNOUNCED, days, issued[0])
    for each in said:
        at_once = days if is_at_once(f"effective {each['said']}") else []
        if each["effective"] and (from_when := _days(each["said"]) or at_once):
            yield _stated(DateKind.EFFECTIVE, from_when, each)
            return


def _days(words: str) -> list[date]:
    return [mention.on for mention in mentions(words, None) if mention.on]


def _stated(kind: DateKind, days: list[date], line: re.Match[str]) -> StatedDate:
    words = f"{line['name']}: {line['said']}"
    return StatedDate(kind=kind, on=days[0], words=words, read_from="memorandum's head")


def _metadata(read: Iterable[Block]) -> dict[str, Any]:
    """What the head of a memorandum says of it; above all what it cancels."""
    opening = islice(read, OPENING)
    found = (LABELLED.match(block.text) for block in opening)
    return {match["name"].casefold(): match["said"] for match in found if match}
