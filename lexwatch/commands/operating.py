"""The operator's commands: doctor, health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson

if TYPE_CHECKING:
    from lexwatch.operating.health import Health


def doctor(
    context: typer.Context,
    offline: Annotated[
        bool, typer.Option("--offline", help="Leave out what needs the network: the mail server.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look through everything that lexwatch needs, and say what to do about what is not in order.

    Nothing is altered, sent or asked of a publisher; the mail server is greeted and left. Exits 1
    if anything must be done.

    Example: `lexwatch doctor`
    """
    from lexwatch.operating.doctor import examine
    from lexwatch.operating.finding import Level
    from lexwatch.output import operated, terminal

    app: App = context.obj
    app.waiting = terminal.waiting
    found = [*examine(app, offline=offline)]
    if as_json:
        terminal.print_json([operated.finding_row(each) for each in found])
    else:
        terminal.lines(operated.finding_lines(found))
    if any(each.level is Level.MUST for each in found):
        raise typer.Exit(1)


def health(
    context: typer.Context,
    tell: Annotated[
        bool,
        typer.Option("--tell", help="Tell the operator what ails, once a day until it is solved."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say on one screen how this installation stands: what was read, what waits, what ails it.

    Exits 1 if anything ails it. With --tell: if what is due could not be told.

    Example: `lexwatch health`
    """
    from lexwatch.operating.ailing import ailments
    from lexwatch.operating.health import health as look
    from lexwatch.output import operated, terminal

    app: App = context.obj
    found = look(app)
    if tell:
        _tell(app, found, as_json=as_json)
        return
    ailing = ailments(found, app.settings.operator)
    if as_json:
        terminal.print_json(operated.health_row(found, ailing))
    else:
        terminal.lines(operated.health_lines(found, ailing, ZoneInfo(app.settings.digest.zone)))
    if ailing:
        raise typer.Exit(1)


def _tell(app: App, found: Health, *, as_json: bool) -> None:
    from lexwatch.operating.telling import is_anybody_named, tell
    from lexwatch.output import operated, terminal

    if not is_anybody_named(app):
        typer.echo(operated.NOBODY, err=True)
        return
    told = tell(app, found)
    if as_json:
        terminal.print_json(operated.told_row(told))
    else:
        terminal.lines(operated.told_lines(told))
    if not told.is_done:
        raise typer.Exit(1)
