"""Make a backup: a copy of the database while others write, the key, the settings; in one file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.wording import moment
from index import backup as copies
from index.backup import Copy
from lexwatch import __version__, turns
from lexwatch.keeping import backups, room
from lexwatch.keeping.backups import Backup, Rule
from lexwatch.keeping.bundle import pack
from lexwatch.keeping.manifest import DATABASE, FORMAT, KEY, SETTINGS, Manifest, part_of
from lexwatch.settings import Settings
from pipeline.errors import StoreError

STAGE = "backup.partial"  # in the data folder: what is not encrypted yet lies nowhere else

Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A backup that was made, what it says of itself, and the older ones that made way for it."""

    backup: Backup
    manifest: Manifest
    removed: tuple[Backup, ...]


def make(
    settings: Settings,
    at: datetime,
    tell: Tell = lambda _what, _done, _of: None,
    *,
    folder: Path | None = None,
    reason: str = "",
) -> Made:
    """Back up the office whose settings these are, at a moment, into the folder of the settings or
    another one; only in the settings' folder do older ones make way.

    The database is looked through after it was copied: of a damaged one no backup is made. Nothing
    waits for it, and it waits for nobody. Raises `StoreError`.
    """
    source = copies.file_of(settings.database_url)
    if not source.exists():
        raise StoreError(f"there is no database {source}: nothing to back up")
    place = folder or settings.backup_folder
    alone = turns.held(settings.folder / "backup.lock", "makes a backup", 0)
    with alone, room.writing(place, "the backup"):
        _folder(place)
        for each in backups.unfinished(place):  # of one that was killed
            each.unlink()
        with _staged(settings.folder) as stage:
            files = {DATABASE: stage / DATABASE, **files_of(settings)}
            found = _copied(settings, source, files[DATABASE], tell)
            manifest = _manifest(found, files, at, reason)
            sealed = settings.backup.recipient
            path = place / backups.name(at, reason, is_encrypted=bool(sealed))
            _write(path, manifest, files, sealed, tell)
    made = next(each for each in backups.held(place) if each.path == path)
    return Made(
        backup=made, manifest=manifest, removed=() if folder else _rotate(place, settings, made)
    )


def files_of(settings: Settings) -> Mapping[str, Path]:
    """What is kept beside the database, by its name in a backup: the key that signs addresses,
    the settings file and the office's own files that it names."""
    own = (
        settings.file,
        settings.topics_file,
        settings.thesaurus_file,
        settings.jurisdictions_file,
    )
    named = {KEY: settings.folder / KEY, **dict(zip(SETTINGS, own, strict=True))}
    return {name: path for name, path in named.items() if path and path.is_file()}


def _copied(settings: Settings, source: Path, copy: Path, tell: Tell) -> Copy:
    """Copy the database, and look through the copy."""
    room.need(copy.parent, source.stat().st_size, "a copy of the database")
    try:
        copies.copy(source, copy, lambda done, of: tell("copy the database", done, of))
        return copies.examine(copy)
    except StoreError as error:
        newest = backups.newest(settings.backup_folder)
        raise type(error)(
            f"no backup was made, since the database can't be read whole ({error}). "
            f"{remedy(newest, ZoneInfo(settings.digest.zone))}"
        ) from error


def _manifest(found: Copy, files: Mapping[str, Path], at: datetime, reason: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        program=f"lexwatch {__version__}",
        made_at=at,
        reason=reason,
        schema=found.schema,
        counts=found.counts,
        head=found.head,
        parts=tuple(part_of(path, name) for name, path in files.items()),
    )


def remedy(newest: Backup | None, zone: tzinfo = UTC) -> str:
    """What to do about a damaged database: a sentence that names the one command."""
    if newest is None:
        return "There is no backup to put back; docs/keeping.md says what can be tried"
    key = " --identity KEYFILE" if newest.is_encrypted else ""
    return (
        f"`lexwatch restore {newest.path}{key}` puts back the newest backup, of "
        f"{moment(newest.made_at, zone)}"
    )


def _write(
    path: Path, manifest: Manifest, files: Mapping[str, Path], sealed: str, tell: Tell
) -> None:
    """Written aside and renamed: a half-written one is never taken for a backup."""
    partial = path.with_name(f"{path.name}{backups.PARTIAL}")
    try:
        pack(partial, manifest, files, sealed, lambda done, of: tell("write the backup", done, of))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _rotate(place: Path, settings: Settings, made: Backup) -> tuple[Backup, ...]:
    given = settings.backup
    rule = Rule(daily=given.keep_daily, weekly=given.keep_weekly, monthly=given.keep_monthly)
    gone = []
    for each in backups.outdated(backups.held(place), rule):
        if each != made:
            with suppress(OSError):  # it stays until the next time; the new one is made
                each.path.unlink()
                gone.append(each)
    return tuple(gone)


def _folder(place: Path) -> None:
    if not place.is_dir():
        place.mkdir(parents=True, mode=0o700)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    stage = folder / STAGE
    shutil.rmtree(stage, ignore_errors=True)  # of one that was killed
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
