"""Time `compare` beside difflib's word opcodes on chapters and on texts made to be slow.

Run `python -m benchmarks.diff` from the checkout. The texts are made here, from a fixed seed.
"""

from __future__ import annotations

import difflib
import multiprocessing
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from pipeline.diff import compare
from pipeline.model import Block, BlockKind, Document, Version

PATIENCE = 10.0  # seconds that difflib gets for one pair
Texts = Sequence[str]


def main() -> None:
    table = Table("pair", "blocks", "words", "compare", "difflib", "edits")
    for name, old, new in pairs():
        words = sum(len(text.split()) for text in old)
        edits, ours = compared(old, new)
        plain = timed_out(old, new)
        table.add_row(
            name, f"{len(old)}", f"{words:,}", f"{ours * 1000:,.0f} ms", plain, f"{edits}"
        )
    Console().print(table)


def pairs() -> list[tuple[str, Texts, Texts]]:
    dice = random.Random(20261121)  # noqa: S311 - a benchmark's text, no secret
    wide = [f"word{n}" for n in range(3000)]
    tiny = ["the", "alien", "must", "file", "form"]
    chapter = [_text(dice, wide, 50) for _ in range(120)]
    amended = [_reworded(dice, text) if n % 15 == 0 else text for n, text in enumerate(chapter)]
    swept = [_reworded(dice, text) for text in chapter]
    return [
        ("chapter, 8 paragraphs amended", chapter, amended),
        ("chapter, every paragraph amended", chapter, swept),
        ("chapter, paragraphs shuffled", chapter, dice.sample(chapter, len(chapter))),
        ("chapter, rewritten", chapter, [_text(dice, wide, 50) for _ in range(120)]),
        *(
            (
                f"five words only, {size:,} a block",
                _blocks(dice, tiny, size),
                _blocks(dice, tiny, size),
            )
            for size in (20_000, 500, 50, 5)
        ),
    ]


def compared(old: Texts, new: Texts) -> tuple[int, float]:
    """How many edits, and the best of three times in seconds."""
    before, after = _version(old), _version(new)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        difference = compare(before, after)
        times.append(time.perf_counter() - started)
    return len(difference.edits) if difference else 0, min(times)


def timed_out(old: Texts, new: Texts) -> str:
    """Difflib's time, in a process of its own that is stopped when patience ends."""
    process = multiprocessing.Process(target=plain, args=(old, new))
    started = time.perf_counter()
    process.start()
    process.join(PATIENCE)
    spent = time.perf_counter() - started
    if process.is_alive():
        process.kill()
        return f"> {PATIENCE:.0f} s"
    return f"{spent * 1000:,.0f} ms"


def plain(old: Texts, new: Texts) -> None:
    matcher = difflib.SequenceMatcher(None, _words(old), _words(new), autojunk=False)
    matcher.get_opcodes()


def _words(texts: Texts) -> list[str]:
    return [word for text in texts for word in text.split()]


def _blocks(dice: random.Random, words: Sequence[str], size: int) -> Texts:
    return [_text(dice, words, size) for _ in range(20_000 // size)]


def _text(dice: random.Random, words: Sequence[str], length: int) -> str:
    return " ".join(dice.choices(words, k=length)) + "."


def _reworded(dice: random.Random, text: str) -> str:
    words = text.split()
    words[dice.randrange(len(words))] = "must not"
    return " ".join(words)


def _version(texts: Texts) -> Version:
    return Version(
        document=Document(source="benchmark", key="chapter", kind="policy-manual-chapter"),
        title="Chapter",
        citation="",
        issuer="",
        url="",
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts),
        seen_at=datetime(2026, 11, 21, tzinfo=UTC),
        parser="benchmark/1",
    )


if __name__ == "__main__":
    main()
