"""Compose what readers are owed: the digests and alerts of everybody whose period has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import digest
from alerts.owed import Owed, owed, starting
from alerts.pressing import pressing
from index import history, runs, suppressions
from lexwatch import matching
from pipeline.errors import StoreError
from pipeline.letter import LetterKind
from pipeline.model import Alert, Change, Digest, SourceReport
from pipeline.subscription import Schedule, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


Meeting = tuple[Change, tuple[str, ...]]  # with why

AT_ONCE = 100  # letters whose readers' meetings are held together
ANY = Schedule()


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A digest or an alert, and to whom it is owed. None: who is told of something only has nothing
    to be told, or it could not be made, and `error` says why."""

    owed: Owed
    digest: Digest | None
    error: str = ""


def due(app: App, wanted: Iterable[Subscription], moment: datetime) -> tuple[Owed, ...]:
    """What nobody queued yet and is due at a moment, but to addresses that are suppressed; of
    periods that ended before lexwatch first looked anywhere there is nothing to say."""
    every = owed(wanted, app.ledger.told(), app.ledger.replaced(), moment)
    if first := runs.first_begun(app.database):
        every = tuple(each for each in every if each.until > first)
    with app.database.read() as connection:
        shut = suppressions.suppressed(connection, {each.address for each in every})
    open_ = [each for each in every if each.address not in shut]
    queued = app.ledger.queued([each.key for each in open_])
    return tuple(each for each in open_ if each.key not in queued)


def starts(
    app: App, wanted: Iterable[Subscription], moment: datetime
) -> dict[Subscription, datetime]:
    """For each subscription when what nobody told it yet begins."""
    first: dict[Subscription, datetime] = {}
    for each in starting(wanted, app.ledger.told(), app.ledger.replaced(), moment):
        one = each.subscription
        first[one] = min(each.start, first.get(one, each.start))
    return first


def composed(app: App, due: Iterable[Owed]) -> Iterator[Composed]:
    """Each digest with whom it is owed to, in order. What changed, and what was looked at, is found
    out once for all whose periods end together; what was met, for some readers at a time."""
    for until, group in groupby(due, key=lambda each: each.until):
        every = tuple(group)
        together = _Together(app, until, every)
        for start in range(0, len(every), AT_ONCE):
            some = _Some(app, together, every[start : start + AT_ONCE])
            yield from map(some.composed, some.letters)


class _Together:
    """The periods that end at one moment: what they have in common, whoever reads it."""

    def __init__(self, app: App, until: datetime, every: Sequence[Owed]) -> None:
        self._app, self._until, self._every = app, until, every
        self._first = min(one.since for one in every)

    @cached_property
    def changes(self) -> matching.Gathered:
        """What was recorded since the earliest start of all."""
        database = self._app.database
        return self._gathered(history.recorded(database, self._first, self._until, fuller=True))

    @cached_property
    def at_once(self) -> Mapping[tuple[str, str, str], Mapping[int, datetime]]:
        return self._app.ledger.at_once(self._first)

    @cache  # noqa: B019 - it lives as long as the periods that end together
    def coverage(self, since: datetime) -> tuple[SourceReport, ...]:
        return self._app.coverage(since, self._until)

    @cache  # noqa: B019 - as above
    def settled(self, since: datetime) -> matching.Gathered:
        return self._gathered(history.settled(self._app.database, since, self._until))

    def _gathered(self, changes: Sequence[Change]) -> matching.Gathered:
        asked = (each for one in self._every for each in one.subscriptions)
        return matching.Gathered(self._app, changes, asked)


class _Some:
    """Letters that are composed together: what their readers met is held, and no more."""

    def __init__(self, app: App, together: _Together, letters: Sequence[Owed]) -> None:
        self._app, self._together, self.letters = app, together, letters
        self._asked = tuple({_asked(each): None for one in letters for each in one.subscriptions})

    def composed(self, one: Owed) -> Composed:
        try:
            return Composed(owed=one, digest=self._digest(one))
        except StoreError:
            raise
        except Exception as error:  # a recipient is isolated from every other
            return Composed(owed=one, digest=None, error=str(error) or repr(error))

    def _digest(self, one: Owed) -> Digest | None:
        reader, since = (one.reader, one.address), one.since
        alerts = tuple(self._alerts(one))
        if one.is_only_of_something and not alerts:
            return None
        (built,) = digest.build(
            one.subscriptions,
            alerts,
            self._together.coverage(since),
            since,
            one.until,
            settled=() if one.kind is LetterKind.ALERT else self._later(one),
            background=self._app.taxonomy.background,
            at_once={reader: self._sent(one)},
            unasked={reader: self._unasked(one)},
            kind=one.kind,
        )
        return built

    def _alerts(self, one: Owed) -> Iterator[Alert]:
        is_alert = one.kind is LetterKind.ALERT
        sent = self._sent(one) if is_alert else {}
        for asked, start in zip(one.subscriptions, one.starts, strict=True):
            for change, why in self._found.of(asked):
                is_due = change.recorded_at >= start
                if is_due and not (is_alert and (change.id in sent or not pressing(change))):
                    yield Alert(subscription=asked, change=change, why=why)

    def _later(self, one: Owed) -> Iterator[Alert]:
        settled = self._settled(one.since)
        for asked in one.subscriptions:
            for change, why in settled.of(asked):
                yield Alert(subscription=asked, change=change, why=why)

    def _sent(self, one: Owed) -> Mapping[int, datetime]:
        return self._together.at_once.get((one.reader, one.address, one.channel), {})

    def _unasked(self, one: Owed) -> tuple[str, ...]:
        asked = {_asked(each) for each in one.subscriptions}
        return tuple(
            each.words for each in self._found.failures if _asked(each.subscription) in asked
        )

    @cached_property
    def _found(self) -> Met:
        return Met(self._together.changes, self._asked)

    @cache  # noqa: B019 - it lives as long as these letters
    def _settled(self, since: datetime) -> Met:
        return Met(self._together.settled(since), self._asked)


class Met:
    """What subscriptions met, by what they ask for."""

    def __init__(self, changes: matching.Gathered, asked: Sequence[Subscription]) -> None:
        found = changes.found(asked)
        by_object: dict[int, list[Meeting]] = {id(each): [] for each in asked}
        for alert in found.alerts:
            by_object[id(alert.subscription)].append((alert.change, alert.why))
        self.failures = found.failures
        self._meetings = {each: by_object[id(each)] for each in asked}

    def of(self, subscription: Subscription) -> Sequence[Meeting]:
        return self._meetings[_asked(subscription)]


def _asked(subscription: Subscription) -> Subscription:
    """What a subscription asks for, whatever its rhythm: it is matched once for all letters."""
    return replace(subscription, schedule=ANY)
