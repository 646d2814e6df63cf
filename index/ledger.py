"""The ledger: who wants what, which alerts they were given, what was looked at, what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index import archive, outgoing, schema, store
from index.archive import ignore
from index.database import Database
from index.runs import RunState
from pipeline.calendar import eastern
from pipeline.model import Alert, ChangeClass, Delivery, Digest, SourceReport
from pipeline.subscription import Subscription


class Ledger:
    """What `alerts.deliver.Ledger` asks for, kept in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delivery(self, key: str) -> Delivery | None:
        table = outgoing.delivery
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.key == key)).first()
        return None if row is None else _delivery(row)

    def deliveries(self, reader: str, address: str) -> tuple[Delivery, ...]:
        """A reader's deliveries, the newest period first."""
        table = outgoing.delivery
        with self._database.read() as connection:
            rows = connection.execute(
                select(table)
                .where(table.c.reader == reader, table.c.address == address)
                .order_by(table.c.until.desc())
            ).all()
        return tuple(map(_delivery, rows))

    def begin(self, key: str, digest: Digest, message_id: str, at: datetime) -> None:
        table = outgoing.delivery
        row = {
            "reader": digest.reader,
            "address": digest.address,
            "since": digest.since,
            "until": digest.until,
            "message_id": message_id,
            "begun_at": at,
        }
        with self._database.write() as connection:
            ignore(
                connection,
                table,
                [{"key": key, "unfinished": 0, "outcome": "", "where": "", **row}],
            )
            connection.execute(
                update(table)
                .where(table.c.key == key)
                .values(unfinished=table.c.unfinished + 1, **row)
            )

    def finish(self, key: str, outcome: str, at: datetime, where: str) -> None:
        table = outgoing.delivery
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
    table = outgoing.subscription
    with database.write() as connection:
        held = {_terms(row): row for row in connection.execute(select(table))}
        named = {_terms(subscription): subscription for subscription in wanted}
        for terms, row in held.items():
            ended_at = None if terms in named else row.ended_at or at
            if ended_at != row.ended_at:
                connection.execute(
                    update(table).where(table.c.id == row.id).values(ended_at=ended_at)
                )
        new = [
            {**_subscribed(named[terms]), "begun_at": at} for terms in named if terms not in held
        ]
        if new:
            connection.execute(insert(table), new)
        rows = connection.execute(select(table).where(table.c.ended_at.is_(None)))
        return tuple(_subscription(row) for row in rows.all())


def give(database: Database, alerts: Iterable[Alert]) -> int:
    """Save alerts and say how many were new: one that was given before is not given again."""
    table = outgoing.alert
    rows = [
        {
            "subscription_id": alert.subscription.id,
            "change_id": alert.change.id,
            "why": list(alert.why),
        }
        for alert in alerts
    ]
    with database.write() as connection:
        before = connection.execute(select(func.count()).select_from(table)).scalar_one()
        ignore(connection, table, rows)
        return connection.execute(select(func.count()).select_from(table)).scalar_one() - before


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
                newest=_newest(connection, source, until),
                **_looked(connection, source, since, until),
                **_found(connection, source, since, until),
            )
            for source, title in titles.items()
        )


def _newest(connection: Connection, source: str, until: datetime) -> date | None:
    """The last day on which something new is known to have come, or since which we look."""
    run, change, version, document = schema.run, schema.change, schema.version, schema.document
    of_source = document.c.source == source
    printed = (
        select(func.max(version.c.published_on))
        .join(document)
        .where(of_source, version.c.published_on <= eastern(until))
    )
    seen = (
        select(func.max(change.c.seen_at))
        .join(document)
        .where(
            of_source,
            change.c.baseline.is_(False),
            change.c.change_class != ChangeClass.NOISE,
            change.c.seen_at < until,
        )
    )
    begun = select(func.min(run.c.started_at)).where(
        run.c.source == source, run.c.state == RunState.COMPLETE, run.c.started_at < until
    )
    moments = [connection.execute(query).scalar() for query in (seen, begun)]
    days = [eastern(moment) for moment in moments if moment]
    if on := connection.execute(printed).scalar():
        days.append(on)
    return max(days, default=None)


def _looked(
    connection: Connection, source: str, since: datetime, until: datetime
) -> dict[str, Any]:
    """When and on how many days it was read: whole, and otherwise."""
    table = schema.run
    first, last = func.min(table.c.started_at), func.max(table.c.started_at)
    complete = select(first, last).where(
        table.c.source == source,
        table.c.state == RunState.COMPLETE,
        table.c.started_at < until,
    )
    first_whole, last_whole = connection.execute(complete.where(table.c.is_whole)).one()
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
    read, looked = (
        {
            row.started_at.astimezone(since.tzinfo).date()
            for row in runs
            if row.state == RunState.COMPLETE and row.is_whole == is_whole
        }
        for is_whole in (True, False)
    )
    return {
        "first_complete": first_whole,
        "last_complete": last_whole,
        "last_look": connection.execute(complete).one()[1],
        "days_read": len(read),
        "days_looked": len(looked - read),
        "failures": tuple(
            f"{row.started_at:%Y-%m-%d %H:%M} UTC: {row.failures[0]}"
            for row in runs
            if row.state == RunState.FAILED
        ),
    }


def _found(connection: Connection, source: str, since: datetime, until: datetime) -> dict[str, Any]:
    """How many changes count, and by which rules edits were left out."""
    change, document = schema.change, schema.document
    period = (
        change.c.document_id == document.c.id,
        document.c.source == source,
        change.c.recorded_at >= since,
        change.c.recorded_at < until,
        change.c.baseline.is_(False),
    )
    noise = change.c.change_class == ChangeClass.NOISE
    left_out = connection.execute(select(change.c.difference).where(*period, noise)).scalars()
    rules = Counter(edit.rule for difference in left_out for edit in difference.edits)
    return {
        "changes": connection.execute(
            select(func.count()).select_from(change).where(*period, ~noise)
        ).scalar_one(),
        "suppressed": dict(sorted(rules.items())),
        "left_out": _left_out(connection, source, since, until),
    }


def _left_out(
    connection: Connection, source: str, since: datetime, until: datetime
) -> dict[str, int]:
    """What the last run of a period did not read of what its pages named, by rule."""
    table = schema.run
    last = connection.execute(
        select(func.max(table.c.id)).where(
            table.c.source == source, table.c.started_at >= since, table.c.started_at < until
        )
    ).scalar()
    said = archive.tallies(connection, last) if last is not None else ()
    counts: Counter[str] = Counter()
    for tally in said:
        counts.update(tally.left_out)
    return dict(sorted(counts.items()))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{each.name: row._mapping[each.name] for each in fields(Delivery)})


def _terms(given: Any) -> tuple[Any, ...]:
    """What makes two subscriptions the same one."""
    values = (getattr(given, each.name) for each in fields(Subscription) if each.name != "id")
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def _subscribed(subscription: Subscription) -> dict[str, Any]:
    held = {each.name: getattr(subscription, each.name) for each in fields(Subscription)}
    del held["id"]
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in held.items()
    }


def _subscription(row: Row[Any]) -> Subscription:
    held = {each.name: row._mapping[each.name] for each in fields(Subscription)}
    return Subscription(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    )
