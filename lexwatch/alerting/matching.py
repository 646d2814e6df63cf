"""Match what changed with what readers asked for, meaning included; try a subscription first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

from alerts import criteria
from alerts.match import Failure, Offer, failures
from alerts.seekers import asks_texts
from index import authorities, grounds, history
from lexwatch.alerting.nearness import Model, Passages
from pipeline import authority as cited
from pipeline.errors import LexwatchError, ModelError, QueryError, StoreError
from pipeline.grounds import Grounds, Nearest
from pipeline.model import Alert, Change
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    from index.grounds import Said
    from lexwatch.app import App

BATCH = 100  # changes whose texts are held together
KEPT = 10  # times so many, of which what they offer is kept for the next subscriptions
WINDOW = timedelta(days=7)  # changes read together when a subscription is tried
DAYS = 90


@dataclass(frozen=True, kw_only=True)
class Found:
    """What subscriptions met, change by change, and which could not be asked in full; `faults` say
    of changes that they could not be matched with anybody, each in a line: of those `unmatched`."""

    alerts: tuple[Alert, ...]
    failures: tuple[Failure, ...] = ()
    faults: tuple[str, ...] = ()
    unmatched: tuple[Change, ...] = ()


def matched(
    app: App, subscriptions: Iterable[Subscription], changes: Iterable[Change]
) -> tuple[Alert, ...]:
    """As `found`, for who has told of the failures already."""
    return found(app, subscriptions, changes).alerts


def found(app: App, subscriptions: Iterable[Subscription], changes: Iterable[Change]) -> Found:
    """Match changes, of which only some at a time are looked at in full.

    Where sentences can't be asked, since the model or the vectors can't be had, all else is
    matched; whose they are is told as a failure, in words that quote none of them.
    """
    wanted, left = tuple(subscriptions), iter(changes)
    parts = iter(lambda: [*islice(left, BATCH)], [])
    return _asked(app, wanted, (_Part(app, some) for some in parts), Model(app))


class Gathered:
    """Changes that are matched with ever more subscriptions: what they offer is gathered once, but
    for those beyond the first thousand, so that memory grows with neither."""

    def __init__(
        self, app: App, changes: Sequence[Change], everybody: Iterable[Subscription] = ()
    ) -> None:
        """`everybody` are those who may be asked for: their sentences are embedded together."""
        self._app, self._changes = app, changes
        self._model = Model(app, [each.meaning for each in everybody if each.meaning])
        self._kept: dict[int, _Part] = {}

    def found(self, subscriptions: Iterable[Subscription]) -> Found:
        return _asked(self._app, tuple(subscriptions), self._parts(), self._model)

    def _parts(self) -> Iterator[_Part]:
        for start in range(0, len(self._changes), BATCH):
            part = self._kept.get(start) or _Part(self._app, self._changes[start:][:BATCH])
            if start < KEPT * BATCH:
                self._kept[start] = part
            yield part


def back_test(app: App, subscription: Subscription, days: int = DAYS) -> tuple[Alert, ...]:
    """What a subscription would have given in the days up to now, of the changes that are held
    (`held_since`), each as known at the end of its week; `Change.recorded_at` says when.

    Raises QueryError, which points at what can't be read, and ModelError where its sentence can't
    be asked.
    """
    criteria.read(subscription)
    outcome = found(app, (subscription,), _recorded(app, subscription, days))
    for failure in outcome.failures:
        raise ModelError(failure.words)
    return outcome.alerts


def held_since(app: App, sources: Sequence[str] = ()) -> datetime | None:
    """Since when changes are held, of all sources or of these: of before that day nothing is known.
    None: nothing is held yet."""
    with app.database.read() as connection:
        return grounds.watched_since(connection, sources)


def authority(app: App, typed: str) -> str:
    """The canonical name of an authority as somebody types it; also of one that is held or cited,
    by its name alone. Raises `NotHeld`, which says what else it may be."""
    try:
        return cited.read(typed)
    except QueryError:
        with app.database.read() as connection:
            return authorities.named(connection, typed)


def _recorded(app: App, subscription: Subscription, days: int) -> Iterator[Change]:
    now = app.clock()
    since = now - timedelta(days=days)
    while since < now:
        until = min(since + WINDOW, now)
        yield from history.recorded(
            app.database,
            since,
            until,
            sources=subscription.sources,
            topics=subscription.topics,
            fuller=True,
        )
        since = until


def _asked(app: App, wanted: Sequence[Subscription], parts: Iterable[_Part], model: Model) -> Found:
    others = _aliases(app, wanted)
    alerts, faults, broken = list[Alert](), dict[str, None](), dict[int, Failure]()
    unmatched: dict[int, Change] = {}
    for part in parts:
        tried = part.tried(wanted, others, model)
        alerts += tried.alerts
        faults |= dict.fromkeys(tried.faults)
        unmatched |= {each.id: each for each in tried.unmatched}
        broken |= {id(each.subscription): each for each in tried.failures}
    unasked = {id(each): _unasked(each, model.ails) for each in wanted if each.meaning}
    failed = broken | {id(each.subscription): each for each in failures(wanted)}
    told = unasked | failed if model.ails else failed
    return Found(
        alerts=tuple(alerts),
        failures=tuple(told.values()),
        faults=tuple(faults),
        unmatched=tuple(unmatched.values()),
    )


def _aliases(app: App, wanted: Iterable[Subscription]) -> Mapping[str, Sequence[str]]:
    names: dict[str, None] = {}
    for each in wanted:
        for typed in each.authorities:
            try:
                names[criteria.canonical(typed)] = None
            except QueryError:  # told as a failure
                continue
    if not names:
        return {}
    with app.database.read() as connection:
        return grounds.aliases(connection, names)


def _unasked(one: Subscription, why: str) -> Failure:
    words = f"{criteria.called(one)} could not be run by meaning: {why}"
    return Failure(subscription=one, words=words)


def _halved(
    ask: Callable[[Sequence[Subscription]], Iterator[Alert]], wanted: Sequence[Subscription]
) -> tuple[list[Alert], list[Failure]]:
    """What a change meets, and the searches that can't be asked of it: those in which, halved and
    halved again, the error stays. Raises it where it is of all."""
    try:
        return [*ask(wanted)], []
    except StoreError:
        raise
    except Exception as error:  # see above
        if len(wanted) <= 1:
            said = f"could not be run: {_said(error)}"
            return [], [
                Failure(subscription=each, words=f"{criteria.called(each)} {said}")
                for each in wanted
            ]
        half = len(wanted) // 2
        parts = [_halved(ask, some) for some in (wanted[:half], wanted[half:])]
        alerts = [one for met, _ in parts for one in met]
        failed = [one for _, lost in parts for one in lost]
        if len(failed) == len(wanted):
            raise
        return alerts, failed


def _said(error: Exception) -> str:
    """What an error says where it is ours, else its name: others may quote what was typed."""
    is_ours = isinstance(error, LexwatchError) and not isinstance(error, QueryError)
    return str(error) if is_ours else type(error).__name__


class _Part:
    """Some changes; what they offer is gathered when it is first asked for."""

    def __init__(self, app: App, changes: Sequence[Change]) -> None:
        self._app = app
        self._faults: list[str] = []
        self._unmatched: list[Change] = []
        self._keep([each for each in changes if not each.baseline])

    def _keep(self, changes: Sequence[Change]) -> None:
        """Hold these changes alone, and nothing of what was gathered of others."""
        self._changes = changes
        for name in ("_facts", "_texts", "_grounds", "_told", "_passages"):
            vars(self).pop(name, None)

    def tried(
        self, wanted: Sequence[Subscription], others: Mapping[str, Sequence[str]], model: Model
    ) -> Found:
        """What is met, whatever ails one change or one search: that one alone is left out, and a
        change that ails is for all who are matched later."""
        ask = partial(self.alerts, others=others, model=model)
        try:
            return self._found(ask(wanted))
        except StoreError:
            raise
        except Exception:  # of one change or one search: of which, is found out now
            return self._apart(wanted, others, model)

    def _apart(
        self, wanted: Sequence[Subscription], others: Mapping[str, Sequence[str]], model: Model
    ) -> Found:
        alerts, failed, sound = list[Alert](), dict[int, Failure](), list[Change]()
        for change in self._changes:
            one = _Part(self._app, [change])
            try:
                _ = one._texts if any(map(asks_texts, wanted)) else one._facts
                met, broken = _halved(partial(one.alerts, others=others, model=model), wanted)
            except StoreError:
                raise
            except Exception as error:  # see `tried`
                said = f"change of {change.document.name} could not be matched: {_said(error)}"
                self._faults.append(said)
                self._unmatched.append(change)
                continue
            sound.append(change)
            alerts += met
            failed |= {id(each.subscription): each for each in broken}
        if len(sound) < len(self._changes):
            self._keep(sound)
        return self._found(alerts, failed.values())

    def _found(self, alerts: Iterable[Alert], failed: Iterable[Failure] = ()) -> Found:
        return Found(
            alerts=tuple(alerts),
            failures=tuple(failed),
            faults=tuple(self._faults),
            unmatched=tuple(self._unmatched),
        )

    def alerts(
        self, wanted: Sequence[Subscription], others: Mapping[str, Sequence[str]], model: Model
    ) -> Iterator[Alert]:
        if not any(map(asks_texts, wanted)):
            return self._facts.alerts(wanted)
        offered = self._grounds
        if others:
            offered = {number: grounds.renamed(each, others) for number, each in offered.items()}
        near: Mapping[int, Mapping[str, Nearest]] = {}
        if any(each.meaning for each in wanted):
            with suppress(LexwatchError):  # of the model, which is told below; else of a change
                _ = self._told
            near = model.ask(lambda: self._near(wanted, model))
        known = {
            number: replace(each, near=near[number]) if number in near else each
            for number, each in offered.items()
        }
        return self._texts.alerts(wanted, known)

    @cached_property
    def _facts(self) -> Offer:
        return Offer(self._changes, self._app.names)

    @cached_property
    def _texts(self) -> Offer:
        return Offer(self._changes, self._app.names, self._grounds)

    @cached_property
    def _grounds(self) -> Mapping[int, Grounds]:
        with self._app.database.read() as connection:
            return grounds.gather(connection, self._changes)

    @cached_property
    def _passages(self) -> Passages:
        return Passages(self._app, self._told)

    @cached_property
    def _told(self) -> Sequence[tuple[int, Said]]:
        with self._app.database.read() as connection:
            said = grounds.passages(connection, self._changes, self._grounds, self._app.rules.count)
        return [(number, each) for number, every in said.items() for each in every]

    def _near(
        self, wanted: Iterable[Subscription], model: Model
    ) -> Mapping[int, Mapping[str, Nearest]]:
        least: dict[str, float] = {}
        for each in wanted:
            if each.meaning:
                least[each.meaning] = min(each.threshold, least.get(each.meaning, 1.0))
        return self._passages.near(least, model.rows([*least]))
