"""Killed at any point and run again, the job ends where an undisturbed one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import chromadb
import pytest
from sqlalchemy import create_engine, text

HERE = Path(__file__).parent
# Shares of the parent's commits, from the first run's opening to the last ledger row.
POINTS = [
    "parent:0.02",
    "parent:0.35",
    "parent:0.6",
    "parent:0.9",
    "parent:0.97",
    "child:3",
    "child:9",
]
# What the job leaves, by the publishers' own names: numbers and the ledger of runs may differ.
STATE = {
    "documents": "SELECT source, key, kind FROM document",
    "versions": "SELECT d.source, d.key, v.seen_at, v.text_digest, v.metadata_digest "
    "FROM version v JOIN document d ON d.id = v.document_id",
    "changes": "SELECT d.source, d.key, c.kind, c.change_class, c.seen_at, c.baseline, "
    "c.matched_at IS NULL FROM change c JOIN document d ON d.id = c.document_id",
    "topics": "SELECT d.key, t.topic, t.score FROM change_topic t "
    "JOIN change c ON c.id = t.change_id JOIN document d ON d.id = c.document_id",
    "citations": "SELECT d.key, v.seen_at, c.block, c.start, c.canonical FROM citation c "
    "JOIN version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id",
    "passages": "SELECT d.key, p.digest, p.ordinal FROM passage p "
    "JOIN document d ON d.id = p.document_id",
    "words": "SELECT rowid IS NULL, text FROM passage_words",
    "vectors": "SELECT digest, model, row FROM vector",
    "outbox": "SELECT digest FROM outbox",
    "alerts": "SELECT s.reader, d.key, a.why FROM alert a "
    "JOIN subscription s ON s.id = a.subscription_id "
    "JOIN change c ON c.id = a.change_id JOIN document d ON d.id = c.document_id",
    "deliveries": "SELECT key, outcome, unfinished FROM delivery",
    "unread": "SELECT url FROM page WHERE read_at IS NULL",
}


def run(folder: Path, **environment: str) -> int:
    """Run the job in a process group of its own, so that a kill takes all of it."""
    path = os.pathsep.join([str(HERE / "kill"), str(HERE), str(HERE.parent)])
    done = subprocess.run(
        [sys.executable, str(HERE / "killable.py"), str(folder)],
        env=os.environ | {"PYTHONPATH": path} | environment,
        start_new_session=True,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(done.stderr)
    return done.returncode


def state(folder: Path) -> dict[str, Any]:
    engine = create_engine(f"sqlite:///{folder / 'lexwatch.db'}")
    with engine.connect() as connection:
        held: dict[str, Any] = {
            name: sorted(map(repr, connection.execute(text(query)).all()))
            for name, query in STATE.items()
        }
    engine.dispose()
    chroma = chromadb.PersistentClient(path=max((folder / "chroma").glob("[0-9]*")))
    held["chroma"] = sorted(chroma.get_collection("passages").get(include=[])["ids"])
    held["mail"] = {path.name: path.read_bytes() for path in (folder / "digests").iterdir()}
    held["cle"] = {path.name: path.read_bytes() for path in (folder / "cle").iterdir()}
    return held


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The state after a run that nothing disturbed, and how often its parent committed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "data"
    count = folder.with_name("commits")
    assert run(folder, LEXWATCH_COUNT=str(count)) == 0
    return state(folder), int(count.read_text())


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are killed with POSIX signals")
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again_the_state_is_that_of_an_undisturbed_run(
    tmp_path: Path, undisturbed: tuple[dict[str, Any], int], point: str
) -> None:
    expected, commits = undisturbed
    role, _, place = point.partition(":")
    number = int(place) if role == "child" else max(1, round(float(place) * commits))
    folder = tmp_path / "data"
    assert run(folder, LEXWATCH_KILL=f"{role}:{number}") == -signal.SIGKILL
    assert run(folder) == 0
    found = state(folder)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_a_second_run_changes_nothing(
    tmp_path: Path, undisturbed: tuple[dict[str, Any], int]
) -> None:
    expected, _ = undisturbed
    folder = tmp_path / "data"
    assert run(folder) == 0
    assert run(folder) == 0
    assert state(folder) == expected
