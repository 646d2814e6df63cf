"""Which documents held speak of which: looked for when either comes in, whatever their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import chain as chained
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select

from index import schema, store
from index.orders import on_orders, own
from index.reporting import reporters
from pipeline.corrections import corrected
from pipeline.live import standing
from pipeline.model import Document, Relation, RelationKind, Standing, Version
from pipeline.orders import COURTS
from pipeline.papers import CITED, Paper, paper
from pipeline.relations import clues, related
from pipeline.relations import relate as speaks
from pipeline.titles import keys

NAMED = 100  # candidates that a document names, or that name it: the newest
ALIKE = 20  # candidates of its title, or of a day it names: the nearest in time
LONGEST = 50  # documents in a chain; the longest rulemakings have a dozen
NUMBERED = "FR Doc. "
# They make no two documents one matter: notices of a series, and who reports on what.
UNCHAINED = (RelationKind.SAME_SERIES, RelationKind.REPORTS)


def is_paper(version: Version) -> bool:
    """Whether a version is one of the Federal Register's, which speak of each other."""
    return "document_number" in version.metadata


def filed_under(version: Version) -> frozenset[str]:
    """The names by which a paper is found as a candidate; no reader's query spells them so."""
    number = f"{NUMBERED}{version.metadata['document_number']}"
    named = (f"day named: {day}" for day in clues(paper(replace(version, blocks=()))).days)
    titles = (f"title: {key}" for key in keys(version.title))
    return frozenset({f"paper: {number}", *named, *titles})


def relate(connection: Connection, document: int) -> None:
    """Write down what a paper says of those held, and what later ones held say of it.

    Its names must be saved before.
    """
    this = _papers(connection, [document])[document]
    _save(connection, document, this)
    for number, later in _papers(connection, _speaking_of(connection, document, this)).items():
        if speaks(this, later) is not None:
            _save(connection, number, later)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a document among others: what it does to them and they to it, and which of
    the dates hold that a version of it and the documents joined with it state."""

    relations: tuple[Relation, ...] = ()
    standings: tuple[Standing, ...] = ()


def known(
    connection: Connection, document: int, version: Version, before: datetime | None = None
) -> Known:
    """Look up what the documents held say of one of them, as `version` has it; only those that were
    held `before` a moment, so that what was told once can be told again in the same words."""
    near = _neighbours(connection, document)
    if len(near) == 1 and not is_paper(version):
        return Known()
    held = _held_before(connection, near, before)
    joined = _held_before(connection, chain(connection, document), before)
    telling = _held_before(connection, reporters(connection, joined), before)
    others = [number for number in joined if number != document]
    versions = (version, *_as_known(connection, others, before))
    told_of = _as_known(connection, {*telling} - {*joined}, before)
    return Known(
        relations=own(version.document, relations(connection, held)),
        standings=standing(versions, relations(connection, {*joined, *telling}), told_of),
    )


def relations(connection: Connection, documents: Collection[int]) -> tuple[Relation, ...]:
    """What the documents do to each other, the oldest first."""
    table = schema.relation
    query = _relations().where(table.c.earlier_id.in_(documents), table.c.later_id.in_(documents))
    return tuple(_relation(row) for row in connection.execute(query))


def relations_of(
    connection: Connection, documents: Collection[int]
) -> dict[int, tuple[Relation, ...]]:
    """What each of the documents does to any other, and any other to it, the oldest first; what
    later orders did to the orders that act on it stands with these."""
    table = schema.relation
    query = _relations().where(table.c.earlier_id.in_(documents) | table.c.later_id.in_(documents))
    found: dict[int, list[Relation]] = {}
    orders: dict[int, list[int]] = {}
    for row in connection.execute(query).all():
        for number in (row.earlier_id, row.later_id):
            found.setdefault(number, []).append(_relation(row))
        if row.kind in COURTS:
            orders.setdefault(row.later_id, []).append(row.earlier_id)
    for row in connection.execute(_relations().where(on_orders(list(orders)))):
        for number in orders[row.earlier_id]:
            found[number].append(_relation(row))
    return {number: tuple(each) for number, each in found.items()}


def published(connection: Connection, number: int, document: Document) -> tuple[int, Document]:
    """What a filing for public inspection was published as; any other document itself."""
    table, later = schema.relation, schema.document
    row = connection.execute(
        select(later)
        .join(table, table.c.later_id == later.c.id)
        .where(table.c.earlier_id == number, table.c.kind == RelationKind.PUBLISHES)
    ).first()
    if row is None:
        return number, document
    return row.id, Document(source=row.source, key=row.key, kind=row.kind)


def chain(connection: Connection, document: int) -> tuple[int, ...]:
    """The documents joined with one, by whatever steps. Notices of one series are no chain, and an
    order that struck two rules makes none of them either."""
    table = schema.relation
    found, waiting = {document: None}, deque([document])
    while waiting and len(found) < LONGEST:
        number = waiting.popleft()
        is_near = (table.c.earlier_id == number) | _reaches_back(number, document)
        pairs = select(table.c.earlier_id, table.c.later_id).where(
            is_near, table.c.kind.not_in(UNCHAINED)
        )
        near = {each for pair in connection.execute(pairs) for each in pair}
        for each in _by_day(connection, near - found.keys()):
            found[each] = None
            waiting.append(each)
    return tuple(found)


def _by_day(connection: Connection, documents: Collection[int]) -> list[int]:
    """Documents in order of the days on which they were published, whenever they came in."""
    table, version = schema.document, schema.version
    query = (
        select(table.c.id)
        .outerjoin(version, version.c.id == table.c.current)
        .where(table.c.id.in_(documents))
        .order_by(version.c.published_on.nulls_last(), table.c.key)
    )
    return list(connection.execute(query).scalars())


def _reaches_back(number: int, first: int) -> ColumnElement[bool]:
    """Whether a chain goes from a document to an earlier one; from an order only where it is the
    order that was asked about."""
    table = schema.relation
    is_later = table.c.later_id == number
    return is_later if number == first else is_later & table.c.kind.not_in(COURTS)


@cache
def _relations() -> Select[Any]:
    table, earlier, later = schema.relation, schema.document.alias(), schema.document.alias()
    names = [
        column.label(f"{side}_{column.name}")
        for side, of in (("earlier", earlier), ("later", later))
        for column in (of.c.source, of.c.key, of.c.kind)
    ]
    return (
        select(table, *names)
        .join(earlier, earlier.c.id == table.c.earlier_id)
        .join(later, later.c.id == table.c.later_id)
        .order_by(table.c.earlier_id, table.c.later_id, table.c.kind)
    )


def _relation(row: Row[Any]) -> Relation:
    return Relation(
        kind=RelationKind(row.kind),
        earlier=Document(source=row.earlier_source, key=row.earlier_key, kind=row.earlier_kind),
        later=Document(source=row.later_source, key=row.later_key, kind=row.later_kind),
        evidence=tuple(row.evidence),
    )


def _save(connection: Connection, number: int, later: Paper) -> None:
    candidates = _papers(connection, _spoken_of(connection, number, later))
    numbers = {each.document: known for known, each in candidates.items()}
    table = schema.relation
    connection.execute(
        delete(table).where(table.c.later_id == number, table.c.kind != RelationKind.REPORTS)
    )
    rows = [
        {
            "earlier_id": numbers[found.earlier],
            "later_id": number,
            "kind": found.kind,
            "evidence": [*_corrections(connection, number, found.kind), *found.evidence],
        }
        for found in related(candidates.values(), later)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _neighbours(connection: Connection, document: int) -> tuple[int, ...]:
    """A document with all that it is related to, the notices of its series included, and with the
    orders on the orders that act on it."""
    table = schema.relation
    pairs = select(table.c.earlier_id, table.c.later_id)
    rows = connection.execute(
        pairs.where((table.c.earlier_id == document) | (table.c.later_id == document))
    )
    near = {document, *(number for row in rows for number in row)}
    further = connection.execute(pairs.where(on_orders(near - {document})))
    return tuple(near.union(row.later_id for row in further))


def _held_before(
    connection: Connection, documents: Collection[int], moment: datetime | None
) -> tuple[int, ...]:
    """Those of the documents that were written down before a moment; None: all."""
    if moment is None:
        return tuple(documents)
    table = schema.change
    query = (
        select(table.c.document_id)
        .where(table.c.document_id.in_(documents))
        .group_by(table.c.document_id)
        .having(func.min(table.c.recorded_at) < moment)
    )
    return tuple(connection.execute(query).scalars())


def _as_known(
    connection: Connection, documents: Collection[int], moment: datetime | None
) -> Collection[Version]:
    """The newest version of each that was written down before a moment; None: of all."""
    if moment is None:
        return store.without_text(connection, documents).values()
    table, version = schema.change, schema.version
    last = (
        select(func.max(table.c.new_version_id))
        .join(version, version.c.id == table.c.new_version_id)
        .where(table.c.document_id.in_(documents), table.c.recorded_at < moment)
        .where(version.c.parser != "")  # a mark that it was removed says nothing of its own
        .group_by(table.c.document_id)
    )
    numbers = connection.execute(last).scalars()
    return store.versions_without_text(connection, numbers.all()).values()


def _corrections(connection: Connection, number: int, kind: RelationKind) -> tuple[str, ...]:
    """What a correction corrects, in its own words: who reads the old text must see the new."""
    held = store.current(connection, number) if kind is RelationKind.CORRECTS else None
    return () if held is None else tuple(f"“{words}”" for words in corrected(held.version.blocks))


def _spoken_of(connection: Connection, number: int, later: Paper) -> list[int]:
    """The documents that a paper may speak of, by its clues."""
    found, names = clues(later), schema.identifier
    version, document = schema.version, schema.document
    wanted = (
        *found.names,
        *(f"paper: {name}" for name in found.names if name.startswith(NUMBERED)),
    )
    named = select(names.c.document_id).where(names.c.canonical.in_(wanted))
    titles = [f"title: {key}" for key in found.titles]
    titled = select(names.c.document_id).where(names.c.canonical.in_(titles))
    printed = (
        select(document.c.id)
        .join(version, version.c.id == document.c.current)
        .where(document.c.source == later.document.source, version.c.published_on.in_(found.days))
    )
    near = (_nearest(connection, each, number, later.published) for each in (titled, printed))
    return list(dict.fromkeys((*_newest(connection, named, number), *chained.from_iterable(near))))


def _speaking_of(connection: Connection, number: int, this: Paper) -> list[int]:
    """The documents that may speak of a paper: those that cite it, name its day, have its title."""
    names, citation, document = schema.identifier, schema.citation, schema.document
    filed = [f"day named: {this.published}", *(f"title: {key}" for key in keys(this.title))]
    titled = select(names.c.document_id).where(names.c.canonical.in_(filed))
    citing = (
        select(document.c.id)
        .join(citation, citation.c.version_id == document.c.current)
        .where(citation.c.canonical.in_(this.names))
    )
    near = _nearest(connection, titled, number, this.published, later=True)
    return list(dict.fromkeys((*_newest(connection, citing, number), *near)))


def _newest(connection: Connection, found: Any, but: int) -> list[int]:
    table = schema.document
    query = (
        select(table.c.id)
        .where(table.c.id.in_(found), table.c.id != but, table.c.current.is_not(None))
        .order_by(table.c.current.desc())
        .limit(NAMED)
    )
    return list(connection.execute(query).scalars())


def _nearest(
    connection: Connection, found: Any, but: int, published: date, *, later: bool = False
) -> list[int]:
    """The documents found that were published last before a day, or first after it; one that is
    not published yet is as near as can be."""
    table, version = schema.document, schema.version
    on = version.c.published_on
    side, order = (on >= published, on.asc()) if later else (on <= published, on.desc())
    query = (
        select(table.c.id)
        .join(version, version.c.id == table.c.current)
        .where(table.c.id.in_(found), table.c.id != but, side | on.is_(None))
        .order_by(order.nulls_first(), table.c.id)
        .limit(ALIKE)
    )
    return list(connection.execute(query).scalars())


def _papers(connection: Connection, documents: Collection[int]) -> dict[int, Paper]:
    """The papers among documents. Their texts stay in the database: what they cite is known."""
    cited = _cited(connection, documents)
    return {
        number: replace(paper(replace(version, blocks=())), cites=frozenset(cited.get(number, ())))
        for number, version in store.without_text(connection, documents).items()
        if is_paper(version)
    }


def _cited(connection: Connection, documents: Collection[int]) -> dict[int, set[str]]:
    """The pages and numbers of the Federal Register that each of the documents cites."""
    table, known = schema.citation, schema.document
    query = (
        select(known.c.id, table.c.canonical)
        .distinct()
        .join(known, known.c.current == table.c.version_id)
        .where(known.c.id.in_(documents), table.c.kind.in_(CITED))
    )
    cited: dict[int, set[str]] = {}
    for row in connection.execute(query):
        cited.setdefault(row.id, set()).add(row.canonical)
    return cited
