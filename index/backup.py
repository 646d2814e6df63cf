"""Copies of a SQLite database: made while others write, and looked through; one to be replaced."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from pipeline.errors import Damaged, StoreError

PAGES = 2_000  # of 4 kB, copied between two looks at whether we were told to stop
PATIENCE = 2  # seconds that somebody else may still take to let go of the database
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_REFUSED = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}  # by a disk

Tell = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What a copy holds: the schema's step, rows by table, the digest of the newest capture of the
    chain ("" where nothing is chained)."""

    schema: str
    counts: Mapping[str, int]
    head: str


def file_of(url: str) -> Path:
    """The file of a SQLite database. Raises `StoreError` for any other: it has tools of its own."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        raise StoreError(
            f"database {place.render_as_string(hide_password=True)} is no file of lexwatch's: copy "
            "it with its own tool, for PostgreSQL pg_dump (and pg_restore to put it back)"
        )
    return Path(place.database)


def copy(source: Path, to: Path, tell: Tell = lambda _done, _of: None) -> None:
    """Copy the database as it stands at this moment. Whoever writes meanwhile waits for nothing,
    and what they write is not in the copy. `tell` gets (pages done, of how many).

    Raises `OSError` where there is no room, and `StoreError`.
    """
    with _translated(source), closing(_connected(source)) as held, closing(_made(to)) as made:
        # One view for the whole copy: SQLite would begin again after each write of another.
        held.execute("BEGIN")
        held.execute("SELECT count(*) FROM sqlite_master").fetchone()
        held.backup(made, pages=PAGES, progress=lambda _state, left, of: tell(of - left, of))
        made.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
    with to.open("rb+") as file:
        os.fsync(file.fileno())


def examine(path: Path) -> Copy:
    """Look through a copy that nobody has open. Raises `StoreError` where it is not sound."""
    with _translated(path), closing(_connected(path)) as held:
        found = [str(row[0]) for row in held.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise Damaged(f"database {path} is damaged ({'; '.join(found)})")
        tables = [row[0] for row in held.execute(_TABLES)]
        return Copy(
            schema=_one(held, _SCHEMA) if "alembic_version" in tables else "",
            counts={name: held.execute(_count(name)).fetchone()[0] for name in tables},
            head=_one(held, _HEAD) if "capture" in tables else "",
        )


def seal(path: Path) -> None:
    """Take what was written last into the file itself, so that it is all there is. Raises
    `StoreError` where anybody else has the database open; a damaged one is left as it is."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as held:
            held.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else reads
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise StoreError(
                f"something has {path} open: stop `lexwatch serve`, `lexwatch schedule` and "
                "whatever else uses it, then try again"
            ) from error


def is_damage(error: BaseException | None) -> bool:
    """Whether a driver's error means that the file itself is damaged, or is no database."""
    code = getattr(error, "sqlite_errorcode", None)  # the low byte; the rest says more exactly
    return code is not None and code & 0xFF in DAMAGED


_SCHEMA = "SELECT version_num FROM alembic_version"
_HEAD = "SELECT digest FROM capture ORDER BY number DESC LIMIT 1"
# Those of full-text search are derived, and some hold no rows to count.
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " AND name NOT GLOB 'passage_*' ORDER BY name"
)


def _count(table: str) -> str:
    return f'SELECT count(*) FROM "{table}"'  # noqa: S608 - a name that the database itself gave


def _one(held: sqlite3.Connection, query: str) -> str:
    """The one value of a query, "" where it has none."""
    row = held.execute(query).fetchone()
    return str(row[0]) if row else ""


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _made(path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(path, isolation_level=None)
    made.execute("PRAGMA synchronous = OFF")  # it is written out once, at its end
    return made


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        refused = _REFUSED.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if refused:
            raise OSError(refused, os.strerror(refused), str(path)) from error
        kind = Damaged if is_damage(error) else StoreError
        raise kind(f"database {path}: {error}") from error
