"""Rounds through the queues: what is due runs, one job at a time in each, and is written down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from threading import Event, Lock

from index import job_runs
from index.database import Database
from index.job_runs import JobState
from lexwatch.schedule.child import PATIENCE, Outcome, run
from lexwatch.schedule.due import Due, due, in_order, may_begin
from lexwatch.schedule.plan import Job
from pipeline.errors import StoreError

DIED = "what ran it died, or the machine did; it runs again"

_log = logging.getLogger(__name__)


class Rounds:
    """Runs jobs by the ledger. Each queue is gone through by one thread at a time.

    `start` gives the command that a job is, `spelled` words for a moment, `is_worth_it` says
    whether a job that failed may do better in an hour. Whoever has one of these holds the lock of
    the schedule, so that what the ledger says is running and nobody here began was cut off.
    """

    def __init__(
        self,
        database: Database,
        jobs: Iterable[Job],
        *,
        start: Callable[[Job], Sequence[str]],
        clock: Callable[[], datetime],
        spelled: Callable[[datetime], str] = str,
        is_worth_it: Callable[[Job], bool] = lambda job: False,  # noqa: ARG005 - see the class
        patience: float = PATIENCE,
    ) -> None:
        self._database, self._clock = database, clock
        self._jobs = [job for job in jobs if not job.off]
        self._start, self._spelled, self._patience = start, spelled, patience
        self._is_worth_it = is_worth_it
        self._choosing, self._stopped = Lock(), Event()
        self._running: dict[str, Due] = {}
        self._seen: dict[str, datetime] = {}
        self._unwritten: dict[int, Callable[[], None]] = {}

    @property
    def queues(self) -> tuple[str, ...]:
        """Each queue once."""
        return tuple(dict.fromkeys(job.queue for job in self._jobs))

    def begin(self) -> None:
        """Mark what an earlier schedule left running when it died."""
        for each in job_runs.cut_off(self._database, self._clock(), DIED):
            _log.warning("%s, due %s: cut off, %s", each.job, self._spelled(each.due_at), DIED)

    def go(self, queue: str) -> None:
        """Run what is due in a queue and may begin, one after the other, until nothing is."""
        names = {job.name for job in self._jobs if job.queue == queue}
        while (found := self._chosen(names)) is not None:
            self._run(*found)

    def once(self) -> tuple[str, ...]:
        """Run what is due in any queue, each job at most once, in order; the names of those that
        failed or ran over their limit."""
        names, failed = {job.name for job in self._jobs}, list[str]()
        while (found := self._chosen(names)) is not None:
            name = found[0].job.name
            names.discard(name)
            if self._run(*found) in (JobState.FAILED, JobState.TIMED_OUT):
                failed.append(name)
        return tuple(failed)

    def stop(self) -> None:
        """Begin nothing more, and end what runs; to be repeated at will, from any thread."""
        self._stopped.set()

    def _chosen(self, names: Collection[str]) -> tuple[Due, int] | None:
        """The next to run of the jobs named, written down as begun, and the number of its entry."""
        with self._choosing:
            self._write_down()
            if self._stopped.is_set():
                return None
            now = self._clock()
            waiting = self._due(now)
            others = [*waiting, *self._running.values()]
            for one in in_order(each for each in waiting if each.job.name in names):
                if may_begin(one, self._seen.setdefault(one.job.name, now), now, others):
                    return one, self._begun(one, now)
        return None

    def _due(self, now: datetime) -> list[Due]:
        """What is due and doesn't run; what is too late is written down as missed."""
        idle = [job for job in self._jobs if job.name not in self._running]
        with self._database.read() as connection:
            last = job_runs.last(connection)
            asked = [
                due(
                    job,
                    last.get(job.name),
                    partial(job_runs.of, connection, job.name),
                    now,
                    is_worth_it=self._is_worth_it,
                )
                for job in idle
            ]
        found = [one for one in asked if one is not None]
        for one in found:
            if one.is_missed:
                self._miss(one, now)
        return [one for one in found if not one.is_missed]

    def _miss(self, one: Due, now: datetime) -> None:
        hours = one.job.grace.total_seconds() / 3600
        said = (
            f"it was due {self._spelled(one.at)} and nothing ran it; after {hours:g} hours it is "
            "not made up for"
        )
        _log.warning("%s: missed, %s", one.job.name, said)
        job_runs.miss(self._database, one.job.name, one.at, now, said)
        self._seen.pop(one.job.name, None)

    def _begun(self, one: Due, now: datetime) -> int:
        said = ""
        if one.times > 1:
            said = f"due {one.times} times since {self._spelled(one.first)}, and run once for all"
        number = job_runs.begin(self._database, one.job.name, one.at, now, said)
        self._seen.pop(one.job.name, None)
        self._running[one.job.name] = one
        _log.info("%s, due %s: begun", one.job.name, self._spelled(one.at))
        return number

    def _run(self, one: Due, number: int) -> JobState:
        try:
            outcome = run(
                self._start(one.job),
                one.job.limit,
                self._stopped,
                name=f"{one.job.name} {number}",
                patience=self._patience,
            )
        except Exception as fault:  # whatever ails one job, the others go on
            said = f"it could not be run: {type(fault).__name__}"
            outcome = Outcome(state=JobState.FAILED, exit_code=None, said=said)
        self._ended(one, number, outcome)
        return outcome.state

    def _ended(self, one: Due, number: int, outcome: Outcome) -> None:
        at = self._clock()
        # What a command said that failed stands in the ledger alone: it may name a reader.
        has_failed = outcome.state is JobState.FAILED and outcome.exit_code is not None
        told = f"exit code {outcome.exit_code}" if has_failed else outcome.said
        level = logging.INFO if outcome.state is JobState.DONE else logging.WARNING
        _log.log(level, "%s: %s", one.job.name, ", ".join(filter(None, (outcome.state, told))))

        def write() -> None:
            job_runs.end(
                self._database,
                number,
                at,
                outcome.state,
                exit_code=outcome.exit_code,
                said=outcome.said,
            )

        with self._choosing:
            del self._running[one.job.name]
            self._unwritten[number] = write
            try:
                self._write_down()
            except StoreError as error:  # a full disk, say: the next round writes it
                _log.warning("the ledger can't be written now: %s", error)

    def _write_down(self) -> None:
        for number, write in tuple(self._unwritten.items()):
            write()
            del self._unwritten[number]
