"""What was embedded: unit rows in SQL, by the digest of the text and the model that made them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, Select, Subquery, func, select

from index import schema
from index.archive import ignore

Unit = NDArray[np.float32]

PAGE = 5_000  # digests in one query, rows in one step

_Each = TypeVar("_Each")


def digest_of(text: str) -> str:
    """What a text is kept under; `Passage.digest` is that of its embedded text."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(connection: Connection, model: str, digests: Sequence[str], rows: Unit) -> None:
    """Write down the rows that are not there yet."""
    little = rows.astype("<f4")
    ignore(
        connection,
        schema.vector,
        [
            {"digest": digest, "model": model, "row": row.tobytes()}
            for digest, row in zip(digests, little, strict=True)
        ],
    )


def held(connection: Connection, model: str, digests: Collection[str]) -> dict[str, Unit]:
    """The rows held of these texts."""
    vector = schema.vector
    query = select(vector.c.digest, vector.c.row).where(vector.c.model == model)
    return {
        digest: np.frombuffer(row, dtype="<f4")
        for page in pages(sorted(digests))
        for digest, row in connection.execute(query.where(vector.c.digest.in_(page)))
    }


def every(connection: Connection, model: str) -> Iterator[tuple[list[str], Unit]]:
    """All rows of a model, those of no passage included, in the order in which they lie."""
    vector = schema.vector
    query = select(vector.c.digest, vector.c.row).where(vector.c.model == model)
    for part in connection.execute(query).partitions(PAGE):
        digests, rows = zip(*part, strict=True)
        yield list(digests), np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)


def missing(connection: Connection, model: str) -> Sequence[Row[Any, Any, Any]]:
    """Digest, header and text of passages that have no row: each text once, the oldest first."""
    passage, vector = schema.passage, schema.vector
    made = select(vector.c.digest).where(vector.c.model == model)
    query = (
        select(passage.c.digest, passage.c.header, passage.c.text)
        .where(passage.c.digest.not_in(made))
        .group_by(passage.c.digest)
        .order_by(func.min(passage.c.id))
    )
    return connection.execute(query).all()


def count(connection: Connection, model: str) -> int:
    """How many rows the passages have, one that two sources share counted for each of them."""
    return connection.execute(select(func.count()).select_from(_standing(model))).scalar_one()


def samples(connection: Connection, model: str, source: str, limit: int) -> list[Unit]:
    """The rows of some of a source's passages, spread as digests are: evenly."""
    document, passage, vector = schema.document, schema.passage, schema.vector
    query = (
        select(vector.c.digest, vector.c.row)
        .join(passage, passage.c.digest == vector.c.digest)
        .join(document, document.c.id == passage.c.document_id)
        .where(vector.c.model == model, document.c.source == source)
        .distinct()
        .order_by(vector.c.digest)
        .limit(limit)
    )
    return [np.frombuffer(row.row, dtype="<f4") for row in connection.execute(query).all()]


def sources_of(connection: Connection, digests: Collection[str]) -> Mapping[str, set[str]]:
    """By source, which of these texts its passages say."""
    document, passage = schema.document, schema.passage
    query = select(document.c.source, passage.c.digest).join(
        passage, passage.c.document_id == document.c.id
    )
    found: dict[str, set[str]] = {}
    for page in pages(sorted(digests)):
        for source, digest in connection.execute(query.where(passage.c.digest.in_(page))):
            found.setdefault(source, set()).add(digest)
    return found


def similar(
    connection: Connection, model: str, rows: Unit, passages: Collection[int]
) -> tuple[dict[int, float], ...]:
    """For each row, the cosine similarity of each of these passages that has one."""
    passage, vector = schema.passage, schema.vector
    query: Select[Any] = select(passage.c.id, vector.c.row).join(
        vector, (vector.c.digest == passage.c.digest) & (vector.c.model == model)
    )
    found: tuple[dict[int, float], ...] = tuple({} for _ in rows)
    for page in pages(sorted(passages)):
        part = connection.execute(query.where(passage.c.id.in_(page))).all()
        if part:
            numbers, packed = zip(*part, strict=True)
            held = np.frombuffer(b"".join(packed), dtype="<f4").reshape(len(packed), -1)
            for similar, scores in zip(found, (rows @ held.T).tolist(), strict=True):
                similar.update(zip(numbers, scores, strict=True))
    return found


def pages(given: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    """The sequence in parts that one call can take."""
    return (given[start : start + PAGE] for start in range(0, len(given), PAGE))


def _standing(model: str) -> Subquery:
    document, passage, vector = schema.document, schema.passage, schema.vector
    made = select(vector.c.digest).where(vector.c.model == model)
    return (
        select(document.c.source, passage.c.digest)
        .join(passage, passage.c.document_id == document.c.id)
        .where(passage.c.digest.in_(made))
        .distinct()
        .subquery()
    )
