"""The store: documents, their versions, and the changes between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select, update

from index import schema
from index.archive import added
from index.database import Database
from index.kept import again, whole
from pipeline.model import (
    Block,
    DateKind,
    Document,
    Version,
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A version we hold, with its row's number and the page it was read from."""

    id: int
    page: int
    version: Version


def known(connection: Connection, document: Document) -> int | None:
    """The document's number, None where it was never seen."""
    table = schema.document
    number: int | None = connection.execute(
        select(table.c.id).where(table.c.source == document.source, table.c.key == document.key)
    ).scalar()
    return number


def identify(connection: Connection, document: Document) -> int:
    """The document's number, given on first sight."""
    number = known(connection, document)
    if number is not None:
        return number
    said = {"source": document.source, "key": document.key, "kind": document.kind}
    return added(connection.execute(insert(schema.document).values(said)))


def current(connection: Connection, document: int) -> Held | None:
    """The newest version of a document."""
    table = schema.document
    row = connection.execute(
        _versions().where(table.c.id == document, schema.version.c.id == table.c.current)
    ).first()
    return None if row is None else _held(row)


def versions(connection: Connection, document: int, page: int | None = None) -> tuple[Held, ...]:
    """The versions of a document with their texts, of all pages or of one, oldest first."""
    query = _versions().where(schema.document.c.id == document, _has_text()).order_by(*_oldest())
    if page is not None:
        query = query.where(schema.version.c.page_id == page)
    return tuple(_held(row) for row in connection.execute(query))


def numbers(connection: Connection, document: int) -> tuple[int, ...]:
    """The versions of a document that `versions` has, by their numbers."""
    query = _versions().where(schema.document.c.id == document, _has_text()).order_by(*_oldest())
    return tuple(connection.execute(query.with_only_columns(schema.version.c.id)).scalars())


def version(connection: Connection, number: int) -> Version:
    """A version by its number."""
    return _held(connection.execute(_versions().where(schema.version.c.id == number)).one()).version


def versions_by_number(connection: Connection, numbers: Iterable[int]) -> dict[int, Version]:
    """Versions by number, with their texts."""
    rows = connection.execute(_versions().where(schema.version.c.id.in_([*numbers])))
    return {row.id: _held(row).version for row in rows}


def removed_at(connection: Connection, document: int) -> datetime | None:
    """When the site was first seen to have removed a document; None where it has not."""
    table = schema.document
    moment: datetime | None = connection.execute(
        select(table.c.removed_at).where(table.c.id == document)
    ).scalar()
    return moment


def beside(
    connection: Connection, document: int, moment: datetime
) -> tuple[Held | None, Held | None]:
    """The versions of a document that were seen last before a moment and first after it."""
    known = versions(connection, document)
    before = [held for held in known if held.version.seen_at <= moment]
    after = [held for held in known if held.version.seen_at > moment]
    return before[-1] if before else None, after[0] if after else None


def without_text(connection: Connection, documents: Iterable[int]) -> dict[int, Version]:
    """The current versions of documents by number, with everything but their blocks."""
    known = schema.document
    query = _light().where(known.c.current == schema.version.c.id, known.c.id.in_([*documents]))
    return {row.document_id: _version(row, ()) for row in connection.execute(query)}


def versions_without_text(connection: Connection, numbers: Iterable[int]) -> dict[int, Version]:
    """Versions by number, with everything but their blocks."""
    wanted = [*numbers]
    if not wanted:  # to ask for none takes as long as for one
        return {}
    query = _light().where(schema.version.c.id.in_(wanted))
    return {row.id: _version(row, ()) for row in connection.execute(query)}


def add_version(
    connection: Connection, document: int, page: int, version: Version, *, is_current: bool = True
) -> int:
    """Save a version: as what its document says now, or only as one it once said."""
    number = added(
        connection.execute(
            insert(schema.version).values(
                document_id=document, page_id=page, seen_at=version.seen_at, **_said(version)
            )
        )
    )
    if is_current:
        connection.execute(
            update(schema.document)
            .where(schema.document.c.id == document)
            .values(current=number, kind=version.document.kind, removed_at=None)
        )
    return number


def backdate(connection: Connection, number: int, page: int, seen_at: datetime) -> None:
    """Note that a version was there earlier than we knew, on another page."""
    connection.execute(
        update(schema.version)
        .where(schema.version.c.id == number)
        .values(page_id=page, seen_at=seen_at)
    )


def restate(connection: Connection, number: int, version: Version) -> None:
    """Write what a version says again, in place: a better parser is not a change in the law."""
    connection.execute(
        update(schema.version).where(schema.version.c.id == number).values(**_said(version))
    )
    connection.execute(
        update(schema.document)
        .where(schema.document.c.current == number)
        .values(kind=version.document.kind)
    )


def readdress(connection: Connection, number: int, version: Version) -> None:
    """Take over a page's new addresses: they are aliases, and no evidence of a change."""
    connection.execute(
        update(schema.version)
        .where(schema.version.c.id == number)
        .values(url=version.url, links=dict(version.links), linked=list(version.linked))
    )


def find_documents(connection: Connection, name: str) -> tuple[tuple[int, Document], ...]:
    """Documents by `source:key`, bare key, title, address or identifier, the newest first."""
    table, names = schema.document, schema.identifier
    source, _, key = name.partition(":")
    by = (
        select(table.c.id).where(table.c.source == source, table.c.key == key),
        select(names.c.document_id).where(names.c.canonical == name),
    )
    numbers = {number for query in by for number in connection.execute(query).scalars()}
    return _by_number(connection, numbers.union(_called(connection, name)))


def identified(connection: Connection, name: str) -> tuple[tuple[int, Document], ...]:
    """Documents by identifier alone, the newest first."""
    names = schema.identifier
    query = select(names.c.document_id).where(names.c.canonical == name)
    numbers = {*connection.execute(query).scalars()}
    return _by_number(connection, numbers) if numbers else ()


def documents(connection: Connection) -> Iterator[tuple[int, Document]]:
    """Every document with its number."""
    table = schema.document
    for row in connection.execute(select(table).order_by(table.c.id)):
        yield row.id, Document(source=row.source, key=row.key, kind=row.kind)


def counts(database: Database) -> dict[str, int]:
    """How many documents of each source are held."""
    table = schema.document
    with database.read() as connection:
        rows = connection.execute(
            select(table.c.source, func.count().label("held")).group_by(table.c.source)
        ).all()
    return {row.source: row.held for row in rows}


def _by_number(
    connection: Connection, numbers: Collection[int]
) -> tuple[tuple[int, Document], ...]:
    table = schema.document
    query = select(table).where(table.c.id.in_(numbers), table.c.current.is_not(None))
    rows = connection.execute(query.order_by(table.c.current.desc()))
    return tuple((row.id, Document(source=row.source, key=row.key, kind=row.kind)) for row in rows)


def _called(connection: Connection, name: str) -> Collection[int]:
    """The documents of a key, a title, a citation or an address. To search the table of versions
    takes a good part of a tenth of a second: whoever does it twice has all of them read."""
    document, version = schema.document, schema.version
    newest = version.c.id == document.c.current
    if not again(connection, "called"):
        keyed = select(document.c.id).where(document.c.key == name)
        said = (func.lower(column) == name.lower() for column in version.c["title", "citation"])
        # Unjoined, the table is gone through once, not by each document's row.
        own = select(version.c.id).where(or_(*said, version.c.url == name))
        numbers = connection.execute(own).scalars().all()
        titled = select(document.c.id).where(document.c.current.in_(numbers))
        queries = (keyed, titled) if numbers else (keyed,)
        return {number for query in queries for number in connection.execute(query).scalars()}

    def read() -> Mapping[tuple[bool, str], Collection[int]]:
        found: dict[tuple[bool, str], list[int]] = {}
        columns = (document.c.id, document.c.key, *version.c["title", "citation", "url"])
        for row in connection.execute(select(*columns).join(version, newest)):
            names = {(True, row.title.lower()), (True, row.citation.lower())}
            for each in names | {(False, row.url), (False, row.key)}:
                found.setdefault(each, []).append(row.id)
        return found

    known = whole(connection, "called", read)
    return {*known.get((True, name.lower()), ()), *known.get((False, name), ())}


def _said(version: Version) -> dict[str, Any]:
    return {
        "title": version.title,
        "citation": version.citation,
        "issuer": version.issuer,
        "url": version.url,
        "published_on": version.date(DateKind.PUBLISHED),
        "blocks": version.blocks,
        "dates": version.dates,
        "metadata": dict(version.metadata),
        "links": dict(version.links),
        "linked": list(version.linked),
        "parser": version.parser,
        "text_digest": version.text_digest,
        "metadata_digest": version.metadata_digest,
    }


def _has_text() -> ColumnElement[bool]:
    """Not the mark that a document was removed from the site, which nobody read anywhere."""
    return schema.version.c.parser != ""


def _oldest() -> tuple[ColumnElement[Any], ...]:
    return schema.version.c.seen_at, schema.version.c.id


@cache  # to put it together takes longer than to ask it, and a page asks dozens of times
def _versions() -> Select[Any]:
    table = schema.document
    return select(schema.version, table.c.source, table.c.key, table.c.kind).join(table)


@cache
def _light() -> Select[Any]:
    table, known = schema.version, schema.document
    columns = (column for column in table.c if column is not table.c.blocks)
    return select(*columns, known.c.source, known.c.key, known.c.kind).join(
        known, known.c.id == table.c.document_id
    )


def _held(row: Row[Any]) -> Held:
    return Held(id=row.id, page=row.page_id, version=_version(row, row.blocks))


def _version(row: Any, blocks: tuple[Block, ...]) -> Version:
    # The row's `metadata` is reached by key: a Row has an attribute of that name.
    said = row._mapping
    return Version(
        document=Document(source=row.source, key=row.key, kind=row.kind),
        title=row.title,
        citation=row.citation,
        issuer=row.issuer,
        url=row.url,
        blocks=blocks,
        seen_at=row.seen_at,
        parser=row.parser,
        dates=row.dates,
        metadata=said["metadata"],
        links=said["links"],
        linked=tuple(row.linked),
    )
