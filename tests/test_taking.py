"""Who is free takes the next request, whoever else shares the socket."""

from __future__ import annotations

import asyncio
import errno
import http.client
import socket
import threading
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn

from lexwatch.web import taking

LONG = 30.0  # seconds in which all this is done, even on a machine that has other work


@contextmanager
def answering(listener: socket.socket, name: bytes, go_on: threading.Event) -> Iterator[None]:
    """A server that says its name: of `/slow` when it may go on, of all else at once."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if scope["path"] == "/slow":
            await asyncio.to_thread(go_on.wait, LONG)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": name})

    config = uvicorn.Config(
        app,
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        headers=[("Connection", "close")],
        timeout_graceful_shutdown=int(LONG),
    )
    server = taking.Server(config)
    thread = threading.Thread(target=server.run, args=([listener.dup()],))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(LONG)
        assert not thread.is_alive()


def asked(listener: socket.socket, path: str, said: list[bytes]) -> None:
    host, port = listener.getsockname()
    line = http.client.HTTPConnection(host, port, timeout=LONG)
    line.request("GET", path)
    said.append(line.getresponse().read())
    line.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@contextmanager
def kept_busy(listener: socket.socket, go_on: threading.Event) -> Iterator[list[bytes]]:
    """What is said of a slow page, which is being answered meanwhile."""
    said: list[bytes] = []
    thread = threading.Thread(target=asked, args=(listener, "/slow", said))
    thread.start()
    threading.Event().wait(5 * taking.BEGINS)
    try:
        yield said
    finally:
        go_on.set()
        thread.join(LONG)


def test_while_one_is_busy_the_other_answers(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "PATIENCE", LONG)  # this is not about those who wait too long
    go_on, quick = threading.Event(), list[bytes]()
    with ExitStack() as stack:
        for name in (b"one", b"other"):
            stack.enter_context(answering(listener, name, go_on))
        with kept_busy(listener, go_on) as slow:
            for _ in range(5):
                asked(listener, "/", quick)
            assert not slow
        assert {*slow, *quick} == {b"one", b"other"} and len(set(quick)) == 1


def test_nobody_waits_long_for_who_is_busy_or_for_a_line_that_asks_nothing(
    listener: socket.socket,
) -> None:
    go_on, quick = threading.Event(), list[bytes]()
    with (
        answering(listener, b"alone", go_on),
        socket.create_connection(listener.getsockname()),
        kept_busy(listener, go_on) as slow,
    ):
        asked(listener, "/", quick)
        assert quick == [b"alone"] and not slow
    assert slow == [b"alone"]  # what is being answered when it is told to stop is answered


def test_who_could_take_nothing_once_takes_the_next(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, failed = BaseSelectorEventLoop.sock_accept, list[int]()

    async def failing(self: BaseSelectorEventLoop, given: socket.socket) -> Any:
        if not failed:
            failed.append(errno.EMFILE)
            raise OSError(errno.EMFILE, "Too many open files")
        return await accept(self, given)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_accept", failing)
    monkeypatch.setattr(taking, "REST", 0.01)
    said: list[bytes] = []
    with answering(listener, b"alone", threading.Event()):
        asked(listener, "/", said)
    assert failed and said == [b"alone"]
