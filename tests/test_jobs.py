"""What a job may count on: a folder of its own, alone; and what it says of texts unread."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_sending import ANA, MONDAY, Office

from index import derived, passages, treatments
from lexwatch import jobs, turns
from lexwatch.turns import Turn
from pipeline.errors import StoreError


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def test_a_rebuild_that_failed_of_a_page_leaves_texts_unread(office: Office) -> None:
    with office.app.database.write() as connection:
        derived.set_fact(connection, treatments.FACT, treatments.UNREAD)
        derived.set_fact(connection, passages.FACT, passages.UNPLACED)
    assert jobs.rebuild(office.app, lambda *_: None).failures
    with office.app.database.read() as connection:
        assert treatments.are_unread(connection)
        assert passages.are_unplaced(connection)


def test_the_data_folder_is_its_owners_alone(office: Office) -> None:
    assert stat.S_IMODE(Path(office.data.folder).stat().st_mode) == 0o700


def test_who_replaces_the_data_is_refused_while_anybody_is_at_work(office: Office) -> None:
    for at_work in (
        office.app.turn(Turn.EMBEDDING),
        turns.visit(Path(office.data.folder), "sample", [], lambda: False),
    ):
        with (
            at_work,
            pytest.raises(StoreError, match="another lexwatch is at work"),
            office.open(ANA).at_work(),
        ):
            pass
