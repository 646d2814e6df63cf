"""What a year of the Federal Register costs to fetch and to take in, and what it costs day by day.

    python -m benchmarks.crawl

The live code path, child process included, against the simulator of the interface on loopback,
beside a plain client that asks every condition apart for every day and remembers nothing. How fast
pages are read alone says `benchmarks.parse`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.tables import tabulated
from benchmarks.year import FIRST, LAST, Year
from crawlers.practice import conditions
from crawlers.serving import SimulatorServer
from crawlers.simulator import HOST, SEARCH
from crawlers.slices import OVERLAP, slices
from crawlers.sources.federal_register import FederalRegisterSpider
from index import runs
from lexwatch import jobs
from lexwatch.app import App
from lexwatch.fetch import fetch
from lexwatch.settings import Data, Settings, Source

SOURCE = FederalRegisterSpider.facts.name
PAUSE = FederalRegisterSpider.facts.delay
FIRST_VISIT = datetime.fromisoformat(f"{LAST}T14:00+00:00")
NEW = 5  # documents of the next day
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Killed(Exception):
    """Ends a crawl as a kill would: its child dies at once."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit. `requests` as the server heard them, robots.txt included; `size` in bytes, None
    where nobody was left to count; `changes`, noise included, None where nothing was taken in."""

    name: str
    requests: int
    lists: int
    texts: int
    size: int | None
    seconds: float
    ingested: float = 0.0
    documents: int = 0
    changes: int | None = None


class Office:
    """One data folder, and the moment of its next visit."""

    def __init__(self, folder: str, server: SimulatorServer, now: datetime) -> None:
        self.folder = folder
        self.server = server
        self.now = now

    @property
    def app(self) -> App:
        now = self.now
        settings = Settings(
            data=Data(folder=self.folder),
            origins=self.server.origins,
            sources={SOURCE: Source(options={"since": FIRST})},
        )
        return App(settings, lambda: now)

    def fetch(self, name: str, *, die_after: int | None = None) -> Visit:
        """Crawl and read nothing; or be killed after so many pages."""
        before, kept, app = len(self.server.asked), 0, self.app
        _ = app.database  # migrated

        def hear(told: Mapping[str, Any]) -> None:
            nonlocal kept
            kept += told["event"] == "kept"
            if kept == die_after:
                raise Killed

        started = time.perf_counter()
        try:
            fetch(app, SOURCE, at=self.now, seeds=None, tell=hear)
            size: int | None = _checked(app).bytes
        except Killed:
            size = None
        seconds = time.perf_counter() - started
        app.database.close()
        return _visit(name, self.server.asked[before:], size, seconds)

    def crawl(self, name: str) -> Visit:
        """Crawl, and take in what came."""
        before, app = len(self.server.asked), self.app
        _ = app.encoder.count("")  # loaded before the watch starts
        started = time.perf_counter()
        fetched = 0.0

        def tell(what: str, _done: int, _of: int | None) -> None:
            nonlocal fetched
            if what == f"crawl {SOURCE}":
                fetched = time.perf_counter()

        read = jobs.crawl(app, (SOURCE,), tell, at=self.now)
        ended = time.perf_counter()
        run = _checked(app)
        app.database.close()
        return _visit(
            name,
            self.server.asked[before:],
            run.bytes,
            fetched - started,
            ingested=ended - fetched,
            documents=run.documents,
            changes=len(read.changes) + len(read.noise),
        )


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    year = Year.recorded()
    print(f"{year}.\nBytes are of bodies, uncompressed; a 304 has none.")
    first, *later = days(year)
    half, rest, *again = killed(year, first)
    last, after = FIRST_VISIT.date(), FIRST_VISIT.date() + DAY
    by_hand = [
        plain("plain client, the year", year, date.fromisoformat(FIRST), last),
        plain("plain client, 8 days", year.followed(NEW), after - OVERLAP, after),
    ]
    console = Console()
    console.print(wire([first, half, rest, *again, *later, *by_hand]))
    console.print(taken_in([first, *later]))
    repeated = half.requests + rest.requests - first.requests
    print(
        f"Again: nothing has changed. Killed and run again: {repeated} more than undisturbed.\n"
        f"Taken in: {first.documents / first.ingested:.0f} documents/s in the first year, which is"
        " the baseline and silent.\nThe corpora hold a part of a real year's documents; each costs"
        " one request beside the lists.\nSeconds hold the simulator's own time, and ours to start"
        " a process a visit."
    )


def days(year: Year) -> list[Visit]:
    """The first year and the days after it, in one data folder, through to the database.

    The first question of a day is a new address, which no validator helps; what is asked again
    on the same day, after a complete run of that day, is the same address.
    """
    with SimulatorServer(year.simulator) as server, TemporaryDirectory() as folder:
        office = Office(folder, server, FIRST_VISIT)
        visits = [office.crawl("first year")]
        followed = year.followed(NEW)
        server.simulator = followed.simulator
        office.now += DAY
        visits.append(office.crawl(f"next day, {NEW} new documents"))
        office.now += HOUR
        visits.append(office.crawl("again, a new question"))
        office.now += HOUR
        visits.append(office.crawl("again, validators"))
        with SimulatorServer(followed.simulator, validators=False) as silent:
            office.server, office.now = silent, office.now + HOUR
            visits.append(office.crawl("again, no validators"))
        server.simulator = followed.changed().simulator
        office.server, office.now = server, office.now + HOUR
        visits.append(office.crawl("one document changed"))
    return visits


def killed(year: Year, whole: Visit) -> list[Visit]:
    """A first year killed half way and run again; then, as no run is judged, asked as a whole."""
    with SimulatorServer(year.simulator) as server, TemporaryDirectory() as folder:
        office = Office(folder, server, FIRST_VISIT)
        half = (whole.lists + whole.texts) // 2
        visits = [
            office.fetch("killed half way", die_after=half),
            office.fetch("… and run again"),
            office.fetch("year again, validators"),
        ]
        with SimulatorServer(year.simulator, validators=False) as silent:
            office.server = silent
            return [*visits, office.fetch("year again, no validators")]


def plain(name: str, year: Year, since: date, until: date) -> Visit:
    """Ask for every day and condition, then for every document named, whatever was held."""
    size = 0
    seen: set[str] = set()
    with SimulatorServer(year.simulator) as server:
        base = server.origins[f"https://{HOST}"]

        def get(url: str) -> bytes:
            nonlocal size
            with urlopen(url.replace(f"https://{HOST}", base)) as answer:  # noqa: S310 - loopback
                body: bytes = answer.read()
            size += len(body)
            return body

        started = time.perf_counter()
        for day in (since + n * DAY for n in range((until - since).days + 1)):
            for asked in conditions({}):
                url = next(slices(asked, day, day)).url
                while url:
                    said = json.loads(get(url))
                    seen |= {each["full_text_xml_url"] for each in said.get("results", ())}
                    url = said.get("next_page_url")
        for url in sorted(seen):
            get(url)
        return _visit(name, server.asked, size, time.perf_counter() - started)


def wire(visits: list[Visit]) -> Table:
    rows = (
        (
            each.name,
            f"{each.requests:,}",
            f"{each.lists:,}",
            f"{each.texts:,}",
            "–" if each.size is None else f"{each.size / 1000:,.0f}",
            f"{each.seconds:.1f}",
            f"{timedelta(seconds=round(max(each.seconds, each.requests * PAUSE)))}",
        )
        for each in visits
    )
    headings = ("visit", "requests", "lists", "texts", "kB", "seconds", f"pause {PAUSE:g} s")
    return tabulated(
        "On the wire, beside the time it takes at the publisher's pause", headings, rows
    )


def taken_in(visits: list[Visit]) -> Table:
    rows = (
        (each.name, f"{each.documents}", f"{each.ingested:.1f}", f"{each.changes}")
        for each in visits
    )
    headings = ("visit", "documents", "seconds", "changes")
    return tabulated("Taken in: examined, judged, compared, saved; not embedded", headings, rows)


def _checked(app: App) -> runs.Run:
    """The run that just ended. Exits where it failed: its figures would be of something else."""
    (run,) = runs.runs(app.database, SOURCE, limit=1)
    if run.failures:
        raise SystemExit("\n".join(("the crawl failed, so nothing is measured:", *run.failures)))
    return run


def _visit(name: str, asked: list[str], size: int | None, seconds: float, **taken: Any) -> Visit:
    return Visit(
        name=name,
        requests=len(asked),
        lists=sum(f"{SEARCH}.json?" in target or f"{SEARCH}?" in target for target in asked),
        texts=sum("/full_text/" in target for target in asked),
        size=size,
        seconds=seconds,
        **taken,
    )


if __name__ == "__main__":
    main()
