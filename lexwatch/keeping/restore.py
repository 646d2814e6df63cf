"""Put a backup in the place of the database, which is kept aside; nothing of either is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index import backup as copies
from lexwatch import turns
from lexwatch.keeping import room
from lexwatch.keeping.backup import files_of
from lexwatch.keeping.bundle import unpack
from lexwatch.keeping.manifest import DATABASE, KEY, SETTINGS, Manifest
from lexwatch.settings import Settings
from pipeline.errors import ModelError, StoreError

if TYPE_CHECKING:
    from index.vectors import Synced
    from lexwatch.app import App

STAGE = "restore.partial"
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
# Held whenever a database is opened, so it keeps others waiting for moments and not out.
OPENING = "migrate.lock"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back, and where what it replaced lies: the database and key that were in use,
    and the settings of the backup, where they differ from those in use; None where there are none.
    """

    manifest: Manifest
    aside: Path | None
    settings: Path | None


def check(settings: Settings, path: Path, key: Path | None) -> Manifest:
    """Take a backup apart, and look whether all of it is sound and can be used by this program.
    Nothing is changed. Raises `StoreError`, also where another is being looked at."""
    with _staged(settings.folder) as stage, _opened(path, key, stage) as (manifest, _):
        return manifest


def restore(settings: Settings, path: Path, key: Path | None, at: datetime) -> Restored:
    """Put a backup in the place of the database. Raises `StoreError`, and then all is as it was.

    Refused while anybody is at work in the data folder or has the database open. What it replaces
    is kept aside in a folder of its own. The schema stays the backup's: opening it brings it up.
    """
    database = copies.file_of(settings.database_url)
    aside = settings.folder / f"replaced-{at.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}"
    with (
        _alone(settings.folder),
        room.writing(settings.folder, "the restored database"),
        _opened(path, key, settings.folder / STAGE) as (manifest, stage),
    ):
        if database.exists():
            copies.seal(database)
            _keep(database, aside)
        (stage / DATABASE).replace(database)
        _key(settings, stage, aside)
        _forget(settings.folder / "chroma")
        beside = _settings(settings, stage)
    return Restored(manifest=manifest, aside=aside if aside.exists() else None, settings=beside)


def derive(app: App) -> Synced | None:
    """Bring what was put back to today's schema and make Chroma anew from its vectors, without
    embedding anything; None where the model isn't there: the next `lexwatch ingest` does it then.
    """
    _ = app.database
    try:
        return app.vectors.renew()
    except ModelError:
        return None
    finally:
        if "vectors" in vars(app):
            app.vectors.close()


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Where a backup may be taken apart for a look: in the data folder, which has room and is
    closed to others; where there is none yet, in a folder that goes again."""
    with ExitStack() as stack:
        if folder.is_dir():
            place = folder / "restore-check.lock"
            stack.enter_context(turns.held(place, "looks at a backup", 0))
        else:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="lexwatch-")))
        yield folder / f"{STAGE}.check"


@contextmanager
def _opened(path: Path, key: Path | None, stage: Path) -> Iterator[tuple[Manifest, Path]]:
    """A backup taken apart and found sound, as long as it lasts."""
    from index import migrate  # noqa: PLC0415 - Alembic takes a tenth of a second to load

    if not path.is_file():
        raise StoreError(
            f"there is no backup {path}: `lexwatch backup --list` names those there are"
        )
    shutil.rmtree(stage, ignore_errors=True)  # of one that was killed
    try:
        with room.writing(stage.parent, "room for what the backup holds"):
            stage.mkdir(mode=0o700)
            manifest = unpack(path, stage, key)
        found = copies.examine(stage / DATABASE)
        if found.schema != manifest.schema or found.counts != dict(manifest.counts):
            raise StoreError(f"{path} is not what its manifest says: its database differs")
        if not migrate.knows(found.schema):
            raise StoreError(
                f"{path} was made by a newer lexwatch ({manifest.program}, schema "
                f"{found.schema}): update this one, then restore"
            )
        yield manifest, stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _keep(database: Path, aside: Path) -> None:
    """Give the database a second name in a folder aside, so that at no moment there is none."""
    aside.mkdir(mode=0o700)
    try:
        os.link(database, aside / database.name)
    except OSError:  # a disk that knows no second names
        room.need(aside, database.stat().st_size, "a copy of the database to be replaced")
        shutil.copy2(database, aside / database.name)
    for ending in BESIDE:  # left by a damaged one alone; it would ruin the one that is put back
        beside = database.with_name(database.name + ending)
        if beside.exists():
            beside.rename(aside / beside.name)


def _key(settings: Settings, stage: Path, aside: Path) -> None:
    """The key that signed the links in the mails that the backup knows of."""
    restored, used = stage / KEY, settings.folder / KEY
    if not restored.exists() or (used.exists() and used.read_bytes() == restored.read_bytes()):
        return
    if used.exists():
        aside.mkdir(mode=0o700, exist_ok=True)  # there is none where there was no database
        shutil.copy2(used, aside / KEY)
    os.chmod(restored, 0o600)  # noqa: PTH101 - as `alerts.tokens` keeps it
    restored.replace(used)


def _settings(settings: Settings, stage: Path) -> Path | None:
    """Put the backup's settings aside where they differ: whoever restores chooses."""
    used = files_of(settings)
    differing = [
        stage / name
        for name in SETTINGS
        if (stage / name).exists()
        and (name not in used or used[name].read_bytes() != (stage / name).read_bytes())
    ]
    if not differing:
        return None
    place = settings.folder / "restored-settings"
    place.mkdir(mode=0o700, exist_ok=True)
    for each in differing:
        each.replace(place / each.name)
    return place


def _forget(chroma: Path) -> None:
    """Chroma's copy of other vectors: it is made anew."""
    for each in chroma.glob("[0-9]*"):
        shutil.rmtree(each, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold every lock of the data folder. Raises `StoreError` where anybody else has one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = {folder / OPENING, *folder.glob("*.lock"), *folder.glob("chroma/*.lock")}
    with ExitStack() as stack:
        for path in sorted(known):
            lock = FileLock(path)
            try:
                lock.acquire(timeout=copies.PATIENCE if path.name == OPENING else 0)
            except Timeout as error:
                raise StoreError(
                    f"lexwatch is at work in {folder} ({path.stem}): stop it, then restore"
                ) from error
            stack.callback(lock.release)
        yield
