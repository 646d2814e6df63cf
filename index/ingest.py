"""Ingest: what a fetched page says becomes versions, changes, passages, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from index import archive, passages, schema, store
from index.database import Database
from pipeline import cite, diff
from pipeline.errors import LexwatchError
from pipeline.identifiers import identifiers
from pipeline.model import ChangeClass, Page, Reading, Version
from pipeline.topics import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ingest decides by: each source's reading, the topics, and the model's token count."""

    readers: Mapping[str, Callable[[Page], Reading]]
    taxonomy: Taxonomy
    count: Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What one page brought: documents it speaks of, and the changes saved, noise apart."""

    documents: int = 0
    changes: int = 0
    noise: int = 0
    failure: str = ""


def ingest(database: Database, number: int, rules: Rules, now: datetime) -> Ingested:
    """Read the page with that number, compare with what is held, and save what is new.

    A page that can't be read is marked with the reason and kept; nothing else changes.
    """
    with database.read() as connection:
        page = archive.page(connection, number)
    reading, failure = _read(page, rules)
    with database.write() as connection:
        row = connection.execute(
            select(schema.page.c.read_at, schema.run.c.id, schema.run.c.baseline)
            .join(schema.run)
            .where(schema.page.c.id == number)
        ).one()
        if row.read_at is not None:  # another process was faster
            return Ingested()
        classes = [
            _save(connection, version, number, (row.id, row.baseline), rules)
            for version in reading.versions
        ]
        connection.execute(
            update(schema.page)
            .where(schema.page.c.id == number)
            .values(read_at=now, failure=failure)
        )
    noise = classes.count(ChangeClass.NOISE)
    return Ingested(
        documents=len(classes),
        changes=len(classes) - noise - classes.count(None),
        noise=noise,
        failure=failure,
    )


def rebuild(database: Database, number: int, rules: Rules) -> int:
    """Derive again, in place, what was read from a page; returns how many versions there were.

    Makes no versions, changes or alerts: a better parser is not a change in the law.
    """
    with database.read() as connection:
        page = archive.page(connection, number)
    reading, _ = _read(page, rules)
    with database.write() as connection:
        for version in reading.versions:
            document = store.identify(connection, version.document)
            _sight(connection, number, document)
            held = store.current(connection, document)
            for stored in store.versions(connection, document):
                if stored.page == number:
                    store.restate(connection, stored.id, version)
                    if held is not None and held.id == stored.id:
                        _derive(connection, document, stored.id, version, rules)
    return len(reading.versions)


def _read(page: Page, rules: Rules) -> tuple[Reading, str]:
    if page.status != 200:  # kept as evidence; it says nothing about the law
        return Reading(), ""
    if page.source not in rules.readers:
        return Reading(), f"no source named {page.source} is installed to read it"
    try:
        return rules.readers[page.source](page), ""
    except LexwatchError as error:
        return Reading(), str(error)
    except Exception as error:
        return Reading(), f"the reader failed ({type(error).__name__}: {error}); please report it"


def _save(
    connection: Connection, version: Version, page: int, run: tuple[int, bool], rules: Rules
) -> ChangeClass | None:
    """`run` is its number, and whether no run of the source was complete before it."""
    document = store.identify(connection, version.document)
    _sight(connection, page, document)
    held = store.current(connection, document)
    if held is not None and version.seen_at < held.version.seen_at:
        return None  # an older capture: archived, and not what the document says now
    difference = diff.compare(held.version if held else None, version)
    if difference is None:
        if held is not None:
            store.readdress(connection, held.id, version)
        return None
    number = store.add_version(connection, document, page, version)
    store.add_change(
        connection,
        document=document,
        old=held.id if held else None,
        new=number,
        run=run[0],
        difference=difference,
        tags=rules.taxonomy.classify(version, difference),
        seen_at=version.seen_at,
        baseline=run[1] and held is None,
    )
    _derive(connection, document, number, version, rules)
    return difference.change_class


def _derive(
    connection: Connection, document: int, number: int, version: Version, rules: Rules
) -> None:
    """Bring what is derived from the current version in line with it."""
    store.set_topics(connection, document, rules.taxonomy.classify(version))
    store.set_identifiers(connection, document, identifiers(version))
    store.set_citations(
        connection,
        number,
        (
            (index, found)
            for index, block in enumerate(version.blocks)
            for found in cite.find(block.text)
        ),
    )
    passages.replace(connection, document, version, rules.count)


def _sight(connection: Connection, page: int, document: int) -> None:
    archive.ignore(connection, schema.sighting, [{"page_id": page, "document_id": document}])
