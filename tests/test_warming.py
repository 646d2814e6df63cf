"""A service that has read ahead answers the same, and asks the database for less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from libraries import THESAURUS, Library, decision, keys
from sqlalchemy import event

from index.search.understanding import Understanding
from index.search.warming import warm

QUESTION = "who may be released on bond"


def answered(library: Library) -> tuple[list[str], int]:
    """What is found, and how many times the database was asked."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    engine = library.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        return keys(library.find(QUESTION, meaning=True)), len(asked)
    finally:
        event.remove(engine, "before_cursor_execute", note)


def stocked(folder: Path) -> Library:
    folder.mkdir()
    library = Library(folder)
    library.add(
        decision("1", "Matter of One", "The respondent was released on bond."),
        decision("2", "Matter of Two", "Bond was denied as the respondent is a flight risk."),
        decision("3", "Matter of Three", "The visa petition was approved."),
    )
    return library


def test_who_has_read_ahead_finds_the_same_with_fewer_questions_to_the_database(
    tmp_path: Path,
) -> None:
    cold, warmed = stocked(tmp_path / "cold"), stocked(tmp_path / "warm")
    for library in (cold, warmed):
        library.vectors.sync()
    warm(warmed.database, Understanding(lambda: THESAURUS, lambda: warmed.vectors))
    found, asked = answered(cold)
    assert found
    again, fewer = answered(warmed)
    assert again == found and fewer < 0.75 * asked
    for library in (cold, warmed):
        library.vectors.close()


def test_an_empty_database_is_soon_read(tmp_path: Path) -> None:
    library = Library(tmp_path)
    warm(library.database, Understanding(lambda: THESAURUS, lambda: library.vectors))
    assert library.find(QUESTION, meaning=True) == ()
    library.vectors.close()
