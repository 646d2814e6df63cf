"""The command that checks the citations of a draft, and keeps nothing of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from lexwatch.app import App
from lexwatch.options import AsJson, Before, Circuit, Since

if TYPE_CHECKING:
    from pipeline.citator.draft import Draft

PASTED = "-"


def check_draft(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(help="A Word file (.docx), PDF or text; - for standard input.")
    ],
    since: Since = None,
    before: Before = None,
    circuit: Circuit = None,
    as_json: AsJson = False,
) -> None:
    """Check a draft's citations against what is held; nothing of the draft is kept.

    Of each citation: whether we hold it and name and place agree, what became of it, whether its
    text changed (since a day, with --since), whether the words quoted stand in it, and on which
    page. Exits 0 whenever the draft could be read, whatever was found.

    Example: `lexwatch check-draft brief.docx --since 2026-05-01`
    """
    from lexwatch import drafts
    from lexwatch.commands.citator import asked_forum
    from lexwatch.output import checked, terminal

    app: App = context.obj
    told = drafts.of(app, opened(file), asked_forum(before, circuit), since)
    if as_json:
        terminal.print_json(checked.row(told))
    else:
        name = "the pasted text" if file == PASTED else Path(file).name
        terminal.lines(checked.lines(told, name, ZoneInfo(app.settings.digest.zone)))


def opened(file: str) -> Draft:
    """The draft in a file, or on standard input. Raises `Unopened` with the file's name, what is
    wrong and the next step, and with nothing of its text."""
    from pipeline.citator.draft import read
    from pipeline.citator.wordfile import Unopened

    try:
        return read(_body(file))
    except Unopened as error:
        name = "standard input" if file == PASTED else file
        reason = f"{name} can't be checked: {error}"
    except OSError as error:
        reason = f"{file} can't be read: {error.strerror}. Name a Word file, a PDF or a text"
    # Outside of the handlers: no error that a reader raised, with what it had read, goes along.
    raise Unopened(reason)


def _body(file: str) -> bytes:
    from pipeline.citator.draft import LARGEST

    if file == PASTED:
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(file).open("rb") as stream:
        return stream.read(LARGEST + 1)
