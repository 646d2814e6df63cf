"""Kill each step of an office's work, many times: where, and what became of it.

    python -m benchmarks.kill [--kills 300] [--step send …] [--seed 0]

Half of the kills are at writes, spread evenly (commits, and files that are opened, renamed or
removed; statements too where those are few), the others at instants of a seeded chance. Each step
is taken again after its kill, and what is held then is compared with what an undisturbed one left:
documents, versions, changes, passages, vectors, alerts, letters, files. How it is done stands in
tests/killing.py, the steps in tests/killable.py. Exits 1 where anything differs.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.tables import tabulated

ROOT = Path(__file__).resolve().parent.parent
HEADINGS = ("step", "kills", "at writes", "at instants", "writes", "again failed", "differ", "s")


def main() -> None:
    given = _arguments()
    sys.path.append(str(ROOT / "tests"))
    logging.disable(logging.WARNING)  # that a schema is brought up, each time
    console = Console()
    rows, faults = [], []
    with TemporaryDirectory() as folder:
        for row, found in _killed(given, Path(folder)):
            console.print("  ".join(row))
            rows.append(row)
            faults += found
    console.print(tabulated("Killed and taken again", HEADINGS, rows))
    for fault in faults:
        console.print(fault)
    sys.exit(bool(faults))


def _killed(given: argparse.Namespace, folder: Path) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    import killable  # noqa: PLC0415 - of the tests
    import killing  # noqa: PLC0415 - as above

    with killable.opened() as office:
        for name, step in office.steps(folder / "work").items():
            if given.step and name not in given.step:
                continue
            (place := folder / f"of {name}").mkdir()
            known, begun = killing.undisturbed(step, place), time.monotonic()
            outcome = killing.kill(step, known, place, given.kills, given.seed)
            instants = sum(one.at.startswith("after ") for one in outcome.killed)
            failed = sum(bool(one.error) for one in outcome.killed)
            differ = sum(bool(one.differing) for one in outcome.killed)
            figures = (
                len(outcome.killed),
                len(outcome.killed) - instants,
                instants,
                len(known.writes),
                failed,
                differ,
                round(time.monotonic() - begun),
            )
            yield (name, *map(str, figures)), [f"{name}: {one}" for one in outcome.faults]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=300, help="of each step")
    parser.add_argument("--step", action="append", help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
