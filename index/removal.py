"""Removed from the site, and back on it: what may be concluded from absence, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, select, update

from index import derived, history, schema, store
from index.archive import tallies
from index.database import Database
from index.runs import Run, RunState
from pipeline import diff
from pipeline.calendar import eastern, spelled
from pipeline.health import Normal
from pipeline.model import ChangeKind

APART = timedelta(hours=24)  # between the two readings that a removal rests on


def conclude(database: Database, run: Run, at: datetime, normal: Normal) -> None:
    """Say what a complete run shows to be removed from the site, and what is back on it.

    A document is removed where a source that enumerates did not name it in two complete runs at
    least a day apart, and in none between; or where the site still gives the document's own address
    and has had no page there for as long. A run that failed proves nothing, and neither does one
    that was asked for a part of the site.
    """
    if run.state is not RunState.COMPLETE or not run.is_whole:
        return
    with database.write() as connection:
        said = tallies(connection, run.id)
        shown = {key for tally in said for key in tally.shown}
        for document in _returned(connection, run, shown):
            back = (ChangeKind.BACK, "The site shows it again.")
            _say(connection, document, run, back, at)
        for document, why in _removed(connection, run, shown, normal):
            _say(connection, document, run, (ChangeKind.REMOVED, why), at)


def is_second_look_due(connection: Connection, run: Run, now: datetime) -> bool:
    """Whether a complete whole run of a source that enumerates found a document missing, and lies
    so far back that a second reading can show it removed."""
    return now - run.started_at >= APART and bool(_unnamed_since(connection, run, run.started_at))


def gone_for_good(connection: Connection, run: Run, url: str, normal: Normal) -> bool:
    """Whether an address that has no page in this run had none a day before either, and none
    between, and is that of one document, or of nothing we ever held: where it was the address of a
    list, the list has moved."""
    table = schema.run
    if _owners(connection, url) and not normal.one_per_page:
        return False
    query = select(table.c.gone).where(
        table.c.source == run.source, table.c.started_at <= run.started_at - APART
    )
    if last_shown := connection.execute(_last_shown(url)).scalar():
        query = query.where(table.c.started_at > last_shown)
    return any(url in gone for gone in connection.execute(query).scalars())


def _removed(
    connection: Connection, run: Run, shown: set[str], normal: Normal
) -> Iterator[tuple[int, str]]:
    earlier = complete_before(connection, run) if normal.enumerates else None
    if earlier is not None:
        why = (
            f"Two complete readings of the site, on {spelled(eastern(earlier))} and on "
            f"{spelled(eastern(run.started_at))}, do not name it."
        )
        yield from ((document, why) for document in _unnamed_since(connection, run, earlier))
    for url in run.gone:
        why = f"The site still gives its address, {url}, and has had no page there for a day."
        for document, key in _owners(connection, url).items():
            if key not in shown:  # nor is it at another address: those are aliases
                yield document, why


def _returned(connection: Connection, run: Run, shown: set[str]) -> list[int]:
    """Removed documents whose text a page of this run gives, whichever run fetched the page."""
    table = schema.document
    removed = connection.execute(
        select(table.c.id, table.c.key).where(
            table.c.source == run.source, table.c.removed_at.is_not(None)
        )
    )
    return [row.id for row in removed if row.key in shown]


def complete_before(connection: Connection, run: Run) -> datetime | None:
    """When the last complete run began that lies a day or more before all that this one asked."""
    table = schema.run
    return connection.execute(
        select(func.max(table.c.started_at)).where(
            table.c.source == run.source,
            table.c.state == RunState.COMPLETE,
            table.c.is_whole,
            table.c.started_at <= run.asked_since - APART,
        )
    ).scalar()


def _unnamed_since(connection: Connection, run: Run, since: datetime) -> list[int]:
    document, version = schema.document, schema.version
    last_named = func.coalesce(document.c.listed_at, version.c.seen_at)
    return list(
        connection.execute(
            select(document.c.id)
            .join(version, version.c.id == document.c.current)
            .where(
                document.c.source == run.source,
                document.c.removed_at.is_(None),
                last_named < since,
            )
            .order_by(document.c.id)
        ).scalars()
    )


def _owners(connection: Connection, url: str) -> dict[int, str]:
    """The documents whose current text came from an address: number and key."""
    document, version, page = schema.document, schema.version, schema.page
    rows = connection.execute(
        select(document.c.id, document.c.key)
        .join(version, version.c.id == document.c.current)
        .join(page, page.c.id == version.c.page_id)
        .where(page.c.url == url)
    )
    return {row.id: row.key for row in rows}


def _last_shown(url: str) -> Select[tuple[datetime]]:
    run, seen, page = schema.run, schema.seen, schema.page
    return (
        select(func.max(run.c.started_at))
        .join(seen, seen.c.run_id == run.c.id)
        .join(page, page.c.id == seen.c.page_id)
        .where(page.c.url == url, page.c.status == 200)
    )


def _say(
    connection: Connection, document: int, run: Run, said: tuple[ChangeKind, str], at: datetime
) -> None:
    """Save the change, once. What a site no longer shows is a version without a text."""
    kind, why = said
    table, removes = schema.document, kind is ChangeKind.REMOVED
    was = connection.execute(select(table.c.removed_at).where(table.c.id == document)).scalar_one()
    held = store.current(connection, document)
    if held is None or removes == (was is not None):
        return
    shown = replace(held.version, seen_at=run.started_at)
    if removes:
        shown = replace(shown, blocks=(), dates=(), metadata={}, links={}, parser="")
    page = connection.execute(
        select(func.min(schema.seen.c.page_id)).where(schema.seen.c.run_id == run.id)
    ).scalar_one()
    number = store.add_version(connection, document, page, shown, is_current=False)
    history.add(
        connection,
        document=document,
        old=held.id,
        new=number,
        run=run.id,
        difference=diff.presence(kind, held.version, why),
        tags=derived.topics_of(connection, document),
        seen_at=run.started_at,
        recorded_at=at,
        baseline=False,
    )
    connection.execute(
        update(table)
        .where(table.c.id == document)
        .values(removed_at=run.started_at if removes else None)
    )
