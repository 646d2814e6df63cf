"""Fixtures every test may use: the shared corpus, a database, the model, no network."""

from __future__ import annotations

import gc
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings
from sparing import spared

from index import keyword, weights
from index.database import Database
from index.encoder import SentenceEncoder, load_model

# How long an example takes says more of the machine than of the code.
# `tests/test_fuzz.py` tries many more of what a stranger may send than these properties do.
settings.register_profile(
    "untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

pytest_plugins = ["browsers"]  # the pages' fixtures

SHARED = Path(__file__).resolve().parents[2] / "shared"
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}  # noqa: S104 - names, not a bind

# Files are shared out among workers; one that takes minutes must not come last.
LONGEST = (
    "test_fuzz.py",
    "test_quarter.py",
    "test_three_weeks.py",
    "test_killed_sending.py",
    "test_three_recorded_weeks.py",
    "test_course.py",
    "test_recorded.py",
    "test_floors.py",
    "test_visits.py",
    "test_web_pages.py",
    "test_faults.py",
    "test_cli.py",
    "test_story.py",
    "test_series.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; see `bootstrap.py`, which has xdist keep this order."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_collection_finish() -> None:
    """Spare Python's collector what is imported for good, and most of its looks at the rest: they
    took an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and labelled sets beside the project; absent on most machines."""
    if not SHARED.is_dir():
        missing("../shared is absent: this test reads the real pages in it")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _spared(blank: Path) -> Iterator[None]:
    with spared(blank):
        yield


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database to be copied: making its tables takes a hundred times as long."""
    path = tmp_path_factory.mktemp("blank") / "lexwatch.db"
    made = Database(f"sqlite:///{path}")
    with made.write() as connection:
        keyword.prepare(connection)
    made.close()
    return path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database of its own."""
    opened = Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")  # a copy: see `sparing`
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def corpora(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The 254 precedents of ../shared, headnotes only, read whole on 22 November 2026; not to be
    written to."""
    from corpora import PRECEDENTS, hold  # noqa: PLC0415 - it imports Scrapy, as few tests do

    if not (shared / PRECEDENTS).is_file():
        missing(f"../shared has no {PRECEDENTS}")
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('corpora') / 'lexwatch.db'}")
    hold(opened, shared)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    """The real model, loaded once; most tests want `fakes.HashingEncoder` instead."""
    if importlib.util.find_spec(weights.PACKAGE) is None:
        missing("the model's package is not installed", needed="model")
    return load_model()


@pytest.fixture(scope="session")
def _warmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program, folder = Path(__file__).with_name("warm.py"), tmp_path_factory.mktemp("warm")
    with subprocess.Popen(
        [sys.executable, str(program), str(folder / "socket")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


@pytest.fixture(scope="module")
def warm(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start what `sys.executable` starts from a process that has imported it; see `warm.py`.

    For tests of which the start is not the subject: test_kill.py and test_fetch.py start Python.
    """
    if not hasattr(os, "fork"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", request.getfixturevalue("_warmed"))
        yield


def missing(reason: str, *, needed: str = "shared") -> NoReturn:
    """Skip, or fail where LEXWATCH_TESTS_REQUIRE (names, comma-separated) says it must be here."""
    if needed in os.environ.get("LEXWATCH_TESTS_REQUIRE", "").split(","):
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
