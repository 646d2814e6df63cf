"""The command that tells acts with all that belongs to each: events."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Since, Sources, Topics, Until, in_order

LATELY = timedelta(days=30)  # where no first day is given


def events(
    context: typer.Context,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    as_json: AsJson = False,
) -> None:
    """Say which documents belong to one act, and why: timeline, states, court actions, dates.

    An event is told where one of its documents was recorded in the period: of the last 30 days, if
    no first day is given. With --topic or --source, one of those documents must meet them.

    Example: `lexwatch events --since 2026-10-01 --topic asylum`
    """
    from index import history
    from lexwatch.output import known, rows, show

    app: App = context.obj
    app.check(source or (), topic or ())
    in_order(since, until)
    zone = ZoneInfo(app.settings.digest.zone)
    last = until or app.clock().astimezone(zone).date()
    first, end = (
        datetime.combine(day, time(), zone)
        for day in (since or last - LATELY, last + timedelta(days=1))
    )
    found = history.events(app.database, first, end, sources=source or (), topics=topic or ())
    if as_json:
        rows.print_json([known.event_row(event) for event in found])
    else:
        show.events(found, first.date(), last)
