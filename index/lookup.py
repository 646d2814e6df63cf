"""Look a document up by any of its names, and say which of those held cite it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from index import derived, history, relating, schema, store, treatments
from index.called import begins, current
from index.database import Database
from index.store import Held
from pipeline import cite
from pipeline.citator.model import Finding
from pipeline.citator.twins import twins
from pipeline.errors import NotHeld
from pipeline.identifiers import broader, narrower, own
from pipeline.model import Announcement, Block, Document, Event, Relation, Standing, Tag

_RUN_TOGETHER = re.compile(r"(?<=\d)(?=[A-Z])|(?<=[A-Za-z.])(?=\d)")  # as in "91FR990231"
AROUND = 160  # characters shown on either side of a citation
CITING = 50  # documents that cite one, the newest


@dataclass(frozen=True, kw_only=True)
class Citing:
    """A document we hold that cites another, and the words in which it does."""

    document: Document
    title: str
    citation: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A document as one of its versions has it, with all that is known of it.

    `findings` are what the documents held say was done to it, `says` what its current text says was
    done to others.
    """

    held: Held
    tags: tuple[Tag, ...]
    versions: tuple[Held, ...]
    cited_by: tuple[Citing, ...]
    removed_at: datetime | None = None
    relations: tuple[Relation, ...] = ()
    standings: tuple[Standing, ...] = ()
    announcement: Announcement | None = None
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    says: tuple[Finding, ...] = ()


def look_up(database: Database, name: str, version: int | None = None) -> Shown:
    """A document's version, the newest or counted from 1.

    `name` is `source:key`, a key alone, a title, an address, or a citation or identifier in any
    spelling. Raises `NotHeld` where nothing held goes by it, where several do, or where there is no
    such version.
    """
    with database.read() as connection:
        number, document = find(connection, name.strip())
        versions = store.versions(connection, number)
        chosen = versions[-1] if version is None else _nth(document, versions, version)
        known = relating.known(connection, number, chosen.version)
        change = history.newest(connection, chosen.id)
        names = own(versions[-1].version)
        return Shown(
            held=chosen,
            tags=derived.topics_of(connection, number),
            versions=versions,
            cited_by=_cited_by(connection, number, names),
            removed_at=store.removed_at(connection, number),
            relations=known.relations,
            standings=known.standings,
            announcement=change.announcement if change else None,
            events=change.events if change else (),
            findings=treatments.about(connection, names),
            says=treatments.said_by(connection, number),
        )


def find(connection: Connection, name: str) -> tuple[int, Document]:
    """The document of a name, as `look_up` takes it. Raises `NotHeld` for none, or for several."""
    found = store.find_documents(connection, name)
    if not found and cite.lookup(name) is None:
        name = _RUN_TOGETHER.sub(" ", name)
    if not found and (named := cite.lookup(name)) is not None:
        found = _by_any(connection, (named.canonical, *twins(named.canonical)))
    if not found:
        raise NotHeld(
            f"nothing that is held goes by the name {name!r}: search for the document by its words"
        )
    if not name.startswith(f"{found[0][1].source}:"):
        # A filing for public inspection gives way to the document that was published of it.
        found = tuple(dict.fromkeys(relating.published(connection, *each) for each in found))
    if len(found) > 1:
        said = store.without_text(connection, [number for number, _ in found])
        several = "; ".join(
            f"{document.name} ({said[number].citation or said[number].title})"
            for number, document in found
        )
        raise NotHeld(f"{name!r} may be any of: {several}. Name one of these")
    return found[0]


def _by_any(connection: Connection, names: Sequence[str]) -> tuple[tuple[int, Document], ...]:
    """The documents of the first name that has any, or else of what these lie in."""
    for name in (*names, *map(broader, names)):
        if found := store.find_documents(connection, name):
            return found
    return ()


def _nth(document: Document, versions: tuple[Held, ...], version: int) -> Held:
    if version > len(versions):
        raise NotHeld(f"{document.name} has {len(versions)} versions held; there is no {version}")
    return versions[version - 1]


def _cited_by(connection: Connection, number: int, names: frozenset[str]) -> tuple[Citing, ...]:
    """The current versions that cite one of `names`, the newest first, each with its words:
    no more than `CITING`, since `cites` tells them all."""
    table, newest = schema.citation, current(connection)
    wanted = sorted(names.union(*map(twins, names)))
    within = [start for name in wanted for start in narrower(name)]
    rows = connection.execute(
        select(table.c.version_id, table.c.block, table.c.start, table.c.end)
        .where(or_(table.c.cited.in_(wanted), begins(connection, table.c.cited, within)))
        .order_by(table.c.version_id.desc(), table.c.block, table.c.start)
    ).all()
    own_text = store.current(connection, number)
    others = newest - {own_text.id if own_text else 0}
    first = {row.version_id: row for row in reversed(rows) if row.version_id in others}
    shown = sorted(first.values(), key=lambda row: -row.version_id)[:CITING]
    held = store.versions_by_number(connection, [row.version_id for row in shown])
    return tuple(
        Citing(
            document=held[row.version_id].document,
            title=held[row.version_id].title,
            citation=held[row.version_id].citation,
            words=_around(held[row.version_id].blocks[row.block], row.start, row.end),
        )
        for row in shown
    )


def _around(block: Block, start: int, end: int) -> str:
    """The words around a citation, cut at spaces."""
    text = block.text
    first = 0 if start <= AROUND else text.find(" ", start - AROUND) + 1
    last = len(text) if end + AROUND >= len(text) else text.rfind(" ", 0, end + AROUND)
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"
