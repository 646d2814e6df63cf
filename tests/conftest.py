"""Fixtures every test may use: the shared corpus, when it is there, and a guard on the network."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}  # noqa: S104 - names, not a bind


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and labelled sets beside the project; absent on most machines."""
    if not SHARED.is_dir():
        missing("../shared is absent: this test reads the real pages in it")
    return SHARED


def missing(reason: str) -> None:
    """Skip, or fail where continuous integration has declared the needed things present."""
    if "shared" in os.environ.get("LEXWATCH_TESTS_REQUIRE", "").split(","):
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
