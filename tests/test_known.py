"""Names that documents go by: each finds its own, and no whole table is gone through for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from libraries import Library, decision, keys
from sqlalchemy import event, text

from index import store
from index.search.lookup import citers, holders

OURS = replace(
    decision("77", "Matter of O-U-R-S-", "A bond was set.", "It was high."),
    citation="99 I&N Dec. 1 (BIA 2023)",
    url="https://x.gov/ours",
)
NAMES = ("bia_decisions:77", "77", "matter of o-u-r-s-", OURS.citation.upper(), OURS.url)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path)
    yield opened
    opened.vectors.close()


@pytest.mark.parametrize("name", [*NAMES, "99 I&N Dec. 1"])
def test_a_document_is_found_by_any_of_its_names_asked_once_or_again(
    library: Library, name: str
) -> None:
    library.add(OURS, decision("78", "Another", "Nothing."))
    for _ in range(2):
        with library.database.read() as connection:
            for _ in range(2):
                ((_, found),) = store.find_documents(connection, name)
                assert found.key == "77"
                assert store.find_documents(connection, f"{name}8") == ()


def test_a_name_that_came_since_is_found(library: Library) -> None:
    library.add(OURS)
    for added in (decision("78", "Later", "Nothing."), decision("79", "later", "Nothing.")):
        with library.database.read() as connection:
            held = [store.find_documents(connection, "Later") for _ in range(2)]
        library.add(added)
        with library.database.read() as connection:
            for _ in range(2):
                now = store.find_documents(connection, "Later")
                assert len(now) == len(held[0]) + 1
                assert now[0][1].key == added.document.key  # the newest first


def test_who_cites_most_comes_first_then_the_newest_by_current_texts_alone(
    library: Library,
) -> None:
    once, twice = "See 99 I&N Dec. 1.", "See 99 I&N Dec. 1 and 99 I&N Dec. 1."
    library.add(OURS, decision("1", "One", once), decision("2", "Two", twice))
    library.add(decision("3", "Three", once), decision("4", "Four", twice))
    library.add(decision("4", "Four", "It cites nobody any more."))
    with library.database.read() as connection:
        found = citers(connection, ["99 I&N Dec. 1"], None, 10)
        named = dict(store.documents(connection))
        assert [named[number].key for number in found] == ["2", "3", "1"]
        assert citers(connection, ["99 I&N Dec. 1"], None, 1) == found[:1]
        assert holders(connection, ["99 I&N Dec. 1"], None) == (1,)


@contextmanager
def told(library: Library) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the database is given, with its parameters."""
    given: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        given.append((statement, parameters))

    event.listen(library.database.engine, "before_cursor_execute", note)
    yield given
    event.remove(library.database.engine, "before_cursor_execute", note)


def test_a_citation_is_looked_up_without_going_through_texts_or_citations(
    library: Library,
) -> None:
    library.add(OURS, decision("1", "One", "See 99 I&N Dec. 1."))
    with told(library) as given:
        assert keys(library.find("99 I&N Dec. 1")) == ["77", "1"]
    selects = [each for each in given if each[0].lstrip().upper().startswith("SELECT")]
    assert len(selects) > 5
    with library.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM citation")).scalar() == 1
        for statement, parameters in selects:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan]
            for table in ("citation", "version", "passage"):
                assert not any(step.split()[:2] == ["SCAN", table] for step in steps), statement
