"""Course materials: a packet built from what is held, written as a Word file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts import cle
from index import history
from lexwatch.app import App
from lexwatch.options import in_order
from pipeline import cite
from pipeline.act import is_ina
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
    """Write the packet and say where. One that lies there and differs is kept: it was edited."""
    in_order(course.since, course.until)
    zone = ZoneInfo(app.settings.digest.zone)
    since = datetime.combine(course.since, time(), zone)
    until = datetime.combine(course.until + timedelta(days=1), time(), zone)
    changes = history.recorded(app.database, since, until, topics=course.topics)
    packet = cle.build(
        changes,
        title=course.title or _title(app, course),
        since=since,
        until=until,
        topics=course.topics,
        titles=app.taxonomy.titles,
        minutes=course.minutes,
        jurisdiction=course.jurisdiction,
        coverage=app.coverage(since, until),
        citations={change.id: _citations(change) for change in changes},
    )
    folder = app.settings.cle_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free(
            folder, "-".join(["cle", f"{course.since}", f"{course.until}", *course.topics]), packet
        )
        partial = path.with_suffix(".partial")
        partial.write_bytes(packet)
        partial.replace(path)
    except OSError as error:
        raise SettingsError(f"cle.folder {folder}: {error.strerror}; name another") from error
    return path


def _free(folder: Path, stem: str, packet: bytes) -> Path:
    """The first name that is free, or that holds this very packet: one may have been edited."""
    names = (f"{stem}{f'-{number}' if number > 1 else ''}.docx" for number in count(1))
    paths = (folder / name for name in names)
    return next(path for path in paths if not path.exists() or path.read_bytes() == packet)


def _title(app: App, course: Course) -> str:
    names = [app.taxonomy.titles[topic] for topic in course.topics]
    return f"Immigration law update: {', '.join(names)}" if names else "Immigration law update"


def _citations(change: Change) -> tuple[Citation, ...]:
    act = is_ina("\n".join(block.text for block in change.new.blocks))
    return tuple(found for block in _changed(change) for found in cite.find(block.text, act=act))


def _changed(change: Change) -> Iterable[Block]:
    """The new text of a change: all of a new document, the edited blocks of another."""
    if change.difference.kind is ChangeKind.NEW:
        return change.new.blocks
    return (edit.new for edit in change.difference.edits if edit.new is not None)
