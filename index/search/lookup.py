"""Which documents go by a name, and which cite it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from index import called, citing, schema, store
from index.kept import selected, these
from pipeline.model import Document

_SHORT = re.compile(r"\A(FR Doc\. (?:[A-Z]\d-)?\d{4}-)(\d{1,4})\Z")


def holders(
    connection: Connection, canonicals: Iterable[str], documents: Select[Any] | None
) -> tuple[int, ...]:
    """The documents that go by these names, of all or of those that `documents` selects."""
    held = dict.fromkeys(number for name in canonicals for number, _ in _named(connection, name))
    return among(connection, tuple(held), documents)


def among(
    connection: Connection, numbers: Sequence[int], documents: Select[Any] | None
) -> tuple[int, ...]:
    """Those of some documents that `documents` selects, in their order; None selects all."""
    if documents is None or not numbers:
        return tuple(numbers)
    left = selected(connection, documents)
    return tuple(number for number in numbers if number in left)


def _named(connection: Connection, name: str) -> tuple[tuple[int, Document], ...]:
    # An identifier is a document's own; by title and the like it takes much longer to look.
    full = _in_full(name)
    for known in (store.identified, store.find_documents):
        for each in dict.fromkeys((name, full)):
            if found := known(connection, each):
                return found
    return ()


def _in_full(name: str) -> str:
    """A number of the Federal Register with the zeros that are left out when it is typed."""
    return _SHORT.sub(lambda found: f"{found[1]}{found[2]:0>5}", name)


def citers(
    connection: Connection, canonicals: Sequence[str], documents: Select[Any] | None, limit: int
) -> tuple[int, ...]:
    """The documents that cite one of these, or what lies within: who cites it most has most to say
    of it; among equals the newest comes first."""
    if not canonicals:
        return ()
    # Joined or grouped in the database, SQLite goes through all that every document cites.
    cited = select(schema.citation.c.version_id).where(citing.named(connection, canonicals))
    newest = called.current(connection)
    often = Counter(filter(newest.__contains__, connection.execute(cited).scalars()))
    version = schema.version
    query = select(version.c.id, version.c.document_id, version.c.published_on).where(
        version.c.id.in_(these(often))
    )
    left = None if documents is None else selected(connection, documents)

    def place(row: Any) -> tuple[int, date, int]:
        return often[row.id], row.published_on or date.min, row.id

    rows = connection.execute(query)
    rest = [row for row in rows if left is None or row.document_id in left]
    found = sorted(rest, key=place, reverse=True)
    return tuple(row.document_id for row in found[:limit])
