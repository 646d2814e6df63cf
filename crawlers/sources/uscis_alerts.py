"""USCIS alerts: changes of practice, often effective at once, that stand in no other place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

from crawlers import newsroom
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from crawlers.uscis import HOST, ISSUER
from pipeline.errors import PageChanged
from pipeline.model import Document, Page, Reading

NAME = "uscis_alerts"
HOME = f"https://{HOST}/newsroom/alerts"
PARSER = f"{NAME}/2"
ADDRESS = re.compile(r"https?://(?:www\.)?uscis\.gov/newsroom/alerts/([^/?#]+)/?", re.IGNORECASE)


class UscisAlertsSpider(SourceSpider):
    """Reads the list of alerts and the alerts on it; translations are named and not asked for."""

    name = NAME
    facts: ClassVar[Facts] = Facts(
        name=NAME,
        title="USCIS alerts",
        publisher=ISSUER,
        home=HOME,
        hosts=(HOST,),
        paths=("/newsroom/alerts",),
        delay=10.0,  # what the site's robots.txt asked for
        cadence=timedelta(days=1),
        times=("5 0 * * *",),
        # The list of July 2025 counted 196, three years' less what had been archived; in months of
        # 2023 about fifteen were released.
        floor=80,
        ceiling=1_000,
        # After three years, or earlier, an alert goes into the site's archive: its absence from the
        # list is no removal.
        enumerates=False,
        one_per_page=True,
        full_every=timedelta(days=7),
        fills={"title": 0.95, "text": 0.95, "date:announced": 0.95},  # all of 8 pages recorded
        # The recorded list shows ten releases of 2025; between two of them lay 27 working days at
        # most (23 April to 3 June). Half as many again, since ten are few to measure by.
        silence=40,
        scope=(
            "Every alert on the list, which goes back about three years, with its text; each is "
            "asked for again for 30 days, later only if the list says something new of it. What is "
            "taken off the list is not noticed, and translations are named, not read"
        ),
    )

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Begin at the list: all of it in a whole visit, else as far as its last 30 days."""
        return (Follow(url=HOME, context={"whole": True} if visit.whole else {}),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        """Lead from the list to its alerts, and on with the list; an alert leads nowhere."""
        if newsroom.is_list(page, HOME):
            rows = newsroom.rows(page)
            for row in rows:
                if key(row.url):
                    settled = not row.is_recent(page)
                    yield Follow(url=row.url, context=row.context, settled=settled)
            yield from newsroom.following(page, rows)

    @staticmethod
    def read(page: Page) -> Reading:
        """Read an alert; the list names those there are."""
        if newsroom.is_list(page, HOME):
            named = (key(row.url) for row in newsroom.rows(page))
            return Reading(listed=tuple(dict.fromkeys(filter(None, named))))
        if not key(page.url):
            raise PageChanged(f"{page.url} is the address of no alert; see what the list leads to")
        document = Document(source=NAME, key=key(page.url), kind="uscis-alert")
        return Reading(versions=(newsroom.news(page, document, PARSER),))


def key(url: str) -> str:
    """Give the key of the alert at an address, the last of its path; "" where there is none."""
    match = ADDRESS.fullmatch(url)
    return match[1].lower() if match else ""
