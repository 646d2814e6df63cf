"""Up to when subscriptions were told: it moves on with what is queued, and back where that was
missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, union, update

from index import outgoing, schema
from index.archive import ignore
from pipeline.letter import RECEIVED, LetterKind, Told

_MOMENTS = (outgoing.told.c.until, schema.change.c.recorded_at)


def told(connection: Connection, numbers: Collection[int] | None = None) -> Told:
    """Up to when subscriptions were told, all or some, by kind of letter and channel."""
    query = select(outgoing.told)
    if numbers is not None:
        query = query.where(outgoing.told.c.subscription_id.in_(numbers))
    rows = connection.execute(query)
    return {(row.subscription_id, LetterKind(row.kind), row.channel): row.until for row in rows}


def tell(connection: Connection, given: Told) -> None:
    """Note that subscriptions were told all there is up to a moment."""
    rows = [
        {"subscription_id": number, "kind": kind, "channel": channel, "until": until}
        for (number, kind, channel), until in given.items()
    ]
    if not rows:
        return
    ignore(connection, outgoing.told, rows)
    named = {"subscription_id": "number", "kind": "of", "channel": "over", "until": "moment"}
    connection.execute(
        _of(bindparam("number"), bindparam("of"), bindparam("over")).values(
            until=bindparam("moment")
        ),
        [{named[column]: value for column, value in row.items()} for row in rows],
    )


def put_back(connection: Connection, letter: Row[Any]) -> None:
    """A letter's subscriptions are told again from where it began: nobody received it. But for
    those of which a later one arrived, since that would be told again with it."""
    arrived = _arrived_later(connection, letter)
    table = outgoing.told
    for number, start in letter.starts.items():
        if number not in arrived:
            moment = datetime.fromisoformat(start)
            earlier = _of(int(number), letter.kind, letter.channel).where(table.c.until > moment)
            connection.execute(earlier.values(until=moment))


def tell_again(connection: Connection, letter: Row[Any]) -> None:
    """Of those that were put back to where a letter begins, and to nowhere else."""
    for number, start in letter.starts.items():
        there = outgoing.told.c.until == datetime.fromisoformat(start)
        moved = _of(int(number), letter.kind, letter.channel).where(there)
        connection.execute(moved.values(until=letter.until))


def ahead(connection: Connection, now: datetime) -> list[datetime]:
    """The moments later than `now` at which something was found or up to which readers were told,
    in order: a clock was wrong."""
    limit = now + datetime.resolution  # up to there is told what is told at once
    found = {
        moment
        for column in _MOMENTS
        for moment in connection.execute(select(column).where(column > limit).distinct()).scalars()
    }
    return sorted(found)


def put_right(connection: Connection, now: datetime) -> datetime | None:
    """Put back to `now` what lies ahead of it, and say how far it lay: a clock was wrong, and what
    is found until it is overtaken would never be told.

    What was found and what was told ahead of it keep their order, a microsecond apart: so nothing
    is told twice of what was told then, and what was not waits for no moment that is far off.
    """
    moments = ahead(connection, now)
    moved = [
        {"wrong": moment, "right": now - place * datetime.resolution}
        for place, moment in enumerate(reversed(moments))
    ]
    for column in _MOMENTS if moved else ():
        wrong = update(column.table).where(column == bindparam("wrong"))
        connection.execute(wrong.values({column.name: bindparam("right")}), moved)
    return moments[-1] if moments else None


def replaced(connection: Connection) -> dict[int, list[int]]:
    """By subscription that runs, those that ended when it began, of the same reader or the same
    address; where one of these was never told, those that it replaced itself."""
    before, running = _replaced(connection)
    known = set(connection.execute(select(outgoing.told.c.subscription_id)).scalars())
    found: dict[int, list[int]] = {}
    for number in running & before.keys():
        followed, left = set[int](), [number]
        while left:
            for old in before.get(left.pop(), set()) - followed:
                followed.add(old)
                if old not in known:
                    left.append(old)
        found[number] = sorted(followed)
    return found


def _of(number: Any, kind: Any, channel: Any) -> Any:
    table = outgoing.told
    return update(table).where(
        table.c.subscription_id == number, table.c.kind == kind, table.c.channel == channel
    )


def _arrived_later(connection: Connection, letter: Row[Any]) -> set[str]:
    """The subscriptions (as `starts` has them) of later letters that their reader received."""
    table = outgoing.delivery
    later = select(table.c.starts).where(
        table.c.address == letter.address,
        table.c.kind == letter.kind,
        table.c.channel == letter.channel,
        table.c.until > letter.until,
        table.c.outcome.in_(RECEIVED),
    )
    return {number for starts in connection.execute(later).scalars() for number in starts}


def _replaced(connection: Connection) -> tuple[Mapping[int, set[int]], set[int]]:
    """What each took the place of, directly, and which of them run."""
    new, old = outgoing.subscription, outgoing.subscription.alias()
    # Two queries, which databases join by what must be equal; "or" would have them try all pairs.
    pairs = union(
        *(
            select(new.c.id, old.c.id.label("old")).where(
                old.c.ended_at == new.c.begun_at, old.c[name] == new.c[name]
            )
            for name in ("reader", "address")
        )
    )
    before: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(pairs):
        before[row.id].add(row.old)
    running = connection.execute(select(new.c.id).where(new.c.ended_at.is_(None))).scalars()
    return before, set(running)
