"""What readers are owed: of which periods nobody told them yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.letter import LetterKind, Told, key
from pipeline.periods import Period, period
from pipeline.subscription import Frequency, Schedule, Subscription

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A letter that is due: one reader's, over one channel, of one frequency, up to `until`.

    `starts` says of each of its `subscriptions` from when on it was not told; all of them bear the
    one `schedule`, whatever else ends at that moment. Those that are `dead`, by number, can't be
    asked until they are mended: the period is that of the others, however long that takes.
    """

    kind: LetterKind
    reader: str
    address: str
    channel: str
    schedule: Schedule
    until: datetime
    subscriptions: tuple[Subscription, ...]
    starts: tuple[datetime, ...]
    dead: frozenset[int] = frozenset()

    @property
    def since(self) -> datetime:
        each = zip(self.subscriptions, self.starts, strict=True)
        starts = [start for one, start in each if one.id not in self.dead]
        return min(starts or self.starts).astimezone(ZoneInfo(self.schedule.zone))

    @property
    def key(self) -> str:
        return key(
            self.reader,
            self.address,
            self.since,
            self.until,
            kind=self.kind,
            frequency=self.schedule.frequency,
            channel=self.channel,
        )

    @property
    def is_only_of_something(self) -> bool:
        """Whether nothing is sent where nothing was found."""
        is_at_once = self.schedule.frequency is Frequency.AT_ONCE
        return is_at_once or self.kind is not LetterKind.DIGEST


@dataclass(frozen=True, kw_only=True)
class Start:
    """From when on a subscription is to be told, and up to when that is due."""

    subscription: Subscription
    channel: str
    kind: LetterKind
    schedule: Schedule
    start: datetime
    until: datetime


def owed(
    subscriptions: Iterable[Subscription],
    told: Told,
    replaced: Mapping[int, Iterable[int]],
    now: datetime,
    begun: Mapping[int, datetime] = {},
) -> tuple[Owed, ...]:
    """What is due at `now`, those of one moment together.

    Each subscription is told from where it was told last, whatever its frequency was then: nothing
    falls between two digests, and a change of frequency repeats nothing. One that was never told,
    but took the place of others (`replaced`, by number), goes on where these ended; one beside
    others of its reader and frequency joins them, and so meets their whole period; else it has the
    last whole period. Of one that had no digest yet, all is told since it was `begun`: what was
    changed since, its frequency or a channel, loses nothing. A reader has one digest of a frequency
    for a period: what could not be asked then, and was not told, is told in the next.
    """
    wanted = tuple(subscriptions)
    last = _last(wanted, told)
    groups: dict[tuple[Any, ...], list[tuple[Subscription, datetime]]] = defaultdict(list)
    for one in starting(wanted, told, replaced, now, begun):
        frequency = one.schedule.frequency
        to = (*_reader(one.subscription), one.channel, one.kind, frequency)
        if one.start < one.until and last.get(to, NEVER) < one.until:
            named = (one.until, *to)
            groups[named].append((_on(one.subscription, one.schedule), one.start))
    return tuple(_letter(named, groups[named]) for named in sorted(groups))


def starting(
    subscriptions: Iterable[Subscription],
    told: Told,
    replaced: Mapping[int, Iterable[int]],
    now: datetime,
    begun: Mapping[int, datetime] = {},
) -> Iterator[Start]:
    """From when on each subscription is to be told, as `owed` says, for each of its channels, and
    once more where what can't wait is told at once."""
    wanted = tuple(subscriptions)
    joined = _joined(wanted, told)
    for one in wanted:
        own = [one.id, *replaced.get(one.id, ())]
        first = min((begun[each] for each in own if each in begun), default=now)
        for channel, kind, schedule in _ways(one):
            since, until = _period(schedule, now)
            before = (told.get((old, kind, channel)) for old in replaced.get(one.id, ()))
            start = (
                told.get((one.id, kind, channel))
                or min(filter(None, before), default=None)
                or min(
                    joined.get((*_reader(one), channel, kind, schedule), since.astimezone(UTC)),
                    first,
                )
            )
            yield Start(
                subscription=one,
                channel=channel,
                kind=kind,
                schedule=schedule,
                start=start,
                until=until,
            )


def _letter(named: tuple[Any, ...], met: list[tuple[Subscription, datetime]]) -> Owed:
    until, reader, address, channel, kind, _ = named
    first = met[0][0].schedule
    return Owed(
        kind=kind,
        reader=reader,
        address=address,
        channel=channel,
        schedule=first,
        until=until.astimezone(ZoneInfo(first.zone)),
        subscriptions=tuple(_on(one, first) for one, _ in met),
        starts=tuple(start for _, start in met),
    )


def _on(one: Subscription, schedule: Schedule) -> Subscription:
    """A subscription that bears a schedule: itself where it does, since thousands are held."""
    return one if one.schedule == schedule else replace(one, schedule=schedule)


def _ways(one: Subscription) -> Iterator[tuple[str, LetterKind, Schedule]]:
    at_once = replace(one.schedule, frequency=Frequency.AT_ONCE)
    for channel in one.channels:
        yield channel, LetterKind.DIGEST, one.schedule
        if one.urgent_at_once and one.schedule != at_once:
            yield channel, LetterKind.ALERT, at_once


def _joined(wanted: Iterable[Subscription], told: Told) -> dict[tuple[Any, ...], datetime]:
    """Up to when each reader was told, by channel, kind and frequency."""
    found: dict[tuple[Any, ...], datetime] = {}
    for one in wanted:
        for channel, kind, schedule in _ways(one):
            until = told.get((one.id, kind, channel))
            named = (*_reader(one), channel, kind, schedule)
            if until and until > found.get(named, NEVER):
                found[named] = until
    return found


def _last(
    wanted: Iterable[Subscription], told: Told
) -> dict[tuple[str, str, str, LetterKind, Frequency], datetime]:
    """Up to when each reader had digests of each frequency that comes round."""
    found: dict[tuple[str, str, str, LetterKind, Frequency], datetime] = {}
    for one in wanted:
        for channel, kind, schedule in _ways(one):
            until = told.get((one.id, kind, channel))
            if until and schedule.frequency is not Frequency.AT_ONCE:
                named = (*_reader(one), channel, kind, schedule.frequency)
                found[named] = max(until, found.get(named, NEVER))
    return found


def _reader(one: Subscription) -> tuple[str, str]:
    return one.reader, one.address


@lru_cache(maxsize=1024)
def _period(schedule: Schedule, now: datetime) -> Period:
    """Worked out once: thousands of subscriptions share a dozen schedules."""
    return period(schedule, now)
