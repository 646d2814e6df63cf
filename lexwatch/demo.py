"""The demo: the main job over three days of our own sample site, through the live code path."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from platformdirs import user_data_path

from crawlers.replay import Capture, days
from index import runs
from index.search import search
from lexwatch import course, jobs, settings
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.course import Course
from lexwatch.jobs import Read
from lexwatch.output import hits, rows, show
from lexwatch.output.found import row
from lexwatch.output.progress import Tell
from lexwatch.rehearsal import rehearse
from lexwatch.settings import Settings
from lexwatch.turns import Turn
from pipeline.errors import LexwatchError

QUESTION = "what weight does an arrest report carry in a bond hearing"
CITATION = "8 CFR 316.5"
TREATED = "99 I&N Dec. 112"
CHAPTER = "volume-99-part-d-chapter-3"
OFFICE_OPENS = timedelta(hours=14)  # UTC; when the week's digests go out


def run(folder: Path | None, tell: Tell, *, quiet: bool = False) -> dict[str, Any]:
    """Crawl the sample site day by day, search, deliver the week's digests, write a CLE packet.

    A day that was read before is not gone back to; the last one is asked again, so that a second
    run finds that nothing changed. `quiet` prints nothing.
    """
    show.console.quiet = quiet
    config = _prepare(folder or user_data_path("lexwatch", appauthor=False) / "demo")
    given = settings.load(config)
    return _run(given, config, tell)


def _run(given: Settings, config: Path, tell: Tell) -> dict[str, Any]:
    with as_file(files("crawlers") / "sample") as sample:
        known = days(sample)
        read = {day: _read(given, sample, day, tell) for day in _left(given, known)}
    app = App(given, lambda: _monday_after(known[-1]))
    found = search(app.database, app.understanding, QUESTION, limit=3).hits
    show.console.rule(f"Search: {QUESTION}")
    hits.show(found)
    show.console.rule("The week's digests, and course materials")
    with app.turn(Turn.MAILING):
        sending.queue(app, app.clock())
        sent = tuple(sending.send(app))
    show.sent(sent)
    packet = course.write(app, _course(known)).paths[0]
    show.console.print(f"CLE packet: {packet}", soft_wrap=True)
    _say_what_next(config, known)
    return {
        "days": {day: rows.change_rows(one.changes) for day, one in read.items()},
        "search": [row(hit) for hit in found],
        "digests": [rows.sent_row(one) for one in sent],
        "cle": str(packet),
        "config": str(config),
    }


def _prepare(folder: Path) -> Path:
    """Put the demo's settings beside its data, so that the other commands can go on from there.

    The sources of which the sample site has no page are switched off: nobody reads them.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = folder.resolve() / "config.toml"
    if not config.exists():
        given = (files("lexwatch") / "demo.toml").read_text(encoding="utf-8")
        # A JSON string is a TOML string: a path with spaces, quotes or backslashes survives.
        where = f"[data]\nfolder = {json.dumps(str(config.parent))}\n"
        off = "".join(f"\n[sources.{name}]\nenabled = false\n" for name in _not_sampled())
        config.write_text(f"{given}\n{where}{off}", encoding="utf-8")
    return config


def _not_sampled() -> tuple[str, ...]:
    app = App(Settings())
    with (
        as_file(files("crawlers") / "sample") as sample,
        rehearse(app.settings, app.sources, sample, days(sample)[-1]) as rehearsal,
    ):
        sampled = App(rehearsal.settings).enabled()
    return tuple(name for name in app.enabled() if name not in sampled)


def _left(given: Settings, known: Sequence[str]) -> tuple[str, ...]:
    """The days not read yet, and always the last."""
    done = runs.runs(App(given).database, limit=1)
    return tuple(day for day in known if not done or Capture.named(day).clock >= done[0].started_at)


def _read(given: Settings, sample: Path, day: str, tell: Tell) -> Read:
    show.console.rule(f"The sample site on {day}")
    with rehearse(given, App(given).sources, sample, day) as rehearsal:
        app = App(rehearsal.settings, rehearsal.clock)
        read = jobs.crawl(app, (), tell, at=rehearsal.at)
        synced = jobs.index(app, tell)
        sending.match_changes(app)
        show.runs(read.runs, app.titles)
        zone = ZoneInfo(given.digest.zone)
        show.changes(read.changes, app.names, lines=0, zone=zone)
        show.noise(read.noise)
        if not read.changes:
            show.console.print("Nothing changed, and nobody is alerted.")
        show.synced(synced)
        app.vectors.close()
    if read.faults:
        raise LexwatchError("\n".join(read.faults))
    if read.failed:
        raise LexwatchError(f"the sample site was not read completely on {day}: see above")
    return read


def _monday_after(day: str) -> datetime:
    midnight = Capture.named(day).clock.replace(hour=0)
    return midnight + timedelta(days=7 - midnight.weekday()) + OFFICE_OPENS


def _course(known: Sequence[str]) -> Course:
    first, last = (Capture.named(day).on for day in (known[0], known[-1]))
    return Course(since=first, until=last, topics=(), minutes=60, jurisdiction="TX")


def _say_what_next(config: Path, known: Sequence[str]) -> None:
    first, last = (Capture.named(day).on for day in (known[0], known[-1]))
    program = shutil.which("lexwatch") or Path(sys.executable).with_name("lexwatch")
    command = f'"{program}" --config "{config}"'
    show.console.rule("Try next")
    for rest in (
        f'search "{CITATION}"',
        'search "bond hearing" --source bia_decisions',
        f"changes --since {first} --topic naturalization-citizenship",
        f"events --since {first} --until {last}",
        f'status "{TREATED}" --on {last}',
        f'cites "{TREATED}"',
        f"show {CHAPTER}",
        f"show {CHAPTER} --governed-on {last}",
        f"compare {CHAPTER} --from {first} --to {last}",
        'subscribe "Ana Reyes" ana@example.com --topic asylum --try',
        "subscriptions",
        "deadlines --days 365",
        "sent",
        "sources",
        "doctor --offline",
        "schedule --list",
    ):
        show.console.print(f"  {command} {rest}", soft_wrap=True)
