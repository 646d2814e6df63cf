"""Packets in the making: one at a time, in a thread of their own, told of by pages."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING

from pipeline.errors import LexwatchError

if TYPE_CHECKING:
    from lexwatch.course import Course, Written
    from lexwatch.output.progress import Tell

KNOWN = 50  # packets that were asked for and are still told of
BROKEN = "The packet could not be made: a fault of ours, which is in the log. Nothing was written."

_log = logging.getLogger(__name__)
Make = Callable[["Course", "Tell"], "Written"]


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

    def tell(self, what: str, done: int, of: int | None) -> None:
        """Say how far it is."""
        self.what, self.done, self.of = what, done, of


@dataclass
class Making:
    """What makes packets; nothing is lost where a reader leaves, since the files stay."""

    make: Make
    _jobs: dict[str, Job] = field(default_factory=dict, init=False)
    _taking: Lock = field(default_factory=Lock, init=False)
    _turn: Lock = field(default_factory=Lock, init=False)

    def begin(self, asked: Course) -> Job:
        """Begin a packet; one that is under way is not begun twice."""
        with self._taking:
            for job in self._jobs.values():
                if job.asked == asked and not job.is_over:
                    return job
            job = Job(name=secrets.token_urlsafe(12), asked=asked)
            self._jobs[job.name] = job
            over = [each.name for each in self._jobs.values() if each.is_over]
            for name in over[: max(0, len(self._jobs) - KNOWN)]:
                del self._jobs[name]
        # A daemon: who stops the server does not wait for it, and half a packet is never written.
        Thread(target=self._work, args=(job,), daemon=True, name="packet").start()
        return job

    def known(self, name: str) -> Job | None:
        """A packet that was asked for since the server began, None where there is none."""
        return self._jobs.get(name)

    def _work(self, job: Job) -> None:
        try:
            with self._turn:
                job.written = self.make(job.asked, job.tell)
        except LexwatchError as error:
            job.problem = str(error)
        except Exception:
            _log.exception("a packet could not be made")
            job.problem = BROKEN
