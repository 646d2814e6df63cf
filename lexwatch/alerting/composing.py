"""Compose letters that are due: the digests and alerts of everybody whose period has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import digest
from alerts.deadlines import urgent
from alerts.owed import Owed
from index import history, unmatched
from index.queued import Box
from index.suppressions import folded
from lexwatch.alerting import matching
from lexwatch.alerting.once import Once
from lexwatch.alerting.outlook import Outlook
from lexwatch.subscriptions.askable import Askable
from pipeline.errors import StoreError
from pipeline.letter import LetterKind
from pipeline.model import Alert, Change, Deadline, Digest, SourceReport
from pipeline.subscription import Schedule, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App


Meeting = tuple[Change, tuple[str, ...]]  # with why

BATCH = 100  # letters whose readers' meetings are held together
ANY = Schedule()
LATE = "told late: it could not be matched when it was found"


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A digest or an alert, and to whom it is owed. None: who is told of something only has nothing
    to be told, or it could not be made, and `error` says why. `untold` says of subscriptions, by
    number, that could not be asked from when on they are to be told yet; `faults` why, and which
    changes could not be matched: of each subscription those `unmatched` wait for its next letter.
    """

    owed: Owed
    digest: Digest | None
    error: str = ""
    untold: Mapping[int, datetime] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    unmatched: Mapping[int, Set[int]] = field(default_factory=dict)


def composed(app: App, due: Iterable[Owed]) -> Iterator[Composed]:
    """Each digest with whom it is owed to, in order. What changed, and what was looked at, is found
    out once for all whose periods end together; what was met, for some readers at a time."""
    for until, group in groupby(due, key=lambda each: each.until):
        every = tuple(group)
        together = _Together(app, until, every)
        for start in range(0, len(every), BATCH):
            some = _Some(app, together, every[start : start + BATCH])
            yield from map(some.composed, some.letters)


class _Together:
    """The periods that end at one moment: what they have in common, whoever reads it."""

    def __init__(self, app: App, until: datetime, every: Sequence[Owed]) -> None:
        self._app, self._until, self._every = app, until, every
        asked = (one for one in every if not one.dead.issuperset(_numbers(one)))
        self._first = min((one.since for one in asked), default=until)
        self._once = Once()
        self.askable = Askable(app)

    @property
    def changes(self) -> matching.Gathered:
        """What was recorded since the earliest start of all."""
        return self._once.get("changes", self._recorded)

    @property
    def waiting(self) -> unmatched.Waiting:
        """The changes that could not be matched for an earlier letter."""
        return self._once.get("waiting", lambda: unmatched.waiting(self._app.database))

    @property
    def late(self) -> matching.Gathered:
        """These changes, to be matched again."""
        return self._once.get("late", self._unmatched)

    @property
    def at_once(self) -> dict[Box, dict[int, datetime | None]]:
        """What is told at once, by where it goes; what these letters tell so is added."""
        return self._once.get("at once", lambda: self._app.ledger.at_once(self._first))

    def coverage(self, since: datetime) -> tuple[SourceReport, ...]:
        """Days are those of the zone that `since` bears."""
        named = ("coverage", since, str(since.tzinfo))
        return self._once.get(named, lambda: self._app.coverage(since, self._until))

    def settled(self, since: datetime) -> matching.Gathered:
        def gathered() -> matching.Gathered:
            return self._gathered(history.settled(self._app.database, since, self._until))

        return self._once.get(("settled", since), gathered)

    @property
    def outlook(self) -> Outlook:
        return self._once.get("outlook", lambda: Outlook(self._app, self._until, self._everybody))

    @property
    def appearing(self) -> matching.Gathered:
        """The documents whose dates fall due, as if each had appeared just now."""
        return self._once.get("appearing", lambda: self.outlook.documents)

    def _recorded(self) -> matching.Gathered:
        database = self._app.database
        return self._gathered(history.recorded(database, self._first, self._until, fuller=True))

    def _unmatched(self) -> matching.Gathered:
        only = {number for numbers in self.waiting.values() for number in numbers}
        database = self._app.database
        return self._gathered(history.recorded(database, until=self._until, only=only, fuller=True))

    def _gathered(self, changes: Sequence[Change]) -> matching.Gathered:
        return matching.Gathered(self._app, changes, self._everybody)

    @property
    def _everybody(self) -> Iterator[Subscription]:
        return (each for one in self._every for each in one.subscriptions)


class _Some:
    """Letters that are composed together: what their readers met is held, and no more."""

    def __init__(self, app: App, together: _Together, letters: Sequence[Owed]) -> None:
        self._app, self._together, self.letters = app, together, letters
        self._once = Once()
        self._asked = tuple({_asked(each): None for one in letters for each in one.subscriptions})

    def composed(self, one: Owed) -> Composed:
        try:
            return Composed(
                owed=one,
                digest=self._digest(one),
                untold={
                    each.id: start
                    for each, start in zip(one.subscriptions, one.starts, strict=True)
                    if not self._is_told(each)
                },
                faults=self._unasked(one),
                unmatched=self._unmatched(one),
            )
        except StoreError:
            raise
        except Exception as error:  # a recipient is isolated from every other
            return Composed(owed=one, digest=None, error=str(error) or repr(error))

    def _digest(self, one: Owed) -> Digest | None:
        since, alerts = one.since, tuple(self._alerts(one))
        if one.is_only_of_something:
            if not alerts:
                return None
            self._at_once(one).update({each.change.id: None for each in alerts})
        ahead, ails = self._ahead(one)
        return digest.build(
            one.subscriptions,
            alerts,
            self._together.coverage(since),
            since,
            one.until,
            settled=() if one.kind is LetterKind.ALERT else self._later(one),
            background=self._app.taxonomy.background,
            at_once={each: at for each, at in self._at_once(one).items() if at},
            unasked=(*self._unasked(one), *filter(None, [ails])),
            deadlines=ahead,
            kind=one.kind,
        )

    def _alerts(self, one: Owed) -> Iterator[Alert]:
        told = {*self._at_once(one)} if one.is_only_of_something else set()
        for asked, start in zip(one.subscriptions, one.starts, strict=True):
            for change, why in self._met(one, asked, start) if self._is_told(asked) else ():
                can_wait = one.kind is LetterKind.ALERT and not urgent(change)
                if not (change.id in told or can_wait):
                    yield Alert(subscription=asked, change=change, why=why)

    def _met(self, one: Owed, asked: Subscription, start: datetime) -> Iterator[Meeting]:
        """What changed from `start` on, and what changed before it and could not be matched."""
        for change, why in self._found.of(asked):
            if change.recorded_at >= start:
                yield change, why
        waiting = self._waiting(one, asked)
        for change, why in self._late.of(asked) if waiting else ():
            if change.id in waiting and change.recorded_at < start:
                yield change, (*why, LATE)

    def _unmatched(self, one: Owed) -> dict[int, Set[int]]:
        found: dict[int, Set[int]] = {}
        for asked, start in zip(one.subscriptions, one.starts, strict=True):
            left = {each.id for each in self._found.unmatched if each.recorded_at >= start}
            if waiting := self._waiting(one, asked):
                left |= waiting & {each.id for each in self._late.unmatched}
            if left:
                found[asked.id] = left
        return found

    def _waiting(self, one: Owed, asked: Subscription) -> Set[int]:
        return self._together.waiting.get((asked.id, one.kind, one.channel), frozenset())

    def _later(self, one: Owed) -> Iterator[Alert]:
        for asked, start in zip(one.subscriptions, one.starts, strict=True):
            for change, why in self._settled(start).of(asked) if self._is_told(asked) else ():
                yield Alert(subscription=asked, change=change, why=why)

    def _is_told(self, asked: Subscription) -> bool:
        """Whether it could be asked: else nothing of it is told until it can be, then all of it."""
        return not (self._found.has_failed(asked) or self._together.askable.is_dead(asked))

    def _at_once(self, one: Owed) -> dict[int, datetime | None]:
        """What is told at once where a letter goes, with when it was; None: it has not left yet."""
        return self._together.at_once.setdefault((folded(one.address), one.channel), {})

    def _ahead(self, one: Owed) -> tuple[Sequence[Deadline] | None, str]:
        """The dates that fall due, of a digest that tells them; or why they could not be had."""
        if one.is_only_of_something:
            return None, ""
        try:
            met = {
                each: {change.document for change, _ in self._appearing.of(each)}
                for each in one.subscriptions
            }
            return self._together.outlook.of(met), ""
        except StoreError:
            raise
        except Exception as error:  # what changed is told all the same
            return None, f"the dates that fall due could not be looked up: {type(error).__name__}"

    def _unasked(self, one: Owed) -> tuple[str, ...]:
        asked = {_asked(each) for each in one.subscriptions}
        lost = (self._together.askable.complaint(each) for each in one.subscriptions)
        failed = (each.words for each in self._found.failures if _asked(each.subscription) in asked)
        return tuple(dict.fromkeys(filter(None, (*lost, *failed, *self._found.faults))))

    @property
    def _found(self) -> Met:
        return self._once.get("found", lambda: Met(self._together.changes, self._asked))

    @property
    def _late(self) -> Met:
        return self._once.get("late", lambda: Met(self._together.late, self._asked))

    def _settled(self, since: datetime) -> Met:
        def met() -> Met:
            return Met(self._together.settled(since), self._asked)

        return self._once.get(("settled", since), met)

    @property
    def _appearing(self) -> Met:
        return self._once.get("appearing", lambda: Met(self._together.appearing, self._asked))


class Met:
    """What subscriptions met, by what they ask for."""

    def __init__(self, changes: matching.Gathered, asked: Sequence[Subscription]) -> None:
        found = changes.found(asked)
        by_object: dict[int, list[Meeting]] = {id(each): [] for each in asked}
        for alert in found.alerts:
            by_object[id(alert.subscription)].append((alert.change, alert.why))
        self.failures, self.faults = found.failures, found.faults
        self.unmatched = found.unmatched
        self._failed = {_asked(each.subscription) for each in found.failures}
        self._meetings = {each: by_object[id(each)] for each in asked}

    def of(self, subscription: Subscription) -> Sequence[Meeting]:
        return self._meetings[_asked(subscription)]

    def has_failed(self, subscription: Subscription) -> bool:
        return _asked(subscription) in self._failed


def _asked(subscription: Subscription) -> Subscription:
    """What a subscription asks for, whatever its frequency: it is matched once for all letters."""
    return subscription if subscription.schedule == ANY else replace(subscription, schedule=ANY)


def _numbers(one: Owed) -> Iterator[int]:
    return (each.id for each in one.subscriptions)
