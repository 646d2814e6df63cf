"""How much room the disk of the data folder has, and how much is needed there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from lexwatch.keeping.room import megabytes
from lexwatch.settings import Settings

SPARE = 500_000_000  # bytes: a whole crawl, its index, logs and letters
COPIES = 2  # of the database: a backup, and the copy that it is made from


@dataclass(frozen=True, kw_only=True)
class Space:
    """Bytes: `free` on the disk of the data folder, `needed` there, and the `database`'s own."""

    free: int
    needed: int
    database: int

    @property
    def is_short(self) -> bool:
        return self.free < self.needed

    @property
    def is_getting_short(self) -> bool:
        return self.free < 2 * self.needed

    @property
    def words(self) -> str:
        return f"{megabytes(self.free)} free, {megabytes(self.needed)} needed"


def space(settings: Settings) -> Space:
    """Raises `OSError` where the disk can't be asked."""
    folder = settings.folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    size = sum(
        path.stat().st_size
        for path in (settings.folder / f"lexwatch.db{end}" for end in ("", "-wal"))
        if path.exists()
    )
    return Space(free=shutil.disk_usage(folder).free, needed=COPIES * size + SPARE, database=size)
