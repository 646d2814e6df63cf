"""Ingest: what a fetched page says becomes versions, changes, passages, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from index import archive, passages, schema, store
from index.database import Database
from index.store import Held
from pipeline import cite, diff
from pipeline.errors import LexwatchError, ModelError, SettingsError, StoreError
from pipeline.identifiers import identifiers
from pipeline.model import Page, Reading, Version
from pipeline.topics import Taxonomy

# Not the fault of a page: the whole job stops, and what is not read stays in the queue.
OURS = (StoreError, ModelError, SettingsError)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ingest decides by: each source's reading, the topics, and the model's token count."""

    readers: Mapping[str, Callable[[Page], Reading]]
    taxonomy: Taxonomy
    count: Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class _Task:
    """The page at hand; `baseline`: too little of its source was read before to call this new."""

    page: int
    run: int
    baseline: bool
    now: datetime
    rules: Rules


def ingest(database: Database, number: int, rules: Rules, now: datetime) -> str:
    """Read the page with that number, compare with what is held, and save what is new.

    A page that can't be read is marked with the reason and kept, and nothing else changes; returns
    that reason, or "".
    """
    with database.read() as connection:
        page = archive.page(connection, number)
    try:
        _ingest(database, _read(page, rules), number, rules, now)
    except OURS:
        raise
    except Exception as error:  # one bad page must stop neither the others nor the next run
        reason = _reason(error)
        with database.write() as connection:
            _mark(connection, number, now, reason)
        return reason
    return ""


def rebuild(database: Database, number: int, rules: Rules) -> str:
    """Derive again, in place, what was read from a page; returns why that failed, or "".

    Makes no versions, changes or alerts: a better reader is not a change in the law. A page that
    could not be read before is put in the queue, since nobody was told what it says.
    """
    with database.read() as connection:
        page = archive.page(connection, number)
    try:
        reading = _read(page, rules)
    except Exception as error:  # as above
        return _reason(error)
    with database.write() as connection:
        connection.execute(
            update(schema.page)
            .where(schema.page.c.id == number, schema.page.c.failure != "")
            .values(read_at=None, failure="")
        )
        for version in reading.versions:
            _restate(connection, version, number, rules)
    return ""


def _read(page: Page, rules: Rules) -> Reading:
    if page.status != 200:  # kept as evidence; it says nothing about the law
        return Reading()
    if page.source not in rules.readers:
        raise SettingsError(f"no source named {page.source} is installed to read {page.url}")
    return rules.readers[page.source](page)


def _reason(error: Exception) -> str:
    if isinstance(error, LexwatchError):
        return str(error)
    return f"the reader failed ({type(error).__name__}: {error}); please report it"


def _mark(connection: Connection, number: int, now: datetime, failure: str) -> None:
    table = schema.page
    connection.execute(
        update(table).where(table.c.id == number).values(read_at=now, failure=failure)
    )


def _ingest(database: Database, reading: Reading, number: int, rules: Rules, now: datetime) -> None:
    table = schema.page
    with database.write() as connection:
        row = connection.execute(
            select(table.c.read_at, schema.run.c.id, schema.run.c.baseline)
            .join(schema.run)
            .where(table.c.id == number)
        ).one()
        if row.read_at is not None:  # another process was faster
            return
        task = _Task(page=number, run=row.id, baseline=row.baseline, now=now, rules=rules)
        for version in reading.versions:
            _save(connection, version, task)
        _mark(connection, number, now, "")


def _save(connection: Connection, version: Version, task: _Task) -> None:
    document = store.identify(connection, version.document)
    _sight(connection, task.page, document)
    held = store.current(connection, document)
    if held is not None and version.seen_at < held.version.seen_at:
        return  # an older capture: archived, and not what the document says now
    if held is not None and held.version.parser != version.parser:
        held = _reread(connection, document, held, task.rules)
    difference = diff.compare(held.version if held else None, version)
    if difference is None:
        if held is not None:
            store.readdress(connection, held.id, version)
        return
    number = store.add_version(connection, document, task.page, version)
    store.add_change(
        connection,
        document=document,
        old=held.id if held else None,
        new=number,
        run=task.run,
        difference=difference,
        tags=task.rules.taxonomy.classify(version, difference),
        seen_at=version.seen_at,
        recorded_at=task.now,
        baseline=task.baseline and held is None,
    )
    _derive(connection, document, number, version, task.rules)


def _reread(connection: Connection, document: int, held: Held, rules: Rules) -> Held:
    """The held version as today's reader has it: a better reader is not a change in the law."""
    try:
        reading = _read(archive.page(connection, held.page), rules)
    except LexwatchError:
        return held  # today's reader no longer knows the page of then; what it said stands
    for version in reading.versions:
        if version.document == held.version.document:
            store.restate(connection, held.id, version)
            _derive(connection, document, held.id, version, rules)
            return Held(id=held.id, page=held.page, version=version)
    return held


def _restate(connection: Connection, version: Version, page: int, rules: Rules) -> None:
    document = store.known(connection, version.document)
    if document is None:  # today's reader sees a document that none saw; the next crawl tells
        return
    _sight(connection, page, document)
    held = store.current(connection, document)
    for stored in store.versions(connection, document, page):
        store.restate(connection, stored.id, version)
        if held is not None and held.id == stored.id:
            _derive(connection, document, stored.id, version, rules)
            return
    if held is not None and held.page < page and held.version.text_digest == version.text_digest:
        store.readdress(connection, held.id, version)


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
