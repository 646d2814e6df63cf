"""Commands that answer: search, changes, show and sources from what is held; evaluate."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.evaluation import Ability
from lexwatch.options import AsJson, Since, Sources, Topics, Until, in_order
from pipeline.errors import SettingsError


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A question, words, a citation or a number.")],
    source: Sources = None,
    topic: Topics = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many documents.")] = 10,
    words: Annotated[
        bool, typer.Option("--words", help="By words alone: no model is loaded.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find authority by meaning and by words, or by its citation.

    Example: `lexwatch search "bond hearing after a long detention"`
    """
    from index.search import search as find
    from lexwatch import rows, show

    app: App = context.obj
    app.check(source or (), topic or ())
    if not query.strip():
        raise SettingsError("nothing to search for: write a question, words or a citation")
    found = find(
        app.database,
        None if words else app.nearest,
        query,
        sources=source or (),
        topics=topic or (),
        limit=limit,
    )
    if as_json:
        rows.print_json([rows.hit_row(hit) for hit in found])
    else:
        show.hits(found, query)


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
    from lexwatch import rows, show

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
        show.changes(found, app.names, lines=None if full else show.LINES, each=each)
    else:
        show.console.print("No change held for that period. `lexwatch sources` says what was read.")


def show_document(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="A citation, number, or source:key.")],
    version: Annotated[
        int | None, typer.Option(min=1, help="The first version held is 1; the newest if none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a document: its dates with their words, topics, versions and text.

    Example: `lexwatch show "6 USCIS-PM F.5"`
    """
    from index.lookup import look_up
    from lexwatch import rows, show

    app: App = context.obj
    shown = look_up(app.database, document, version)
    if as_json:
        rows.print_json(rows.document_row(shown))
    else:
        show.document(shown, app.taxonomy.titles)


def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what is watched, when each source was last read whole, what failed, and what is off.

    Example: `lexwatch sources`
    """
    from index import runs
    from lexwatch import rows, show

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
        show.sources(reports, latest, off)


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

    Exits 3 if a set is absent ("NOT MEASURED"), whatever else was measured. An ability that is not
    built yet is listed as such; it counts as absent only where `--only` asks for it. With --json,
    `not_measured` has the reasons.

    Example: `lexwatch evaluate --only topics`
    """
    from lexwatch import rows, show
    from lexwatch.evaluate import evaluate as measure
    from lexwatch.evaluation.table import tables

    evaluation = measure(context.obj, folder, only)
    if as_json:
        rows.print_json({**evaluation.figures, "not_measured": evaluation.unmeasured})
    else:
        for table in tables(evaluation.figures, evaluation.unmeasured):
            show.console.print(table)
    if not evaluation.is_whole:
        raise typer.Exit(3)


def _midnight(app: App, day: date | None) -> datetime | None:
    """A calendar day in the office's zone, as an instant."""
    zone = ZoneInfo(app.settings.digest.zone)
    return None if day is None else datetime.combine(day, time(), zone)
