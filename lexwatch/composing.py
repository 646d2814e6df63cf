"""Compose what readers are owed: the digests and alerts of everybody whose period has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import criteria, digest
from alerts.match import Failure
from alerts.owed import Owed, owed, starting
from alerts.pressing import pressing
from index import history, suppressions
from lexwatch import matching
from pipeline.errors import StoreError
from pipeline.letter import LetterKind
from pipeline.model import Alert, Change, Digest, SourceReport
from pipeline.subscription import Schedule, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


Meeting = tuple[Change, tuple[str, ...]]  # with why

AT_ONCE = 25  # changes matched together, with whatever number of subscriptions
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
        return self._at_once.get((one.reader, one.address, one.channel), {})

    def _unasked(self, one: Owed) -> tuple[str, ...]:
        asked = {_asked(each) for each in one.subscriptions}
        return tuple(
            each.words for each in self._found.failures if _asked(each.subscription) in asked
        )

    @cached_property
    def _found(self) -> Met:
        """What was met since the earliest start of all."""
        changes = history.recorded(self._app.database, self._first, self._until)
        return Met(self._app, self._asked, changes)

    @cached_property
    def _at_once(self) -> Mapping[tuple[str, str, str], Mapping[int, datetime]]:
        return self._app.ledger.at_once(self._first)

    @cache  # noqa: B019 - it lives as long as the periods that end together
    def _coverage(self, since: datetime) -> tuple[SourceReport, ...]:
        return self._app.coverage(since, self._until)

    @cache  # noqa: B019 - as above
    def _settled(self, since: datetime) -> Met:
        return Met(self._app, self._asked, history.settled(self._app.database, since, self._until))


class Met:
    """What subscriptions met, by what they ask for: half a million meetings in a busy week of a
    large office, so nothing is kept of each but the change and the reasons, which many share."""

    def __init__(self, app: App, asked: Iterable[Subscription], changes: Sequence[Change]) -> None:
        wanted, reasons = tuple(asked), dict[tuple[str, ...], tuple[str, ...]]()
        by_object: dict[int, list[Meeting]] = {id(each): [] for each in wanted}
        failed: dict[Subscription, Failure] = {}
        for found in batches(app, wanted, changes):
            for alert in found.alerts:
                why = reasons.setdefault(alert.why, alert.why)
                by_object[id(alert.subscription)].append((alert.change, why))
            failed |= {each.subscription: each for each in found.failures}
        self.failures = tuple(failed.values())
        self._meetings = {each: by_object[id(each)] for each in wanted}

    def of(self, subscription: Subscription) -> Sequence[Meeting]:
        return self._meetings[_asked(subscription)]


def batches(
    app: App, wanted: Sequence[Subscription], changes: Sequence[Change]
) -> Iterator[matching.Found]:
    """What is met, some changes at a time; whatever ails the model, all but meaning is asked."""
    for start in range(0, len(changes), AT_ONCE):
        yield _found(app, wanted, changes[start : start + AT_ONCE])


def _found(app: App, wanted: Sequence[Subscription], changes: Sequence[Change]) -> matching.Found:
    try:
        return matching.found(app, wanted, changes)
    except StoreError:
        raise
    except Exception as error:  # of the model and what it stands on: mail goes out all the same
        unasked = [each for each in wanted if each.meaning]
        if not unasked:
            raise
        rest = matching.found(app, [each for each in wanted if not each.meaning], changes)
        said = "{} could not be asked by meaning: {}"
        failures = (
            Failure(
                subscription=each, words=said.format(criteria.called(each), type(error).__name__)
            )
            for each in unasked
        )
        return matching.Found(alerts=rest.alerts, failures=(*rest.failures, *failures))


def _asked(subscription: Subscription) -> Subscription:
    """What a subscription asks for, whatever its rhythm: it is matched once for all letters."""
    return replace(subscription, schedule=ANY)
