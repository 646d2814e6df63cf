"""Subscriptions as their own readers see them, on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Any, get_args

from rich.padding import Padding
from rich.text import Text

from alerts.asking import asks, named
from alerts.untrusted import plain
from alerts.wording import moment
from index.subscriptions import held
from index.suppressions import folded
from lexwatch.allowed import Weekday
from lexwatch.app import App
from lexwatch.output.terminal import console
from pipeline.periods import is_together, next_end
from pipeline.subscription import (
    MAIL,
    Frequency,
    Origin,
    Reason,
    Schedule,
    Subscription,
    Suppression,
)

if TYPE_CHECKING:
    from lexwatch.alerting.feeds import Places


def show(
    found: Sequence[Subscription],
    stopped: Mapping[str, Suppression],
    titles: Mapping[str, str],
    now: datetime,
    *,
    wrong: Mapping[int, str] = {},
    mutes: Mapping[int, datetime] = {},
    places: Places | None = None,
) -> None:
    """Subscriptions reader by reader; `stopped` are addresses where nothing is sent, `wrong` says
    by their numbers which can't be met, and why, `mutes` up to when nothing of them is sent,
    `places` where calendars and feeds are."""
    in_order = sorted(found, key=lambda one: (one.reader.casefold(), one.address, one.id))
    for (reader, address), own in groupby(in_order, key=lambda one: (one.reader, one.address)):
        console.print()
        console.print(Text.assemble((plain(reader), "bold"), f", {address}"), soft_wrap=True)
        if address in stopped:
            console.print(Padding(Text(silence(stopped[address]), style="bold red"), (0, 3)))
        if places and (calendar := places.calendar(address)):
            console.print(Text(f"   deadlines as a calendar: {calendar}"), soft_wrap=True)
        for one in own:
            until = mutes.get(one.id)
            _one(one, titles, None if address in stopped or until else now)
            if until:
                console.print(Padding(Text(muted(until), style="bold red"), (0, 6)))
            if places and (feed := places.feed(one.id)):
                console.print(Text(f"      as a feed: {feed}"), soft_wrap=True)
            if wrong.get(one.id):
                said = f"It can't be met as it stands: {plain(wrong[one.id])}"
                console.print(Padding(Text(said, style="bold red"), (0, 6)))


def apart(wanted: Subscription, found: Iterable[Subscription], now: datetime) -> tuple[str, ...]:
    """What is sent to the same address in letters of its own, beside what is `wanted`, when: in a
    line each; none where one letter tells of all."""
    told: dict[str, list[str]] = {}
    for one in found:
        is_one_letter = one.reader == wanted.reader and is_together(
            one.schedule, wanted.schedule, now
        )
        is_there = folded(one.address) == folded(wanted.address)
        if is_there and not is_one_letter and not {*one.channels}.isdisjoint(wanted.channels):
            whose = "" if one.reader == wanted.reader else f" as {plain(one.reader)}"
            when = f"{frequency(one.schedule)}{whose}"
            told.setdefault(when, []).append(f"No. {one.id}" if one.id else "new in the settings")
    return tuple(f"{when}: {', '.join(numbers)}" for when, numbers in told.items())


def letters(wanted: Subscription) -> str:
    """What is said before those lines."""
    return (
        f"This comes in a letter of its own, {frequency(wanted.schedule)}. Beside it, "
        f"{wanted.address} is sent:"
    )


TOGETHER = "For one letter with all of it, give the same name, frequency, day, hour and zone."


def elsewhere(
    stopped: Iterable[Suppression], found: Iterable[Subscription], whose: str | None = None
) -> tuple[Suppression, ...]:
    """Those of `stopped` to which no subscription goes: all of them, or of one address."""
    known, only = {folded(one.address) for one in found}, whose and folded(whose)
    return tuple(
        one for one in stopped if one.address not in known and only in (None, "", one.address)
    )


def row_of_nobody(stopped: Suppression) -> dict[str, Any]:
    """An address to which no subscription goes, as JSON."""
    return {"reader": "", "address": stopped.address, "suppressed": asdict(stopped)}


def row(
    one: Subscription,
    now: datetime,
    stopped: Suppression | None = None,
    muted_until: datetime | None = None,
) -> dict[str, Any]:
    """A subscription as JSON: whole, with when its period ends next, unless nothing is sent."""
    is_silent = stopped or muted_until or one.schedule.frequency is Frequency.AT_ONCE
    return {
        **asdict(one),
        "next": None if is_silent else next_end(one.schedule, now),
        "muted_until": muted_until,
        "suppressed": stopped and asdict(stopped),
    }


def done(app: App, what: Subscription | Suppression, *, lift: bool) -> str:
    """What came of `unsubscribe` or `bounce`, in a sentence or two."""
    if isinstance(what, Subscription):
        return f"Subscription No. {what.id} of {plain(what.reader)} has ended."
    if lift:
        return f"What is due is sent to {what.address} again, from the next run on."
    known = [(each.reader, each.address) for each in app.settings.subscriptions]
    known += [(each.reader, each.address) for each in held(app.database)]
    readers = {reader for reader, address in known if folded(address) == what.address}
    whose = ", ".join(sorted(map(plain, readers)))
    of = f"Its reader: {whose}." if readers else "Nobody subscribes there. Is it typed right?"
    return f"{silence(what)} {of}"


def frequency(schedule: Schedule) -> str:
    """When it is sent, as in "weekly, on Mondays at 08:00 (America/New_York)"."""
    if schedule.frequency is Frequency.AT_ONCE:
        return "whenever a run finds something"
    weekday = get_args(Weekday)[schedule.weekday].capitalize()
    days = {Frequency.WEEKLY: f", on {weekday}s", Frequency.MONTHLY: f", on day {schedule.day}"}
    off = (
        ""
        if schedule.on_holidays
        else "; on the next working day where that is a weekend or a holiday"
    )
    hour = f"{schedule.hour:02}:00 ({schedule.zone})"
    return f"{schedule.frequency}{days.get(schedule.frequency, '')} at {hour}{off}"


def silence(stopped: Suppression) -> str:
    """That nothing is sent to an address, why, and what would lift it."""
    is_wish = stopped.reason is Reason.UNSUBSCRIBED
    address = stopped.address
    lift = f"unsubscribe --lift {address}" if is_wish else f"bounce {address} --lift"
    return f"{silent(stopped)} `lexwatch {lift}` lifts that."


def silent(stopped: Suppression) -> str:
    """That nothing is sent to an address, and why."""
    day, said = moment(stopped.at), f" ({plain(stopped.said)})" if stopped.said else ""
    what = "unsubscribed" if stopped.reason is Reason.UNSUBSCRIBED else "mail came back"
    return f"Nothing is sent to {stopped.address}: {what} on {day}{said}."


def muted(until: datetime, zone: tzinfo | None = None) -> str:
    """That nothing of a subscription is sent, up to when, and what becomes of it."""
    return (
        f"Muted until {moment(until, zone)}: nothing of it is sent before, no reminder of a date "
        "either. The first letter after that tells all that it met meanwhile."
    )


def _one(one: Subscription, titles: Mapping[str, str], now: datetime | None) -> None:
    """A subscription, and when its next digest is due; `now` None: it is due never."""
    kept = "kept in the settings file" if one.origin == Origin.SETTINGS else ""
    head = Text.assemble((f"No. {one.id}" if one.id else "New", "bold"), f"  {plain(one.name)}")
    console.print(Padding(Text.assemble(head, (f"  {kept}", "dim")), (0, 3)))
    for line in lines(one, titles, now):
        console.print(Padding(Text(line), (0, 6)))


def lines(one: Subscription, titles: Mapping[str, str], now: datetime | None) -> Iterator[str]:
    """What a subscription asks for, when and how it is told, and what is its reader's own; `now`
    None: nothing is due."""
    told = (*asks(named(one, titles), one), *_told(one, now), *_own(one))
    yield from map(plain, told)


def _told(one: Subscription, now: datetime | None) -> Iterator[str]:
    yield frequency(one.schedule) + (
        "; what can't wait is sent at once" if one.urgent_at_once else ""
    )
    if now is not None and one.schedule.frequency is not Frequency.AT_ONCE:
        yield f"next: {moment(next_end(one.schedule, now))}"
    where = ", ".join(one.channels) + (" without HTML" if one.plain_text else "")
    if one.channels != (MAIL,) or one.plain_text:
        yield f"sent by: {where}"


def _own(one: Subscription) -> Iterator[str]:
    if one.matter:
        yield f"matter: {one.matter}"
    if one.note:
        yield f"note: {one.note}"
    if one.shown_on and (one.matter or one.note or one.words or one.meaning):
        yield f"your matter, note and search are sent by: {', '.join(one.shown_on)}"
