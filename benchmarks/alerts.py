"""What alerts cost: a week's changes matched for many readers, beside the loop over all pairs.

    python -m benchmarks.alerts FOLDER

FOLDER is a data folder that is indexed (`python -m benchmarks.search` makes one of the judged set).
It is only read (and brought up to date where an older program made it). Its documents play a week's
changes, two thirds of them new, the others with every fifth paragraph reworded. Subscriptions ask
for what stands in them: half for topics, a tenth for a source and a class, a fifth for authorities,
a tenth each for words, terms and connectors, and for a sentence of benchmarks/queries.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Connection, Row, Select, func, select

from alerts.match import match
from benchmarks.stores import settings
from benchmarks.tables import tabulated
from index import derived, grounds, schema, store
from lexwatch import matching
from lexwatch.app import App
from pipeline import diff
from pipeline.grounds import Grounds, gather
from pipeline.model import Change, ChangeKind, Edit, EditKind, Span
from pipeline.query.words import tokens
from pipeline.subscription import Subscription

READERS, EACH, CHANGES = 2_000, 10, 300
NAIVE = 40  # subscriptions that the loop over all pairs is timed with; it is as slow for others
SEED = 7
QUERIES = Path(__file__).with_name("queries")
LONGEST = 30_000  # bytes, from which on a document is as good as a longer one
_SHORT, _LONG = 5, 12  # letters of words that say something


@dataclass(kw_only=True)
class Clock:
    """Seconds by step, of the processor and by the clock."""

    spent: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.process_time(), time.perf_counter()
        yield
        self.spent[name] = time.process_time() - began[0], time.perf_counter() - began[1]
        print(f"{name}: {self.spent[name][0]:.1f} s", file=sys.stderr)


def week(app: App, count: int) -> list[Change]:
    """Documents of a store as if they had come, or changed, this week; the richest in words."""
    change, document, version = schema.change, schema.document, schema.version
    query: Select[Any] = (
        select(change.c.id, document.c.id.label("document"), version.c.id.label("version"))
        .join(document, document.c.current == change.c.new_version_id)
        .join(version, version.c.id == change.c.new_version_id)
        .order_by(func.min(func.length(version.c.blocks), LONGEST).desc(), change.c.id)
        .limit(2 * count)
    )
    with app.database.read() as connection:
        held = [_appeared(connection, row) for row in connection.execute(query).all()]
    drawn = random.Random(SEED).sample(held, min(count, len(held)))  # noqa: S311
    return [_amended(each) if place % 3 == 2 else each for place, each in enumerate(drawn)]


def subscriptions(changes: Sequence[Change], readers: int, each: int) -> list[Subscription]:
    """What so many readers ask for, of what stands in these changes."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark, always the same
    topics = sorted({tag.topic for change in changes for tag in change.tags} or {"asylum"})
    sources = sorted({change.document.source for change in changes})
    cited = sorted({one.name for change in changes for one in _offered(change).mentions})
    said = [word for change in changes for word in _telling(change)]
    sentences = [
        json.loads(line)["query"]
        for path in sorted(QUERIES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    wanted: list[Subscription] = []
    for number in range(readers * each):
        reader = f"reader{number // each}"
        blank = Subscription(reader=reader, address=f"{reader}@example.com", id=number + 1)
        kind = number % 10
        if kind < 5:
            asks = replace(blank, topics=tuple(chance.sample(topics, min(2, len(topics)))))
        elif kind == 5:
            asks = replace(blank, sources=(chance.choice(sources),), classes=("substantive",))
        elif kind < 8:
            asks = replace(blank, authorities=tuple(chance.sample(cited, 2)))
        elif kind == 8:
            sign = chance.choice((" ", " /s ", " /p ", " AND "))
            asks = replace(blank, words=sign.join(chance.sample(said, 2)))
        else:
            asks = replace(blank, meaning=chance.choice(sentences))
        wanted.append(asks)
    return wanted


def naive(
    wanted: Sequence[Subscription], changes: Sequence[Change], offered: dict[int, Grounds], app: App
) -> int:
    """Each subscription against each change, by itself."""
    names = app.names
    return sum(
        len(match([one], [change], names, {change.id: offered[change.id]}))
        for change in changes
        for one in wanted
    )


def measure(app: App, readers: int, each: int, count: int) -> None:
    clock, console = Clock(), Console()
    changes = week(app, count)
    wanted = subscriptions(changes, readers, each)
    few = [replace(one, meaning="") for one in wanted[:: len(wanted) // NAIVE + 1]]  # of every kind
    few = [one for one in few if one.topics or one.sources or one.authorities or one.words]
    _ = app.names
    with clock.step("what changes offer"), app.database.read() as connection:
        offered = grounds.gather(connection, changes, {})
    with clock.step("matched, all but meaning"):
        plain = match([replace(one, meaning="") for one in wanted if not one.meaning], changes,
                      app.names, offered)  # fmt: skip
    with clock.step("matched, the loop over pairs*"):
        naive(few, changes, offered, app)
    loop = clock.spent["matched, the loop over pairs*"]
    scale = len(wanted) * 0.9 / len(few)
    clock.spent["matched, the loop over pairs*"] = loop[0] * scale, loop[1] * scale
    with clock.step("all, first time (sentences embedded)"):
        found = matching.found(app, wanted, changes)
    with clock.step("all, again"):
        matching.found(app, wanted, changes)
    rows = [
        (name, f"{cpu:,.1f}", f"{wall:,.1f}", f"{1000 * cpu / readers:,.2f}")
        for name, (cpu, wall) in clock.spent.items()
    ]
    title = (
        f"{readers:,} readers × {each} subscriptions, {len(changes)} changes of "
        f"{sum(len(one.new.text) for one in changes):,} characters"
    )
    columns = ("step", "processor s", "clock s", "ms a reader")
    console.print(tabulated(title, columns, rows))
    distinct = len({one.words for one in wanted}), len({one.meaning for one in wanted})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(
        f"{len(found.alerts):,} alerts ({len(plain):,} without meaning), {distinct[0]:,} searches, "
        f"{distinct[1]:,} sentences, {len(found.failures)} failures; peak {peak} MB"
    )
    console.print(f"* timed with {len(few)} subscriptions, and multiplied")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a data folder")
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--each", type=int, default=EACH, help="subscriptions of a reader")
    parser.add_argument("--changes", type=int, default=CHANGES)
    given = parser.parse_args()
    measure(App(settings(given.folder)), given.readers, given.each, given.changes)


def _appeared(connection: Connection, row: Row[Any]) -> Change:
    new = store.version(connection, row.version)
    return Change(
        id=row.id,
        document=new.document,
        old=None,
        new=new,
        difference=diff.appear(new),
        tags=derived.topics_of(connection, row.document),
        seen_at=new.seen_at,
        recorded_at=new.seen_at,
    )


def _amended(change: Change) -> Change:
    """The document with a word of every fifth paragraph taken out."""
    edits = []
    for place, block in enumerate(change.new.blocks[::5]):
        cut = len(block.text.partition(" ")[0])
        edits.append(
            Edit(
                kind=EditKind.REWORDED,
                old=block,
                new=replace(block, text=block.text[cut:]),
                old_index=place * 5,
                new_index=place * 5,
                deleted=(Span(start=0, end=cut),),
            )
        )
    difference = replace(change.difference, kind=ChangeKind.TEXT, edits=tuple(edits))
    return replace(change, old=change.new, difference=difference)


def _telling(change: Change) -> Iterable[str]:
    words = {each.word for each in tokens(change.new.text[:20_000]) if each.word.isalpha()}
    return sorted(word for word in words if _SHORT <= len(word) <= _LONG)[:200]


def _offered(change: Change) -> Grounds:
    return gather(change, treatments=())


if __name__ == "__main__":
    main()
