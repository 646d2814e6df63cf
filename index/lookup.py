"""Look a document up by any of its names, and say which of those held cite it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from index import citing, derived, history, relating, schema, store
from index.database import Database
from index.store import Held
from pipeline import cite
from pipeline.errors import NotHeld
from pipeline.identifiers import broader, identifiers
from pipeline.model import Announcement, Block, Document, Event, Relation, Standing, Tag, Version

_RUN_TOGETHER = re.compile(r"(?<=\d)(?=[A-Z])|(?<=[A-Za-z.])(?=\d)")  # as in "91FR990231"
AROUND = 160  # characters shown on either side of a citation


@dataclass(frozen=True, kw_only=True)
class Citing:
    """A document we hold that cites another, and the words in which it does."""

    document: Document
    title: str
    citation: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A document as one of its versions has it, with all that is known of it."""

    held: Held
    tags: tuple[Tag, ...]
    versions: tuple[Held, ...]
    cited_by: tuple[Citing, ...]
    removed_at: datetime | None = None
    relations: tuple[Relation, ...] = ()
    standings: tuple[Standing, ...] = ()
    announcement: Announcement | None = None
    events: tuple[Event, ...] = ()


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
        return Shown(
            held=chosen,
            tags=derived.topics_of(connection, number),
            versions=versions,
            cited_by=_cited_by(connection, number, _own_names(versions[-1].version)),
            removed_at=store.removed_at(connection, number),
            relations=known.relations,
            standings=known.standings,
            announcement=change.announcement if change else None,
            events=change.events if change else (),
        )


def find(connection: Connection, name: str) -> tuple[int, Document]:
    """The document of a name, as `look_up` takes it. Raises `NotHeld` for none, or for several."""
    found = store.find_documents(connection, name)
    if not found and cite.lookup(name) is None:
        name = _RUN_TOGETHER.sub(" ", name)
    if not found and (named := cite.lookup(name)) is not None:
        found = store.find_documents(connection, named.canonical) or store.find_documents(
            connection, broader(named.canonical)
        )
    if not found:
        raise NotHeld(
            f"nothing that is held goes by the name {name!r}. `lexwatch search` finds documents by "
            "their words"
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


def _own_names(version: Version) -> frozenset[str]:
    """The names that are a document's alone; others share its RIN and cite it by that."""
    return frozenset(name for name in identifiers(version) if not name.startswith("RIN "))


def _nth(document: Document, versions: tuple[Held, ...], version: int) -> Held:
    if version > len(versions):
        raise NotHeld(f"{document.name} has {len(versions)} versions held; there is no {version}")
    return versions[version - 1]


def _cited_by(connection: Connection, number: int, names: frozenset[str]) -> tuple[Citing, ...]:
    """The current versions that cite one of `names`, the newest first, each with its words."""
    table, version, document = schema.citation, schema.version, schema.document
    rows = connection.execute(
        select(table.c.version_id, table.c.block, table.c.start, table.c.end)
        .join(version, version.c.id == table.c.version_id)
        .join(document, document.c.current == version.c.id)
        .where(citing.named(names), document.c.id != number)
        .order_by(version.c.id.desc(), table.c.block, table.c.start)
    ).all()
    first = {row.version_id: row for row in reversed(rows)}
    found = []
    for row in sorted(first.values(), key=lambda row: -row.version_id):
        held = store.version(connection, row.version_id)
        words = _around(held.blocks[row.block], row.start, row.end)
        found.append(
            Citing(document=held.document, title=held.title, citation=held.citation, words=words)
        )
    return tuple(found)


def _around(block: Block, start: int, end: int) -> str:
    """The words around a citation, cut at spaces."""
    text = block.text
    first = 0 if start <= AROUND else text.find(" ", start - AROUND) + 1
    last = len(text) if end + AROUND >= len(text) else text.rfind(" ", 0, end + AROUND)
    return f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"
