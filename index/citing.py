"""The passages in which documents cite an authority."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from index import schema
from index.called import begins
from pipeline.citator.twins import twins
from pipeline.identifiers import is_shared, narrower
from pipeline.model import Block

_END = "\0"  # stands in no text
AROUND = 40  # characters on each side of a citation by which its passage is known


def named(connection: Connection, names: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a row of `citation` names one of these, or something that lies within, in
    full or by a short form; the same provision's other number is the same name."""
    asked = frozenset(names)
    wanted = sorted(asked.union(*map(twins, asked)))
    starts = [start for name in wanted for start in narrower(name)]
    return or_(
        *(column.in_(wanted) for column in _columns()),
        *(begins(connection, column, starts) for column in _columns()),
    )


def passages(
    connection: Connection, documents: Sequence[int], canonical: str, limit: int
) -> dict[int, tuple[Row[Any], ...]]:
    """For each document that cites it, or what lies within, up to `limit` rows of `passage`: their
    ids, texts and trails."""
    document, citation = schema.document, schema.citation
    query: Select[Any] = (
        select(document.c.id, *citation.c["version_id", "block", "start", "end"])
        .join(document, document.c.current == citation.c.version_id)
        .where(document.c.id.in_(documents), named(connection, (canonical,)))
        .order_by(citation.c.block, citation.c.start)
    )
    places = connection.execute(query).all()
    blocks = _blocks(connection, {place.version_id for place in places})
    cut = {number: _Cut(rows) for number, rows in _rows(connection, {p.id for p in places}).items()}
    found: dict[int, dict[int, Row[Any]]] = {}
    for place in places:
        held = found.setdefault(place.id, {})
        if len(held) < limit:
            row = cut[place.id].holder(blocks[place.version_id][place.block].text, place)
            held[row.id] = row
    return {number: tuple(held.values()) for number, held in found.items()}


def canonicals(connection: Connection, documents: Sequence[int]) -> tuple[str, ...]:
    """What documents are cited by: their own names, none that others share."""
    table = schema.identifier
    query = select(table.c.canonical).where(table.c.document_id.in_(documents)).distinct()
    names = connection.execute(query.order_by(table.c.canonical)).scalars()
    return tuple(name for name in names if not is_shared(name))


def openings(connection: Connection, documents: Sequence[int]) -> dict[int, tuple[Row[Any], ...]]:
    """The first row of `passage` of each document."""
    passage = schema.passage
    query: Select[Any] = select(passage).where(
        passage.c.document_id.in_(documents), passage.c.ordinal == 0
    )
    return {row.document_id: (row,) for row in connection.execute(query)}


class _Cut:
    """A document's text as it was cut into rows of `passage`."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._rows = rows
        self._text = _END.join(row.text for row in rows)
        lengths = (len(row.text) + len(_END) for row in rows)
        self._starts = [0, *accumulate(lengths)]
        self._headed: dict[str, int] = {}
        for at, row in enumerate(rows):
            for heading in row.trail:
                self._headed.setdefault(heading, at)

    def holder(self, text: str, place: Row[Any]) -> Row[Any]:
        """The passage that holds a citation in a block's text.

        A note stands with the paragraph that calls it, far from its own place, and a long block in
        several passages. So the passage is known by the words: of the whole block (which may be a
        heading), else of those around the citation, else of the citation itself.
        """
        near = text[max(0, place.start - AROUND) : place.end + AROUND]
        for words in (text, near, text[place.start : place.end]):
            at = self._text.find(words)
            held = bisect_right(self._starts, at) - 1 if at >= 0 else len(self._rows)
            if (first := min(held, self._headed.get(words, held))) < len(self._rows):
                return self._rows[first]
        return self._rows[0]


def _columns() -> tuple[ColumnElement[str], ...]:
    """What a citation says, and what a short form takes up."""
    return schema.citation.c.canonical, schema.citation.c.cited


def _blocks(connection: Connection, versions: set[int]) -> dict[int, tuple[Block, ...]]:
    version = schema.version
    query = select(version.c.id, version.c.blocks).where(version.c.id.in_(versions))
    return {row.id: row.blocks for row in connection.execute(query)}


def _rows(connection: Connection, documents: set[int]) -> dict[int, list[Row[Any]]]:
    passage = schema.passage
    columns = passage.c["id", "document_id", "text", "trail"]
    query: Select[Any] = select(*columns).where(passage.c.document_id.in_(documents))
    rows: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.order_by(passage.c.ordinal)):
        rows.setdefault(row.document_id, []).append(row)
    return rows
