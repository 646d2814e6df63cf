"""The vectors: safe in SQL by digest and model, served by Chroma where this process owns it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, delete, func, select

from index import passages, schema, store
from index.archive import ignore
from index.database import Database
from index.encoder import Encoder
from pipeline.errors import ModelError, StoreError

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

STRIDE = 2_000  # passages embedded between commits: long enough to sort by length, short to lose
PAGE = 5_000  # rows in one call to Chroma, which fails above 32,766


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What a sync did. `rebuilt` says why Chroma was made anew from SQL; empty if it was not."""

    embedded: int
    removed: int
    held: int
    rebuilt: str = ""


class Vectors:
    """Nearest passages by meaning.

    SQL holds every vector. Whoever gets the lock in `folder` opens Chroma there and keeps it in
    line; every other process scores exactly over the rows in SQL, since a second reader of a
    Chroma folder is served stale results and a second writer corrupts it. `url` names a Chroma
    server instead, which several processes may share.
    """

    def __init__(self, database: Database, encoder: Encoder, folder: Path, url: str = "") -> None:
        self._database = database
        self._encoder = encoder
        self._folder = folder
        self._url = url
        self._lock = FileLock(folder / "owner.lock")
        self._opened: Collection | None = None
        self._matrix: tuple[int, list[str], NDArray[np.float32]] | None = None

    def sync(self, tell: Callable[[int, int], None] = lambda _done, _all: None) -> Synced:
        """Embed what has no vector yet, then bring Chroma in line. `tell` gets (done, of how many).

        Can be killed at any point: what was embedded stays, and the next sync goes on from there.
        """
        self._check_model()
        embedded = self._embed(tell)
        if not self.owns():
            return Synced(embedded=embedded, removed=0, held=self._count())
        removed = self._drain()
        reason = self._damage()
        if reason:
            self._renew()
        return Synced(embedded=embedded, removed=removed, held=self._count(), rebuilt=reason)

    def nearest(self, query: str, limit: int) -> list[tuple[str, float]]:
        """Passage digests with their cosine similarity, the nearest first."""
        self._check_model()
        row = self._encoder.encode([query])[0]
        with self._database.read() as connection:
            pending = connection.execute(select(schema.outbox.c.id).limit(1)).first()
        if pending is None and self.owns():
            try:
                return self._ask(row, limit)
            except Exception:  # noqa: S110 - Chroma is derived: whatever is wrong, SQL answers
                pass
        return self._score(row, limit)

    def owns(self) -> bool:
        """Whether Chroma may be opened here: the lock is ours, or a server keeps order itself."""
        if self._url:
            return True
        if self._lock.is_locked:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def reset(self) -> None:
        """Forget the model's vectors in SQL and Chroma's copy: the next sync embeds all again."""
        with self._database.write() as connection:
            connection.execute(delete(schema.vector))
            store.set_fact(connection, "model", "")
            _queue_everything(connection)
        if self.owns():
            self._renew()

    def close(self) -> None:
        self._lock.release(force=True)

    def _check_model(self) -> None:
        mine = f"{self._encoder.name} {self._encoder.digest}"
        with self._database.read() as connection:
            held = store.get_fact(connection, "model")
        if held == mine:
            return
        if held:
            raise ModelError(
                f"the vectors were made with {held.split()[0]} ({held.split()[1][:12]}), and the "
                f"settings name {self._encoder.name} ({self._encoder.digest[:12]}): run "
                "`lexwatch rebuild --vectors` to embed everything again, or restore index.model"
            )
        with self._database.write() as connection:
            store.set_fact(connection, "model", mine)

    def _embed(self, tell: Callable[[int, int], None]) -> int:
        with self._database.read() as connection:
            missing = connection.execute(self._missing()).all()
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            tell(done, len(missing))

        for start in range(0, len(missing), STRIDE):
            chunk = missing[start : start + STRIDE]
            rows = self._encoder.encode([f"{row.header}\n{row.text}" for row in chunk], more)
            with self._database.write() as connection:
                ignore(
                    connection,
                    schema.vector,
                    [
                        {
                            "digest": piece.digest,
                            "model": self._encoder.digest,
                            "row": row.astype("<f4").tobytes(),
                        }
                        for piece, row in zip(chunk, rows, strict=True)
                    ],
                )
        return len(missing)

    def _missing(self) -> Select[Any]:
        passage, vector = schema.passage, schema.vector
        made = select(vector.c.digest).where(vector.c.model == self._encoder.digest)
        return (
            select(passage.c.digest, passage.c.header, passage.c.text)
            .where(passage.c.digest.not_in(made))
            .group_by(passage.c.digest)
            .order_by(func.min(passage.c.id))
        )

    def _drain(self) -> int:
        outbox = schema.outbox
        with self._database.read() as connection:
            rows = connection.execute(select(outbox.c.id, outbox.c.digest)).all()
            digests = {row.digest for row in rows}
            live = self._rows(connection, digests)
        if not rows:
            return 0
        gone = sorted(digests - live.keys())
        try:
            collection = self._collection()
            _put(collection, live)
            for start in range(0, len(gone), PAGE):
                collection.delete(ids=gone[start : start + PAGE])
        except Exception:
            self._renew()
        with self._database.write() as connection:
            last = max(row.id for row in rows)
            connection.execute(delete(outbox).where(outbox.c.id <= last))
        return len(gone)

    def _damage(self) -> str:
        try:
            held = self._collection().count()
            expected = self._count()
            if held != expected:
                return f"it held {held} of {expected} vectors"
            if expected:  # a broken index can still count; only a query shows that it answers
                self._ask(self._sample(), 1)
        except Exception as error:
            return f"it did not answer ({type(error).__name__})"
        return ""

    def _ask(self, row: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        answer = self._collection().query(
            query_embeddings=[row.tolist()], n_results=limit, include=["distances"]
        )
        distances = answer["distances"] or [[]]
        return [
            (digest, 1.0 - distance)
            for digest, distance in zip(answer["ids"][0], distances[0], strict=True)
        ]

    def _score(self, row: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        digests, matrix = self._load()
        if not digests:
            return []
        scores = matrix @ row
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(digests[number], float(scores[number])) for number in best]

    def _load(self) -> tuple[list[str], NDArray[np.float32]]:
        with self._database.read() as connection:
            generation = passages.generation(connection)
            if self._matrix is None or self._matrix[0] != generation:
                live = self._rows(connection, None)
                matrix = np.stack([*live.values()]) if live else np.empty((0, 0), np.float32)
                self._matrix = (generation, list(live), matrix)
        return self._matrix[1], self._matrix[2]

    def _rows(
        self, connection: Connection, digests: set[str] | None
    ) -> dict[str, NDArray[np.float32]]:
        """Vectors of current passages, of all or of those named, by digest."""
        vector = schema.vector
        current = select(schema.passage.c.digest)
        query = (
            select(vector.c.digest, vector.c.row)
            .where(vector.c.model == self._encoder.digest, vector.c.digest.in_(current))
            .order_by(vector.c.digest)
        )
        if digests is None:
            queries = [query]
        else:
            queries = [query.where(vector.c.digest.in_(few)) for few in _pages(sorted(digests))]
        found = (row for query in queries for row in connection.execute(query))
        return {digest: np.frombuffer(row, dtype="<f4") for digest, row in found}

    def _sample(self) -> NDArray[np.float32]:
        with self._database.read() as connection:
            row = (
                connection.execute(
                    select(schema.vector.c.row).where(schema.vector.c.model == self._encoder.digest)
                )
                .scalars()
                .first()
            )
        return np.frombuffer(row or b"", dtype="<f4")

    def _count(self) -> int:
        with self._database.read() as connection:
            return connection.execute(
                select(func.count(schema.passage.c.digest.distinct()))
            ).scalar_one()

    def _collection(self) -> Collection:
        if self._opened is None:
            self._opened = _open(self._place(), self._url)
        return self._opened

    def _place(self) -> Path:
        """The newest generation of Chroma's folder: a damaged one is left, never written again."""
        numbers = [int(path.name) for path in self._folder.glob("[0-9]*") if path.name.isdigit()]
        return self._folder / str(max(numbers, default=1))

    def _renew(self) -> None:
        """Make Chroma anew from the vectors in SQL, without embedding anything."""
        old = self._place()
        self._opened = _open(self._folder / str(int(old.name) + 1), self._url, anew=True)
        with self._database.read() as connection:
            live = self._rows(connection, None)
        _put(self._opened, live)
        shutil.rmtree(old, ignore_errors=True)


def _open(folder: Path, url: str, *, anew: bool = False) -> Collection:
    import chromadb  # noqa: PLC0415 - half a second that a citation lookup need not pay
    from chromadb.config import Settings  # noqa: PLC0415 - as above

    settings = Settings(anonymized_telemetry=False)
    if url:
        try:
            client = chromadb.HttpClient(**_address(url), settings=settings)
        except Exception as error:
            raise StoreError(
                f"the Chroma server {url} does not answer ({error}): start it, or empty "
                "index.chroma_url to use the embedded one"
            ) from error
        if anew and "passages" in {collection.name for collection in client.list_collections()}:
            client.delete_collection("passages")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=folder, settings=settings)
    return client.get_or_create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def _put(collection: Collection, rows: dict[str, NDArray[np.float32]]) -> None:
    for page in _pages(list(rows)):
        collection.upsert(ids=page, embeddings=np.stack([rows[digest] for digest in page]))


def _pages(digests: Sequence[str]) -> Iterator[list[str]]:
    return (list(digests[start : start + PAGE]) for start in range(0, len(digests), PAGE))


def _queue_everything(connection: Connection) -> None:
    digests = connection.execute(select(schema.passage.c.digest).distinct()).scalars().all()
    if digests:
        connection.execute(schema.outbox.insert(), [{"digest": digest} for digest in digests])
    passages.advance(connection)


def _address(url: str) -> dict[str, Any]:
    from urllib.parse import urlsplit  # noqa: PLC0415 - only a Chroma server's address needs it

    parts = urlsplit(url)
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or 8000,
        "ssl": parts.scheme == "https",
    }
