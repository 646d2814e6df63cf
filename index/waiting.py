"""What waits to be done, and how old the newest of all is: counted for whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select

from index import outgoing, schema
from index.runs import Run, RunState, to_run
from pipeline.letter import FINAL, RECEIVED, LetterKind, Outcome

RUNS = 20  # of a source, the newest; of a longer row of failures more are not counted
DATED = 50  # of the newest captures those whose publisher said what time it was


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many pages nobody took in yet, passages that await Chroma, letters that await their
    sending, and of these `failing`: tried in vain so often as was asked. `oldest` is when the first
    of these was made; `given_up` letters nobody will receive."""

    pages: int
    passages: int
    letters: int
    failing: int
    oldest: datetime | None
    given_up: int


def waiting(connection: Connection, tries: int, since: datetime) -> Waiting:
    """What waits now; of letters given up those since a moment."""
    page, outbox, letter = schema.page, schema.outbox, outgoing.delivery
    is_waiting = letter.c.outcome.not_in(FINAL)
    fails = (letter.c.outcome == Outcome.FAILED) & (letter.c.attempts >= tries)
    failing = select(func.count(), func.min(letter.c.composed_at)).where(fails)
    count, oldest = connection.execute(failing).one()
    given_up = letter.c.outcome == Outcome.GIVEN_UP
    return Waiting(
        pages=_count(connection, select(page.c.id).where(page.c.read_at.is_(None))),
        passages=_count(connection, select(outbox.c.id)),
        letters=_count(connection, select(letter.c.key).where(is_waiting)),
        failing=count,
        oldest=oldest,
        given_up=_count(
            connection, select(letter.c.key).where(given_up, letter.c.finished_at >= since)
        ),
    )


def last_digest(connection: Connection) -> datetime | None:
    """When a digest last reached its reader's server or folder; None: none ever did."""
    table = outgoing.delivery
    query = select(func.max(table.c.finished_at)).where(
        table.c.kind == LetterKind.DIGEST, table.c.outcome.in_(RECEIVED)
    )
    return connection.execute(query).scalar()


def last_runs(connection: Connection, limit: int = RUNS) -> Mapping[str, tuple[Run, ...]]:
    """By source, its newest runs that came to a verdict, the newest first."""
    table = schema.run
    place = func.row_number().over(partition_by=table.c.source, order_by=table.c.id.desc())
    ended = table.c.state.in_((RunState.COMPLETE, RunState.FAILED))
    placed = select(table.c.id, place.label("place")).where(ended).subquery()
    query = (
        select(table)
        .join(placed, placed.c.id == table.c.id)
        .where(placed.c.place <= limit)
        .order_by(table.c.id.desc())
    )
    found: dict[str, list[Run]] = {}
    for row in connection.execute(query):
        found.setdefault(row.source, []).append(to_run(row))
    return {source: tuple(runs) for source, runs in found.items()}


def unread(connection: Connection, run: int) -> int:
    """How many pages that a run found could not be read, or were withheld."""
    page, seen = schema.page, schema.seen
    query = select(page.c.id).join(seen, seen.c.page_id == page.c.id)
    return _count(connection, query.where(seen.c.run_id == run, page.c.failure != ""))


def newest_capture(connection: Connection) -> datetime | None:
    """When the newest page was fetched, by this machine's clock; None: none was."""
    return connection.execute(select(func.max(schema.page.c.fetched_at))).scalar()


def clock_error(connection: Connection) -> timedelta | None:
    """By how much this machine's clock was ahead of the publishers' when pages were last fetched:
    the middle of what the newest said; None where none said it. A copy or a replay that was asked
    in a publisher's place has a clock of its own."""
    table = schema.page
    query = select(*table.c["url", "asked", "fetched_at", "headers"])
    errors = []
    for row in connection.execute(query.order_by(table.c.id.desc()).limit(DATED)):
        if urlsplit(row.asked).hostname != urlsplit(row.url).hostname:
            continue
        try:
            errors.append(row.fetched_at - parsedate_to_datetime(row.headers["date"]))
        except (KeyError, ValueError, TypeError):  # absent, malformed, without a zone
            continue
    return sorted(errors)[len(errors) // 2] if errors else None


def _count(connection: Connection, query: object) -> int:
    found = select(func.count()).select_from(query.subquery())  # type: ignore[attr-defined]
    return connection.execute(found).scalar_one()
