"""Fixtures every test may use: the shared corpus, a database, the model, no network."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from index import keyword, weights
from index.database import Database
from index.encoder import SentenceEncoder, load_model

SHARED = Path(__file__).resolve().parents[2] / "shared"
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}  # noqa: S104 - names, not a bind


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and labelled sets beside the project; absent on most machines."""
    if not SHARED.is_dir():
        missing("../shared is absent: this test reads the real pages in it")
    return SHARED


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database of its own."""
    opened = Database(f"sqlite:///{tmp_path / 'lexwatch.db'}")
    with opened.write() as connection:
        keyword.prepare(connection)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def model() -> SentenceEncoder:
    """The real model, loaded once; most tests want `fakes.HashingEncoder` instead."""
    if importlib.util.find_spec(weights.PACKAGE) is None:
        missing("the model's package is not installed", needed="model")
    return load_model()


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
