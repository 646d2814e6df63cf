"""The publishers' server on loopback: one request in twenty goes wrong, and it remembers which."""

from __future__ import annotations

import hashlib
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from benchmarks.quarter.sites import HOSTS, Shown, Sites

DRAWN = 0.025  # chance of a request; what lasts for a day and is asked again brings it to 0.05
LASTS = 0.3  # of the faults of an address, those that last until the next day
SLOW = 0.05  # seconds
WALL = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    b"<p>Verify you are human to go on.</p></body></html>"
)
OTHER = (
    b"<!DOCTYPE html><html><head><title>Our new site</title></head>"
    b"<body><p>Hello.</p></body></html>"
)


class Fault(StrEnum):
    """What can go wrong with a request."""

    NONE = "none"
    SLOW = "slow"
    ERROR = "500"
    BUSY = "503 with Retry-After"
    OFTEN = "429 with Retry-After"
    LONG = "429 with more than our patience"
    RESET = "connection reset"
    SILENT = "no answer in time"
    CUT = "body cut off"
    WALL = "bot wall, 200"
    WALL_401 = "bot wall, 401"
    EMPTY = "empty listing"
    LAYOUT = "other layout"

    @property
    def is_harmless(self) -> bool:
        return self in (Fault.NONE, Fault.SLOW)


SERVERS = (Fault.ERROR, Fault.BUSY, Fault.OFTEN, Fault.RESET, Fault.CUT, Fault.SLOW)
SITES = (*SERVERS, Fault.LONG, Fault.WALL, Fault.WALL_401, Fault.EMPTY, Fault.LAYOUT)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request and how it was answered; `acts` are those that it showed in full."""

    day: date
    host: str
    path: str
    fault: Fault
    acts: frozenset[int] = frozenset()

    @property
    def address(self) -> tuple[str, str]:
        return self.host, self.path


class Publishers:
    """Serves http://127.0.0.1:PORT/<host>/<path> as of `sites`, while its context lasts.

    The n-th request to a host on a day always meets the same fate, so that a seed makes the same
    quarter. `silence` is for how many seconds nothing is said where no answer is to come in time;
    0: that does not happen.
    """

    def __init__(self, seed: int, silence: float = 0.0) -> None:
        self.sites: Sites | None = None
        self.is_calm = True  # nothing goes wrong
        self.asked: list[Asked] = []
        self._seed, self._silence = seed, silence
        self._numbers: Counter[tuple[date, str]] = Counter()
        self._lasting: dict[tuple[date, str, str], Fault] = {}
        self._decks = dict(_decks(seed, (*SITES, *([Fault.SILENT] if silence else []))))
        self._lock = Lock()
        self._http = _Quiet(("127.0.0.1", 0), _handler(self))
        self.base = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.origins = {f"https://{host}": f"{self.base}/{host}" for host in HOSTS}

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def silence(self) -> float:
        return self._silence

    def hear(self, target: str) -> tuple[Shown, Fault]:
        """What a request is answered with, and what goes wrong with it."""
        assert self.sites is not None  # noqa: S101 - nobody asks before the first day
        _, host, rest = target.split("/", 2)
        shown, day = self.sites.answer(host, f"/{rest}"), self.sites.day
        path = f"/{rest}".split("?", 1)[0]
        with self._lock:
            fault = Fault.NONE if self.is_calm else self._fate(day, host, path, shown)
            acts = shown.acts if fault.is_harmless else frozenset[int]()
            self.asked.append(Asked(day=day, host=host, path=path, fault=fault, acts=acts))
        return shown, fault

    def _fate(self, day: date, host: str, path: str, shown: Shown) -> Fault:
        if lasting := self._lasting.get((day, host, path)):
            return lasting
        self._numbers[day, host] += 1
        named = f"{self._seed} {day} {host} {self._numbers[day, host]}"
        chance = random.Random(hashlib.sha256(named.encode()).digest())  # noqa: S311 - a fate
        if chance.random() >= DRAWN:
            return Fault.NONE
        fault = next(self._decks[host])
        if path == "/robots.txt" and fault not in SERVERS:
            fault = Fault.ERROR
        if fault is Fault.EMPTY and not shown.empty:
            fault = Fault.LAYOUT
        if fault is not Fault.SILENT and chance.random() < LASTS:
            self._lasting[day, host, path] = fault
        return fault


def _decks(seed: int, kinds: tuple[Fault, ...]) -> Iterator[tuple[str, Iterator[Fault]]]:
    """For each host the kinds in one shuffled order, begun elsewhere: so each comes as often."""
    order = random.Random(seed).sample(kinds, len(kinds))  # noqa: S311 - a fate
    for place, host in enumerate(HOSTS):
        begin = place * len(order) // len(HOSTS)
        yield host, cycle([*order[begin:], *order[:begin]])


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Whoever asked has gone."""


def _handler(publishers: Publishers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            shown, fault = publishers.hear(self.path)
            with suppress(ConnectionError):
                _answer(self, shown, fault, publishers.silence)

        def log_message(self, *_: Any) -> None:
            """Say nothing: every request is remembered."""

    return Handler


def _answer(handler: BaseHTTPRequestHandler, shown: Shown, fault: Fault, silence: float) -> None:
    match fault:
        case Fault.RESET:
            _reset(handler)
        case Fault.SILENT:
            time.sleep(silence)
            handler.close_connection = True
        case Fault.ERROR:
            _send(handler, 500, b"error")
        case Fault.BUSY:
            _send(handler, 503, b"busy", {"Retry-After": "0"})
        case Fault.OFTEN | Fault.LONG:
            wait = "0" if fault is Fault.OFTEN else "7200"
            _send(handler, 429, b"slow down", {"Retry-After": wait})
        case Fault.WALL | Fault.WALL_401:
            _send(handler, 200 if fault is Fault.WALL else 401, WALL)
        case Fault.LAYOUT:
            _send(handler, 200, OTHER)
        case Fault.EMPTY:
            _send(handler, 200, shown.empty, kind=shown.kind)
        case Fault.CUT:
            _send(handler, 200, shown.body[: len(shown.body) // 2], kind=shown.kind, cut=100)
        case _:
            time.sleep(SLOW if fault is Fault.SLOW else 0)
            _serve(handler, shown)


def _serve(handler: BaseHTTPRequestHandler, shown: Shown) -> None:
    """Answer as one should: of what has a validator, and is held, that it still stands."""
    known = handler.headers.get("If-None-Match", "")
    if shown.validator and shown.validator in known:
        handler.send_response(304)
        handler.send_header("ETag", shown.validator)
        handler.end_headers()
        return
    headers = {"ETag": shown.validator} if shown.validator else {}
    _send(handler, shown.status, shown.body, headers, kind=shown.kind)


def _reset(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
    linger = struct.pack("ii", 1, 0)  # for no time, which makes the close a reset
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    *,
    kind: str = "text/html; charset=utf-8",
    cut: int = 0,
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": kind, **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) + cut))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = handler.close_connection or bool(cut)
