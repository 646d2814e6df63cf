"""What went wrong at a source: the pages that are kept and were not taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from index import archive, schema
from index.database import Database
from pipeline.errors import NotHeld
from pipeline.model import Page

REFUSED = 400  # from this status on the publisher answered with an error


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A page, by its number, that a run brought and that could not be read, was withheld, or is
    what the publisher answered with an error `status`. `failure` says why, "" of the last;
    `asked` is the address that was asked in fact, `size` in bytes."""

    page: int
    run: int
    url: str
    asked: str
    status: int
    sha256: str
    size: int
    fetched_at: datetime
    failure: str


def faults(
    database: Database, source: str, *, limit: int, offset: int = 0
) -> tuple[tuple[Fault, ...], int]:
    """Those of a source, the newest first, and how many there are on all pages together."""
    table, body = schema.page, schema.body
    columns = table.c["id", "run_id", "url", "asked", "status", "sha256", "fetched_at", "failure"]
    query = select(*columns, body.c.size).join(body).where(*_faulty(source))
    count = select(func.count()).select_from(table).where(*_faulty(source))
    with database.read() as connection:
        rows = connection.execute(query.order_by(table.c.id.desc()).limit(limit).offset(offset))
        said = tuple(
            Fault(
                page=row.id,
                run=row.run_id,
                url=row.url,
                asked=row.asked,
                status=row.status,
                sha256=row.sha256,
                size=row.size,
                fetched_at=row.fetched_at,
                failure=row.failure,
            )
            for row in rows
        )
        return said, connection.execute(count).scalar_one()


def kept(database: Database, source: str, number: int) -> Page:
    """A faulty page of a source by its number, exactly as fetched. Raises `NotHeld`."""
    table = schema.page
    query = select(table.c.id).where(table.c.id == number, *_faulty(source))
    with database.read() as connection:
        if connection.execute(query).first() is None:
            raise NotHeld(f"no page {number} of {source} is kept as faulty: see the source’s page")
        return archive.page(connection, number)


def _faulty(source: str) -> tuple[ColumnElement[bool], ...]:
    table = schema.page
    return table.c.source == source, or_(table.c.failure != "", table.c.status >= REFUSED)
