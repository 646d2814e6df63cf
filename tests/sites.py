"""Our own endpoints for tests: real HTTP on loopback."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

from lexwatch.app import App
from lexwatch.commands.serving import HERE, server


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, kw_only=True)
class Site:
    """Asks one port of this machine, each time over a line of its own, by the name of `host` where
    a reverse proxy would pass one on."""

    port: int
    host: str = ""

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        line = http.client.HTTPConnection(HERE, self.port, timeout=10)
        try:
            named = {"Host": self.host} if self.host else {}
            line.request(method, path, body, {**named, **(headers or {})})
            answer = line.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(status=answer.status, headers=found, body=answer.read())
        finally:
            line.close()


@contextmanager
def serving(app: App) -> Iterator[Site]:
    """The site as `lexwatch serve` runs it, at any free port."""
    with socket.create_server((HERE, 0)) as listener:
        running = server(app)
        thread = Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.005)
        yield Site(port=listener.getsockname()[1])
        running.should_exit = True
        thread.join(10)
