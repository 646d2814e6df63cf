"""What a packet for continuing legal education costs: six months, in every format.

    python -m benchmarks.packet FOLDER [--from DAY] [--to DAY] [--formats docx,pdf,html,md]

FOLDER is a data folder that is indexed (`python -m benchmarks.search` makes one of the judged set).
It is only read: in a copy of its database every document of the Federal Register is new on the day
on which it was published, and so many chapters and decisions as `UNDATED` are new or changed in
turn over the period, a chapter against a text of which every fifth paragraph lacked a word.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import select, update

from alerts.cle import authorities, packet
from alerts.packet import markdown, page, pdf, word
from benchmarks.alerts import Clock
from benchmarks.stores import settings
from benchmarks.tables import tabulated
from index import citator, history, schema, store
from lexwatch import course, gathered
from lexwatch.app import App
from lexwatch.course import FORMATS, Course
from pipeline import diff
from pipeline.model import Version

FIRST, LAST = date(2023, 4, 1), date(2023, 9, 30)  # where the corpora are densest
UNDATED = 120  # chapters and decisions, which state no day of publication as a field
BEFORE = datetime(2019, 1, 1, tzinfo=UTC)  # when all else was taken in


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="since", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--to", dest="until", type=date.fromisoformat, default=LAST)
    parser.add_argument("--formats", default=",".join(FORMATS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        app = _dated(given.folder, Path(place), given.since, given.until)
        _measure(app, given.since, given.until, tuple(given.formats.split(",")))


def _measure(app: App, since: date, until: date, formats: tuple[str, ...]) -> None:
    clock = Clock()
    for name, module in (("docx", word), ("pdf", pdf), ("html", page), ("md", markdown)):
        clock.watch(module, "write", f"writing {name}")
    clock.watch(history, "recorded", "gathering the changes")
    clock.watch(gathered, "cited", "reading what they cite")
    clock.watch(citator, "resolve_all", "naming authorities")
    clock.watch(citator, "statuses", "asking what became of them")
    clock.watch(course, "shelf", "the rest of what is held besides")
    clock.watch(course, "missed", "days without a reading")
    clock.watch(course, "build", "making the packet")
    clock.watch(packet, "redacted", "redacting")
    clock.watch(authorities, "tell", "the table of authorities")
    began, used = time.monotonic(), time.process_time()
    asked = Course(
        since=since, until=until, topics=(), minutes=60, jurisdiction="", formats=formats
    )
    written = course.write(app, asked)
    wall, processor = time.monotonic() - began, time.process_time() - used
    rows = [(name, f"{spent:.1f}") for name, spent in clock.spent.items()]
    told = sum(clock.spent.values())
    rows += [("all else", f"{processor - told:.1f}"), ("together", f"{processor:.1f}")]
    console = Console()
    console.print(tabulated(f"Seconds of the processor, {since} to {until}", ("", "s"), rows))
    sizes = [(path.name, f"{path.stat().st_size / 1000:,.0f}") for path in written.paths]
    console.print(tabulated("Kilobytes", ("", "kB"), sizes))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    console.print(f"{wall:.1f} s by the clock, {peak:,.0f} MB at most")


def _dated(folder: Path, place: Path, since: date, until: date) -> App:
    """A copy of a folder's database in which documents came when they were published."""
    source = sqlite3.connect(folder / "lexwatch.db")
    source.execute("VACUUM INTO ?", (str(place / "lexwatch.db"),))
    source.close()
    app = App(settings(place), lambda: _at(until))
    table, version, document = schema.change, schema.version, schema.document
    query = (
        select(table.c.id, version.c.id.label("version"), version.c.page_id, document.c.id)
        .add_columns(version.c.published_on, document.c.kind)
        .select_from(table)
        .join(document, document.c.current == table.c.new_version_id)
        .join(version, version.c.id == table.c.new_version_id)
        .order_by(table.c.id)
    )
    with app.database.write() as connection:
        rows = connection.execute(query).all()
        undated = [row for row in rows if row.published_on is None]
        chosen = {row[0]: at for at, row in enumerate(undated[:: len(undated) // UNDATED])}
        for row in rows:
            change, held, archived, owner, published, kind = row
            at = _at(published) if published else BEFORE
            values: dict[str, Any] = {}
            if change in chosen:
                days = (until - since).days
                at = _at(since + timedelta(days=chosen[change] * days // len(chosen)))
                if kind == "policy-manual-chapter":
                    values = _changed(connection, owner, archived, held)
            values |= {
                "baseline": not since <= at.date() <= until,
                "recorded_at": at,
                "seen_at": at,
            }
            connection.execute(update(table).where(table.c.id == change).values(**values))
    return app


def _changed(connection: Any, owner: int, page: int, number: int) -> dict[str, Any]:
    """A chapter as changed from an earlier text."""
    held = store.version(connection, number)
    old = _earlier(held)
    found = diff.compare(old, held)
    if found is None:
        return {}
    before = store.add_version(connection, owner, page, old, is_current=False)
    return {
        "old_version_id": before,
        "difference": found,
        "kind": found.kind,
        "change_class": found.change_class,
    }


def _earlier(held: Version) -> Version:
    """The text without the last word of every fifth block."""
    blocks = tuple(
        replace(block, text=block.text.rpartition(" ")[0] or block.text, marks=())
        if at % 5 == 4
        else block
        for at, block in enumerate(held.blocks)
    )
    return replace(held, blocks=blocks, seen_at=held.seen_at - timedelta(days=90))


def _at(day: date) -> datetime:
    return datetime.combine(day, hour(18), UTC)


if __name__ == "__main__":
    main()
