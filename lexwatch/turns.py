"""Turns: who does what in a data folder while others are at work there, and who waits for whom.

`docs/design.md` says which steps may overlap, and why that is safe. A turn is a lock on a file, so
it dies with its holder.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import StoreError

SOON = 1.0  # seconds; after so long it is said that somebody waits
LOOK = 0.02  # seconds between looks: who writes page after page leaves a millisecond between two
VISIT = 5.0  # seconds; to ask again what another has just asked is of no use
HOST = 12 * 3600.0  # seconds; the whole Policy Manual takes an hour and a half

_log = logging.getLogger(__name__)


class Turn(StrEnum):
    """What one process at a time does in a data folder, in the order in which several are taken."""

    NOTING = "noting"
    READING = "reading"
    EMBEDDING = "embedding"
    MAILING = "mailing"


DOES = {
    Turn.NOTING: "takes down an order",
    Turn.READING: "reads pages",
    Turn.EMBEDDING: "embeds what was read",
    Turn.MAILING: "matches and sends",
}
PATIENCE = {  # seconds: several times what a first crawl of everything takes on a small machine
    Turn.NOTING: 600.0,
    Turn.READING: 4 * 3600.0,
    Turn.EMBEDDING: 4 * 3600.0,
    Turn.MAILING: 3600.0,
}


@contextmanager
def held(
    place: Path,
    does: str,
    patience: float,
    *,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Hold the lock `place`, waiting up to `patience` seconds for who `does` something under it.

    Says after a second that it waits. Raises `StoreError` where that one goes on or the lock cannot
    be made, `KeyboardInterrupt` where it `is_stopped` meanwhile.
    """
    lock = FileLock(place)
    try:
        _acquire(lock, does, patience, is_stopped)
    except Timeout as error:
        raise StoreError(
            f"another lexwatch {does} in {place.parent}: run this again when it has ended"
        ) from error
    except OSError as error:
        raise StoreError(_unwritable(place, error)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def visit(
    folder: Path, source: str, hosts: Iterable[str], is_stopped: Callable[[], bool]
) -> Iterator[None]:
    """Be the only visit to a source, and the only one that asks its publisher: two processes would
    ask at double pace, whatever pause each of them keeps.

    Raises `StoreError` where the source is being crawled; waits for another source of its hosts.
    """
    with ExitStack() as stack:
        stack.enter_context(held(folder / f"visit-{source}.lock", f"crawls {source}", VISIT))
        for host in sorted(hosts):  # in one order, so that no two wait for each other
            place = folder / f"host-{host}.lock"
            stack.enter_context(held(place, f"asks {host}", HOST, is_stopped=is_stopped))
        yield


@contextmanager
def every(folder: Path) -> Iterator[None]:
    """Hold every turn, and be sure that nobody crawls: for what replaces the data as a whole.

    Raises `StoreError` at once where anybody is at work.
    """
    places = [folder / f"{turn}.lock" for turn in Turn]
    with ExitStack() as stack:
        for place in (*sorted(folder.glob("visit-*.lock")), *places):
            stack.enter_context(held(place, "is at work", 0))
        yield


def _acquire(lock: FileLock, does: str, patience: float, is_stopped: Callable[[], bool]) -> None:
    """Not in one call: whoever waits for hours must be heard, and must hear Ctrl-C."""
    begun, is_said = time.monotonic(), False
    while True:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waited = time.monotonic() - begun
            if waited >= patience:
                raise
            if is_stopped():
                raise KeyboardInterrupt from None
            if waited >= SOON and not is_said:
                _log.warning("waiting: another lexwatch %s; this goes on by itself", does)
                is_said = True
            time.sleep(LOOK)
        else:
            return


def _unwritable(place: Path, error: OSError) -> str:
    return (
        f"cannot write in {place.parent} ({error.strerror or error}): see that the folder can be "
        "written and the disk has room, then run this again; searching and reading work meanwhile"
    )
