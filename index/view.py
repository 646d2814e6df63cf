"""The vectors of the current passages as a matrix: read from SQL once, then kept in step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, Connection, String, cast, func, select

from index import embedded, schema
from index.matrix import Digests, Matrix, Numbers, Places, Rows, as_digests

STALE = 1 / 5  # the share of rows come or gone from which on all is read anew


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """What passages there are, in the order of `Matrix`."""

    sources: tuple[str, ...]
    codes: Numbers
    passages: Numbers
    documents: Numbers
    digests: Digests


def load(connection: Connection, model: str) -> Matrix:
    """All passages that have a vector of `model`."""
    return _load(connection, model, _standing(connection))


def refresh(connection: Connection, model: str, matrix: Matrix) -> Matrix:
    """The same as `load`, from an older matrix: only what is new is read, if it is little."""
    standing = _standing(connection)
    places = _still(standing, matrix)
    rows, used = len(matrix.base) + len(matrix.tail), np.unique(places[places >= 0])
    lacking = {digest.decode() for digest in standing.digests[places < 0].tolist()}
    texts = len(np.unique(standing.digests))  # which many passages may share, and a row is one's
    if len(lacking) + len(matrix.tail) + rows - len(used) > STALE * texts:
        return _load(connection, model, standing)
    come = sorted(embedded.held(connection, model, lacking).items())
    at, is_come = _found(as_digests([digest for digest, _ in come]), standing.digests)
    places[is_come] = rows + at[is_come]
    tail = np.concatenate([matrix.tail, *(row[None] for _, row in come)])
    return _matrix(standing, places, matrix.base, tail)


def _still(standing: _Standing, matrix: Matrix) -> Places:
    """The places of the passages that stand as they stood, -1 for the others. A number alone
    proves nothing: SQLite gives that of a deleted row again."""
    order = np.argsort(matrix.passages)
    at, is_held = _found(matrix.passages[order], standing.passages)
    at = order[at] if len(order) else at
    is_held[is_held] = (matrix.documents[at[is_held]] == standing.documents[is_held]) & (
        matrix.digests[at[is_held]] == standing.digests[is_held]
    )
    places = np.full(len(is_held), -1, dtype=np.intp)
    places[is_held] = matrix.places[at[is_held]]
    return places


def _load(connection: Connection, model: str, standing: _Standing) -> Matrix:
    wanted, which = np.unique(standing.digests, return_inverse=True)
    place = np.full(len(wanted), -1, dtype=np.intp)
    base, filled = np.empty((0, 0), dtype=np.float32), 0
    for digests, rows in embedded.every(connection, model):
        at, is_wanted = _found(wanted, as_digests(digests))
        if not len(base):
            base = np.empty((len(wanted), rows.shape[1]), dtype=np.float32)
        end = filled + int(is_wanted.sum())
        base[filled:end] = rows[is_wanted]
        place[at[is_wanted]] = np.arange(filled, end)
        filled = end
    return _matrix(standing, place[which], base[:filled], np.empty_like(base[:0]))


def _matrix(standing: _Standing, places: Places, base: Rows, tail: Rows) -> Matrix:
    """Those that stand and have a place; the others wait for their vector."""
    ready = places >= 0
    return Matrix(
        sources=standing.sources,
        bounds=np.searchsorted(standing.codes[ready], np.arange(len(standing.sources) + 1)),
        passages=standing.passages[ready],
        documents=standing.documents[ready],
        digests=standing.digests[ready],
        places=places[ready],
        base=base,
        tail=tail,
    )


def _standing(connection: Connection) -> _Standing:
    """All passages, a column in one value: in rows, 100,000 of them take five times as long."""
    passage = schema.passage
    columns = passage.c["id", "document_id", "digest"]
    query = select(*(_listed(column) for column in columns))
    found = [text.split(",") if text else [] for text in connection.execute(query).one()]
    passages, documents = (np.array(each, dtype=np.int64) for each in found[:2])
    sources, codes = _sources(connection, documents)
    order = np.lexsort((passages, codes))
    return _Standing(
        sources=sources,
        codes=codes[order],
        passages=passages[order],
        documents=documents[order],
        digests=as_digests(found[2])[order],
    )


def _sources(connection: Connection, documents: Numbers) -> tuple[tuple[str, ...], Numbers]:
    """The names of the sources, and which of them each document is of."""
    table = schema.document
    query = select(table.c.source, _listed(table.c.id)).group_by(table.c.source)
    named = sorted(
        (row[0], np.array(row[1].split(","), np.int64)) for row in connection.execute(query)
    )
    codes = np.zeros(max((int(own.max()) for _, own in named), default=0) + 1, dtype=np.int64)
    for code, (_, own) in enumerate(named):
        codes[own] = code
    return tuple(name for name, _ in named), codes[documents]


def _listed(column: Column[Any]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), ",")


def _found(held: NDArray[Any], wanted: NDArray[Any]) -> tuple[Places, NDArray[np.bool_]]:
    """Where in `held`, which is in order, each of `wanted` stands, and whether it does."""
    if not len(held):
        return np.zeros(len(wanted), dtype=np.intp), np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
    return at, held[at] == wanted
