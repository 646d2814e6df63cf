"""Calendars of deadlines: everybody's, and each reader's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from alerts.ics import calendar, event
from index import deadlines
from index.suppressions import folded
from lexwatch.alerting import whose
from pipeline.calendar import eastern
from pipeline.errors import NotHeld
from pipeline.model import Deadline
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    from lexwatch.app import App

ALL = "calendar-all.ics"
SLUG = 40  # characters of a reader's name in that of a file
_OTHER = re.compile(r"[^a-z0-9]+")


class Calendars:
    """The calendars as the record has them: dates from the first of this month a year ago on, so
    that they change with the record and, once a month, with the clock. Each date is set once,
    however many have it."""

    def __init__(self, app: App, own: Sequence[Subscription] | None = None) -> None:
        """`own` are those of whom calendars are asked for; None: all that run."""
        self._app, self._wanted = app, own
        self._set: dict[str, bytes] = {}

    def everybody(self) -> bytes:
        """All deadlines."""
        return calendar("lexwatch: all deadlines", map(self._event, self._deadlines))

    def of(self, address: str) -> bytes:
        """What the subscriptions of a mail address meet. Raises `NotHeld` where nobody is sent
        anything there."""
        own = self._own(address)
        met = {uid for each in own for uid in self._met.get(each.id, ())}
        wanted = (each for each in self._deadlines if each.uid in met)
        return calendar(f"lexwatch: deadlines for {own[0].reader}", map(self._event, wanted))

    def file(self, address: str) -> str:
        """The name of its file. Raises `NotHeld`, as above."""
        slug = _OTHER.sub("-", self._own(address)[0].reader.casefold())[:SLUG].strip("-")
        mark = hashlib.sha256(folded(address).encode()).hexdigest()[:12]
        return f"calendar-{'-'.join(filter(None, (slug, mark)))}.ics"

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every calendar with the name of its file."""
        yield ALL, self.everybody()
        for address in self._readers:
            yield self.file(address), self.of(address)

    def _own(self, address: str) -> Sequence[Subscription]:
        own = self._readers.get(folded(address))
        if own is None:
            raise NotHeld(f"nothing is sent to {address}: `lexwatch subscriptions` lists readers")
        return own

    @cached_property
    def _deadlines(self) -> tuple[Deadline, ...]:
        today = eastern(self._app.clock())
        return deadlines.held(self._app.database, today.replace(year=today.year - 1, day=1))

    @cached_property
    def _readers(self) -> Mapping[str, Sequence[Subscription]]:
        found: dict[str, list[Subscription]] = {}
        wanted = whose.running(self._app) if self._wanted is None else self._wanted
        for each in wanted:
            found.setdefault(folded(each.address), []).append(each)
        return found

    @cached_property
    def _met(self) -> Mapping[int, frozenset[str]]:
        every = [each for own in self._readers.values() for each in own]
        return whose.met(self._app, self._deadlines, every)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return self._app.taxonomy.titles

    def _event(self, deadline: Deadline) -> bytes:
        if deadline.uid not in self._set:
            sender = self._app.settings.mail.sender
            self._set[deadline.uid] = event(deadline, self._titles, sender)
        return self._set[deadline.uid]
