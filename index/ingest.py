"""Ingest: what a fetched page says becomes versions, changes, passages, all in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from index import archive, runs, schema
from index.database import Database
from index.intake import Rules, Task, read, restate, take_in
from pipeline.calendar import eastern
from pipeline.errors import LexwatchError, ModelError, SettingsError, StoreError
from pipeline.health import Tally, emptied, tally
from pipeline.model import Page, Reading

# Not the fault of a page: the whole job stops, and what is not read stays in the queue.
OURS = (StoreError, ModelError, SettingsError)
ROOM = 50_000_000  # characters of text that may wait in memory for the verdict of their run


class Readings:
    """What pages say, kept from their examination until they are taken in, so that most are read
    once. `room` is in characters; what doesn't fit is read again. `accepted` are the sources whose
    pages count as healthy whatever they carried before."""

    def __init__(self, rules: Rules, room: int = ROOM, accepted: Collection[str] = ()) -> None:
        self.rules = rules
        self.accepted = accepted
        self._room = room
        self._kept: dict[int, Reading] = {}

    def keep(self, number: int, page: Page) -> Reading:
        """Read a page. Raises what its reader raises."""
        reading = read(page, self.rules)
        size = _size(reading)
        if size <= self._room:
            self._room -= size
            self._kept[number] = reading
        return reading

    def take(self, connection: Connection, number: int) -> Reading:
        """Give a reading and make room, reading the page again where it wasn't kept."""
        reading = self._kept.pop(number, None)
        if reading is None:
            return read(archive.page(connection, number), self.rules)
        self._room += _size(reading)
        return reading


def examine(database: Database, number: int, readings: Readings, now: datetime) -> str:
    """Note what a page says as numbers, on which the verdict of its run rests.

    A page that can't be read, or that no longer carries what it carried before, is marked with the
    reason and kept, and nothing else changes; returns that reason, or "".
    """
    with database.read() as connection:
        page = archive.page(connection, number)
        before = archive.last_tally(connection, number)
    try:
        said = tally(readings.keep(number, page))
        failure = ""
        if before and page.status == 200 and page.source not in readings.accepted:
            enumerates = page.source in readings.rules.enumerating
            failure = "; ".join(emptied(before, said, enumerates=enumerates))
            failure += "; compare the kept page with the site" if failure else ""
        _note(database, number, said, failure, now)
    except OURS:
        raise
    except Exception as error:  # one bad page must stop neither the others nor the next run
        failure = _reason(error)
        _note(database, number, Tally(), failure, now)
    return failure


def ingest(database: Database, number: int, readings: Readings, now: datetime) -> str:
    """Compare what a page says with what is held, and save what is new, in one transaction.

    Where that fails the page is marked with the reason, nothing of it is saved, and the next run
    that finds it tries again; returns that reason, or "".
    """
    try:
        _ingest(database, number, readings, now)
    except OURS:
        raise
    except Exception as error:  # as above
        failure = _reason(error)
        _note(database, number, Tally(), failure, now)
        return failure
    return ""


def rebuild(database: Database, number: int, rules: Rules) -> str:
    """Derive again, in place, what was read from a page; returns why that failed, or "".

    Makes no versions, changes or alerts: a better reader is not a change in the law. A page that
    could not be read before is put in the queue, since nobody was told what it says.
    """
    try:
        with database.read() as connection:
            page = archive.page(connection, number)
    except archive.Purged:  # since the numbers were read: what it made stands as it is
        return ""
    try:
        reading = read(page, rules)
    except Exception as error:  # as above
        return _reason(error)
    with database.write() as connection:
        archive.retry(connection, number, tally(reading))
        for version in reading.versions:
            restate(connection, version, number, rules)
    return ""


def _note(database: Database, number: int, said: Tally, failure: str, now: datetime) -> None:
    with database.write() as connection:
        archive.note(connection, number, said, failure, now)


def _ingest(database: Database, number: int, readings: Readings, now: datetime) -> None:
    table = schema.page
    with database.write() as connection:
        row = connection.execute(
            select(table.c.read_at, schema.run.c.id, schema.run.c.baseline, schema.run.c.source)
            .join(schema.run)
            .where(table.c.id == number)
        ).one()
        if row.read_at is not None:  # withheld, or another process was faster
            return
        reading = readings.take(connection, number)
        since = runs.watched_since(connection, row.source)
        task = Task(
            page=number,
            run=row.id,
            baseline=row.baseline,
            watched_since=eastern(since) if since else None,
            now=now,
            rules=readings.rules,
        )
        for version in reading.versions:
            take_in(connection, version, task)
        connection.execute(update(table).where(table.c.id == number).values(read_at=now))


def _size(reading: Reading) -> int:
    return sum(len(version.text) for version in reading.versions)


def _reason(error: Exception) -> str:
    said = str(error).encode("utf-8", "replace").decode()  # it may quote what no database takes
    if isinstance(error, LexwatchError):
        return said
    return f"the reader failed ({type(error).__name__}: {said}); please report it"
