"""What readers are owed by the record: which letters are due, and from when on nothing was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.owed import Owed, owed, starting
from index import mutes, runs, subscriptions, suppressions
from lexwatch.subscriptions.askable import Askable
from pipeline.letter import Told
from pipeline.subscription import Reason, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App

FETCHED = timedelta(days=30)


def due(app: App, wanted: Iterable[Subscription], moment: datetime) -> tuple[Owed, ...]:
    """What nobody queued yet and is due at a moment, but to addresses that are suppressed and of
    what is muted; of periods that ended before lexwatch first looked anywhere there is nothing to
    say."""
    askable, wanted = Askable(app), mutes.heard(app.database, wanted, moment)
    every = tuple(
        replace(each, dead=frozenset(one.id for one in each.subscriptions if askable.is_dead(one)))
        for each in owed(wanted, *_told(app), moment, subscriptions.begun(app.database))
    )
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
    """For each subscription when what nobody told it yet begins. Those that end with their readers'
    wish for no more mail, and those that nothing can meet, are left out; where mail came back, what
    is older than `FETCHED` was given before."""
    askable, every = Askable(app), tuple(wanted)
    with app.database.read() as connection:
        shut = suppressions.suppressed(connection, {each.address for each in every})
    first: dict[Subscription, datetime] = {}
    begun = subscriptions.begun(app.database)
    for each in starting(every, *_told(app), moment, begun):
        one, start = each.subscription, each.start
        if found := shut.get(one.address):
            start = max(start, moment - FETCHED)
            if found.reason is Reason.UNSUBSCRIBED:
                continue
        if not askable.is_dead(one):
            first[one] = min(start, first.get(one, start))
    return first


def _told(app: App) -> tuple[Told, Mapping[int, Iterable[int]]]:
    return app.ledger.told(), app.ledger.replaced()
