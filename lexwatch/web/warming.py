"""A service reads ahead, in the background, what questions ask: at first, and after each change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.calendar import eastern
from pipeline.errors import LexwatchError

if TYPE_CHECKING:
    from lexwatch.app import App

LOOK = 5.0  # seconds between looks at what is held; one costs nothing
REST = 60.0  # seconds at least between two readings
SHARE = 5  # a reading is followed by so many times the time it took, where that is longer
LAST = 2.0  # seconds that are waited for a reading when the service ends

_NEVER = object()  # what was seen before the first look

_log = logging.getLogger(__name__)


class Warming:
    """Reads when what is held is another than was read, and was the same at two looks: while a
    crawl writes page after page, each page makes stale what was read before."""

    def __init__(
        self,
        held: Callable[[], Hashable],
        read: Callable[[], None],
        *,
        look: float = LOOK,
        rest: float = REST,
    ) -> None:
        """`held` tells two views apart, `read` reads; `look` and `rest` in seconds."""
        self.held, self._read = held, read
        self._pause, self._rest = look, rest
        self._ended = threading.Event()
        self._known: Hashable = None  # the view that was read
        self._last: Hashable = _NEVER
        self._rested = 0.0  # the moment from which on it may be read again

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Read in a thread of its own, as long as this lasts."""
        thread = threading.Thread(target=self._run, name="warming", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join(LAST)

    def look(self) -> bool:
        """Look once, and read where it is time; whether it was read."""
        last, now = self._last, self._seen()
        self._last = now
        is_settled = now is not None and last in (now, _NEVER)
        if not is_settled or now == self._known or time.monotonic() < self._rested:
            return False
        begun = time.monotonic()
        is_read = self._is_read()
        self._known = now if is_read else None
        took = time.monotonic() - begun
        _log.info("reading ahead took %.1f s", took)
        self._rested = time.monotonic() + max(self._rest, SHARE * took)
        return is_read

    def _run(self) -> None:
        while True:
            self.look()
            if self._ended.wait(self._pause):
                return

    def _seen(self) -> Hashable:
        """Which view there is; None where that can't be said now."""
        try:
            return self.held()
        except LexwatchError as error:
            _log.warning("what is held can't be read now: %s", error)
            return None

    def _is_read(self) -> bool:
        try:
            self._read()
        except LexwatchError as error:
            _log.warning("reading ahead failed, and is tried again: %s", error)
            return False
        return True


def of(app: App) -> Warming:
    """That of an application: again after something was written, and on another day."""
    from index.search import warming  # noqa: PLC0415 - while it loads, the first are answered

    def today_held() -> Hashable:
        return warming.written(app.database), eastern(app.clock())

    def read() -> None:
        from lexwatch.web.frame import load  # noqa: PLC0415 - as above

        load()
        _ = app.names  # every source's module is behind it
        warming.warm(app.database, app.understanding, eastern(app.clock()))

    return Warming(today_held, read)
