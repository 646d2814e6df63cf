"""The schedule's ledger: when a job was due, when it ran, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from index.archive import added
from index.database import Database
from index.operation import job_run as table


class JobState(StrEnum):
    """What became of a job. CUT_OFF: the schedule that ran it was stopped, or died; MISSED: nobody
    ran it, and it was too late to make up for it."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CUT_OFF = "cut off"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True)
class JobRun:
    """One time that a job was due. `due_at` is the moment that its cron line names."""

    id: int
    job: str
    due_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    state: JobState
    exit_code: int | None
    said: str

    @property
    def took(self) -> timedelta | None:
        """None where it never began, or has not ended."""
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at


def begin(database: Database, job: str, due: datetime, at: datetime, said: str = "") -> int:
    """Note that a job begins; returns the number under which its end is noted."""
    row = {"job": job, "due_at": due, "started_at": at, "state": JobState.RUNNING, "said": said}
    with database.write() as connection:
        return added(connection.execute(insert(table).values(row)))


def end(
    database: Database,
    number: int,
    at: datetime,
    state: JobState,
    *,
    exit_code: int | None = None,
    said: str = "",
) -> None:
    """Note how a job ended; what was said at its beginning stays where nothing is said now."""
    ended = {"ended_at": at, "state": state, "exit_code": exit_code}
    with database.write() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == number)
            .values(ended | ({"said": said} if said else {}))
        )


def miss(database: Database, job: str, due: datetime, at: datetime, said: str) -> None:
    """Note that a job did not run when it was due and no longer will."""
    row = {"job": job, "due_at": due, "ended_at": at, "state": JobState.MISSED, "said": said}
    with database.write() as connection:
        connection.execute(insert(table).values(row))


def cut_off(database: Database, at: datetime, said: str) -> tuple[JobRun, ...]:
    """Mark those that are said to be running, of which whoever asks knows that they are not."""
    running = table.c.state == JobState.RUNNING
    with database.write() as connection:
        rows = connection.execute(select(table).where(running).order_by(table.c.id)).all()
        if rows:
            values = {"state": JobState.CUT_OFF, "ended_at": at, "said": said}
            connection.execute(update(table).where(running).values(values))
    return tuple(map(_run, rows))


def of(connection: Connection, job: str, due: datetime) -> tuple[JobRun, ...]:
    """What became of a job that was due at a moment, oldest first; nothing where nobody ran it."""
    query = select(table).where(table.c.job == job, table.c.due_at == due).order_by(table.c.id)
    return tuple(_run(row) for row in connection.execute(query))


def last(connection: Connection) -> Mapping[str, JobRun]:
    """The newest entry of each job."""
    newest = select(func.max(table.c.id)).group_by(table.c.job)
    rows = connection.execute(select(table).where(table.c.id.in_(newest)))
    return {row.job: _run(row) for row in rows}


def runs(connection: Connection, job: str | None = None, limit: int = 100) -> tuple[JobRun, ...]:
    """The newest entries first, of one job or of all."""
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if job is not None:
        query = query.where(table.c.job == job)
    return tuple(_run(row) for row in connection.execute(query))


def _run(row: Row[Any]) -> JobRun:
    return JobRun(
        id=row.id,
        job=row.job,
        due_at=row.due_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        state=JobState(row.state),
        exit_code=row.exit_code,
        said=row.said,
    )
