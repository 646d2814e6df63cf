"""The database: opened, migrated and locked in one place; its errors are translated here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from index import backup, disk, schema
from pipeline.errors import Damaged, StoreError

MOST = 2**31  # SQLite's header holds no higher count
BUSY_MS = 120_000  # how long a writer waits: SQLite has no queue, and who reads writes all the time


class Keeper(Protocol):
    """Who keeps copies of a database."""

    def before_upgrade(self, held: str) -> None:
        """Keep a copy of a database of the schema `held`, which is about to be brought up."""

    def remedy(self) -> str:
        """What to do about a damaged database, as a sentence."""


class Database:
    """One database, migrated to this program's schema when opened; `keeper` copies it before that.

    Reading and writing are told apart because SQLite has one writer: `write()` takes the write lock
    at once (BEGIN IMMEDIATE), so that what was read inside it still holds when it commits. A file
    that can't be written (`is_writable`) is read all the same.
    """

    def __init__(self, url: str, keeper: Keeper | None = None) -> None:
        self.url = url
        self._keeper = keeper
        only_read = disk.read_only(url)
        self.is_writable = only_read is None
        try:
            # Who reads may ask a second time while the first answer is read: by a pool with a limit
            # many readers at once would wait for each other for ever. What is a reader's own, and
            # what they search for, stands in no log and no error. The connection that was used last
            # is used next: what it keeps (`index.kept`) is the most.
            self.engine: Engine = create_engine(
                only_read or url, max_overflow=-1, pool_use_lifo=True, hide_parameters=True
            )
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"index.database_url {url!r} cannot be used: {error}") from error
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare if self.is_writable else _prepare_reading)
            event.listen(self.engine, "begin", _begin)
        with self._translated():
            self._migrate()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it, or none."""
        with self._translated(), self.engine.connect() as plain:
            connection = plain.execution_options(lexwatch_write=True)
            with connection.begin(), _counted(connection):
                yield connection

    def compact(self) -> None:
        """Give back to the disk what is empty in SQLite's file: it is written anew, for which there
        must be room, and whoever writes meanwhile waits."""
        if self.engine.dialect.name != "sqlite":
            return
        with self._translated():
            plain = self.engine.raw_connection()
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    plain.cursor().execute(statement)
            finally:
                plain.close()

    def close(self) -> None:
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            held = None
            if inspect(connection).has_table("alembic_version"):
                held = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if held == schema.REVISION:
            return
        # Alembic takes a tenth of a second to load, which only a database that is behind must pay.
        from index import migrate  # noqa: PLC0415

        if held is not None and not migrate.knows(held):
            raise StoreError(
                f"database {self._place} was made by a newer lexwatch (schema {held}): update this"
                " one"
            )
        with self.engine.connect() as plain, migrate.unbound(plain):
            connection = plain.execution_options(lexwatch_write=True)
            with connection.begin(), _counted(connection):
                if held is not None and self._keeper and not migrate.is_empty(connection):
                    self._keeper.before_upgrade(held)  # nobody can write meanwhile
                migrate.upgrade(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            raised = error.orig if isinstance(error, DBAPIError) else error
            parts = (f"database {self._place}", str(raised), disk.advice(raised))
            said = ": ".join(filter(None, parts))
            is_damage = backup.is_damage(raised)
            if self._keeper and is_damage:
                said = f"{said}. {self._keeper.remedy()}"
            raise (Damaged if is_damage else StoreError)(said) from error

    @property
    def _place(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True)


@contextmanager
def _counted(connection: Connection) -> Iterator[None]:
    """Count a transaction of SQLite that wrote anything, in the database's own header: what was
    kept of an older view (`index.kept`) is then known to be stale, by every connection."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    before = driver.total_changes
    yield
    if driver.total_changes != before:
        written = driver.execute("PRAGMA user_version").fetchone()[0]
        driver.execute(f"PRAGMA user_version = {(written + 1) % MOST}")


def _prepare(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late (at the first write) to be of use to us.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_MS}",  # first: the next may have to wait already
        "journal_mode = WAL",
        "synchronous = FULL",  # a page that was acknowledged survives a power cut
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reading(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("lexwatch_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
