"""`rebuild` ends in the same state: whatever derived part was lost, and wherever it was killed."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from dumped import WORDS, Dump, differences, dumped
from fakes import HashingEncoder
from firm import on
from rehearsed import quietly, read
from sqlalchemy import Engine, event

from index import retention, runs
from index.archive import Archive
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.settings import Data, Settings, Source, Topics, Watch
from pipeline.model import Page

pytestmark = [
    pytest.mark.usefixtures("warm"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the days are read in forked processes"),
]

SOURCES = ("bia_decisions", "federal_register", "uscis_policy_manual")
LATER = "2026-12-01"
VOLUME = "https://www.justice.gov/eoir/volume-99"
ANA = Watch(reader="Ana", address="ana@firm.example", topics=["asylum"])


def settings(folder: Path) -> Settings:
    known = App(Settings()).sources
    return Settings(
        data=Data(folder=str(folder)),
        topics=Topics(meaning=False),
        sources={name: Source(enabled=False) for name in known if name not in SOURCES},
        subscriptions=[ANA],
    )


def office(folder: Path) -> App:
    app = App(settings(folder), lambda: on(LATER))
    app.encoder = HashingEncoder()
    return app


@pytest.fixture(scope="module")
def past(warm: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of the sample site, and a page that no reader can read."""
    folder = tmp_path_factory.mktemp("past") / "data"
    read(settings(folder))
    app = office(folder)
    wall(app)
    app.database.close()
    return folder


def wall(app: App) -> None:
    """Keep a page as a visit does that met a bot wall."""
    run = runs.begin_run(app.database, "bia_decisions", on("2026-10-08"))
    page = Page(
        source=run.source,
        url=VOLUME,
        final_url=VOLUME,
        asked=VOLUME,
        status=200,
        headers={"content-type": "text/html"},
        body=b"<html><title>Just a moment...</title><p>Verify you are human.</p></html>",
        fetched_at=on("2026-10-08"),
    )
    Archive(app.database, run.id).keep(page)
    runs.end_crawl(app.database, run.id, requests=1, size=9, blocked=True, failures=["a wall"])
    jobs.read_pages(app, quietly)


@pytest.fixture(scope="module")
def held(past: Path) -> Dump:
    app = office(past)
    found = dumped(app.database)
    app.database.close()
    return found


@pytest.fixture
def folder(past: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(past, tmp_path / "data"))


def rebuilt(folder: Path) -> tuple[jobs.Rebuilt, Dump]:
    """What a rebuild says, and what is held after it; nothing may be embedded again."""
    app = office(folder)
    try:
        told = jobs.rebuild(app, quietly)
        synced = jobs.index(app, quietly)
        assert (synced.embedded, synced.removed) == (0, 0)
        assert synced.held == len({*dumped(app.database)["passage"]})
        return told, dumped(app.database)
    finally:
        app.vectors.close()
        app.database.close()


def test_a_lost_keyword_index_and_chroma_are_as_they_were(folder: Path, held: Dump) -> None:
    shutil.rmtree(folder / "chroma")
    app = office(folder)
    with app.database.write() as connection:
        for table in WORDS:
            emptied = f"INSERT INTO {table}({table}) VALUES ('delete-all')"  # noqa: S608 - our names
            connection.exec_driver_sql(emptied)
    app.database.close()
    told, after = rebuilt(folder)
    assert (told.failures, told.unread) == ((), 1)
    assert differences(held, after) == []


def test_killed_in_the_middle_and_run_again_it_ends_the_same(folder: Path, held: Dump) -> None:
    if (child := os.fork()) == 0:
        commits = 0

        def die(_connection: object) -> None:
            nonlocal commits
            commits += 1
            if commits == 40:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "commit", die)
        jobs.rebuild(office(folder), quietly)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert differences(held, rebuilt(folder)[1]) == []


def test_what_purged_pages_made_stands_and_that_is_told(folder: Path, held: Dump) -> None:
    app = office(folder)
    rules = retention.Rules(pages_days=30)
    assert retention.purge(app.database, rules, on(LATER)).bodies
    app.database.close()
    told, after = rebuilt(folder)
    assert told.purged and told.failures == ()
    assert differences(held, after) == []
