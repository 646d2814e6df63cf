"""Commands of the citator: what became of an authority, and who cites it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Before, Circuit, On
from pipeline.calendar import eastern
from pipeline.citator.model import Body, Forum
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    from rich.text import Text

    from index.authorities import Resolved
    from index.lookup import Shown
    from pipeline.model import Version

BESIDES = "Beside that, of how other texts speak of it:"
Authority = Annotated[
    str, typer.Argument(help="A citation, a case name, a section, a number, or source:key.")
]
Everything = Annotated[bool, typer.Option("--all", help="All that was found, not the first of it.")]


def status(
    context: typer.Context,
    authority: Authority,
    before: Before = None,
    circuit: Circuit = None,
    on: On = None,
    everything: Everything = False,
    as_json: AsJson = False,
) -> None:
    """Say what the documents held say became of an authority, each with its sentence.

    It never says that something is good law: the best it says is that no negative treatment was
    found in what we hold.

    Example: `lexwatch status "27 I&N Dec. 316" --before immigration-court --circuit 1`
    """
    from index.authorities import unheld
    from lexwatch import fate
    from lexwatch.output import findings, terminal

    app: App = context.obj
    told = fate.fate(app, authority, asked_forum(before, circuit), _day(app, on))
    if as_json:
        terminal.print_json(fate.row(told))
        return
    held, judged = told.held, told.status
    later = [*_later(told.shown, _zone(app))]
    elsewhere = "" if held else unheld(judged.authority)
    cited = _cited(told.known, told.citing)
    terminal.lines(findings.opening(judged, held, elsewhere, cited))
    terminal.lines(later)
    most = None if everything else findings.TOLD
    terminal.lines(findings.lines(judged, _zone(app), most=most))
    terminal.lines(_read(app, held))


def cites(
    context: typer.Context,
    authority: Authority,
    everything: Everything = False,
    as_json: AsJson = False,
) -> None:
    """Say who cites an authority, with the sentence, and what it cites itself.

    Only what is held is counted: that nobody is found citing it says nothing of what is not held.

    Example: `lexwatch cites "28 I&N Dec. 307"`
    """
    from index.cites import DOCUMENTS
    from index.cites import cites as find
    from lexwatch.output import cited, terminal

    app: App = context.obj
    told = find(app.database, authority, None if everything else DOCUMENTS)
    if as_json:
        terminal.print_json(cited.row(told))
    else:
        terminal.lines(cited.lines(told, everything=everything))


def asked_forum(before: str | None, circuit: str | None) -> Forum | None:
    """The forum that the options name; a circuit alone means its immigration courts. Raises
    `LexwatchError` for words that name none, and for two circuits."""
    from pipeline.citator import forum as forums

    place = forums.circuit(circuit) if circuit else ""
    if not before:
        return Forum(body=Body.IMMIGRATION_COURT, circuit=place) if place else None
    given = forums.forum(before)
    if place and given.circuit not in ("", place):
        raise SettingsError(f"--before {before!r} and --circuit {circuit!r} name two circuits")
    return replace(given, circuit=place or given.circuit)


def _day(app: App, on: date | None) -> date:
    """The day asked about; of the running year, today. Raises `SettingsError` for one ahead."""
    today = eastern(app.clock())
    if on is None or on == date(today.year, 12, 31):
        return today
    if on > today:
        raise SettingsError(f"{on} lies ahead: what becomes of an authority until then is unknown")
    return on


def _cited(known: Resolved, citing: int) -> str:
    """The other number of a statute, and how many cite the law by any."""
    from alerts.wording import counted
    from pipeline.citator.status import is_law

    if not is_law(known.canonical):
        return ""
    others = f"the same as {', '.join(known.names[1:])}; " if known.names[1:] else ""
    return f"{others}cited by {counted(citing, 'document')} that we hold"


def _later(shown: Shown | None, zone: ZoneInfo) -> Iterator[Text]:
    if shown:
        from rich.text import Text

        from lexwatch.output import account

        later = [*account.gone(shown, zone), *account.stands(shown)]
        yield from later
        if later:
            yield Text(BESIDES, style="dim")


def _read(app: App, held: Version | None) -> Iterator[Text]:
    """When the source of one that is no reported decision was last read."""
    from rich.text import Text

    from index import runs
    from lexwatch.output.findings import last_read
    from pipeline.identifiers import REPORTED

    if held is None or held.document.kind in REPORTED:
        return
    with app.database.read() as connection:
        run = runs.last_complete(connection, held.document.source, whole=True)
    at = run.started_at if run else None
    yield Text(f"   {last_read(held.document.source, at, _zone(app))}")


def _zone(app: App) -> ZoneInfo:
    return ZoneInfo(app.settings.digest.zone)
