"""Sending: match what changed, queue what is due as letters, hand each over once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from alerts import mail
from alerts.deliver import Outcome, Sent, deliver
from alerts.mail import Letterhead
from alerts.owed import Owed
from alerts.render import Rendered, render
from index import history, ledger, subscriptions
from index.deliveries import Queued
from index.record import Exhibits, Record
from lexwatch import composing, signed
from lexwatch.composing import Composed
from lexwatch.reminding import Made, reminders
from pipeline.errors import StoreError
from pipeline.letter import Letter, LetterKind
from pipeline.model import Digest
from pipeline.subscription import MAIL

if TYPE_CHECKING:
    from lexwatch.app import App

AT_ONCE = 50  # letters put into the queue together


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What queueing came to: how many letters were put in, and whose could not be composed."""

    letters: int
    failed: tuple[Sent, ...] = ()


def match_changes(app: App) -> int:
    """Give every subscription the alerts on what was recorded since it was told last.

    Returns how many alerts are new. Can be repeated: a subscription made or mended in mid-week
    meets the whole week.
    """
    wanted = subscriptions.sync(app.database, app.subscriptions(), app.clock())
    starts = composing.starts(app, wanted, app.clock())
    if not starts:
        return 0
    changes = history.recorded(app.database, min(starts))
    return sum(
        ledger.give(app.database, found.alerts)
        for start, own in starts.items()
        for found in composing.batches(
            app, own, [each for each in changes if each.recorded_at >= start]
        )
    )


def digests(app: App, moment: datetime) -> Iterator[Digest]:
    """What would be queued at a moment, for a look at it; nothing is written down."""
    wanted = subscriptions.foreseen(app.database, app.subscriptions())
    for one in composing.composed(app, composing.due(app, wanted, moment)):
        if one.digest is not None:
            yield one.digest


def queue(app: App, now: datetime) -> Queue:
    """Put into the queue what is due at a moment: digests, what can't wait, and reminders.

    Whatever was composed is kept as it will leave, some at a time, so that memory does not grow
    with the readers; killed in between it goes on where it was.
    """
    wanted = subscriptions.sync(app.database, app.subscriptions(), app.clock())
    post = _Post(app)
    made = composing.composed(app, composing.due(app, wanted, now))
    while some := [*islice(made, AT_ONCE)]:
        post.queue(some, now)
    reminded = reminders(app, wanted, now)
    while some_reminders := [*islice(reminded, AT_ONCE)]:
        post.remind(some_reminders, now)
    return Queue(letters=post.letters, failed=tuple(post.failed))


def send(app: App) -> Iterator[Sent]:
    """Hand over what is due, once each."""
    return deliver(app.ledger, app.way, app.clock)


def rendered(app: App, one: Digest) -> Rendered:
    """A digest as its reader will see it."""
    return render(one, app.names, app.taxonomy.background)


def letter(app: App, record: Record, channel: str) -> Letter:
    """The letter that a record makes: the same bytes whenever it is asked."""
    one = record.digest
    shown = render(one, record.names, record.background)
    if channel != MAIL:
        from alerts import channels  # noqa: PLC0415 - few offices send over channels
        from lexwatch.channels import named  # noqa: PLC0415 - as above

        return channels.letter(one, shown.subject, named(app, channel))
    letterhead = Letterhead(**record.letterhead, key=signed.key(app))
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
        self.letters, self.failed = 0, list[Sent]()

    def queue(self, made: Iterable[Composed], now: datetime) -> None:
        batch = [*filter(None, map(self._isolated, made))]
        self._exhibits.keep()
        self._app.ledger.queue(batch, now)
        self.letters += len(batch)

    def remind(self, made: Iterable[Made], now: datetime) -> None:
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
        numbers = [each.id for each in owed.subscriptions]
        if one.error:
            self._fail(owed, one.error)
            return None
        if one.digest is None:
            self._app.ledger.tell(numbers, owed.kind, owed.channel, owed.until)
            return None
        record = self._record(one.digest)
        return Queued(
            letter=letter(self._app, record, owed.channel),
            subscriptions=tuple(numbers),
            record=self._exhibits.pack(record),
            changes=tuple(each.change.id for each in one.digest.alerts)
            if owed.kind is LetterKind.ALERT
            else (),
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
