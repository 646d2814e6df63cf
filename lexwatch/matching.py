"""Match what changed with what readers asked for, meaning included; try a subscription first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from alerts import criteria
from alerts.match import Failure, asks_texts, failures, match
from index import authorities, embedded, grounds, history
from pipeline import authority as cited
from pipeline.errors import LexwatchError, ModelError, QueryError
from pipeline.grounds import Grounds, Nearest
from pipeline.model import Alert, Change
from pipeline.subscription import Subscription

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.grounds import Said
    from index.vectors import Vectors
    from lexwatch.app import App

    Rows = NDArray[np.float32]

AT_ONCE = 100  # changes whose texts are held together
SENTENCES = 256  # compared at once with all passages of those
LACKING = 1_000  # passages embedded in passing
WINDOW = timedelta(days=7)  # changes read together when a subscription is tried
DAYS = 90

# What was typed is written down nowhere, and forgotten when it is asked no more.
_embedded: WeakKeyDictionary[Vectors, dict[str, Rows]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Found:
    """What subscriptions met, change by change, and which could not be asked in full."""

    alerts: tuple[Alert, ...]
    failures: tuple[Failure, ...] = ()


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
    wanted = tuple(subscriptions)
    failed = {id(each.subscription): each for each in failures(wanted)}
    unasked: dict[int, Failure] = {}
    alerts: list[Alert] = []
    others = _aliases(app, wanted)
    needs, names = any(map(asks_texts, wanted)), app.names
    left = iter(changes)
    while batch := [*islice(left, AT_ONCE)]:
        offered: Mapping[int, Grounds] = {}
        if needs:
            told = [each for each in batch if not each.baseline]
            with app.database.read() as connection:
                offered = grounds.gather(connection, told, others)
            if not unasked:
                try:
                    offered = _with_meaning(app, wanted, told, offered)
                except LexwatchError as error:
                    unasked = _unasked(wanted, error)
        alerts += match(wanted, batch, names, offered)
    return Found(alerts=tuple(alerts), failures=tuple((unasked | failed).values()))


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
            app.database, since, until, sources=subscription.sources, topics=subscription.topics
        )
        since = until


def _aliases(app: App, wanted: Iterable[Subscription]) -> Mapping[str, str]:
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


def _with_meaning(
    app: App,
    wanted: Iterable[Subscription],
    changes: Sequence[Change],
    offered: Mapping[int, Grounds],
) -> Mapping[int, Grounds]:
    """The grounds with the passage of each change that is nearest to each sentence, where it is
    near enough for one who asks it."""
    least: dict[str, float] = {}
    for each in wanted:
        if each.meaning:
            least[each.meaning] = min(each.threshold, least.get(each.meaning, 1.0))
    if not least or not changes:
        return offered
    with app.database.read() as connection:
        said = grounds.passages(connection, changes, offered, app.rules.count)
    near = _nearest(app, least, said)
    return {
        number: replace(each, near=near.get(number, {})) if number in near else each
        for number, each in offered.items()
    }


def _nearest(
    app: App, least: Mapping[str, float], said: Mapping[int, Sequence[Said]]
) -> Mapping[int, Mapping[str, Nearest]]:
    """By the change's id and the sentence: all passages are compared with many at once."""
    import numpy as np  # noqa: PLC0415 - only where a sentence is asked

    told = [(number, each) for number, every in said.items() for each in every]
    if not told:
        return {}
    rows = _passages(app, [each for _, each in told])
    numbers = np.array([number for number, _ in told])
    starts = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1]])
    found: dict[int, dict[str, Nearest]] = {}
    asked = _sentences(app.vectors, [*least])
    for sentences in _parts([*least], SENTENCES):
        cosines = rows @ np.stack([asked[each] for each in sentences]).T
        enough = np.array([least[each] for each in sentences], dtype=np.float32)
        best = np.maximum.reduceat(cosines, starts, axis=0)
        for change, column in np.argwhere(best >= enough).tolist():
            of = cosines[starts[change] :, column] == best[change, column]
            number, each = told[int(starts[change] + of.argmax())]
            found.setdefault(number, {})[sentences[column]] = Nearest(
                cosine=float(best[change, column]),
                text=each.text,
                place=each.place,
                is_removed=each.is_removed,
            )
    return found


def _parts(sentences: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (sentences[start : start + size] for start in range(0, len(sentences), size))


def _passages(app: App, told: Sequence[Said]) -> Rows:
    """A row for each. Where many that stand have none yet, that is for `lexwatch index`, which
    keeps them."""
    with app.database.read() as connection:
        standing = {embedded.digest_of(each.embedded) for each in told if not each.is_removed}
        lacking = len(standing) - len(embedded.held(connection, app.vectors.model, standing))
    if lacking > LACKING:
        raise ModelError(f"{lacking:,} passages are not embedded yet: run `lexwatch index`")
    return app.vectors.embed([each.embedded for each in told])


def _sentences(vectors: Vectors, sentences: Sequence[str]) -> Mapping[str, Rows]:
    """A row for each sentence."""
    held = _embedded.get(vectors, {})
    new = [each for each in sentences if each not in held]
    if new:
        held = held | dict(zip(new, vectors.embed(new), strict=True))
    _embedded[vectors] = {each: held[each] for each in sentences}
    return held


def _unasked(wanted: Iterable[Subscription], error: LexwatchError) -> dict[int, Failure]:
    return {
        id(each): Failure(
            subscription=each,
            words=f"{criteria.called(each)} could not be asked by meaning: {error}",
        )
        for each in wanted
        if each.meaning
    }
