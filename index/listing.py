"""Which changes a period has, in few words: for lists, counts and pages, without their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from index import history, schema, store
from index.database import Database
from index.kept import kept
from pipeline.errors import NotHeld
from pipeline.model import NOT_IMMIGRATION, Change, ChangeClass, ChangeKind

LARGEST = 2**31 - 1  # a number that every database takes
KEPT = 300  # changes with their texts, while nothing is written


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A change by its number; `topics` are those it is tagged with."""

    id: int
    source: str
    kind: ChangeKind
    change_class: ChangeClass
    recorded_at: datetime
    topics: frozenset[str]

    @property
    def is_apart(self) -> bool:
        """Whether it is about something else than immigration, which conditions by agency and word
        catch too."""
        return NOT_IMMIGRATION in self.topics


def listed(
    database: Database, since: datetime, until: datetime, *, everything: bool = False
) -> tuple[Listed, ...]:
    """The changes recorded in the half-open period [since, until), the newest first. Noise and what
    the first crawl of a source found are left out, but where `everything` is asked for."""
    table, known = schema.change, schema.document
    wanted = [table.c.recorded_at >= since, table.c.recorded_at < until]
    if not everything:
        wanted += [table.c.baseline.is_(False), table.c.change_class != ChangeClass.NOISE]
    columns = (table.c.id, known.c.source, table.c.kind, table.c.change_class, table.c.recorded_at)
    query = select(*columns).join(known).where(*wanted)
    with database.read() as connection:
        rows = connection.execute(query.order_by(table.c.recorded_at.desc(), table.c.id.desc()))
        topics = _topics(connection, wanted)
        return tuple(
            Listed(
                id=row.id,
                source=row.source,
                kind=ChangeKind(row.kind),
                change_class=ChangeClass(row.change_class),
                recorded_at=row.recorded_at,
                topics=frozenset(topics.get(row.id, ())),
            )
            for row in rows
        )


def newest(database: Database, before: datetime) -> datetime | None:
    """When the last change before a moment was recorded, but noise and first crawls; None: none."""
    table = schema.change
    query = select(func.max(table.c.recorded_at)).where(
        table.c.recorded_at < before,
        table.c.baseline.is_(False),
        table.c.change_class != ChangeClass.NOISE,
    )
    with database.read() as connection:
        found: datetime | None = connection.execute(query).scalar()
        return found


def first(database: Database) -> datetime | None:
    """When the first change of all was recorded, first crawls included; None where none was."""
    with database.read() as connection:
        found: datetime | None = connection.execute(
            select(func.min(schema.change.c.recorded_at))
        ).scalar()
        return found


def numbered(database: Database, numbers: Sequence[int]) -> tuple[Change, ...]:
    """Changes by number, in the order of the numbers, with what is known today. Who asks again
    while nothing is written is handed the same."""
    with database.read() as connection:
        held = kept(connection, "changes")
        lacking = [number for number in numbers if number not in held]
        new = {each.id: each for each in history.numbered(connection, lacking)} if lacking else {}
        found = {number: new.get(number) or held.get(number) for number in numbers}
        while held and len(held) + len(new) > KEPT:
            held.pop(next(iter(held)), None)
        held.update(new)
    return tuple(each for each in found.values() if each is not None)


def one(database: Database, number: int) -> Change:
    """A change with what is known of it today. Raises `NotHeld` where there is none."""
    found = numbered(database, [number]) if number <= LARGEST else ()
    if not found:
        raise NotHeld(f"there is no change {number}: see what changed, by day")
    return found[0]


def beside(database: Database, change: Change) -> tuple[int | None, int | None]:
    """The numbers of the changes of a document before and after one of its; None where none is."""
    table, known = schema.change, schema.document
    document = change.document
    query = (
        select(table.c.id)
        .join(known)
        .where(known.c.source == document.source, known.c.key == document.key)
        .order_by(table.c.seen_at, table.c.id)
    )
    with database.read() as connection:
        numbers = [*connection.execute(query).scalars()]
    at = numbers.index(change.id)
    return next(iter(numbers[at - 1 : at]), None), next(iter(numbers[at + 1 : at + 2]), None)


def compared(database: Database, change: Change) -> tuple[int, int] | None:
    """Which versions of its document a change lies between, counted from 1 as `index.lookup` does;
    None where it is none of two texts of one document."""
    table = schema.change
    with database.read() as connection:
        row = connection.execute(select(table).where(table.c.id == change.id)).one()
        held = store.numbers(connection, row.document_id)
    ends = (row.old_version_id, row.new_version_id)
    if not all(each in held for each in ends):
        return None
    old, new = (held.index(each) + 1 for each in ends)
    return old, new


def _topics(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> dict[int, list[str]]:
    table, topic = schema.change, schema.change_topic
    query = select(topic.c.change_id, topic.c.topic).join(table).where(*wanted)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, name in connection.execute(query):
        found[number].append(name)
    return found
