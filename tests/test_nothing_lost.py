"""What a disk, a clock and Chroma may do: it is noticed, said, and nothing is lost by it.

Kills, a full disk and a model that is gone are in `test_kill.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEncoder
from killing import forked
from publisher import DAY
from sqlalchemy import insert
from test_sending import ANA, MONDAY, WEEK, Office

from index import keyword, passages, runs, schema
from index.chroma import Chroma
from index.database import Database
from index.search import search
from index.vectors import Vectors
from lexwatch.alerting import sending
from lexwatch.app import App
from lexwatch.fetch import is_whole_due
from lexwatch.settings import Data, Settings, Source
from pipeline.errors import StoreError

HOUR = timedelta(hours=1)
AT_ONCE = ANA.model_copy(update={"frequency": "at once"})
HELD = 1_100  # vectors: from 1,000 on Chroma writes its index to files of its own
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="Chroma may end the process: a fork's")


# A clock that was wrong


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data")
    made.open(AT_ONCE)
    made.publish(MONDAY, first="Baseline.")
    yield made
    made.app.database.close()


def told(office: Office, at: datetime) -> list[str]:
    """The subjects of what goes out at a moment."""
    return [subject for _, _, subject in office.run(at)]


def test_what_was_told_by_a_clock_that_was_ahead_is_not_told_again(office: Office) -> None:
    office.open(ANA)
    office.publish(MONDAY + 2 * WEEK + DAY, second="News.")
    assert office.digest(MONDAY + 3 * WEEK) == {ANA.address: ["Notice second"]}
    office.now = MONDAY + DAY
    assert office.app.ledger.put_right(office.now)
    titles = [office.digest(MONDAY + number * WEEK) for number in (1, 2)]
    office.publish(MONDAY + 2 * WEEK + 2 * DAY, third="News.")
    titles += [office.digest(MONDAY + number * WEEK) for number in (3, 4)]
    found = [title for sent in titles for each in sent.values() for title in each]
    assert found == ["Notice third"]  # a week late: of that week a digest was sent already


def test_what_was_found_by_a_clock_that_was_ahead_is_told_when_it_is_right_again(
    office: Office,
) -> None:
    office.publish(MONDAY + 52 * WEEK, second="News.")
    assert "the clock says" in office.app.ledger.put_right(MONDAY + DAY)
    assert len(told(office, MONDAY + DAY + HOUR)) == 1
    assert told(office, MONDAY + 53 * WEEK) == []


def test_a_clock_that_was_set_back_between_reading_and_telling_loses_no_change(
    office: Office,
) -> None:
    office.open(AT_ONCE, ANA.model_copy(update={"address": "weekly@example.com"}))
    office.publish(MONDAY + 3 * DAY, second="News.")
    told(office, MONDAY + 3 * DAY + HOUR)
    office.now = MONDAY + DAY
    office.app.ledger.put_right(office.now)
    office.publish(MONDAY + DAY, third="News.")
    assert len(told(office, MONDAY + DAY + HOUR)) == 1
    (digest,) = sending.digests(office.app, MONDAY + WEEK)
    assert {each.change.document.key for each in digest.alerts} == {"second", "third"}


def test_a_text_seen_after_a_clock_was_set_back_is_no_older_capture(office: Office) -> None:
    office.publish(MONDAY + 52 * WEEK, first="Amended by a clock that is ahead.")
    office.app.ledger.put_right(MONDAY + DAY)
    told(office, MONDAY + DAY)
    office.publish(MONDAY + 2 * DAY, first="Amended once more.")
    assert len(told(office, MONDAY + 2 * DAY + HOUR)) == 1


def test_a_whole_reading_by_a_clock_that_was_ahead_counts_for_no_year(tmp_path: Path) -> None:
    name = "uscis_policy_manual"
    app = App(Settings(data=Data(folder=str(tmp_path)), sources={name: Source()}), lambda: MONDAY)
    run = runs.begin_run(app.database, name, MONDAY + 52 * WEEK)
    with app.database.write() as connection:
        table = schema.run
        connection.execute(
            table.update().where(table.c.id == run.id).values(state="complete", established=True)
        )
    assert is_whole_due(app, name, {})


# A disk that can't be written


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Puts a folder where nothing can be written: a file system mounted for reading alone, or, for
    who is no superuser, a mode."""
    place = tmp_path / "locked"

    def lock(folder: Path) -> Path:
        if os.geteuid():
            shutil.copytree(folder, place)
            place.chmod(0o500)
            return place
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=False).returncode:
            pytest.skip("no file system can be mounted here, and we may write everywhere")
        shutil.copytree(folder, place, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        return place

    yield lock
    if not os.geteuid():
        subprocess.run(["umount", "--lazy", place], check=False)
    elif place.exists():
        place.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="modes and mounts are POSIX")
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "with a log of its own"])
def test_what_cannot_be_written_is_searched_and_read_and_says_so_to_who_writes(
    tmp_path: Path, locked: Callable[[Path], Path], *, is_open: bool
) -> None:
    made = Office(tmp_path / "data")
    made.publish(MONDAY, first="Baseline.")
    if not is_open:
        made.app.database.close()
    folder = locked(tmp_path / "data")
    app = App(Settings(data=Data(folder=str(folder))), lambda: MONDAY)
    app.encoder = HashingEncoder()
    (hit,) = search(app.database, app.understanding_words, "asylum application").hits
    assert hit.title == "Notice first"
    for work in (app.moment(), app.database.write()):
        with pytest.raises(StoreError, match="written"), work as connection:
            connection.execute(schema.fact.delete())  # type: ignore[union-attr]
    made.app.database.close()


# Chroma


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of many vectors, and Chroma in line with it; nothing of it stays open here."""
    folder = tmp_path_factory.mktemp("shelf")

    def fill() -> None:
        database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
        chance, model = np.random.default_rng(7), HashingEncoder()
        rows = chance.standard_normal((HELD, model.dimensions)).astype("<f4")
        rows /= np.linalg.norm(rows, axis=1)[:, None]
        digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(HELD)]
        with database.write() as connection:
            keyword.prepare(connection)
            document = {"id": 1, "source": "sample", "key": "1", "kind": "notice"}
            connection.execute(insert(schema.document).values(document))
            blank = {"document_id": 1, "header": "", "text": "", "trail": [], "anchor": ""}
            blank |= {"page": "", "first_block": 0}
            every = [{**blank, "digest": d, "ordinal": n} for n, d in enumerate(digests)]
            connection.execute(insert(schema.passage), every)
            held = [
                {"digest": d, "model": model.digest, "row": row.tobytes()}
                for d, row in zip(digests, rows, strict=True)
            ]
            connection.execute(insert(schema.vector), held)
            connection.execute(insert(schema.outbox), [{"digest": d} for d in digests])
            passages.advance(connection)
        assert _synced(folder) == ""
        database.close()

    assert forked(fill) == (0, "")
    return folder


def _synced(folder: Path) -> str:
    """Sync, and see that Chroma has all and embedding none; why it was made anew, or ""."""
    database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
    vectors = Vectors(database, HashingEncoder(), folder / "chroma")
    synced = vectors.sync()
    assert (synced.embedded, synced.held) == (0, HELD)
    vectors.close()
    database.close()
    chroma = Chroma(folder / "chroma")
    assert chroma.count() == HELD
    chroma.close()
    return synced.rebuilt


def _index(folder: Path) -> Path:
    return next(path.parent for path in folder.glob("chroma/*/*/data_level0.bin"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda _folder: None, ""),
    "its index is gone": (lambda folder: shutil.rmtree(_index(folder)), "did not find"),
    "the list of its numbers is gone": (
        lambda folder: (_index(folder) / "index_metadata.pickle").unlink(),
        "did not find",
    ),
    "its vectors are cut": (
        lambda folder: _cut(_index(folder) / "data_level0.bin"),
        "did not",  # find some, or answer
    ),
    "its vectors are empty": (
        lambda folder: (_index(folder) / "data_level0.bin").write_bytes(b""),
        "did not answer",
    ),
    "its database is cut": (
        lambda folder: _cut(next(folder.glob("chroma/*/chroma.sqlite3"))),
        "malformed",
    ),
    "its database is gone": (
        lambda folder: next(folder.glob("chroma/*/chroma.sqlite3")).unlink(),
        "it held 0 of",
    ),
}


@forks
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_chroma_is_noticed_and_made_anew_without_embedding(
    shelf: Path, tmp_path: Path, damage: str
) -> None:
    folder = shutil.copytree(shelf, tmp_path / "data")
    act, why = DAMAGE[damage]
    act(folder)

    def healed() -> None:
        said = _synced(folder)
        assert why in said and bool(why) == bool(said), said
        assert _synced(folder) == ""

    assert forked(healed) == (0, "")


@forks
def test_a_chroma_that_ends_whoever_opens_it_is_not_opened_again(
    shelf: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(shelf, tmp_path / "data")
    vectors = _index(folder) / "data_level0.bin"
    vectors.write_bytes(np.random.default_rng(7).bytes(vectors.stat().st_size))
    forked(lambda: _synced(folder))  # it may end well, by an error or by a signal

    def healed() -> None:
        _synced(folder)
        assert _synced(folder) == ""

    assert forked(healed) == (0, "")


def test_who_dies_while_writing_to_chroma_leaves_a_mark(tmp_path: Path) -> None:
    first, second = Chroma(tmp_path), Chroma(tmp_path)
    assert first.begin() == ""
    assert "died" in second.begin()
    second.end()
    assert first.begin() == ""
