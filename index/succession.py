"""Which documents came before and after one in its series, as far as they are held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, select

from index import schema, store
from index.store import Held
from pipeline import diff
from pipeline.model import ChangeKind, Difference, Document, Version
from pipeline.succession import succeed

LOOKED_AT = 24  # documents without a predecessor, the newest first: no series has many


def compare(connection: Connection, version: Version) -> tuple[Held | None, Difference]:
    """Compare a document that is new to us with the one before it in its series, and give that;
    None where it names none, or none is held, which is then said."""
    if not version.succeeds:
        return None, diff.appear(version)
    document = store.known(connection, replace(version.document, key=version.succeeds))
    held = store.versions(connection, document) if document is not None else ()
    if held:
        return held[-1], succeed(held[-1].version, version)
    difference = diff.appear(version)
    why = f"The one before it in its series ({version.succeeds}) is not held: nothing is compared."
    return None, replace(difference, reasons=(*difference.reasons, why))


def after(
    connection: Connection, version: Version, read: Callable[[Held, Document], Version | None]
) -> Held | None:
    """The first text of the document that comes next, where it came in silently and was compared
    with nothing. What it succeeds only its page says: `read` gives it from there."""
    if not version.succeeds:
        return None
    for held in _first_ones(connection, version.document):
        again = read(held, held.version.document)
        if again is not None and again.succeeds == version.document.key:
            return held
    return None


def _first_ones(connection: Connection, document: Document) -> Iterator[Held]:
    change, known, version = schema.change, schema.document, schema.version
    rows = connection.execute(
        select(known.c.id, change.c.new_version_id)
        .join(known, known.c.id == change.c.document_id)
        .join(version, version.c.id == change.c.new_version_id)
        .where(
            known.c.source == document.source,
            known.c.kind == document.kind,
            change.c.kind == ChangeKind.NEW,
            change.c.baseline,
            change.c.old_version_id.is_(None),
        )
        .order_by(change.c.id.desc())
        .limit(LOOKED_AT)
    ).all()
    for row in rows:
        held = store.versions(connection, row.id)
        yield from (each for each in held if each.id == row.new_version_id)
