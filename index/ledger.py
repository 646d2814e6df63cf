"""The ledger: which alerts readers were given, and what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from index import archive, outgoing, schema, store
from index.archive import ignore
from index.database import Database
from index.runs import RunState
from pipeline.calendar import eastern
from pipeline.model import Alert, ChangeClass, SourceReport


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
    """When and on how many days it was read: whole, and otherwise.

    A run counts for the period in which the verdict on it was passed: one that was under way when
    a letter was made is told of in the next. It is complete once its pages were taken in, too.
    """
    table, seen, page = schema.run, schema.seen, schema.page
    unread = select(seen.c.run_id).join(page).where(page.c.read_at.is_(None))
    ended = func.coalesce(table.c.ended_at, table.c.started_at)
    first, last = func.min(table.c.started_at), func.max(table.c.started_at)
    complete = select(first, last).where(
        table.c.source == source,
        table.c.state == RunState.COMPLETE,
        table.c.id.not_in(unread),
        ended < until,
    )
    first_whole, last_whole = connection.execute(complete.where(table.c.is_whole)).one()
    runs = connection.execute(
        select(table)
        .where(
            table.c.source == source,
            # One that was cut off was run again, or `last_complete` shows the gap it left.
            (table.c.state == RunState.FAILED)
            | ((table.c.state == RunState.COMPLETE) & table.c.id.not_in(unread)),
            ended >= since,
            ended < until,
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
