"""Commands that do the work: crawl, ingest, run, rebuild, demo."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson
from lexwatch.steps import Steps, mail
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from lexwatch.jobs import Read
    from lexwatch.output.progress import Tell


def crawl(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Sources; all if none.")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Ask this folder of recorded pages, not the live sites.")
    ] = None,
    day: Annotated[str | None, typer.Option(help="With --replay: the day to stand on.")] = None,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Take in what is far from normal: you looked at the site."),
    ] = False,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Also where it is enough to look at what was announced."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the publishers, read what they served, index it, and say what changed.

    Example: `lexwatch crawl bia_decisions`
    """
    from lexwatch import jobs
    from lexwatch.output.progress import working
    from lexwatch.rehearsal import rehearse

    app: App = context.obj
    names = tuple(sources or ())
    with ExitStack() as stack:
        progress = stack.enter_context(working())
        if replay is None:
            read = jobs.crawl(app, names, progress, accept=accept, whole=whole)
        else:
            rehearsal = stack.enter_context(
                rehearse(app.settings, app.sources, replay, _day(replay, day))
            )
            app = App(rehearsal.settings, rehearsal.clock)
            seeds = rehearsal.seeds_of(app.sources)
            read = jobs.crawl(app, names, progress, at=rehearsal.at, seeds=seeds, accept=accept)
        steps = _indexed(app, read, progress)
    _tell(app, read, as_json=as_json)
    if steps.said or read.failed:
        raise typer.Exit(1)


def ingest(context: typer.Context, as_json: AsJson = False) -> None:
    """Read what was fetched and not taken in yet, index it, and say what changed.

    It is what a crawl leaves that was cut off, or that lacked the model or room on the disk; no
    publisher is asked. Can run while others crawl, search and send.

    Example: `lexwatch ingest`
    """
    from lexwatch import jobs
    from lexwatch.output.progress import working

    app: App = context.obj
    with working() as progress:
        read = jobs.ingest(app, progress)
        steps = _indexed(app, read, progress)
    _tell(app, read, as_json=as_json)
    if steps.said or read.failed:
        raise typer.Exit(1)


def run(context: typer.Context, as_json: AsJson = False) -> None:
    """Do everything that is due: crawl, index, match, queue and send, and refresh the feeds.

    Exits 1 if a source could not be read, a search not be asked or a letter not be sent; whatever
    else there is to do is done all the same.

    Example: `lexwatch run`
    """
    from lexwatch import jobs
    from lexwatch.jobs import Read
    from lexwatch.output import rows, show
    from lexwatch.output.progress import working
    from lexwatch.subscriptions import wanted

    app: App = context.obj
    steps = Steps()
    steps.say(wanted.slips(app))  # now, not after hours of crawling
    with working() as progress:
        read = steps.take("crawled", lambda: jobs.crawl(app, (), progress))
        synced = steps.take("indexed", lambda: jobs.index(app, progress))
        alerts, sent = steps.take("mailed", lambda: mail(app, steps)) or (None, [])
    read = read or Read(runs=(), changes=(), noise=())
    steps.say((*read.faults, *steps.faults))
    if as_json:
        rows.print_json(
            {
                "runs": [rows.run_row(run) for run in read.runs],
                "changes": rows.change_rows(read.changes),
                "embedded": synced.embedded if synced else None,
                "error": "\n".join(steps.said),
                "alerts": alerts,
                "digests": [rows.sent_row(one) for one in sent],
            }
        )
    else:
        show.runs(read.runs, app.titles)
        show.changes(read.changes, app.names, zone=ZoneInfo(app.settings.digest.zone))
        show.noise(read.noise)
        if synced:
            show.synced(synced)
        if alerts is not None:
            show.console.print(f"{len(read.changes)} changes, {alerts} new alerts.")
        show.sent(sent)
    if steps.said or read.failed or any(one.error for one in sent):
        raise typer.Exit(1)


def rebuild(
    context: typer.Context,
    vectors: Annotated[
        bool, typer.Option("--vectors", help="Embed everything again, with the model now set.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Derive everything again from the archived pages; nothing is asked of any publisher.

    Makes no changes and no alerts: a better reader is not a change in the law.

    Example: `lexwatch rebuild`
    """
    from lexwatch import jobs
    from lexwatch.output import rows, show
    from lexwatch.output.progress import working

    app: App = context.obj
    with working() as progress:
        rebuilt = jobs.rebuild(app, progress)
        if vectors:
            app.vectors.reset()
        synced = jobs.index(app, progress)
    if as_json:
        rows.print_json(
            {
                "pages": rebuilt.pages,
                "purged": rebuilt.purged,
                "unread": rebuilt.unread,
                "failures": list(rebuilt.failures),
                "embedded": synced.embedded,
                "held": synced.held,
            }
        )
    else:
        show.console.print(f"{rebuilt.pages:,} pages read again.")
        if rebuilt.purged:
            show.console.print(f"{rebuilt.purged:,} others were purged: what they made stands.")
        if rebuilt.unread:
            show.console.print(
                f"{rebuilt.unread:,} others could not be read when they came, and can't be now."
            )
        show.failures(rebuilt.failures)
        show.synced(synced)
    if rebuilt.failures:
        raise typer.Exit(1)


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where to keep the demo's data; else the user's own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the main job over three days of a sample site, on this machine alone.

    Example: `lexwatch demo`
    """
    from lexwatch import demo
    from lexwatch.output import rows
    from lexwatch.output.progress import working

    with working() as progress:
        outcome = demo.run(folder, progress, quiet=as_json)
    if as_json:
        rows.print_json(outcome)


def fetch() -> None:
    """Crawl one source, as told on standard input: the process that `crawl` starts."""
    from lexwatch.fetch import serve

    serve(sys.stdin, sys.stdout)


def _indexed(app: App, read: Read, progress: Tell) -> Steps:
    """Index what was read, and say what went wrong before and in it: whatever ails the model or
    Chroma, what changed is told all the same."""
    from lexwatch import jobs
    from lexwatch.output import show

    steps = Steps()
    steps.say(read.faults)
    if read.waiting:
        steps.say([f"{read.waiting:,} pages wait to be read: `lexwatch ingest` goes on with them"])
    synced = steps.take("indexed", lambda: jobs.index(app, progress))
    steps.say(steps.faults)
    if synced and synced.rebuilt:
        typer.echo(f"lexwatch: {show.healed(synced.rebuilt)}", err=True)
    return steps


def _tell(app: App, read: Read, *, as_json: bool) -> None:
    from lexwatch.output import rows, show

    if as_json:
        rows.print_json(
            {
                "runs": [rows.run_row(run) for run in read.runs],
                "changes": rows.change_rows(read.changes),
            }
        )
        return
    show.runs(read.runs, app.titles)
    show.changes(read.changes, app.names, zone=ZoneInfo(app.settings.digest.zone))
    show.noise(read.noise)
    found = read.changes or read.noise or read.faults or any(one.baseline for one in read.runs)
    if not found:
        show.console.print("Nothing changed.")


def _day(folder: Path, day: str | None) -> str:
    from crawlers.replay import days

    if day is not None:
        return day
    raise SettingsError(f"--replay needs --day. The folder has: {', '.join(days(folder))}")
