"""Train what search learned: the adapter of a question's row, and the weights of evidence.

    python -m benchmarks.train [--check]

From the queries in `benchmarks/queries/`, which we wrote ourselves over the corpora; never from the
judged ones. Writes `index/search/adapter.npz` and `learned.json`; with `--check`, nothing. What it
prints is measured on documents left out: a third of them, with all queries that they answer best,
by what the other two thirds taught.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from index import store, view
from index.search import learned, question, rank
from index.search.learned import Adapter, Row
from index.search.understanding import Understanding
from lexwatch.app import App
from lexwatch.evaluation import retrieval
from lexwatch.evaluation.retrieval import Universe, ndcg
from lexwatch.settings import Data, Settings, Topics
from pipeline.query.model import Asked, Shape
from pipeline.query.shape import read

QUERIES = Path(__file__).with_name("queries")
SHARED = Path(__file__).parents[2] / "shared"
FOLDER = Path(tempfile.gettempdir()) / "lexwatch-train"
FOLDS = 3
# Chosen by documents left out: more steps or ranks learn documents by heart.
RANK, STEPS, BATCH, RATE, DECAY = 64, 200, 128, 2e-3, 1e-2
TEMPERATURE = 20.0  # cosines are turned into shares by this
STAY = 3.0  # what it costs to turn a row far
LEAST = 1e-3  # what a weight costs
SEED = 7


@dataclass(frozen=True, kw_only=True)
class Told:
    """A query of ours, its row, and the gain of each document that answers, by number."""

    sort: str
    asked: Asked
    row: Row
    gains: Mapping[int, float]

    @property
    def fold(self) -> int:
        """Queries that one document answers best stay together."""
        best = max(self.gains, key=lambda document: (self.gains[document], document))
        return zlib.crc32(str(best).encode()) % FOLDS


class Trainer:
    """Learns from queries over one universe."""

    def __init__(self, held: Universe) -> None:
        self._held = held
        with held.database.read() as connection:
            matrix = view.load(connection, held.vectors.model)
            numbers = {document.name: number for number, document in store.documents(connection)}
        self._numbers = {key: numbers[name] for name, key in held.keys.items()}
        self._documents, owners = np.unique(matrix.documents, return_inverse=True)
        self._owners = torch.from_numpy(owners)
        self._rows = torch.from_numpy(matrix.base[matrix.places])

    def queries(self) -> list[Told]:
        """The questions of all files; what is looked up, or said with connectors, is not ranked."""
        lines = [
            json.loads(line)
            for path in sorted(QUERIES.glob("*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        every = [(row, read(row["query"])) for row in lines]
        kept = [(row, asked) for row, asked in every if asked.shape is Shape.QUESTION]
        embedded = self._held.vectors.embed([row["query"] for row, _ in kept])
        told = (
            Told(sort=row["class"], asked=asked, row=vector, gains=self._gains(row["grades"]))
            for (row, asked), vector in zip(kept, embedded, strict=True)
        )
        return [each for each in told if each.gains]

    def _gains(self, grades: Mapping[str, int]) -> dict[int, float]:
        held = {self._numbers[key]: grade for key, grade in grades.items() if key in self._numbers}
        return {number: 2.0**grade - 1 for number, grade in held.items() if grade}

    def adapter(self, told: Sequence[Told]) -> Adapter:
        """Turns rows of questions towards the documents that answer them, against those that answer
        the others of the batch; no further than it must."""
        width = self._rows.shape[1]
        down = torch.nn.Parameter(torch.randn(width, RANK) * 0.01)
        up = torch.nn.Parameter(torch.zeros(RANK, width))
        rows = torch.from_numpy(np.stack([each.row for each in told]))
        shares = self._shares(told)
        optimiser = torch.optim.AdamW([down, up], lr=RATE, weight_decay=DECAY)
        for _ in range(STEPS):
            batch = torch.randperm(len(told))[:BATCH]
            given = rows[batch]
            turned = functional.normalize(given + given @ down @ up, dim=1)
            answers = shares[batch].sum(0) > 0
            scores = self._best(turned)[:, answers] * TEMPERATURE
            wanted = shares[batch][:, answers]
            loss = -(wanted * torch.log_softmax(scores, 1)).sum(1).mean()
            loss = loss + STAY * ((turned - given) ** 2).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch has no annotation there
            optimiser.step()
        model = self._held.vectors.model
        return Adapter(model=model, down=down.detach().numpy(), up=up.detach().numpy())

    def _shares(self, told: Sequence[Told]) -> torch.Tensor:
        """For each query, each document's share of all that answers it."""
        shares = np.zeros((len(told), len(self._documents)), dtype=np.float32)
        for at, each in enumerate(told):
            for number, gain in each.gains.items():
                shares[at, np.searchsorted(self._documents, number)] = gain
        return torch.from_numpy(shares / shares.sum(1, keepdims=True))

    def _best(self, turned: torch.Tensor) -> torch.Tensor:
        """The cosine of each document's nearest passage."""
        scores = turned @ self._rows.T
        none = torch.full((len(turned), len(self._documents)), -1.0)
        return none.scatter_reduce(1, self._owners.expand_as(scores), scores, "amax")

    def evidence(self, told: Sequence[Told], adapter: Adapter) -> list[tuple[list[int], Any]]:
        """For each query its candidates and what speaks for each, as search gathers it."""
        known = self._held.understanding
        understanding = Understanding(
            lambda: known.thesaurus, lambda: self._held.vectors, lambda: adapter
        )
        found = []
        with self._held.database.read() as connection:
            for each in told:
                understood = understanding.at(each.asked.text, each.row)
                candidates, said = question.weighed(
                    connection, each.asked, understanding, understood, None
                )
                found.append(([candidate.document for candidate in candidates], said))
        return found


def weights(told: Sequence[Told], found: Sequence[tuple[list[int], Any]]) -> dict[str, float]:
    """Weights under which the candidates that answer have the largest share of the scores."""
    names = sorted({name for _, said in found for each in said for name in each} - {*rank.FIXED})
    rows = [torch.tensor([[each[name] for name in names] for each in said]) for _, said in found]
    wanted = [
        torch.tensor([each.gains.get(number, 0.0) for number in numbers])
        for each, (numbers, _) in zip(told, found, strict=True)
    ]
    values = torch.zeros(len(names), requires_grad=True)
    optimiser = torch.optim.Adam([values], lr=0.05)
    for _ in range(400):
        loss = LEAST * (values**2).sum()
        for row, gain in zip(rows, wanted, strict=True):
            if gain.sum():
                shares = torch.log_softmax(row @ values, 0)
                loss = loss - (gain / gain.sum() * shares).sum() / len(rows)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # as above
        optimiser.step()
    return {name: round(value, 3) for name, value in zip(names, values.tolist(), strict=True)}


def measured(
    told: Sequence[Told], found: Sequence[tuple[list[int], Any]], by: Mapping[str, float]
) -> dict[str, float]:
    """nDCG at 10 of each class and of all."""
    gains: dict[str, list[float]] = {}
    for each, (numbers, said) in zip(told, found, strict=True):
        order = sorted(range(len(numbers)), key=lambda at: -rank.score(said[at], by))
        keys = [str(numbers[at]) for at in order]
        grades = {str(number): round(np.log2(gain + 1)) for number, gain in each.gains.items()}
        for name in (each.sort, "all"):
            gains.setdefault(name, []).append(ndcg(keys, grades))
    return {name: round(float(np.mean(every)), 4) for name, every in sorted(gains.items())}


def folded(trainer: Trainer, told: Sequence[Told]) -> list[tuple[list[int], Any]]:
    """Evidence for each query by an adapter that never saw the document that answers it best."""
    found: dict[int, tuple[list[int], Any]] = {}
    for fold in range(FOLDS):
        adapter = trainer.adapter([each for each in told if each.fold != fold])
        left = [at for at, each in enumerate(told) if each.fold == fold]
        seen = trainer.evidence([told[at] for at in left], adapter)
        found |= dict(zip(left, seen, strict=True))
    return [found[at] for at in range(len(told))]


def crossed(told: Sequence[Told], found: Sequence[tuple[list[int], Any]]) -> dict[str, float]:
    """What each fold scores by weights of the others, over all."""
    scores: dict[str, list[tuple[float, int]]] = {}
    for fold in range(FOLDS):
        others = [at for at, each in enumerate(told) if each.fold != fold]
        left = [at for at, each in enumerate(told) if each.fold == fold]
        by = weights([told[at] for at in others], [found[at] for at in others])
        mine = [told[at] for at in left]
        for name, score in measured(mine, [found[at] for at in left], by).items():
            count = len(mine) if name == "all" else sum(each.sort == name for each in mine)
            scores.setdefault(name, []).append((score, count))
    return {
        name: round(sum(score * n for score, n in every) / sum(n for _, n in every), 4)
        for name, every in scores.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="measure; write nothing")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the store is kept")
    given = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is absent: the queries are asked over its corpora")
    torch.manual_seed(SEED)
    app = App(Settings(data=Data(folder=str(given.folder)), topics=Topics(meaning=False)))
    held = retrieval.universe(app, SHARED / "eval", (SHARED,))
    trainer = Trainer(held)
    told = trainer.queries()
    found = folded(trainer, told)
    figures = crossed(told, found)
    print(f"{len(told)} queries, nDCG@10 on documents left out: {figures}")
    if not given.check:
        write(trainer.adapter(told), weights(told, found), figures)


def write(adapter: Adapter, by: Mapping[str, float], figures: Mapping[str, float]) -> None:
    """Write what was learned where search reads it."""
    np.savez_compressed(
        learned.ADAPTER,
        model=np.array(adapter.model),
        down=adapter.down.astype(np.float16),
        up=adapter.up.astype(np.float16),
    )
    held = {"weights": by, "ndcg_10 on documents left out": figures}
    learned.WEIGHTS.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")
    print(f"written: {learned.WEIGHTS} and {learned.ADAPTER}")


if __name__ == "__main__":
    main()
