"""The jobs: what each runs, when, for how long at most, and after which others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lexwatch.fetch import user_agent
from lexwatch.jobs import by_host
from lexwatch.mistakes import near
from lexwatch.settings import ScheduledJob
from pipeline import cron
from pipeline.calendar import EASTERN
from pipeline.cron import Timetable
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from lexwatch.app import App

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HERE = "this machine"  # the queue of the jobs that ask no publisher
LOOKOUT = "lookout"  # that of health alone: what it tells may be that another job hangs
OWN = (HERE, LOOKOUT)


class Rank(IntEnum):
    """The order in which jobs that are due together run; each needs what those before it bring."""

    CRAWL = 1
    INGEST = 2
    DIGEST = 3
    BACKUP = 4
    VERIFY = 5
    PURGE = 6
    HEALTH = 7


# How long a job waits for those that run before it; where nothing stands here, until they have
# ended. A crawl may last for hours: what it finds later is told by the next digest.
WAITS: Mapping[Rank, timedelta] = MappingProxyType(
    {Rank.DIGEST: timedelta(minutes=30), Rank.HEALTH: timedelta()}
)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One thing that runs by itself.

    `command` is what follows `lexwatch` on the command line. Of a `queue` one job runs at a time:
    publishers that share a host have one together. `limit` is how long it may run, `grace` how long
    after its time it is still made up for. `off` says why it does not run; "" where it does.
    """

    name: str
    command: tuple[str, ...]
    rank: Rank
    queue: str
    timetable: Timetable
    limit: timedelta
    grace: timedelta
    off: str = ""


# A crawl may be a first one, of hours; and is worth making up for after a long weekend.
_CRAWL_LIMIT, _CRAWL_GRACE = 6 * HOUR, 7 * DAY


def planned(app: App) -> tuple[Job, ...]:
    """Every job there is, in the order in which they run together; those that are off, too.

    Raises `SettingsError` where the settings name one that there is not.
    """
    jobs = {
        each.name: each for each in (*_crawls(app), *_own(ZoneInfo(app.settings.schedule.zone)))
    }
    for name in app.settings.schedule.jobs:
        if name not in jobs:
            raise SettingsError(f'schedule.jobs."{name}": no such job{near(name, jobs)}')
    return tuple(_as_wanted(app, each) for each in jobs.values())


def _crawls(app: App) -> Iterator[Job]:
    for names in by_host(app, app.sources):
        queue = min(host for name in names for host in app.sources[name].facts.hosts)
        for name in names:
            facts = app.sources[name].facts
            yield Job(
                name=f"crawl {name}",
                command=("crawl", name),
                rank=Rank.CRAWL,
                queue=queue,
                timetable=_timetable(facts.times, EASTERN, working=facts.working),
                limit=_CRAWL_LIMIT,
                grace=_CRAWL_GRACE,
                off=_why_not(app, name),
            )


def _own(zone: ZoneInfo) -> Iterator[Job]:
    """Digests hourly: a subscription may end its period at any hour, or ask to be told at once."""
    for rank, times, limit, grace, options in (
        (Rank.INGEST, "50 */6 * * *", 3 * HOUR, 7 * DAY, ()),
        (Rank.DIGEST, "5 * * * *", 2 * HOUR, 7 * DAY, ("--unattended",)),
        (Rank.BACKUP, "30 5 * * *", 2 * HOUR, 2 * DAY, ()),
        (Rank.VERIFY, "35 5 * * sun", 2 * HOUR, 7 * DAY, ()),
        (Rank.PURGE, "45 5 * * sun", 2 * HOUR, 2 * DAY, ()),
        (Rank.HEALTH, "25 * * * *", HOUR / 6, HOUR, ("--tell",)),
    ):
        name = rank.name.lower()
        yield Job(
            name=name,
            command=(name, *options),
            rank=rank,
            queue=LOOKOUT if rank is Rank.HEALTH else HERE,
            timetable=_timetable((times,), zone),
            limit=limit,
            grace=grace,
        )


def _as_wanted(app: App, usual: Job) -> Job:
    """The job as the settings want it."""
    given = app.settings.schedule.jobs.get(usual.name, ScheduledJob())
    timetable, off = usual.timetable, usual.off
    if given.cron is not None:
        zone = ZoneInfo(app.settings.schedule.zone)
        timetable = _timetable(given.cron, zone, working=timetable.working)
    if given.days is not None:
        timetable = replace(timetable, working=given.days == "working")
    if given.enabled is False:
        off = f'enabled = false under [schedule.jobs."{usual.name}"]'
    limit = usual.limit if given.limit is None else timedelta(minutes=given.limit)
    grace = usual.grace if given.grace is None else timedelta(minutes=given.grace)
    return replace(usual, timetable=timetable, off=off, limit=limit, grace=grace)


def _timetable(times: Iterable[str], zone: ZoneInfo, *, working: bool = False) -> Timetable:
    return Timetable(crons=tuple(map(cron.read, times)), zone=zone, working=working)


def _why_not(app: App, source: str) -> str:
    """Why a source is not visited; "" where it is."""
    if off := app.off(source):
        return off
    try:
        user_agent(app.settings, app.sources[source].facts.hosts)
    except SettingsError as error:  # nobody could reach us
        return str(error)
    return ""
