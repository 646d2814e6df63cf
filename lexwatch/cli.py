"""The command line."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lexwatch import __version__, logs, settings
from lexwatch.app import App, now
from lexwatch.commands import (
    ask,
    citator,
    course,
    draft,
    events,
    keeping,
    note,
    operating,
    record,
    retention,
    search,
    sent,
    subscribing,
    upcoming,
    work,
)
from lexwatch.commands.scheduling import schedule
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
cli.command()(work.ingest)
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
cli.command()(record.verify)
cli.command()(retention.purge)
cli.command()(retention.hold)
cli.command("note-order")(note.note_order)
cli.command()(ask.evaluate)
cli.command()(serve)
cli.command()(schedule)
cli.command()(work.demo)
cli.command()(keeping.backup)
cli.command()(keeping.restore)
cli.command()(keeping.export)
cli.command("import")(keeping.take_in)
cli.command()(operating.doctor)
cli.command()(operating.health)
cli.command(hidden=True)(work.fetch)  # the process that a crawl starts


def main() -> None:
    """Run a command; an error that a user can act on is printed as its message, and exits 1, or 4
    where the database is damaged."""
    try:
        cli()
    except LexwatchError as error:
        logs.note(error)
        print(f"lexwatch: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:
        if not logs.is_begun():
            raise
        logs.fail(error)
        print(f"lexwatch: {logs.unforeseen(error)}", file=sys.stderr)
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
    tethered: Annotated[
        bool, typer.Option(hidden=True, help="End when the standard input ends.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Read the settings before any command runs."""
    if version:
        typer.echo(f"lexwatch {__version__}")
        raise typer.Exit
    if tethered and context.invoked_subcommand != "schedule":  # which stops in good order itself
        from lexwatch.schedule.child import leave, tether  # noqa: PLC0415 - of use to few

        tether(sys.stdin, leave)
    if context.invoked_subcommand == "fetch":  # it is told its settings
        return
    clock = now if at is None else lambda: at.replace(tzinfo=at.tzinfo or UTC)
    context.obj = App(settings.load(config), clock)
    logs.begin(context.obj.settings, context.invoked_subcommand or "")
