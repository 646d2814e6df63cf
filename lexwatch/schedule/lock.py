"""The one schedule of a data folder: held by whoever runs it, asked for by whoever looks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from lexwatch import turns

LOCK = "schedule.lock"
SOON = 1.0  # seconds for one that is ending, or for somebody who only looks whether there is one


def alone(folder: Path) -> AbstractContextManager[None]:
    """Be the one schedule of a data folder, by a lock that dies with its holder."""
    return turns.held(folder / LOCK, "runs the schedule", SOON)


def is_running(folder: Path) -> bool:
    """Whether any process runs the schedule of a data folder now; asking makes no lock."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(folder / LOCK).acquire(blocking=False):
            return False
    except Timeout:
        return True
    except OSError:  # not to be opened by us: who may write here is another
        return False
