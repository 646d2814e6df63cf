"""Pages of uscis.gov that practice relies on: filing charts, TPS, parole, DACA, I-9 and others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from crawlers import uscis
from crawlers.options import texts
from crawlers.scope import addresses, linked, tree
from crawlers.source import Follow, Visit
from crawlers.spider import SourceSpider
from pipeline.errors import SettingsError
from pipeline.model import Document, Page, Reading, Version

NAME = "uscis_pages"
SITE = f"https://{uscis.HOST}"
MOST_ADDED = 100  # with ours and the countries', as many as a run may hold
PARSER = f"{NAME}/2"
# Other sources' pages, what is no page, and what changes without law: searches, tools, statistics.
OTHERS = (
    r"/policy-?manual(?:/.*)?|/newsroom(?:/.*)?|/news/.*|/sites/.*|/forms/all-forms"
    r"|/laws-and-policy/policy-memoranda|/outreach/feedback-opportunities(?:/.*)?|/node/.*"
)
CHARTS = (
    "/green-card/green-card-processes-and-procedures/visa-availability-priority-dates"
    "/adjustment-of-status-filing-charts-from-the-visa-bulletin"
)
TPS = "/humanitarian/temporary-protected-status"
DACA = "/humanitarian/consideration-of-deferred-action-for-childhood-arrivals-daca"
WORK = "/working-in-the-united-states"
# Each is linked from recorded pages. TPS leads to the page of each designated country.
PAGES = (
    CHARTS,
    TPS,
    f"{DACA}/frequently-asked-questions",
    f"{DACA}/daca-litigation-information-and-frequently-asked-questions",
    "/humanitarian/humanitarian_parole",
    "/humanitarian/uniting-for-ukraine/"
    "re-parole-process-for-certain-ukrainian-citizens-and-their-immediate-family-members",
    "/humanitarian/information-for-afghan-nationals/re-parole-process-for-certain-afghans-nationals",
    "/humanitarian/refugees-and-asylum/asylum",
    "/humanitarian/refugees-and-asylum/asylum/affirmative-asylum-interview-scheduling",
    "/humanitarian/victims-of-criminal-activity-u-nonimmigrant-status",
    "/humanitarian/victims-of-human-trafficking-t-nonimmigrant-status",
    "/eadautoextend",
    "/i-9-central",
    "/green-card/green-card-processes-and-procedures/employment-authorization-document",
    "/green-card/green-card-processes-and-procedures/public-charge/public-charge-resources",
    "/forms/filing-fees",
    "/forms/filing-guidance",
    "/forms/filing-guidance/expedite-requests",
    "/forms/lockbox-and-service-center-filing-location-updates",
    "/forms/all-forms/how-do-i-request-premium-processing",
    "/laws-and-policy/other-resources/uscis-class-action-settlement-notices-and-agreements",
    "/laws-and-policy/other-resources/unlawful-presence-and-inadmissibility",
    f"{WORK}/h-1b-specialty-occupations",
    f"{WORK}/temporary-workers/h-1b-specialty-occupations/h-1b-cap-season",
    f"{WORK}/temporary-workers/h-1b-specialty-occupations/h-1b-electronic-registration-process",
    f"{WORK}/temporary-workers/h-2a-temporary-agricultural-workers",
    f"{WORK}/temporary-workers/h-2b-temporary-non-agricultural-workers",
    f"{WORK}/students-and-exchange-visitors/optional-practical-training-opt-for-f-1-students",
    f"{WORK}/students-and-exchange-visitors/"
    "optional-practical-training-extension-for-stem-students-stem-opt",
    f"{WORK}/permanent-workers/eb-5-immigrant-investor-program",
)


class UscisPagesSpider(SourceSpider):
    """Reads a stated list of pages, and the page of each country designated for TPS."""

    name = NAME
    options = ("addresses",)
    facts: ClassVar[uscis.SiteFacts] = uscis.SiteFacts(
        name=NAME,
        title="USCIS pages",
        publisher=uscis.ISSUER,
        home=SITE,
        hosts=(uscis.HOST,),
        pattern=rf"(?!(?:{OTHERS}|{uscis.FORM}|{uscis.PLACES})$)/.+",
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("20 1 * * *",),
        # 30 pages are asked for, and in October 2025 the site's menu named 13 countries. Most
        # addresses are recorded as links alone: a few may have moved.
        floor=20,
        ceiling=150,
        enumerates=False,  # a list of ours
        one_per_page=True,
        fills={"title": 0.95, "text": 0.95},  # all of 66 pages recorded state both
        scope=(
            "A list of pages that practice relies on (which chart of the Visa Bulletin USCIS "
            "accepts, TPS and each designated country, parole, DACA, asylum, T and U status, work "
            "permits, I-9, fees, filing locations, H-1B, H-2, OPT, EB-5) and what the settings add "
            "to it; every other page of the site stays unread"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The paths of all pages asked for: ours, and those that the option `addresses` adds."""
        added = map(_own, texts(NAME, options, "addresses", most=MOST_ADDED))
        return {"pages": [*dict.fromkeys((*PAGES, *added))]}

    @classmethod
    def seeds(cls, visit: Visit) -> Iterable[Follow]:
        """Begin with every page of the list."""
        return (Follow(url=f"{SITE}{each}") for each in cls.question(visit.options)["pages"])

    @classmethod
    def follow(cls, page: Page) -> Iterable[Follow]:
        """Lead from the page on TPS to those below it that it links, in its menu or its text."""
        if uscis.path(page.url) == TPS:
            for url in addresses(tree(page), page):
                if cls.facts.covers(url) and uscis.path(url).startswith(f"{TPS}/"):
                    yield Follow(url=url)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read what the page says, in whichever language it is."""
        article = uscis.article(page)
        stated = {
            "language": article.language,
            "status": uscis.ARCHIVED_BY if article.archived else "",
        }
        version = Version(
            document=Document(source=NAME, key=uscis.path(page.url)[1:], kind="uscis-page"),
            title=article.title,
            citation="",
            issuer=uscis.ISSUER,
            url=page.url,
            blocks=article.blocks,
            seen_at=page.fetched_at,
            parser=PARSER,
            dates=(article.released,) if article.released else (),
            metadata={name: value for name, value in stated.items() if value},
            links=article.translations,
            linked=linked(article.body, page),
        )
        return Reading(versions=(version,))


def _own(named: str) -> str:
    """The path of an address of the site that is no other source's."""
    url = named if named.startswith("http") else f"{SITE}/{named.lstrip('/')}"
    if not UscisPagesSpider.facts.covers(url):
        raise SettingsError(
            f"addresses of {NAME}: {named!r} is no page of {uscis.HOST} that this source reads; "
            "forms, the Policy Manual and news have sources of their own"
        )
    return urlsplit(url).path.rstrip("/")
