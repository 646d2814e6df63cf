"""Commands by which readers begin, see and end what they are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Sources, Topics
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from pipeline.subscription import Subscription, Suppression

Authorities = Annotated[
    list[str] | None,
    typer.Option("--authority", help='What cites, amends or treats this, as "8 CFR 208.13".'),
]
Query = Annotated[str, typer.Option(help='Words, all in what changed, or as "bond /s flight".')]
Meaning = Annotated[str, typer.Option(help="A sentence; met by what says much the same.")]
Threshold = Annotated[float | None, typer.Option(help="How near in meaning, up to 1; else 0.5.")]
Classes = Annotated[
    list[str] | None,
    typer.Option(
        "--class", help="substantive, editorial, metadata, negative treatment or litigation."
    ),
]
Often = Annotated[str | None, typer.Option(help='"at once", daily, weekly or monthly.')]
Weekday = Annotated[str | None, typer.Option(help="For weekly: its day, as monday.")]
Day = Annotated[int | None, typer.Option(help="For monthly: its day, 1 to 28.")]
Hour = Annotated[int | None, typer.Option(help="The hour it comes, 0 to 23.")]
Zone = Annotated[str | None, typer.Option(help="Your time zone, as America/Chicago.")]
Holidays = Annotated[
    bool | None,
    typer.Option(
        "--holidays/--no-holidays",
        help="Send on weekends and federal holidays, too; else on the next working day.",
    ),
]
Urgent = Annotated[
    bool, typer.Option("--urgent-at-once", help="Send what can't wait when it is found, too.")
]
PlainText = Annotated[bool, typer.Option("--plain-text", help="Mail without HTML.")]
Channels = Annotated[
    list[str] | None, typer.Option("--channel", help="mail, or a channel of the settings.")
]
Name = Annotated[str, typer.Option(help="What mail calls it: name no client.")]
Matter = Annotated[str, typer.Option(help="Your matter number; not sent.")]
Note = Annotated[str, typer.Option(help="A note; not sent.")]
ShownOn = Annotated[
    list[str] | None,
    typer.Option(
        help="Where your matter, note, words and meaning may be sent: mail, feed, or a channel."
    ),
]
Tried = Annotated[bool, typer.Option("--try", help="Say what it would have told; save nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")]
Lift = Annotated[bool, typer.Option("--lift", help="Send to this address again.")]


def subscribe(
    context: typer.Context,
    reader: Annotated[str, typer.Argument(help='Who is told, as "Ana Reyes".')],
    address: Annotated[str, typer.Argument(help="Where, as ana@example.com.")],
    topics: Topics = None,
    sources: Sources = None,
    authorities: Authorities = None,
    words: Query = "",
    meaning: Meaning = "",
    threshold: Threshold = None,
    classes: Classes = None,
    frequency: Often = None,
    weekday: Weekday = None,
    day: Day = None,
    hour: Hour = None,
    zone: Zone = None,
    on_holidays: Holidays = None,
    urgent_at_once: Urgent = False,
    plain_text: PlainText = False,
    channels: Channels = None,
    name: Name = "",
    matter: Matter = "",
    note: Note = "",
    shown_on: ShownOn = None,
    tried: Tried = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say what a subscription would have told in the last 90 days, and begin it if you agree.

    A change must meet everything that you give; of what you give more than once (two topics), one
    is enough. What you don't say of when it comes is as under [digest] in the settings.

    Example: `lexwatch subscribe "Ana Reyes" ana@example.com --topic asylum`
    """
    options = dict(locals())  # each is called what the setting is called
    from lexwatch.subscriptions import wanted

    if threshold is not None and not meaning:
        raise SettingsError("--threshold says how near a meaning must be: give --meaning, too")
    if as_json and not (tried or yes):
        raise SettingsError("--json asks no question: add --yes to save, or --try to save nothing")
    app: App = context.obj
    _begin(app, wanted.made(app, options), tried=tried, yes=yes, as_json=as_json)


def subscriptions(
    context: typer.Context,
    reader: Annotated[
        str | None, typer.Option(help="Only of this reader: a name or an address.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show who is told of what, when the next digest is due, and to whom nothing is sent.

    This is the reader's own view: with matter, note, and what was typed.

    Example: `lexwatch subscriptions --reader "Ana Reyes"`
    """
    from index.mutes import muted
    from index.subscriptions import held, sync
    from index.suppressions import every, suppressed
    from lexwatch.alerting.feeds import Places
    from lexwatch.output import rows, subscribed
    from lexwatch.subscriptions import wanted

    app: App = context.obj
    sync(app.database, app.subscriptions(), app.clock())
    found, now = held(app.database, reader=reader), app.clock()
    with app.database.read() as connection:
        stopped = suppressed(connection, {one.address for one in found})
    others = subscribed.elsewhere(every(app.database), held(app.database), reader)
    wrong = {one.id: wanted.complaint(app, one) for one in found}
    mutes = muted(app.database, now)
    if as_json:
        told = (
            (one, subscribed.row(one, now, stopped.get(one.address), mutes.get(one.id)))
            for one in found
        )
        rows.print_json(
            [
                *({**row, "wrong": wrong[one.id]} for one, row in told),
                *map(subscribed.row_of_nobody, others),
            ]
        )
        return
    if found:
        places = Places(app)
        subscribed.show(found, stopped, app.names, now, wrong=wrong, mutes=mutes, places=places)
    else:
        said = "Nobody subscribes. `lexwatch subscribe --help` says how to begin."
        if reader:
            said = f"{reader} has no subscription: `lexwatch subscriptions` lists whole names."
        typer.echo(said)
    for one in others:
        typer.echo(f"{subscribed.silence(one)} Nobody subscribes there.")


def unsubscribe(
    context: typer.Context,
    whom: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|NUMBER|CODE",
            help="An address, to send nothing there; or a subscription's number; or the code in "
            "the subject of a mail that asks for it.",
        ),
    ],
    lift: Lift = False,
    as_json: AsJson = False,
) -> None:
    """Send nothing to an address any more, or end one subscription by its number. At once.

    Example: `lexwatch unsubscribe ana@example.com`
    """
    from lexwatch.subscriptions import ending
    from pipeline.subscription import Reason

    app: App = context.obj
    done: list[Subscription | Suppression] = []
    for each in whom:
        done.append(ending.lift(app, each, Reason.UNSUBSCRIBED) if lift else ending.end(app, each))
    _tell(app, done, lift=lift, as_json=as_json)


def bounce(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="To which mail came back.")],
    said: Annotated[str, typer.Option(help='What the mail server said, as "550 No such user".')] = (
        ""
    ),
    lift: Lift = False,
    as_json: AsJson = False,
) -> None:
    """Send nothing to an address from which mail came back, until that is lifted. At once.

    Example: `lexwatch bounce ana@example.com --said "550 No such user"`
    """
    from lexwatch.subscriptions import ending
    from pipeline.subscription import Reason

    app: App = context.obj
    lifted = lift and ending.lift(app, address, Reason.BOUNCED)
    _tell(app, [lifted or ending.bounce(app, address, said)], lift=lift, as_json=as_json)


def _begin(app: App, wanted: Subscription, *, tried: bool, yes: bool, as_json: bool) -> None:
    """Show what a subscription would have told, ask, and save it."""
    from index import subscriptions as kept
    from index.suppressions import suppressed
    from lexwatch.output import rows, subscribed
    from lexwatch.subscriptions import trial
    from pipeline.subscription import Origin

    told, now = trial.trial(app, wanted), app.clock()
    with app.database.read() as connection:
        stopped = suppressed(connection, [wanted.address]).get(wanted.address)
    others = subscribed.apart(wanted, kept.foreseen(app.database, app.subscriptions()), now)
    if not as_json:
        trial.show(wanted, told, app.names, now, stopped)
        _warn(wanted, others)
    if tried or not (yes or typer.confirm("Begin it?", default=True)):
        begun = wanted
        said = f"Nothing was saved.{' Leave out --try to begin it.' if tried else ''}"
    else:
        ran = {one.id for one in kept.sync(app.database, app.subscriptions(), now)}
        begun = kept.add(app.database, wanted, now)
        said = f"Subscription No. {begun.id} {'runs already' if begun.id in ran else 'has begun'}."
        if begun.origin == Origin.COMMAND:
            said += f" `lexwatch unsubscribe {begun.id}` ends it."
    if as_json:
        rows.print_json({**trial.row(begun, told, now, stopped), "other_letters": others})
    else:
        typer.echo(said)


def _warn(wanted: Subscription, others: Iterable[str]) -> None:
    """Say before it is begun that it comes apart from what the reader has."""
    from lexwatch.output import subscribed

    if not others:
        return
    typer.echo(subscribed.letters(wanted))
    for line in others:
        typer.echo(f"   {line}")
    typer.echo(f"{subscribed.TOGETHER}\n")


def _tell(
    app: App, done: Iterable[Subscription | Suppression], *, lift: bool, as_json: bool
) -> None:
    from dataclasses import asdict

    from lexwatch.output import rows, subscribed

    if as_json:
        rows.print_json([asdict(each) for each in done])
        return
    for each in done:
        typer.echo(subscribed.done(app, each, lift=lift))
