"""The verdict on a run whose pages were examined: whether it may change anything at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from index import archive, schema
from index.database import Database
from index.removal import gone_for_good
from index.runs import Run, RunState, to_run
from pipeline.health import Normal, Tally, lacking

MISSED = 0.1  # the share of requests that may fail in a run that establishes its source
BATCH = 500  # keys in one statement; SQLite takes 32,766


def judge(database: Database, run: int, at: datetime, normal: Normal) -> Run:
    """Pass the verdict on a run whose pages have all been examined.

    It is complete when the crawl reached everything it set out to, every page could be read, and
    what they say is normal; else it failed, and says why. Where what it read as a whole is not
    normal, its pages are withheld: kept, marked with the reason, and looked at again by the next
    run that finds them. It establishes the source, so that what is new after it is news, where it
    read enough: a page that is missing for good must not keep a source silent for good. Of a run
    that was cut off only that is judged which a part can show, and it stays what it was; of a
    visit that was not whole no number of documents is expected.
    """
    table = schema.run
    with database.write() as connection:
        held = to_run(connection.execute(select(table).where(table.c.id == run)).one())
        if held.state in (RunState.COMPLETE, RunState.FAILED):  # another process was faster
            return held
        said = archive.tallies(connection, run)
        count = sum(tally.versions for tally in said)
        failures = [*held.failures, *_unread(connection, run), *_missing(connection, held, normal)]
        is_cut_off = held.state is RunState.INTERRUPTED
        is_whole = held.is_whole and not (failures or is_cut_off)
        moved = _moved(count, said, normal, is_whole=is_whole)
        _note(connection, held, said)  # a sighting prevents a removal, whatever else is wrong
        if moved:
            _withhold(connection, run, at, moved)
        if is_cut_off:
            return held
        missed = len(failures) / max(held.requests, _found(connection, run), 1)
        enough = not (held.blocked or moved) and count >= max(normal.floor, 1) and missed <= MISSED
        failures += moved
        connection.execute(
            update(table)
            .where(table.c.id == run)
            .values(
                state=RunState.FAILED if failures else RunState.COMPLETE,
                ended_at=at,
                documents=count,
                failures=failures,
                established=not failures or enough,
            )
        )
        return to_run(connection.execute(select(table).where(table.c.id == run)).one())


def revise(database: Database, run: Run) -> Run:
    """A complete run of whose pages one could not be taken in after all has failed."""
    table = schema.run
    with database.write() as connection:
        unread = _unread(connection, run.id)
        if run.state is RunState.COMPLETE and unread:
            connection.execute(
                update(table)
                .where(table.c.id == run.id)
                .values(state=RunState.FAILED, failures=[*run.failures, *unread])
            )
        return to_run(connection.execute(select(table).where(table.c.id == run.id)).one())


def _moved(count: int, given: Sequence[Tally], normal: Normal, *, is_whole: bool) -> list[str]:
    """What of a run as a whole is not normal. Fewer documents than the floor say something only of
    a whole reading in which nothing else failed: else the failures say why they are few."""
    said = list(lacking(given, normal.fills))
    if count > normal.ceiling or (is_whole and count < normal.floor):
        said.append(
            f"{count} documents were read where {normal.floor} to {normal.ceiling} are normal"
        )
    return [
        f"{each}: compare the archived pages with the site; nothing was concluded from this run"
        for each in said
    ]


def _unread(connection: Connection, run: int) -> list[str]:
    """The pages a run found that could not be read, whichever run fetched them."""
    table, seen = schema.page, schema.seen
    rows = connection.execute(
        select(table.c.url, table.c.failure)
        .join(seen, seen.c.page_id == table.c.id)
        .where(seen.c.run_id == run, table.c.failure != "")
        .order_by(table.c.id)
    )
    return [f"{row.url}: {row.failure.removeprefix(f'{row.url}: ')}" for row in rows]


def _found(connection: Connection, run: int) -> int:
    """How many pages a run found: of one that goes on with another, more than it asked for."""
    seen = schema.seen
    query = select(func.count()).select_from(seen).where(seen.c.run_id == run)
    return connection.execute(query).scalar_one()


def _missing(connection: Connection, run: Run, normal: Normal) -> list[str]:
    return [
        f"{url}: the site names this address and has no page there; asked again next time"
        for url in run.gone
        if not gone_for_good(connection, run, url, normal)
    ]


def _withhold(connection: Connection, run: int, at: datetime, moved: Iterable[str]) -> None:
    """Mark what the run found and nobody has taken in yet, whichever run fetched it."""
    table, seen = schema.page, schema.seen
    found = select(seen.c.page_id).where(seen.c.run_id == run)
    connection.execute(
        update(table)
        .where(table.c.id.in_(found), table.c.read_at.is_(None))
        .values(read_at=at, failure=archive.WITHHELD + "; ".join(moved))
    )


def _note(connection: Connection, run: Run, given: Iterable[Tally]) -> None:
    """Write down when the site last spoke of each document."""
    table = schema.document
    keys = list(dict.fromkeys(key for tally in given for key in tally.keys))
    for start in range(0, len(keys), BATCH):
        connection.execute(
            update(table)
            .where(table.c.source == run.source, table.c.key.in_(keys[start : start + BATCH]))
            .values(listed_at=run.started_at)
        )
