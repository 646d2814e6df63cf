"""What a disk does to SQLite's file: what it refuses, and how it is read where nothing can be
written."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: make room, then run this again. What was written "
    "before is whole, and nothing is half written",
    sqlite3.SQLITE_READONLY: "nothing can be written there: see that the disk is not mounted "
    "read-only and the data folder is yours to write, then run this again. Searching and reading "
    "work meanwhile",
    sqlite3.SQLITE_CANTOPEN: "see that the folder is there, is yours to write, and that its disk "
    "has room; then run this again",
    sqlite3.SQLITE_BUSY: "another program has been writing for minutes: run this again when it "
    "has ended",
    sqlite3.SQLITE_IOERR: "the disk did not do what it was told: see that it has room and is "
    "sound (`lexwatch doctor` looks through the database), then run this again",
}


def advice(error: object) -> str:
    """What to do about an error of SQLite, as a clause; "" where there is nothing to add."""
    code = getattr(error, "sqlite_errorcode", None)
    return "" if code is None else ADVICE.get(code & 0xFF, "")  # above: which kind of its kind


def is_locked_away(path: Path) -> bool:
    """Whether a file is there and it, or its folder, can't be written by us."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def read_only(url: str) -> str | None:
    """The address by which a SQLite file is only read, where it can't be written; None where it can
    or isn't a file.

    SQLite reads a file in WAL mode only where it may make two more beside it. Where it may not, the
    file is declared never to change, unless it has a log of its own that must be read with it.
    """
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        return None
    path = Path(place.database).absolute()
    if not is_locked_away(path):
        return None
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    never_changes = not has_log and not os.access(path.parent, os.W_OK)
    rest = "&immutable=1" if never_changes else ""
    return f"sqlite:///file:{quote(str(path))}?mode=ro{rest}&uri=true"
