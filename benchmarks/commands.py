"""How long the citator's commands take as a user starts them, each a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.corpora import decisions

TIMES = 5  # that each command is started
BESIDES = (
    "See 8 C.F.R. § 1003.1(d)(3), INA § 208(b)(1), and 8 U.S.C. § 1182(a).",
    "The court agreed in 593 U.S. 155 (2021) and 9 F.4th 1 (9th Cir. 2021).",
)


def timed(settings: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    """Each command with the medians in seconds from its start to its end, and of the processor;
    `settings` are of a store that `benchmarks.corpora` made, `folder` is to work in."""
    asked = [("status", "27 I&N Dec. 316"), ("cites", "28 I&N Dec. 307")]
    for number in (11, 60):
        brief = folder / f"brief of {number} citations.txt"
        brief.write_text(_brief(number), encoding="utf-8")
        asked.append(("check-draft", str(brief)))
    # Compiled once, as an installed program is.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for arguments in asked:
        command = [sys.executable, "-m", "lexwatch", "--config", str(settings), *arguments]
        _, *found = (_once(command, environment) for _ in range(TIMES + 1))  # the first compiles
        medians = (f"{statistics.median(each):.2f}" for each in zip(*found, strict=True))
        yield (f"{arguments[0]} {Path(arguments[1]).name}", *medians)


def _once(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    after, ended = os.times(), time.perf_counter()
    used = after.children_user + after.children_system
    return ended - began, used - before.children_user - before.children_system


def _brief(number: int) -> str:
    """A brief with so many citations: the precedents are real, the words about them ours."""
    cited = [
        f"Matter of {row['case_name']}, {row['citation']}" for row in decisions()[: number - 5]
    ]
    said = [f"The respondent relies on {each}, for the burden of proof." for each in cited]
    return "\n\n".join((*said, *BESIDES))
