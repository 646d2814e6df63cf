"""A database written out by the publishers' names, so that two can be compared whatever their rows
are numbered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from index import operation, outgoing, schema
from index.database import Database

# What is derived of the pages, and what a rebuild must leave alone but for the tallies of pages.
DERIVED = (
    *(schema.document, schema.version, schema.identifier, schema.relation, schema.change),
    *(schema.part, schema.change_topic, schema.document_topic, schema.citation),
    *(schema.treatment, schema.passage, schema.outbox),
)
KEPT = (
    *(schema.run, schema.page, schema.seen, schema.vector, operation.capture),
    *(outgoing.alert, outgoing.delivery, outgoing.deadline, outgoing.told),
)
WORDS = ("passage_words", "passage_spelled")  # of the keyword index

Dump = Mapping[str, list[str]]


def dumped(database: Database) -> Dump:
    """Every row of what is derived, kept and sent, as JSON, in order, by table."""
    with database.read() as connection:
        names = _names(connection)
        found = {table.name: _rows(connection, table, names) for table in (*DERIVED, *KEPT)}
        return found | {name: _words(connection, name) for name in WORDS}


def differences(one: Dump, other: Dump) -> list[str]:
    """The rows that only one of the two has, and which one."""
    return [
        f"{side} {table}: {row[:600]}"
        for table in one
        for side, rows, others in (("-", one, other), ("+", other, one))
        for row in sorted(set(rows[table]) - set(others[table]))
    ] + [
        f"{table}: {len(one[table])} rows, {len(other[table])}"
        for table in one
        if len(one[table]) != len(other[table])
    ]


def _names(connection: Connection) -> dict[str, dict[int, str]]:
    """What the rows that others point to are called."""
    document, version, page = schema.document, schema.version, schema.page
    documents = {row.id: f"{row.source}:{row.key}" for row in connection.execute(select(document))}
    pages = {row.id: f"{row.url} {row.fetched_at}" for row in connection.execute(select(page))}
    versions = {
        row.id: f"{documents[row.document_id]} as of {pages[row.page_id]}, {row.text_digest[:8]}"
        for row in connection.execute(select(version))
    }
    changes = {
        row.id: f"change to {versions[row.new_version_id]}"
        for row in connection.execute(select(schema.change))
    }
    return {"document": documents, "page": pages, "version": versions, "change": changes}


def _rows(connection: Connection, table: Table, names: dict[str, dict[int, str]]) -> list[str]:
    found = []
    for row in connection.execute(select(table)).mappings():
        said: dict[str, Any] = {}
        for column in table.columns:
            value = row[column]
            if column.name == "id":
                continue
            target = next((key.column.table.name for key in column.foreign_keys), "")
            if table.name == "document" and column.name == "current":
                target = "version"
            said[column.name] = names[target][value] if target in names and value else value
        found.append(json.dumps(said, sort_keys=True, default=repr))
    return sorted(found)


def _words(connection: Connection, name: str) -> list[str]:
    """What the keyword index finds, by word and passage: not its rows, whose numbers may differ."""
    table = schema.passage
    digests = connection.execute(select(table.c.id, table.c.digest))
    passages = {row.id: row.digest for row in digests}
    seen = f"temp.{name}_seen"
    made = f"CREATE VIRTUAL TABLE IF NOT EXISTS {seen} USING fts5vocab(main, {name}, instance)"
    connection.exec_driver_sql(made)
    asked = f'SELECT term, doc, col, "offset" FROM {seen}'  # noqa: S608 - names of our own
    rows = connection.exec_driver_sql(asked).all()
    return sorted(f"{passages.get(row.doc, '?')} {row.col} {row.offset} {row.term}" for row in rows)
