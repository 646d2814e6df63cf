"""Which changes name which acts: written down when either comes in, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from index import derived, schema, store
from pipeline.calendar import eastern
from pipeline.diff import is_lesser
from pipeline.model import ChangeKind, Version
from pipeline.telling import LIVING, TELLERS, Words, brought, days, evidence, is_shared, names

# How the names are filed that a document goes by, and those that stand in it; no reader's query is
# spelled so.
ACT, NAMED = "act: ", "names: "
MARGIN = timedelta(days=2)  # between a day and its moments, wherever it is counted


def join(
    connection: Connection,
    document: int,
    number: int,
    version: Version,
    at: datetime | None,
) -> None:
    """Write down which acts the change names that brought a version (`number`), and which changes
    of other documents name this one, by the names that it had before, too. `at` is when that came
    to be known; None for a rebuild, which sets right what was known."""
    known = _act_names(connection, document)
    own = {f"{ACT}{name}" for name in names(version)}
    derived.set_identifiers(connection, document, own)
    changes = schema.change
    _save(connection, changes.c.new_version_id == number, at)
    every = [f"{NAMED}{name.removeprefix(ACT)}" for name in known | own]
    tellers = {each for each, _ in _filed(connection, every)} - {document}
    if tellers:
        now = store.without_text(connection, [document])[document]
        of = changes.c.document_id.in_(tellers)
        is_losing = bool((known | own) - {f"{ACT}{name}" for name in names(now)})
        _save(connection, of if is_losing else of & _is_near(document, now), at)


def _act_names(connection: Connection, document: int) -> set[str]:
    table = schema.identifier
    query = select(table.c.canonical).where(
        table.c.document_id == document, table.c.canonical.startswith(ACT)
    )
    return {*connection.execute(query).scalars()}


def _is_near(document: int, act: Version) -> ColumnElement[bool]:
    """The condition that a change may be part of an act or was: texts that live on have many
    changes, and all but the first bear the day on which we saw them."""
    change, kind, part = schema.change, schema.document.c.kind, schema.part
    first, last = (datetime.combine(day, time(), UTC) for day in days(act))
    seen = change.c.seen_at
    joined = select(part.c.change_id).where(part.c.document_id == document)
    is_whole = kind.not_in(LIVING) | change.c.kind.in_((ChangeKind.NEW, ChangeKind.NEXT))
    in_days = (seen >= first - MARGIN) & (seen <= last + MARGIN)
    return is_whole | in_days | change.c.id.in_(joined)


def _save(connection: Connection, of: ColumnElement[bool], at: datetime | None) -> None:
    change, document = schema.change, schema.document
    query = (
        select(change, document.c.kind.label("sort"))
        .select_from(change)
        .join(document, document.c.id == change.c.document_id)
        .where(of, document.c.kind.in_(TELLERS))
    )
    for row in connection.execute(query).all():
        words = _brought(connection, row)
        if words is not None:
            _replace(connection, row, words, at)


def _brought(connection: Connection, row: Row[Any]) -> Words | None:
    """What came with a change. When the words of a text that lives on came is unknown where it was
    read for the first time."""
    if row.baseline and row.kind == ChangeKind.NEW and row.sort in LIVING:
        return None
    new = store.version(connection, row.new_version_id)
    is_next = row.kind == ChangeKind.NEXT  # compared with another document
    old = (
        None
        if row.old_version_id is None or is_next
        else store.version(connection, row.old_version_id)
    )
    linked = _linked(connection, row, old, new)
    return brought(row.difference, old, new, linked, eastern(row.seen_at))


def _linked(connection: Connection, row: Row[Any], old: Version | None, new: Version) -> list[str]:
    """The addresses that came to be linked: a fuller text in print has none, and the poorer form
    of it that came before on a page may."""
    before = set(old.linked if old else ())
    found = [*new.linked]
    version = schema.version
    query = select(version.c.id).where(
        version.c.document_id == row.document_id,
        version.c.id.not_in((row.new_version_id, row.old_version_id or 0)),
        version.c.seen_at <= new.seen_at,
        version.c.parser != "",
        *([version.c.seen_at >= old.seen_at] if old else []),
    )
    last = query.order_by(version.c.seen_at.desc(), version.c.id.desc()).limit(1)
    held = store.versions_without_text(connection, connection.execute(last).scalars())
    found += [url for each in held.values() if is_lesser(new, each) for url in each.linked]
    return [url for url in dict.fromkeys(found) if url not in before]


def _replace(connection: Connection, row: Row[Any], words: Words, at: datetime | None) -> None:
    filed = (f"{NAMED}{name}" for name in words.names)
    derived.set_identifiers(connection, row.document_id, filed)
    named = _filed(connection, (f"{ACT}{name}" for name in words.names))
    acts = store.without_text(connection, {each for each, _ in named} - {row.document_id})
    unclear = _unclear(acts.values())
    said = {number: list(evidence(act, words, unclear)) for number, act in acts.items()}
    table = schema.part
    held = select(table).where(table.c.change_id == row.id).order_by(table.c.known_at)
    last = {each.document_id: each for each in connection.execute(held)}
    for number in {*said, *last}:
        _note(connection, row, number, last.get(number), said.get(number, []), at=at)


def _note(
    connection: Connection,
    change: Row[Any],
    number: int,
    last: Row[Any] | None,
    said: list[str],
    *,
    at: datetime | None,
) -> None:
    """Write down what a change says of an act; [] for nothing. What was known stays with the time
    in which it was; of a rebuild, and within one moment, the last word counts alone."""
    is_open = last is not None and last.ended_at is None
    if said == (last.evidence if last is not None and is_open else []):
        return
    table, key = schema.part, {"change_id": change.id, "document_id": number}
    if last is not None:
        was_never = not is_open and last.ended_at <= last.known_at
        is_ours = table.c.change_id == change.id, table.c.document_id == number
        of_last = update(table).where(*is_ours, table.c.known_at == last.known_at)
        if (is_open or was_never) and (at is None or at <= last.known_at):
            now = {"evidence": said or last.evidence, "ended_at": None if said else last.known_at}
            connection.execute(of_last.values(now))
            return
        if is_open:
            connection.execute(of_last.values(ended_at=at))
    if said:
        moment = at or (
            last.ended_at if last is not None else _known_since(connection, change, number)
        )
        connection.execute(insert(table).values(**key, known_at=moment, evidence=said))


def _known_since(connection: Connection, change: Row[Any], document: int) -> datetime:
    """From when both a change and an act were held."""
    table = schema.change
    query = select(func.min(table.c.recorded_at)).where(table.c.document_id == document)
    moments: list[datetime] = [connection.execute(query).scalar_one(), change.recorded_at]
    return max(moments)


def _unclear(acts: Iterable[Version]) -> frozenset[str]:
    """The names that several documents go by, of which none can be told to be meant."""
    times = Counter(name for act in acts for name in names(act))
    return frozenset(name for name, n in times.items() if n > 1 and not is_shared(name))


def _filed(connection: Connection, wanted: Iterable[str]) -> list[tuple[int, str]]:
    table = schema.identifier
    query = select(table.c.document_id, table.c.canonical).where(table.c.canonical.in_([*wanted]))
    return [(row.document_id, row.canonical) for row in connection.execute(query)]
