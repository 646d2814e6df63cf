"""What a doctor looks at: an installation, how it stands, whether its database can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from index import soundness
from lexwatch.app import App
from lexwatch.operating.health import Health, health
from pipeline.errors import StoreError


@dataclass(frozen=True, kw_only=True)
class Case:
    """An installation; `offline`: nothing beyond this machine is asked."""

    app: App
    offline: bool

    @cached_property
    def shape(self) -> soundness.Shape | None:
        """The database's schema; None where there is none yet. Raises `StoreError`."""
        return soundness.shape(self.app.settings.database_url)

    @cached_property
    def is_readable(self) -> bool:
        """Whether the database may be opened: it is there, is whole enough, and need not be brought
        up first, which is for a command that works."""
        if self.app.settings.index.database_url:
            return True
        try:
            return self.shape is not None and self.shape.held == self.shape.current
        except StoreError:
            return False

    @property
    def zone(self) -> ZoneInfo:
        """In which moments are told."""
        return ZoneInfo(self.app.settings.digest.zone)

    @cached_property
    def health(self) -> Health:
        return health(self.app)
