"""Stand-ins for tests: small, deterministic, and honest about what they stand for."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"\w+")


class HashingEncoder:
    """An encoder without a model: texts that share words point the same way, and nothing else."""

    name = "hashing"
    digest = hashlib.sha256(b"hashing encoder, 384 dimensions").hexdigest()
    dimensions = 384
    longest = sys.maxsize

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            for word in WORD.findall(text.casefold()) or [""]:
                rows[number, _slot(word, self.dimensions)] += 1.0
            rows[number] /= np.linalg.norm(rows[number])
            if progress:
                progress(1)
        return rows

    def count(self, text: str) -> int:
        """Words and the two special tokens a real model adds."""
        return len(WORD.findall(text)) + 2


def _slot(word: str, slots: int) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % slots
