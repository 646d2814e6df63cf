"""A small publisher for tests of what comes after the crawl: pages of JSON, {key: text}."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from fakes import HashingEncoder

from index import ingest, runs
from index.archive import Archive
from index.database import Database
from index.ingest import Readings
from index.intake import Rules
from index.removal import conclude
from index.runs import Run
from index.verdict import judge, revise
from pipeline import topics
from pipeline.errors import PageChanged
from pipeline.health import Normal
from pipeline.model import (
    Block,
    BlockKind,
    DateKind,
    Document,
    Page,
    Reading,
    StatedDate,
    Version,
)

SOURCE = "sample"
NOW = datetime(2026, 10, 5, 18, tzinfo=UTC)
DAY = timedelta(days=1)


class Reader:
    """Reads a page of JSON, {key: text}; a test can change `parser`, `broken`, and the days on
    which documents are `published`."""

    def __init__(self) -> None:
        self.parser = "sample 1"
        self.broken = False
        self.published: dict[str, date] = {}

    def __call__(self, page: Page) -> Reading:
        if self.broken:
            raise PageChanged(f"{page.url}: no text; look at the page")
        return Reading(
            versions=tuple(
                self.version(page, key, text) for key, text in json.loads(page.body).items()
            )
        )

    def version(self, page: Page, key: str, text: str) -> Version:
        said = text if self.parser == "sample 1" else f"{text} (as the better reader has it)"
        return Version(
            document=Document(source=SOURCE, key=key, kind="notice"),
            title=f"Notice {key}",
            citation="",
            issuer="Sample agency",
            url=page.url,
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=said),),
            seen_at=page.fetched_at,
            parser=self.parser,
            dates=self._dates(key),
        )

    def _dates(self, key: str) -> tuple[StatedDate, ...]:
        if key not in self.published:
            return ()
        on, kind = self.published[key], DateKind.PUBLISHED
        return (StatedDate(kind=kind, on=on, words=on.isoformat(), read_from="API"),)


def rules_of(reader: Reader) -> Rules:
    """What ingest decides by, with a stub for the model."""
    return Rules(readers={SOURCE: reader}, taxonomy=topics.load(), count=HashingEncoder().count)


def page(said: dict[str, str], at: datetime, url: str = "https://example.gov/list") -> Page:
    return Page(
        source=SOURCE,
        url=url,
        final_url=url,
        asked=url,
        status=200,
        headers={},
        body=json.dumps(said).encode(),
        fetched_at=at,
    )


def visit(
    database: Database,
    rules: Rules,
    at: datetime,
    *pages: Page,
    confirmed: tuple[str, ...] = (),
    failures: tuple[str, ...] = (),
    gone: tuple[str, ...] = (),
    is_whole: bool = True,
    requests: int = 20,
    bounds: tuple[int, int] = (0, 1000),
    normal: Normal | None = None,
) -> Run:
    """One crawl of the sample source, examined, judged and taken in."""
    run = runs.begin_run(database, SOURCE, at, is_whole=is_whole)
    kept = Archive(database, run.id)
    for one in pages:
        kept.keep(one)
    for url in confirmed:
        kept.confirm(url)
    runs.end_crawl(
        database, run.id, requests=requests, size=0, blocked=False, failures=failures, gone=gone
    )
    readings = Readings(rules)
    normal = normal or Normal(floor=bounds[0], ceiling=bounds[1])
    for number in runs.unexamined(database, [SOURCE]):
        ingest.examine(database, number, readings, at)
    for unjudged in runs.unjudged(database, [SOURCE]):
        judged = judge(database, unjudged.id, at, normal)
    for number in runs.waiting(database, [SOURCE]):
        ingest.ingest(database, number, readings, at)
    judged = revise(database, judged)
    conclude(database, judged, at, normal)
    return judged
