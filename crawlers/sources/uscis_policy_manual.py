"""The USCIS Policy Manual: its chapters, and the policy alerts and technical updates to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from crawlers import appendices, manual, updates
from crawlers.manual import HOME, ISSUER, NAME, key
from crawlers.scope import kept_tree
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.announced import UPDATES
from pipeline.errors import PageChanged
from pipeline.model import Page, Reading

# A page asked for by name leads to what is below it, and not to the whole book.
NAMED: Mapping[str, Any] = {"named": True}


class UscisPolicyManualSpider(SourceSpider):
    """Reads guidance, resources and appendices, and the update history with its alerts' PDFs."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS Policy Manual",
        publisher=ISSUER,
        home=HOME,
        hosts=("www.uscis.gov",),
        paths=("/policy-manual", "/policymanual/html/"),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("40 1 * * *",),
        full_every=timedelta(days=7),  # a pass takes 80 minutes of requests
        # In October 2025 the contents named 447 volumes, parts and chapters, of which some 350 have
        # text of their own, the recorded pages 21 appendices, and the update history 311
        # entries; all of them have only grown.
        floor=600,
        ceiling=1_500,
        enumerates=True,
        one_per_page=True,
        # Stated by all but the reserved chapters, 3 of the 242 pages recorded, and by all 311
        # updates. Guidance has citations and footnotes, updates have dates, and what a run reads
        # of each varies: only what all of them state has one share over a run.
        fills={"title": 0.95, "text": 0.95},
        # The longest pause between two updates since 2020: 19 October to 9 December 2022.
        silence=34,
        scope=(
            "Guidance of every volume, part and chapter with its footnotes, resources and "
            "appendices, and the history of policy alerts, with their PDFs, and of technical "
            "updates; not the historical versions or the retired Adjudicator's Field Manual. The "
            "whole is read once a week, the update history and the sections it names every day"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the contents, which name the volumes, and at the update history; in a visit
        between two whole ones, at the history alone."""
        if not visit.whole:
            return (Follow(url=UPDATES, context=NAMED),)
        return (Follow(url=HOME), Follow(url=f"{HOME}/table-of-contents"), Follow(url=UPDATES))

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Follow the contents that stand on every page of the book; it opens one part at a time."""
        if _is_pdf(page):
            return ()
        soup = kept_tree(page)
        if _is_updates(page):
            return updates.leads(updates.entries(soup, page), page)
        slugs = manual.contents(soup, page)
        if not slugs:
            raise PageChanged(f"{page.url}: no table of contents names a volume, part or chapter")
        return (*_below(slugs, page), *appendices.leads(soup, page))

    @staticmethod
    def read(page: Page) -> Reading:
        """Read a PDF, an update history, guidance or a table of contents, by the page's address."""
        if _is_pdf(page):
            return _pdf(page)
        soup = kept_tree(page)
        if _is_updates(page):
            entries = updates.entries(soup, page)
            return Reading(versions=entries, listed=tuple(v.document.key for v in entries))
        listed = manual.contents(soup, page)
        slug = key(page.url)
        if not slug:
            return Reading(listed=listed)
        guidance = manual.guidance(soup, page, slug)
        versions = (*((guidance,) if guidance else ()), *appendices.read(soup, page))
        named = (*(v.document.key for v in versions), *listed, *updates.own(soup, page))
        return Reading(versions=versions, listed=tuple(dict.fromkeys(named)))


def _is_updates(page: Page) -> bool:
    return page.url.rstrip("/") == UPDATES


def _is_pdf(page: Page) -> bool:
    return page.url.lower().endswith(".pdf")


def _below(slugs: Iterable[str], page: Page) -> Iterator[Follow]:
    """The pages that a page leads to: all it names, or, of a page that was asked for by name, what
    is below it."""
    is_named = bool(page.context.get("named"))
    for slug in slugs:
        if not is_named or slug.startswith(f"{key(page.url)}-"):
            yield Follow(url=f"{HOME}/{slug}", context=NAMED if is_named else {})


def _pdf(page: Page) -> Reading:
    if "announced" in page.context:
        return updates.policy_alert(page)
    if "appendix" in page.context:
        return appendices.printed(page)
    raise PageChanged(f"{page.url}: a PDF is read with the page that leads to it, and none did")
