"""A document that a reader opens: what its page tells besides what a look-up gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from index import archive, custody, schema, store
from index.citator import status as judged
from index.citator import statuses
from index.custody import Chained
from index.database import Database
from index.kept import kept
from index.search.model import Answer, Filters, Hit
from index.search.results import hits
from index.store import Held
from pipeline.citator.model import Forum, Status
from pipeline.errors import NotHeld
from pipeline.model import ChangeClass, ChangeKind, Document, Page
from pipeline.query.model import Asked, Shape


@dataclass(frozen=True, kw_only=True)
class Place:
    """A citation in a block's text, by the canonical name of what it cites."""

    start: int
    end: int
    cited: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A moment in a document's history, first seen at `seen_at`: the `number`th version held,
    counted from 1, or 0 where the site was found to have removed it. `change` is the number of what
    is told of it, None where nothing is; `summary` its words."""

    number: int
    seen_at: datetime
    title: str
    form: str
    change: int | None
    kind: ChangeKind | None
    change_class: ChangeClass | None
    summary: str


def known(database: Database, document: Document) -> Document:
    """The same with its kind. Raises `NotHeld` where no text of it is held."""
    with database.read() as connection:
        number = store.known(connection, document)
        found = None if number is None else store.without_text(connection, [number]).get(number)
    if found is None:
        raise NotHeld(
            f"nothing that is held goes by {document.name}. Look for it by its citation or its "
            "words"
        )
    return found.document


def as_found(database: Database, document: Document, forum: Forum | None, today: date) -> Hit:
    """What is told of a document where it is found: its citation, state, force and warnings."""
    asked = Asked(text="", shape=Shape.QUESTION)
    with database.read() as connection:
        number = store.known(connection, document)
        assert number is not None  # noqa: S101 - who asks has looked it up
        answer = Answer(document=number, passages=(), score=0.0, why=())
        (found,) = hits(connection, [answer], asked, Filters(forum=forum), today)
    return found


def places(database: Database, version: int) -> Mapping[int, tuple[Place, ...]]:
    """What a version cites, by the position of the block; what takes up nothing known is left
    out."""
    table = schema.citation
    query = select(*table.c["block", "start", "end", "cited"]).where(table.c.version_id == version)
    found: dict[int, list[Place]] = {}
    with database.read() as connection:
        for row in connection.execute(query.order_by(table.c.block, table.c.start)):
            if row.cited:
                place = Place(start=row.start, end=row.end, cited=row.cited)
                found.setdefault(row.block, []).append(place)
    return {block: tuple(each) for block, each in found.items()}


def standing(
    database: Database, canonicals: Collection[str], forum: Forum | None, on: date
) -> Mapping[str, Status]:
    """The status of each authority on a day; of those of which nothing is known there is none.
    What was once asked is kept until anything is written."""
    with database.read() as connection:
        held: dict[str, Status | None] = kept(connection, f"statuses for {forum} on {on}")
        if lacking := [each for each in canonicals if each not in held]:
            found = statuses(connection, lacking, forum, on)
            held.update({each: found.get(each) for each in lacking})
        asked = {each: held.get(each) for each in canonicals}
    return {name: each for name, each in asked.items() if each is not None}


def steps(database: Database, document: Document) -> tuple[Step, ...]:
    """The history of a document, oldest first."""
    version, change = schema.version, schema.change
    query = (
        select(
            *version.c["seen_at", "title", "parser", "metadata"],
            change.c.id.label("change"),
            *change.c["kind", "change_class", "difference"],
        )
        .join(schema.document, schema.document.c.id == version.c.document_id)
        .outerjoin(change, change.c.new_version_id == version.c.id)
        .where(schema.document.c.source == document.source, schema.document.c.key == document.key)
        .order_by(version.c.seen_at, version.c.id)
    )
    found: list[Step] = []
    number = 0
    with database.read() as connection:
        for row in connection.execute(query):
            number += row.parser != ""
            found.append(
                Step(
                    number=number if row.parser else 0,
                    seen_at=row.seen_at,
                    title=row.title,
                    # A Row has an attribute of that name.
                    form=str(row._mapping["metadata"].get("text", "")),
                    change=row.change,
                    kind=ChangeKind(row.kind) if row.kind else None,
                    change_class=ChangeClass(row.change_class) if row.change_class else None,
                    summary=row.difference.summary if row.difference else "",
                )
            )
    return tuple(found)


def original(database: Database, held: Held) -> Page:
    """The page that a version was read from, exactly as fetched. Raises `index.archive.Purged`."""
    with database.read() as connection:
        return archive.page(connection, held.page)


def captured(database: Database, held: Held) -> Chained:
    """Where that page stands in the chain of captures."""
    with database.read() as connection:
        return custody.of_page(connection, held.page)


def status(database: Database, document: Document, forum: Forum | None, on: date) -> Status:
    """As `index.citator.status`, of a document held; kept until anything is written."""
    with database.read() as connection:
        held: dict[Document, Status] = kept(connection, f"own status for {forum} on {on}")
        if document not in held:
            held[document] = judged(database, document.name, forum, on)
        return held[document]
