"""The schedule at work: in the foreground, once, or in a process beside the web pages."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.wording import moment
from index import runs
from lexwatch.schedule import child
from lexwatch.schedule.lock import alone, is_running
from lexwatch.schedule.plan import Job, Rank, planned
from lexwatch.schedule.rounds import Rounds
from pipeline.errors import LexwatchError

if TYPE_CHECKING:
    from lexwatch.app import App

WATCH = 30.0  # seconds between looks at whether the clock was set
AGAIN = 60.0  # seconds before a schedule that died beside the pages is begun anew
LAST = child.PATIENCE + 10  # seconds that it may take to stop

_log = logging.getLogger("lexwatch.schedule")


def foreground(app: App, config: str | None, stop: Event) -> None:
    """Run what is due, when it is due, until `stop` is set; then end what runs. Raises `StoreError`
    where another schedule runs on this data folder."""
    from lexwatch.schedule.timer import Timer  # noqa: PLC0415 - APScheduler, for this alone

    with alone(app.settings.folder):
        rounds = rounds_of(app, config)
        rounds.begin()
        with Timer(partial(_look, rounds), rounds.queues) as timer:
            try:
                while not stop.wait(WATCH):
                    timer.watch()
            finally:
                rounds.stop()


def once(app: App, config: str | None, stop: Event) -> tuple[str, ...]:
    """Run what is due now, one job after the other; the names of those that failed. Raises
    `StoreError` as `foreground` does."""
    with alone(app.settings.folder):
        rounds = rounds_of(app, config)
        rounds.begin()
        Thread(target=_stopped, args=(rounds, stop), daemon=True).start()
        return rounds.once()


def rounds_of(app: App, config: str | None) -> Rounds:
    """The rounds through the jobs of the settings, which each run with the same settings file."""

    def is_worth_it(job: Job) -> bool:
        """A crawl that read anything has said what it could; one that reached nobody may yet."""
        if job.rank is not Rank.CRAWL:
            return True
        newest = runs.runs(app.database, job.command[-1], limit=1)
        return not newest or not (newest[0].documents or newest[0].blocked)

    return Rounds(
        app.database,
        planned(app),
        start=lambda job: child.ours(config, job.command),
        clock=app.clock,
        spelled=lambda at: moment(at, ZoneInfo(app.settings.schedule.zone)),
        is_worth_it=is_worth_it,
    )


@contextmanager
def alongside(app: App, config: str | None, *, again: float = AGAIN) -> Iterator[None]:
    """Run the schedule in a process of its own, unless the settings switch it off, as long as this
    lasts; begun anew where it dies. Where another one runs, that is said, and this takes its place
    when it ends."""
    if not app.settings.schedule.enabled:
        yield
        return
    command = child.ours(config, ("schedule",))
    beside = Beside(lambda: is_running(app.settings.folder), command, again)
    thread = Thread(target=beside.run, name="schedule", daemon=True)
    thread.start()
    try:
        yield
    finally:
        beside.end()
        thread.join(LAST)
        beside.kill()


class Beside:
    """A process that is begun anew, `again` seconds after it died, until it is ended. Where one
    like it `is_elsewhere`, this waits for that to end."""

    def __init__(self, is_elsewhere: Callable[[], bool], command: tuple[str, ...], again: float):
        self._is_elsewhere, self._command, self._again = is_elsewhere, command, again
        self._ended, self._changing = Event(), Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        was_elsewhere = False
        while not self._ended.is_set():
            is_elsewhere = self._is_elsewhere()
            if is_elsewhere and not was_elsewhere:
                _log.warning("another process runs the schedule; the pages are shown all the same")
            was_elsewhere = is_elsewhere
            if not is_elsewhere:
                self._last()
            self._ended.wait(self._again)

    def _last(self) -> None:
        """Begin it, and wait for its end."""
        with self._changing:
            if self._ended.is_set():
                return
            try:
                self.process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own
            except OSError as error:  # no memory now, say
                _log.warning("the schedule can't be begun now: %s", error)
                return
        code = self.process.wait()
        if not self._ended.is_set():
            _log.warning("the schedule ended by itself (%s); it begins anew", code)

    def end(self) -> None:
        """Tell it to end, which it does when its standard input ends; no other is begun."""
        with self._changing:
            self._ended.set()
            if self.process is not None and self.process.stdin is not None:
                with suppress(OSError):
                    self.process.stdin.close()

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _stopped(rounds: Rounds, stop: Event) -> None:
    stop.wait()
    rounds.stop()


def _look(rounds: Rounds, queue: str) -> None:
    try:
        rounds.go(queue)
    except LexwatchError as error:  # a database that can't be written now: the next look may
        _log.warning("the schedule can't go on now: %s", error)
