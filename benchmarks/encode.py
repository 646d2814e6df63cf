"""How many passages a second the encoder makes, against a plain float32 loop in batches of 32.

    python -m benchmarks.encode [--passages 512] [--rounds 3]

Both sides encode the same texts in the same run, in turns, so that a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from index import weights
from index.encoder import load_model

TEXTS = Path(__file__).parents[2] / "shared/corpora/federal_register_immigration.jsonl"


def main() -> None:
    options = _options()
    if not TEXTS.is_file():
        sys.exit(f"{TEXTS} is absent: this benchmark encodes the titles and abstracts in it")
    texts = _texts(options.passages)
    ours = load_model()
    plain = SentenceTransformer(str(weights.packaged()), device="cpu", local_files_only=True)
    counts = [ours.count(text) for text in texts]
    print(f"{len(texts)} passages, {statistics.mean(counts):.0f} model tokens each on average")
    sides = {
        "plain float32, 32 at a time": lambda: _loop(plain, texts),
        f"index.encoder, {ours.precision}": lambda: ours.encode(texts),
    }
    rates, rows = _race(sides, options.rounds, len(texts))
    slow, fast = (statistics.median(found) for found in rates.values())
    for side, found in rates.items():
        print(f"{side:30} {statistics.median(found):7.1f} passages/s  {_rounded(found)}")
    cosines = np.sum(np.multiply(*rows), axis=1)
    print(f"{fast / slow:.1f} times as fast; cosine between the two {cosines.min():.5f} at least")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--passages", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _texts(number: int) -> list[str]:
    with TEXTS.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    random.Random(1).shuffle(documents)  # noqa: S311 - a fixed order, not a secret
    return [f"{document['title']}\n{document['abstract'] or ''}" for document in documents[:number]]


def _loop(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    batches = (texts[start : start + 32] for start in range(0, len(texts), 32))
    encoded = [model.encode(batch, normalize_embeddings=True) for batch in batches]
    return np.concatenate(encoded)


def _race(
    sides: dict[str, Callable[[], NDArray[np.float32]]], rounds: int, passages: int
) -> tuple[dict[str, list[float]], list[NDArray[np.float32]]]:
    rates: dict[str, list[float]] = {side: [] for side in sides}
    rows: list[NDArray[np.float32]] = []
    for _ in range(rounds):
        rows.clear()
        for side, encode in sides.items():
            began = time.perf_counter()
            rows.append(encode())
            rates[side].append(passages / (time.perf_counter() - began))
    return rates, rows


def _rounded(figures: Sequence[float]) -> str:
    return "(" + ", ".join(f"{figure:.0f}" for figure in figures) + ")"


if __name__ == "__main__":
    main()
