"""Take in documents that no crawl brought: those of a judged set, each by its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from index import archive, runs, schema
from index.database import Database
from index.intake import Rules, Task, take_in
from pipeline.model import Page, Version

TOGETHER = 100  # documents saved in one transaction
ROWS = 5_000  # vectors copied in one


def hold(
    database: Database, told: Sequence[tuple[Page, Version]], rules: Rules, now: datetime
) -> None:
    """Take in each version by its page, which is archived with it, as what a first visit finds."""
    numbers = {
        source: runs.begin_run(database, source, now).id
        for source in dict.fromkeys(page.source for page, _ in told)
    }
    for start in range(0, len(told), TOGETHER):
        with database.write() as connection:
            for page, version in told[start : start + TOGETHER]:
                run = numbers[page.source]
                task = Task(
                    page=archive.add(connection, page, run),
                    run=run,
                    baseline=True,
                    watched_since=None,
                    now=now,
                    rules=rules,
                )
                take_in(connection, version, task)
    for run in numbers.values():
        runs.end_crawl(database, run, requests=len(told), size=0, blocked=False, failures=())


def inherit(database: Database, older: Iterable[Database]) -> None:
    """Take over the vectors that other databases hold: what was embedded once is not again."""
    table = schema.vector
    for other in older:
        with other.read() as connection:
            found = connection.execute(select(table)).mappings()
            while rows := found.fetchmany(ROWS):
                with database.write() as written:
                    archive.ignore(written, table, [dict(row) for row in rows])
