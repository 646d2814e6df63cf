"""What falls due in the days after a digest: which dates its subscriptions meet, whenever told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from alerts.deadlines import SOON
from index import deadlines
from index.appearing import appearing, given
from lexwatch.alerting import matching
from pipeline.calendar import eastern
from pipeline.model import Deadline, Document
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


class Outlook:
    """The dates within 30 days of the end of a period, looked up once for all who are told of it.

    A subscription meets those of documents that it was ever alerted to, or would be if they
    appeared today (`documents` says how these are matched), as in calendars and reminders.
    """

    def __init__(self, app: App, until: datetime, everybody: Iterable[Subscription]) -> None:
        self._app, self._until, self._everybody = app, until, tuple(everybody)

    @cached_property
    def documents(self) -> matching.Gathered:
        """The documents as if each had appeared just now."""
        with self._app.database.read() as connection:
            changes = appearing(connection, self._stating)
        return matching.Gathered(self._app, changes, self._everybody)

    def of(self, met: Mapping[Subscription, Set[Document]]) -> tuple[Deadline, ...]:
        """The dates that subscriptions meet, soonest first, by the documents that each would be
        alerted to."""
        own = {each for documents in met.values() for each in documents}
        own |= {each for one in met for each in self._given.get(one.id, ())}
        return tuple(each for each in self._held if not own.isdisjoint(each.members))

    @cached_property
    def _held(self) -> tuple[Deadline, ...]:
        database, today = self._app.database, eastern(self._until)
        deadlines.sync(database, self._app.clock())
        return deadlines.held(database, today, today + SOON, cancelled=False)

    @cached_property
    def _stating(self) -> tuple[Document, ...]:
        return tuple(dict.fromkeys(each for date in self._held for each in date.members))

    @cached_property
    def _given(self) -> Mapping[int, Set[Document]]:
        """The documents that each subscription was alerted to, by its number."""
        with self._app.database.read() as connection:
            before = given(connection, self._stating)
        found: defaultdict[int, set[Document]] = defaultdict(set)
        for document, numbers in before.items():
            for number in numbers:
                found[number].add(document)
        return found
