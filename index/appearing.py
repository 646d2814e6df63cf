"""Documents as if each had appeared just now: what a subscription that is made today would meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, select

from index import derived, outgoing, schema, store
from pipeline.model import Change, ChangeClass, ChangeKind, Difference, Document

NEW = Difference(
    kind=ChangeKind.NEW,
    change_class=ChangeClass.SUBSTANTIVE,
    edits=(),
    metadata=(),
    reasons=(),
    summary="",
)
BATCH = 500  # named in one query: databases bound the values of one


def appearing(connection: Connection, documents: Iterable[Document]) -> tuple[Change, ...]:
    """Each document, in its current text, as a change that no text came before; with the number of
    the change that brought it, or of its newest."""
    found = []
    for document in dict.fromkeys(documents):
        number = store.known(connection, document)
        held = None if number is None else store.current(connection, number)
        if number is None or held is None:
            continue
        table = schema.change
        newest = func.max(table.c.id)
        own = select(newest).where(table.c.document_id == number)
        brought = connection.execute(own.where(table.c.new_version_id == held.id)).scalar()
        change = brought or connection.execute(own).scalar()
        if change is None:
            continue
        found.append(
            Change(
                id=change,
                document=document,
                old=None,
                new=held.version,
                difference=NEW,
                tags=derived.topics_of(connection, number),
                seen_at=held.version.seen_at,
                recorded_at=held.version.seen_at,
            )
        )
    return tuple(found)


def given(
    connection: Connection, documents: Collection[Document]
) -> dict[Document, frozenset[int]]:
    """The subscriptions, by number, that were ever given an alert on each of these."""
    numbers = {store.known(connection, each): each for each in documents}
    table, change = outgoing.alert, schema.change
    found: defaultdict[Document, set[int]] = defaultdict(set)
    wanted = [each for each in numbers if each is not None]
    for start in range(0, len(wanted), BATCH):
        query = (
            select(table.c.subscription_id, change.c.document_id)
            .distinct()
            .join(change, change.c.id == table.c.change_id)
            .where(change.c.document_id.in_(wanted[start : start + BATCH]))
        )
        for row in connection.execute(query):
            found[numbers[row.document_id]].add(row.subscription_id)
    return {document: frozenset(met) for document, met in found.items()}
