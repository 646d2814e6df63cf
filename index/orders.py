"""Court orders entered by hand: kept as pages of our own, and joined with what they act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from index import archive, derived, schema, store
from index.archive import Archive, added
from index.database import Database
from index.runs import RunState
from pipeline import orders
from pipeline.model import NOT_IMMIGRATION, Document, Page, Relation, Tag, Version
from pipeline.orders import COURTS, Order
from pipeline.topics import merge


def keep(database: Database, order: Order, at: datetime) -> None:
    """Archive an order as it is entered, in a run of its own that is complete.

    It establishes the source, and is no baseline: what somebody took the trouble to enter is news.
    """
    run = {
        "source": orders.SOURCE,
        "state": RunState.COMPLETE,
        "baseline": False,
        "established": True,
        "started_at": at,
        "ended_at": at,
        "documents": 1,
        "is_whole": False,
    }
    with database.write() as connection:
        number = added(connection.execute(insert(schema.run).values(run)))
    body = orders.body(order)
    page = Page(
        source=orders.SOURCE,
        url=order.url,
        final_url=order.url,
        asked="",
        status=200,
        headers={},
        body=body,
        fetched_at=at,
    )
    Archive(database, number).keep(page)


def every(database: Database) -> tuple[Order, ...]:
    """The orders entered, as they now stand, the newest first."""
    document = schema.document
    query = select(document.c.id).where(
        document.c.source == orders.SOURCE, document.c.current.is_not(None)
    )
    with database.read() as connection:
        found = [_order(connection, number) for number in connection.execute(query).scalars()]
    return tuple(sorted(found, key=lambda order: (order.decided, order.key), reverse=True))


def is_order(version: Version) -> bool:
    """Whether a version is an order entered by hand."""
    return version.document.source == orders.SOURCE


def names(connection: Connection, document: int, version: Version) -> frozenset[str]:
    """What an order is looked up by besides its key; none of another document."""
    return orders.names(_order(connection, document)) if is_order(version) else frozenset()


def relate(connection: Connection, document: int, version: Version) -> None:
    """Write down what an order does to the documents it was entered on, and nothing of what the
    office took back."""
    if not is_order(version):
        return
    table, order = schema.relation, _order(connection, document)
    connection.execute(delete(table).where(table.c.later_id == document))
    rows = [
        {
            "earlier_id": number,
            "later_id": document,
            "kind": act.does.value,
            "evidence": list(orders.evidence(order, act)),
        }
        for act in order.acts
        if (number := _number(connection, act.document)) is not None
    ]
    if rows:
        connection.execute(insert(table), rows)


def tagged(
    connection: Connection, document: int, version: Version, own: tuple[Tag, ...]
) -> tuple[Tag, ...]:
    """The topics of an order: its `own`, and those of what it was entered on, whose readers it
    concerns whatever its few words show. What an office entered is on immigration. The topics of
    another document are its own."""
    if not is_order(version):
        return own
    inherited = [
        Tag(topic=tag.topic, score=tag.score, evidence=(f"subject of {called}",))
        for name, called in _order(connection, document).concerned.items()
        if (number := _number(connection, name)) is not None
        for tag in derived.topics_of(connection, number)
    ]
    return tuple(tag for tag in merge(own, inherited) if tag.topic != NOT_IMMIGRATION)


def on_orders(numbers: Collection[int]) -> ColumnElement[bool]:
    """The condition that a row of `relation` is what an order does to one of these."""
    table = schema.relation
    return table.c.earlier_id.in_(numbers) & table.c.kind.in_(COURTS)


def own(document: Document, known: Iterable[Relation]) -> tuple[Relation, ...]:
    """What is done to or by a document, and what later orders did to the orders that act on it."""
    every = tuple(known)
    mine = [each for each in every if document in (each.earlier, each.later)]
    acting = {each.later for each in mine if each.kind in COURTS}
    further = (each for each in every if each.earlier in acting and each.kind in COURTS)
    return tuple(dict.fromkeys((*mine, *further)))


def _order(connection: Connection, document: int) -> Order:
    held = store.current(connection, document)
    assert held is not None  # noqa: S101 - asked only of what has a version
    return orders.parse(archive.page(connection, held.page))


def _number(connection: Connection, name: str) -> int | None:
    source, _, key = name.partition(":")
    return store.known(connection, Document(source=source, key=key, kind=""))
