"""A publisher for tests: real HTTP on loopback, with the faults that real servers show."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent. `cut` announces that many bytes more than come; `wait` is in seconds; `reset`
    breaks the connection off in the middle."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    wait: float = 0.0
    reset: bool = False


@dataclass(frozen=True)
class Asked:
    """What was asked, with lower-cased header names, and what was posted."""

    path: str
    headers: Mapping[str, str]
    body: bytes = b""


Route = Answer | Sequence[Answer] | Callable[[Asked], Answer]


class Publisher:
    """Serves `routes` by path; a sequence is served in turn, its last answer again and again.

    Without a route for it, robots.txt answers 404, which permits everything.
    """

    def __init__(self, routes: Mapping[str, Route] | None = None) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.asked: list[Asked] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # a body would wait for the word that its head came

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                posted = self.rfile.read(int(headers.get("content-length", 0)))
                asked = Asked(self.path, headers, posted)
                publisher.asked.append(asked)
                _send(self, publisher.answer(asked))

            do_POST = do_GET  # noqa: N815 - the server's name for it

            def log_message(self, *_: Any) -> None:
                pass

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def encrypt(self, certificate: Path, key: Path) -> None:
        """Speak TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def answer(self, asked: Asked) -> Answer:
        route = self.routes.get(asked.path, Answer(status=404, body=b"no such page"))
        if isinstance(route, Answer):
            return route
        if callable(route):
            return route(asked)
        turn = sum(1 for earlier in self.asked if earlier.path == asked.path)
        return route[min(turn, len(route)) - 1]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    end = start.replace(year=2060)
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), 1, start, end)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = unsigned.add_extension(names, critical=False).sign(key, hashes.SHA256())
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up, as ours does on a body too large, is no news."""


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    time.sleep(answer.wait)
    if answer.reset:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        # Lingering for no time makes the close a reset instead of an orderly end.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True
        return
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if answer.status != 304:
        handler.send_header("Content-Length", str(len(answer.body) + answer.cut))
    if answer.cut:
        handler.send_header("Connection", "close")
        handler.close_connection = True
    handler.end_headers()
    handler.wfile.write(answer.body)
