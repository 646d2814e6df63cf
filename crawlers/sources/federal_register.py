"""The Federal Register: lists and documents of its API v1, and the full text as XML.

A list entry and the document's XML make one version: the entry travels as the XML page's context.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline import fedreg, fulltext
from pipeline.entries import FIELDS, kept, key, version
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page, Reading

API = "https://www.federalregister.gov/api/v1"
EASTERN = ZoneInfo("America/New_York")
FIRST_WINDOW = timedelta(days=60)
OVERLAP = timedelta(days=7)  # entries are corrected, and XML arrives, days after publication
PER_PAGE = 100  # the stated limit is 1,000, others report less; above it a page silently has 20
COUNT_CAP = 10_000  # where the publisher stops counting
PAGE_CAP = 50  # beyond it a page number silently means the first page

BENEFITS_AND_COURTS = (
    "u-s-citizenship-and-immigration-services",
    "executive-office-for-immigration-review",
    "u-s-immigration-and-customs-enforcement",
    "u-s-customs-and-border-protection",
)
PARTLY_IMMIGRATION = (
    "homeland-security-department",
    "justice-department",
    "employment-and-training-administration",
    "wage-and-hour-division",
    "state-department",
)
TERMS = ("immigration", "nonimmigrant", "visa", "refugee", "asylum", "aliens")
CFR_PARTS = (  # labor certification; visas, exchange visitors; passports; employer sanctions; …
    *((20, part) for part in (655, 656)),
    *((22, part) for part in (40, 41, 42, 51, 62)),
    *((28, part) for part in (44, 68)),
    *((29, part) for part in (501, 503)),
    *((45, part) for part in (400, 401)),
)
CONDITIONS: tuple[Mapping[str, Any], ...] = (  # each asked apart: the API joins them with "and"
    {"agencies": BENEFITS_AND_COURTS},
    *({"agencies": PARTLY_IMMIGRATION, "term": term} for term in TERMS),
    *({"type": ("PRESDOCU",), "term": term} for term in TERMS),
    {"cfr": {"title": 8}},
    *({"cfr": {"title": title, "part": part}} for title, part in CFR_PARTS),
)


class FederalRegisterSpider(SourceSpider):
    """Asks for what was published since the last complete run, a few days again for safety."""

    name = "federal_register"
    facts = Facts(
        name="federal_register",
        title="Federal Register",
        publisher="Office of the Federal Register, National Archives",
        home="https://www.federalregister.gov",
        hosts=("www.federalregister.gov",),
        paths=("/api/v1/documents.json", "/api/v1/documents/"),
        delay=1.0,  # about one request a second was asked of clients that fetch XML
        cadence=timedelta(days=1),
        floor=0,  # a quiet day publishes nothing new, and what is settled is not read again
        ceiling=5_000,
        enumerates=False,
        scope="Rules, proposed rules, notices and presidential documents on immigration:"
        " by agency, by CFR title and part, and by words in the text",
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Ask once for each of the option `conditions`: mappings of the API's names to values.

        The option `since` is the first day of the first window; dates are Eastern.
        """
        until = visit.now.astimezone(EASTERN).date()
        if visit.last_complete:
            since = visit.last_complete.astimezone(EASTERN).date() - OVERLAP
        else:
            since = _day(visit.options.get("since", until - FIRST_WINDOW))
        for conditions in visit.options.get("conditions", CONDITIONS):
            yield Follow(url=_search(conditions, since, until))

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from a list to its documents' XML, and to the next page as the list names it."""
        said = _json(page) if _is_json(page) else None
        if not isinstance(said, dict) or "total_pages" not in said:
            return
        entries = _entries(page, said)
        yield from map(_document, entries)
        if following := said.get("next_page_url"):
            yield Follow(url=following, context={"listed": _listed(page) + len(entries)})

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a document's XML, or where it has none its JSON; lists name what they list."""
        path = urlsplit(page.url).path
        if path.endswith(".xml"):
            printed = fedreg.read(page.body)
        elif path.endswith(".html"):
            printed = (fulltext.read_html(page.body, page.headers),)
        elif path.endswith(".txt"):
            printed = (fulltext.read_raw(page.body),)
        else:
            return _read_json(page)
        if page.context and len(printed) > 1:
            raise PageChanged(f"{page.url} holds {len(printed)} documents where one was listed")
        return Reading(versions=tuple(version(page, page.context, each) for each in printed))


def _day(since: object) -> date:
    try:
        return since if isinstance(since, date) else date.fromisoformat(str(since))
    except ValueError as error:
        raise SettingsError(
            f"since = {since!r} of federal_register is no day: write it as 2026-01-31"
        ) from error


def _search(conditions: Mapping[str, Any], since: date, until: date) -> str:
    window = {"publication_date": {"gte": since.isoformat(), "lte": until.isoformat()}}
    query = [
        *_pairs("conditions", {**conditions, **window}),
        *_pairs("fields", FIELDS),
        ("order", "oldest"),
        ("per_page", str(PER_PAGE)),
    ]
    return f"{API}/documents.json?{urlencode(query)}"


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Spell a nested value as the API's query does: `conditions[cfr][title]`, `fields[]`."""
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _pairs(f"{name}[{part}]", inner)
    elif isinstance(value, list | tuple):
        yield from ((f"{name}[]", str(each)) for each in value)
    else:
        yield name, str(value)


def _is_json(page: Page) -> bool:
    return not urlsplit(page.url).path.endswith((".xml", ".html", ".txt"))


def _json(page: Page) -> Any:
    try:
        return json.loads(page.body)
    except (ValueError, RecursionError) as error:
        raise PageChanged(f"{page.url} is no JSON ({error}): look at the page kept") from error


def _document(entry: Mapping[str, Any]) -> Follow:
    if xml := entry.get("full_text_xml_url"):
        return Follow(url=xml, context=kept(entry), settled=True)
    number, published = entry["document_number"], entry["publication_date"]
    plain = f"{API}/documents/{number}.json?publication_date={published}"
    return Follow(url=entry.get("json_url") or plain)


def _read_json(page: Page) -> Reading:
    said = _json(page)
    if isinstance(said, list):
        return Reading()  # the agencies
    if not isinstance(said, dict) or "errors" in said or "message" in said:
        raise PageChanged(f"{page.url} answers {page.body[:200]!r}: correct what is asked")
    if "count" in said:
        return Reading(listed=tuple(map(key, _entries(page, said))))
    if "filing_type" in said:
        return Reading(listed=(key(said),))  # filed for inspection, not yet published
    return Reading(versions=(version(page, kept(said), None),))


def _entries(page: Page, said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries of a list, once it is certain that none is withheld."""
    count, entries = said.get("count"), said.get("results")
    if not isinstance(count, int) or not (isinstance(entries, list) or count == 0):
        raise PageChanged(f"{page.url} counts {count!r} documents and lists none: look at it")
    entries = entries or []
    pages, following = said.get("total_pages") or 1, said.get("next_page_url")
    if count >= COUNT_CAP or pages > PAGE_CAP or (following and count > pages * len(entries)):
        raise PageChanged(
            f"{page.url} matches {count} documents or more, and the publisher shows only some:"
            " narrow the conditions or set a later `since`"
        )
    total = _listed(page) + len(entries)
    if not following and total != count and _is_counted(page):
        raise PageChanged(f"{page.url} ends a list of {count} documents after {total}: run again")
    for entry in entries:
        if not (entry.get("document_number") and entry.get("publication_date")):
            raise PageChanged(f"{page.url} lists {str(entry)[:80]!r}, without number or date")
    return entries


def _listed(page: Page) -> int:
    """How many documents the pages before this one listed."""
    return int(page.context.get("listed", 0))


def _is_counted(page: Page) -> bool:
    """Whether we know what came before: a first page, or one we were led to."""
    return "listed" in page.context or "page" not in parse_qs(urlsplit(page.url).query)
