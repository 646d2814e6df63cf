"""The processes that answer: made anew from one that has read ahead, each time it has."""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from index import weights
from lexwatch.web.warming import LOOK
from pipeline.errors import StoreError

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess
    from types import FrameType

    from lexwatch.app import App
    from lexwatch.web.warming import Warming

Answer = Callable[[socket.socket], None]

PATIENCE = 15  # seconds that a process may take to end, more than what it answers may take
SOON = 1.0  # seconds of life below which a process that died is replaced after a pause

_ENDING = (signal.SIGINT, signal.SIGTERM)
_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>

_log = logging.getLogger(__name__)


def count(app: App) -> int:
    """How many processes answer: as the settings say, and no more than there are processors.

    One where processes can't be copied (Windows), or not safely: the libraries of macOS, and torch,
    which reads for another model than the default one, are known to hang in a copy.
    """
    settings = app.settings
    is_light = settings.index.model == weights.DEFAULT and not settings.search.reranker
    if sys.platform != "linux" or not is_light:
        return 1
    return min(settings.web.workers, os.cpu_count() or 1)


@contextmanager
def at_work(
    app: App, listener: socket.socket, answer: Answer, reading: Warming
) -> Iterator[Callable[[], None]]:
    """Have processes `answer` at a socket as long as this lasts, others after each `reading` ahead;
    what is yielded waits until somebody ends them, and raises `StoreError` where they ended by
    themselves.

    To be entered before any thread is started: a copy has none of them, but what they held locked.
    """
    app.database.close()  # SQLite forbids to take an open database into a copy
    fork = multiprocessing.get_context("fork")
    nursery = fork.Process(target=_Nursery(app, listener, answer, reading).run, name="nursery")
    with _undisturbed():
        nursery.start()
    try:
        yield lambda: _wait(nursery)
    finally:
        _stop(nursery)


class _Nursery:
    """A process without threads of its own that reads ahead, and is copied: the copies answer, and
    share in memory what was read, until it has read again and others take their place."""

    def __init__(self, app: App, listener: socket.socket, answer: Answer, reading: Warming) -> None:
        self._app, self._listener, self._answer, self._reading = app, listener, answer, reading
        self._count = count(app)
        self._workers: list[ForkProcess] = []
        self._leaving: list[ForkProcess] = []
        self._born = 0.0

    def run(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is told to all: who began us says so
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            _bind()
            self._go_on()
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _end([*self._workers, *self._leaving])

    def _go_on(self) -> None:
        """Until told to stop. The first answer before anything is read."""
        while True:
            self._fill()
            if self._reading.look():
                self._renew()
            wait([each.sentinel for each in self._workers], LOOK)

    def _renew(self) -> None:
        """Others first, so that somebody always answers; who is told to end first answers what it
        was asked, and may make a packet for minutes."""
        old, self._workers = self._workers, []
        self._fill()
        for each in old:
            each.terminate()
        self._leaving += old

    def _fill(self) -> None:
        """Replace who died."""
        self._leaving = [each for each in self._leaving if each.is_alive()]
        for each in [each for each in self._workers if not each.is_alive()]:
            _log.warning("a process that answers ended (%s): another begins", each.exitcode)
            self._workers.remove(each)
            time.sleep(max(0.0, SOON - (time.monotonic() - self._born)))
        if len(self._workers) == self._count:
            return
        self._app.database.close()
        # What Python's collector looks at it writes to, and what is written to is shared no more.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        while len(self._workers) < self._count:
            worker = multiprocessing.get_context("fork").Process(target=self._work, name="worker")
            with _undisturbed():
                worker.start()
                self._workers.append(worker)
        self._born = time.monotonic()

    def _work(self) -> None:
        signal.signal(signal.SIGTERM, _leave)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        _bind()
        self._answer(self._listener)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hear signals only after a copy was made: Python ignores what they raise while it makes one.
    The copy begins deaf, and must say when it can hear."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _bind() -> None:
    """Be told to end when who made us ends, however it does (Linux: prctl(2))."""
    ctypes.CDLL(None).prctl(_WHEN_PARENT_DIES, signal.SIGTERM)
    above = multiprocessing.parent_process()
    if above is None or not above.is_alive():  # it ended just before
        raise SystemExit


def _end(workers: list[ForkProcess]) -> None:
    for each in workers:
        each.terminate()
    end = time.monotonic() + PATIENCE
    for each in workers:
        each.join(max(0.0, end - time.monotonic()))
        if each.is_alive():
            each.kill()
            each.join()


def _stop(nursery: ForkProcess) -> None:
    """Tell it to end until it does: what a signal raises is lost where Python ignores exceptions,
    in a finaliser, say. It hears nothing more once it ends its workers."""
    for _ in range(PATIENCE):
        nursery.terminate()
        nursery.join(2)
        if not nursery.is_alive():
            return
    nursery.kill()  # whom its workers follow
    nursery.join()


def _wait(nursery: ForkProcess) -> None:
    """Until it has ended; a signal that ends us ends it first, in good order."""
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        nursery.terminate()

    earlier = {each: signal.signal(each, tell) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        nursery.join()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    if not told:
        raise StoreError(
            f"the pages ended by themselves ({nursery.exitcode}); what was said above may tell why."
            " Begin `lexwatch serve` again"
        )
    signal.raise_signal(told[-1])
