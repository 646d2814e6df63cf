"""Public inspection: what the Federal Register will publish, on file before it is printed.

A filing is constructive notice of its contents already (44 U.S.C. 1507). The day it is to be
published is the Office's plan and no date of publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawlers.practice import PARTLY, TERMS, WHOLLY, says
from crawlers.scope import as_documented, decoded
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.calendar import eastern
from pipeline.errors import PageChanged
from pipeline.model import DateKind, Document, Page, Reading, StatedDate, Version
from pipeline.normalise import normalise

PARSER = "public_inspection/1"
CURRENT = "https://www.federalregister.gov/api/v1/public-inspection-documents/current.json"
PRESIDENTIAL = "Presidential Document"
SUBJECTS = ("subject_1", "subject_2", "subject_3")


class PublicInspectionSpider(SourceSpider):
    """Asks for the one list of what is on file now."""

    name = "public_inspection"
    facts = Facts(
        name="public_inspection",
        title="Federal Register, public inspection",
        publisher="Office of the Federal Register, National Archives",
        home="https://www.federalregister.gov/public-inspection/current",
        hosts=("www.federalregister.gov",),
        paths=("/api/v1/public-inspection-documents",),
        delay=1.0,
        cadence=timedelta(days=1),
        # Regular filings come at 8:45, special ones through the day.
        times=("50 8 * * *", "20 13 * * *", "20 16 * * *"),
        working=True,
        floor=0,  # on many days nothing on file touches immigration
        ceiling=1_000,
        enumerates=False,  # leaving the list is how every filing ends
        fills={"title": 1.0, "date:public-inspection": 1.0},
        scope="Regular and special filings, by title, agency and docket without their text: all of"
        " USCIS, EOIR, ICE, CBP, ORR and the President; of DHS, DOJ, State, DOL, HHS and CDC those"
        " with one of our words in the title. Regular filings appear at 8:45 Eastern, special ones"
        " through the day: only what is on file when it is read is seen",
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - there is the one list
        """Ask for the current list."""
        return [Follow(url=CURRENT)]

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:  # noqa: ARG004 - the list holds all there is
        """Lead nowhere."""
        return []

    @staticmethod
    def read(page: Page) -> Reading:
        """Read the filings that touch immigration; name all of them."""
        filings = _filings(page)
        with as_documented(page):
            versions = tuple(_version(page, each) for each in filings if _touches(each))
        listed = tuple(str(each["document_number"]) for each in filings)
        return Reading(versions=versions, listed=listed)


def _filings(page: Page) -> list[Mapping[str, Any]]:
    """The list's filings, or the one of a page about a single filing."""
    try:
        said = decoded(page)
    except (ValueError, RecursionError) as error:
        raise PageChanged(f"{page.url} is no JSON ({error}): look at the page kept") from error
    if isinstance(said, dict) and "filing_type" in said:
        said = {"count": 1, "results": [said]}
    if not isinstance(said, dict) or not isinstance(said.get("count"), int):
        raise PageChanged(f"{page.url} answers {page.body[:200]!r}: look at the page kept")
    filings = said.get("results", [])
    if not isinstance(filings, list) or len(filings) != said["count"]:
        raise PageChanged(f"{page.url} counts {said['count']} filings and lists others: run again")
    for each in filings:
        if not (isinstance(each, dict) and each.get("document_number") and each.get("filed_at")):
            raise PageChanged(f"{page.url} lists {str(each)[:80]!r}, without number or day")
    return filings


def _touches(filing: Mapping[str, Any]) -> bool:
    """Whether it is read: an agency of ours whatever it says, another that shares our field where
    its title says so, the President always, whose titles seldom tell."""
    slugs = {str(each.get("slug")) for each in filing.get("agencies") or ()}
    return (
        not slugs.isdisjoint(WHOLLY)
        or filing.get("type") == PRESIDENTIAL
        or (not slugs.isdisjoint(PARTLY) and says(TERMS, _words(filing)))
    )


def _words(filing: Mapping[str, Any]) -> str:
    """The title and its headings: the title of a filing may be only the first of them."""
    return normalise(" ".join(filing.get(name) or "" for name in ("title", *SUBJECTS)))


def _version(page: Page, filing: Mapping[str, Any]) -> Version:
    number = str(filing["document_number"])
    named = (filing.get(name) or "" for name in SUBJECTS)
    title = normalise(filing.get("title") or " ".join(named))
    if not title:
        raise PageChanged(f"{page.url}: the filing {number} has no title: look at the page")
    agencies = [each.get("name") or each.get("raw_name") for each in filing.get("agencies") or ()]
    return Version(
        document=Document(source=page.source, key=number, kind="public-inspection"),
        title=title,
        citation="",
        issuer="; ".join(agencies),
        url=filing.get("html_url") or page.url,
        blocks=(),
        seen_at=page.fetched_at,
        parser=PARSER,
        dates=(_filed(page, filing),),
        metadata=_metadata(filing, agencies),
        links=_links(filing),
    )


def _filed(page: Page, filing: Mapping[str, Any]) -> StatedDate:
    """The day of filing on the Eastern calendar; a moment is not what the law counts by."""
    words = str(filing["filed_at"])
    try:
        on = eastern(datetime.fromisoformat(words))
    except ValueError as error:
        raise PageChanged(f"{page.url} has {words!r} for a day of filing: look at it") from error
    return StatedDate(kind=DateKind.INSPECTION, on=on, words=words, read_from="API filed_at")


def _metadata(filing: Mapping[str, Any], agencies: list[str]) -> dict[str, Any]:
    stated = {
        "document_number": filing["document_number"],
        "type": filing.get("type"),
        "filing_type": filing.get("filing_type"),
        "expected_publication": filing.get("publication_date"),
        "agencies": agencies,
        "docket_ids": filing.get("docket_numbers"),
        "pages": filing.get("num_pages"),
        "editorial_note": filing.get("editorial_note"),
    }
    return {name: value for name, value in stated.items() if value not in (None, "", [])}


def _links(filing: Mapping[str, Any]) -> dict[str, str]:
    """Addresses without the time stamps that the publisher hangs on them."""
    named = {"html": "html_url", "pdf": "pdf_url", "raw": "raw_text_url"}
    return {
        name: url for name, field in named.items() if (url := _bare(str(filing.get(field) or "")))
    }


def _bare(url: str) -> str:
    try:
        return urlsplit(url)._replace(query="").geturl()
    except ValueError:  # "http://[" and the like
        return ""
