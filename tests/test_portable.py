"""An export taken into an empty store gives the same state, or nothing at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemas
from fakes import HashingEncoder
from sqlalchemy import Table

from index import keyword, portable, schema
from lexwatch.app import App
from lexwatch.keeping.exported import export, manifest_of
from lexwatch.keeping.imported import take_in
from lexwatch.settings import Data, Settings
from pipeline.errors import StoreError
from pipeline.query.model import Term

SHA256 = hashlib.sha256(schemas.served(1)).hexdigest()
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def quietly(_what: str, _done: int, _of: int | None) -> None:
    """Show no progress."""


def office(folder: Path) -> App:
    app = App(Settings(data=Data(folder=str(folder))), lambda: NOW)
    app.encoder = HashingEncoder()
    return app


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[App, Path]:
    """An office with invented rows in every table, one body purged, and its whole export."""
    folder = tmp_path_factory.mktemp("an office")
    app = office(folder / "data")
    with app.database.write() as connection:
        schemas.fill(connection)
        purged = hashlib.sha256(schemas.served(2)).hexdigest()
        body = schema.body
        connection.execute(
            body.update().where(body.c.sha256 == purged).values(compressed=b"", size=15)
        )
    export(app, folder / "whole", quietly, with_readers=True)
    return app, folder / "whole"


def test_an_export_taken_into_an_empty_store_gives_the_same_state(
    store: tuple[App, Path], tmp_path: Path
) -> None:
    app, whole = store
    other = office(tmp_path / "data")
    made = take_in(other, whole, quietly)
    assert made.originals == 1
    assert held(other) == held(app)
    words = [Term(words="passage.text")]
    with app.database.read() as one, other.database.read() as two:
        assert keyword.find(two, words, 5) == keyword.find(one, words, 5) != {}
    again = export(other, tmp_path / "again", quietly, with_readers=True)
    assert again.tables == made.tables
    for path in sorted(whole.rglob("*")):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(whole)).read_bytes() == path.read_bytes()
    with pytest.raises(StoreError, match="needs an empty store"):
        take_in(other, whole, quietly)
    other.database.close()


def test_each_file_says_in_its_first_line_what_stands_in_it(store: tuple[App, Path]) -> None:
    _, whole = store
    first, one, _ = (whole / "document.jsonl").read_text(encoding="utf-8").splitlines()
    said = json.loads(first)
    assert (said["format"], said["schema"], said["table"]) == (1, schema.REVISION, "document")
    assert said["columns"]["listed_at"] == "moment, UTC"
    assert json.loads(one)["listed_at"] == "2026-10-01T18:00:00+00:00"
    version = json.loads((whole / "version.jsonl").read_text(encoding="utf-8").splitlines()[1])
    assert version["blocks"] == {"version.blocks 1": 1}
    assert (whole / "originals" / SHA256[:2] / SHA256).read_bytes() == schemas.served(1)


def test_nothing_of_readers_is_exported_unless_asked_for(
    store: tuple[App, Path], tmp_path: Path
) -> None:
    app, _ = store
    made = export(app, tmp_path / "public", quietly, with_readers=False)
    private = {"subscription", "alert", "delivery", "told", "mute", "unmatched", "exhibit"}
    private |= {"job_run"}  # a failure may say for whom
    assert private.isdisjoint(made.tables) and not made.with_readers
    every = b"".join(p.read_bytes() for p in (tmp_path / "public").rglob("*") if p.is_file())
    for word in (b"subscription.", b"delivery.", b"suppression.", b"legal_hold.", b"exhibit."):
        assert word not in every
    other = office(tmp_path / "data")
    take_in(other, tmp_path / "public", quietly)
    assert {name: rows for name, rows in held(app).items() if name in made.tables} == {
        name: rows for name, rows in held(other).items() if name in made.tables
    }
    other.database.close()


def test_every_table_is_of_readers_or_of_what_is_public() -> None:
    """A new table is exported to anybody who asks: whoever adds one decides, and says so here."""
    assert set(portable.names(with_readers=True)) == set(schema.metadata.tables)
    named = {name for name, table in schema.metadata.tables.items() if _names_readers(table)}
    assert named <= portable.READERS


def _names_readers(table: Table) -> bool:
    mine = {"reader", "address", "matter", "note", "reason", "subscription_id"}
    return bool(mine & set(table.columns.keys()))


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("document.jsonl", lambda text: text.replace('"id":1', '"id":"x"'), "line 2: id can't be"),
        ("document.jsonl", lambda text: text.replace('"id":1', '"it":1'), "line 2: a row of doc"),
        ("document.jsonl", lambda text: text[:-40], "line 3"),
        ("document.jsonl", lambda text: text.replace('"format":1', '"format":2'), "begin"),
        ("document.jsonl", lambda text: text.rsplit("\n", 2)[0] + "\n", "1 rows"),
        (
            "citation.jsonl",
            lambda text: text.replace('"version_id":1', '"version_id":9'),
            "FOREIGN",
        ),
        ("body.jsonl", lambda text: text.replace(SHA256[:9], "../../../"), "sha256 can't"),
        ("manifest.json", lambda text: text.replace('"0010"', '"9999"'), "newer lexwatch"),
        ("manifest.json", lambda text: text.replace('"0010"', '"0009"'), "older lexwatch"),
        ("manifest.json", lambda text: text.replace('"run"', '"rum"'), "names other tables"),
        ("manifest.json", lambda text: text[:50], "no manifest"),
    ],
)
def test_an_export_that_was_altered_is_named_and_leaves_the_store_empty(
    store: tuple[App, Path],
    empty: App,
    tmp_path: Path,
    *,
    name: str,
    spoil: Callable[[str], str],
    said: str,
) -> None:
    altered = Path(shutil.copytree(store[1], tmp_path / "altered"))
    text = (altered / name).read_text(encoding="utf-8")
    assert spoil(text) != text
    (altered / name).write_text(spoil(text), encoding="utf-8")
    with pytest.raises(StoreError, match=said):
        take_in(empty, altered, quietly)
    with empty.database.read() as connection:
        assert portable.filled(connection) == ""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> App:
    return office(tmp_path_factory.mktemp("nothing yet"))


def test_an_original_that_was_altered_or_lost_is_missed(
    store: tuple[App, Path], empty: App, tmp_path: Path
) -> None:
    altered = Path(shutil.copytree(store[1], tmp_path / "altered"))
    (altered / "originals" / SHA256[:2] / SHA256).write_bytes(b"another")
    with pytest.raises(StoreError, match="altered"):
        take_in(empty, altered, quietly)
    shutil.rmtree(altered / "originals")
    with pytest.raises(StoreError, match="0 originals"):
        take_in(empty, altered, quietly)


def test_an_export_never_writes_into_what_is_there(store: tuple[App, Path]) -> None:
    app, whole = store
    before = (whole / "manifest.json").read_bytes()
    with pytest.raises(StoreError, match="name a new folder"):
        export(app, whole, quietly, with_readers=False)
    assert (whole / "manifest.json").read_bytes() == before


def test_an_export_goes_into_the_empty_folder_that_one_stands_in(
    store: tuple[App, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = export(store[0], Path(), quietly, with_readers=False)
    here = Path(os.curdir)  # which would be gone if another were put in its place
    assert manifest_of(here) == made and (here / "originals").is_dir()
    assert not [each for each in here.iterdir() if "partial" in each.name]
    with pytest.raises(StoreError, match="name a new folder"):
        export(store[0], Path(), quietly, with_readers=False)


def held(app: App) -> schemas.Held:
    with app.database.read() as connection:
        return schemas.held(connection)
