"""Time `compare` beside difflib's word opcodes on chapters and on texts made to be slow.

Run `python -m benchmarks.diff` from the checkout. The texts are made in `benchmarks/amended.py`,
from a fixed seed.
"""

from __future__ import annotations

import difflib
import multiprocessing
import sys
import time
from datetime import UTC, datetime

from rich.console import Console

from benchmarks.amended import Blocks, Pair, adversarial, chapters
from benchmarks.tables import tabulated
from pipeline.diff import compare, edits
from pipeline.model import Document, Version

PATIENCE = 2.0  # seconds that difflib gets for one pair
HEADINGS = (
    *("pair", "blocks", "words", "bound", "wall", "process", "edits alone"),
    *("difflib", "edits"),
)


def main() -> None:
    rows = [_row(pair) for pair in (*chapters(), *adversarial())]
    title = (
        "milliseconds: the bound, compare on the clock and in its process, its edits alone, difflib"
    )
    Console(width=140).print(tabulated(title, HEADINGS, rows))


def compared(pair: Pair) -> tuple[int, float, float, float]:
    """How many edits, and the best of three times in milliseconds: of `compare` on the clock, in
    this process, and in this process of its edits alone."""
    before, after = _version(pair.old), _version(pair.new)
    times = []
    for _ in range(3):
        _forget()
        at_work = time.process_time()
        found = list(edits(pair.old, pair.new))
        alone = time.process_time() - at_work
        _forget()
        started, at_work = time.perf_counter(), time.process_time()
        compare(before, after)
        times.append((time.perf_counter() - started, time.process_time() - at_work, alone))
    wall, spent, alone = (min(column) * 1000 for column in zip(*times, strict=True))
    return len(found), wall, spent, alone


def timed_out(old: Blocks, new: Blocks) -> str:
    """Difflib's time in milliseconds, in a process of its own, stopped when patience ends."""
    process = multiprocessing.Process(target=plain, args=(_words(old), _words(new)))
    started = time.perf_counter()
    process.start()
    process.join(PATIENCE)
    spent = time.perf_counter() - started
    if process.is_alive():
        process.kill()
        return f"> {PATIENCE * 1000:,.0f}"
    return f"{spent * 1000:,.0f}"


def plain(old: list[str], new: list[str]) -> None:
    difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _forget() -> None:
    """Empty every cache of the pipeline, so that each comparison is the first."""
    modules = [module for name, module in sys.modules.items() if name.startswith("pipeline.")]
    for known in (each for module in modules for each in vars(module).values()):
        if hasattr(known, "cache_clear"):
            known.cache_clear()


def _row(pair: Pair) -> tuple[str, ...]:
    count, *times = compared(pair)
    return (
        *(pair.name, f"{len(pair.old):,}", f"{len(_words(pair.old)):,}", f"{pair.bound:,}"),
        *(f"{milliseconds:,.0f}" for milliseconds in times),
        *(timed_out(pair.old, pair.new), f"{count:,}"),
    )


def _words(blocks: Blocks) -> list[str]:
    return [word for block in blocks for word in block.text.split()]


def _version(blocks: Blocks) -> Version:
    return Version(
        document=Document(source="benchmark", key="chapter", kind="policy-manual-chapter"),
        title="Chapter",
        citation="",
        issuer="",
        url="",
        blocks=tuple(blocks),
        seen_at=datetime(2026, 11, 21, tzinfo=UTC),
        parser="benchmark/1",
    )


if __name__ == "__main__":
    main()
