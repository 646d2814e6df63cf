"""Commands that answer: changes, show and sources from what is held; evaluate."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.evaluation import Ability
from lexwatch.options import (
    AsJson,
    Since,
    Sources,
    Topics,
    Until,
    calendar_day,
    in_order,
)
from pipeline.calendar import eastern
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from index.lookup import Shown
    from pipeline.citator.model import Status


def changes(
    context: typer.Context,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also noise, and what the first crawl found.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Every edit of every change.")] = False,
    each: Annotated[
        bool, typer.Option("--each", help="Also each change that is only a sweep of terms.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what changed, with the redline, the class and its reasons, and the topics.

    Example: `lexwatch changes --since 2026-10-01 --topic asylum`
    """
    from index import history
    from lexwatch.output import rows, show

    app: App = context.obj
    app.check(source or (), topic or ())
    in_order(since, until)
    found = history.recorded(
        app.database,
        _midnight(app, since),
        _midnight(app, until and until + timedelta(days=1)),
        sources=source or (),
        topics=topic or (),
        baseline=everything,
        noise=everything,
    )
    if as_json:
        rows.print_json(rows.change_rows(found))
    elif found:
        lines = None if full else show.LINES
        show.changes(found, app.names, lines=lines, each=each, zone=_zone(app))
    else:
        show.console.print("No change held for that period. `lexwatch sources` says what was read.")


def show_document(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A citation, number, or source:key.")],
    version: Annotated[
        int | None, typer.Option(min=1, help="The first version held is 1; the newest if none.")
    ] = None,
    seen_on: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DAY", help="As the site showed it on a day."),
    ] = None,
    governed_on: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DAY", help="What governed on a day, as held."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a document: its dates with their words, topics, versions and text.

    Days are Eastern, to their end. What the site showed and what governed are two questions:
    --seen-on answers from our readings, --governed-on from what the documents held say.

    Example: `lexwatch show "6 USCIS-PM F.5" --seen-on 2026-05-01`
    """
    from index import moments
    from index.lookup import look_up
    from lexwatch.output import rows, show, timeline

    app: App = context.obj
    if sum(each is not None for each in (version, seen_on, governed_on)) > 1:
        raise SettingsError("give one of --version, --seen-on and --governed-on: they differ")
    if governed_on:
        told = moments.governed_on(app.database, document, governed_on)
        timeline.answer(told, _zone(app), as_json=as_json)
        return
    seen = moments.seen_on(app.database, document, seen_on, _today()) if seen_on else None
    shown = look_up(app.database, document, seen.number or None if seen else version)
    status = _status(app, shown)
    if as_json:
        row = rows.document_row(shown, status)
        rows.print_json(row if seen is None else {"seen_on": timeline.seen_row(seen), **row})
        return
    if seen is not None:
        show.lines(timeline.seen(seen, _zone(app)))
    if seen is None or seen.held is not None:
        show.document(shown, app.taxonomy.titles, _zone(app), status)


def compare(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A citation, number, or source:key.")],
    other: Annotated[
        str | None, typer.Argument(help="A second document, to compare the two as they are now.")
    ] = None,
    since: Annotated[
        date | None,
        typer.Option("--from", parser=calendar_day, metavar="DAY", help="As shown on this day."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--to", parser=calendar_day, metavar="DAY", help="And on this; or today."),
    ] = None,
    first: Annotated[
        int | None, typer.Option("--from-version", min=1, help="A version held, counted from 1.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to-version", min=1, help="And this one; the newest if none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two texts: of a document on two days, or of two documents.

    Example: `lexwatch compare "6 USCIS-PM F.5" --from 2026-05-01 --to 2026-10-01`
    """
    from lexwatch.output import compare as comparing
    from lexwatch.output import rows, show

    app: App = context.obj
    in_order(since, until)
    told = comparing.compared(
        app.database, (document, other), (since, until), (first, last), _today()
    )
    if as_json:
        rows.print_json(comparing.row(told))
    else:
        show.lines(comparing.lines(told, _zone(app)))


def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what is watched, when each source was last read completely, what failed, what is off.

    Example: `lexwatch sources`
    """
    from index import runs
    from lexwatch.output import rows, show

    app: App = context.obj
    first = datetime(1970, 1, 1, tzinfo=UTC)
    reports = app.coverage(first, datetime.max.replace(tzinfo=UTC), every=True)
    latest = {name: next(iter(runs.runs(app.database, name, 1)), None) for name in app.titles}
    off = {name: app.off(name) for name in app.titles}
    if as_json:
        rows.print_json(
            [rows.report_row(each, latest[each.source], off[each.source]) for each in reports]
        )
    else:
        show.sources(reports, latest, off, _zone(app))


def evaluate(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option("--set", help="A folder shaped like ../shared/eval, which is the default."),
    ] = None,
    only: Annotated[Ability | None, typer.Option(help="Measure this one alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what each ability gets right and wrong on labelled sets, by production code.

    Exits 3 if a set is absent ("NOT MEASURED"), whatever else was measured; court_actions and
    retrieval, which a folder need not hold, count as absent only where `--only` asks for them. With
    --json, `not_measured` has the reasons. To measure retrieval takes minutes the first time: its
    documents are read.

    Example: `lexwatch evaluate --only topics`
    """
    from lexwatch.evaluate import evaluate as measure
    from lexwatch.evaluation.table import tables
    from lexwatch.output import rows, show

    evaluation = measure(context.obj, folder, only)
    if as_json:
        rows.print_json({**evaluation.figures, "not_measured": evaluation.unmeasured})
    else:
        for table in tables(evaluation.figures, evaluation.unmeasured):
            show.console.print(table)
    if not evaluation.is_whole:
        raise typer.Exit(3)


def _status(app: App, shown: Shown) -> Status | None:
    """The status of a decision, or of what a document held treats; None of anything else."""
    from index import citator
    from pipeline.identifiers import REPORTED

    document = shown.held.version.document
    if document.kind not in REPORTED and not shown.findings:
        return None
    return citator.status(app.database, document.name, None, eastern(app.clock()))


def _midnight(app: App, day: date | None) -> datetime | None:
    """A calendar day in the office's zone, as an instant."""
    return None if day is None else datetime.combine(day, time(), _zone(app))


def _today() -> date:
    """The Eastern day, by which publishers date."""
    return eastern(datetime.now(UTC))


def _zone(app: App) -> ZoneInfo:
    return ZoneInfo(app.settings.digest.zone)
