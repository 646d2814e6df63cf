"""Answers over real HTTP on loopback: whatever the simulator or a recording says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from crawlers.simulator import HOST, Simulator

ROBOTS = """\
# Not the publisher's file: none was recorded, and the replay server permits everything.
User-agent: *
Disallow:
"""
PLAIN = "text/plain; charset=utf-8"
POLL = 0.02  # seconds until a server that is left notices


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back over the wire."""

    status: int
    content_type: str
    body: bytes

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()}"'


class Server:
    """Serves http://127.0.0.1:PORT/… while its context lasts.

    `asked` names every request target that came, in order; `base` is the address before them.
    """

    def __init__(
        self, answer: Callable[[str], Answer], *, port: int = 0, validators: bool = True
    ) -> None:
        """`answer` is given a request target, from several threads; `port` 0 takes any free one.
        Without `validators` no answer carries an ETag and none is ever "not modified"."""
        self.asked: list[str] = []

        def hear(target: str) -> Answer:
            self.asked.append(target)
            return answer(target)

        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(hear, validators))
        self.base = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, args=(POLL,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()


class SimulatorServer(Server):
    """Serves a simulator as the Federal Register's host; `origins` maps that host to here."""

    def __init__(self, simulator: Simulator, *, port: int = 0, validators: bool = True) -> None:
        super().__init__(self._answer, port=port, validators=validators)
        self.simulator = simulator  # another may take its place between two crawls
        self.origins = {f"https://{HOST}": f"{self.base}/{HOST}"}

    def _answer(self, target: str) -> Answer:
        url = urlsplit(f"https:/{target}")
        if url.path == "/robots.txt":
            return Answer(status=200, content_type=PLAIN, body=ROBOTS.encode())
        if url.netloc == HOST and self.simulator.answers(url.path):
            return simulated(self.simulator, url.path, url.query)
        return Answer(status=404, content_type=PLAIN, body=b"no such page")


def simulated(simulator: Simulator, path: str, query: str) -> Answer:
    """Answer with what a simulator says."""
    status, content_type, body = simulator.answer(path, query)
    return Answer(status=status, content_type=content_type, body=body)


def _handler(answer: Callable[[str], Answer], validators: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a body waits 40 ms for its headers' acknowledgement

        def handle(self) -> None:
            with suppress(ConnectionError):  # whoever asked has gone
                super().handle()

        def do_GET(self) -> None:
            found = answer(self.path)
            known = self.headers.get("If-None-Match", "")
            validated = validators and found.status == 200
            unchanged = validated and found.etag in known
            self.send_response(304 if unchanged else found.status)
            if validated:
                self.send_header("ETag", found.etag)
            if not unchanged:
                self.send_header("Content-Type", found.content_type)
                self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if not unchanged and self.command != "HEAD":
                self.wfile.write(found.body)

        do_HEAD = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the crawl keeps its own record of every request."""

    return Handler
