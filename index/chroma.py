"""The vectors in Chroma: derived from SQL, so they may be lost, and are then made anew."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.embedded import pages
from pipeline.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as Vectors

MARK = "open"  # a file in the folder, while it is written to
PREFIX = "passages-"  # and the source: a collection each, so that none is drowned by another
BREADTH = 200  # candidates that a search keeps in hand: of 100 asked for it finds 99, not 97


class ChromaError(StoreError):
    """Whatever Chroma raised, which may be anything: it is derived, so SQL answers instead."""


class Chroma:
    """Vectors by source and passage digest, in a numbered folder below `folder` or on the server
    at `url`.

    Every method raises `ChromaError`, `renew` a `StoreError` with the next step: there nothing is
    left to fall back on. Only one process may open a folder; a server may have several clients.
    """

    def __init__(self, folder: Path, url: str = "") -> None:
        self._folder = folder
        self._url = url
        self._client: Client | None = None
        self._collections: dict[str, Vectors] = {}

    def sources(self) -> list[str]:
        """The sources that it has vectors of, or had."""
        with _translated():
            names = (each.name for each in self._opened().list_collections())
            return [name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)]

    def count(self) -> int:
        """How many it holds, one that two sources share counted for each of them."""
        with _translated():
            return sum(self._of(source).count() for source in self.sources())

    def ask(self, source: str, row: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Digests of one source with their cosine similarity, the nearest first."""
        with _translated():
            answer = self._of(source).query(
                query_embeddings=[row.tolist()], n_results=limit, include=["distances"]
            )
        distances = answer["distances"] or [[]]
        return [
            (digest, 1.0 - distance)
            for digest, distance in zip(answer["ids"][0], distances[0], strict=True)
        ]

    def put(self, source: str, digests: Sequence[str], rows: NDArray[np.float32]) -> None:
        """Add vectors, or replace those of these digests."""
        with _translated():
            for part in pages(range(len(digests))):
                own = slice(part[0], part[-1] + 1)
                self._of(source).upsert(ids=list(digests[own]), embeddings=rows[own])

    def remove(self, source: str, digests: Collection[str]) -> None:
        """Take out the vectors of these digests, as far as they are there."""
        with _translated():
            for page in pages(sorted(digests)):
                self._of(source).delete(ids=list(page))

    def renew(
        self, held: Mapping[str, Iterable[tuple[Sequence[str], NDArray[np.float32]]]]
    ) -> None:
        """Replace everything by `held`: by source, digests with their rows, in parts."""
        self.close()
        old = self._numbers()
        place = self._folder / str(max(old, default=0) + 1)
        try:
            with _translated():
                self._client = _open(place, self._url)
                for source in self.sources() if self._url else ():
                    self._client.delete_collection(PREFIX + source)
            for source, parts in held.items():
                for digests, rows in parts:
                    self.put(source, digests, rows)
        except ChromaError as error:
            self.close()
            raise StoreError(_advice(self._folder, self._url, error)) from error
        for number in old if not self._url else ():
            shutil.rmtree(self._folder / str(number), ignore_errors=True)

    def begin(self) -> str:
        """Mark that a folder is about to be written to; says so where it is marked already: who
        did it died before `end`, by a kill or by Chroma's own hand, and what is left there may be
        anything, even what ends the process that opens it. Raises `StoreError`."""
        if self._url:
            return ""
        mark = self._folder / MARK
        try:
            if mark.exists():
                return "a program that wrote to it died"
            mark.touch()
        except OSError as error:
            raise StoreError(_advice(self._folder, self._url, error)) from error
        return ""

    def end(self) -> None:
        """Take the mark away: all is written, and was looked at."""
        with suppress(OSError):  # the worst that comes of it is that it is made anew
            (self._folder / MARK).unlink(missing_ok=True)

    def close(self) -> None:
        """Give up what is open; the next call opens it again."""
        client, self._client = self._client, None
        self._collections.clear()
        if client is not None:
            client.close()

    def _opened(self) -> Client:
        if self._client is None:
            place = self._folder / str(max(self._numbers(), default=1))
            self._client = _open(place, self._url)
        return self._client

    def _of(self, source: str) -> Vectors:
        if source not in self._collections:
            self._collections[source] = self._opened().get_or_create_collection(
                PREFIX + source,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": BREADTH}},
            )
        return self._collections[source]

    def _numbers(self) -> list[int]:
        """The generations of the folder: a damaged one is left, never written again."""
        return [int(path.name) for path in self._folder.glob("[0-9]*") if path.name.isdecimal()]


@contextmanager
def _translated() -> Iterator[None]:
    """Chroma's errors as ours: also a panic of its Rust parts, which is no `Exception`."""
    try:
        yield
    except ChromaError:
        raise
    except Exception as error:  # whatever Chroma raises, and it may be anything
        raise ChromaError(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ChromaError(f"it panicked: {error}") from error


def _open(folder: Path, url: str) -> Client:
    import chromadb  # noqa: PLC0415 - half a second that a citation lookup need not pay
    from chromadb.config import Settings  # noqa: PLC0415 - as above

    settings = Settings(anonymized_telemetry=False)
    if url:
        client = chromadb.HttpClient(**_address(url), settings=settings)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=folder, settings=settings)
    return cast("Client", client)  # declared as ClientAPI, which lacks close()


def _address(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or 8000,
        "ssl": parts.scheme == "https",
    }


def _advice(folder: Path, url: str, error: Exception) -> str:
    what = f"({error})"
    if url:
        return (
            f"the Chroma server {url} failed {what}: start it, or empty index.chroma_url to use "
            "the embedded one"
        )
    return (
        f"Chroma cannot be made in {folder} {what}: see that the folder can be written and the "
        "disk has room, then run the command again; no vector is lost"
    )
