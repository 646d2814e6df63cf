"""The database: migrated to the schema, all or nothing, and clear about what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from index import (
    schema,
)
from index.database import Database
from pipeline.errors import StoreError


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a folder' / 'lexwatch.db'}"


@pytest.fixture
def database(url: str, tmp_path: Path) -> Database:
    (tmp_path / "a folder").mkdir()
    return Database(url)


def test_a_database_is_opened_again_as_it_was_left(database: Database, url: str) -> None:
    with database.write() as connection:
        connection.execute(insert(schema.fact).values(name="a", value="b"))
    database.close()
    with Database(url).read() as connection:
        assert connection.execute(select(schema.fact.c.value)).scalar_one() == "b"


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        connection.execute(insert(schema.fact).values(name="a", value="b"))
        raise ZeroDivisionError
    with database.read() as connection:
        assert connection.execute(select(schema.fact)).all() == []


def test_a_database_of_a_newer_program_is_refused(database: Database, url: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer lexwatch"):
        Database(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexwatch.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match=r"lexwatch\.db"):
        Database(f"sqlite:///{path}")


def test_a_database_that_needs_a_driver_we_lack_is_refused() -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        Database("oracle://nowhere/x")
