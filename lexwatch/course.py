"""Course materials: what the database holds of a period, made into a packet and written down."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.cle import coverage, jurisdictions
from alerts.cle.packet import build, count
from alerts.cle.programme import Material, Programme, check
from alerts.cle.reading import MANY
from index import history
from index.nearest import missed, nearest
from lexwatch.app import App
from lexwatch.gathered import shelf
from lexwatch.options import in_order
from pipeline.calendar import eastern
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from alerts.cle.jurisdictions import Profile
    from alerts.packet.content import Manuscript
    from lexwatch.output.progress import Tell

FORMATS = ("docx", "pdf", "html", "md")


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is asked for: calendar days in the office's zone, both of them included. `title` and
    `level` may be left to the rules; `every` tells all developments in full, whatever the minutes
    hold; `formats` are of `FORMATS`."""

    since: date
    until: date
    topics: tuple[str, ...]
    minutes: int
    jurisdiction: str
    title: str = ""
    level: str = ""
    every: bool = False
    formats: tuple[str, ...] = ("docx",)


@dataclass(frozen=True, kw_only=True)
class Written:
    """Where a packet lies, in each format asked for; `cautions` say what was not read of its
    period, and `crowded` that it holds more than a session can, "" where it doesn't."""

    paths: tuple[Path, ...]
    cautions: tuple[str, ...]
    crowded: str = ""


def silent(what: str, done: int, of: int | None) -> None:
    """Tell nobody how far the work is."""


def write(app: App, course: Course, tell: Tell = silent) -> Written:
    """Write the packet and say where: in every format, or in none. One that lies there and differs
    is kept: it was edited. Raises `LexwatchError` as `packet.build` does, and `SettingsError` for a
    format that there is not and a folder that can't be written."""
    in_order(course.since, course.until)
    writers = writers_of(course.formats)
    asked = programme(app, course)
    check(asked)
    material = gather(app, asked, tell)
    tell("writing the packet", 0, len(writers))
    manuscript = build(asked, material)
    made: dict[str, bytes] = {}
    for done, (suffix, writer) in enumerate(writers.items(), 1):
        made[suffix] = writer(manuscript)
        tell("writing the packet", done, len(writers))
    stem = "-".join(["cle", f"{course.since}", f"{course.until}", *course.topics])
    return Written(
        paths=_saved(app.settings.cle_folder, stem, made),
        cautions=tuple(
            coverage.gaps(
                material.coverage,
                material.missed,
                since=asked.since,
                until=asked.until,
                on=asked.at.date(),
            )
        ),
        crowded=_crowded(count(asked, material.changes), is_every=course.every),
    )


def programme(app: App, course: Course) -> Programme:
    """What is asked for, with the office's settings; it is printed on today's day."""
    zone = ZoneInfo(app.settings.digest.zone)
    today = app.clock().astimezone(zone).date()
    return Programme(
        since=datetime.combine(course.since, time(), zone),
        until=datetime.combine(course.until + timedelta(days=1), time(), zone),
        # The day and no hour: printed twice on one day, a packet is the same.
        at=datetime.combine(today, time(), zone),
        minutes=course.minutes,
        titles=app.taxonomy.titles,
        topics=course.topics,
        title=course.title,
        level=course.level,
        every=course.every,
        jurisdiction=course.jurisdiction,
        profile=jurisdictions.profile(course.jurisdiction, profiles(app)),
    )


def gather(app: App, asked: Programme, tell: Tell) -> Material:
    """What the database holds for a packet."""
    tell("gathering the changes", 0, None)
    changes = history.recorded(app.database, asked.since, asked.until, topics=asked.topics)
    reports = app.coverage(asked.since, asked.until)
    until = min(asked.until, asked.at + timedelta(days=1))
    return Material(
        changes=changes,
        shelf=shelf(app.database, changes, eastern(app.clock()), tell),
        coverage=reports,
        missed=missed(app.database, [each.source for each in reports], asked.since, until),
        near=nearest(app.database, asked.since, asked.until, asked.topics),
    )


def _crowded(developments: int, *, is_every: bool) -> str:
    """What to do where there are more developments than a handout holds."""
    if developments <= MANY:
        return ""
    told = "all in full" if is_every else "those beyond the minutes in a line each, for reading"
    other = "" if is_every else "; --all tells all of them in full, on some hundred pages and more"
    return (
        f"{developments:,} developments, {told}: choose topics (--topics) or fewer days for a "
        f"handout{other}"
    )


def profiles(app: App) -> Mapping[str, Profile]:
    """The credit rules of jurisdictions by code, the office's own file before ours. Raises
    `SettingsError` where that can't be read."""
    own, file = "", app.settings.jurisdictions_file
    if file:
        try:
            own = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"cle.jurisdictions {file}: {error}; name another file") from error
    return jurisdictions.profiles(own, str(file or ""))


def writers_of(formats: Sequence[str]) -> Mapping[str, Callable[[Manuscript], bytes]]:
    """What writes each format, by its suffix; each library is loaded when it is asked for."""
    found: dict[str, Callable[[Manuscript], bytes]] = {}
    for name in dict.fromkeys(formats):
        if name == "docx":
            from alerts.packet import word  # noqa: PLC0415 - see above

            found[name] = word.write
        elif name == "pdf":
            from alerts.packet import pdf  # noqa: PLC0415 - see above

            found[name] = pdf.write
        elif name == "html":
            from alerts.packet import page  # noqa: PLC0415 - see above

            found[name] = page.write
        elif name == "md":
            from alerts.packet import markdown  # noqa: PLC0415 - see above

            found[name] = markdown.write
        else:
            raise SettingsError(f"no format {name!r}: the formats are {', '.join(FORMATS)}")
    return found


def _saved(folder: Path, stem: str, made: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write every file beside its place, then put all in their places."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = _free(folder, stem, made)
        for path, data in paths.items():
            _partial(path).write_bytes(data)
        for path in paths:
            _partial(path).replace(path)
    except OSError as error:
        raise SettingsError(f"cle.folder {folder}: {error.strerror}; name another") from error
    return tuple(paths)


def _free(folder: Path, stem: str, made: Mapping[str, bytes]) -> dict[Path, bytes]:
    """The first name under which no file lies that differs: one may have been edited."""
    for number in itertools.count(1):
        name = f"{stem}{f'-{number}' if number > 1 else ''}"
        paths = {folder / f"{name}.{suffix}": data for suffix, data in made.items()}
        if all(not path.exists() or path.read_bytes() == data for path, data in paths.items()):
            return paths
    raise AssertionError("there is always a next number")


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")
