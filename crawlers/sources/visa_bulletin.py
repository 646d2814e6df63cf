"""The Visa Bulletin: which immigrant visas are available in a month, as the Visa Office prints it.

Which of its charts USCIS accepts for adjustment of status is said on a page of USCIS, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bs4.element import Tag

from crawlers.options import number
from crawlers.scope import address, addresses, one, tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.bulletin import CHARTS, charts, misread
from pipeline.errors import PageChanged
from pipeline.model import Block, DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import blocks, normalise
from pipeline.series import MONTHS, Month, month_of

NAME = "visa_bulletin"
HOME = "https://travel.state.gov/content/travel/en/legal/visa-law0/visa-bulletin.html"
PARSER = f"{NAME}/1"
ISSUER = "Bureau of Consular Affairs, U.S. Department of State"
MONTHS_BACK = 13  # a year can be compared with the year before
MOST_MONTHS = 600  # fifty years: twice as many as the index of July 2026 named

# Three addresses of 2009 and 2012 lack the "for", one of 2007 begins with the month.
ADDRESS = re.compile(
    r"https?://travel\.state\.gov/content/travel/en/legal/visa-law0/visa-bulletin/\d{4}/"
    r"(?:visa-bulletin-(?:for-)?)?(?P<month>[a-z]+)-(?P<year>\d{4})(?:-visa-bulletin)?\.html",
    re.IGNORECASE,
)
TITLE = re.compile(rf"Visa Bulletin for ({'|'.join(MONTHS)}) \d{{4}}\b", re.IGNORECASE)
SCOPE = "div.tsg-rwd-content-page-parsysxxx"
RECENT = "ul#recent_bulletins"
NUMBERED = re.compile(r"Number (?P<number>\d+) Volume (?P<volume>[IVXLC]+)\b")
DATED = re.compile(rf"CA/VO:? *((?:{'|'.join(MONTHS)}) \d{{1,2}}, \d{{4}})\.?", re.IGNORECASE)
# Cells left over from earlier pasting, which stand a hundred inches beside the page.
OFF_PAGE = re.compile(r"position:\s*absolute;.*\bleft:\s*-\d{4,}px", re.IGNORECASE)
LONGEST_TITLE = 300  # characters
FILING_CHARTS = Month(
    year=2015, month=10
)  # the first bulletin with dates for filing beside the others


class VisaBulletinSpider(SourceSpider):
    """Reads the bulletins that the index names: those of the last months, and the coming one."""

    name = NAME
    options = ("months",)
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="Visa Bulletin",
        publisher=ISSUER,
        home=HOME,
        hosts=("travel.state.gov",),
        paths=("/content/travel/en/legal/visa-law0/visa-bulletin",),
        delay=10.0,  # no robots.txt of the site was recorded: the pause that other agencies ask for
        cadence=timedelta(days=1),
        # The next month's bulletin is announced around the middle of a month.
        times=("30 3 * * *", "30 13 8-24 * *"),
        # A run reads as many as the option `months` asks for, and the coming one.
        floor=1,
        ceiling=MOST_MONTHS,  # the index of July 2026 named 296 months, from December 2001 on
        enumerates=True,
        one_per_page=True,
        # Stated by all 24 bulletins recorded.
        fills={"citation": 0.9, "date:announced": 0.9, "link:pdf": 0.9},
        # The longest pause between the days on the 24 bulletins recorded was 25 federal working
        # days (October 3 to November 9, 2023); half as much again.
        silence=38,
        scope=(
            "Every word of the monthly bulletins from the first month asked for on, with their "
            "charts as rows; not which chart USCIS accepts, nor the bulletins' PDFs"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the index, with how many months to read. Raises `SettingsError`."""
        return (Follow(url=HOME, context={"months": _months(visit.options)}),)

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask for so many months. Raises `SettingsError` for bad options."""
        return {"months": _months(options)}

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the index to the months asked for, the oldest first.

        The current and the coming bulletin are corrected now and then, and asked for again; those
        before them are settled.
        """
        if _month_at(page.url):
            return ()
        index = tree(page)
        named, recent = (
            _named(one(index, SCOPE, page), page),
            _named(one(index, RECENT, page), page),
        )
        if not recent:
            raise PageChanged(f"{page.url}: “{RECENT}” links to no bulletin")
        first = min(recent).back(int(page.context.get("months", MONTHS_BACK)) - 1)
        return tuple(
            Follow(url=named[month], settled=month < min(recent))
            for month in sorted(named)
            if month >= first
        )

    @staticmethod
    def read(page: Page) -> Reading:
        """Read one month's bulletin; the index names them all."""
        month, soup = _month_at(page.url), tree(page)
        if month is not None:
            version = _version(soup, month, page)
            return Reading(versions=(version,), listed=(version.document.key,))
        named = _named(one(soup, SCOPE, page), page)
        if not named:
            raise PageChanged(f"{page.url}: the index links to no bulletin")
        return Reading(listed=tuple(str(month) for month in sorted(named)))


def _months(options: Mapping[str, Any]) -> int:
    what = "number of months"
    return number(NAME, options, "months", most=MOST_MONTHS, usual=MONTHS_BACK, what=what)


def _month_at(url: str) -> Month | None:
    """The month whose bulletin an address is; None elsewhere."""
    found = ADDRESS.fullmatch(url)
    return month_of(f"{found['month']} {found['year']}") if found else None


def _named(root: Tag, page: Page) -> dict[Month, str]:
    """Every bulletin that is linked to, with its address."""
    found = ((_month_at(url), url) for url in addresses(root, page))
    return {month: url for month, url in found if month is not None}


def _version(soup: Tag, month: Month, page: Page) -> Version:
    title = normalise(one(soup, "div.tsg-rwd-page-subheader h1", page).get_text())
    if not TITLE.match(title) or month_of(title) != month:
        raise PageChanged(f"{page.url}: the bulletin is called “{title}”")
    scope = one(soup, SCOPE, page)
    pdf = _pdf(scope, page)
    _prepare(scope)
    said = blocks(scope)
    _check(said, month, page)
    found = _found(NUMBERED, said)
    numbered = found.groupdict() if found else {}
    return Version(
        document=Document(source=NAME, key=str(month), kind="visa-bulletin"),
        title=title,
        citation=_citation(title, numbered),
        issuer=ISSUER,
        url=page.url,
        blocks=said,
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=_dated(said),
        metadata=dict(numbered),
        links={"pdf": pdf} if pdf else {},
        succeeds=str(month.back(1)),
    )


def _citation(title: str, numbered: Mapping[str, str]) -> str:
    """Cite by month, number and volume, as printed; "" where these are not."""
    if not numbered:
        return ""
    name = title.replace(" For ", " for ")
    return f"{name} (No. {numbered['number']}, Vol. {numbered['volume']})"


def _prepare(scope: Tag) -> None:
    """Take off what stands beside the page, and make headings of the titles that are only bold.

    A lettered title is a section's; one set in belongs to a chart, under its preference's.
    """
    for left_over in scope.find_all(style=OFF_PAGE):
        left_over.decompose()
    for paragraph in scope.select("p"):
        words = normalise(paragraph.get_text())
        if words and _is_title(paragraph, words):
            is_lettered = re.match(r"[A-Z]\. ", words) is not None
            paragraph.name = "h4" if paragraph.get("style") else "h2" if is_lettered else "h3"


def _is_title(paragraph: Tag, words: str) -> bool:
    """Whether a paragraph outside of the tables is wholly bold and in capitals."""
    if len(words) > LONGEST_TITLE or paragraph.find_parent(["table", "li"]):
        return False
    bold = "".join(each.get_text() for each in paragraph.select("b:not(b b), strong:not(b strong)"))
    letters = re.sub(r"\(\w+\)|[\W\d_]", "", words)
    return letters.isupper() and re.sub(r"\W", "", bold) == re.sub(r"\W", "", words)


def _check(said: tuple[Block, ...], month: Month, page: Page) -> None:
    """Raise `PageChanged` where a chart of the bulletin is not read as one."""
    if strange := misread(said):
        raise PageChanged(f"{page.url}: a chart holds “{strange[0]}”, which is no row of it")
    read = {(cell.chart, cell.preference) for cell in charts(said)}
    needed = CHARTS if month >= FILING_CHARTS else CHARTS[:2]
    for chart, preference in needed:
        if (chart, preference) not in read:
            raise PageChanged(f"{page.url}: no chart of {preference} {chart} dates is found")


def _pdf(scope: Tag, page: Page) -> str:
    found = (address(link, page) for link in scope.select('a[href$=".pdf" i]'))
    return next((url for url in found if "bulletin" in url.lower()), "")


def _dated(said: tuple[Block, ...]) -> tuple[StatedDate, ...]:
    """The Visa Office's own date in the bulletin's last line: it is posted some days later."""
    found = _found(DATED, said)
    if found is None:
        return ()
    on = datetime.strptime(found[1], "%B %d, %Y").date()  # noqa: DTZ007 - a day, in no zone
    return (StatedDate(kind=DateKind.ANNOUNCED, on=on, words=found[0], read_from="CA/VO"),)


def _found(pattern: re.Pattern[str], said: tuple[Block, ...]) -> re.Match[str] | None:
    return next((found for block in said if (found := pattern.match(block.text))), None)
