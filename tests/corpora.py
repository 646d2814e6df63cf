"""The corpora's precedents, taken in as a crawl takes them in: for tests that read real words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fakes import HashingEncoder

from benchmarks.corpora import EOIR, HEADNOTES, decisions, volumes
from crawlers.sources.bia_decisions import NAME, BiaDecisionsSpider
from index import ingest, keyword, runs
from index.archive import Archive
from index.database import Database
from index.ingest import Readings
from index.intake import Rules
from index.verdict import judge, revise
from pipeline import topics
from pipeline.health import Normal
from pipeline.model import Page

PRECEDENTS = f"corpora/{HEADNOTES}"
TODAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
ANYTHING = Normal(floor=0, ceiling=10_000, enumerates=True)
RULES = Rules(
    readers={NAME: BiaDecisionsSpider.read},
    taxonomy=topics.load(),
    count=HashingEncoder().count,
)


def hold(database: Database, shared: Path) -> None:
    """Take in all of them, as of 22 November 2026."""
    with database.write() as connection:
        keyword.prepare(connection)
    take_in(database, volumes(decisions(shared / "corpora")), TODAY)


def take_in(database: Database, pages: dict[str, str], at: datetime) -> None:
    """What one whole visit to EOIR's volume pages brings, by their addresses."""
    run = runs.begin_run(database, NAME, at)
    archive = Archive(database, run.id)
    for url, body in pages.items():
        archive.keep(served(url, body, at))
    size = sum(map(len, pages.values()))
    runs.end_crawl(database, run.id, requests=len(pages), size=size, blocked=False, failures=())
    readings = Readings(RULES)
    for number in runs.unexamined(database, (NAME,)):
        ingest.examine(database, number, readings, at)
    judged = judge(database, run.id, at, ANYTHING)
    for number in runs.waiting(database, (NAME,)):
        ingest.ingest(database, number, readings, at)
    assert not revise(database, judged).failures


def served(url: str, body: str, at: datetime) -> Page:
    """A page of EOIR's as it was served; `url` may be its name alone: "volume-29"."""
    address = url if url.startswith("https:") else f"{EOIR}/{url}"
    return Page(
        source=NAME,
        url=address,
        final_url=address,
        asked=address,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=body.encode(),
        fetched_at=at,
    )
