"""How many recorded pages a second are read, beside a parser that makes a tree and nothing else.

    python -m benchmarks.parse [--pages 60] [--rounds 3]

Both sides read the same bytes in the same run, in turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import etree
from rich.console import Console

from benchmarks.tables import tabulated
from crawlers.sources.bia_decisions import BiaDecisionsSpider
from crawlers.sources.uscis_policy_manual import UscisPolicyManualSpider
from crawlers.spider import SourceSpider
from pipeline import entries, fedreg
from pipeline.model import Page

RECORDED = Path(__file__).parents[2] / "shared/recorded"
REGISTER = "https://www.federalregister.gov/documents/full_text/xml/"
ISSUE = "https://www.govinfo.gov/content/pkg/FR-"
MANUAL = "https://www.uscis.gov/policy-manual/volume-"
DECISIONS = "https://www.justice.gov/eoir/"
# The XML was recorded apart from the lists that say number and day where it doesn't.
LISTED = {"document_number": "2016-00000", "publication_date": "2016-04-15", "title": "Untitled"}


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What is read, by us (which returns how many documents) and by the plain parser."""

    name: str
    pages: Sequence[Page]
    ours: Callable[[Page], int]
    plain: Callable[[bytes], object]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(len(page.body) for page in self.pages)


def main() -> None:
    options = _options()
    if not (RECORDED / "index.jsonl").is_file():
        sys.exit(f"{RECORDED} is absent: this benchmark reads the pages recorded there")
    title = f"Read, medians of {options.rounds} rounds; plain: a tree and nothing else"
    headings = ("pages of", "pages", "documents", "MB", "documents/s", "MB/s", "plain MB/s")
    rows = (_row(each, *race(each, options.rounds)) for each in _given(options.pages))
    Console().print(tabulated(title, headings, rows))


def race(given: Pages, rounds: int) -> tuple[int, float, float]:
    """How many documents, and the median seconds over all pages: ours, then plain."""
    documents = 0
    ours: list[float] = []
    plain: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        documents = sum(map(given.ours, given.pages))
        between = time.perf_counter()
        for page in given.pages:
            given.plain(page.body)
        plain.append(time.perf_counter() - between)
        ours.append(between - started)
    return documents, statistics.median(ours), statistics.median(plain)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=60, help="of each source at the most")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _row(given: Pages, documents: int, ours: float, plain: float) -> tuple[str, ...]:
    return (
        given.name,
        f"{len(given.pages)}",
        f"{documents}",
        f"{given.size / 1e6:.1f}",
        f"{documents / ours:,.0f}",
        f"{given.size / 1e6 / ours:.1f}",
        f"{given.size / 1e6 / plain:.1f}",
    )


def _given(most: int) -> list[Pages]:
    soup = partial(BeautifulSoup, features="lxml")
    manual, decisions = UscisPolicyManualSpider, BiaDecisionsSpider
    kinds: list[tuple[str, str, Callable[[Page], int], Callable[[bytes], object]]] = [
        ("Federal Register XML", REGISTER, _register, etree.fromstring),
        ("Federal Register issue", ISSUE, _register, etree.fromstring),
        ("Policy Manual HTML", MANUAL, partial(_documents, manual), soup),
        ("EOIR precedents HTML", DECISIONS, partial(_documents, decisions), soup),
    ]
    return [
        Pages(name=name, pages=_recorded(begin)[:most], ours=ours, plain=plain)
        for name, begin, ours, plain in kinds
    ]


def _register(page: Page) -> int:
    found = fedreg.read(page.body)
    for printed in found:
        number = printed.number or LISTED["document_number"]
        entries.version(page, {**LISTED, "document_number": number}, printed)
    return len(found)


def _documents(source: type[SourceSpider], page: Page) -> int:
    return len(source.read(page).versions)


def _recorded(begin: str) -> list[Page]:
    """The pages whose address begins so, in the order of the index."""
    with (RECORDED / "index.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Page(
            source="benchmark",
            url=row["url"],
            final_url=row["url"],
            asked=row["url"],
            status=row["status"],
            headers={"content-type": row["content_type"]},
            body=(RECORDED / row["file"]).read_bytes(),
            fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
        for row in rows
        if row["status"] == 200
        and row["url"].startswith(begin)
        and row["content_type"] != "application/pdf"
    ]


if __name__ == "__main__":
    main()
