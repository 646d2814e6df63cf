"""Title 8 of the Code of Federal Regulations, as it stood on a day that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from crawlers.source import Facts, Follow, Visit
from crawlers.sources import ecfr
from crawlers.spider import SourceSpider
from pipeline.errors import PageChanged, SettingsError
from pipeline.model import Page, Reading

NAME = "ecfr_past"
PARSER = f"{NAME}/1"
FIRST = date(2017, 1, 1)  # where the eCFR's point-in-time texts begin, as they are described


class EcfrPastSpider(SourceSpider):
    """Asks for the title as of one day, `as_of`.

    Apart from the source of the current text, and with the day in every document's key: the text of
    another day is never a version of today's, nothing here can look like a change or a change back,
    and a day that is no longer asked for is not "removed from site".
    """

    name = NAME
    options = ("as_of",)
    facts: ClassVar[Facts] = replace(
        ecfr.EcfrSpider.facts,
        name=NAME,
        title="eCFR, title 8, as of a day",
        home="https://www.ecfr.gov/",
        paths=("/api/versioner/v1/full/",),
        cadence=timedelta(days=30),
        times=("50 4 1 * *",),
        enumerates=False,
        scope=(
            "Every section, part and appendix of title 8 as the eCFR shows it for the day in the "
            "settings: no official edition, and it shows text that a court had vacated or enjoined "
            "where the agency had not removed it; figures are not read"
        ),
    )

    @classmethod
    def question(cls, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask about one day. Raises `SettingsError` where none is named, or no day of the eCFR."""
        return {"as_of": _day(options.get("as_of")).isoformat()}

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:
        """Ask for that day's text, which is settled."""
        day = _day(visit.options.get("as_of"))
        return (Follow(url=f"{ecfr.API}/full/{day}/title-{ecfr.TITLE}.xml", settled=True),)

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:  # noqa: ARG004 - as it says
        """Lead nowhere: one page is the whole title."""
        return ()

    @staticmethod
    def read(page: Page) -> Reading:
        """Read every section, appendix and part as a document of that day; nothing is listed."""
        address = ecfr.FULL.fullmatch(page.url)
        if address is None:
            raise PageChanged(f"{page.url} is no address of a title: see what is followed")
        return replace(ecfr.reading(page, PARSER, date.fromisoformat(address["day"])), listed=())


def _day(stated: object) -> date:
    try:
        day = stated if type(stated) is date else date.fromisoformat(str(stated))
    except ValueError as error:
        raise SettingsError(
            f"as_of = {stated!r} of {NAME} is no day: write as_of = 2019-12-31 under "
            f"[sources.{NAME}.options]"
        ) from error
    if day < FIRST:
        raise SettingsError(f"as_of = {day} of {NAME}: the eCFR has no text before {FIRST}")
    return day
