"""The vectors: safe in SQL by digest and model, served by Chroma where this process owns it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select

from index import derived, passages, schema
from index.archive import ignore
from index.chroma import Chroma, pages
from index.database import Database
from index.encoder import Encoder
from pipeline.errors import ModelError

STRIDE = 2_000  # passages embedded between commits: long enough to sort by length, short to lose


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
        self._chroma = Chroma(folder, url)
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

    def nearest(
        self, query: str, limit: int, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Passage digests with their cosine similarity, the nearest first, of all or of `among`.

        `among` is scored exactly: Chroma's own filter is slower than that from 10,000 vectors on.
        """
        self._check_model()
        row = self._encoder.encode([query])[0]
        if among is None and not self._pending() and self.owns():
            try:
                return self._chroma.ask(row, limit)
            except Exception:  # Chroma is derived: whatever is wrong with it, SQL answers
                self._chroma.close()
        return self._score(row, limit, among)

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
            derived.set_fact(connection, "model", "")
            _queue_everything(connection)
        if self.owns():
            self._renew()

    def close(self) -> None:
        self._chroma.close()  # before the lock: the next owner may write at once
        self._lock.release(force=True)

    def _check_model(self) -> None:
        mine = f"{self._encoder.name} {self._encoder.digest}"
        with self._database.read() as connection:
            held = derived.get_fact(connection, "model")
        if held == mine:
            return
        if held:
            raise ModelError(
                f"the vectors were made with {held.split()[0]} ({held.split()[1][:12]}), and the "
                f"settings name {self._encoder.name} ({self._encoder.digest[:12]}): run "
                "`lexwatch rebuild --vectors` to embed everything again, or restore index.model"
            )
        with self._database.write() as connection:
            derived.set_fact(connection, "model", mine)

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
                passages.advance(connection)  # who cached the vectors lacks these
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
        """Bring Chroma in line with the outbox; what still waits for its vector stays in it."""
        outbox, passage = schema.outbox, schema.passage
        stands = select(passage.c.id).where(passage.c.digest == outbox.c.digest).exists()
        with self._database.read() as connection:
            rows = connection.execute(
                select(outbox.c.id, outbox.c.digest, stands.label("stands"))
            ).all()
            live = self._rows(connection, {row.digest for row in rows if row.stands})
        gone = sorted({row.digest for row in rows if not row.stands})
        if not live and not gone:
            return 0
        try:
            self._chroma.put(live)
            self._chroma.remove(gone)
        except Exception:  # Chroma is derived: whatever ails it is mended from SQL
            self._renew()
        with self._database.write() as connection:
            _settle(connection, [row for row in rows if row.digest in live or not row.stands])
        return len(gone)

    def _damage(self) -> str:
        try:
            held, expected = self._chroma.count(), self._count()
            if held != expected and not self._pending():
                return f"it held {held} of {expected} vectors"
            if expected:  # a broken index can still count; only a query shows that it answers
                self._chroma.ask(self._sample(), 1)
        except Exception as error:  # as above
            return f"it did not answer ({type(error).__name__})"
        return ""

    def _pending(self) -> bool:
        with self._database.read() as connection:
            return connection.execute(select(schema.outbox.c.id).limit(1)).first() is not None

    def _score(
        self, row: NDArray[np.float32], limit: int, among: Collection[str] | None
    ) -> list[tuple[str, float]]:
        digests, matrix = self._load()
        if not digests:
            return []
        scores = matrix @ row
        if among is None:
            best = np.argsort(-scores, kind="stable")[:limit]
        else:
            wanted = frozenset(among)
            chosen = np.flatnonzero([digest in wanted for digest in digests])
            best = chosen[np.argsort(-scores[chosen], kind="stable")[:limit]]
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
            queries = [query.where(vector.c.digest.in_(few)) for few in pages(sorted(digests))]
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
        """How many vectors Chroma should hold."""
        vector = schema.vector
        current = select(schema.passage.c.digest)
        with self._database.read() as connection:
            return connection.execute(
                select(func.count()).where(
                    vector.c.model == self._encoder.digest, vector.c.digest.in_(current)
                )
            ).scalar_one()

    def _renew(self) -> None:
        """Make Chroma anew from the vectors in SQL, without embedding anything.

        A row waits in the outbox meanwhile: nobody asks a half-filled Chroma, even after a kill.
        """
        with self._database.write() as connection:
            waiting = _queue(connection)
        with self._database.read() as connection:
            live = self._rows(connection, None)
        self._chroma.renew(live)
        with self._database.write() as connection:
            _settle(connection, waiting)


def _queue(connection: Connection) -> Sequence[Row[Any]]:
    """Queue one passage, any; none where there are no passages."""
    digest = connection.execute(select(schema.passage.c.digest).limit(1)).scalar()
    if digest is None:
        return []
    table = schema.outbox
    query = insert(table).values(digest=digest).returning(table.c.id, table.c.digest)
    return connection.execute(query).all()


def _settle(connection: Connection, rows: Iterable[Row[Any]]) -> None:
    """Take rows out of the outbox, by number and digest: SQLite gives a freed number again."""
    table = schema.outbox
    settled = [{"number": row.id, "named": row.digest} for row in rows]
    if settled:
        query = delete(table).where(
            table.c.id == bindparam("number"), table.c.digest == bindparam("named")
        )
        connection.execute(query, settled)


def _queue_everything(connection: Connection) -> None:
    digests = connection.execute(select(schema.passage.c.digest).distinct()).scalars().all()
    if digests:
        connection.execute(schema.outbox.insert(), [{"digest": digest} for digest in digests])
    passages.advance(connection)
