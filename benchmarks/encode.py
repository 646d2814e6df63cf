"""How many passages a second the encoder makes, against a plain float32 loop in batches of 32.

    python -m benchmarks.encode [--store lexwatch.db] [--passages 512] [--rounds 3]

Of a store its passages, else titles and abstracts of the Federal Register. All sides encode the
same texts in the same run, in turns, so that a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from sentence_transformers import SentenceTransformer
from sqlalchemy import select

from benchmarks.tables import tabulated
from index import schema, weights
from index.database import Database
from index.encoder import load_model

TEXTS = Path(__file__).parents[2] / "shared/corpora/federal_register_immigration.jsonl"


def main() -> None:
    options = _options()
    texts = _texts(options.store, options.passages)
    ours, exact = load_model(), load_model(dtype="float32")
    plain = SentenceTransformer(str(weights.packaged()), device="cpu", local_files_only=True)
    counts = [ours.count(text) for text in texts]
    print(f"{len(texts)} passages, {statistics.mean(counts):.0f} model tokens each on average")
    sides = {
        "plain float32, 32 at a time": lambda: _loop(plain, texts),
        "index.encoder, float32": lambda: exact.encode(texts),
        f"index.encoder, {ours.means.precision}": lambda: ours.encode(texts),
    }
    rates, rows = _race(sides, options.rounds, len(texts))
    slow = statistics.median(next(iter(rates.values())))
    lines = [_line(side, found, slow, rows[side], rows) for side, found in rates.items()]
    headings = ("", "passages/s", "times", "least cosine", "same top 10")
    Console(width=90).print(tabulated("all rounds, median", headings, lines))
    for side, found in rates.items():
        print(f"{side}: {_rounded(found)}")


def _line(
    side: str,
    rates: Sequence[float],
    slow: float,
    rows: NDArray[np.float32],
    every: Mapping[str, NDArray[np.float32]],
) -> Sequence[str]:
    """A side with how far its rows, and the ten nearest of each, are those of the first side."""
    truth, rate = next(iter(every.values())), statistics.median(rates)
    cosine, same = (rows * truth).sum(axis=1).min(), _overlap(rows, truth)
    return side, f"{rate:.0f}", f"{rate / slow:.1f}", f"{cosine:.5f}", f"{same:.3f}"


def _overlap(rows: NDArray[np.float32], truth: NDArray[np.float32], first: int = 10) -> float:
    """The share of each text's ten nearest, itself apart, that both find."""
    near = [np.argsort(-(each @ each.T), axis=1)[:, 1 : first + 1] for each in (rows, truth)]
    return statistics.mean(
        len(set(mine) & set(theirs)) / first
        for mine, theirs in zip(near[0].tolist(), near[1].tolist(), strict=True)
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", type=Path)
    parser.add_argument("--passages", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _texts(store: Path | None, number: int) -> list[str]:
    """A fixed choice, in a fixed order that is not by length."""
    if store is not None:
        passage = schema.passage
        with Database(f"sqlite:///{store}").read() as connection:
            rows = connection.execute(select(passage.c.header, passage.c.text)).all()
        texts = [f"{row.header}\n{row.text}" for row in rows]
    elif TEXTS.is_file():
        with TEXTS.open(encoding="utf-8") as lines:
            documents = [json.loads(line) for line in lines]
        texts = [f"{document['title']}\n{document['abstract'] or ''}" for document in documents]
    else:
        sys.exit(f"{TEXTS} is absent: name a --store, whose passages are encoded")
    random.Random(1).shuffle(texts)  # noqa: S311 - a fixed order, not a secret
    return texts[:number]


def _loop(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    batches = (texts[start : start + 32] for start in range(0, len(texts), 32))
    encoded = [model.encode(batch, normalize_embeddings=True) for batch in batches]
    return np.concatenate(encoded)


def _race(
    sides: dict[str, Callable[[], NDArray[np.float32]]], rounds: int, passages: int
) -> tuple[dict[str, list[float]], dict[str, NDArray[np.float32]]]:
    rates: dict[str, list[float]] = {side: [] for side in sides}
    rows: dict[str, NDArray[np.float32]] = {}
    for _ in range(rounds):
        for side, encode in sides.items():
            began = time.perf_counter()
            rows[side] = encode()
            rates[side].append(passages / (time.perf_counter() - began))
    return rates, rows


def _rounded(figures: Sequence[float]) -> str:
    return "(" + ", ".join(f"{figure:.0f}" for figure in figures) + ")"


if __name__ == "__main__":
    main()
