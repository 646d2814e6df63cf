"""The command `search`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import (
    AsJson,
    FirstDay,
    Kinds,
    LastDay,
    Sources,
    StateNames,
    Topics,
    calendar_day,
    in_order,
)
from pipeline.calendar import eastern
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from index.search import Filters, Results
    from lexwatch.exported import Format


def search(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help="A question, facts, terms and connectors, a citation, a name.")
    ] = "",
    source: Sources = None,
    topic: Topics = None,
    kind: Kinds = None,
    state: StateNames = None,
    forum: Annotated[
        str | None,
        typer.Option(metavar="FORUM", help='Whom it must bind, as "immigration court, 9th Cir.".'),
    ] = None,
    first: FirstDay = None,
    last: LastDay = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DAY", help="As what we hold stood on a day."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many documents.")] = 10,
    words: Annotated[
        bool, typer.Option("--words", help="By words alone: no model is loaded.")
    ] = False,
    like: Annotated[
        str | None,
        typer.Option(metavar="DOCUMENT", help="More like a document, in place of a query."),
    ] = None,
    counts: Annotated[
        bool, typer.Option("--counts", help="Also how many answer, by source, year and so on.")
    ] = False,
    cite: Annotated[
        bool, typer.Option("--cite", help="Print nothing but citations, ready to paste.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="csv, json, ris or markdown."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find authority: by a question or facts, terms and connectors, a citation, or a name.

    What you type stays on this machine and stands in no file that is written.

    Example: `lexwatch search "bond hearing after a long detention" --forum "immigration court, 9th
    Circuit"`
    """
    app: App = context.obj
    asked = _format(form, output)
    filters = _filters(
        app, source, topic, kind, state, forum=forum, first=first, last=last, as_of=as_of
    )
    if like is None and not query.strip():
        raise SettingsError(
            "nothing to search for: write a question, words or a citation, or name a document "
            "with --like"
        )
    if like is not None and query.strip():
        raise SettingsError("give a query or --like, not both")
    found = _like(app, like, filters, limit, words=words) if like else None
    found = found or _find(app, query, filters, limit, words=words)
    _give(app, found, query, filters, form=asked, output=output, force=force, cite=cite,
          counts=counts, as_json=as_json)
