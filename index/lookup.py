"""Look a document up by any of its names."""

from __future__ import annotations

from index import store
from index.database import Database
from index.store import Held
from pipeline import cite
from pipeline.errors import NotHeld
from pipeline.model import Tag


def look_up(
    database: Database, name: str, version: int | None = None
) -> tuple[Held, tuple[Tag, ...], tuple[Held, ...]]:
    """A document's version (the newest, or counted from 1), its topics, and all its versions.

    `name` is `source:key`, a key alone, or a citation or identifier in any spelling. Raises
    `NotHeld` where there is no such document or version, or where several share the name.
    """
    named = cite.lookup(name)
    with database.read() as connection:
        found = store.find_documents(connection, name.strip())
        if not found and named is not None:
            found = store.find_documents(connection, named.canonical)
        if not found:
            raise NotHeld(f"{name!r} is not held. `lexwatch search` finds documents by their words")
        if len(found) > 1:
            several = ", ".join(document.name for _, document in found)
            raise NotHeld(f"{name!r} may be any of: {several}. Name one of these")
        number, document = found[0]
        versions = store.versions(connection, number)
        tags = store.topics_of(connection, number)
    if version is None:
        return versions[-1], tags, versions
    if version > len(versions):
        raise NotHeld(f"{document.name} has {len(versions)} versions held; there is no {version}")
    return versions[version - 1], tags, versions
