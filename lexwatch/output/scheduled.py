"""The schedule as it is shown: when each job runs, how it went last, when it is due next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from rich.padding import Padding
from rich.text import Text

from alerts.untrusted import plain
from alerts.wording import moment, span
from index.job_runs import JobRun, JobState
from lexwatch.output.terminal import console
from lexwatch.schedule.plan import Job
from pipeline.cron import MONTHS, WEEKDAYS, Cron

_GOOD = frozenset({JobState.DONE, JobState.RUNNING})
_FULL = {
    **dict(zip(WEEKDAYS, ("Sundays", "Mondays", "Tuesdays", "Wednesdays"), strict=False)),
    **dict(zip(WEEKDAYS[4:], ("Thursdays", "Fridays", "Saturdays"), strict=True)),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def show(jobs: Iterable[Job], last: Mapping[str, JobRun], now: datetime, *, runs: bool) -> None:
    """Each job that runs, then those that are off, and why; whether a schedule `runs` now."""
    known = tuple(jobs)
    for job in known:
        if not job.off:
            console.print()
            console.print(Text(job.name, style="bold"))
            for line in _lines(job, last.get(job.name), now, is_running=runs):
                console.print(Padding(line, (0, 3)))
    console.print()
    for why, names in _off(known).items():
        console.print(Text(f"off: {', '.join(names)}: {plain(why)}"), soft_wrap=True)
    console.print(Text(running(is_running=runs), style="" if runs else "bold red"), soft_wrap=True)


def running(*, is_running: bool) -> str:
    """Whether anything of all this happens."""
    if is_running:
        return "The schedule runs now."
    return "No schedule runs now: `lexwatch serve` or `lexwatch schedule` begins it."


def row(job: Job, run: JobRun | None, now: datetime) -> dict[str, Any]:
    """A job as JSON; times in seconds and minutes, moments in UTC."""
    return {
        "job": job.name,
        "runs": f"lexwatch {' '.join(job.command)}",
        "cron": [each.line for each in job.timetable.crons],
        "when": when(job),
        "zone": job.timetable.zone.key,
        "days": "working" if job.timetable.working else "all",
        "queue": job.queue,
        "limit_minutes": _minutes(job.limit),
        "grace_minutes": _minutes(job.grace),
        "off": job.off,
        "last": run and _run_row(run),
        "next": None if job.off else job.timetable.next(now),
    }


def when(job: Job) -> str:
    """When a job runs, as "at 6:15, on federal working days (America/New_York)"."""
    said = "; ".join(map(words, job.timetable.crons))
    working = ", on federal working days" if job.timetable.working else ""
    return f"{said}{working} ({job.timetable.zone.key})"


def words(cron: Cron) -> str:
    """A cron line in words."""
    return "".join((_times(cron), *_days(cron)))


def _times(cron: Cron) -> str:
    hours, minutes = cron.hours, cron.minutes
    if cron.is_hourly:
        if (step := _step(minutes, 60)) == 1:
            return "every minute"
        if step and len(minutes) > 1:
            return f"every {step} minutes"
        return f"every hour at {_listed(f':{minute:02}' for minute in minutes)}"
    step = _step(tuple(hour - hours[0] for hour in hours), 24)
    if len(minutes) == 1 and step and len(hours) > 2:
        return f"every {step} hours from {hours[0]}:{minutes[0]:02}"
    if len(hours) * len(minutes) <= 6:
        return f"at {_listed(f'{hour}:{minute:02}' for hour in hours for minute in minutes)}"
    at = _listed(f":{minute:02}" for minute in minutes)
    return f"at {at if len(minutes) < 60 else 'every minute'} of the hours {_ranges(hours)}"


def _days(cron: Cron) -> Iterator[str]:
    if len(cron.weekdays) < 7:
        # From Monday, as an office's week goes.
        named = [_FULL[WEEKDAYS[n % 7]] for n in range(1, 8) if n % 7 in cron.weekdays]
        yield f", on {_listed(named)}"
    if len(cron.days) < 31:
        days = "day" if len(cron.days) == 1 else "days"
        yield f", on the {days} {_ranges(sorted(cron.days))} of a month"
    if len(cron.months) < len(MONTHS):
        yield f", in {_listed(_MONTHS[month - 1] for month in sorted(cron.months))}"


def _lines(job: Job, run: JobRun | None, now: datetime, *, is_running: bool) -> Iterator[Text]:
    zone = job.timetable.zone
    yield Text(f"{when(job)}; at most {span(job.limit)}")
    if run is None:
        yield Text("never ran yet")
    else:
        began = run.started_at or run.due_at
        took = f", {span(run.took)}" if run.took is not None else ""
        is_dead = run.state is JobState.RUNNING and not is_running
        state = JobState.CUT_OFF if is_dead else run.state
        said = f": {plain(run.said)}" if run.said else ""
        yield Text.assemble(
            "last: ",
            (str(state), "" if state in _GOOD else "bold red"),
            f", {moment(began, zone)}{took}{said}",
        )
    following = job.timetable.next(now)
    yield Text(f"next: {moment(following, zone)}" if following else "next: never")


def _off(jobs: Iterable[Job]) -> Mapping[str, list[str]]:
    """The jobs that are off, by why."""
    found: dict[str, list[str]] = {}
    for job in jobs:
        if job.off:
            found.setdefault(job.off, []).append(job.name)
    return found


def _run_row(run: JobRun) -> dict[str, Any]:
    return {
        "state": run.state,
        "due_at": run.due_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "seconds": None if run.took is None else run.took.total_seconds(),
        "exit_code": run.exit_code,
        "said": run.said,
    }


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def _step(values: tuple[int, ...], of: int) -> int:
    """By how much they go up from 0 through all `of` them; 0 where they don't so."""
    step = values[1] - values[0] if len(values) > 1 else 0
    return step if step and of % step == 0 and values == tuple(range(0, of, step)) else 0


def _ranges(values: Iterable[int]) -> str:
    """ "8 to 17", "1, 15"."""
    known = list(values)
    if len(known) > 2 and known == list(range(known[0], known[-1] + 1)):
        return f"{known[0]} to {known[-1]}"
    return ", ".join(map(str, known))


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
