"""Queue the reminders: one letter for each reader and channel with all that is to be told now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import channels as services
from alerts import mail
from alerts.mail import Envelope
from alerts.reminders import Reminder, brief, moment, ordered, render, subject
from index import deadlines
from index.deliveries import Queued
from lexwatch import channels, signed, whose
from pipeline.calendar import eastern
from pipeline.deadline import Deadline
from pipeline.errors import LexwatchError
from pipeline.letter import Letter, LetterKind, key
from pipeline.subscription import MAIL, Subscription

if TYPE_CHECKING:
    from alerts.mail import Letterhead
    from lexwatch.app import App

Due = Mapping[str, tuple[Deadline, datetime]]  # by UID, with since when it is to be told


@dataclass(frozen=True, kw_only=True)
class Made:
    """A reminder ready for the queue; None where it could not be made, and `error` says why."""

    reader: str
    address: str
    queued: Queued | None
    error: str = ""


def reminders(app: App, wanted: Iterable[Subscription], now: datetime) -> Iterator[Made]:
    """A letter for each reader and channel of whom a date that falls due is to be told, ready for
    the queue; the deadlines are brought up to date first. Who has none due gets none.

    A date is left out where one of the reader's subscriptions that meet it was told of dates since
    its moment: this reminder was sent.
    """
    deadlines.sync(app.database, now)
    due = _due(app, now)
    readers = whose.open_to(app, wanted) if due else ()
    if not readers:
        return
    met = whose.met(app, (each for each, _ in due.values()), readers)
    told, letterhead = app.ledger.told(), signed.letterhead(app)
    for to in _addressees(readers, told):
        found = ordered(
            deadline
            for uid, (deadline, at) in due.items()
            if to.is_untold(at, [each.id for each in to.own if uid in met.get(each.id, ())])
        )
        if found:
            yield _made(app, to, found, now, letterhead)


@dataclass(frozen=True, kw_only=True)
class _Addressee:
    """A reader on a channel, with their subscriptions there (`own`), and up to when each of these,
    by number, was told of dates."""

    reader: str
    address: str
    channel: str
    own: tuple[Subscription, ...]
    told: Mapping[int, datetime]

    def is_untold(self, at: datetime, asking: Sequence[int]) -> bool:
        """Whether any ask for a date, and none of them was told of dates since its moment."""
        return bool(asking) and all(
            number not in self.told or self.told[number] < at for number in asking
        )


def _due(app: App, now: datetime) -> Due:
    days = app.settings.reminders.days
    if not days:
        return {}
    today = eastern(now)
    last = today + timedelta(days=max(days))
    held = deadlines.held(app.database, today, last, cancelled=False)
    moments = ((each, moment(each, days, now)) for each in held)
    return {each.uid: (each, at) for each, at in moments if at is not None}


def _addressees(
    wanted: Iterable[Subscription], told: Mapping[tuple[int, LetterKind, str], datetime]
) -> Iterator[_Addressee]:
    pairs = [
        ((each.reader, each.address, channel), each)
        for each in wanted
        for channel in dict.fromkeys(each.channels)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1].id))
    for (reader, address, channel), group in groupby(pairs, key=lambda pair: pair[0]):
        own = tuple(each for _, each in group)
        named = {each.id: (each.id, LetterKind.REMINDER, channel) for each in own}
        yield _Addressee(
            reader=reader,
            address=address,
            channel=channel,
            own=own,
            told={number: told[key] for number, key in named.items() if key in told},
        )


def _made(
    app: App,
    to: _Addressee,
    deadlines: tuple[Deadline, ...],
    now: datetime,
    letterhead: Letterhead,
) -> Made:
    days = app.settings.reminders.days
    reminder = Reminder(reader=to.reader, deadlines=deadlines, today=eastern(now), days=days)
    try:
        letter = _letter(app, to, reminder, _envelope(to, now), letterhead)
    except LexwatchError as error:  # a recipient is isolated from every other
        return Made(reader=to.reader, address=to.address, queued=None, error=str(error))
    queued = Queued(letter=letter, subscriptions=tuple(each.id for each in to.own))
    return Made(reader=to.reader, address=to.address, queued=queued)


def _envelope(to: _Addressee, now: datetime) -> Envelope:
    since = max(to.told.values(), default=now - timedelta(days=1))
    kind = LetterKind.REMINDER
    return Envelope(
        key=key(to.reader, to.address, since, now, kind=kind, channel=to.channel),
        kind=kind,
        reader=to.reader,
        address=to.address,
        since=since,
        until=now,
    )


def _letter(
    app: App, to: _Addressee, reminder: Reminder, envelope: Envelope, letterhead: Letterhead
) -> Letter:
    if to.channel == MAIL:
        is_plain = any(each.plain_text for each in to.own)
        return mail.sealed(envelope, render(reminder), letterhead, plain_text=is_plain)
    service = channels.named(app, to.channel)
    return services.sealed(envelope, subject(reminder), brief(reminder), service)
