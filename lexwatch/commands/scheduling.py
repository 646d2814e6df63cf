"""The command that runs what is due by itself, and says what that is."""

from __future__ import annotations

import signal
import sys
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from lexwatch.options import AsJson
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from lexwatch.app import App


def schedule(
    context: typer.Context,
    listed: Annotated[
        bool, typer.Option("--list", help="Show each job: when it runs, how it went, when next.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Run what is due now, and leave.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run what is due, when it is due, until told to stop (Ctrl-C, SIGTERM).

    `lexwatch serve` does so, too. Each job runs as a command of its own; what was due while the
    machine slept or was off is made up for once. docs/schedule.md says more.

    Example: `lexwatch schedule --list`
    """
    from lexwatch.schedule import child, running

    app: App = context.obj
    if as_json and not listed:
        raise SettingsError("--json goes with --list")
    if listed:
        _list(app, as_json=as_json)
        return
    stop = Event()
    _heed(stop)
    if context.find_root().params.get("tethered"):
        child.tether(sys.stdin, stop.set)
    if once:
        _once(app, settings_file(context), stop)
    else:
        running.foreground(app, settings_file(context), stop)


def _once(app: App, config: str | None, stop: Event) -> None:
    """Not what a job said: that stands in the ledger alone, since it may name a reader."""
    from lexwatch.schedule import running

    failed = running.once(app, config, stop)
    for name in failed:
        typer.echo(f"lexwatch: the job “{name}” failed", err=True)
    if failed:
        typer.echo("`lexwatch schedule --list` shows what each said last.", err=True)
        raise typer.Exit(1)


def settings_file(context: typer.Context) -> str | None:
    """The settings file that was named, for processes that are to read the same."""
    given = context.find_root().params.get("config")
    return None if given is None else str(given.absolute())


def _heed(stop: Event) -> None:
    """Stop in good order when told to."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def _list(app: App, *, as_json: bool) -> None:
    from index import job_runs
    from lexwatch.output import scheduled
    from lexwatch.output.terminal import print_json
    from lexwatch.schedule.lock import is_running
    from lexwatch.schedule.plan import planned

    jobs, now = planned(app), app.clock()
    with app.database.read() as connection:
        last = job_runs.last(connection)
    runs = is_running(app.settings.folder)
    if as_json:
        rows = [scheduled.row(job, last.get(job.name), now) for job in jobs]
        print_json({"running": runs, "jobs": rows})
    else:
        scheduled.show(jobs, last, now, runs=runs)
