"""Commands on what readers are sent: digest, sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson
from lexwatch.output.posted import state
from lexwatch.steps import Steps, mail
from pipeline.errors import NotHeld, SettingsError, StoreError
from pipeline.letter import Letter, LetterKind
from pipeline.model import Delivery

if TYPE_CHECKING:
    from alerts.deliver import Sent

SHOWN = 50  # letters listed, the newest, unless all are asked for
NONE = "No letters. With --reader, give a name or an address whole."
ON_DISK = (
    'As the settings stand, mail is written to files and goes to nobody: [mail].transport = "smtp" '
    "sends it."
)
DIFFERS = (
    "A newer lexwatch may set a digest otherwise; another signing key signs its links otherwise. "
    "What was sent is kept as it left: `lexwatch sent --all` has its number, `lexwatch sent --eml "
    "NUMBER` writes it."
)

Reader = Annotated[str, typer.Option(help="Only of this reader: name or address.")]


@dataclass(frozen=True, kw_only=True)
class Again:
    """A letter made once more from the record, beside what the ledger has of the one that was
    composed then; `is_same`: byte for byte."""

    sent: Delivery
    made: Letter
    is_same: bool


def digest(
    context: typer.Context,
    preview: Annotated[
        bool, typer.Option("--preview", help="Print it; hand nothing over, write nothing down.")
    ] = False,
    again: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Make this day's digests once more, as 2026-11-18."
        ),
    ] = None,
    reader: Reader = "",
    unattended: Annotated[
        bool, typer.Option("--unattended", help="For the schedule: that nobody subscribes is fine.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the digests of every period that has ended and hand them over, each once.

    With `--again` those whose period holds a day are made once more from the record. Nothing is
    sent; it says whether they are what was composed then, byte for byte, and exits 1 if not.

    Example: `lexwatch digest --preview`
    """
    app: App = context.obj
    if again is not None:
        _tell_again(rebuilt(app, again.date(), reader), as_json=as_json)
    elif not unattended and not _anybody(app):
        raise SettingsError(
            "nobody subscribes: `lexwatch subscribe` makes a subscription, or add a "
            "[[subscriptions]] table to the settings file (config.toml shows one)"
        )
    elif preview:
        _preview(app, reader, as_json=as_json)
    else:
        steps = Steps()
        _, results = mail(app, steps)
        steps.say(steps.faults)
        tell(results, as_json=as_json)
        if not (results or steps.said or as_json):
            typer.echo(_nothing(reader=""))
        if steps.said or any(one.error for one in results):
            raise typer.Exit(1)


def sent(
    context: typer.Context,
    reader: Reader = "",
    eml: Annotated[
        int | None, typer.Option(help="Write the message of this number to a file, as it left.")
    ] = None,
    again: Annotated[
        int | None, typer.Option(help="Put the letter of this number into the queue once more.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All, not the newest 50.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was sent to whom, what waits, what failed, and what may have come twice.

    Example: `lexwatch sent --reader "Ana Reyes"`
    """
    app: App = context.obj
    numbered = dict(enumerate(app.ledger.deliveries(), 1))
    if eml is not None:
        _write(app, _numbered(numbered, eml))
        return
    if again is not None:
        app.ledger.again(_numbered(numbered, again).key)
        numbered, every = {again: app.ledger.deliveries()[again - 1]}, True
    folded = reader.casefold()
    found = {
        number: one
        for number, one in reversed(numbered.items())
        if folded in ("", one.reader.casefold(), one.address.casefold())
    }
    shown = found if every else dict(list(found.items())[:SHOWN])
    _list(app, shown, len(found), as_json=as_json)


def rebuilt(app: App, day: date, reader: str = "") -> Iterator[Again]:
    """The digests and alerts whose period holds a day, made once more from the record. Raises
    `NotHeld` where there is none."""
    from index.record import unpack
    from lexwatch.alerting import sending

    is_found = False
    for one in app.ledger.deliveries(reader):
        record = app.ledger.record(one.key) if _holds(one, day) else None
        if record is not None:
            was = unpack(app.database, record)
            is_found = True
            made = sending.letter(app, was, one.channel)
            yield Again(sent=one, made=made, is_same=app.ledger.is_same(made))
    if not is_found:
        raise NotHeld(f"no digest of {day} is on record: `lexwatch sent` lists what was sent")


def tell(results: Iterable[Sent], *, as_json: bool) -> None:
    """What became of each letter."""
    from lexwatch.output import rows, show

    if as_json:
        rows.print_json([rows.sent_row(one) for one in results])
    else:
        show.sent(tuple(results))


def _anybody(app: App) -> bool:
    from index import subscriptions

    return bool(app.subscriptions() or subscriptions.held(app.database))


def _preview(app: App, reader: str, *, as_json: bool) -> None:
    from lexwatch.alerting import sending
    from lexwatch.output import rows

    folded = reader.casefold()
    texts = [
        sending.rendered(app, one)
        for one in sending.digests(app, app.clock())
        if folded in ("", one.reader.casefold(), one.address.casefold())
    ]
    if as_json:
        rows.print_json([{"subject": one.subject, "text": one.text} for one in texts])
    else:
        typer.echo("\n".join(one.text for one in texts) or _nothing(reader))


def _nothing(reader: str) -> str:
    whom = f" for {reader}" if reader else ""
    return f"Nothing is due{whom}: `lexwatch subscriptions` says when the next digests are."


def _holds(one: Delivery, day: date) -> bool:
    """Whether a letter's period has a moment of a day, where most readers are: its letters are
    dated there."""
    begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("America/New_York"))
    is_reminder = one.kind is LetterKind.REMINDER
    return not is_reminder and one.since < begin.replace(hour=23, minute=59) and begin < one.until


def _tell_again(found: Iterable[Again], *, as_json: bool) -> None:
    from lexwatch.output import rows

    every = tuple(found)
    if as_json:
        rows.print_json(
            [
                {
                    "reader": one.sent.reader,
                    "address": one.sent.address,
                    "subject": one.sent.subject,
                    "same": one.is_same,
                    "message": one.made.body.decode("utf-8", "replace"),
                }
                for one in every
            ]
        )
    else:
        for one in every:
            said = "the same, byte for byte" if one.is_same else "NOT the same as was composed then"
            typer.echo(f"{one.sent.subject}, for {one.sent.reader} <{one.sent.address}>: {said}")
    if not all(one.is_same for one in every):
        if not as_json:
            typer.echo(DIFFERS)
        raise typer.Exit(1)


def _numbered(numbered: Mapping[int, Delivery], number: int) -> Delivery:
    if number not in numbered:
        raise NotHeld(f"there is no letter {number}: `lexwatch sent` lists them")
    return numbered[number]


def _write(app: App, one: Delivery) -> None:
    """Into the folder one is in, for its owner's eyes, over nothing that is there."""
    from alerts.transports import private

    letter = app.ledger.letter(one.key)
    ending = "eml" if b"\r\nMessage-ID:" in letter.body else "txt"
    path = Path(
        f"{letter.until:%Y-%m-%d}-{letter.message_id.strip('<>').partition('@')[0]}.{ending}"
    )
    try:
        with open(path, "xb", opener=private) as file:
            file.write(letter.body)
    except OSError as error:
        raise StoreError(
            f"cannot write {path.absolute()}: {error.strerror}; move what is there, or go to "
            "another folder"
        ) from error
    typer.echo(f"Written: {path.absolute()}")


def _list(app: App, shown: dict[int, Delivery], found: int, *, as_json: bool) -> None:
    from lexwatch.output import rows, show

    if as_json:
        rows.print_json([_row(number, one) for number, one in shown.items()])
        return
    zone = ZoneInfo(app.settings.digest.zone)
    for number, one in shown.items():
        when = (one.finished_at or one.begun_at or one.composed_at or one.until).astimezone(zone)
        show.letter(number, one, state(one), when)
    if len(shown) < found:
        typer.echo(f"{found - len(shown):,} older ones: --all lists them.")
    counted = Counter(state(one) for one in shown.values())
    typer.echo(", ".join(f"{n:,} {word}" for word, n in sorted(counted.items())) or NONE)
    if app.settings.mail.transport == "file":
        typer.echo(ON_DISK)


def _row(number: int, one: Delivery) -> dict[str, Any]:
    return {
        "number": number,
        "state": state(one),
        "kind": one.kind,
        "reader": one.reader,
        "address": one.address,
        "channel": one.channel,
        "subject": one.subject,
        "since": one.since,
        "until": one.until,
        "composed_at": one.composed_at,
        "finished_at": one.finished_at,
        "attempts": one.attempts,
        "next_at": one.next_at,
        "where": one.where,
        "error": one.error,
        "message_id": one.message_id,
    }
