"""What search keeps of the database stands only while nothing is written there."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from index import derived, schema
from index.database import Database
from index.kept import FILTERS, NAMES, again, kept, selected, these, whole


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")


def note(connection: Connection) -> None:
    derived.set_fact(connection, "generation", "7")


def test_what_was_kept_is_there_while_nothing_is_written(database: Database) -> None:
    for known in ({}, {1: "one"}):
        with database.read() as connection:
            held = kept(connection, "numbers")
            assert held == known
            held[1] = "one"
            assert kept(connection, "others") == {}


@pytest.mark.parametrize("is_other", [True, False])
def test_whoever_writes_ends_what_was_kept(database: Database, is_other: bool) -> None:
    writer = Database(database.url) if is_other else database
    with database.read() as connection:
        kept(connection, "numbers")[1] = "one"
    with writer.write() as connection:
        note(connection)
    with database.read() as connection:
        assert kept(connection, "numbers") == {}


def test_a_reader_keeps_what_belongs_to_its_view(database: Database) -> None:
    with database.read() as connection:
        assert kept(connection, "numbers") == {}  # from here on the view stands
        with Database(database.url).write() as writer:
            note(writer)
        kept(connection, "numbers")[1] = "as of then"
    with database.read() as connection:
        assert kept(connection, "numbers") == {}


def test_all_who_read_the_same_view_share_what_is_kept(database: Database) -> None:
    with database.read() as one, database.read() as other:
        kept(one, "numbers")[1] = "one"
        assert kept(other, "numbers") == {1: "one"}
    with database.write():
        pass  # nothing was written: all stands
    with database.read() as connection:
        assert kept(connection, "numbers") == {1: "one"}


def test_who_read_before_a_change_keeps_the_older_view(database: Database) -> None:
    with database.read() as older:
        kept(older, "numbers")[1] = "as of then"
        with database.write() as connection:
            note(connection)
        with database.read() as newer:
            assert kept(newer, "numbers") == {}
            kept(newer, "numbers")[1] = "as of now"
        assert kept(older, "numbers") == {1: "as of then"}
    with database.read() as connection:
        assert kept(connection, "numbers") == {1: "as of now"}


def test_whoever_writes_without_counting_ends_what_was_kept(database: Database) -> None:
    with database.read() as connection:
        kept(connection, "numbers")[1] = "one"
    with database.engine.begin() as plain:  # as another program would
        plain.execute(schema.fact.insert().values(name="strange", value="1"))
    with database.read() as connection:
        assert kept(connection, "numbers") == {}


def test_what_is_made_whole_is_made_once_for_a_view(database: Database) -> None:
    times = count(1)
    for _ in range(2):
        with database.read() as connection:
            assert whole(connection, "all", lambda: next(times)) == 1
    with database.write() as connection:
        note(connection)
    with database.read() as connection:
        assert whole(connection, "all", lambda: next(times)) == 2


def test_nothing_is_kept_of_what_may_never_be_committed(database: Database) -> None:
    with database.write() as connection:
        kept(connection, "numbers")[1] = "one"
        assert kept(connection, "numbers") == {}
    with database.read() as connection:
        assert kept(connection, "numbers") == {}


def test_of_many_names_the_last_asked_for_are_kept(database: Database) -> None:
    with database.read() as connection:
        for name in ("first", "second"):
            kept(connection, name)[1] = name
        for number in range(NAMES - 2):
            kept(connection, f"day {number}")
        assert kept(connection, "first") == {1: "first"}
        kept(connection, "one more")
        assert kept(connection, "first") == {1: "first"} and kept(connection, "second") == {}


def test_numbers_are_a_query_however_many(database: Database) -> None:
    table = schema.document
    with database.write() as connection:
        said = [{"source": "sample", "key": str(number), "kind": "notice"} for number in range(3)]
        connection.execute(table.insert(), said)
    with database.read() as connection:
        every = connection.execute(select(table.c.id)).scalars().all()
        few = select(table.c.id).where(table.c.id.in_(these([every[0], 1_000_000])))
        assert connection.execute(few).scalars().all() == [every[0]]
        none = select(table.c.id).where(table.c.id.in_(these([])))
        assert connection.execute(none).scalars().all() == []
        assert len(connection.execute(these(range(100_000))).all()) == 100_000


def test_what_is_asked_for_again_is_known_to_be_until_something_is_written(
    database: Database,
) -> None:
    for expected in ([False, True], [True, True]):
        with database.read() as connection:
            assert [again(connection, "titles") for _ in range(2)] == expected
            assert not again(connection, f"others {expected}")
    with database.write() as connection:
        note(connection)
        assert not any(again(connection, "titles") for _ in range(2))
    with database.read() as connection:
        assert not again(connection, "titles")


def test_what_a_query_selects_is_read_once_and_again_after_a_change(database: Database) -> None:
    facts = schema.fact
    query = select(func.length(facts.c.value)).where(facts.c.name == "generation")
    with database.write() as connection:
        note(connection)
    for _ in range(2):
        with database.read() as connection:
            assert selected(connection, query) == {1}
    with database.write() as connection:
        derived.set_fact(connection, "generation", "10")
    with database.read() as connection:
        assert selected(connection, query) == {2}
        for _ in range(2 * FILTERS):
            selected(connection, select(facts.c.value))
        assert len(kept(connection, "selected")) == FILTERS
