"""Where a publisher has an authority, for a reader to open; nothing here is asked for by us."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.citator.twins import twins

_VOLUMES = 27  # from this volume of the I&N reporter on, a page goes by the volume's number


def _volume(match: re.Match[str]) -> str:
    page = f"volume-{match[1]}" if int(match[1]) >= _VOLUMES else "ag-bia-decisions"
    return f"https://www.justice.gov/eoir/{page}"


def _chapter(match: re.Match[str]) -> str:
    chapter = f"-chapter-{match[3]}" if match[3] else ""
    return f"https://www.uscis.gov/policy-manual/volume-{match[1]}-part-{match[2].lower()}{chapter}"


_ADDRESSES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"(\d+) CFR § ([\w.-]+?)(?:\(.*)?", "https://www.ecfr.gov/current/title-{0}/section-{1}"),
    (r"(\d+) CFR pt\. (\w+)", "https://www.ecfr.gov/current/title-{0}/part-{1}"),
    (
        r"(\d+) USC § ([\w-]+)(?:\(.*| note)?",
        "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{0}-section{1}&edition=prelim",
    ),
    (r"(\d+) FR (\d+)", "https://www.federalregister.gov/citation/{0}-FR-{1}"),
    (r"FR Doc\. ([\w-]+)", "https://www.federalregister.gov/d/{0}"),
    (r"Pub\. L\. (\d+)-(\d+)", "https://www.govinfo.gov/link/plaw/{0}/public/{1}"),
    (r"(\d+) Stat\. (\d+)(?:-\d+)?", "https://www.govinfo.gov/link/statute/{0}/{1}"),
    (r"(\d+) USCIS-PM ([A-Z])(?:\.(\d+))?(?:\(.*)?", _chapter),
    (r"Form ([IGN]-\w+)", "https://www.uscis.gov/{0}"),
    (r"([A-Z]{2,6}(?:-[A-Z]{2,6})?-\d{4}-\d{4,5})", "https://www.regulations.gov/docket/{0}"),
    (r"(\d+) I&N Dec\. \d+", _volume),
)


def link(canonical: str) -> str:
    """The publisher's address of an authority, of its section or volume where it has none of its
    own; "" where we know of none. A section of the INA is that of its twin in the U.S. Code."""
    for name in (canonical, *(each for each in twins(canonical) if " USC " in each)):
        for pattern, address in _ADDRESSES:
            if match := re.fullmatch(pattern, name):
                return (
                    address.format(*match.groups()) if isinstance(address, str) else address(match)
                )
    return ""
