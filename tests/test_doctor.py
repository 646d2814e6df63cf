"""The doctor: each check by itself, and with whatever is broken it says the rest."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import HashingEncoder
from filelock import FileLock
from publisher import NOW, Reader, page, rules_of, visit
from sqlalchemy import text

from index import proven
from index.vectors import Vectors
from lexwatch.app import App
from lexwatch.operating.doctor import CHECKS, examine
from lexwatch.operating.finding import Finding, Level
from lexwatch.schedule.lock import LOCK
from lexwatch.settings import Data, Mail, Settings
from pipeline.errors import ModelError

LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an office that has read one notice, of none of the real sources."""
    folder = tmp_path_factory.mktemp("read") / "data"
    app = App(Settings(data=Data(folder=str(folder))), lambda: LATER)
    at = {"date": "Mon, 05 Oct 2026 18:00:00 GMT"}
    said = page({"1": "A bond hearing."}, NOW)
    visit(app.database, rules_of(Reader()), NOW, type(said)(**{**vars(said), "headers": at}))
    vectors = Vectors(app.database, HashingEncoder(), app.settings.folder / "chroma")
    vectors.sync()
    vectors.close()
    app.database.close()
    return folder


@pytest.fixture
def app(read: Path, tmp_path: Path) -> Iterator[App]:
    """That office, with data of its own."""
    folder = Path(shutil.copytree(read, tmp_path / "data"))
    app = App(Settings(data=Data(folder=str(folder))), lambda: LATER)
    _ = app.database
    yield app
    app.database.close()


def found(app: App, *subjects: str, offline: bool = True) -> dict[str, Finding]:
    """What is found, by subject: of some the gravest."""
    checks = [each for each in CHECKS if not subjects or each.__name__ in subjects]
    every = examine(app, offline=offline, checks=checks)
    return {each.subject: each for each in reversed(every)}


def alter(app: App, statement: str) -> None:
    with app.database.write() as connection:
        connection.execute(text(statement))


def test_of_a_new_installation_it_says_what_comes_first_and_makes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    every = found(App(Settings(data=Data(folder=str(folder))), lambda: LATER))
    assert every["settings"].level is Level.MUST and "contact" in every["settings"].step
    assert "there is none yet" in every["database"].said
    assert every["model"].level is Level.OK and "subscriptions" in every and "operator" in every
    assert not folder.exists()


def test_what_is_in_order_is_said_to_be(app: App) -> None:
    never = found(app, "chain")["proof of the chain"]
    assert never.level is Level.LOOK and "lexwatch verify" in never.step
    proven.note(app.database, proven.LastProof(at=NOW, captures=1, fault=""))
    every = found(app, "database", "keywords", "vectors", "waits", "chain", "clock", "folder")
    assert {each.level for each in every.values()} == {Level.OK}, every
    assert "agrees with the publishers" in every["clock"].said
    assert (
        every["Chroma"].said.startswith("in line")
        and "1 capture" in every["chain of captures"].said
    )


def test_a_proof_that_failed_must_be_looked_into(app: App) -> None:
    proven.note(app.database, proven.LastProof(at=NOW, captures=1, fault="capture 1: altered"))
    last = found(app, "chain")["proof of the chain"]
    assert last.level is Level.MUST and "October 5, 2026, 14:00 EDT: capture 1" in last.said
    assert "lexwatch hold" in last.step


@pytest.mark.parametrize(
    ("check", "subject", "statement", "said", "step"),
    [
        (
            "keywords",
            "keyword index",
            "DELETE FROM passage_words_docsize",
            "1 passage out of line",
            "lexwatch rebuild",
        ),
        (
            "database",
            "database",
            "UPDATE document SET id = 77",
            "rows that are not there",
            "no backup to put back",
        ),
        (
            "chain",
            "chain of captures",
            "UPDATE page SET url = 'https://example.gov/other'",
            "capture, 1, is not what was chained",
            "lexwatch verify",
        ),
        ("waits", "waiting", "UPDATE page SET read_at = NULL", "1 page fetched", "ingest"),
        ("vectors", "vectors", "DELETE FROM vector", "1 passage without a vector", "ingest"),
        (
            "clock",
            "clock",
            "UPDATE page SET fetched_at = '2026-10-05 20:00:00'",
            "2 hours ahead of",
            "time server",
        ),
    ],
)
def test_what_is_out_of_order_is_named_with_the_next_step(
    app: App, *, check: str, subject: str, statement: str, said: str, step: str
) -> None:
    app.database.engine.dispose()
    with sqlite3.connect(app.settings.folder / "lexwatch.db") as connection:  # keys unheeded
        connection.execute(statement)
    finding = found(app, check)[subject]
    assert finding.level is not Level.OK
    assert said in finding.said and step in finding.step and finding.means


def test_a_lost_chroma_is_noticed_and_one_that_another_process_has_is_left(app: App) -> None:
    folder = app.settings.folder / "chroma"
    for path in folder.rglob("*.sqlite3"):
        path.write_bytes(b"no database")
    assert found(app, "vectors")["Chroma"].level is Level.LOOK
    with FileLock(folder / "owner.lock"):
        assert "another lexwatch has it open" in found(app, "vectors")["Chroma"].said


@pytest.mark.parametrize(
    ("spoil", "said", "level"),
    [
        (lambda db: db.write_bytes(b"garbage " * 999), "not a database", Level.MUST),
        (lambda db: _set(db, "9999"), "a newer lexwatch made it", Level.MUST),
        (lambda db: _set(db, "0003"), "has the schema 0003", Level.LOOK),
    ],
)
def test_a_database_that_cannot_be_used_keeps_it_from_nothing_else(
    app: App, spoil: Callable[[Path], object], said: str, level: Level
) -> None:
    app.database.close()
    file = app.settings.folder / "lexwatch.db"
    for path in file.parent.glob("lexwatch.db-*"):
        path.unlink()
    spoil(file)
    before = file.read_bytes()
    every = found(App(app.settings, lambda: LATER))
    assert (every["database"].level, said in every["database"].said) == (level, True)
    assert every["model"].level is Level.OK and "schedule" in every and "disk" in every
    assert "could not be looked at" not in "".join(each.said for each in every.values())
    assert file.read_bytes() == before


def _set(database: Path, revision: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()


def test_a_check_that_fails_itself_is_a_finding(app: App) -> None:
    def broken(_case: object) -> Iterator[Finding]:
        raise ModelError("nothing there")

    (one,) = examine(app, offline=True, checks=[broken])
    assert one.level is Level.MUST and one.said.endswith("looked at: nothing there")


def test_a_folder_that_others_may_read_is_named(app: App) -> None:
    app.settings.folder.chmod(0o755)
    assert "chmod 700" in found(app, "folder")["data folder"].step


def test_a_schedule_is_known_by_its_lock(app: App) -> None:
    assert found(app, "schedule")["schedule"].said == "none runs"
    with FileLock(app.settings.folder / LOCK):
        assert found(app, "schedule")["schedule"].said == "it runs"


def test_a_mail_server_that_does_not_answer_is_named_and_offline_none_is_asked(
    tmp_path: Path,
) -> None:
    mail = Mail(transport="smtp", host="127.0.0.1", port=9, security="none")
    app = App(Settings(data=Data(folder=str(tmp_path)), mail=mail), lambda: LATER)
    closed = found(app, "mail", offline=False)["mail"]
    assert closed.level is Level.MUST and "no mail server answered" in closed.said
    assert "was not asked" in found(app, "mail")["mail"].said
