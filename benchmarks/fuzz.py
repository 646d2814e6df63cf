"""Try everything that reads what others wrote with damaged samples, for as long as one likes.

    python -m benchmarks.fuzz [--seconds 300] [--seed 1] [--target pages] [--number 17]

The targets and what must hold of each stand in tests/fuzzed.py and tests/promises.py; with
../shared beside the checkout recorded pages are damaged too. `--number` tries one input again, as
the message of a fault names it. Inputs that broke a promise are written to .fuzz/. Exits with an
error where there was one.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

from rich.console import Console

from benchmarks.tables import tabulated

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
KEPT = ROOT / ".fuzz"
HEADINGS = ("target", "inputs", "a second", "slowest, s", "faults")


def main() -> None:
    options = _options()
    warnings.simplefilter("ignore")  # of BeautifulSoup, that XML is no HTML
    sys.path.append(str(ROOT / "tests"))
    from fuzzed import targets  # noqa: PLC0415 - found by what stands above
    from fuzzing import fuzz  # noqa: PLC0415 - likewise

    rows, faults = [], []
    for target in targets(SHARED if (SHARED / "recorded").is_dir() else None):
        if options.target in ("", target.name):
            tally = fuzz(
                target,
                options.seconds,
                folder=KEPT,
                seed=options.seed,
                numbers=None if options.number is None else (options.number,),
            )
            pace = tally.inputs / (tally.seconds or 1)
            counts = (f"{pace:.0f}", f"{tally.slowest:.1f}", f"{len(tally.faults)}")
            rows.append((target.name, f"{tally.inputs:,}", *counts))
            faults += tally.faults
    title = f"{options.seconds:g} processor seconds each, seed {options.seed}"
    Console(width=100).print(tabulated(title, HEADINGS, rows))
    if faults:
        sys.exit("\n".join(map(str, faults)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300, help="processor seconds per target")
    parser.add_argument("--seed", type=int, default=1, help="another one makes other inputs")
    parser.add_argument("--target", default="", help="one of them alone")
    parser.add_argument("--number", type=int, help="one input alone, by its number")
    return parser.parse_args()


if __name__ == "__main__":
    main()
