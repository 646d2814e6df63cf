"""The command line."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch import __version__, settings
from lexwatch.app import App, now
from lexwatch.progress import working
from pipeline.errors import LexwatchError, SettingsError

cli = typer.Typer(
    name="lexwatch",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Watch the sources of US immigration law, say what changed and for whom it matters, and "
    "find the authority a lawyer needs. Nothing you type leaves this machine.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", "-s", help="Only this source; repeatable.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", "-t", help="Only this topic; repeatable.")
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")]


def main() -> None:
    """Run a command; an error that a user can act on is printed as its message, and exits 1."""
    try:
        cli()
    except LexwatchError as error:
        print(f"lexwatch: {error}", file=sys.stderr)
        sys.exit(1)


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


@cli.command()
def crawl(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Sources; all if none.")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Ask this folder of recorded pages, not the live sites.")
    ] = None,
    day: Annotated[str | None, typer.Option(help="With --replay: the day to stand on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the publishers, read what they served, index it, and say what changed.

    Example: `lexwatch crawl bia_decisions`
    """
    from lexwatch import jobs, rows, show
    from lexwatch.rehearsal import rehearse

    app: App = context.obj
    names = tuple(sources or ())
    with ExitStack() as stack:
        progress = stack.enter_context(working())
        if replay is None:
            read = jobs.crawl(app, names, progress)
        else:
            rehearsal = stack.enter_context(
                rehearse(app.settings, app.sources, replay, _day(replay, day))
            )
            app = App(rehearsal.settings, rehearsal.clock)
            seeds = rehearsal.seeds_of(app.sources)
            read = jobs.crawl(app, names, progress, at=rehearsal.at, seeds=seeds)
        jobs.index(app, progress)
    if as_json:
        rows.print_json(
            {
                "runs": [rows.run_row(run) for run in read.runs],
                "changes": [rows.change_row(change) for change in read.changes],
            }
        )
    else:
        show.runs(read.runs, app.titles)
        show.changes(read.changes, app.taxonomy.titles)
        if not read.changes:
            show.console.print("Nothing changed.")
    if read.failed:
        raise typer.Exit(1)


@cli.command()
def run(context: typer.Context, as_json: AsJson = False) -> None:
    """Do everything that is due: crawl, index, match, and deliver the week's digests.

    Exits 1 if a source could not be read; the others are done all the same.

    Example: `lexwatch run`
    """
    from lexwatch import jobs, rows, show

    app: App = context.obj
    with working() as progress:
        read = jobs.crawl(app, (), progress)
        synced = jobs.index(app, progress)
    alerts = jobs.match_changes(app)
    sent = jobs.deliver(app, jobs.digests(app, app.clock()))
    if as_json:
        rows.print_json(
            {
                "runs": [rows.run_row(run) for run in read.runs],
                "changes": [rows.change_row(change) for change in read.changes],
                "embedded": synced.embedded,
                "alerts": alerts,
                "digests": [rows.sent_row(one) for one in sent],
            }
        )
    else:
        show.runs(read.runs, app.titles)
        show.changes(read.changes, app.taxonomy.titles)
        show.synced(synced)
        show.console.print(f"{len(read.changes)} changes, {alerts} new alerts.")
        show.sent(sent)
    if read.failed or any(one.error for one in sent):
        raise typer.Exit(1)


@cli.command()
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


@cli.command()
def changes(
    context: typer.Context,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    topic: Topics = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also noise, and what the first crawl found.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what changed, with the redline, the class and its reasons, and the topics.

    Example: `lexwatch changes --since 2026-10-01 --topic asylum`
    """
    from index import store
    from lexwatch import rows, show

    app: App = context.obj
    app.check(source or (), topic or ())
    found = store.changes(
        app.database,
        _midnight(app, since),
        _midnight(app, until and until + timedelta(days=1)),
        sources=source or (),
        topics=topic or (),
        baseline=everything,
        noise=everything,
    )
    if as_json:
        rows.print_json([rows.change_row(change) for change in found])
    elif found:
        show.changes(found, app.taxonomy.titles)
    else:
        show.console.print("No change held for that period. `lexwatch sources` says what was read.")


@cli.command("show")
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
    held, tags, versions = look_up(app.database, document, version)
    if as_json:
        rows.print_json(rows.document_row(held, tags, versions))
    else:
        show.document(held, tags, versions, app.taxonomy.titles)


@cli.command()
def digest(
    context: typer.Context,
    preview: Annotated[
        bool, typer.Option("--preview", help="Print it; hand nothing over, write nothing down.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build the digests of the last whole week and hand them over, each once.

    Example: `lexwatch digest --preview`
    """
    from lexwatch import jobs, rows, show

    app: App = context.obj
    jobs.match_changes(app)
    built = jobs.digests(app, app.clock())
    if not built:
        raise SettingsError(
            "nobody subscribes: add a [[subscriptions]] table to the settings file (config.toml "
            "shows one)"
        )
    if preview:
        for one in built:
            typer.echo(jobs.rendered(app, one).text)
        return
    sent = jobs.deliver(app, built)
    if as_json:
        rows.print_json([rows.sent_row(one) for one in sent])
    else:
        show.sent(sent)
    if any(one.error for one in sent):
        raise typer.Exit(1)


@cli.command()
def cle(
    context: typer.Context,
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    topics: Annotated[str, typer.Option(help="Topics, by commas; all if none.")] = "",
    minutes: Annotated[int | None, typer.Option(min=15, max=600, help="Length.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="For example TX.")] = None,
    title: Annotated[str, typer.Option(help="Title of the programme.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write course materials (.docx) on what changed in a period, to be edited by the speaker.

    Example: `lexwatch cle --from 2026-04-01 --to 2026-09-30 --topics asylum,fees-forms`
    """
    from lexwatch import course, rows, show
    from lexwatch.course import Course

    app: App = context.obj
    wanted = tuple(filter(None, (topic.strip() for topic in topics.split(","))))
    app.check((), wanted)
    path = course.write(
        app,
        Course(
            title=title,
            since=since.date(),
            until=until.date(),
            topics=wanted,
            minutes=minutes or app.settings.cle.minutes,
            jurisdiction=jurisdiction or app.settings.cle.jurisdiction,
        ),
    )
    if as_json:
        rows.print_json({"path": str(path)})
    else:
        show.console.print(f"Written: {path}", soft_wrap=True)


@cli.command("sources")
def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what is watched, when each source was last read whole, and what failed.

    Example: `lexwatch sources`
    """
    from index import archive, ledger
    from lexwatch import rows, show

    app: App = context.obj
    first = datetime(1970, 1, 1, tzinfo=UTC)
    reports = ledger.coverage(app.database, app.titles, first, datetime.max.replace(tzinfo=UTC))
    latest = {name: next(iter(archive.runs(app.database, name, 1)), None) for name in app.titles}
    if as_json:
        rows.print_json([rows.report_row(report, latest[report.source]) for report in reports])
    else:
        show.sources(reports, latest)


@cli.command()
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
    from lexwatch import jobs, rows, show

    app: App = context.obj
    with working() as progress:
        pages = jobs.rebuild(app, progress)
        if vectors:
            app.vectors.reset()
        synced = jobs.index(app, progress)
    if as_json:
        rows.print_json({"pages": pages, "embedded": synced.embedded, "held": synced.held})
    else:
        show.console.print(f"{pages:,} pages read again.")
        show.synced(synced)


@cli.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where to keep the demo's data; else the user's own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the main job over three days of a sample site, on this machine alone.

    Example: `lexwatch demo`
    """
    from lexwatch import demo, rows

    with working() as progress:
        outcome = demo.run(folder, progress, quiet=as_json)
    if as_json:
        rows.print_json(outcome)


@cli.command(hidden=True)
def fetch() -> None:
    """Crawl one source, as told on standard input: the process that `crawl` starts."""
    from lexwatch.fetch import serve

    serve(sys.stdin, sys.stdout)


def _midnight(app: App, day: datetime | None) -> datetime | None:
    """A calendar day in the office's zone, as an instant."""
    zone = ZoneInfo(app.settings.digest.zone)
    return None if day is None else datetime.combine(day.date(), time(), zone)


def _day(folder: Path, day: str | None) -> str:
    from crawlers.replay import days

    if day is not None:
        return day
    raise SettingsError(f"--replay needs --day. The folder has: {', '.join(days(folder))}")
