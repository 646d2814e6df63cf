"""An office of many readers: a store in which a week's changes came, and who subscribes there."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from benchmarks.stores import settings
from index import history, outgoing, schema, store
from lexwatch.app import App
from pipeline import diff
from pipeline.grounds import gather
from pipeline.model import NOT_IMMIGRATION, Change, Version
from pipeline.periods import period
from pipeline.query.words import tokens
from pipeline.subscription import Schedule, Subscription

TOGETHER = 1_000  # subscriptions written, or of one kind matched, together
SEED = 7
QUERIES = Path(__file__).with_name("queries")
LONGEST = 30_000  # bytes, from which on a document is as good as a longer one
LATER = timedelta(days=14)  # after the last crawl of the folder
_SHORT, _LONG = 5, 12  # letters of words that say something
KINDS = ("topics", "topics", "topics", "topics", "topics", "a source", "authorities", "authorities",
         "words", "meaning")  # fmt: skip


def make(folder: Path, place: Path, count: int) -> None:
    """A copy of a folder's database in which so many changes came this week."""
    place.mkdir()
    source = sqlite3.connect(folder / "lexwatch.db")
    source.execute("VACUUM INTO ?", (str(place / "lexwatch.db"),))
    source.close()
    app = App(settings(place))
    until = period(Schedule(), now(app))[1]
    table, document, version = schema.change, schema.document, schema.version
    query: Select[Any] = (
        select(table.c.id, version.c.id.label("version"), version.c.page_id, document.c.id)
        .select_from(table)
        .join(document, document.c.current == table.c.new_version_id)
        .join(version, version.c.id == table.c.new_version_id)
        .order_by(func.min(func.length(version.c.blocks), LONGEST).desc(), table.c.id)
        .limit(2 * count)
    )
    with app.database.write() as connection:
        rows = connection.execute(query).all()
        drawn = random.Random(SEED).sample(rows, min(count, len(rows)))  # noqa: S311
        for place_, (change, new, page, owner) in enumerate(drawn):
            at = until - timedelta(minutes=20 * (place_ + 1))
            values: dict[str, Any] = {"baseline": False, "recorded_at": at, "seen_at": at}
            if place_ % 3 == 2:
                held = store.version(connection, new)
                old = _earlier(held)
                values["old_version_id"] = store.add_version(
                    connection, owner, page, old, is_current=False
                )
                found = diff.compare(old, held)
                if found is not None:
                    values |= {"difference": found, "kind": found.kind}
                    values["change_class"] = found.change_class
            connection.execute(update(table).where(table.c.id == change).values(**values))
    app.database.close()


def wanted(
    changes: Sequence[Change], known: Collection[str], readers: int, each: int
) -> Iterator[Subscription]:
    """What so many readers ask for, of what stands in these changes; `known` are the sources that
    are installed."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark, always the same
    found = {tag.topic for change in changes for tag in change.tags} - {NOT_IMMIGRATION}
    topics = sorted(found or {"asylum"})
    sources = sorted({change.document.source for change in changes}.intersection(known))
    cited = sorted({one.name for change in changes for one in gather(change, None, ()).mentions})
    said = [word for change in changes for word in _telling(change)]
    sentences = [
        json.loads(line)["query"]
        for path in sorted(QUERIES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    for number in range(readers * each):
        reader = f"reader{number // each}"
        blank = Subscription(reader=reader, address=f"{reader}@example.com", origin="command")
        match KINDS[number % len(KINDS)]:
            case "topics":
                yield replace(blank, topics=tuple(chance.sample(topics, min(2, len(topics)))))
            case "a source":
                yield replace(blank, sources=(chance.choice(sources),), classes=("substantive",))
            case "authorities":
                yield replace(blank, authorities=tuple(chance.sample(cited, 2)))
            case "words":
                sign = chance.choice((" ", " /s ", " /p ", " AND "))
                yield replace(blank, words=sign.join(chance.sample(said, 2)))
            case _:
                yield replace(blank, meaning=chance.choice(sentences))


def subscribe(app: App, readers: int, each: int) -> None:
    """Write the subscriptions down."""
    names = [one.name for one in fields(Subscription) if one.name != "id"]
    begun = now(app) - 2 * LATER
    for some in batched(
        wanted(history.recorded(app.database), app.sources, readers, each), TOGETHER
    ):
        rows = [
            {name: _column(getattr(one, name)) for name in names} | {"begun_at": begun}
            for one in some
        ]
        with app.database.write() as connection:
            connection.execute(insert(outgoing.subscription), rows)


def now(app: App) -> datetime:
    """The moment at which all is served: the week of changes has ended."""
    with app.database.read() as connection:
        last = connection.execute(select(func.max(schema.run.c.started_at))).scalar()
    if not isinstance(last, datetime):
        raise SystemExit("nothing was ever crawled there")
    return last + LATER


def batched(every: Iterable[Subscription], count: int) -> Iterator[list[Subscription]]:
    """So many at a time."""
    left = iter(every)
    while some := [*islice(left, count)]:
        yield some


def _earlier(version: Version) -> Version:
    """The text with a word more in every fifth paragraph."""
    blocks = tuple(
        replace(block, text=f"Formerly {block.text}") if place % 5 == 0 else block
        for place, block in enumerate(version.blocks)
    )
    return replace(version, blocks=blocks, seen_at=version.seen_at - timedelta(days=1))


def _telling(change: Change) -> Iterable[str]:
    words = {each.word for each in tokens(change.new.text[:20_000]) if each.word.isalpha()}
    return sorted(word for word in words if _SHORT <= len(word) <= _LONG)[:200]


def _column(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
