"""Tell the operator what ails: once when it begins, again until it is solved, once more then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts import notice
from alerts.mail import Envelope, Letterhead, sealed
from alerts.notice import Notice
from index import troubles
from lexwatch import logs, turns
from lexwatch.app import App
from lexwatch.operating.ailing import OWN_MAIL, ailments
from lexwatch.operating.health import Health
from pipeline.errors import DeliveryError, SettingsError, StoreError
from pipeline.letter import Letter, LetterKind
from pipeline.subscription import MAIL
from pipeline.trouble import Plan, Trouble, TroubleKind, plan

OPERATOR = "lexwatch operator"
UNSTORED = "operator.told"  # beside a database that can't be read: when that was told

PATIENCE = 180.0  # seconds for one that waits for a mail server


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was told over which ways; `errors` say what each that failed said. Nothing was `due`
    where nothing new ails and nothing is solved."""

    due: bool
    ways: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return bool(self.ways) or not self.due


def is_anybody_named(app: App) -> bool:
    """Whether the settings name whom to tell."""
    return bool(app.settings.operator.address or app.settings.operator.channel)


def tell(app: App, health: Health) -> Told:
    """Write down what ails and what no longer does, and tell what is due of it.

    What could be handed over nowhere is due again. Killed between a hand-over and its record, it is
    repeated with the same Message-ID. Of two at once the second tells what is due when the first
    has done.
    """
    with _alone(app.settings.folder):
        return _tell(app, health, app.clock())


def _tell(app: App, health: Health, at: datetime) -> Told:
    operator = app.settings.operator
    found, repeat = ailments(health, operator), timedelta(days=operator.repeat_days)
    if health.database:
        return _tell_unstored(app, plan((), found, at, repeat), repeat)
    with app.database.write() as connection:
        planned = plan(troubles.held(connection), found, at, repeat)
        planned = _numbered(planned, troubles.keep(connection, planned.altered))
    legible = _legible(app, at)
    planned = replace(planned, ended=(*planned.ended, *legible))
    if not planned.is_news:
        return Told(due=False)
    told = _hand_over(app, _notice(app, planned, at))
    _note(app, planned, told, at)
    if legible and told.ways:
        _unstored(app).unlink()
    return told


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time. A folder that can't be written to must be told of, too: there, or where the
    one before hangs, it is told twice rather than never."""
    with ExitStack() as stack:
        try:
            place = folder / "telling.lock"
            stack.enter_context(turns.held(place, "tells the operator", PATIENCE))
        except StoreError as error:
            logs.fail(error)
        yield


def _note(app: App, planned: Plan, told: Told, at: datetime) -> None:
    """Write down what was told, and whether mail itself is what fails."""
    with app.database.write() as connection:
        if told.ways:
            troubles.tell(connection, [each.id for each in planned.open], at)
            troubles.tell_end(connection, [each.id for each in planned.ended], at)
        own = next((each for each in planned.open if each.subject == OWN_MAIL), None)
        if own and MAIL in told.ways:
            troubles.keep(connection, [replace(own, solved_at=at, solved_told_at=at)])
        elif own is None and told.errors and app.settings.operator.address:
            said = "Mail to the operator can't be handed over; `lexwatch doctor` says why"
            failing = Trouble(id=0, subject=OWN_MAIL, kind=TroubleKind.MAIL, said=said, since=at)
            troubles.keep(connection, [failing])


def _numbered(planned: Plan, kept: Iterable[Trouble]) -> Plan:
    """The plan with the numbers under which new troubles were written down."""
    known = {(each.subject, each.kind): each for each in kept}

    def numbered(each: Trouble) -> Trouble:
        return known.get((each.subject, each.kind), each)

    return replace(
        planned,
        open=tuple(map(numbered, planned.open)),
        due=tuple(map(numbered, planned.due)),
        ended=tuple(map(numbered, planned.ended)),
    )


def _notice(app: App, planned: Plan, at: datetime) -> Notice:
    """Everything that ails, what is due first: who reads one mail needs no second for the rest."""
    rest = tuple(each for each in planned.open if each not in planned.due)
    zone = ZoneInfo(app.settings.digest.zone)
    return Notice(at=at, zone=zone, open=(*planned.due, *rest), ended=planned.ended)


def _hand_over(app: App, said: Notice) -> Told:
    """By mail; over the channel where that fails, or where no address is named."""
    operator, errors = app.settings.operator, []
    for way in (MAIL, operator.channel):
        if not way or (way == MAIL and not operator.address):
            continue
        try:
            _send(app, said, way)
        except (DeliveryError, SettingsError) as error:
            errors.append(str(error))
            logs.say("operator not told", kind=way, why=type(error).__name__)
            continue
        logs.say("operator told", kind=way, troubles=len(said.open), solved=len(said.ended))
        return Told(due=True, ways=(way,), errors=tuple(errors))
    return Told(due=True, errors=tuple(errors))


def _send(app: App, said: Notice, way: str) -> None:
    transport = app.way(way)
    try:
        transport.send(_letter(app, said, way), lambda: None)
    finally:
        transport.close()


def _letter(app: App, said: Notice, way: str) -> Letter:
    mail, address = app.settings.mail, app.settings.operator.address
    every = "|".join(f"{each.id}.{each.told}.{each.since}" for each in (*said.open, *said.ended))
    envelope = Envelope(
        key=f"notice|{hashlib.sha256(every.encode()).hexdigest()}",
        kind=LetterKind.NOTICE,
        reader=OPERATOR,
        address=address,
        since=min(each.since for each in (*said.open, *said.ended)),
        until=said.at,
    )
    if way != MAIL:
        from alerts import channels  # noqa: PLC0415 - few offices send over channels
        from lexwatch.alerting.channels import named  # noqa: PLC0415 - as above

        channel = named(app, way)
        return channels.sealed(envelope, notice.subject(said), notice.brief(said), channel)
    head = Letterhead(
        sender=mail.sender, sender_name=mail.sender_name, list_id=mail.list_id, unsubscribe=""
    )
    return sealed(envelope, notice.render(said), head, is_list=False)


def _tell_unstored(app: App, planned: Plan, repeat: timedelta) -> Told:
    """Without the ledger: when it was told stands in a file of its own."""
    now = app.clock()
    told_before = replace(planned.open[0], told_at=_told_unstored(app))
    if not told_before.is_due(now, repeat):
        return Told(due=False)
    told = _hand_over(app, _notice(app, planned, now))
    if told.ways:
        try:
            _unstored(app).write_text(now.isoformat(), encoding="ascii")
        except OSError as error:
            logs.fail(error)
    return told


def _legible(app: App, at: datetime) -> tuple[Trouble, ...]:
    """That a database can be read of which it was told that it can't."""
    told_at = _told_unstored(app)
    if told_at is None:
        return ()
    ended = Trouble(
        id=0,
        subject="database",
        kind=TroubleKind.STORE,
        said="The database could not be read",
        since=told_at,
        told_at=told_at,
        solved_at=at,
    )
    return (ended,)


def _told_unstored(app: App) -> datetime | None:
    try:
        return datetime.fromisoformat(_unstored(app).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def _unstored(app: App) -> Path:
    return app.settings.folder / UNSTORED
