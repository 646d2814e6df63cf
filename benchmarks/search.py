"""Search: how well it ranks, and how fast, as a table.

    python -m benchmarks.search quality [--set DIR] [--own] [--folder STORE] [--without QID …]
    python -m benchmarks.search speed [--passages 100000] [--folder STORE]

The documents are those of `../shared/eval/retrieval/universe.txt`; their store is made in STORE
when it isn't there. `--own` asks the queries from which search learned: no honest measure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks import quality, speed, stores
from lexwatch.app import App
from lexwatch.evaluation import retrieval

SHARED = Path(__file__).parents[2] / "shared"


def main() -> None:
    given = _options()
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is absent: search is measured over its corpora")
    app = App(stores.settings(given.folder))
    sets = (given.set or SHARED / "eval").resolve()
    held = retrieval.universe(app, sets, (sets.parent, sets, SHARED))
    console = Console(width=quality.WIDTH)
    if given.what == "speed":
        speed.show(console, stores.grown(given.folder, held, given.passages), _judged(sets))
        return
    queries = quality.own() if given.own else _judged(sets)
    others = quality.plain(held, given.folder / "windows.npz")
    found = quality.answers(held, others, queries, lambda name: print(f"… {name}", file=sys.stderr))
    quality.show(console, found, held, given.without)


def _judged(sets: Path) -> list[retrieval.Query]:
    return [row.label for row in retrieval.queries(sets).labelled]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("quality", "speed"))
    parser.add_argument("--set", type=Path)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/lexwatch-search"))  # noqa: S108
    return parser.parse_args()


if __name__ == "__main__":
    main()
