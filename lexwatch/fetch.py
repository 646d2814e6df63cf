"""One crawl in a process of its own: a reactor starts once, and a bad source harms nobody else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, NoReturn

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict

from index import runs
from index.archive import Archive
from index.removal import is_second_look_due
from lexwatch import __version__, logs, turns
from lexwatch.app import App
from lexwatch.settings import Settings
from pipeline.calendar import eastern
from pipeline.errors import LexwatchError, SettingsError

if TYPE_CHECKING:
    from crawlers.courtesy import Courtesy
    from crawlers.source import Visit

Tell = Callable[[Mapping[str, Any]], None]

LEFT = 130  # how a child exits when it is told to stop: what shells report after Ctrl-C
LOCK_WAIT = 60.0  # seconds; a child whose parent is gone ends far sooner

_lifelines: set[IO[str]] = set()  # the standard inputs of the children now crawling
_stops = 0  # how often every crawl of this process was stopped


class Job(BaseModel):
    """What the child process is told, on its standard input.

    `at` is the moment the crawl takes for now, None for the real clock; `seeds` are the addresses
    to ask, None for the source's own; `whole`: ask for all of them, not for what was announced.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: Settings
    source: str
    run: int
    at: datetime | None
    seeds: list[str] | None
    whole: bool


def fetch(
    app: App,
    source: str,
    *,
    at: datetime | None,
    seeds: list[str] | None,
    tell: Tell,
    whole: bool = False,
) -> int:
    """Crawl one source to its end, telling every event of `crawlers.run.Run`; returns the run.

    `whole`: read all of it, even where it is enough to look at what was announced. What went wrong
    stands in the run. Waits while another process asks the same publisher. Raises, before a run is
    begun, `SettingsError` where the publisher could not reach us or an origin is malformed, and
    `StoreError` where another process crawls the source; `KeyboardInterrupt` where the crawl was
    stopped, which leaves the run as one cut off.
    """
    from crawlers.origins import Origins  # noqa: PLC0415 - Scrapy, for a crawl alone

    Origins(_courtesy(app, source).origins)  # both refuse what is wrong in the settings
    before, hosts = _stops, app.sources[source].facts.hosts
    with turns.visit(app.settings.folder, source, hosts, lambda: _stops != before):
        question = _question(app, source)
        whole = whole or seeds is not None or is_whole_due(app, source, question)
        run = runs.begin_run(
            app.database, source, app.clock(), question, is_whole=whole and seeds is None
        )
        job = Job(settings=app.settings, source=source, run=run.id, at=at, seeds=seeds, whole=whole)
        _crawl(app, job, tell)
    return run.id


def is_whole_due(app: App, source: str, question: Mapping[str, Any]) -> bool:
    """Whether a visit is to read the whole of a source, and not only what was announced.

    It is where every visit does; where the last reading that asked the same and reached its end is
    so many Eastern days old as the source or the settings say: one page that fails day after day
    must not have hundreds asked for every day. And it is a day after a complete one that found a
    document missing, since only a second reading shows that it is gone.
    """
    every = app.full_every(source)
    with app.database.read() as connection:
        last = runs.last_ended(connection, source, question)
        if every is None or last is None:
            return True
        age = eastern(app.clock()) - eastern(last.asked_since)
        if age >= every or age < timedelta(0):  # asked tomorrow: by a clock that was wrong
            return True
        enumerates = app.sources[source].facts.enumerates
        is_complete = last.state is runs.RunState.COMPLETE
        return enumerates and is_complete and is_second_look_due(connection, last, app.clock())


def stop() -> None:
    """Stop every crawl of this process, from any thread; each `fetch` raises KeyboardInterrupt."""
    global _stops  # noqa: PLW0603 - of this process, as the children are
    _stops += 1
    for lifeline in tuple(_lifelines):
        with suppress(OSError):  # its child is gone already
            lifeline.close()


def serve(stdin: IO[str], stdout: IO[str]) -> None:
    """Be the child: read a job, crawl, and tell what happens as one JSON object a line.

    Leaves at once when `stdin` ends, as it does when the parent dies, and on Ctrl-C: what is
    committed is committed, and the next crawl goes on from there.
    """
    from crawlers.crawl import crawl  # noqa: PLC0415 - Scrapy, for the child alone

    signal.signal(signal.SIGINT, lambda *_: _leave())
    job = Job.model_validate_json(stdin.readline())
    Thread(target=_outlast, args=(stdin.fileno(),), daemon=True).start()
    app = App(job.settings) if job.at is None else App(job.settings, _stopped(job.at))
    logs.begin(job.settings, "fetch")

    def tell(told: Mapping[str, Any]) -> None:
        stdout.write(json.dumps(told) + "\n")
        stdout.flush()

    with alone(app.settings.folder, job.source):
        outcome = crawl(
            app.sources[job.source],
            _visit(app, job),
            Archive(app.database, job.run, runs.continued(app.database, job.run)),
            _courtesy(app, job.source),
            tell,
        )
        runs.end_crawl(
            app.database,
            job.run,
            requests=outcome.requests,
            size=outcome.bytes,
            blocked=outcome.blocked,
            failures=outcome.failures,
            gone=outcome.gone,
        )


def alone(folder: Path, source: str, wait: float = LOCK_WAIT) -> AbstractContextManager[object]:
    """Be the only crawl of a source into a data folder; `wait` seconds for one that is ending.

    Raises `LexwatchError` where that one goes on.
    """
    try:
        return FileLock(folder / f"crawl-{source}.lock").acquire(timeout=wait)
    except Timeout as error:
        raise LexwatchError(
            f"another crawl of {source} is under way in {folder}; run again when it has ended"
        ) from error


def _crawl(app: App, job: Job, tell: Tell) -> None:
    """Crawl to the end, and write down how it ended where the child could not."""
    with TemporaryFile() as errors:
        try:
            code = _crawl_apart(job, errors, tell)
        except KeyboardInterrupt:
            code = LEFT
        if code in (LEFT, -signal.SIGINT):
            runs.cut_off(app.database, job.run, app.clock())
            raise KeyboardInterrupt
        if code:
            failure = f"the crawl of {job.source} ended early: {_reason(code, errors)}"
            runs.end_crawl(
                app.database, job.run, requests=0, size=0, blocked=False, failures=[failure]
            )


def _crawl_apart(job: Job, errors: IO[bytes], tell: Tell) -> int:
    """Run the child to its end; returns its exit code."""
    with subprocess.Popen(
        # -P: else Python would take what lies in the current folder for modules of ours.
        [sys.executable, "-P", "-m", "lexwatch", "fetch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
    ) as child:
        assert child.stdin is not None  # noqa: S101 - both are pipes
        assert child.stdout is not None  # noqa: S101 - as above
        _lifelines.add(child.stdin)
        try:
            with suppress(OSError):  # it died before it had read: its exit code says the rest
                # In ASCII, since the child reads in the encoding of its locale.
                child.stdin.write(json.dumps(job.model_dump(mode="json")) + "\n")
                child.stdin.flush()
            for line in child.stdout:
                if line.startswith("{"):
                    tell(json.loads(line))
            return child.wait()
        except BaseException:
            child.kill()
            raise
        finally:
            _lifelines.discard(child.stdin)
            with suppress(OSError):
                child.stdin.close()


def _reason(code: int, errors: IO[bytes]) -> str:
    """Why a child ended early: the signal that ended it, or what it wrote last."""
    if code < 0:
        return f"ended by {signal.Signals(-code).name}; run it again"
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip()
    _, known, message = f"\n{said}".rpartition("\nlexwatch: ")
    if known:
        return " ".join(message.split())
    return f"{said.splitlines()[-1] if said else f'exit code {code}'}; run it again"


def _outlast(lifeline: int) -> None:
    os.read(lifeline, 1)  # returns when the parent closes its end, or dies
    _leave()


def _leave() -> NoReturn:
    os._exit(LEFT)


def _visit(app: App, job: Job) -> Visit:
    from crawlers.source import Visit  # noqa: PLC0415 - for the child alone

    options: dict[str, Any] = dict(app.source(job.source).options)
    question = _question(app, job.source)
    with app.database.read() as connection:
        last = runs.last_complete(connection, job.source, question)
        last_whole = runs.last_complete(connection, job.source, question, whole=True)
    if job.seeds is not None:
        options["seeds"] = job.seeds
    return Visit(
        now=app.clock(),
        last_complete=last.started_at if last else None,
        whole=job.whole,
        last_whole=last_whole.asked_since if last_whole else None,
        options=options,
    )


def _question(app: App, source: str) -> Any:
    """What a visit asks for, as JSON gives it back: a day in TOML is a date."""
    asked = app.sources[source].question(app.source(source).options)
    return json.loads(json.dumps(asked, default=str))


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
