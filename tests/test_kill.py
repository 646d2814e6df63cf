"""Killed at any point and run again, the job ends where an undisturbed one does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromadb
import pytest
from sqlalchemy import create_engine, text

HERE = Path(__file__).parent
# Which process, and at which of its commits: as a share of the undisturbed run's, from its end
# (the last eight are the ledger's, before and after each of four sends), or by number.
POINTS = ["parent:0.15", "parent:0.7", "parent:-5", "child:5"]
SIGNING = "one key for all folders, whose links must not differ"
# What the job leaves, by the publishers' own names: numbers and the ledger of runs may differ.
STATE = {
    "documents": "SELECT source, key, kind FROM document",
    "versions": "SELECT d.source, d.key, v.seen_at, v.text_digest, v.metadata_digest "
    "FROM version v JOIN document d ON d.id = v.document_id",
    "changes": "SELECT d.source, d.key, c.kind, c.change_class, c.seen_at, c.baseline, "
    "c.recorded_at FROM change c JOIN document d ON d.id = c.document_id",
    "topics": "SELECT d.key, t.topic, t.score FROM change_topic t "
    "JOIN change c ON c.id = t.change_id JOIN document d ON d.id = c.document_id",
    "citations": "SELECT d.key, v.seen_at, c.block, c.start, c.canonical FROM citation c "
    "JOIN version v ON v.id = c.version_id JOIN document d ON d.id = v.document_id",
    "relations": "SELECT e.key, l.key, r.kind, r.evidence FROM relation r "
    "JOIN document e ON e.id = r.earlier_id JOIN document l ON l.id = r.later_id",
    "parts": "SELECT e.key, d.key, p.evidence FROM part p JOIN change c ON c.id = p.change_id "
    "JOIN document e ON e.id = c.document_id JOIN document d ON d.id = p.document_id",
    "passages": "SELECT d.key, p.digest, p.ordinal FROM passage p "
    "JOIN document d ON d.id = p.document_id",
    "words": "SELECT s.term, s.col, s.offset, p.digest FROM passage_stem s "
    "JOIN passage p ON p.id = s.doc",
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
        env=os.environ | {"PYTHONPATH": path, "LEXWATCH_SIGNING_KEY": SIGNING} | environment,
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
    held["chroma"] = sorted(
        f"{each.name} {digest}"
        for each in chroma.list_collections()
        for digest in chroma.get_collection(each.name).get(include=[])["ids"]
    )
    held["mail"] = {path.name: path.read_bytes() for path in (folder / "digests").iterdir()}
    held["cle"] = {path.name: path.read_bytes() for path in (folder / "cle").iterdir()}
    return held


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What a run that nothing disturbed left, and how often its parent committed."""

    folder: Path
    state: dict[str, Any]
    commits: int


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed") / "data"
    count = folder.with_name("commits")
    assert run(folder, LEXWATCH_COUNT=str(count)) == 0
    return Undisturbed(folder=folder, state=state(folder), commits=int(count.read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are killed with POSIX signals")
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again_the_state_is_that_of_an_undisturbed_run(
    tmp_path: Path, undisturbed: Undisturbed, point: str
) -> None:
    role, _, place = point.partition(":")
    commits = undisturbed.commits
    number = round(float(place) * commits) if "." in place else int(place) % commits
    folder = tmp_path / "data"
    assert run(folder, LEXWATCH_KILL=f"{role}:{number}") == -signal.SIGKILL
    assert run(folder) == 0
    found = state(folder)
    for name, rows in undisturbed.state.items():
        assert found[name] == rows, name


def test_a_second_run_changes_nothing(undisturbed: Undisturbed) -> None:
    assert run(undisturbed.folder) == 0
    assert state(undisturbed.folder) == undisturbed.state
