"""Settled pages that are held: which are read again, and what they lead to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import update

from crawlers.courtesy import Courtesy
from crawlers.run import Run
from crawlers.source import Facts, Follow, Visit
from crawlers.spider import SourceSpider
from index import runs, schema
from index.archive import Archive
from index.database import Database
from pipeline.errors import PageChanged
from pipeline.health import Tally
from pipeline.model import Page, Reading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME = "https://www.example.gov/decision"
LED_TO = "https://www.example.gov/next"


class SettledSpider(SourceSpider):
    """One settled page; says how often one was read."""

    name = "example"
    facts: ClassVar[Facts] = Facts(
        name="example",
        title="Example",
        publisher="Example Agency",
        home=HOME,
        hosts=("www.example.gov",),
        delay=0.0,
        cadence=timedelta(days=1),
        floor=0,
        ceiling=9,
        enumerates=False,
        scope="One page",
    )
    read_pages: ClassVar[list[str]] = []

    @staticmethod
    def seeds(visit: Visit) -> Iterable[Follow]:  # noqa: ARG004 - always the same
        return [Follow(url=HOME, settled=True)]

    @staticmethod
    def follow(page: Page) -> Iterable[Follow]:
        return [Follow(url=LED_TO)] if page.url == HOME else []

    @classmethod
    def read(cls, page: Page) -> Reading:
        cls.read_pages.append(page.url)
        if page.body != b"whole":
            raise PageChanged(f"{page.url} came broken")
        return Reading()


@pytest.fixture
def archive(database: Database) -> Archive:
    SettledSpider.read_pages.clear()
    run = runs.begin_run(database, "example", NOW)
    archive = Archive(database, run.id)
    archive.keep(held(b"whole"))
    return archive


def held(body: bytes) -> Page:
    return Page(
        source="example",
        url=HOME,
        final_url=HOME,
        asked=HOME,
        status=200,
        headers={},
        body=body,
        fetched_at=NOW,
    )


def asked(archive: Archive) -> list[str]:
    """What a visit asks for, of the pages that it begins with and those they lead to."""
    courtesy = Courtesy(user_agent="lexwatch (+office@example.gov)", clock=lambda: NOW)
    run = Run(source="example", tell=lambda _: None)
    spider = SettledSpider(visit=Visit(now=NOW), archive=archive, courtesy=courtesy, run=run)

    async def first() -> list[str]:
        return [request.url async for request in spider.start()]

    return asyncio.run(first())


def examined(database: Database, *, failure: str = "") -> None:
    with database.write() as connection:
        said = {"tally": Tally(), "failure": failure, "read_at": NOW}
        connection.execute(update(schema.page).values(**said))


def test_one_that_was_read_in_good_health_is_not_read_again_but_followed(
    database: Database, archive: Archive
) -> None:
    examined(database)
    assert archive.is_read(HOME)
    assert asked(archive) == [LED_TO]
    assert SettledSpider.read_pages == []


def test_one_that_was_never_examined_is_read(archive: Archive) -> None:
    assert not archive.is_read(HOME)
    assert asked(archive) == [LED_TO]
    assert SettledSpider.read_pages == [HOME]


def test_one_that_failed_is_read_and_asked_for_again_while_it_is_broken(
    database: Database, archive: Archive
) -> None:
    archive.keep(held(b"broken"))
    examined(database, failure="it came broken")
    assert not archive.is_read(HOME)
    assert asked(archive) == [HOME]
    assert SettledSpider.read_pages == [HOME]


def test_an_address_that_was_never_kept_was_not_read(archive: Archive) -> None:
    assert not archive.is_read(LED_TO)
