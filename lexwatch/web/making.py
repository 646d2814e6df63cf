"""Packets in the making: one at a time, in a thread of their own, told of by pages."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, current_thread
from typing import TYPE_CHECKING, ClassVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from lexwatch.course import Course, Written
from pipeline.errors import LexwatchError

if TYPE_CHECKING:
    from lexwatch.output.progress import Tell

KNOWN = 50  # packets that were asked for and are still told of
BROKEN = "The packet could not be made: a fault of ours, which is in the log. Nothing was written."
CUT_OFF = "The packet was not made: lexwatch was stopped meanwhile. Nothing was written."

_log = logging.getLogger(__name__)
Make = Callable[[Course, "Tell"], Written]


@dataclass(kw_only=True)
class Job:
    """A packet that was asked for: `what` is worked on, `done` `of` so much of it (None: not
    known); at its end it is `written`, or there is a `problem`."""

    name: str
    asked: Course
    what: str = "waiting for its turn"
    done: int = 0
    of: int | None = None
    written: Written | None = None
    problem: str = ""

    @property
    def is_over(self) -> bool:
        return self.written is not None or bool(self.problem)


@dataclass(frozen=True)
class Making:
    """What makes packets; nothing is lost where a reader leaves, since the files stay. How far each
    is stands in a file of `folder`, since another process may be asked for its page."""

    make: Make
    folder: Path
    threads: ClassVar[set[Thread]] = set()  # of this process, at work

    def begin(self, asked: Course) -> Job:
        """Begin a packet; one that is under way is not begun twice."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "taking.lock"):
            for path in self.folder.glob("*.json"):
                job = self.known(path.stem)
                if job and job.asked == asked and not job.is_over:
                    return job
            self._forget()
            job = Job(name=secrets.token_hex(8), asked=asked)
            lock = FileLock(self._path(job.name, "lock"), thread_local=False)
            lock.acquire()
            self._note(job)
        # A daemon: who stops the server does not wait for it, and half a packet is never written.
        thread = Thread(target=self._work, args=(job, lock), daemon=True, name="packet")
        self.threads.add(thread)
        thread.start()
        return job

    def known(self, name: str) -> Job | None:
        """A packet that was asked for, None where none of that name is told of any more."""
        if not (name.isalnum() and name.isascii()):
            return None
        job = self._read(name)
        if job and not job.is_over and not self._is_at_work(name):
            job = self._read(name)  # it may have ended between the two looks
            if job and not job.is_over:
                job.problem = CUT_OFF
        return job

    def _work(self, job: Job, lock: FileLock) -> None:
        def tell(what: str, done: int, of: int | None) -> None:
            job.what, job.done, job.of = what, done, of
            self._note(job)

        try:
            with FileLock(self.folder / "turn.lock"):
                job.written = self.make(job.asked, tell)
        except LexwatchError as error:
            job.problem = str(error)
        except Exception:
            _log.exception("a packet could not be made")
            job.problem = BROKEN
        self._note(job)
        lock.release()
        self.threads.discard(current_thread())

    def _note(self, job: Job) -> None:
        new = self._path(job.name, "new")
        new.write_bytes(_JOB.dump_json(job))
        new.replace(self._path(job.name, "json"))

    def _read(self, name: str) -> Job | None:
        try:
            return _JOB.validate_json(self._path(name, "json").read_bytes())
        except (OSError, ValidationError):
            return None

    def _is_at_work(self, name: str) -> bool:
        """Whether its process lives, which holds its lock."""
        try:
            FileLock(self._path(name, "lock")).acquire(blocking=False).lock.release()
        except Timeout:
            return True
        return False

    def _forget(self) -> None:
        """Those that are over, but the newest."""
        told = sorted(self.folder.glob("*.json"), key=lambda path: -path.stat().st_mtime)
        for path in told[KNOWN:]:
            if not self._is_at_work(path.stem):
                path.unlink()
                path.with_suffix(".lock").unlink(missing_ok=True)

    def _path(self, name: str, ending: str) -> Path:
        return self.folder / f"{name}.{ending}"


def finish() -> None:
    """Wait for the packets that this process makes."""
    for each in [*Making.threads]:
        each.join()


_JOB = TypeAdapter(Job)
