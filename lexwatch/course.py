"""Course materials: a packet built from what is held, written as a Word file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts import cle
from index import ledger, store
from lexwatch.app import App
from pipeline import cite
from pipeline.errors import SettingsError
from pipeline.model import Block, Change, ChangeKind, Citation


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is asked for: calendar days in the office's zone, both of them included."""

    since: date
    until: date
    topics: tuple[str, ...]
    minutes: int
    jurisdiction: str
    title: str = ""


def write(app: App, course: Course) -> Path:
    """Write the packet and say where. Asked for again, it replaces itself."""
    if course.until < course.since:
        raise SettingsError(f"--to {course.until} lies before --from {course.since}")
    zone = ZoneInfo(app.settings.digest.zone)
    since = datetime.combine(course.since, time(), zone)
    until = datetime.combine(course.until + timedelta(days=1), time(), zone)
    changes = store.changes(app.database, since, until, topics=course.topics)
    packet = cle.build(
        changes,
        title=course.title or _title(app, course),
        since=since,
        until=until,
        topics=course.topics,
        titles=app.taxonomy.titles,
        minutes=course.minutes,
        jurisdiction=course.jurisdiction,
        coverage=ledger.coverage(app.database, app.titles, since, until),
        citations={change.id: _citations(change) for change in changes},
    )
    folder = app.settings.cle_folder
    path = folder / "-".join(["cle", f"{course.since}", f"{course.until}", *course.topics, ".docx"])
    path = path.with_name(path.name.replace("-.docx", ".docx"))
    partial = path.with_suffix(".partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(packet)
        partial.replace(path)
    except OSError as error:
        raise SettingsError(f"cle.folder {folder}: {error.strerror}; name another") from error
    return path


def _title(app: App, course: Course) -> str:
    names = [app.taxonomy.titles[topic] for topic in course.topics]
    return f"Immigration law update: {', '.join(names)}" if names else "Immigration law update"


def _citations(change: Change) -> tuple[Citation, ...]:
    return tuple(found for block in _changed(change) for found in cite.find(block.text))


def _changed(change: Change) -> Iterable[Block]:
    """The new text of a change: all of a new document, the edited blocks of another."""
    if change.difference.kind is ChangeKind.NEW:
        return change.new.blocks
    return (edit.new for edit in change.difference.edits if edit.new is not None)
