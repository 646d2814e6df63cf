"""The table of deadlines, kept in step with what the documents held state today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from index import derived, schema
from index.database import Database
from index.outgoing import deadline
from index.stated import Holding, Stated, affected, stated
from pipeline.calendar import eastern
from pipeline.deadline import together
from pipeline.model import DateKind, Deadline, Document
from pipeline.moves import Kept, moves

FACT = "deadlines"  # the number of the last change, and the day on which all was gone through
BATCH = 200  # documents judged together
NAMED = 500  # in one query: databases bound the values of one
MANY = 1_000  # changes after which it is cheaper to go through everything


@dataclass(frozen=True, kw_only=True)
class Synced:
    """How many deadlines came, moved, ended and came back."""

    new: int = 0
    moved: int = 0
    cancelled: int = 0
    back: int = 0

    def __add__(self, other: Synced) -> Synced:
        return Synced(
            new=self.new + other.new,
            moved=self.moved + other.moved,
            cancelled=self.cancelled + other.cancelled,
            back=self.back + other.back,
        )


def sync(database: Database, at: datetime, *, whole: bool = False) -> Synced:
    """Write down what falls due from the day of `at` on: what is new, moved or ended since.

    Only what changed since the last time is gone through, with the documents joined with it; all of
    it where `whole`, and once a day: a rebuild, which makes no changes, may read dates better. What
    has passed stays as it was told, and nothing is ever deleted.
    """
    today = eastern(at)
    with database.read() as connection:
        last = connection.execute(select(func.max(schema.change.c.id))).scalar() or 0
        through, _, day = derived.get_fact(connection, FACT).partition(" ")
        is_whole = whole or day != today.isoformat() or last - int(through) > MANY
        if not is_whole and int(through) == last:
            return Synced()
        documents = affected(connection, None if is_whole else int(through), today)
        found = [
            each
            for start in range(0, len(documents), BATCH)
            for each in stated(connection, documents[start : start + BATCH])
        ]
    with database.write() as connection:
        done = sum((_keep(connection, each, at) for each in found), Synced())
        derived.set_fact(connection, FACT, f"{last} {today.isoformat()}")
    return done


def held(
    database: Database, since: date, until: date | None = None, *, cancelled: bool = True
) -> tuple[Deadline, ...]:
    """The deadlines from one day to another, both included, each told once, soonest first."""
    wanted = [deadline.c.on >= since]
    if until is not None:
        wanted.append(deadline.c.on <= until)
    if not cancelled:
        wanted.append(deadline.c.is_cancelled.is_(False))
    with database.read() as connection:
        rows = connection.execute(_deadlines().where(*wanted)).all()
        topics = _topics(connection, sorted({row.document_id for row in rows}))
    return together(_deadline(row, topics.get(row.document_id, ())) for row in rows)


def _keep(connection: Connection, found: Stated, at: datetime) -> Synced:
    """Bring the rows of one document in line with what is stated of it."""
    query = select(deadline).where(deadline.c.document_id == found.document)
    rows = connection.execute(query).all()
    kinds = {DateKind(row.kind) for row in rows} | {each.kind for each in found.own}
    return sum(
        (
            _keep_kind(connection, found, kind, [row for row in rows if row.kind == kind], at)
            for kind in sorted(kinds)
        ),
        Synced(),
    )


def _keep_kind(
    connection: Connection, found: Stated, kind: DateKind, rows: Sequence[Row[Any]], at: datetime
) -> Synced:
    own = {each.on: each for each in found.own if each.kind is kind}
    given = {each.on: each for each in found.instead if each.kind is kind} | own
    kept = [Kept(uid=row.uid, on=row.on, is_cancelled=row.is_cancelled) for row in rows]
    done = moves(kept, own.keys(), given.keys() - own.keys(), eastern(at))
    by_uid = {row.uid: row for row in rows}
    for uid, on in done.stays.items():
        if altered := _altered(by_uid[uid], given[on]):
            _write(connection, uid, {**altered, "changed_at": at})
    for uid, on in (*done.moved.items(), *done.back.items()):
        was = by_uid[uid].on if uid in done.moved else by_uid[uid].was
        moved = {"on": on, "was": was, "is_cancelled": False, "moved_at": at, "changed_at": at}
        _write(connection, uid, {**_said(given[on]), **moved}, is_move=True)
    for uid in done.ended:
        why = found.ended.get((kind, by_uid[uid].on)) or found.otherwise
        ended = {"is_cancelled": True, "why": why, "changed_at": at}
        _write(connection, uid, ended, is_move=True)
    for ordinal, on in enumerate(done.new, len(rows)):
        _add(connection, found.document, ordinal, own[on], at)
    return Synced(
        new=len(done.new),
        moved=len(done.moved),
        cancelled=len(done.ended),
        back=len(done.back),
    )


def _said(holding: Holding) -> dict[str, Any]:
    return {
        "words": holding.words,
        "read_from": holding.read_from,
        "why": holding.why,
        "version_id": holding.version,
        "act_id": holding.act,
    }


def _altered(row: Row[Any], holding: Holding) -> dict[str, Any]:
    """What of a date that stays is said otherwise; a newer version that says the same is none."""
    said = _said(holding)
    altered = {name: value for name, value in said.items() if value != row._mapping[name]}
    return {} if altered.keys() == {"version_id"} else altered


def _write(
    connection: Connection, uid: str, values: Mapping[str, Any], *, is_move: bool = False
) -> None:
    counted = {"sequence": deadline.c.sequence + 1} if is_move else {}
    connection.execute(update(deadline).where(deadline.c.uid == uid).values(**values, **counted))


def _add(
    connection: Connection, document: int, ordinal: int, holding: Holding, at: datetime
) -> None:
    known = schema.document
    row = connection.execute(
        select(known.c.source, known.c.key).where(known.c.id == document)
    ).one()
    connection.execute(
        insert(deadline).values(
            uid=_uid(f"{row.source}:{row.key}", holding.kind, ordinal),
            document_id=document,
            kind=holding.kind,
            on=holding.on,
            **_said(holding),
            known_at=at,
            moved_at=at,
            changed_at=at,
        )
    )


def _uid(name: str, kind: DateKind, ordinal: int) -> str:
    """The UID of the nth date of a kind that a document had: a UUID (RFC 7986, 5.3) made of its
    name, so that a store that is made anew gives its calendars no second copy."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"lexwatch:deadline:{name}:{kind}:{ordinal}"))


def _deadlines() -> Select[Any]:
    own, act, stating = (schema.document.alias(name) for name in ("own", "act", "stating"))
    current, version = schema.version.alias("current"), schema.version.alias("said")
    return (
        select(
            deadline,
            *(each.label(f"own_{each.name}") for each in (own.c.source, own.c.key, own.c.kind)),
            *(each.label(f"act_{each.name}") for each in (act.c.source, act.c.key, act.c.kind)),
            *(each.label(f"own_{each.name}") for each in (current.c.title, current.c.citation)),
            current.c.url.label("own_url"),
            stating.c.id.label("stating_id"),
            *(each.label(f"said_{each.name}") for each in (version.c.title, version.c.citation)),
            version.c.url.label("said_url"),
        )
        .select_from(deadline)
        .join(own, own.c.id == deadline.c.document_id)
        .join(act, act.c.id == deadline.c.act_id)
        .join(current, current.c.id == own.c.current)
        .join(version, version.c.id == deadline.c.version_id)
        .join(stating, stating.c.id == version.c.document_id)
    )


def _deadline(row: Row[Any], topics: Collection[str]) -> Deadline:
    is_own = row.stating_id == row.document_id
    return Deadline(
        uid=row.uid,
        document=Document(source=row.own_source, key=row.own_key, kind=row.own_kind),
        kind=DateKind(row.kind),
        on=row.on,
        was=row.was,
        words=row.words,
        read_from=row.read_from,
        why=row.why,
        title=row.own_title,
        citation=row.own_citation,
        url=row.own_url,
        by="" if is_own else row.said_citation or f"“{row.said_title}”",
        source=row.said_url,
        act=Document(source=row.act_source, key=row.act_key, kind=row.act_kind),
        sequence=row.sequence,
        is_cancelled=row.is_cancelled,
        known_at=row.known_at,
        moved_at=row.moved_at,
        changed_at=row.changed_at,
        topics=tuple(topics),
    )


def _topics(connection: Connection, documents: Sequence[int]) -> dict[int, list[str]]:
    """The topics of documents, by number, the surest first."""
    table = schema.document_topic
    found: dict[int, list[str]] = {}
    for start in range(0, len(documents), NAMED):
        some = documents[start : start + NAMED]
        query = select(table.c.document_id, table.c.topic).where(table.c.document_id.in_(some))
        for number, topic in connection.execute(
            query.order_by(table.c.score.desc(), table.c.topic)
        ):
            found.setdefault(number, []).append(topic)
    return found
