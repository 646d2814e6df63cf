"""Whose deadlines: which of them each subscription meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import subscriptions, suppressions
from index.appearing import appearing, given
from lexwatch.alerting import matching
from lexwatch.subscriptions.askable import Askable
from pipeline.errors import NotHeld
from pipeline.model import Deadline, Document
from pipeline.subscription import Reason, Subscription, Suppression

if TYPE_CHECKING:
    from lexwatch.app import App

BATCH = 100  # documents whose texts are held together


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What subscriptions meet, by their number: the UIDs of deadlines, and why one could not be
    asked in full, in words; `faults` say which documents could not be matched."""

    uids: Mapping[int, frozenset[str]]
    unasked: Mapping[int, str]
    faults: tuple[str, ...] = ()


def met(
    app: App, deadlines: Iterable[Deadline], wanted: Sequence[Subscription]
) -> Mapping[int, frozenset[str]]:
    """The UIDs of the deadlines that each subscription meets, as `meeting` finds them."""
    return meeting(app, deadlines, wanted).uids


def meeting(app: App, deadlines: Iterable[Deadline], wanted: Sequence[Subscription]) -> Meeting:
    """Which deadlines each subscription meets: those of documents that it was ever alerted to, or
    would be if they appeared today. So a date that was there before the watch began is met too, and
    one whose sentence can't be asked now as far as it ever was."""
    uids: defaultdict[Document, set[str]] = defaultdict(set)
    for each in deadlines:
        for document in each.members:
            uids[document].add(each.uid)
    found: defaultdict[int, set[str]] = defaultdict(set)
    with app.database.read() as connection:
        before = given(connection, tuple(uids))
    for document, numbers in before.items():
        for number in numbers:
            found[number] |= uids[document]
    askable = Askable(app)
    lost = {each.id: askable.complaint(each) for each in wanted}
    unasked = {number: words for number, words in lost.items() if words}
    faults: dict[str, None] = {}
    for outcome in _found(app, tuple(uids), wanted):
        for alert in outcome.alerts:
            found[alert.subscription.id] |= uids[alert.change.document]
        unasked |= {each.subscription.id: each.words for each in outcome.failures}
        faults |= dict.fromkeys(outcome.faults)
    return Meeting(
        uids={number: frozenset(held) for number, held in found.items() if number in lost},
        unasked=unasked,
        faults=tuple(faults),
    )


def of_reader(app: App, deadlines: Sequence[Deadline], reader: str) -> tuple[Deadline, ...]:
    """Those of the deadlines that a reader's subscriptions meet; by name or address. Raises
    `NotHeld` where nobody of that name subscribes."""
    own = subscriptions.held(app.database, reader=reader)
    if not own:
        raise NotHeld(f"nobody called {reader!r} subscribes: `lexwatch subscriptions` lists all")
    uids = {uid for found in met(app, deadlines, own).values() for uid in found}
    return tuple(each for each in deadlines if each.uid in uids)


def open_to(app: App, wanted: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """Those of the subscriptions to whose address something may be sent."""
    every = tuple(wanted)
    shut = _shut(app, every)
    return tuple(each for each in every if each.address not in shut)


def running(app: App) -> tuple[Subscription, ...]:
    """The subscriptions that run, but of those who asked for an end. Mail that came back ends
    nothing that its reader fetches."""
    every = subscriptions.held(app.database)
    ended = {
        address for address, each in _shut(app, every).items() if each.reason is Reason.UNSUBSCRIBED
    }
    return tuple(each for each in every if each.address not in ended)


def _shut(app: App, every: Iterable[Subscription]) -> Mapping[str, Suppression]:
    with app.database.read() as connection:
        return suppressions.suppressed(connection, {each.address for each in every})


def _found(
    app: App, documents: Sequence[Document], wanted: Sequence[Subscription]
) -> Iterator[matching.Found]:
    for start in range(0, len(documents), BATCH):
        with app.database.read() as connection:
            changes = appearing(connection, documents[start : start + BATCH])
        yield matching.found(app, wanted, changes)
