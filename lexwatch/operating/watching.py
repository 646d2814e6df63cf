"""What is watched, how often, and what is planned, without loading what crawls it: who looks every
minute would wait for that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from index import derived
from lexwatch import __version__
from lexwatch.app import App
from pipeline import cron
from pipeline.cron import Timetable
from pipeline.errors import StoreError

HOUR = timedelta(hours=1)
FACT = "watched sources"  # in the database: what is known of them, and for which program


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A source that is on: how many hours lie between two visits, and how many federal working days
    without news are normal (None: any)."""

    name: str
    title: str
    hours: float
    silence: int | None


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A job of the schedule that runs: its cron lines, in a zone, on working days only or not."""

    name: str
    lines: tuple[str, ...]
    zone: str
    working: bool

    def next(self, moment: datetime) -> datetime | None:
        """When it falls due first after a moment."""
        crons = tuple(map(cron.read, self.lines))
        return Timetable(crons=crons, zone=ZoneInfo(self.zone), working=self.working).next(moment)


@dataclass(frozen=True, kw_only=True)
class Watching:
    """The sources that are on, and the jobs that run."""

    sources: tuple[Watched, ...]
    jobs: tuple[Planned, ...]


@dataclass(frozen=True, kw_only=True)
class _Known:
    key: str
    watching: Watching


_SHAPE = TypeAdapter(_Known)


def watching(app: App) -> Watching:
    """As the database has it from the last time that this program was asked with these settings;
    else from the sources themselves."""
    key = _key(app)
    with app.database.read() as connection, suppress(ValidationError):
        known = _SHAPE.validate_json(derived.get_fact(connection, FACT) or "{}")
        if known.key == key:
            return known.watching
    found = Watching(sources=tuple(_sources(app)), jobs=tuple(_jobs(app)))
    held = _SHAPE.dump_json(_Known(key=key, watching=found)).decode()
    with suppress(StoreError), app.database.write() as connection:  # it is a matter of speed only
        derived.set_fact(connection, FACT, held)
    return found


def overdue(
    source: Watched, visit: Planned | None, looked: datetime | None, at: datetime
) -> timedelta | None:
    """How long ago a source was last looked at, where a visit was due since, and once more: a
    single one may be late. One that a weekend, a holiday or the settings put off is not due. None
    where none is overdue, or it never was looked at."""
    if looked is None or at - looked <= 2 * timedelta(hours=source.hours):
        return None
    if visit is None:
        return at - looked
    first = visit.next(looked)
    second = first and visit.next(first)
    return at - looked if second is not None and second <= at else None


def _sources(app: App) -> Iterator[Watched]:
    for name in app.enabled():
        facts = app.sources[name].facts
        yield Watched(
            name=name,
            title=facts.title,
            hours=facts.cadence / HOUR,
            silence=facts.silence,
        )


def _jobs(app: App) -> Iterator[Planned]:
    from lexwatch.schedule.plan import planned  # noqa: PLC0415 - it loads what crawls

    for job in planned(app):
        if not job.off:
            table = job.timetable
            lines = tuple(each.line for each in table.crons)
            yield Planned(name=job.name, lines=lines, zone=table.zone.key, working=table.working)


def _key(app: App) -> str:
    """What the answer depends on: the program, its sources' files, the settings on which sources
    and jobs depend."""
    folder = files("crawlers").joinpath("sources")
    found = sorted(Path(str(folder)).glob("*.py"))
    given = app.settings.model_dump_json(include={"sources", "schedule", "crawl", "origins"})
    stamps = [f"{file.name} {file.stat().st_mtime_ns}" for file in found]
    return hashlib.sha256("\n".join((__version__, *stamps, given)).encode()).hexdigest()
