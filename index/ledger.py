"""The ledger: who wants what, which alerts they were given, what was looked at, what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index import schema, store
from index.archive import RunState, ignore
from index.database import Database
from pipeline.model import Alert, ChangeClass, Delivery, SourceReport, Subscription


class Ledger:
    """What `alerts.deliver.Ledger` asks for, kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delivery(self, key: str) -> Delivery | None:
        table = schema.delivery
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.key == key)).first()
        if row is None:
            return None
        return Delivery(
            key=row.key,
            address=row.address,
            message_id=row.message_id,
            begun_at=row.begun_at,
            unfinished=row.unfinished,
            outcome=row.outcome,
            finished_at=row.finished_at,
            where=row.where,
        )

    def begin(self, key: str, address: str, message_id: str, at: datetime) -> None:
        table = schema.delivery
        row = {"address": address, "message_id": message_id, "begun_at": at}
        with self._database.write() as connection:
            ignore(connection, table, [{"key": key, "unfinished": 0, **row}])
            connection.execute(
                update(table)
                .where(table.c.key == key)
                .values(unfinished=table.c.unfinished + 1, **row)
            )

    def finish(self, key: str, outcome: str, at: datetime, where: str) -> None:
        table = schema.delivery
        with self._database.write() as connection:
            connection.execute(
                update(table)
                .where(table.c.key == key)
                .values(unfinished=0, outcome=outcome, finished_at=at, where=where)
            )


def subscribe(
    database: Database, wanted: Iterable[Subscription], at: datetime
) -> tuple[Subscription, ...]:
    """Make the subscriptions exactly those `wanted`; one that is no longer among them ends.

    Ended rows stay, since the alerts they were given name them.
    """
    table = schema.subscription
    with database.write() as connection:
        held = {_terms(row): row for row in connection.execute(select(table))}
        named = {_terms(subscription): subscription for subscription in wanted}
        for terms, row in held.items():
            ended_at = None if terms in named else row.ended_at or at
            if ended_at != row.ended_at:
                connection.execute(
                    update(table).where(table.c.id == row.id).values(ended_at=ended_at)
                )
        new = [_subscribed(named[terms]) for terms in named if terms not in held]
        if new:
            connection.execute(insert(table), new)
        rows = connection.execute(select(table).where(table.c.ended_at.is_(None)))
        return tuple(_subscription(row) for row in rows.all())


def give(database: Database, alerts: Iterable[Alert], matched: Iterable[int], at: datetime) -> None:
    """Save alerts and mark the changes they were matched from, in one transaction."""
    rows = [
        {
            "subscription_id": alert.subscription.id,
            "change_id": alert.change.id,
            "why": list(alert.why),
        }
        for alert in alerts
    ]
    with database.write() as connection:
        ignore(connection, schema.alert, rows)
        for number in matched:
            connection.execute(
                update(schema.change).where(schema.change.c.id == number).values(matched_at=at)
            )


def alerts(database: Database, since: datetime, until: datetime) -> tuple[Alert, ...]:
    """The alerts on changes seen in the half-open period [since, until), oldest change first."""
    table, change = schema.alert, schema.change
    with database.read() as connection:
        rows = connection.execute(
            select(table.c.change_id, table.c.why, schema.subscription)
            .join(change, change.c.id == table.c.change_id)
            .join(schema.subscription)
            .where(change.c.seen_at >= since, change.c.seen_at < until)
            .order_by(change.c.seen_at, change.c.id, table.c.subscription_id)
        ).all()
    by_number = {found.id: found for found in store.changes(database, since, until)}
    return tuple(
        Alert(
            subscription=_subscription(row),
            change=by_number[row.change_id],
            why=tuple(row.why),
        )
        for row in rows
    )


def coverage(
    database: Database, titles: Mapping[str, str], since: datetime, until: datetime
) -> tuple[SourceReport, ...]:
    """What can be said of each source (name → title) over [since, until)."""
    held = store.counts(database)
    with database.read() as connection:
        return tuple(
            SourceReport(
                source=source,
                title=title,
                documents=held.get(source, 0),
                **_looked(connection, source, since, until),
                **_found(connection, source, since, until),
            )
            for source, title in titles.items()
        )


def _looked(
    connection: Connection, source: str, since: datetime, until: datetime
) -> dict[str, Any]:
    table = schema.run
    complete = connection.execute(
        select(func.min(table.c.started_at), func.max(table.c.started_at)).where(
            table.c.source == source,
            table.c.state == RunState.COMPLETE,
            table.c.started_at < until,
        )
    ).one()
    runs = connection.execute(
        select(table)
        .where(
            table.c.source == source,
            # One that was cut off was run again, or `last_complete` shows the gap it left.
            table.c.state.in_((RunState.COMPLETE, RunState.FAILED)),
            table.c.started_at >= since,
            table.c.started_at < until,
        )
        .order_by(table.c.id)
    ).all()
    return {
        "first_complete": complete[0],
        "last_complete": complete[1],
        "days_read": len({row.started_at.date() for row in runs if row.state == RunState.COMPLETE}),
        "failures": tuple(
            f"{row.started_at:%Y-%m-%d}: {row.failures[0]}"
            for row in runs
            if row.state == RunState.FAILED
        ),
    }


def _found(connection: Connection, source: str, since: datetime, until: datetime) -> dict[str, Any]:
    """How many changes count, and by which rules edits were left out."""
    change, document = schema.change, schema.document
    rows = connection.execute(
        select(change.c.difference, change.c.change_class)
        .join(document, document.c.id == change.c.document_id)
        .where(
            document.c.source == source,
            change.c.seen_at >= since,
            change.c.seen_at < until,
            change.c.baseline.is_(False),
        )
    ).all()
    rules = Counter(
        edit.rule
        for row in rows
        if row.change_class == ChangeClass.NOISE
        for edit in row.difference.edits
    )
    return {
        "changes": sum(row.change_class != ChangeClass.NOISE for row in rows),
        "suppressed": dict(sorted(rules.items())),
    }


def _terms(given: Any) -> tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What makes two subscriptions the same one."""
    return (
        given.reader,
        given.address,
        tuple(given.topics),
        tuple(given.sources),
        tuple(given.classes),
    )


def _subscribed(subscription: Subscription) -> dict[str, Any]:
    return {
        "reader": subscription.reader,
        "address": subscription.address,
        "topics": list(subscription.topics),
        "sources": list(subscription.sources),
        "classes": list(subscription.classes),
    }


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        reader=row.reader,
        address=row.address,
        topics=tuple(row.topics),
        sources=tuple(row.sources),
        classes=tuple(row.classes),
    )
