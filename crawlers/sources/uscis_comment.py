"""What USCIS posts for comment outside the Federal Register, and until when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar
from urllib.parse import urlsplit

from bs4.element import Tag

from crawlers.scope import address, addresses, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from crawlers.uscis import HOST, ISSUER, article
from pipeline.errors import PageChanged
from pipeline.mentions import mentions
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise

NAME = "uscis_comment"
SECTION = "/outreach/feedback-opportunities/"
HOME = f"https://{HOST}{SECTION}feedback-opportunities"
PARSER = f"{NAME}/1"

NONE_OPEN = re.compile(
    r"\b(?:currently no|no current|not currently any|are no)\b.{0,80}\bcomment", re.IGNORECASE
)
# The columns of the table, by words in their heads.
COLUMNS = {
    "type": re.compile(r"\btype\b", re.IGNORECASE),
    "title": re.compile(r"\btitle\b", re.IGNORECASE),
    "related": re.compile(r"\brelated\b", re.IGNORECASE),
    "period": re.compile(r"\bclos(?:es?|ing)\b|\bcomment period\b", re.IGNORECASE),
    "effective": re.compile(r"\beffective\b", re.IGNORECASE),
}
# What an entry of a list says when it is a posting, and what it says of its last day.
UNTIL = re.compile(r"\bcomments?\b|\bclos|\bends?\b|\buntil\b|\bdue\b", re.IGNORECASE)
LAST = re.compile(
    r"\b(?:clos(?:e|es|ed|ing)|end(?:s|ed)|until|through|by|due|deadline|final date"
    r"|no later than)\b",
    re.IGNORECASE,
)
# Between the days of a period and a later one that takes the place of its last.
MOVED = re.compile(
    r"\b(?:extend|reopen|re-open|shorten|prolong|chang|clos|end)|\b(?:until|through|to|due|by|now)\b"
    r"|^\W*[-–]\W*$",
    re.IGNORECASE,
)
PREVIOUS = re.compile(r"\b(?:previous|past|closed)\b", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class UscisCommentSpider(SourceSpider):
    """Reads the postings on the pages that the site's page of feedback opportunities leads to."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS postings for comment",
        publisher=ISSUER,
        home=HOME,
        hosts=(HOST,),
        paths=(SECTION,),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("35 0 * * *",),
        floor=0,  # most of the time nothing is open
        ceiling=500,
        enumerates=False,  # being taken off the page is how a posting ends
        fills={"title": 1.0},
        unverified=(
            "public copies of the words of “Policy Manual for Comment” (its table's heads, and "
            "what it says when nothing is open) and of the draft memoranda of 2010 to 2015; the "
            "markup was never seen"
        ),
        scope=(
            "What is posted for comment on policy, open or closed, with the days of its comment "
            "period; not what is open for comment in the Federal Register, nor the drafts' PDFs"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always from the top
        """Begin at the page that leads to the kinds of postings."""
        return (Follow(url=HOME),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead to the pages "… for comment" of the same section; these lead nowhere."""
        if not _is_home(page):
            return ()
        found = dict.fromkeys(filter(_is_for_comment, addresses(tree(page), page)))
        if not found:
            raise PageChanged(f"{page.url}: no page “for comment” is named; look at the kept page")
        return tuple(Follow(url=url) for url in found)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a page's postings. Raises `PageChanged` where it has none and doesn't say so."""
        if _is_home(page):
            return Reading()
        said = article(page)
        postings = [*_in_tables(said.body, page), *_in_lists(said.body, page)]
        if not postings and not any(NONE_OPEN.search(block.text) for block in said.blocks):
            raise PageChanged(f"{page.url}: neither a posting nor that there is none; look at it")
        return Reading(versions=_versions(postings, page))


@dataclass(frozen=True, kw_only=True)
class _Posting:
    """One posting: its comment period as printed, and all that its row or entry says."""

    title: str
    kind: str
    period: str
    effective: str
    is_past: bool
    element: Tag


@dataclass(frozen=True, kw_only=True)
class _Day:
    """A day, and where in the words it stands."""

    on: date
    start: int
    end: int


def _is_home(page: Page) -> bool:
    return urlsplit(page.url).path.rstrip("/") == urlsplit(HOME).path


def _is_for_comment(url: str) -> bool:
    parts = urlsplit(url)
    words = parts.path.lower().removeprefix(SECTION)
    is_below = parts.hostname == HOST and parts.path.lower().startswith(SECTION)
    return is_below and "comment" in re.split(r"[-/]", words)


def _in_tables(body: Tag, page: Page) -> Iterator[_Posting]:
    """Read the tables that have a column of titles and one of comment periods."""
    for table in body.select("table"):
        head, *rows = table.select("tr") or [table]
        named = _columns(head)
        if not {"title", "period"} <= named.keys():
            continue
        for row in rows:
            cells = row.find_all(["td", "th"], recursive=False)
            if len(cells) <= max(named.values()):
                raise PageChanged(f"{page.url}: a row “{normalise(row.get_text())}” lacks cells")
            said = {name: _words(cells[at]) for name, at in named.items()}
            yield _Posting(
                title=said["title"],
                kind=said.get("type", ""),
                period=said["period"],
                effective=said.get("effective", ""),
                is_past=_is_past(table),
                element=row,
            )


def _columns(head: Tag) -> dict[str, int]:
    cells = [_words(cell) for cell in head.find_all(["td", "th"], recursive=False)]
    return {
        name: at
        for name, pattern in COLUMNS.items()
        for at in [next((n for n, cell in enumerate(cells) if pattern.search(cell)), None)]
        if at is not None
    }


def _in_lists(body: Tag, page: Page) -> Iterator[_Posting]:
    """Read the entries that link to a draft and say after the link until when it is open."""
    for entry in body.select("li"):
        links = entry.select("a[href]")
        words = normalise(entry.get_text())
        if entry.find_parent("table") or not links or not address(links[0], page):
            continue
        title = normalise(links[0].get_text())
        period = words.replace(title, "", 1).strip(" -–—:;,()")
        if title and UNTIL.search(period) and _days(period):
            yield _Posting(
                title=title,
                kind="",
                period=period,
                effective="",
                is_past=_is_past(entry),
                element=entry,
            )


def _is_past(element: Tag) -> bool:
    """Whether a posting stands under a heading that calls it a previous one."""
    heading = element.find_previous(HEADINGS)
    return heading is not None and bool(PREVIOUS.search(heading.get_text()))


def _versions(postings: Iterable[_Posting], page: Page) -> tuple[Version, ...]:
    """Key each by the page it stands on, its title and the day it was opened, if that is stated: a
    draft may be posted twice. Never by its last day, which is extended."""
    seen: Counter[str] = Counter()
    versions = []
    for posting in postings:
        parts = [urlsplit(page.url).path.rstrip("/").rpartition("/")[2], _slug(posting.title)]
        key = "/".join([*parts, *_opening(posting.period)])
        seen[key] += 1
        versions.append(_version(posting, key if seen[key] == 1 else f"{key}/{seen[key]}", page))
    return tuple(versions)


def _version(posting: _Posting, key: str, page: Page) -> Version:
    stated = {
        "type": posting.kind,
        "comment_period": posting.period,
        "effective": posting.effective,
        "status": "listed as a previous opportunity" if posting.is_past else "",
    }
    return Version(
        document=Document(source=NAME, key=key, kind="comment-posting"),
        title=posting.title,
        citation="",
        issuer=ISSUER,
        url=page.url,
        blocks=blocks(posting.element),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(*_closing(posting.period), *_effective(posting.effective)),
        metadata={name: words for name, words in stated.items() if words},
        links=_links(posting.element, page),
    )


def _opening(period: str) -> Iterator[str]:
    """The first of several days, where the words before it don't call it a last one."""
    found = _mentioned(period)
    if len(found) > 1 and not LAST.search(period[: found[0].start]):
        yield found[0].on.isoformat()


def _closing(period: str) -> Iterator[StatedDate]:
    """The last day: the later of two, or the only one where the words call it that. A day after
    those counts where the words say that the period was moved to it."""
    found = _mentioned(period)
    last = found[:2]
    for before, after in pairwise(found[1:]):
        if MOVED.search(period[before.end : after.start]):
            last = [found[0], after]
    is_stated = (len(last) == 2 and last[0].on <= last[1].on) or (
        len(last) == 1 and LAST.search(period)
    )
    if is_stated:
        yield StatedDate(
            kind=DateKind.COMMENTS_CLOSE, on=last[-1].on, words=period, read_from="comment period"
        )


def _effective(words: str) -> Iterator[StatedDate]:
    days = _days(words)
    if len(days) == 1:
        yield StatedDate(
            kind=DateKind.EFFECTIVE, on=days[0], words=words, read_from="effective date"
        )


def _days(words: str) -> tuple[date, ...]:
    return tuple(day.on for day in _mentioned(words))


def _mentioned(words: str) -> list[_Day]:
    found = mentions(words, None)
    return [_Day(on=each.on, start=each.start, end=each.end) for each in found if each.on]


def _links(element: Tag, page: Page) -> dict[str, str]:
    """The drafts and what goes with them, by the words of each link."""
    found = {normalise(link.get_text()): address(link, page) for link in element.select("a[href]")}
    return {words: url for words, url in found.items() if words and url}


def _words(cell: Tag) -> str:
    """The words of a cell, which are printed apart where the markup breaks the line."""
    return normalise(cell.get_text(" "))


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
