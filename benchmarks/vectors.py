"""How fast the nearest passages are found, ours against Chroma's own filters and over-fetching.

    python -m benchmarks.vectors --store lexwatch.db [--passages 100000] [--queries 200] [--ours]

The vectors are the store's; up to the number asked for they are made by perturbing real ones, in
ten sources of very unequal size named "synthetic". The store itself is copied and left as it is.
`--ours` leaves out what is only there to compare with, which takes as long to build again.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from sqlalchemy import Connection, func, insert, select

from benchmarks.tables import tabulated
from index import derived, embedded, mirror, passages, schema, view
from index.database import Database
from index.matrix import Matrix
from index.vectors import Vectors

SHARES = (0.45, 0.20, 0.12, 0.08, 0.06, 0.04, 0.02, 0.015, 0.01)  # of what is made; and the rest
KEEPS = (0.014, 0.28, 0.48)  # shares of the documents that the filters keep
LIMIT, EACH = 100, 10  # nearest of each source; passages of a synthetic document
NOISE = 0.4  # length of what is added to a real vector of length 1
OVER = 10  # times as many as wanted are fetched, then filtered
HEADINGS = ("", "p50 ms", "p95 ms", "recall")

Row = NDArray[np.float32]


class Known:
    """An encoder that names the model of a store and is never asked to embed."""

    def __init__(self, database: Database) -> None:
        with database.read() as connection:
            self.name, _, self.digest = derived.get_fact(connection, "model").partition(" ")
            rows = embedded.samples(connection, self.digest, "federal_register", 1)
        self.dimensions = len(rows[0]) if rows else 0
        self.longest = 0

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Row:
        raise NotImplementedError

    def count(self, text: str) -> int:
        raise NotImplementedError


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="vectors-") as made:
        folder = Path(made)
        shutil.copy(options.store, folder / "lexwatch.db")
        database = Database(f"sqlite:///{folder / 'lexwatch.db'}")
        known = Known(database)
        real = _fill(database, known, options.passages)
        print(f"{options.passages:,} passages, {real:,} of them real, the others synthetic")
        vectors = Vectors(database, known, folder / "chroma")
        matrix = _built(database, known, vectors, folder)
        # Not passages themselves: as far from real ones as questions tend to be.
        asked = _perturbed(matrix, options.queries, seed=0, noise=1.0)
        console = Console(width=90)
        title = f"{LIMIT} of each of {len(matrix.sources)} sources, unfiltered"
        console.print(tabulated(title, HEADINGS, _unfiltered(vectors, matrix, asked)))
        plain = None if options.ours else _plain(folder / "plain", matrix)
        for kept in KEEPS:
            title = f"a filter that keeps {kept:.1%} of the documents"
            rows = _filtered(vectors, plain, matrix, asked, kept)
            console.print(tabulated(title, HEADINGS, rows))
        vectors.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--ours", action="store_true")
    return parser.parse_args()


def _built(database: Database, known: Known, vectors: Vectors, folder: Path) -> Matrix:
    before, began = _peak(), time.perf_counter()
    with database.read() as connection:
        matrix = view.load(connection, known.digest)
        loaded = time.perf_counter() - began
        print(f"in memory: read from SQL in {loaded:.2f} s, {_peak() - before} MB more at the peak")
        began = time.perf_counter()
        view.refresh(connection, known.digest, matrix)
        print(f"brought in step with nothing new in {time.perf_counter() - began:.3f} s")
    before, began = _peak(), time.perf_counter()
    vectors.sync()
    took, size = time.perf_counter() - began, _size(folder / "chroma")
    print(f"Chroma: built in {took:.0f} s, {size} MB on disk, {_peak() - before} MB more")
    began = time.perf_counter()
    vectors.nearest(matrix.base[:1], 1)
    print(f"first question: {time.perf_counter() - began:.2f} s")
    return matrix


def _fill(database: Database, known: Known, wanted: int) -> int:
    """Bring the store to that many passages; how many of them are real."""
    with database.write() as connection:
        matrix = view.load(connection, known.digest)
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS passage_added")  # words are not asked
        connection.execute(schema.outbox.delete())
        document = connection.execute(select(func.max(schema.document.c.id))).scalar_one()
        left = wanted - len(matrix)
        for number, share in enumerate((*SHARES, 1.0), 1):
            count = min(left, int(share * (wanted - len(matrix))))
            made = _perturbed(matrix, count, seed=number)
            document = _add(connection, known, f"synthetic_{number}", made, document)
            left -= count
        mirror.queue_everything(connection)
    return len(matrix)


def _add(connection: Connection, known: Known, source: str, made: Row, last: int) -> int:
    """Passages of one source with these rows; the number of its last document."""
    for page in embedded.pages(range(len(made))):
        digests = [hashlib.sha256(f"{source} {number}".encode()).hexdigest() for number in page]
        of = [last + 1 + number // EACH for number in page]
        held = [
            {"id": each, "source": source, "key": str(each), "kind": "notice"}
            for each in sorted(set(of))
        ]
        connection.execute(insert(schema.document).prefix_with("OR IGNORE"), held)
        pieces = zip(page, digests, of, strict=True)
        connection.execute(insert(schema.passage), [_passage(*piece) for piece in pieces])
        embedded.keep(connection, known.digest, digests, made[page[0] : page[-1] + 1])
    passages.advance(connection)
    return last + 1 + len(made) // EACH


def _perturbed(matrix: Matrix, count: int, *, seed: int, noise: float = NOISE) -> Row:
    """Rows near to some of the matrix's own, of length 1."""
    random = np.random.default_rng(seed)
    rows: Row = matrix.base[random.integers(0, len(matrix.base), count)]
    rows += random.standard_normal(rows.shape, dtype=np.float32) * noise / rows.shape[1] ** 0.5
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def _passage(number: int, digest: str, document: int) -> Mapping[str, Any]:
    return {
        "document_id": document,
        "digest": digest,
        "ordinal": number % EACH,
        "header": "a synthetic passage",
        "text": f"of document {document}, number {number}" + " and some words" * 60,
        "trail": [],
        "anchor": "",
        "page": "",
        "first_block": number % EACH,
    }


def _unfiltered(vectors: Vectors, matrix: Matrix, asked: Row) -> Iterator[Sequence[str]]:
    truth = [_numbers(*matrix.nearest(row[None], LIMIT)) for row in asked]
    yield _timed(
        "exact, in memory", lambda row: _numbers(*matrix.nearest(row[None], LIMIT)), asked, truth
    )
    for flat in (20_000, 10_000, 0):
        vectors.flat = flat
        name = f"ours, Chroma above {flat:,}" if flat else "Chroma for every source"
        yield _timed(name, lambda row: _numbers(*vectors.nearest(row[None], LIMIT)), asked, truth)


def _plain(folder: Path, matrix: Matrix) -> chromadb.Collection:
    """One collection of everything, each passage with a number by which filters keep documents."""
    client = chromadb.PersistentClient(path=folder)
    settings = {"hnsw": {"space": "cosine", "ef_search": LIMIT * OVER}}
    plain = client.create_collection("all", embedding_function=None, configuration=settings)  # type: ignore[arg-type]  # a plain dict
    share = _shares(matrix)
    for page in embedded.pages(range(len(matrix))):
        part = slice(page[0], page[-1] + 1)
        plain.add(
            ids=[str(number) for number in matrix.passages[part]],
            embeddings=matrix.base[matrix.places[part]],
            metadatas=[{"share": each} for each in share[part].tolist()],
        )
    return plain


def _shares(matrix: Matrix) -> NDArray[np.float64]:
    """A number from 0 to 1 for each passage, the same within a document."""
    return np.random.default_rng(3).random(int(matrix.documents.max()) + 1)[matrix.documents]


def _filtered(
    vectors: Vectors,
    plain: chromadb.Collection | None,
    matrix: Matrix,
    asked: Row,
    kept: float,
) -> Iterator[Sequence[str]]:
    """Of all sources together: Chroma's filters can be asked for nothing else."""
    is_kept = _shares(matrix) < kept
    documents = np.unique(matrix.documents[is_kept]).tolist()
    allowed = set(matrix.passages[is_kept].tolist())

    def exact(row: Row) -> set[int]:
        scores = np.where(is_kept, (matrix.base @ row)[matrix.places], -2)
        best = np.argpartition(-scores, LIMIT)[:LIMIT]
        return set(matrix.passages[best].tolist())

    def ours(row: Row) -> set[int]:
        [found] = vectors.nearest(row[None], LIMIT, documents)
        near = sorted((pair for own in found.values() for pair in own), key=lambda pair: -pair[1])
        return {number for number, _ in near[:LIMIT]}

    def asking(times: int, where: Any = None) -> Callable[[Row], set[int]]:
        def ask(row: Row) -> set[int]:
            assert plain is not None  # noqa: S101 - see below
            given, wanted = [row.tolist()], LIMIT * times
            found = plain.query(query_embeddings=given, n_results=wanted, where=where)["ids"][0]
            return set([number for number in map(int, found) if number in allowed][:LIMIT])

        return ask

    truth = [exact(row) for row in asked]
    yield _timed("ours", ours, asked, truth)
    yield _timed("plain numpy over all", exact, asked, truth)
    if plain is not None:
        slow = asked[: max(1, len(asked) // 5)]
        yield _timed("Chroma's where", asking(1, {"share": {"$lt": kept}}), slow, truth)
        yield _timed(f"Chroma, {OVER} times as many", asking(OVER), slow, truth)


def _timed(
    name: str, find: Callable[[Row], set[int]], asked: Row, truth: Sequence[set[int]]
) -> Sequence[str]:
    took, recalled = [], []
    for row, best in zip(asked, truth, strict=False):
        began = time.perf_counter()
        found = find(row)
        took.append((time.perf_counter() - began) * 1000)
        recalled.append(len(found & best) / len(best))
    middle, high = np.percentile(took, (50, 95))
    return name, f"{middle:.1f}", f"{high:.1f}", f"{np.mean(recalled):.4f}"


def _numbers(found: Mapping[str, Collection[tuple[int, float]]]) -> set[int]:
    return {number for near in found.values() for number, _ in near}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    main()
