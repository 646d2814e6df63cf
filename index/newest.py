"""The newest changes of a topic, a source or a subscription, by number."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, select

from index import outgoing, schema
from pipeline.model import ChangeClass


def of_topic(connection: Connection, topic: str, most: int) -> tuple[int, ...]:
    """The newest changes tagged with a topic; neither noise nor what a first crawl found."""
    table = schema.change_topic
    tagged = select(table.c.change_id).where(table.c.topic == topic)
    return _newest(connection, _told().where(schema.change.c.id.in_(tagged)), most)


def of_source(connection: Connection, source: str, most: int) -> tuple[int, ...]:
    """The newest changes of a source, as above."""
    table = schema.document
    query = _told().join(table, table.c.id == schema.change.c.document_id)
    return _newest(connection, query.where(table.c.source == source), most)


def of_subscription(
    connection: Connection, subscription: int, most: int
) -> dict[int, tuple[str, ...]]:
    """The newest changes that a subscription was alerted to, each with why."""
    table = outgoing.alert
    query = _told().add_columns(table.c.why).join(table, table.c.change_id == schema.change.c.id)
    query = query.where(table.c.subscription_id == subscription)
    rows = connection.execute(_in_order(query).limit(most))
    return {row.id: tuple(row.why) for row in rows}


def are_of(connection: Connection, numbers: Collection[int], documents: Collection[int]) -> bool:
    """Whether any of the changes is of one of the documents, all by number."""
    table = schema.change
    owners = select(table.c.document_id).distinct().where(table.c.id.in_(numbers))
    return not {*connection.execute(owners).scalars()}.isdisjoint(documents)


def _told() -> Select[Any]:
    table = schema.change
    counts = table.c.change_class != ChangeClass.NOISE
    return select(table.c.id).where(table.c.baseline.is_(False), counts)


def _in_order(query: Select[Any]) -> Select[Any]:
    table = schema.change
    return query.order_by(table.c.recorded_at.desc(), table.c.id.desc())


def _newest(connection: Connection, query: Select[Any], most: int) -> tuple[int, ...]:
    return tuple(connection.execute(_in_order(query).limit(most)).scalars())
