"""The feeds that there are: one for each topic, each source and each saved search."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from alerts import criteria
from alerts.feeds import NEWEST, Feed, atom
from index import history, newest, store
from lexwatch.alerting import signed, whose
from pipeline.errors import NotHeld
from pipeline.model import NOT_IMMIGRATION, Alert, Change
from pipeline.subscription import FEED, Subscription, shown

if TYPE_CHECKING:
    from lexwatch.app import App

KEPT = 300  # changes held while feeds are made: many are in several
TOPIC, SOURCE, SEARCH = "topic-", "source-", "search-"
NOBODY = Subscription(reader="", address="")


class Streams:
    """Feeds by name. What was asked in a saved search is told in its feed only where its reader
    lets feeds show it."""

    def __init__(self, app: App, own: Sequence[Subscription] | None = None) -> None:
        """`own` are the subscriptions that may have feeds; None: all that run."""
        self._app, self._wanted = app, own
        self._held: dict[int, Change] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all, which are those of their files."""
        topics = [name for name in self._titles if name != NOT_IMMIGRATION]
        return (
            *(f"{TOPIC}{name}" for name in topics),
            *(f"{SOURCE}{name}" for name in self._sources),
            *(f"{SEARCH}{number}" for number in self._searches),
        )

    def search(self, number: int) -> str:
        """The name of the feed of a saved search, by its subscription's number; "" where it has
        none."""
        return f"{SEARCH}{number}" if number in self._searches else ""

    def atom(self, name: str) -> bytes:
        """A feed. Raises `NotHeld` for one that there is not."""
        if name not in self._named:
            raise NotHeld(f"no feed {name!r}: `lexwatch feeds` writes all that there are")
        return atom(self.head(name), [*self._alerts(name)], self._app.names)

    def head(self, name: str) -> Feed:
        """A feed without what it tells."""
        title, subtitle = self._said(name)
        return Feed(
            name=name,
            title=f"lexwatch: {title}",
            subtitle=subtitle,
            authority=self._app.settings.mail.list_id,
            address=signed.feed(self._app, name),
        )

    def mark(self, name: str) -> str:
        """What tells a feed from what it was before: its head, and which changes are in it."""
        said = repr((self.head(name), *self._whys(name).items()))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def is_touched(self, name: str, documents: Collection[int]) -> bool:
        """Whether a feed tells a change of one of `documents`, by number."""
        if not documents:
            return False
        with self._app.database.read() as connection:
            return newest.are_of(connection, tuple(self._whys(name)), documents)

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return self._app.taxonomy.titles

    @cached_property
    def _sources(self) -> tuple[str, ...]:
        """Those that are watched, and those of which something is held."""
        held = {*self._app.enabled(), *store.counts(self._app.database)}
        return tuple(name for name in self._app.names if name in held)

    @cached_property
    def _searches(self) -> Mapping[int, Subscription]:
        """The subscriptions that ask by words, meaning or authority, by number; what asks by topic
        or source alone has a feed already."""
        return {
            each.id: each
            for each in (whose.running(self._app) if self._wanted is None else self._wanted)
            if each.words or each.meaning or each.authorities
        }

    def _said(self, name: str) -> tuple[str, str]:
        newest_of = f"The newest {NEWEST} changes"
        if name.startswith(SEARCH):
            asked = shown(self._searches[int(name.removeprefix(SEARCH))], FEED)
            query = "; ".join(filter(None, (asked.words, asked.meaning)))
            return criteria.called(asked), newest_of + (f" found by: {query}" if query else "")
        what = self._app.names[name.removeprefix(TOPIC).removeprefix(SOURCE)]
        return what, f"{newest_of} {'of this source' if name.startswith(SOURCE) else 'about it'}"

    def _alerts(self, name: str) -> Iterator[Alert]:
        whys = self._whys(name)
        asked = NOBODY
        if name.startswith(SEARCH):
            asked = shown(self._searches[int(name.removeprefix(SEARCH))], FEED)
        for change in self._changes(whys):
            yield Alert(subscription=asked, change=change, why=whys[change.id])

    def _whys(self, name: str) -> Mapping[int, tuple[str, ...]]:
        """The changes of a feed, by number, each with why it is there."""
        with self._app.database.read() as connection:
            if name.startswith(SEARCH):
                number = int(name.removeprefix(SEARCH))
                return newest.of_subscription(connection, number, NEWEST)
            if name.startswith(TOPIC):
                found = newest.of_topic(connection, name.removeprefix(TOPIC), NEWEST)
            else:
                found = newest.of_source(connection, name.removeprefix(SOURCE), NEWEST)
        return dict.fromkeys(found, ())

    def _changes(self, numbers: Collection[int]) -> list[Change]:
        missing = [number for number in numbers if number not in self._held]
        if len(self._held) + len(missing) > KEPT:
            self._held = {n: change for n, change in self._held.items() if n in numbers}
        if missing:
            with self._app.database.read() as connection:
                found = history.numbered(connection, missing)
            self._held |= {change.id: change for change in found}
        return [self._held[number] for number in numbers]
