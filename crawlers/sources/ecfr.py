"""Title 8 of the Code of Federal Regulations, as the eCFR shows it today."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from crawlers.scope import decoded
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from pipeline import ecfr
from pipeline.errors import PageChanged
from pipeline.model import Page, Reading, Version

NAME = "ecfr"
PARSER = f"{NAME}/1"
TITLE = 8
# https://www.ecfr.gov/developers/documentation/api/v1: the versioner service.
API = "https://www.ecfr.gov/api/versioner/v1"
TITLES = f"{API}/titles.json"
FULL = re.compile(rf"{re.escape(API)}/full/(?P<day>\d{{4}}-\d\d-\d\d)/title-{TITLE}\.xml")
# What the API says of a title that tells one edition of its text from the next.
STATED = ("latest_amended_on", "latest_issue_date")
UNVERIFIED = (
    "the eCFR's interactive API documentation and the e-CFR XML User Guide of the "
    "Government Publishing Office (2015)"
)


class EcfrSpider(SourceSpider):
    """Asks when title 8 was last amended, and for its whole text where that is new."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="eCFR, title 8",
        publisher="Office of the Federal Register and Government Publishing Office",
        home=TITLES,
        hosts=("www.ecfr.gov",),
        paths=("/api/versioner/v1/titles.json", "/api/versioner/v1/full/"),
        delay=5.0,
        cadence=timedelta(days=1),
        times=("20 4 * * *",),
        # The annual edition of 2024 prints the headings of 922 sections in 124 parts.
        floor=800,
        ceiling=3_000,
        enumerates=True,
        # Reserved sections have a title and no text: 28 of 669 that could be told in that edition.
        fills={"title": 0.95, "citation": 1.0, "issuer": 0.9},
        unverified=UNVERIFIED,
        scope=(
            "Every section, part and appendix of title 8 as the eCFR shows it today: no official "
            "edition, some working days behind, and it shows text that a court vacated or enjoined "
            "until the agency removes it; figures are not read"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always the same question
        """Ask when each title was last amended."""
        return (Follow(url=TITLES),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Ask for the title as of its latest issue; what is held of that stands unasked."""
        if page.url != TITLES:
            return ()
        stated = _stated(page)
        # Of a day that the eCFR has not come to it has no text.
        day = min(max(filter(None, stated.values())), _ours(page).get("up_to_date_as_of") or "9")
        return (Follow(url=f"{API}/full/{day}/title-{TITLE}.xml", context=stated, settled=True),)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read every section, appendix and part; all that the title names are listed."""
        if page.url == TITLES:
            _stated(page)
            return Reading()
        if not FULL.fullmatch(page.url):
            raise PageChanged(f"{page.url} is no address of title {TITLE}: see what is followed")
        return reading(page, PARSER)


def reading(page: Page, parser: str, as_of: date | None = None) -> Reading:
    """What a title's page says. A number that is printed twice (a text to come stands beside the
    one in force) is two documents, the later "#2"."""
    times: Counter[str] = Counter()
    versions: list[Version] = []
    for piece in ecfr.read(page.body):
        version = ecfr.version(piece, TITLE, page, parser, as_of)
        key = version.document.key
        times[key] += 1
        if times[key] > 1:
            again = replace(version.document, key=f"{key}#{times[key]}")
            version = replace(version, document=again)
        versions.append(version)
    return Reading(
        versions=tuple(versions), listed=tuple(version.document.key for version in versions)
    )


def _stated(page: Page) -> Mapping[str, Any]:
    """The dates of title 8. Raises `PageChanged` where the list lacks the title or its dates."""
    try:
        ours = _ours(page)
        stated = {name: ours.get(name) or "" for name in STATED}
        for day in filter(None, (*stated.values(), ours.get("up_to_date_as_of"))):
            date.fromisoformat(day)
        if any(stated.values()):
            return stated
        why = "it states no date"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = repr(error)
    raise PageChanged(f"{page.url}: when title {TITLE} was amended can't be read ({why})")


def _ours(page: Page) -> dict[str, Any]:
    (ours,) = (each for each in decoded(page)["titles"] if each["number"] == TITLE)
    return dict(ours)
