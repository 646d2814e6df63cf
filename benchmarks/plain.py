"""Search as anybody would build it first: windows of 200 words, FTS5's BM25, all-MiniLM, and the
fusion of their ranks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedded import digest_of

WORDS = 200  # of a window
DEPTH = 100  # documents of each list that are fused
K = 60  # Cormack, Clarke and Büttcher, Reciprocal Rank Fusion, 2009
SHOWN = 3  # windows of a document

Rows = NDArray[np.float32]
Ranked = Mapping[str, Sequence[int]]  # keys, the best first, each with its best windows


class Plain:
    """Ranks documents by their best window; `texts` are theirs by key."""

    def __init__(
        self, texts: Mapping[str, str], encode: Callable[[Sequence[str]], Rows], kept: Path
    ) -> None:
        """`kept` is a file in which the windows' vectors stay for the next time."""
        every = [(key, window) for key, text in texts.items() for window in _windows(text)]
        self._keys = [key for key, _ in every]
        self.windows = [window for _, window in every]
        self._encode = encode
        self._rows = self._embedded(kept)
        self._words = sqlite3.connect(":memory:")
        self._words.execute("CREATE VIRTUAL TABLE said USING fts5(text, tokenize='porter')")
        self._words.executemany(
            "INSERT INTO said(rowid, text) VALUES (?, ?)", enumerate(self.windows)
        )

    def words(self, query: str) -> Ranked:
        """By BM25: any of the words."""
        asked = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        found = self._words.execute(
            "SELECT rowid FROM said WHERE said MATCH ? ORDER BY bm25(said)", (asked,)
        )
        return self._documents(number for (number,) in found)

    def meaning(self, query: str) -> Ranked:
        """By the cosine of the query's row."""
        [row] = self._encode([query])
        return self._documents(np.argsort(-(self._rows @ row), kind="stable").tolist())

    def fused(self, query: str) -> Ranked:
        """By the sum of 1 / (60 + rank) in both."""
        lists = [self.words(query), self.meaning(query)]
        scores: dict[str, float] = {}
        for found in lists:
            for rank, key in enumerate(found, 1):
                scores[key] = scores.get(key, 0.0) + 1 / (K + rank)
        order = sorted(scores, key=lambda key: -scores[key])
        return {key: next(found[key] for found in lists if key in found) for key in order}

    def _documents(self, windows: Iterable[int]) -> Ranked:
        found: dict[str, list[int]] = {}
        for number in windows:
            key = self._keys[number]
            if key not in found and len(found) == DEPTH:
                break
            found.setdefault(key, []).append(number)
        return {key: held[:SHOWN] for key, held in found.items()}

    def _embedded(self, kept: Path) -> Rows:
        digest = digest_of("\n".join(self.windows))
        if kept.is_file():
            with np.load(kept) as held:
                if str(held["digest"]) == digest:
                    return np.asarray(held["rows"])
        rows = self._encode(self.windows)
        np.savez(kept, digest=np.array(digest), rows=rows)
        return rows


def _windows(text: str) -> Iterable[str]:
    words = text.split()
    return (" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS))
