"""The command line."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lexwatch import __version__, settings
from lexwatch.app import App, now
from lexwatch.commands import (
    ask,
    citator,
    course,
    draft,
    events,
    note,
    search,
    sent,
    subscribing,
    upcoming,
    work,
)
from lexwatch.commands.serving import serve
from pipeline.errors import LexwatchError

cli = typer.Typer(
    name="lexwatch",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Watch the sources of US immigration law, say what changed and for whom it matters, and "
    "find the authority a lawyer needs. Nothing you type leaves this machine.",
)

cli.command()(work.crawl)
cli.command()(work.run)
cli.command()(search.search)
cli.command()(ask.changes)
cli.command("events")(events.events)
cli.command("show")(ask.show_document)
cli.command()(ask.compare)
cli.command()(citator.status)
cli.command()(citator.cites)
cli.command("check-draft")(draft.check_draft)
cli.command()(sent.digest)
cli.command()(sent.sent)
cli.command()(subscribing.subscribe)
cli.command()(subscribing.subscriptions)
cli.command()(subscribing.unsubscribe)
cli.command()(subscribing.bounce)
cli.command()(upcoming.deadlines)
cli.command()(upcoming.feeds)
cli.command()(course.cle)
cli.command("sources")(ask.list_sources)
cli.command()(work.rebuild)
cli.command("note-order")(note.note_order)
cli.command()(ask.evaluate)
cli.command()(serve)
cli.command()(work.demo)
cli.command(hidden=True)(work.fetch)  # the process that a crawl starts


def main() -> None:
    """Run a command; an error that a user can act on is printed as its message, and exits 1."""
    try:
        cli()
    except LexwatchError as error:
        print(f"lexwatch: {error}", file=sys.stderr)
        sys.exit(1)
    finally:
        gc.freeze()  # Python would look through all there is once more before it ends


@cli.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="Settings file; else the user's own, else ./config.toml."),
    ] = None,
    at: Annotated[
        datetime | None, typer.Option(hidden=True, help="Take this moment (UTC) for now.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Read the settings before any command runs."""
    if version:
        typer.echo(f"lexwatch {__version__}")
        raise typer.Exit
    if context.invoked_subcommand == "fetch":  # it is told its settings
        return
    clock = now if at is None else lambda: at.replace(tzinfo=at.tzinfo or UTC)
    context.obj = App(settings.load(config), clock)
