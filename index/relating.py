"""Which documents held speak of which: looked for when either comes in, whatever their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from index import schema, store
from pipeline.live import standing
from pipeline.model import Document, Relation, RelationKind, Standing, Version
from pipeline.papers import CITED, Paper, paper
from pipeline.relations import clues, related
from pipeline.titles import keys

MOST = 200  # candidates looked at for one document, the newest
LONGEST = 50  # documents in a chain; the longest rulemakings have a dozen
NUMBERED = "FR Doc. "


def is_paper(version: Version) -> bool:
    """Whether a version is one of the Federal Register's, which speak of each other."""
    return "document_number" in version.metadata


def filed_under(version: Version) -> frozenset[str]:
    """The names by which a paper is found as a candidate; no reader's query spells them so."""
    number = f"{NUMBERED}{version.metadata['document_number']}"
    named = (f"day named: {day}" for day in clues(paper(replace(version, blocks=()))).days)
    titles = (f"title: {key}" for key in keys(version.title))
    return frozenset({f"paper: {number}", *named, *titles})


def relate(connection: Connection, document: int, version: Version) -> None:
    """Write down what a paper says of those held, and what later ones held say of it.

    Its names must be saved before.
    """
    this = _with_citations(connection, document, version)
    numbers = {document: this, **_papers(connection, _speaking_of(connection, document, this))}
    for number, later in numbers.items():
        if later.published >= this.published:
            _save(connection, number, later)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a document among others: what it does to them and they to it, and which of
    the dates hold that a version of it and the documents joined with it state."""

    relations: tuple[Relation, ...] = ()
    standings: tuple[Standing, ...] = ()


def known(connection: Connection, document: int, version: Version) -> Known:
    """Look up what the documents held say of one of them, as `version` has it."""
    if not is_paper(version):
        return Known()
    numbers = chain(connection, document)
    joined = relations(connection, numbers)
    others = [number for number in numbers if number != document]
    versions = (version, *store.without_text(connection, others).values())
    found = standing(versions, joined)
    own = {version.document}
    return Known(
        relations=tuple(each for each in joined if own & {each.earlier, each.later}),
        standings=found,
    )


def relations(connection: Connection, documents: Collection[int]) -> tuple[Relation, ...]:
    """What any of the documents does to another, or another to it, the oldest first."""
    table, earlier, later = schema.relation, schema.document.alias(), schema.document.alias()
    rows = connection.execute(
        select(
            table.c.kind,
            table.c.evidence,
            *(earlier.c.source, earlier.c.key, earlier.c.kind),
            *(later.c.source, later.c.key, later.c.kind),
        )
        .join(earlier, earlier.c.id == table.c.earlier_id)
        .join(later, later.c.id == table.c.later_id)
        .where(table.c.earlier_id.in_(documents) | table.c.later_id.in_(documents))
        .order_by(table.c.earlier_id, table.c.later_id, table.c.kind)
    )
    return tuple(
        Relation(
            kind=RelationKind(kind),
            earlier=Document(source=old[0], key=old[1], kind=old[2]),
            later=Document(source=new[0], key=new[1], kind=new[2]),
            evidence=tuple(evidence),
        )
        for kind, evidence, *sides in rows
        for old, new in [(sides[:3], sides[3:])]
    )


def chain(connection: Connection, document: int) -> tuple[int, ...]:
    """The documents joined with one, by whatever steps; notices of one series are no chain."""
    table = schema.relation
    found, waiting = {document: None}, deque([document])
    while waiting and len(found) < LONGEST:
        number = waiting.popleft()
        rows = connection.execute(
            select(table.c.earlier_id, table.c.later_id).where(
                or_(table.c.earlier_id == number, table.c.later_id == number),
                table.c.kind != RelationKind.SAME_SERIES,
            )
        )
        for pair in rows:
            for each in pair:
                if each not in found:
                    found[each] = None
                    waiting.append(each)
    return tuple(found)


def _save(connection: Connection, number: int, later: Paper) -> None:
    candidates = _papers(connection, _spoken_of(connection, number, later))
    numbers = {each.document: known for known, each in candidates.items()}
    table = schema.relation
    connection.execute(delete(table).where(table.c.later_id == number))
    rows = [
        {
            "earlier_id": numbers[found.earlier],
            "later_id": number,
            "kind": found.kind,
            "evidence": list(found.evidence),
        }
        for found in related(candidates.values(), later)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _spoken_of(connection: Connection, number: int, later: Paper) -> list[int]:
    """The documents that a paper may speak of, by its clues."""
    found, names = clues(later), schema.identifier
    wanted = (
        *found.names,
        *(f"paper: {name}" for name in found.names if name.startswith(NUMBERED)),
        *(f"title: {key}" for key in found.titles),
    )
    named = select(names.c.document_id).where(names.c.canonical.in_(wanted))
    version, document = schema.version, schema.document
    printed = (
        select(document.c.id)
        .join(version, version.c.id == document.c.current)
        .where(document.c.source == later.document.source, version.c.published_on.in_(found.days))
    )
    return _newest(connection, named.union(printed), number)


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
    return _newest(connection, titled.union(citing), number)


def _newest(connection: Connection, found: Any, but: int) -> list[int]:
    table = schema.document
    query = (
        select(table.c.id)
        .where(table.c.id.in_(found), table.c.id != but, table.c.current.is_not(None))
        .order_by(table.c.current.desc())
        .limit(MOST)
    )
    return list(connection.execute(query).scalars())


def _papers(connection: Connection, documents: Iterable[int]) -> dict[int, Paper]:
    """The papers among documents. Their texts stay in the database: what they cite is known."""
    light = store.without_text(connection, documents)
    return {
        number: _with_citations(connection, number, version)
        for number, version in light.items()
        if is_paper(version)
    }


def _with_citations(connection: Connection, document: int, version: Version) -> Paper:
    table, known = schema.citation, schema.document
    query = (
        select(table.c.canonical)
        .distinct()
        .join(known, known.c.current == table.c.version_id)
        .where(known.c.id == document, table.c.kind.in_(CITED))
    )
    cites = frozenset(connection.execute(query).scalars())
    return replace(paper(replace(version, blocks=())), cites=cites)
