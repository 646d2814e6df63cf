"""Small databases of earlier schemas, with invented rows in each table that there was then."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, create_engine, insert
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary, String

from index import migrate, schema

EARLIER = sorted(
    step.revision
    for step in ScriptDirectory.from_config(migrate._config()).walk_revisions()
    if step.revision != schema.REVISION
)
ROWS = 2  # of each table
MAPPINGS = frozenset({"headers", "context", "question", "links", "metadata", "starts"})

Held = dict[str, dict[str, list[Any]]]
"""By table and column, what its rows have there, each column in the same order."""


def make(path: Path, revision: str) -> Held:
    """A database of a schema, filled; returns what it holds."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        migrate.upgrade(connection, revision)
        fill(connection)
        found = held(connection)
    engine.dispose()
    return found


def fill(connection: Connection) -> None:
    """Two rows in every table; the first names first rows, the second second ones."""
    reflected = MetaData()
    reflected.reflect(connection, only=lambda name, _: not name.startswith(("passage_", "alembic")))
    for table in reflected.sorted_tables:
        rows = [{each.name: _value(each, n) for each in table.columns} for n in range(1, ROWS + 1)]
        connection.execute(insert(table), rows)


def held(connection: Connection) -> Held:
    """All that the database has, as it lies there, but the keyword index."""
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        " AND name NOT GLOB 'passage_*' ORDER BY name"
    ).scalars()
    found: Held = {}
    for name in names.all():
        every = f'SELECT * FROM "{name}" ORDER BY 1, 2'  # noqa: S608 - a name the database gave
        rows = connection.exec_driver_sql(every).mappings().all()
        found[name] = {
            column: [row[column] for row in rows] for column in (rows[0] if rows else ())
        }
    return found


def held_in(path: Path) -> Held:
    """What a file holds."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = held(connection)
    engine.dispose()
    return found


def served(number: int) -> bytes:
    """What a publisher served, of the first row or the second."""
    return f"invented page {number}".encode()


def _value(column: Column[Any], number: int) -> Any:
    for reference in column.foreign_keys:
        return _value(reference.column, number)
    said, kind = f"{column.table.name}.{column.name} {number}", column.type
    if column.name == "sha256":
        return hashlib.sha256(served(number)).hexdigest()
    if column.name == "compressed":
        return zlib.compress(served(number))
    if isinstance(kind, JSON):
        return {said: number} if column.name in MAPPINGS else [said]
    by_kind: dict[type, Any] = {
        Boolean: number == 1,
        Integer: number,
        Float: number / 4,
        DateTime: datetime(2026, 10, number, 18, tzinfo=UTC).replace(tzinfo=None),
        Date: date(2026, 10, number),
        LargeBinary: zlib.compress(json.dumps({said: number}, separators=(",", ":")).encode()),
        String: said,
    }
    return next(value for shape, value in by_kind.items() if isinstance(kind, shape))
