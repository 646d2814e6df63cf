"""The vectors in Chroma: derived from SQL, so they may be lost, and are then made anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PAGE = 5_000  # rows in one call to Chroma, which fails above 32,766


class Chroma:
    """Vectors by passage digest, in a numbered folder below `folder` or on the server at `url`.

    What Chroma raises, which may be anything, passes through, but for `renew`: there nothing is
    left to fall back on. Only one process may open a folder; a server may have several clients.
    """

    def __init__(self, folder: Path, url: str = "") -> None:
        self._folder = folder
        self._url = url
        self._opened: tuple[Client, Collection] | None = None

    def count(self) -> int:
        return self._collection().count()

    def ask(self, row: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Digests with their cosine similarity, the nearest first."""
        answer = self._collection().query(
            query_embeddings=[row.tolist()], n_results=limit, include=["distances"]
        )
        distances = answer["distances"] or [[]]
        return [
            (digest, 1.0 - distance)
            for digest, distance in zip(answer["ids"][0], distances[0], strict=True)
        ]

    def put(self, rows: Mapping[str, NDArray[np.float32]]) -> None:
        for page in pages(list(rows)):
            embeddings = np.stack([rows[digest] for digest in page])
            self._collection().upsert(ids=page, embeddings=embeddings)

    def remove(self, digests: Sequence[str]) -> None:
        for page in pages(digests):
            self._collection().delete(ids=page)

    def renew(self, rows: Mapping[str, NDArray[np.float32]]) -> None:
        """Replace everything held by `rows`; raises `StoreError` where that can't be done."""
        self.close()
        old = self._numbers()
        place = self._folder / str(max(old, default=0) + 1)
        try:
            self._opened = _open(place, self._url, anew=True)
            self.put(rows)
        except Exception as error:  # whatever Chroma raises, and it may be anything
            self.close()
            raise StoreError(_advice(place, self._url, error)) from error
        for number in old:
            shutil.rmtree(self._folder / str(number), ignore_errors=True)

    def close(self) -> None:
        """Give up what is open; the next call opens it again."""
        if self._opened is not None:
            self._opened[0].close()
        self._opened = None

    def _collection(self) -> Collection:
        if self._opened is None:
            self._opened = _open(self._folder / str(max(self._numbers(), default=1)), self._url)
        return self._opened[1]

    def _numbers(self) -> list[int]:
        """The generations of the folder: a damaged one is left, never written again."""
        return [int(path.name) for path in self._folder.glob("[0-9]*") if path.name.isdecimal()]


def pages(digests: Sequence[str]) -> Iterator[list[str]]:
    """The digests in lists that one call can take."""
    return (list(digests[start : start + PAGE]) for start in range(0, len(digests), PAGE))


def _open(folder: Path, url: str, *, anew: bool = False) -> tuple[Client, Collection]:
    import chromadb  # noqa: PLC0415 - half a second that a citation lookup need not pay
    from chromadb.config import Settings  # noqa: PLC0415 - as above

    settings = Settings(anonymized_telemetry=False)
    if url:
        client = chromadb.HttpClient(**_address(url), settings=settings)
        if anew and "passages" in {collection.name for collection in client.list_collections()}:
            client.delete_collection("passages")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=folder, settings=settings)
    collection = client.get_or_create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    return cast("Client", client), collection  # declared as ClientAPI, which lacks close()


def _address(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or 8000,
        "ssl": parts.scheme == "https",
    }


def _advice(folder: Path, url: str, error: Exception) -> str:
    what = f"({type(error).__name__}: {error})"
    if url:
        return (
            f"the Chroma server {url} failed {what}: start it, or empty index.chroma_url to use "
            "the embedded one"
        )
    return (
        f"Chroma cannot be made in {folder} {what}: see that the folder can be written and the "
        "disk has room, then run the command again; no vector is lost"
    )
