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
from index import history, suppressions
from lexwatch import matching
from pipeline.errors import StoreError
from pipeline.letter import LetterKind
from pipeline.model import Alert, Digest, SourceReport
from pipeline.subscription import Schedule, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


Met = Mapping[Subscription, Sequence[Alert]]

ANY = Schedule()


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A digest or an alert, and to whom it is owed. None: who is told of something only has nothing
    to be told, or it could not be made, and `error` says why."""

    owed: Owed
    digest: Digest | None
    error: str = ""


def due(app: App, wanted: Iterable[Subscription], moment: datetime) -> tuple[Owed, ...]:
    """What nobody queued yet and is due at a moment, but to addresses that are suppressed."""
    every = owed(wanted, app.ledger.told(), app.ledger.replaced(), moment)
    with app.database.read() as connection:
        shut = suppressions.suppressed(connection, {each.address for each in every})
    open_ = [each for each in every if each.address not in shut]
    queued = app.ledger.queued([each.key for each in open_])
    return tuple(each for each in open_ if each.key not in queued)


def starts(
    app: App, wanted: Iterable[Subscription], moment: datetime
) -> dict[datetime, list[Subscription]]:
    """The subscriptions by when what nobody told them yet begins."""
    first: dict[Subscription, datetime] = {}
    for each in starting(wanted, app.ledger.told(), app.ledger.replaced(), moment):
        one = each.subscription
        first[one] = min(each.start, first.get(one, each.start))
    found: dict[datetime, list[Subscription]] = {}
    for one, start in first.items():
        found.setdefault(start, []).append(one)
    return found


def composed(app: App, due: Iterable[Owed]) -> Iterator[Composed]:
    """Each digest with whom it is owed to, in order. What changed, what was looked at and what was
    met is found out once for all whose periods end together."""
    for until, group in groupby(due, key=lambda each: each.until):
        every = tuple(group)
        together = _Together(app, until, every)
        for one in every:
            try:
                made = Composed(owed=one, digest=together.digest(one))
            except StoreError:
                raise
            except Exception as error:  # a recipient is isolated from every other
                made = Composed(owed=one, digest=None, error=str(error) or repr(error))
            yield made


class _Together:
    """The periods that end at one moment."""

    def __init__(self, app: App, until: datetime, every: Sequence[Owed]) -> None:
        self._app, self._until, self._every = app, until, every
        self._asked = tuple({_asked(each): None for one in every for each in one.subscriptions})
        self._first = min(one.since for one in every)

    def digest(self, one: Owed) -> Digest | None:
        reader, since = (one.reader, one.address), one.since
        alerts = tuple(self._alerts(one))
        if one.is_only_of_something and not alerts:
            return None
        (built,) = digest.build(
            one.subscriptions,
            alerts,
            self._coverage(since),
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
            for alert in self._met.get(_asked(asked), ()):
                change = alert.change
                is_due = change.recorded_at >= start
                if is_due and not (is_alert and (change.id in sent or not pressing(change))):
                    yield replace(alert, subscription=asked)

    def _later(self, one: Owed) -> Iterator[Alert]:
        met = self._settled(one.since)
        for asked in one.subscriptions:
            for alert in met.get(_asked(asked), ()):
                yield replace(alert, subscription=asked)

    def _sent(self, one: Owed) -> Mapping[int, datetime]:
        return self._at_once.get((one.reader, one.address, one.channel), {})

    def _unasked(self, one: Owed) -> tuple[str, ...]:
        asked = {_asked(each) for each in one.subscriptions}
        return tuple(
            each.words for each in self._found.failures if _asked(each.subscription) in asked
        )

    @cached_property
    def _found(self) -> matching.Found:
        """What was met since the earliest start of all."""
        changes = history.recorded(self._app.database, self._first, self._until)
        return matching.found(self._app, self._asked, changes)

    @cached_property
    def _met(self) -> Met:
        return _by_subscription(self._found.alerts)

    @cached_property
    def _at_once(self) -> Mapping[tuple[str, str, str], Mapping[int, datetime]]:
        return self._app.ledger.at_once(self._first)

    @cache  # noqa: B019 - it lives as long as the periods that end together
    def _coverage(self, since: datetime) -> tuple[SourceReport, ...]:
        return self._app.coverage(since, self._until)

    @cache  # noqa: B019 - as above
    def _settled(self, since: datetime) -> Met:
        changes = history.settled(self._app.database, since, self._until)
        return _by_subscription(matching.matched(self._app, self._asked, changes))


def _by_subscription(alerts: Iterable[Alert]) -> Met:
    met: dict[Subscription, list[Alert]] = {}
    for alert in alerts:
        met.setdefault(alert.subscription, []).append(alert)
    return met


def _asked(subscription: Subscription) -> Subscription:
    """What a subscription asks for, whatever its rhythm: it is matched once for all letters."""
    return replace(subscription, schedule=ANY)
