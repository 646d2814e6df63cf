"""Commands that tell what falls due: deadlines, and the calendars and feeds that programs read."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Topics
from lexwatch.turns import Turn

Days = Annotated[int, typer.Option(min=0, max=3660, help="How far ahead to look.")]
Reader = Annotated[
    str | None,
    typer.Option(help="Only what the subscriptions of this reader meet: a name or an address."),
]
Whole = Annotated[bool, typer.Option("--whole", help="Make all of them again.")]


def deadlines(
    context: typer.Context,
    days: Days = 60,
    topic: Topics = None,
    reader: Reader = None,
    as_json: AsJson = False,
) -> None:
    """Say what falls due: comments that close, days of effect, hearings, what expires.

    Each with the words it was read from; what was moved or needs a look says so, and comments on a
    form's burden under the Paperwork Reduction Act stand apart.

    Example: `lexwatch deadlines --days 30 --topic asylum`
    """
    from index import deadlines as kept
    from lexwatch.alerting import whose
    from lexwatch.output import ahead
    from lexwatch.output.terminal import print_json
    from pipeline.calendar import eastern

    app: App = context.obj
    app.check((), topic or ())
    kept.sync(app.database, app.clock())
    today = eastern(app.clock())
    found = kept.held(app.database, today, today + timedelta(days=days), cancelled=False)
    if topic:
        found = tuple(each for each in found if not set(topic).isdisjoint(each.topics))
    if reader is not None:
        found = whose.of_reader(app, found, reader)
    if as_json:
        print_json([ahead.row(each, today) for each in found])
    else:
        ahead.show(found, today, days)


def feeds(context: typer.Context, whole: Whole = False, as_json: AsJson = False) -> None:
    """Write the calendars and feeds that calendar programs and feed readers can subscribe to.

    `run` does so, too. One calendar has all deadlines, and each reader's their own; there is a feed
    for each topic, each source and each saved search.

    Example: `lexwatch feeds`
    """
    from index.subscriptions import sync
    from lexwatch.alerting import feeds as files
    from lexwatch.output import ahead
    from lexwatch.output.terminal import print_json

    app: App = context.obj
    with app.turn(Turn.MAILING):
        sync(app.database, app.subscriptions(), app.clock())
        written = files.write(app, whole=whole)
    if as_json:
        print_json(ahead.written_row(written))
    else:
        ahead.tell(written, app)
