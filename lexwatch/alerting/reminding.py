"""Queue the reminders: one letter for each reader and channel with all that is to be told now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from alerts import channels as services
from alerts import mail
from alerts.mail import Envelope
from alerts.reminders import Reminder, brief, moment, ordered, render, subject
from index import deadlines, mutes
from index.queued import Queued
from index.suppressions import folded
from lexwatch.alerting import channels, signed, whose
from pipeline.calendar import eastern
from pipeline.errors import StoreError
from pipeline.letter import Letter, LetterKind, key
from pipeline.model import Deadline
from pipeline.subscription import MAIL, Subscription

if TYPE_CHECKING:
    from alerts.mail import Letterhead
    from lexwatch.app import App

Ahead = Mapping[str, tuple[Deadline, datetime]]  # by UID, with since when it is to be told


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

    A date is left out where a letter to the same place has told of it since its moment, whatever
    the reader and their subscriptions were called then.
    """
    deadlines.sync(app.database, now)
    due = _due(app, now)
    heard = mutes.heard(app.database, wanted, now) if due else ()
    readers = whose.open_to(app, heard)
    if not readers:
        return
    met = whose.meeting(app, (each for each, _ in due.values()), readers)
    told = app.ledger.reminded(min(at for _, at in due.values()))
    letterhead = signed.letterhead(app)
    for to in _addressees(readers):
        reminded = told.get((folded(to.address), to.channel), {})
        asked = set[str]().union(*(met.uids.get(each.id, ()) for each in to.own))
        found = ordered(
            deadline
            for uid, (deadline, at) in due.items()
            if uid in asked and not (uid in reminded and reminded[uid] >= at)
        )
        if found:
            failed = (met.unasked.get(each.id, "") for each in to.own)
            unasked = tuple(dict.fromkeys(filter(None, (*failed, *met.faults))))
            reminder = Reminder(
                reader=to.reader,
                deadlines=found,
                today=eastern(now),
                days=app.settings.reminders.days,
                unasked=unasked,
            )
            yield _made(app, to, reminder, now, letterhead)


@dataclass(frozen=True, kw_only=True)
class _Addressee:
    """A reader on a channel, with their subscriptions there (`own`)."""

    reader: str
    address: str
    channel: str
    own: tuple[Subscription, ...]


def _due(app: App, now: datetime) -> Ahead:
    days = app.settings.reminders.days
    if not days:
        return {}
    today = eastern(now)
    last = today + timedelta(days=max(days))
    held = deadlines.held(app.database, today, last, cancelled=False)
    moments = ((each, moment(each, days, now)) for each in held)
    return {each.uid: (each, at) for each, at in moments if at is not None}


def _addressees(wanted: Iterable[Subscription]) -> Iterator[_Addressee]:
    pairs = [
        ((each.reader, each.address, channel), each)
        for each in wanted
        for channel in dict.fromkeys(each.channels)
    ]
    pairs.sort(key=lambda pair: (pair[0], pair[1].id))
    for (reader, address, channel), group in groupby(pairs, key=lambda pair: pair[0]):
        own = tuple(each for _, each in group)
        yield _Addressee(reader=reader, address=address, channel=channel, own=own)


def _made(
    app: App, to: _Addressee, reminder: Reminder, now: datetime, letterhead: Letterhead
) -> Made:
    try:
        letter = _letter(app, to, reminder, _envelope(to, now), letterhead)
    except StoreError:
        raise
    except Exception as error:  # a recipient is isolated from every other
        said = str(error) or repr(error)
        return Made(reader=to.reader, address=to.address, queued=None, error=said)
    queued = Queued(letter=letter, dates=tuple(each.uid for each in reminder.deadlines))
    return Made(reader=to.reader, address=to.address, queued=queued)


def _envelope(to: _Addressee, now: datetime) -> Envelope:
    since, kind = now - timedelta(days=1), LetterKind.REMINDER
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
        shown = render(reminder, letterhead.ways(to.address))
        return mail.sealed(envelope, shown, letterhead, plain_text=is_plain)
    service = channels.named(app, to.channel)
    return services.sealed(envelope, subject(reminder), brief(reminder), service)
