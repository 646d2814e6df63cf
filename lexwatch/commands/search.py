"""The command `search`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch import options
from lexwatch.app import App
from lexwatch.output import terminal
from pipeline.calendar import eastern
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from index.search import Filters, Results
    from lexwatch.output.exported import Format

Query = Annotated[
    str,
    typer.Argument(help="A question, facts, terms and connectors, a citation, or a name."),
]


def search(
    context: typer.Context,
    query: Query = "",
    source: options.Sources = None,
    topic: options.Topics = None,
    kind: options.Kinds = None,
    state: options.States = None,
    forum: options.WhichForum = None,
    first: options.FirstDay = None,
    last: options.LastDay = None,
    as_of: options.AsOf = None,
    limit: options.Limit = 10,
    words: options.WordsAlone = False,
    like: options.Like = None,
    counts: options.Counted = False,
    cite: options.Cited = False,
    form: options.FormatName = None,
    output: options.Output = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Find authority: by a question or a client's facts, terms and connectors, a citation, a name.

    What you type stays on this machine, and stands in no file that is written.

    Example: `lexwatch search "bond hearing after a long detention" --forum uscis`
    """
    app: App = context.obj
    app.waiting = terminal.waiting
    asked = _format(form, output, is_else=cite or as_json)
    if cite and as_json:
        raise SettingsError("give --cite or --json, not both: the JSON has the citations")
    _asked_once(query, like)
    if source or topic:  # to know the sources takes half a second
        app.check(source or (), topic or ())
    filters = _filters(source, topic, kind, state, (first, last, as_of), forum)
    _not_ahead(as_of, eastern(app.clock()))
    if like:
        found = _like(app, like, filters, limit, words=words)
    else:
        found = _find(app, query, filters, limit, words=words, counted=counts or as_json)
    if asked:
        _export(found, asked, output, force=force)
    elif cite:
        _cite(found)
    elif as_json:
        _json(found)
    else:
        _show(app, found, query, filters, counts=counts)


def _find(
    app: App, query: str, filters: Filters, limit: int, *, words: bool, counted: bool
) -> Results:
    from index.search import search as find

    return find(
        app.database,
        app.understanding_words if words else app.understanding,
        query,
        filters=filters,
        limit=limit,
        today=eastern(app.clock()),
        counted=counted,
    )


def _like(app: App, document: str, filters: Filters, limit: int, *, words: bool) -> Results:
    from index.search.like import like

    return like(
        app.database,
        None if words else app.vectors,
        document,
        filters=filters,
        limit=limit,
        today=eastern(app.clock()),
    )


def _filters(
    sources: list[str] | None,
    topics: list[str] | None,
    kinds: list[str] | None,
    states: list[str] | None,
    days: tuple[date | None, date | None, date | None],
    forum: str | None,
) -> Filters:
    """What the options ask for. Raises `LexwatchError` for a name that there is not."""
    from index.search import Filters
    from pipeline.citator import forum as forums
    from pipeline.model import StateKind

    first, last, as_of = days
    options.in_order(first, last)
    if kinds:
        from alerts.force import AUTHORITIES

        options.one_of("kind", kinds, AUTHORITIES)
    options.one_of("state", states or (), StateKind)
    return Filters(
        sources=sources or (),
        topics=topics or (),
        kinds=kinds or (),
        states=states or (),
        since=first,
        until=last,
        as_of=as_of,
        forum=forums.forum(forum) if forum else None,
    )


def _asked_once(query: str, like: str | None) -> None:
    if not query.strip() and not like:
        raise SettingsError(
            "nothing to search for: write a question, words or a citation, or name a document "
            "with --like"
        )
    if query.strip() and like:
        raise SettingsError("give a query or --like, not both")


def _not_ahead(day: date | None, today: date) -> None:
    if day and day > today:
        raise SettingsError(f"--as-of {day} lies ahead: what is held then is unknown")


def _format(name: str | None, output: Path | None, *, is_else: bool) -> Format | None:
    if name is None:
        if output is not None:
            raise SettingsError(f"--output {output}: say as what, with --format")
        return None
    if is_else:
        raise SettingsError(f"give --format {name} alone, without --cite and --json")
    if output is not None and output.is_dir():
        raise SettingsError(f"--output {output}: that is a folder; name a file")
    from lexwatch.output.exported import Format

    options.one_of("format", [name], Format)
    return Format(name)


def _export(found: Results, form: Format, output: Path | None, *, force: bool) -> None:
    from alerts.wording import counted
    from lexwatch.output import exported

    _notes(found)
    if output is None:
        typer.echo(exported.render(found.hits, form), nl=False)
        return
    exported.save(output, exported.encoded(found.hits, form), force=force)
    typer.echo(f"{counted(len(found.hits), 'document')} written to {output}")


def _cite(found: Results) -> None:
    from lexwatch.output import exported

    _notes(found)
    for line in exported.cited(found.hits):
        typer.echo(line)


def _notes(found: Results) -> None:
    """What must be said beside results, where these alone are to stand on the output."""
    from alerts.untrusted import plain

    for note in found.notes:
        typer.echo(f"{plain(note)}.", err=True)


def _json(found: Results) -> None:
    from lexwatch.output import found as told

    terminal.print_json(told.rows(found))


def _show(app: App, found: Results, query: str, filters: Filters, *, counts: bool) -> None:
    from lexwatch.output import hits
    from pipeline.citator import forum as forums

    where = forums.words(filters.forum) if filters.forum else ""
    terminal.lines(hits.before(found, where))
    hits.show(found.hits, ZoneInfo(app.settings.digest.zone))
    if counts:
        terminal.lines(hits.counts(found, app.names))
    terminal.lines(hits.after(found, query))
