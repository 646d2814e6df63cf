"""Retention: what is kept no longer than the settings say, and the holds that keep everything.

What somebody may have to show is never purged: the body of a page that made a version, that was
entered by hand, that is the last answer of its address, that showed an address to be gone, or on
which a removal rests. Captures, versions, changes, alerts and what a letter was made of stay.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from index import operation, outgoing, proven, schema
from index.archive import added, ignore
from index.database import Database
from index.removal import complete_before
from index.runs import to_run
from pipeline.errors import NotHeld, StoreError
from pipeline.letter import FINAL, Outcome
from pipeline.model import ChangeKind
from pipeline.orders import SOURCE as BY_HAND

TOGETHER = 200  # rows purged in one transaction: nobody waits long for it
MISSING = (404, 410)  # answers that show an address to be gone

Row = Sequence[Any]
"""The key of what goes, and the bytes that are freed with it."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """For how many days each sort is kept; 0: for ever."""

    pages_days: int = 0
    letters_days: int = 0
    job_runs_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What was purged, or would be: how many, and the bytes that this frees within the file."""

    bodies: int = 0
    body_bytes: int = 0
    letters: int = 0
    letter_bytes: int = 0
    job_runs: int = 0


@dataclass(frozen=True, kw_only=True)
class Hold:
    """While it is in force, which it is until `released_at`, nothing is purged."""

    number: int
    reason: str
    placed_at: datetime
    released_at: datetime | None


class Held(StoreError):
    """Nothing may be purged: a legal hold is in force, or the chain of captures does not hold."""


def place(database: Database, reason: str, at: datetime) -> Hold:
    """Put a hold in force, at once and whoever purges now."""
    row = {"reason": reason, "placed_at": at}
    with database.write() as connection:
        number = added(connection.execute(operation.legal_hold.insert().values(row)))
    return Hold(number=number, reason=reason, placed_at=at, released_at=None)


def release(database: Database, number: int, at: datetime) -> Hold:
    """End a hold; that it was stays written. Raises `NotHeld` where none of that number is in
    force."""
    table = operation.legal_hold
    this = table.c.id == number, table.c.released_at.is_(None)
    with database.write() as connection:
        if not connection.execute(update(table).where(*this).values(released_at=at)).rowcount:
            raise NotHeld(f"no hold {number} is in force: `lexwatch hold --list` shows them")
    return next(each for each in holds(database) if each.number == number)


def holds(database: Database) -> tuple[Hold, ...]:
    """All there were, in the order they were placed."""
    table = operation.legal_hold
    with database.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.id)).all()
    return tuple(
        Hold(
            number=row.id,
            reason=row.reason,
            placed_at=row.placed_at,
            released_at=row.released_at,
        )
        for row in rows
    )


def due(database: Database, rules: Rules, now: datetime) -> Purged:
    """What the rules let go."""
    with database.read() as connection:
        bodies = _bodies(connection, rules, now)
        letters = _letters(connection, rules, now)
        runs = connection.execute(
            select(func.count()).select_from(operation.job_run).where(_old_runs(rules, now))
        ).scalar_one()
    return _counted(bodies, letters, runs)


def purge(database: Database, rules: Rules, now: datetime) -> Purged:
    """Let go what the rules let go, some at a time, each with its tombstone. Raises `Held` as soon
    as a hold is in force; what went before it was placed is gone."""
    with database.read() as connection:
        _refuse(connection)
        bodies, letters = _bodies(connection, rules, now), _letters(connection, rules, now)
    gone = [*_purge_bodies(database, bodies, rules, now)]
    sent = [*_purge_letters(database, letters, rules, now)]
    with database.write() as connection:
        _refuse(connection)
        ended = connection.execute(delete(operation.job_run).where(_old_runs(rules, now)))
    return _counted(gone, sent, ended.rowcount)


def forbidden(database: Database) -> str:
    """Why nothing may be purged: a hold is in force, whose reason is the office's own affair and is
    not told; or the last proof of the chain failed. "" where something may."""
    with database.read() as connection:
        return _forbidden(connection)


def _refuse(connection: Connection) -> None:
    if why := _forbidden(connection):
        raise Held(why)


def _forbidden(connection: Connection) -> str:
    return _holding(connection) or _unproved(connection)


def _unproved(connection: Connection) -> str:
    """What was altered is looked into with all that there is."""
    proof = proven.last(connection)
    if proof is None or proof.does_hold:
        return ""
    return (
        "nothing is purged: when it was last proved, the record of captures did not hold "
        f"({proof.fault}). `lexwatch verify` proves it anew"
    )


def _holding(connection: Connection) -> str:
    table = operation.legal_hold
    query = select(table.c.id).where(table.c.released_at.is_(None)).order_by(table.c.id)
    numbers = ", ".join(map(str, connection.execute(query).scalars()))
    return numbers and (
        f"nothing is purged: legal hold {numbers} is in force. `lexwatch hold --list` says why, "
        "`lexwatch hold --release NUMBER` ends one"
    )


def _counted(bodies: Collection[Row], letters: Collection[Row], runs: int) -> Purged:
    return Purged(
        bodies=len(bodies),
        body_bytes=sum(size for _, size in bodies),
        letters=len(letters),
        letter_bytes=sum(size for _, size in letters),
        job_runs=runs,
    )


def _bodies(
    connection: Connection, rules: Rules, now: datetime, among: Collection[str] | None = None
) -> Sequence[Row]:
    """The bodies that may go, all or `among` some, with their compressed sizes."""
    if not rules.pages_days:
        return ()
    table, page = schema.body, schema.page
    kept = select(page.c.sha256).where(_must_stay(connection, now - timedelta(rules.pages_days)))
    size = func.length(table.c.compressed)
    query = select(table.c.sha256, size).where(size > 0)
    if among is not None:
        kept = kept.where(page.c.sha256.in_(among))
        query = query.where(table.c.sha256.in_(among))
    return connection.execute(query.where(table.c.sha256.not_in(kept))).all()


def _must_stay(connection: Connection, before: datetime) -> ColumnElement[bool]:
    """The condition that the body of a page is kept, whatever its age or until it is old."""
    page, later = schema.page, schema.page.alias()
    newer = select(later.c.id).where(
        later.c.url == page.c.url, later.c.status == 200, later.c.id > page.c.id
    )
    shown = select(schema.seen.c.page_id).where(schema.seen.c.run_id.in_(_proving(connection)))
    return or_(
        page.c.fetched_at >= before,
        page.c.read_at.is_(None),  # nobody knows yet what it says
        page.c.source == BY_HAND,
        page.c.status.in_(MISSING),
        page.c.id.in_(select(schema.version.c.page_id)),
        and_(page.c.status == 200, ~newer.exists()),  # with it the next visit is compared
        page.c.id.in_(shown),
    )


def _proving(connection: Connection) -> list[int]:
    """The runs on which a removal rests: from the reading before it that did not name the document
    to the one that concluded it."""
    run, change = schema.run, schema.change
    concluding = select(change.c.run_id).where(change.c.kind == ChangeKind.REMOVED)
    found: set[int] = set()
    for row in connection.execute(select(run).where(run.c.id.in_(concluding))).all():
        begun = complete_before(connection, to_run(row)) or row.started_at
        between = run.c.started_at.between(begun, row.started_at)
        query = select(run.c.id).where(run.c.source == row.source, between)
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _purge_bodies(
    database: Database, bodies: Sequence[Row], rules: Rules, now: datetime
) -> Iterator[Row]:
    table, rule = schema.body, f"pages_days = {rules.pages_days}"
    for some in _parts(bodies):
        with database.write() as connection:
            _refuse(connection)
            # Asked once more: since then one may have made a version, or been served again.
            still = _bodies(connection, rules, now, [sha256 for sha256, _ in some])
            names = [sha256 for sha256, _ in still]
            these = table.c.sha256.in_(names)
            gone = connection.execute(select(table.c.sha256, table.c.size).where(these)).all()
            _bury(connection, gone, rule, now)
            connection.execute(update(table).where(these).values(compressed=b""))
        yield from still


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    yield from (rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER))


def _bury(connection: Connection, gone: Sequence[Row], rule: str, now: datetime) -> None:
    """Write down what is purged: SHA-256 and size in bytes of each."""
    rows = [
        {"sha256": sha256, "size": size, "purged_at": now, "rule": rule} for sha256, size in gone
    ]
    ignore(connection, operation.tombstone, rows)


def _letters(connection: Connection, rules: Rules, now: datetime) -> Sequence[Row]:
    """The letters whose message may go: they ended, and what they were made of stays. One that was
    suppressed is made anew once mail may go there."""
    if not rules.letters_days:
        return ()
    table = outgoing.delivery
    query = select(table.c.key, func.length(table.c.body)).where(
        table.c.body.is_not(None),
        table.c.outcome.in_(FINAL - {Outcome.SUPPRESSED}),
        table.c.finished_at < now - timedelta(rules.letters_days),
    )
    return connection.execute(query.order_by(table.c.key)).all()


def _purge_letters(
    database: Database, letters: Sequence[Row], rules: Rules, now: datetime
) -> Iterator[Row]:
    table, rule = outgoing.delivery, f"letters_days = {rules.letters_days}"
    for some in _parts(letters):
        with database.write() as connection:
            _refuse(connection)
            these = and_(
                table.c.key.in_([key for key, _ in some]),
                # Asked once more: one may be in the queue again.
                table.c.outcome.in_(FINAL - {Outcome.SUPPRESSED}),
                table.c.body.is_not(None),
            )
            rows = connection.execute(select(table.c.key, table.c.body).where(these)).all()
            said = [zlib.decompress(row.body) for row in rows]
            gone = [(hashlib.sha256(each).hexdigest(), len(each)) for each in said]
            _bury(connection, gone, rule, now)
            connection.execute(update(table).where(these).values(body=None))
        yield from ((row.key, len(row.body)) for row in rows)


def _old_runs(rules: Rules, now: datetime) -> ColumnElement[bool]:
    """The condition that a job's run is kept no more; the last of each job stays: what is due is
    reckoned from it."""
    table = operation.job_run
    newest = select(func.max(table.c.id)).group_by(table.c.job)
    if not rules.job_runs_days:
        return table.c.id < 0
    is_old = table.c.ended_at < now - timedelta(rules.job_runs_days)
    return is_old & table.c.id.not_in(newest)
