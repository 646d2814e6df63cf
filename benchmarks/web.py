"""How fast the pages answer many readers at once, and when they are too many.

    python -m benchmarks.web STORE [--readers 20 40 80 …] [--seconds 60]

STORE is a folder with a store, as `benchmarks.search speed` makes them. `lexwatch serve` runs as a
process of its own; readers look for something that we wrote down, open an answer, look what is new,
and think for two seconds on average after each page.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus

import numpy as np
from rich.console import Console

from benchmarks import quality
from benchmarks.tables import tabulated

HERE = "127.0.0.1"
THINKS = (1.0, 3.0)  # seconds, drawn evenly
READERS = (20, 40, 80, 120, 160, 240)
SLOW = 1.0  # seconds: where so much is the 95th percentile, more readers aren't tried
PATIENCE = 600  # seconds for the service to read ahead
# What readers do, and how often in twenty.
SEARCHES, OPENS = 10, 6
OTHERS = ("/", "/changes", "/week", "/deadlines", "/sources", "/watch", "/draft")
HEADINGS = ("", "n", "a second", "p50 ms", "p95", "max", "max kB", "not 200")

_DOCUMENT = re.compile(rb'href="(/document/[^"#]+)')


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One page as a reader got it: its sort, milliseconds, bytes; status 0 where nothing came."""

    sort: str
    took: float
    size: int
    status: int


def main() -> None:
    given = _options()
    console = Console(width=quality.WIDTH)
    queries = [each.query for each in quality.own()]
    with served(given.store) as (port, process, took):
        print(f"the service had read ahead after {took:.0f} s")
        measured(port, queries, 5, 20)  # what is loaded when it is first asked for
        for count in given.readers:
            before = _used(process)
            answers = measured(port, queries, count, given.seconds)
            each = (_used(process) - before) / len(answers) * 1000
            title = (
                f"{count} readers, {given.seconds} s; {each:.0f} ms of the processors a page "
                f"(load of the machine {os.getloadavg()[0]:.1f})"
            )
            console.print(tabulated(title, HEADINGS, list(_rows(answers, given.seconds))))
            if np.percentile([each.took for each in answers], 95) > SLOW * 1000:
                break


@contextmanager
def served(store: Path) -> Iterator[tuple[int, int, float]]:
    """The port and the process of a service over a store, and the seconds until it had read
    ahead."""
    with socket.create_server((HERE, 0)) as free:
        port: int = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        settings, log = Path(folder, "config.toml"), Path(folder, "log")
        data = json.dumps(str(store.resolve()))
        said = f"[data]\nfolder = {data}\n\n[topics]\nmeaning = false\n\n[web]\nport = {port}\n"
        settings.write_text(said, encoding="utf-8")
        command = [sys.executable, "-m", "lexwatch", "--config", str(settings), "serve"]
        began = time.monotonic()
        with log.open("w") as errors, subprocess.Popen(command, stderr=errors) as process:
            try:
                while "reading ahead took" not in log.read_text():
                    if process.poll() is not None or time.monotonic() > began + PATIENCE:
                        sys.exit(f"the service does not answer:\n{log.read_text()}")
                    time.sleep(0.2)
                yield port, process.pid, time.monotonic() - began
            finally:
                process.terminate()


def measured(port: int, queries: Sequence[str], count: int, seconds: float) -> list[Answer]:
    """What so many readers were answered, who begin one after the other as they think."""
    end = time.monotonic() + seconds
    readers = [Reader(port, queries, number) for number in range(count)]
    threads = [threading.Thread(target=each.read, args=(end,)) for each in readers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [answer for each in readers for answer in each.answers]


class Reader:
    """One who goes from page to page, each over a line that is kept as browsers keep theirs."""

    def __init__(self, port: int, queries: Sequence[str], number: int) -> None:
        self.answers: list[Answer] = []
        self._queries = queries
        self._random = random.Random(number)  # noqa: S311 - no secret
        self._found: list[str] = []
        self._line = http.client.HTTPConnection(HERE, port, timeout=60)

    def read(self, end: float) -> None:
        time.sleep(self._random.uniform(0, THINKS[1]))
        while time.monotonic() < end:
            self._ask(*self._next())
            time.sleep(self._random.uniform(*THINKS))
        self._line.close()

    def _next(self) -> tuple[str, str]:
        """The sort of a page, and its address."""
        drawn = self._random.randrange(20)
        if drawn < OPENS and self._found:
            return "document", self._random.choice(self._found)
        if drawn < OPENS + SEARCHES:
            return "search", f"/search?q={quote_plus(self._random.choice(self._queries))}"
        other = self._random.choice(OTHERS)
        return other, other

    def _ask(self, sort: str, address: str) -> None:
        began = time.perf_counter()
        try:
            self._line.request("GET", address)
            answer = self._line.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._line.close()
            status, body = 0, b""
        took = (time.perf_counter() - began) * 1000
        self.answers.append(Answer(sort=sort, took=took, size=len(body), status=status))
        if sort == "search":
            self._found = [unescape(each.decode()) for each in _DOCUMENT.findall(body)]


def _rows(answers: Sequence[Answer], seconds: float) -> Iterator[Sequence[str]]:
    by_sort: dict[str, list[Answer]] = {"all": [*answers]}
    for each in sorted(answers, key=lambda each: each.sort):
        by_sort.setdefault(each.sort, []).append(each)
    for sort, of in by_sort.items():
        took = [each.took for each in of]
        yield (
            sort,
            str(len(of)),
            f"{len(of) / seconds:.1f}",
            *(f"{each:.0f}" for each in (*np.percentile(took, (50, 95)), max(took))),
            f"{max(each.size for each in of) / 1000:.0f}",
            str(sum(each.status != 200 for each in of)),
        )


def _used(process: int) -> float:
    """Seconds of the processors that a process has used (Linux: proc(5), fields 14 and 15)."""
    said = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--readers", type=int, nargs="+", default=READERS)
    parser.add_argument("--seconds", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    main()
