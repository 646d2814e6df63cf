"""One crawl in a process of its own: a reactor starts once, and a bad source harms nobody else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from index import archive
from index.archive import Archive
from lexwatch import __version__
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from crawlers.courtesy import Courtesy
    from crawlers.source import Visit

Tell = Callable[[Mapping[str, Any]], None]


class Job(BaseModel):
    """What the child process is told, on its standard input.

    `at` is the moment the crawl takes for now, None for the real clock; `seeds` are the addresses
    to ask, None for the source's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: Settings
    source: str
    run: int
    at: datetime | None
    seeds: list[str] | None


def fetch(
    app: App, source: str, *, at: datetime | None, seeds: list[str] | None, tell: Tell
) -> None:
    """Crawl one source to its end. What went wrong stands in the run.

    Raises `SettingsError` where the publisher could not reach us.
    """
    user_agent(app.settings, app.sources[source].facts.hosts)  # refused before anything is begun
    run = archive.begin_run(app.database, source, app.clock())
    job = Job(settings=app.settings, source=source, run=run.id, at=at, seeds=seeds)
    child = subprocess.Popen(
        [sys.executable, "-m", "lexwatch", "fetch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101 - as above
    try:
        child.stdin.write(job.model_dump_json())
        child.stdin.close()
        for line in child.stdout:
            if line.startswith("{"):
                tell(json.loads(line))
    except BaseException:
        child.kill()
        raise
    finally:
        code = child.wait()
    if code:
        archive.end_crawl(
            app.database,
            run.id,
            requests=0,
            size=0,
            blocked=False,
            failures=[f"the crawl of {source} ended early (exit code {code}); run it again"],
        )


def serve(stdin: IO[str], stdout: IO[str]) -> None:
    """Be the child: read a job, crawl, and tell what happens as one JSON object a line."""
    from crawlers.crawl import crawl  # noqa: PLC0415 - Scrapy, for the child alone

    job = Job.model_validate_json(stdin.read())
    app = App(job.settings) if job.at is None else App(job.settings, _stopped(job.at))
    kept = Archive(app.database, job.run)

    def tell(told: Mapping[str, Any]) -> None:
        if told["event"] == "unchanged":
            kept.confirm(told["url"])
        stdout.write(json.dumps(told) + "\n")
        stdout.flush()

    outcome = crawl(
        app.sources[job.source], _visit(app, job), kept, _courtesy(app, job.source), tell
    )
    archive.end_crawl(
        app.database,
        job.run,
        requests=outcome.requests,
        size=outcome.bytes,
        blocked=outcome.blocked,
        failures=outcome.failures,
    )


def _visit(app: App, job: Job) -> Visit:
    from crawlers.source import Visit  # noqa: PLC0415 - for the child alone

    with app.database.read() as connection:
        last = archive.last_complete(connection, job.source)
    options = dict(app.source(job.source).options)
    if job.seeds is not None:
        options["seeds"] = job.seeds
    return Visit(now=app.clock(), last_complete=last.started_at if last else None, options=options)


def _courtesy(app: App, source: str) -> Courtesy:
    from crawlers.courtesy import Courtesy  # noqa: PLC0415 - for the child alone

    crawl = app.settings.crawl
    return Courtesy(
        user_agent=user_agent(app.settings, app.sources[source].facts.hosts),
        origins=app.settings.origins,
        delay=app.source(source).delay,
        timeout=crawl.timeout,
        max_bytes=int(crawl.max_megabytes * 1_000_000),
        retries=crawl.retries,
        backoff=crawl.backoff,
        patience=crawl.patience,
        clock=app.clock,
    )


def user_agent(settings: Settings, hosts: tuple[str, ...]) -> str:
    """Who we say we are; a live site must be able to reach a person, so it needs `contact`."""
    contact = settings.crawl.contact
    mapped = {origin.split("//", 1)[1] for origin in settings.origins}
    if not contact and not mapped.issuperset(hosts):
        raise SettingsError(
            "crawl.contact is empty: set it to an e-mail or web address at which a publisher can "
            'reach you, for example contact = "office@example-law.com" under [crawl]'
        )
    return f"lexwatch/{__version__} (+{contact or 'http://localhost/; rehearsal on a local copy'})"


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at
