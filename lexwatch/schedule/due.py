"""What is due now, what was missed, and what waits for others: decided by the ledger alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from index.job_runs import JobRun, JobState
from lexwatch.schedule.plan import WAITS, Job

TRIES = 3  # times that a job is begun for one due moment, where something came between
PAUSE = timedelta(hours=1)  # before a job that could do nothing at all is tried again
MOST = 1_000  # due moments that are counted; more are told as so many


@dataclass(frozen=True, kw_only=True)
class Due:
    """A job that is due since `at`. `times` is how often it was due since it last ran, this time
    and those that it makes up for; `is_missed`: it is too late, and will not run for this one."""

    job: Job
    at: datetime
    times: int = 1
    first: datetime
    is_missed: bool = False


def due(
    job: Job,
    last: JobRun | None,
    held: Callable[[datetime], Sequence[JobRun]],
    now: datetime,
    *,
    is_worth_it: Callable[[Job], bool] = lambda job: False,  # noqa: ARG005 - see below
) -> Due | None:
    """The newest time that a job was due, where nobody ran it then; all before it are made up for
    with it. `last` is its newest entry in the ledger, `held` gives those of a due moment, and
    `is_worth_it` says whether one that failed may do better in an hour.

    So it is of no matter why nothing ran (a machine that slept, was off, or was set to another
    time), and a clock that is set back finds that its times were kept. A job that is new is not
    missed, nor one whose times were altered since it last ran: nobody promised it.
    """
    newest = None if job.off else job.timetable.newest(now)
    if newest is None:
        return None
    if last is not None and job.timetable.newest(last.due_at) != last.due_at:
        last = None  # it was due by another line then
    tried = held(newest)
    is_late = now - newest > job.grace
    if tried:
        is_over = is_late or len(tried) >= TRIES
        if is_over or not _is_open(job, tried[-1], now, is_worth_it):
            return None
    elif is_late and last is None:
        return None
    since = () if tried else tuple(_since(job, last, newest))
    return Due(
        job=job,
        at=newest,
        times=max(1, len(since)),
        first=since[0] if since else newest,
        is_missed=is_late,
    )


def may_begin(one: Due, seen: datetime, now: datetime, others: Iterable[Due]) -> bool:
    """Whether nothing that runs before it is still to run or to end, of what was due when this was
    `seen` to be; or it has waited for that as long as it waits (`plan.WAITS`). So a digest tells
    what the crawls of that hour found, and waits for none that become due while it waits."""
    longest = WAITS.get(one.job.rank)
    if longest is not None and abs(now - seen) >= longest:  # of a clock set back, too
        return True
    return not any(each.job.rank < one.job.rank and each.at <= seen for each in others)


def in_order(found: Iterable[Due]) -> list[Due]:
    """Those due together: each after what it needs, and the longest due first."""
    return sorted(found, key=lambda each: (each.job.rank, each.at))


def _is_open(job: Job, tried: JobRun, now: datetime, is_worth_it: Callable[[Job], bool]) -> bool:
    """Whether a job is to be begun once more for a time at which it was begun."""
    if tried.state is JobState.CUT_OFF:
        return True
    is_rested = tried.ended_at is not None and now - tried.ended_at >= PAUSE
    return tried.state is JobState.FAILED and is_rested and is_worth_it(job)


def _since(job: Job, last: JobRun | None, newest: datetime) -> Iterator[datetime]:
    """The due moments after the last that the ledger has; of a clock that was set back, none."""
    if last is None or last.due_at >= newest:
        return iter(())
    return islice(job.timetable.between(last.due_at, newest), MOST)
