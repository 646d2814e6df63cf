"""The documents held, source by source, without their texts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from index import schema, store
from index.database import Database
from pipeline.model import Version


def catalogue(
    database: Database, source: str | None, *, limit: int, offset: int = 0
) -> tuple[tuple[Version, ...], int]:
    """The current versions of the documents held, of one source or of all, in the order in which
    they were first seen; and how many there are on all pages together."""
    table = schema.document
    wanted: list[ColumnElement[bool]] = [table.c.current.is_not(None)]
    if source is not None:
        wanted.append(table.c.source == source)
    count = select(func.count()).select_from(table).where(*wanted)
    query = select(table.c.id).where(*wanted).order_by(table.c.id).limit(limit).offset(offset)
    with database.read() as connection:
        numbers = [*connection.execute(query).scalars()]
        found = store.without_text(connection, numbers)
        said = tuple(found[number] for number in numbers if number in found)
        return said, connection.execute(count).scalar_one()
