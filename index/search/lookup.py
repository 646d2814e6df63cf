"""Which documents go by a name, and which cite it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from index import citing, schema, store

_SHORT = re.compile(r"\A(FR Doc\. (?:[A-Z]\d-)?\d{4}-)(\d{1,4})\Z")


def holders(
    connection: Connection, canonicals: Iterable[str], documents: Select[Any] | None
) -> tuple[int, ...]:
    """The documents that go by these names, of all or of those that `documents` selects."""
    held = dict.fromkeys(
        number
        for name in canonicals
        for number, _ in store.find_documents(connection, name)
        or store.find_documents(connection, _in_full(name))
    )
    if documents is None or not held:
        return tuple(held)
    table = schema.document
    query = select(table.c.id).where(table.c.id.in_(list(held)), table.c.id.in_(documents))
    left = set(connection.execute(query).scalars())
    return tuple(number for number in held if number in left)


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
    table, citation, version = schema.document, schema.citation, schema.version
    newest = (version.c.published_on.desc().nulls_last(), version.c.id.desc())
    query = (
        select(table.c.id)
        .join(version, version.c.id == table.c.current)
        .join(citation, citation.c.version_id == table.c.current)
        .where(citing.named(connection, canonicals))
        .group_by(table.c.id)
        .order_by(func.count().desc(), *newest)
        .limit(limit)
    )
    if documents is not None:
        query = query.where(table.c.id.in_(documents))
    return tuple(connection.execute(query).scalars())
