"""The command `lexwatch serve`: this machine only, one at a port, stopped in good order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sites import Site
from typer.testing import CliRunner

from alerts.tokens import Purpose, key_in, sign
from index import suppressions
from index.database import Database
from lexwatch.cli import cli
from lexwatch.commands.serving import HERE
from pipeline.errors import SettingsError

ANA = "ana@firm.example"


@pytest.fixture
def port() -> int:
    with socket.create_server((HERE, 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


@pytest.fixture
def config(tmp_path: Path, port: int) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f"[data]\nfolder = {str(tmp_path / 'data')!r}\n[web]\nport = {port}\n"
        "[schedule]\nenabled = false\n"
    )
    return path


@contextmanager
def served(config: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own, which answers by the time that it is yielded."""
    command = [sys.executable, "-m", "lexwatch", "--config", str(config), "serve"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert "Answering at" in process.stderr.readline()
            yield process
        finally:
            process.kill()


def test_a_real_process_ends_mail_and_stops_when_told(config: Path, port: int) -> None:
    data = config.parent / "data"
    with served(config) as process:
        token = sign(key_in(data), Purpose.UNSUBSCRIBE, ANA)
        answer = Site(port=port).ask(f"/unsubscribe/{token}", "POST", b"List-Unsubscribe=One-Click")
        assert answer.status == 200
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0 and "Stopped." in said
        assert "POST /unsubscribe/{token} 200" in said
        assert token not in said and "Traceback" not in said
    database = Database(f"sqlite:///{data / 'lexwatch.db'}")
    with database.read() as connection:
        assert ANA in suppressions.suppressed(connection, [ANA])
    database.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without telling it")
def test_a_service_manager_stops_it_in_good_order(config: Path) -> None:
    with served(config) as process:
        process.terminate()
        _, said = process.communicate(timeout=20)
        assert process.returncode == -signal.SIGTERM and "Traceback" not in said


def run(config: Path, *arguments: str) -> Exception | None:
    result = CliRunner().invoke(cli, ["--config", str(config), "serve", *arguments])
    return result.exception  # type: ignore[return-value]  # no BaseException is among ours


def test_a_second_one_at_a_port_says_so(config: Path, port: int) -> None:
    with socket.create_server((HERE, port)):
        error = run(config)
    assert isinstance(error, SettingsError)
    assert str(port) in str(error) and "another `lexwatch serve`" in str(error)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "lexwatch.example.com"])  # noqa: S104 - names, not a bind
def test_any_other_machine_is_refused_until_there_are_accounts(config: Path, host: str) -> None:
    error = run(config, "--host", host)
    assert isinstance(error, SettingsError)
    assert "until there are accounts" in str(error) and host in str(error)
