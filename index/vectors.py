"""The vectors: safe in SQL by digest and model, served by Chroma where this process owns it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy import Connection, delete

from index import derived, embedded, mirror, passages, schema, view
from index.chroma import Chroma, ChromaError
from index.database import Database
from index.embedded import count
from index.encoder import Encoder
from index.kept import kept
from index.matrix import Matrix, Near, as_digests
from pipeline.errors import ModelError

MANY = 200  # texts from which on the encoder for passages is worth its loading
STRIDE = 2_000  # passages embedded between commits: long enough to sort by length, short to lose

# From how many passages of one source on Chroma is asked rather than all of them scored: below,
# scoring is as fast (benchmarks/vectors.py) and misses nothing. An approximate index may never
# reach a passage that stands alone beside hundreds that are nearly alike, as notices are.
FLAT = 100_000


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What a sync did. `rebuilt` says why Chroma was made anew from SQL; empty if it was not."""

    embedded: int
    removed: int
    held: int
    rebuilt: str = ""


class Vectors:
    """Nearest passages by meaning; an `index.search.model.Meaning`.

    SQL holds every vector. Whoever gets the lock in `folder` opens Chroma there and keeps it in
    line; every other process scores exactly over the rows in SQL, since a second reader of a
    Chroma folder is served stale results and a second writer corrupts it. `url` names a Chroma
    server instance instead, which several processes may share.

    `encoder` says which model, and embeds what is asked; `load` gives the one that embeds passages,
    of the same model, where that takes long to load. `waiting` is told what takes a while, for as
    long as it does. Nothing that is asked is written anywhere.
    """

    def __init__(
        self,
        database: Database,
        encoder: Encoder,
        folder: Path,
        url: str = "",
        *,
        load: Callable[[], Encoder] | None = None,
        waiting: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._database = database
        self._encoder = encoder
        self._load = load
        self._waiting = waiting
        self._folder = folder
        self._url = url
        self._lock = FileLock(folder / "owner.lock", thread_local=False)
        self._chroma = Chroma(folder, url)
        self._matrix: tuple[int, Matrix] | None = None
        self._reading = threading.Lock()
        self._ailing = -1  # the generation at which Chroma did not answer
        self.flat = FLAT

    @property
    def model(self) -> str:
        """The digest of the model that made the vectors."""
        return self._encoder.digest

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; what was kept is taken from the store."""
        digests = [embedded.digest_of(text) for text in texts]
        with self._database.read() as connection:
            self._check_model(connection)
            held = embedded.held(connection, self._encoder.digest, set(digests))
        lacking = {
            digest: text for digest, text in zip(digests, texts, strict=True) if digest not in held
        }
        if len(lacking) > MANY:
            self._prepare()
        if lacking:
            made = self._encoder.encode(list(lacking.values()))
            held |= dict(zip(lacking, made, strict=True))
        rows = np.empty((len(texts), self._encoder.dimensions), dtype=np.float32)
        for number, digest in enumerate(digests):
            rows[number] = held[digest]
        return rows

    def reads(self, text: str) -> int:
        """How many of a text's words, from its beginning on, the model reads."""
        words, special = text.split(), self._encoder.count("")
        most = self._encoder.longest - special
        if len(text) <= most:  # a token has a letter at least
            return len(words)
        spent = accumulate(self._encoder.count(word) - special for word in words)
        return sum(tokens <= most for tokens in spent)

    def nearest(
        self,
        rows: NDArray[np.float32],
        limit: int,
        documents: Collection[int] | NDArray[np.int64] | None = None,
    ) -> Sequence[Mapping[str, Near]]:
        """For each row, by source passage ids with their cosine similarity, the nearest first: the
        `limit` nearest of each source, of all documents or of `documents`.

        Chroma is asked only for sources so large that it is faster, where it is this process's and
        in line; it finds 99 of 100. Everything else is scored exactly: Chroma's own filters are
        slower than that from 10,000 vectors on.
        """
        matrix, may_ask = self._view()
        large = [name for name, count in matrix.counts().items() if count > self.flat]
        if documents is not None or not (may_ask and large):
            return matrix.nearest(rows, limit, documents)
        return [self._partly(matrix, row, limit, large) for row in rows]

    def similar(
        self, rows: NDArray[np.float32], passages: Collection[int]
    ) -> Sequence[Mapping[int, float]]:
        """For each row, the cosine similarity of each of these passages; what has no vector yet is
        left out."""
        if self._matrix is not None:
            return self._view()[0].similar(rows, passages)
        with self._database.read() as connection:
            self._check_model(connection)
            return embedded.similar(connection, self._encoder.digest, rows, passages)

    def ranked(
        self, query: str, limit: int, among: Collection[str] | None
    ) -> list[tuple[str, float]]:
        """Passage digests with their cosine similarity, the nearest first, of all or of `among`."""
        [row], (matrix, _) = self.embed([query]), self._view()
        if among is None:
            [found] = matrix.nearest(row[None], limit)
            near = [pair for pairs in found.values() for pair in pairs]
        else:
            chosen = np.isin(matrix.digests, as_digests(sorted(among)))
            [similar] = matrix.similar(row[None], matrix.passages[chosen].tolist())
            near = list(similar.items())
        digests = dict(zip(matrix.passages.tolist(), matrix.digests.tolist(), strict=True))
        scores = {digests[passage].decode(): score for passage, score in near}
        return sorted(scores.items(), key=lambda pair: -pair[1])[:limit]

    def keep(
        self, texts: Sequence[str], tell: Callable[[int, int], None] = lambda _done, _all: None
    ) -> int:
        """Embed texts of our own (phrases of the thesaurus) for good; returns how many were new.

        Never a reader's words: these are written down nowhere.
        """
        self._note_model()
        wanted = {embedded.digest_of(text): text for text in texts}
        with self._database.read() as connection:
            held = embedded.held(connection, self._encoder.digest, wanted)
        new = [(digest, text) for digest, text in wanted.items() if digest not in held]
        self._embed(new, tell)
        return len(new)

    def sync(self, tell: Callable[[int, int], None] = lambda _done, _all: None) -> Synced:
        """Embed what has no vector yet, then bring Chroma in line. `tell` gets (done, of how many).

        Can be killed at any point: what was embedded stays, and the next sync goes on from there.
        """
        self._note_model()
        with self._database.read() as connection:
            rows = embedded.missing(connection, self._encoder.digest)
        self._embed([(row.digest, f"{row.header}\n{row.text}") for row in rows], tell)
        if not self.owns():
            return self._synced(embedded=len(rows), removed=0)
        self._ailing = -1
        removed, reason = self._align()
        return self._synced(embedded=len(rows), removed=removed, rebuilt=reason)

    def owns(self) -> bool:
        """Whether Chroma may be opened here, which is then this process's until `close`: the lock
        is ours, or a server keeps order itself. A question alone never takes the lock."""
        if self._holds():
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
            mirror.queue_everything(connection)
        self._matrix = None
        if self.owns():
            mirror.renew(self._database, self._chroma, self._view()[0])

    def renew(self) -> Synced:
        """Make Chroma anew from what SQL holds, whatever it holds itself; nothing is embedded."""
        if self.owns():
            mirror.renew(self._database, self._chroma, self._view()[0])
        return self._synced(embedded=0, removed=0)

    def close(self) -> None:
        """Give up Chroma and the lock; what is asked afterwards is scored exactly."""
        self._chroma.close()  # before the lock: the next owner may write at once
        self._lock.release(force=True)

    @property
    def _named(self) -> str:
        return f"{self._encoder.name} {self._encoder.digest}"

    def _holds(self) -> bool:
        return bool(self._url) or self._lock.is_locked

    def _check_model(self, connection: Connection) -> None:
        held = derived.get_fact(connection, "model")
        if held in ("", self._named):
            return
        name, _, digest = held.partition(" ")
        raise ModelError(
            f"the vectors were made with {name} ({digest[:12]}), and the "
            f"settings name {self._encoder.name} ({self._encoder.digest[:12]}): run "
            "`lexwatch rebuild --vectors` to embed everything again, or restore index.model"
        )

    def _note_model(self) -> None:
        with self._database.read() as connection:
            self._check_model(connection)
            is_noted = derived.get_fact(connection, "model") != ""
        if not is_noted:
            with self._database.write() as connection:
                derived.set_fact(connection, "model", self._named)

    def _prepare(self) -> None:
        """Take the encoder that is fast for many texts."""
        if self._load is not None:
            self._encoder, self._load = self._load(), None

    def _embed(self, texts: Sequence[tuple[str, str]], tell: Callable[[int, int], None]) -> None:
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            tell(done, len(texts))

        if texts:
            self._prepare()
        for start in range(0, len(texts), STRIDE):
            chunk = texts[start : start + STRIDE]
            rows = self._encoder.encode([text for _, text in chunk], more)
            with self._database.write() as connection:
                digests = [digest for digest, _ in chunk]
                embedded.keep(connection, self._encoder.digest, digests, rows)
                passages.advance(connection)  # who cached the vectors lacks these

    def _align(self) -> tuple[int, str]:
        """Bring Chroma in line: how many texts are gone, and why it was made anew, if it was."""
        model, removed = self._encoder.digest, 0
        reason = self._chroma.begin()
        if not reason:
            try:
                removed = mirror.drain(self._database, self._chroma, model)
                reason = mirror.damage(self._database, self._chroma, model)
            except ChromaError as error:
                reason = f"it took nothing in ({error})"
        if reason:
            mirror.renew(self._database, self._chroma, self._view()[0])
            removed += mirror.drain(self._database, self._chroma, model)
        self._chroma.end()
        return removed, reason

    def _view(self) -> tuple[Matrix, bool]:
        """The passages as they stand now, and whether Chroma may be asked about them."""
        with self._reading, self._database.read() as connection:
            known = kept(connection, f"vectors of {self._named}")
            if not known:
                self._check_model(connection)
                known["generation"] = passages.generation(connection)
                known["pending"] = mirror.is_pending(connection)
            generation = known["generation"]
            if self._matrix is None:
                with self._waiting("reading the vectors"):
                    self._matrix = generation, view.load(connection, self._encoder.digest)
            elif self._matrix[0] != generation:
                older = self._matrix[1]
                self._matrix = generation, view.refresh(connection, self._encoder.digest, older)
            may_ask = self._holds() and self._ailing != generation and not known["pending"]
            return self._matrix[1], may_ask

    def _partly(
        self, matrix: Matrix, row: NDArray[np.float32], limit: int, large: Sequence[str]
    ) -> Mapping[str, Near]:
        """The nearest, those of large sources by Chroma as far as it answers."""
        asked = {name: near for name in large if (near := self._ask(matrix, name, row, limit))}
        rest = [name for name in matrix.sources if name not in asked]
        [found] = matrix.among(row[None], limit, rest)
        return found | asked

    def _ask(self, matrix: Matrix, source: str, row: NDArray[np.float32], limit: int) -> Near:
        """A source's nearest by Chroma; nothing where it has not enough to say."""
        try:
            found = self._chroma.ask(source, row, limit)
        except ChromaError:
            self._chroma.close()
            self._ailing = self._matrix[0] if self._matrix else -1
            return []
        numbers = matrix.named(source, [digest for digest, _ in found])
        near = [(each, score) for digest, score in found for each in numbers.get(digest, ())]
        near.sort(key=lambda pair: (-pair[1], pair[0]))  # of equals the first, as elsewhere
        return near[:limit] if len(near) >= limit else []

    def _synced(self, *, embedded: int, removed: int, rebuilt: str = "") -> Synced:
        with self._database.read() as connection:
            held = count(connection, self._encoder.digest)
        return Synced(embedded=embedded, removed=removed, held=held, rebuilt=rebuilt)
