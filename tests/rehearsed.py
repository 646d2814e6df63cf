"""The sample site's three days, read through the live code path with a stub encoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes import HashingEncoder

from crawlers.replay import days
from lexwatch import jobs
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.rehearsal import rehearse
from lexwatch.settings import Settings

SAMPLE = Path(__file__).resolve().parents[1] / "crawlers" / "sample"


def quietly(_what: str, _done: int, _of: int | None) -> None:
    """Show no progress."""


@contextmanager
def day(given: Settings, name: str, folder: Path = SAMPLE) -> Iterator[App]:
    """The parts, put together on a day of the sample site, while its server runs."""
    with rehearse(given, App(given).sources, folder, name) as rehearsal:
        app = App(rehearsal.settings, rehearsal.clock)
        app.encoder = HashingEncoder()
        try:
            yield app
        finally:
            app.vectors.close()


def read(given: Settings, *names: str, folder: Path = SAMPLE) -> list[jobs.Read]:
    """Crawl, ingest, index and match on each of the days (all of them if none is named)."""
    found = []
    for name in names or days(folder):
        with day(given, name, folder) as app:
            found.append(jobs.crawl(app, (), quietly, at=app.clock()))
            jobs.index(app, quietly)
            sending.match_changes(app)
    return found
