"""Which documents held report what courts did to which: looked for when either comes in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select

from index import schema, store
from pipeline.identifiers import identifiers
from pipeline.model import DateKind, Document, Relation, RelationKind, Version
from pipeline.reported import REPORTERS, Report, reported, reports

NAMED = 100  # documents that report on one, or that one may report on: the newest
ON_NUMBER, ON_DAY = "reports on: ", "reports on day: "


def filed_under(version: Version) -> frozenset[str]:
    """The names by which a document is found as one that reports on others; no reader's query
    spells them so."""
    return frozenset(name for report in reports(version) for name in _filed(report))


def relate(connection: Connection, document: int, version: Version) -> None:
    """Write down what a document reports that courts did to those held, and what those held report
    of it. Its names must be saved before."""
    _save(connection, document, version)
    on = version.date(DateKind.PUBLISHED)
    wanted = [
        *(f"{ON_NUMBER}{name}" for name in identifiers(version)),
        *([f"{ON_DAY}{on}"] if on else []),
    ]
    names = schema.identifier
    query = select(names.c.document_id).where(
        names.c.canonical.in_(wanted), names.c.document_id != document
    )
    for number in _newest(connection, query):
        if held := store.current(connection, number):
            _save(connection, number, held.version)


def reporters(connection: Connection, documents: Collection[int]) -> tuple[int, ...]:
    """The documents that report what courts did to one of these."""
    table = schema.relation
    query = (
        select(table.c.later_id)
        .distinct()
        .where(table.c.earlier_id.in_(documents), table.c.kind == RelationKind.REPORTS)
        .order_by(table.c.later_id)
    )
    return tuple(connection.execute(query).scalars())


def _filed(report: Report) -> Iterator[str]:
    yield from (f"{ON_NUMBER}{name}" for name in report.names)
    yield from (f"{ON_DAY}{on}" for on in report.days)


def _save(connection: Connection, number: int, version: Version) -> None:
    table = schema.relation
    connection.execute(
        delete(table).where(table.c.later_id == number, table.c.kind == RelationKind.REPORTS)
    )
    if version.document.kind not in REPORTERS or not (said := reports(version)):
        return
    held = store.without_text(connection, _spoken_of(connection, number, said))
    numbers = {each.document: known for known, each in held.items()}
    rows = [_row(each, numbers, number) for each in reported(held.values(), version, said)]
    if rows:
        connection.execute(insert(table), rows)


def _row(relation: Relation, numbers: Mapping[Document, int], later: int) -> dict[str, Any]:
    return {
        "earlier_id": numbers[relation.earlier],
        "later_id": later,
        "kind": relation.kind,
        "evidence": list(relation.evidence),
    }


def _spoken_of(connection: Connection, number: int, said: Collection[Report]) -> list[int]:
    names, version, document = schema.identifier, schema.version, schema.document
    numbers = {name for report in said for name in report.names}
    days = {on for report in said for on in report.days}
    named = select(names.c.document_id).where(names.c.canonical.in_(numbers))
    printed = (
        select(document.c.id)
        .join(version, version.c.id == document.c.current)
        .where(version.c.published_on.in_(days))
    )
    found = (_newest(connection, query, but=number) for query in (named, printed))
    return list(dict.fromkeys(each for several in found for each in several))


def _newest(connection: Connection, found: Select[Any], but: int = 0) -> list[int]:
    table, version = schema.document, schema.version
    query = (
        select(table.c.id)
        .join(version, version.c.id == table.c.current)
        .where(table.c.id.in_(found), table.c.id != but)
        .order_by(version.c.published_on.desc().nulls_last(), table.c.key)
        .limit(NAMED)
    )
    return list(connection.execute(query).scalars())
