"""How fast the pages answer many readers at once, and when they are too many.

    python -m benchmarks.web STORE [--readers 20] [--seconds 60] [--workers 2] [--saturate]

STORE is a folder with a store, as `benchmarks.search speed` makes them. `lexwatch serve` runs as a
process of its own; readers look for something that we wrote down, open an answer, look what is new,
and think for two seconds on average after each page. `--saturate` steps their number up until most
wait for longer than a second, and says at how many the pages are slow.
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
READERS = 20
STEPS = (20, 30, 40, 50, 60, 80, 100, 120, 160, 240, 320)  # readers, with --saturate
AIM, SLOW = (
    150,
    1_000,
)  # milliseconds: what the 95th percentile should be, and where no more is tried
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


@dataclass(frozen=True, kw_only=True)
class Step:
    """So many readers at once: the 95th percentile in milliseconds, and the pages a second that
    were answered well."""

    readers: int
    slowest: float
    pages: float


def main() -> None:
    given = _options()
    console = Console(width=quality.WIDTH)
    queries = [each.query for each in quality.own()]
    steps: list[Step] = []
    with served(given.store, given.workers) as (port, process, took):
        print(f"the service had read ahead after {took:.0f} s; {_shared(process):.0f} MB of memory")
        measured(port, queries, 5, 20)  # what is loaded when it is first asked for
        for count in STEPS if given.saturate else given.readers:
            before = _used(process)
            answers = measured(port, queries, count, given.seconds)
            each = (_used(process) - before) / len(answers) * 1000
            title = (
                f"{count} readers, {given.seconds} s; {each:.0f} ms of the processors a page "
                f"(load of the machine {os.getloadavg()[0]:.1f})"
            )
            console.print(tabulated(title, HEADINGS, list(_rows(answers, given.seconds))))
            steps.append(_step(count, answers, given.seconds))
            if steps[-1].slowest > SLOW:
                break
        print(f"{_shared(process):.0f} MB of memory at the end")
    if given.saturate:
        console.print(*saturation(steps), sep="\n")


def saturation(steps: Sequence[Step]) -> Iterator[str]:
    """How many readers are too many, and how many pages are answered at most."""
    for limit in (AIM, SLOW):
        over = next((each.readers for each in steps if each.slowest > limit), None)
        under = max((each.readers for each in steps if each.slowest <= limit), default=0)
        when = f"between {under} and {over} readers" if over else f"not with {under} readers"
        yield f"p95 passes {limit:,} ms: {when}"
    yield f"at most {max(each.pages for each in steps):.1f} pages a second"


@contextmanager
def served(store: Path, workers: int) -> Iterator[tuple[int, int, float]]:
    """The port and the process of a service over a store, and the seconds until it had read
    ahead."""
    with socket.create_server((HERE, 0)) as free:
        port: int = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        settings, log = Path(folder, "config.toml"), Path(folder, "log")
        data = json.dumps(str(store.resolve()))
        said = (
            f"[data]\nfolder = {data}\n\n[topics]\nmeaning = false\n\n"
            f"[web]\nport = {port}\nworkers = {workers}\n\n[schedule]\nenabled = false\n"
        )
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


def _step(count: int, answers: Sequence[Answer], seconds: float) -> Step:
    # Who got nothing waited for ever.
    took = [each.took if each.status == 200 else np.inf for each in answers]
    slowest = float(np.percentile(took, 95, method="higher"))
    good = sum(each.status == 200 for each in answers)
    return Step(readers=count, slowest=slowest, pages=good / seconds)


def _used(process: int) -> float:
    """Seconds of the processors that a process and its own have used (Linux: proc(5), fields 14 and
    15; 16 and 17 of those that have ended)."""
    ticks = sum(sum(map(int, said[11:15])) for said in map(_stated, _tree(process)))
    return ticks / os.sysconf("SC_CLK_TCK")


def _shared(process: int) -> float:
    """Megabytes of memory that a process and its own use, what they share counted once."""
    found = 0
    for each in _tree(process):
        rollup = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="utf-8")
        found += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]  # always there
    return found / 1000


def _tree(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8")
    return [process, *(each for child in children.split() for each in _tree(int(child)))]


def _stated(process: int) -> list[str]:
    """From the third field of proc(5) on."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--readers", type=int, nargs="+", default=[READERS])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--saturate", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
