"""Whether what is stored is whole: looked at without altering it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from index import derived, embedded, mirror, passages, schema
from index.chroma import Chroma
from index.database import Database
from pipeline.errors import StoreError

SAID = 5  # faults that are told one by one


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A database's schema as it is and as this program has it."""

    held: str
    current: str


def shape(url: str) -> Shape | None:
    """A database's schema, read without bringing it up; None where there is no such file, and of
    another database than SQLite. Raises `StoreError` where the file can't be read."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        return None
    path = Path(place.database)
    if not path.exists():
        return None
    try:
        opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise StoreError(f"database {path}: {error}") from error
    return Shape(held=row[0] if row else "", current=schema.REVISION)


def faults(connection: Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with its own file, page by page, and rows that name others which are
    not there; a minute for some gigabytes."""
    found = connection.execute(text(f"PRAGMA quick_check({SAID})")).scalars()
    said = [each for each in found if each != "ok"]
    strays = connection.execute(text("PRAGMA foreign_key_check")).all()
    if strays:
        tables = ", ".join(sorted({row[0] for row in strays}))
        said.append(f"{len(strays)} rows in {tables} name rows that are not there")
    return tuple(said)


def unindexed(connection: Connection) -> int:
    """How many passages the keyword index lacks, or holds though they are gone."""
    query = text(
        "SELECT (SELECT count(*) FROM passage"
        " WHERE id NOT IN (SELECT id FROM passage_words_docsize))"
        " + (SELECT count(*) FROM passage_words_docsize WHERE id NOT IN (SELECT id FROM passage))"
    )
    return int(connection.execute(query).scalar_one())


def unembedded(connection: Connection) -> int:
    """How many passages have no vector of the model that the others have."""
    return len(embedded.missing(connection, model(connection)))


def model(connection: Connection) -> str:
    """The digest of the model that made the vectors; "" where there are none."""
    return derived.get_fact(connection, "model").partition(" ")[2]


def damage(database: Database, folder: Path, url: str = "") -> str | None:
    """What is wrong with Chroma beside the vectors in SQL, "" where nothing is; None where another
    process has it open, which alone may look."""
    with database.read() as connection:
        digest, generation = model(connection), passages.generation(connection)
    if not digest or not generation or not (url or folder.exists()):
        return ""
    lock = FileLock(folder / "owner.lock")
    try:
        if not url:
            lock.acquire(blocking=False)
    except Timeout:
        return None
    chroma = Chroma(folder, url)
    try:
        return mirror.damage(database, chroma, digest)
    finally:
        chroma.close()
        lock.release()
