"""Several processes answer at one port: who dies is replaced, and all end with who began them."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing import active_children
from pathlib import Path

import pytest

from lexwatch.app import App
from lexwatch.settings import Data, Settings
from lexwatch.web import workers
from lexwatch.web.warming import Warming
from pipeline.errors import StoreError

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.cpu_count() == 1, reason="there one process answers"
)
LOOK = 0.02


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(Settings(data=Data(folder=str(tmp_path))))


def answer(listener: socket.socket) -> None:
    """Tell everybody who answers."""
    while True:
        line, _ = listener.accept()
        with line:
            line.sendall(str(os.getpid()).encode())


def asked(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        return int(line.recv(20))


def answering(nursery: int) -> set[int]:
    """The processes that a process began, and that live."""
    listed = Path(f"/proc/{nursery}/task/{nursery}/children").read_text()
    return {int(each) for each in listed.split() if is_alive(int(each))}


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(met: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not met() and time.monotonic() < end:
        time.sleep(LOOK)
    return met()


def test_who_dies_is_replaced_and_nobody_outlives_who_began_them(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LOOK", LOOK)
    monkeypatch.setattr(workers, "SOON", 0)
    views = iter([1, *[2] * 1_000])  # another is held after a while: others answer then
    reading = Warming(lambda: next(views), lambda: None, rest=0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with workers.at_work(app, listener, answer, reading) as wait:
            (nursery,) = [each.pid or 0 for each in active_children()]
            first = asked(port)
            assert until(lambda: first not in answering(nursery))  # it had read ahead
            assert until(lambda: len(answering(nursery)) == 2)
            victim = min(answering(nursery))
            os.kill(victim, signal.SIGKILL)
            assert until(lambda: victim not in (now := answering(nursery)) and len(now) == 2)
            assert until(lambda: asked(port) in answering(nursery))
            every = answering(nursery)
            os.kill(nursery, signal.SIGKILL)
            with pytest.raises(StoreError, match="ended by themselves"):
                wait()
            assert until(lambda: not any(map(is_alive, every)))


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"web": {"workers": 1}}, 1),
        ({"web": {"workers": 2}}, 2),
        ({"index": {"model": "/models/other"}}, 1),
        ({"search": {"reranker": "/models/other"}}, 1),
    ],
)
def test_one_process_answers_where_a_copy_would_not_be_safe(
    settings: dict[str, dict[str, object]], count: int
) -> None:
    assert workers.count(App(Settings.model_validate(settings))) == count
