"""The Federal Register: lists and documents of its API v1, and the full text in four forms.

A list entry and the document's text make one version: the entry travels as the text's context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawlers.practice import conditions
from crawlers.scope import as_documented, decoded
from crawlers.slices import API, OVERLAP, listing, slices
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline import fedreg, fulltext
from pipeline.calendar import eastern
from pipeline.entries import kept, key, version
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page, Reading

FIRST_WINDOW = timedelta(days=60)
FORMS = ("full_text_xml_url", "body_html_url", "raw_text_url")  # the richest first


class FederalRegisterSpider(SourceSpider):
    """Asks for what was published since the last complete run, a few days again for safety."""

    name = "federal_register"
    options = ("since", "agencies", "terms", "conditions")
    facts = Facts(
        name="federal_register",
        title="Federal Register",
        publisher="Office of the Federal Register, National Archives",
        home="https://www.federalregister.gov",
        hosts=("www.federalregister.gov",),
        paths=("/api/v1/documents.json", "/api/v1/documents/"),
        delay=1.0,  # about one request a second was asked of clients that fetch XML
        cadence=timedelta(days=1),
        times=("15 6 * * *",),  # the issue of the day is out at 6:00
        working=True,
        floor=0,  # a quiet day publishes nothing new, and what is settled is not read again
        ceiling=20_000,  # some 3,000 a year, and a first run may go back for years
        enumerates=False,
        # Stated by all documents recorded; an issuer by 97 %, and where it is missing it is missing
        # in many at once.
        fills={"title": 1.0, "date:published": 1.0, "issuer": 0.5},
        # The longest pause between two of 1,162 collected immigration documents, 5 to 24 February
        # 2025, where the collection has no gap of months; they are some of all, so the real one
        # is shorter.
        silence=11,
        scope="Rules, proposed rules, notices and presidential documents on immigration: all of"
        " USCIS, EOIR, ICE, CBP and ORR; of DHS, DOJ, State, DOL, HHS, CDC and the President what"
        " has one of our words in it; and what amends the parts of 6, 8, 20, 22, 28, 29, 42 and 45"
        " CFR that touch aliens",
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The conditions in full, so that a better default is asked of the past as well."""
        since = options.get("since")
        return {
            "conditions": list(conditions(options)),
            "since": None if since is None else _day(since).isoformat(),
        }

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Ask what was published since the last complete run, and a few days before it again.

        The first visit begins with the month that was FIRST_WINDOW ago, or on the day that the
        option `since` names; dates are Eastern. See `crawlers.practice` for the other options.
        """
        asked = conditions(visit.options)
        until = eastern(visit.now)
        since = _day(visit.options.get("since", (until - FIRST_WINDOW).replace(day=1)))
        if visit.last_complete:
            since = eastern(visit.last_complete) - OVERLAP
        return [follow for each in asked for follow in slices(each, since, until)]

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from a list to its documents and on; from one not whole only to its halves."""
        said = _json(page) if _is_json(page) else None
        if not isinstance(said, dict) or "count" not in said:
            return
        found = listing(page, said)
        if found.is_whole:
            with as_documented(page):
                documents = [*map(_document, found.entries)]
            yield from documents
        yield from found.leads()

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
        return since if type(since) is date else date.fromisoformat(str(since))
    except ValueError as error:
        raise SettingsError(
            f"since = {since!r} of federal_register is no day: write it as 2026-01-31"
        ) from error


def _is_json(page: Page) -> bool:
    return not urlsplit(page.url).path.endswith((".xml", ".html", ".txt"))


def _json(page: Page) -> Any:
    try:
        return decoded(page)
    except (ValueError, RecursionError) as error:
        raise PageChanged(f"{page.url} is no JSON ({error}): look at the page kept") from error


def _document(entry: Mapping[str, Any]) -> Follow:
    """Ask for the XML, which never changes; where there is none yet, for the next best form.

    Lesser forms aren't settled: XML arrives days after publication, and its address with it.
    """
    number, published = entry["document_number"], entry["publication_date"]
    plain = f"{API}/documents/{number}.json?publication_date={published}"
    best = Follow(url=entry.get("json_url") or plain)
    for form in reversed(FORMS):
        if url := entry.get(form):
            settled = form == FORMS[0]
            best = Follow(url=url, context=kept(entry), settled=settled, otherwise=best)
    return best


def _read_json(page: Page) -> Reading:
    said = _json(page)
    if isinstance(said, list):
        return Reading()  # the agencies
    if not isinstance(said, dict) or "errors" in said or "message" in said:
        raise PageChanged(f"{page.url} answers {page.body[:200]!r}: correct what is asked")
    if "count" in said:
        return Reading(listed=tuple(map(key, listing(page, said).checked())))
    with as_documented(page):
        return Reading(versions=(version(page, kept(said), None),))
