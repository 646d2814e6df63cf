"""The command that writes materials for continuing legal education."""

from __future__ import annotations

from typing import Annotated

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, From, To


def cle(
    context: typer.Context,
    since: From,
    until: To,
    topics: Annotated[str, typer.Option(help="Topics, by commas; all if none.")] = "",
    minutes: Annotated[int | None, typer.Option(min=15, max=600, help="Length.")] = None,
    jurisdiction: Annotated[
        str | None, typer.Option(help="Whose credit rules, as TX; an office's own file adds some.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the programme.")] = "",
    level: Annotated[
        str, typer.Option(help="introductory, intermediate or advanced; else by a stated rule.")
    ] = "",
    formats: Annotated[
        str, typer.Option("--format", help="docx, pdf, html, md: one or more, by commas.")
    ] = "docx",
    every: Annotated[
        bool, typer.Option("--all", help="Tell all in full, not only what the minutes hold.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write course materials on what changed in a period, to be edited by the speaker.

    Boards accredit programmes and sponsors, never these materials. Who speaks marks what is ethics.
    What the minutes don't hold is named in a list, for reading, unless --all is given.

    Example: `lexwatch cle --from 2026-04-01 --to 2026-09-30 --topics asylum --format docx,pdf`
    """
    from lexwatch import course
    from lexwatch.course import Course
    from lexwatch.output import rows, show
    from lexwatch.output.progress import working

    app: App = context.obj
    asked = Course(
        title=title,
        since=since,
        until=until,
        topics=_named(topics),
        minutes=minutes or app.settings.cle.minutes,
        jurisdiction=jurisdiction if jurisdiction is not None else app.settings.cle.jurisdiction,
        level=level,
        every=every,
        formats=_named(formats) or course.FORMATS[:1],
    )
    with working() as progress:
        written = course.write(app, asked, progress)
    if as_json:
        paths = [str(path) for path in written.paths]
        said = {"cautions": list(written.cautions), "crowded": written.crowded}
        rows.print_json({"paths": paths, **said})
        return
    for path in written.paths:
        show.console.print(f"Written: {path}", soft_wrap=True, markup=False)
    if written.crowded:
        show.console.print(f"A thick packet: {written.crowded}.", soft_wrap=True, markup=False)
    for caution in written.cautions:
        show.console.print(f"Not whole: {caution}", soft_wrap=True, markup=False)


def _named(given: str) -> tuple[str, ...]:
    """Names by commas, each once."""
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in given.split(",")))))
