"""Bring a database's tables to today's schema, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, literal, select, table

from pipeline.errors import StoreError

_OURS = frozenset({"alembic_version", "fact"})  # rows that say nothing of what is held


def knows(revision: str) -> bool:
    """Whether a step of that name is among ours; one that is not comes from a newer program."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {step.revision for step in steps}


def is_empty(connection: Connection) -> bool:
    """Whether a database holds nothing that could be lost."""
    names = sorted(set(inspect(connection).get_table_names()) - _OURS)
    return not any(
        connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first()
        for name in names
        if not name.startswith("passage_")  # of full-text search: derived
    )


@contextmanager
def unbound(connection: Connection) -> Iterator[None]:
    """Foreign keys are not enforced meanwhile: a step that makes a table anew drops the old one,
    whose rows others name (sqlite.org/lang_altertable.html, the twelve steps)."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take every step that is still to come, in the connection's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise StoreError(
                f"a row of {lost[0]} names a row of {lost[2]} that there is not: the database is "
                "left at its old schema. Restore a backup (`lexwatch restore`)"
            )


def _config() -> Config:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
