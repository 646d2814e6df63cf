"""Which subscriptions can't be asked as they stand, since what they name is gone or unreadable."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from alerts import criteria
from alerts.seekers import readable
from lexwatch.subscriptions import wanted
from lexwatch.subscriptions.wanted import Lost
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


class Askable:
    """Thousands of subscriptions name the same: each is looked at once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lost: dict[Hashable, Lost | None] = {}
        self._readable: dict[Hashable, bool] = {}

    def complaint(self, one: Subscription) -> str:
        """What it asks for that there is not, in words that quote no search; "" where it may be
        asked in full."""
        lost = self._lost_of(one)
        return f"{criteria.called(one)} could not be run in full: {lost.words}" if lost else ""

    def is_dead(self, one: Subscription) -> bool:
        """Whether nothing can meet it until it is mended."""
        lost = self._lost_of(one)
        named = one.authorities, one.words
        if named not in self._readable:
            self._readable[named] = readable(one) is not None
        return bool(lost and lost.all) or not self._readable[named]

    def _lost_of(self, one: Subscription) -> Lost | None:
        named = one.topics, one.sources, one.authorities
        if named not in self._lost:
            self._lost[named] = wanted.lost(self._app, one)
        return self._lost[named]
