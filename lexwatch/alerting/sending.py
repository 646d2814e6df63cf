"""Sending: match what changed, queue what is due as letters, hand each over once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from alerts import mail
from alerts.deliver import Sent, deliver
from alerts.mail import Letterhead
from alerts.owed import NEVER, Owed
from alerts.render import Rendered, render
from index import history, ledger, subscriptions, unmatched
from index.queued import Queued
from index.record import Exhibits, Record
from lexwatch.alerting import composing, matching, owing, signed
from lexwatch.alerting.composing import Composed
from lexwatch.alerting.reminding import Made, reminders
from lexwatch.subscriptions.askable import Askable
from pipeline.errors import StoreError
from pipeline.letter import Letter, LetterKind, Outcome
from pipeline.model import Change, Digest
from pipeline.subscription import MAIL, Subscription

if TYPE_CHECKING:
    from lexwatch.app import App

BATCH = 50  # letters put into the queue together
SUBSCRIPTIONS = 1_000  # whose alerts are held together


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What queueing came to: how many letters were put in, and whose could not be composed;
    `faults` say what else went wrong, and what could not be asked or matched."""

    letters: int
    failed: tuple[Sent, ...] = ()
    faults: tuple[str, ...] = ()


def match_changes(app: App, note: Callable[[str], object] = str) -> int:
    """Give every subscription the alerts on what was recorded since it was told last.

    Returns how many alerts are new; what could not be asked or matched is noted. Can be repeated: a
    subscription made or mended in mid-week meets the whole week.
    """
    wanted = subscriptions.sync(app.database, app.subscriptions(), app.clock())
    askable = Askable(app)
    for one in wanted:
        if complaint := askable.complaint(one):
            note(complaint)
    starts = owing.starts(app, wanted, app.clock())
    if not starts:
        return 0
    changes = history.recorded(app.database, min(starts.values()), fuller=True)
    gathered, count = [matching.Gathered(app, changes, starts)], 0
    again = unmatched.waiting(app.database)
    if again:
        gathered.append(matching.Gathered(app, _numbered(app, again), starts))
    missed = {(number, change) for (number, *_), of in again.items() for change in of}
    left = iter(starts)
    while some := [*islice(left, SUBSCRIPTIONS)]:
        for found in (each.found(some) for each in gathered):
            for said in (*(each.words for each in found.failures), *found.faults):
                note(said)
            due = (
                each
                for each in found.alerts
                if each.change.recorded_at >= starts[each.subscription]
                or (each.subscription.id, each.change.id) in missed
            )
            count += ledger.give(app.database, due)
    return count


def _numbered(app: App, waiting: unmatched.Waiting) -> tuple[Change, ...]:
    only = {number for numbers in waiting.values() for number in numbers}
    return history.recorded(app.database, only=only, fuller=True)


def digests(app: App, moment: datetime) -> Iterator[Digest]:
    """What would be queued at a moment, for a look at it; nothing is written down."""
    wanted = subscriptions.foreseen(app.database, app.subscriptions())
    for one in composing.composed(app, owing.due(app, wanted, moment)):
        if one.digest is not None:
            yield one.digest


def queue(app: App, now: datetime) -> Queue:
    """Put into the queue what is due at a moment: digests, what can't wait, and reminders.

    Whatever was composed is kept as it will leave, some at a time, so that memory does not grow
    with the readers; killed in between it goes on where it was.
    """
    wanted = subscriptions.sync(app.database, app.subscriptions(), app.clock())
    wrong = put_right(app, now)
    post, faults = _Post(app), [wrong] if wrong else []
    for what, step in (("digests", post.digests), ("reminders", post.reminders)):
        try:
            step(wanted, now)
        except Exception as error:  # of one of the two, which keeps nobody from the other
            faults.append(f"not all {what} could be queued: {str(error) or repr(error)}")
    return Queue(
        letters=post.letters,
        failed=tuple(post.failed),
        faults=(*dict.fromkeys(post.faults), *faults),
    )


def put_right(app: App, at: datetime = NEVER) -> str:
    """Put right what a wrong clock dated later than now, and later than `at`; says so in words.

    Nobody writes anything down meanwhile: it would be later than now, and taken for wrong.
    """
    with app.moment() as now:
        return app.ledger.put_right(max(now, at))


def send(app: App) -> Iterator[Sent]:
    """Hand over what is due, once each."""
    return deliver(app.ledger, app.way, app.clock)


def rendered(app: App, one: Digest) -> Rendered:
    """A digest as its reader will see it."""
    ways = signed.letterhead(app).ways(one.address)
    return render(one, app.names, app.taxonomy.background, ways)


def letter(app: App, record: Record, channel: str) -> Letter:
    """The letter that a record makes: the same bytes whenever it is asked."""
    one = record.digest
    letterhead = Letterhead(**record.letterhead, key=signed.key(app))
    ways = letterhead.ways(one.address) if channel == MAIL else None
    shown = render(one, record.names, record.background, ways)
    if channel != MAIL:
        from alerts import channels  # noqa: PLC0415 - few offices send over channels
        from lexwatch.alerting.channels import named  # noqa: PLC0415 - as above

        return channels.letter(one, shown.subject, named(app, channel))
    return mail.letter(one, shown, letterhead, plain_text=record.plain_text)


class _Post:
    """Makes letters, with the record of what they were made of, and queues them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._names = dict(app.names)
        self._background = tuple(app.taxonomy.background)
        head = asdict(signed.letterhead(app))
        self._letterhead = {name: said for name, said in head.items() if name != "key"}
        self._exhibits = Exhibits(app.database)
        self.letters, self.failed, self.faults = 0, list[Sent](), list[str]()

    def digests(self, wanted: Iterable[Subscription], now: datetime) -> None:
        made = composing.composed(self._app, owing.due(self._app, wanted, now))
        while some := [*islice(made, BATCH)]:
            self._queue(some, now)

    def reminders(self, wanted: Iterable[Subscription], now: datetime) -> None:
        made = reminders(self._app, wanted, now)
        while some := [*islice(made, BATCH)]:
            self._remind(some, now)

    def _queue(self, made: Iterable[Composed], now: datetime) -> None:
        batch = [*filter(None, map(self._isolated, made))]
        self._exhibits.keep()
        self._app.ledger.queue(batch, now)
        self.letters += len(batch)

    def _remind(self, made: Iterable[Made], now: datetime) -> None:
        batch = []
        for one in made:
            if one.queued is None:
                self.failed.append(_unmade(one.reader, one.address, one.error, LetterKind.REMINDER))
            else:
                batch.append(one.queued)
        self._app.ledger.queue(batch, now)
        self.letters += len(batch)

    def _isolated(self, one: Composed) -> Queued | None:
        try:
            return self._queued(one)
        except StoreError:
            raise
        except Exception as error:  # a recipient is isolated from every other
            self._fail(one.owed, str(error) or repr(error))
        return None

    def _fail(self, owed: Owed, error: str) -> None:
        said = f"no {owed.kind} could be made for {owed.reader}: {error}"
        self.failed.append(_unmade(owed.reader, owed.address, said, owed.kind, owed.channel))

    def _queued(self, one: Composed) -> Queued | None:
        owed = one.owed
        numbers = [each.id for each in owed.subscriptions if each.id not in one.untold]
        if one.error:
            self._fail(owed, one.error)
            return None
        self.faults += one.faults
        for start in dict.fromkeys(one.untold.values()):
            waiting = [number for number, since in one.untold.items() if since == start]
            self._app.ledger.tell(waiting, owed.kind, owed.channel, start)
        if one.digest is None:
            self._app.ledger.tell(numbers, owed.kind, owed.channel, owed.until, one.unmatched)
            return None
        record = self._record(one.digest)
        return Queued(
            letter=letter(self._app, record, owed.channel),
            subscriptions=tuple(numbers),
            record=self._exhibits.pack(record),
            changes=tuple(each.change.id for each in one.digest.alerts)
            if owed.is_only_of_something
            else (),
            unmatched=one.unmatched,
        )

    def _record(self, one: Digest) -> Record:
        return Record(
            digest=one,
            names=self._names,
            background=self._background,
            plain_text=any(each.plain_text for each in one.subscriptions),
            letterhead=self._letterhead,
        )


def _unmade(reader: str, address: str, error: str, kind: LetterKind, channel: str = MAIL) -> Sent:
    return Sent(
        key="",
        reader=reader,
        address=address,
        outcome=Outcome.FAILED,
        error=error,
        kind=kind,
        channel=channel,
    )
