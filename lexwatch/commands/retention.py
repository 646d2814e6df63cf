"""Commands on what is kept how long: purge, hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from index.retention import Hold, Purged
    from index.sizes import Sizes


def purge(
    context: typer.Context,
    trial: Annotated[
        bool, typer.Option("--try", help="Say what would go; nothing is altered.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="Say what takes how much room, and what was purged.")
    ] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Also give what is empty in the file to the disk.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let go what [retention] keeps no longer: nothing, unless the settings say otherwise.

    What made a version, shows a removal or was entered by hand is never purged, and while a legal
    hold is in force nothing is. Of each body that goes a tombstone stays.

    Example: `lexwatch purge --try`
    """
    app: App = context.obj
    if listed:
        _sizes(app, as_json=as_json)
        return
    gone, forbidden = _purged(app, trial=trial)
    if compact and not trial:
        _compact(app)
    if as_json:
        from lexwatch.output.terminal import print_json

        print_json({"tried": trial, "held": forbidden, **vars(gone)})
        return
    _tell_purged(app, gone, forbidden, trial=trial, compact=compact)


def hold(
    context: typer.Context,
    reason: Annotated[str | None, typer.Argument(help="Why; it stays on this machine.")] = None,
    release: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="End the hold of this number.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show all there were.")] = False,
    as_json: AsJson = False,
) -> None:
    """Keep everything, whatever [retention] says, until the hold is released.

    Example: `lexwatch hold "Smith v. DHS litigation"`
    """
    from index import retention

    app: App = context.obj
    if sum((bool(reason and reason.strip()), release is not None, listed)) != 1:
        raise SettingsError("give a reason for a hold, --release NUMBER, or --list")
    if listed:
        found = retention.holds(app.database)
    elif release is not None:
        found = (retention.release(app.database, release, app.clock()),)
    else:
        found = (retention.place(app.database, str(reason).strip(), app.clock()),)
    _tell_holds(app, found, as_json=as_json)


def _purged(app: App, *, trial: bool) -> tuple[Purged, str]:
    """What went, or would go, and why nothing may; "" where nothing forbids it."""
    from index import retention

    rules, now = retention.Rules(**app.settings.retention.model_dump()), app.clock()
    if trial:
        return retention.due(app.database, rules, now), retention.forbidden(app.database)
    try:
        return retention.purge(app.database, rules, now), ""
    except retention.Held as error:
        return retention.Purged(), str(error)


def _compact(app: App) -> None:
    from lexwatch.keeping.room import need

    # The file anew, and its log.
    need(app.settings.folder, 2 * _measured(app).file, "writing the database anew")
    app.database.compact()


def _measured(app: App) -> Sizes:
    from index.sizes import sizes

    with app.database.read() as connection:
        return sizes(connection)


def _sizes(app: App, *, as_json: bool) -> None:
    from index import retention
    from lexwatch.output.terminal import print_json

    found, forbidden = _measured(app), retention.forbidden(app.database)
    rules = app.settings.retention.model_dump()
    if as_json:
        print_json({**vars(found), "rules": rules, "held": forbidden})
        return
    for line in _size_lines(found):
        typer.echo(line)
    for name, days in rules.items():
        typer.echo(f"[retention] {name} = {days}{'' if days else ': kept for ever'}")
    if forbidden:
        typer.echo(f"lexwatch: {forbidden}.")


def _size_lines(found: Sizes) -> Iterator[str]:
    from lexwatch.keeping.room import megabytes

    yield (
        f"{found.captures:,} captures: {found.bodies:,} bodies, {megabytes(found.served)} as "
        f"served, {megabytes(found.archived)} as kept; {found.purged:,} purged, of bodies and "
        "messages, each with its tombstone"
    )
    yield f"{found.versions:,} versions: {megabytes(found.version_bytes)}"
    yield f"{found.vectors:,} vectors: {megabytes(found.vector_bytes)}"
    yield (
        f"{found.letters:,} letters, with what they were made of: {megabytes(found.letter_bytes)}"
    )
    if found.file:
        yield f"The whole database: {megabytes(found.file)}, {megabytes(found.free)} of it empty"


def _tell_purged(app: App, gone: Purged, forbidden: str, *, trial: bool, compact: bool) -> None:
    from lexwatch.keeping.room import megabytes

    if trial or not forbidden:
        verb = "would go" if trial else "purged"
        typer.echo(
            f"{gone.bodies:,} bodies of pages ({megabytes(gone.body_bytes)}), {gone.letters:,} "
            f"messages ({megabytes(gone.letter_bytes)}), {gone.job_runs:,} runs of jobs {verb}."
        )
    if forbidden:
        typer.echo(f"lexwatch: {forbidden}.")
    elif not any(app.settings.retention.model_dump().values()):
        typer.echo("[retention] keeps everything for ever: config.toml says what may be set.")
    if compact and not trial:
        typer.echo(f"The database now takes {megabytes(_measured(app).file)}.")
    elif gone.body_bytes + gone.letter_bytes and not trial:
        typer.echo(
            "The file does not shrink: what is empty in it is used again. `lexwatch purge "
            "--compact` gives it to the disk. Backups hold what they held."
        )


def _tell_holds(app: App, found: tuple[Hold, ...], *, as_json: bool) -> None:
    from zoneinfo import ZoneInfo

    from alerts.untrusted import plain
    from alerts.wording import moment
    from lexwatch.output.terminal import print_json

    if as_json:
        print_json([vars(each) for each in found])
        return
    zone = ZoneInfo(app.settings.digest.zone)
    for each in found:
        ended = f"released {moment(each.released_at, zone)}" if each.released_at else "in force"
        placed = moment(each.placed_at, zone)
        typer.echo(f"{each.number}. {plain(each.reason)}, placed {placed}: {ended}")
    if not found:
        typer.echo("No hold was ever placed.")
    elif any(each.released_at is None for each in found):
        typer.echo("Nothing is purged while a hold is in force.")
