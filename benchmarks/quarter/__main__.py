"""Play a quarter, or more: `python -m benchmarks.quarter --days 366`.

A stub stands for the model, and each crawl is a process forked from one that has imported all it
needs; the rest is the code of `lexwatch run`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

TESTS = Path(__file__).parents[2] / "tests"
sys.path.append(str(TESTS))

from fakes import HashingEncoder  # noqa: E402 - of the tests

from benchmarks.quarter.faulty import Publishers  # noqa: E402
from benchmarks.quarter.play import Played, play  # noqa: E402
from benchmarks.quarter.script import FIRST, written  # noqa: E402

SILENCE = 30.0  # seconds without an answer, where none is to come in time


def main() -> None:
    options = _options()
    script = written(options.days, options.seed)

    def is_visited(day: date) -> bool:
        return (day - FIRST).days % int(options.every) == 0 or day == script.last

    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        with _forked(folder), Publishers(options.seed, options.silence) as publishers:
            played = play(
                script,
                publishers,
                folder / "data",
                HashingEncoder(),
                is_visited=is_visited,
                is_backed_up=is_visited,
                tell=lambda said: print(said, file=sys.stderr, flush=True),
            )
    print(_report(played))
    sys.exit(bool(played.wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quarter", description=__doc__)
    parser.add_argument("--days", type=int, default=91)
    parser.add_argument("--every", type=int, default=1, help="days from one visit to the next")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds; 0: never silent")
    parser.add_argument("--folder", type=Path, help="where to work; else a temporary folder")
    return parser.parse_args()


@contextmanager
def _forked(folder: Path) -> Iterator[None]:
    """Let what `sys.executable` starts be forked: see `tests/warm.py`."""
    python = sys.executable
    with subprocess.Popen(
        [python, str(TESTS / "warm.py"), str(folder / "socket")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))},
    ) as server:
        assert server.stdout is not None  # noqa: S101 - a pipe
        sys.executable = server.stdout.readline().strip()
        try:
            yield
        finally:
            sys.executable = python
            server.kill()


def _report(played: Played) -> str:
    sizes = played.sizes
    lines = [
        f"{played.days} days, {played.visits} visits, {played.requests:,} requests, of which "
        f"{played.faulty:.1%} went wrong: "
        + ", ".join(f"{kind} {count}" for kind, count in played.faults.items()),
        f"{played.failed} failed visits; "
        + ", ".join(f"{count:,} {name}" for name, count in played.counts.items()),
        f"{played.digests} digests told of {played.told} acts",
        f"database: {sizes.base / 1e6:.2f} MB after the first days, {sizes.predicted / 1e6:.2f} "
        f"predicted, {sizes.actual / 1e6:.2f} at the end; growth predicted {sizes.error:+.1%}",
        f"{played.seconds:.0f} s of processor beside the crawls, {played.megabytes:.0f} MB",
        f"{len(played.wrong)} things wrong",
    ]
    return "\n".join((*lines, *(f"  {each}" for each in played.wrong)))


if __name__ == "__main__":
    main()
