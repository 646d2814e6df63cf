"""What a database asks of its backups: one before its schema changes, and the way out of damage."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from lexwatch.settings import Settings
from pipeline.errors import StoreError

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps copies of an office's database; an `index.database.Keeper`."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock

    def before_upgrade(self, held: str) -> None:
        """Raises `StoreError` where no backup can be made: the schema then stays as it is."""
        from index.schema import REVISION  # noqa: PLC0415 - asked for once in many months
        from lexwatch.keeping import backup  # noqa: PLC0415 - as above
        from lexwatch.keeping.backups import BEFORE  # noqa: PLC0415 - as above

        try:
            made = backup.make(self._settings, self._clock(), reason=f"{BEFORE}{REVISION}")
        except StoreError as error:
            raise StoreError(
                f"the database stays at schema {held}, since it is not brought to {REVISION} "
                f"without a backup: {error}"
            ) from error
        _log.warning(
            "the database is brought from schema %s to %s; the way back is %s",
            held,
            REVISION,
            made.backup.path,
        )

    def remedy(self) -> str:
        """Names the newest backup and the command that puts it back."""
        from lexwatch.keeping import backup, backups  # noqa: PLC0415 - as above

        try:
            newest = backups.newest(self._settings.backup_folder)
        except StoreError as error:
            return str(error)
        return backup.remedy(newest, ZoneInfo(self._settings.digest.zone))
