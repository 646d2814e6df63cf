"""What was learned from queries of our own: a turn of the query's row, and weights of evidence.

`benchmarks/train.py` makes both files beside this module; nothing that anybody asks changes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("learned.json")
ADAPTER = Path(__file__).with_name("adapter.npz")

Row = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """Brings a question's row nearer to the passages that answer it: row + row · down · up, made
    of length 1. It fits the rows of the model whose digest it names, and no others."""

    model: str
    down: Row
    up: Row

    def turn(self, row: Row) -> Row:
        turned = row + row @ self.down @ self.up
        return np.asarray(turned / np.linalg.norm(turned), dtype=np.float32)


@cache
def weights() -> Mapping[str, float]:
    """What each piece of evidence for a document counts."""
    held: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return held


@cache
def adapter() -> Adapter:
    """The adapter of the packaged model."""
    with np.load(ADAPTER) as held:
        return Adapter(
            model=str(held["model"]),
            down=held["down"].astype(np.float32),
            up=held["up"].astype(np.float32),
        )
