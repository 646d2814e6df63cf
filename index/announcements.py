"""What is known of how a change to the Policy Manual was announced: looked up, then judged."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile

from sqlalchemy import Connection, func, select

from index import schema, store
from index.readings import asked_since, readings
from index.runs import RunState
from pipeline.announced import (
    ENTRIES,
    FORESEEN,
    GUIDANCE,
    SOURCE,
    UPDATES,
    Sight,
    judge,
)
from pipeline.model import Announcement, Change, ChangeClass, ChangeKind, Difference, Version

TOLD = (ChangeKind.NEW, ChangeKind.TEXT, ChangeKind.REMOVED)
STATED = ("title", "status")  # what of a page besides its text is guidance; its resources are none


def announcement(
    connection: Connection, change: Change, before: datetime | None = None
) -> Announcement | None:
    """How a change to a chapter or an appendix was announced, as far as that was known `before` a
    moment: what was told once can be told again in the same words. None for what is no guidance,
    for the noise in it, for a first reading, and where it is unknown what stood there before."""
    if change.document.kind not in GUIDANCE or change.baseline or not _is_told(change.difference):
        return None
    old = _last_sight(connection, change, before)
    if old is None:
        return None
    sight = Sight(
        document=change.document,
        citation=change.new.citation,
        appeared=_appeared(connection, change),
        old=old,
        new=change.new.seen_at,
    )
    return judge(sight, _entries(connection, sight, before), _updates_read(connection, before))


def _is_told(difference: Difference) -> bool:
    if difference.change_class is ChangeClass.NOISE:
        return False
    return difference.kind in TOLD or any(field[0] in STATED for field in difference.metadata)


def _appeared(connection: Connection, change: Change) -> datetime | None:
    """When the text that stood there before was first seen, whatever else changed on its page."""
    old = change.old
    if old is None:
        return None
    document, version = schema.document, schema.version
    rows = connection.execute(
        select(version.c.seen_at, version.c.text_digest)
        .join(document, document.c.id == version.c.document_id)
        .where(
            document.c.source == change.document.source,
            document.c.key == change.document.key,
            version.c.seen_at <= old.seen_at,
        )
        .order_by(version.c.seen_at.desc(), version.c.id.desc())
    ).all()
    same = takewhile(lambda row: row.text_digest == old.text_digest, rows)
    return min((row.seen_at for row in same), default=old.seen_at)


def _last_sight(connection: Connection, change: Change, before: datetime | None) -> datetime | None:
    """When the old text was last seen. What was not there before was not there when the whole
    manual was last read."""
    new = change.new.seen_at
    if change.old is None:
        return _last_whole(connection, new)
    urls = {change.old.url, change.new.url}
    return max((change.old.seen_at, *readings(connection, urls, new, before)))


def _last_whole(connection: Connection, until: datetime) -> datetime | None:
    table = schema.run
    query = select(func.max(asked_since())).where(
        table.c.source == SOURCE,
        table.c.state == RunState.COMPLETE,
        table.c.is_whole,
        table.c.ended_at < until,
    )
    return connection.execute(query).scalar()


def _updates_read(connection: Connection, before: datetime | None) -> datetime | None:
    return max(readings(connection, {UPDATES}, None, before), default=None)


def _entries(connection: Connection, sight: Sight, before: datetime | None) -> list[Version]:
    """The updates of the time, each as it was known before the moment. An entry's key begins with
    its day; guidance may take effect long after it."""
    first, last = sight.days
    document, version, change = schema.document, schema.version, schema.change
    query = (
        select(version.c.id, version.c.document_id)
        .join(document, document.c.id == version.c.document_id)
        .join(change, change.c.new_version_id == version.c.id)
        .where(
            document.c.source == SOURCE,
            document.c.kind.in_(ENTRIES),
            document.c.key >= f"update/{first - FORESEEN}",
            document.c.key < f"update/{last}0",
        )
        .order_by(version.c.seen_at, version.c.id)
    )
    if before is not None:
        query = query.where(change.c.recorded_at < before)
    newest = {row.document_id: row.id for row in connection.execute(query)}
    return [store.version(connection, number) for _, number in sorted(newest.items())]
