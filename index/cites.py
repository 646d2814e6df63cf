"""Who cites an authority, and what it cites: both ways, with the sentence that does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from index import schema, store
from index.authorities import Resolved, as_held, held, named, resolve_all, unheld
from index.called import begins, current
from index.database import Database
from index.namesakes import disagreeing
from index.quoted import Quoted
from pipeline.calendar import eastern
from pipeline.citator.caution import counterpart
from pipeline.citator.model import Treatment
from pipeline.errors import NotHeld
from pipeline.identifiers import narrower
from pipeline.model import Document

DOCUMENTS = 25  # of which the sentences are given unless all are asked for


@dataclass(frozen=True, kw_only=True)
class Cite:
    """A sentence that cites an authority, and what stands at the other end of the citation: who
    cites it, or what is cited (`document` None where that is not held).

    `canonical` is the name cited, which may be a twin's or that of a part; `page` the reporter's
    page on which the citation stands, "" where none can be cited; `treatments` what the sentence
    says is done to it. `times` is in how many sentences that document cites it.
    """

    document: Document | None
    name: str
    citation: str
    url: str
    canonical: str
    sentence: str
    page: str
    treatments: tuple[Treatment, ...]
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Cites:
    """An authority among those we hold. `citing` are the sentences of the newest documents that
    cite it, the newest document first, of `documents` that do; `cited` is what its own current text
    cites, each authority once, in the order of the text; `cautions` must be read with it."""

    authority: Resolved
    citing: tuple[Cite, ...]
    documents: int
    cited: tuple[Cite, ...]
    cautions: tuple[str, ...] = ()


def cites(database: Database, name: str, documents: int | None = DOCUMENTS) -> Cites:
    """Who cites an authority, by any of its names or a part of it, and what it cites; a short form
    counts as what it takes up. Sentences of at most so many documents are given, None for all.

    Raises `NotHeld` as `authorities.named` does, and for what is neither held nor cited.
    """
    with database.read() as connection:
        canonical = named(connection, name)
        this = resolve_all(connection, [canonical])[canonical]
        beside = counterpart(canonical)
        found = _naming(this.names, connection)
        newest = _newest(connection, found, {each.current for each in this.held})
        if not (newest or this.held):
            said = "; ".join(filter(None, (unheld(canonical), beside, held(connection))))
            raise NotHeld(f"nothing we hold is {name.strip()!r} or cites it; {said}")
        shown = newest[:documents]
        rows = _rows(connection, and_(found, schema.citation.c.version_id.in_(shown)))
        order = {number: place for place, number in enumerate(shown)}
        rows.sort(key=lambda row: order[row.version_id])
        return Cites(
            authority=this,
            citing=tuple(_to_cites(connection, rows)),
            documents=len(newest),
            cited=_cited(connection, this),
            cautions=tuple(filter(None, (disagreeing(name, this.name), beside))),
        )


def cited_in(connection: Connection, versions: Collection[int]) -> dict[int, set[str]]:
    """The canonical names of what each version cites."""
    table = schema.citation
    query = select(table.c.version_id, table.c.cited).distinct()
    found: dict[int, set[str]] = {}
    for row in connection.execute(query.where(table.c.version_id.in_(versions))):
        if row.cited:
            found.setdefault(row.version_id, set()).add(row.cited)
    return found


def are_cited(connection: Connection, names: Sequence[str]) -> bool:
    """Whether a current text cites one of these, or a part of it."""
    return citing(connection, names) > 0


def citing(connection: Connection, names: Sequence[str]) -> int:
    """How many documents cite one of these, or a part of it, in their current texts."""
    table = schema.citation
    query = select(table.c.version_id).distinct().where(_naming(names, connection))
    return len(current(connection) & {*connection.execute(query).scalars()})


def sentences(connection: Connection, version: int) -> dict[str, str]:
    """What a version cites, each with the first sentence that does."""
    texts = Quoted(connection, {version})
    found: dict[str, str] = {}
    for row in _rows(connection, schema.citation.c.version_id == version):
        if row.cited and row.cited not in found:
            found[row.cited] = texts.sentence(row)
    return found


def _naming(names: Sequence[str], connection: Connection) -> ColumnElement[bool]:
    """The condition that a row of `citation` cites one of these, or a part of it."""
    column = schema.citation.c.cited
    within = [start for name in names for start in narrower(name)]
    return or_(column.in_(names), begins(connection, column, within))


def _newest(connection: Connection, naming: ColumnElement[bool], own: Collection[int]) -> list[int]:
    """The numbers of the current versions that cite it, the newest first."""
    version = schema.version
    citing = select(schema.citation.c.version_id).distinct().where(naming)
    numbers = (current(connection) & {*connection.execute(citing).scalars()}) - {*own}
    said = version.c["id", "citation", "published_on", "seen_at"]
    rows = connection.execute(select(*said).where(version.c.id.in_(numbers)))
    return [row.id for row in sorted(rows, key=_published, reverse=True)]


def _published(row: Row[Any]) -> tuple[int, ...]:
    """When a document was published: by year and place in its reporter, or by day. A text that
    lives on is as new as when it was first seen to say what it says."""
    numbers = [*map(int, re.findall(r"\d+", row.citation))]
    if row.citation.endswith(")") and len(numbers) > 2:
        return numbers[-1], *numbers[:2], row.id
    on = row.published_on or eastern(row.seen_at)
    return on.year, on.month, on.day, row.id


def _rows(connection: Connection, condition: ColumnElement[bool]) -> list[Row[Any]]:
    """Citations, in the order of each text."""
    table = schema.citation
    query = select(table).where(condition)
    return [*connection.execute(query.order_by(table.c.version_id, table.c.block, table.c.start))]


def _to_cites(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Cite]:
    versions = store.versions_without_text(connection, {row.version_id for row in rows})
    texts = Quoted(connection, {row.version_id for row in rows})
    for row, *others in texts.by_sentence(rows):
        by = versions[row.version_id]
        yield Cite(
            document=by.document,
            name=by.title,
            citation=by.citation,
            url=by.url,
            canonical=row.cited,
            sentence=texts.sentence(row),
            page=texts.page(row),
            treatments=texts.treatments(row, {each.cited for each in (row, *others)}),
        )


def _cited(connection: Connection, this: Resolved) -> tuple[Cite, ...]:
    """What the current text of an authority cites, each once with a sentence that does."""
    found: dict[str, Cite] = {}
    for holding in this.held:
        groups: dict[str, list[Row[Any]]] = {}
        for row in _rows(connection, schema.citation.c.version_id == holding.current):
            if row.cited and row.cited not in this.names:
                groups.setdefault(row.cited, []).append(row)
        texts = Quoted(connection, {holding.current})
        known = as_held(connection, groups)
        for canonical, rows in groups.items():
            if canonical not in found:
                found[canonical] = _to_cited(known[canonical], rows, texts)
    return tuple(found.values())


def _to_cited(authority: Resolved, rows: Sequence[Row[Any]], texts: Quoted) -> Cite:
    """An authority cited, with the first sentence that treats it, else the first that cites it."""
    places = [row for row, *_ in texts.by_sentence(rows)]
    said = (row for row in places if texts.treatments(row, authority.names))
    chosen = next(said, places[0])
    current = authority.held[0].version if authority.held else None
    return Cite(
        document=current.document if current else None,
        name=authority.name or chosen.name,
        citation=current.citation if current else authority.canonical,
        url=current.url if current else "",
        canonical=authority.canonical,
        sentence=texts.sentence(chosen),
        page=texts.page(chosen),
        treatments=texts.treatments(chosen, authority.names),
        times=len(places),
    )
