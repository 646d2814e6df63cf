"""A backup is whole or is not there, and what was held comes back from it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemas
from builders import rule
from fakes import HashingEncoder
from filelock import FileLock
from holding import hold
from sqlalchemy import insert, select
from typer.testing import CliRunner

from index import backup as copies
from index import schema
from lexwatch.app import App
from lexwatch.cli import cli
from lexwatch.keeping import age, backup, backups, restore
from lexwatch.keeping.backups import Backup, Rule
from lexwatch.keeping.manifest import DATABASE, NAME
from lexwatch.settings import Backup as Given
from lexwatch.settings import Data, Settings
from pipeline.errors import Damaged, StoreError

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office's data folder with three rules and their vectors; to be copied."""
    folder = tmp_path_factory.mktemp("an office")
    app = office(folder)
    texts = ("A fee of $50 is due.", "A hearing may be rescheduled.", "Form I-999 is withdrawn.")
    hold(app.database, *(rule(text, number=f"2026-2100{n}") for n, text in enumerate(texts)))
    app.vectors.sync()
    app.vectors.close()
    app.database.close()
    (folder / "signing.key").write_bytes(b"k" * 32)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def office(folder: Path, at: datetime = NOW, **given: Any) -> App:
    app = App(Settings(data=Data(folder=str(folder)), backup=Given(**given)), lambda: at)
    app.encoder = HashingEncoder()
    return app


def held(folder: Path) -> schemas.Held:
    return schemas.held_in(folder / DATABASE)


def spoil(path: Path) -> None:
    """Overwrite the pages in the middle of a file."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3 // 4096 * 4096)
        file.write(b"\xa5" * (path.stat().st_size // 3))


def test_a_damaged_database_names_the_one_command_that_brings_the_same_state_back(
    folder: Path,
) -> None:
    before = held(folder)
    app = office(folder)
    _ = app.database
    made = backup.make(app.settings, NOW)
    spoil(folder / DATABASE)
    said = rf"malformed.*`lexwatch restore {made.backup.path}`.*November 23, 2026, 03:00 EST"
    with pytest.raises(Damaged, match=said), app.database.read() as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(select(table)).all()
    app.database.close()
    with pytest.raises(Damaged, match=r"no backup was made.*malformed.*lexwatch restore"):
        backup.make(app.settings, NOW + timedelta(days=1))
    assert [each.path for each in backups.held(folder / "backups")] == [made.backup.path]
    restored = restore.restore(app.settings, made.backup.path, None, NOW)
    assert held(folder) == before
    healed = office(folder)
    synced = restore.derive(healed)
    assert synced is not None and synced.held == 3
    [near] = healed.vectors.nearest(healed.encoder.encode(["hearing rescheduled"]), 1)
    assert len(near) == 1
    healed.database.close()
    assert restored.aside is not None and (restored.aside / DATABASE).is_file()


def test_a_backup_is_one_moment_of_a_database_that_others_write_all_the_time(folder: Path) -> None:
    app = office(folder)
    stop = threading.Event()
    wrote: list[bool] = []
    steps: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with app.database.write() as connection:  # one fact more, in two places
                n = len(wrote)
                connection.execute(insert(schema.fact).values(name=f"a {n}", value="x" * 20_000))
                connection.execute(insert(schema.fact).values(name=f"b {n}", value="x" * 20_000))
            wrote.append(stop.is_set())

    def tell(what: str, done: int, _of: int | None) -> None:
        if what.startswith("copy"):
            steps.append(done)
            assert steps == sorted(set(steps))  # it never begins again
            waiting = len(wrote)
            while len(wrote) < waiting + 2:  # writers go on while pages are copied
                assert writer.is_alive()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        pages, copies.PAGES = copies.PAGES, 20
        made = backup.make(app.settings, NOW, tell)
    finally:
        copies.PAGES = pages
        stop.set()
        writer.join()
    app.database.close()
    restore.restore(app.settings, made.backup.path, None, NOW)
    names = held(folder)["fact"]["name"]
    assert len([n for n in names if n.startswith("a ")]) == len(
        [n for n in names if n.startswith("b ")]
    )
    assert len(names) < 2 * len(wrote)


def test_an_encrypted_backup_opens_with_its_key_alone(folder: Path, tmp_path: Path) -> None:
    recipient = age.new_key(tmp_path / "key.txt", NOW)
    age.new_key(tmp_path / "other.txt", NOW)
    app = office(folder, recipient=recipient)
    made = backup.make(app.settings, NOW)
    assert made.backup.path.name == "lexwatch-2026-11-23T08-00-00Z.tar.gz.age"
    assert made.backup.path.read_bytes().startswith(b"age-encryption.org/v1\n")
    for key in (None, tmp_path / "other.txt", tmp_path / "none.txt", folder / "signing.key"):
        with pytest.raises(StoreError, match=r"--identity|not encrypted for"):
            restore.check(app.settings, made.backup.path, key)
    assert restore.check(app.settings, made.backup.path, tmp_path / "key.txt") == made.manifest
    if os.name == "posix":
        assert (tmp_path / "key.txt").stat().st_mode & 0o077 == 0
        assert made.backup.path.stat().st_mode & 0o077 == 0


def test_a_backup_that_was_altered_or_cut_off_is_refused_and_changes_nothing(
    folder: Path,
) -> None:
    app = office(folder)
    path = backup.make(app.settings, NOW).backup.path
    whole, before = path.read_bytes(), held(folder)
    for wrong in (whole[:-100], whole[: len(whole) // 2], b"", b"no archive", *_altered(whole)):
        path.write_bytes(wrong)
        with pytest.raises(StoreError, match=_refused(path)):
            restore.restore(app.settings, path, None, NOW)
    assert held(folder) == before
    assert not list(folder.glob("replaced-*")) and not list(folder.glob("*.partial"))


def _refused(path: Path) -> str:
    return rf"{re.escape(path.name)}.* (no|not|newer) "


def _altered(whole: bytes) -> Iterator[bytes]:
    """The archive with another byte in a part, another part, and a name that leads elsewhere."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as archive:
        parts = {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]
    yield _packed({**parts, "signing.key": b"z" * 32})
    yield _packed({**parts, "../outside": b""})
    yield _packed({name: parts[name] for name in (NAME, DATABASE)})
    said = json.loads(parts[NAME])
    said["parts"][1]["name"] = "../outside"
    yield _packed({**parts, NAME: json.dumps(said).encode()})
    yield _packed({**parts, NAME: json.dumps({**json.loads(parts[NAME]), "format": 2}).encode()})


def _packed(parts: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w:gz") as archive:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return into.getvalue()


def test_a_backup_of_a_newer_schema_is_refused(folder: Path) -> None:
    app = office(folder)
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    made = backup.make(app.settings, NOW)
    with pytest.raises(StoreError, match=r"newer lexwatch.*schema 9999"):
        restore.check(app.settings, made.backup.path, None)


def test_a_look_at_a_backup_changes_nothing_where_there_is_a_folder_and_makes_none_where_not(
    folder: Path, tmp_path: Path
) -> None:
    app, new = office(folder), office(tmp_path / "new")
    path = backup.make(app.settings, NOW).backup.path
    assert restore.check(new.settings, path, None) == restore.check(app.settings, path, None)
    assert not (tmp_path / "new").exists() and not list(folder.glob("restore.partial*"))
    with FileLock(folder / "restore-check.lock"), pytest.raises(StoreError, match="looks at"):
        restore.check(app.settings, path, None)


def test_nothing_is_restored_while_anybody_is_at_work_or_reads(folder: Path) -> None:
    app = office(folder)
    path = backup.make(app.settings, NOW).backup.path
    with FileLock(folder / "schedule.lock"), pytest.raises(StoreError, match=r"\(schedule\)"):
        restore.restore(app.settings, path, None, NOW)
    serving = office(folder)
    with serving.database.read(), pytest.raises(StoreError, match="stop `lexwatch serve`"):
        restore.restore(app.settings, path, None, NOW)
    assert not list(folder.glob("replaced-*"))
    serving.database.close()


def test_a_full_disk_leaves_nothing_half_written_and_the_older_backups(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = office(folder)
    older = backup.make(app.settings, NOW - timedelta(days=1)).backup
    with _limited(100_000), pytest.raises(StoreError, match=r"backup was not made.*Make room"):
        backup.make(app.settings, NOW)
    usage = shutil.disk_usage(folder)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(StoreError, match=r"0\.0 MB are free"):
        backup.make(app.settings, NOW)
    assert list((folder / "backups").iterdir()) == [older.path]
    assert not list(folder.glob("*.partial"))


@contextmanager
def _limited(size: int) -> Iterator[None]:
    """No file may be larger: what a disk that is full refuses, at a chosen point."""
    resource = pytest.importorskip("resource", reason="sizes are limited by the system's own means")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_what_a_killed_backup_left_is_no_backup_and_is_cleared_away(folder: Path) -> None:
    app = office(folder)
    left = folder / "backups" / "lexwatch-2026-11-22T08-00-00Z.tar.gz.partial"
    left.parent.mkdir()
    left.write_bytes(b"half")
    (folder / "backup.partial").mkdir()
    other = left.parent / "film.partial"  # of somebody else, in a folder that was named
    other.touch()
    assert backups.newest(left.parent) is None
    made = backup.make(app.settings, NOW)
    assert set(left.parent.iterdir()) == {made.backup.path, other}


def test_of_days_weeks_and_months_the_last_backup_stays() -> None:
    made = [
        Backup(
            path=Path(f"{n}{reason}"),
            made_at=NOW - timedelta(hours=12 * n),
            reason=reason,
            is_encrypted=False,
            size=1,
        )
        for n in range(200)
        for reason in ("", "before-0010")
        if not reason or n < 5
    ]
    gone = backups.outdated(made, Rule(daily=3, weekly=2, monthly=3))
    stay = [each for each in made if each not in gone]
    days = [f"{each.made_at:%m-%d %H}" for each in stay if not each.reason]
    # Monday the 23rd, Sunday the 22nd and Saturday the 21st; the week before ended on that Sunday.
    assert days == ["11-23 08", "11-22 20", "11-21 20", "10-31 20", "09-30 20"]
    assert len([each for each in stay if each.reason]) == backups.EARLIER


def test_settings_and_key_come_with_it_and_only_the_key_is_replaced(
    folder: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    given = f"[data]\nfolder = {json.dumps(str(folder))}\n"
    config.write_text(f"{given}[topics]\nfile = 'own.toml'\n", encoding="utf-8")
    (tmp_path / "own.toml").write_text("# invented\n", encoding="utf-8")
    run = CliRunner()
    made = json.loads(run.invoke(cli, ["--config", str(config), "backup", "--json"]).stdout)
    config.write_text(given, encoding="utf-8")
    (folder / "signing.key").write_bytes(b"n" * 32)
    done = run.invoke(cli, ["--config", str(config), "restore", made["file"], "--check"])
    assert done.exit_code == 0 and "is whole and sound: 3 pages, 3 documents" in done.stdout
    restored = restore.restore(office(folder).settings, Path(made["file"]), None, NOW)
    assert restored.settings is not None and restored.aside is not None
    assert {each.name for each in restored.settings.iterdir()} == {"config.toml", "topics.toml"}
    assert config.read_text(encoding="utf-8") == given
    assert (folder / "signing.key").read_bytes() == b"k" * 32
    assert (restored.aside / "signing.key").read_bytes() == b"n" * 32
    (folder / "lexwatch.db").unlink()  # somebody threw the damaged one away
    (folder / "signing.key").write_bytes(b"m" * 32)
    restored = restore.restore(
        office(folder).settings, Path(made["file"]), None, NOW.replace(hour=9)
    )
    assert restored.aside is not None and (folder / "signing.key").read_bytes() == b"k" * 32
    assert (restored.aside / "signing.key").read_bytes() == b"m" * 32


def test_passwords_of_the_environment_are_in_no_backup(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEXWATCH_SMTP_PASSWORD", "swordfish-77")
    monkeypatch.setenv("LEXWATCH_SIGNING_KEY", "swordfish-77" * 4)
    app = office(folder)
    path = backup.make(app.settings, NOW).backup.path
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None and b"swordfish-77" not in file.read()


def test_a_database_of_another_kind_is_left_to_its_own_tools() -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        copies.file_of("postgresql+psycopg://ana:secret@db/x")
    with pytest.raises(StoreError) as caught:
        copies.file_of("postgresql+psycopg://ana:secret@db/x")
    assert "secret" not in str(caught.value)
