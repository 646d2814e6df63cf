"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import SettingsError

YEAR = re.compile(r"\d{4}")
PLAUSIBLE = range(1900, 2200)  # years; beyond them a date is a slip of the finger


def calendar_day(value: str) -> date:
    """Read a day as YYYY-MM-DD. Raises `typer.BadParameter` for anything else."""
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(f"{value!r} is no day: write one like 2026-10-07") from error
    if day.year not in PLAUSIBLE:
        raise typer.BadParameter(f"{value!r} lies outside the years 1900 to 2199")
    return day


def day_or_year(value: str) -> date:
    """Read a day as `calendar_day` does, or a year as its last day. Raises `typer.BadParameter`."""
    return calendar_day(f"{value}-12-31" if YEAR.fullmatch(value) else value)


def in_order(since: date | None, until: date | None) -> None:
    """Raise `SettingsError` for a period that ends before it begins."""
    if since and until and until < since:
        raise SettingsError(f"the last day, {until}, lies before the first, {since}")


def one_of(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise `SettingsError` for a name that is none of those known."""
    every = [str(each) for each in known]
    for name in given:
        if name not in every:
            raise SettingsError(f"no {what} {name!r}. There are: {', '.join(every)}")


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", "-s", help="Only this source; repeatable.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", "-t", help="Only this topic; repeatable.")
]
Since = Annotated[
    date | None, typer.Option(parser=calendar_day, metavar="DAY", help="First day, as 2026-10-07.")
]
Until = Annotated[date | None, typer.Option(parser=calendar_day, metavar="DAY", help="Last day.")]
From = Annotated[
    date,
    typer.Option("--from", parser=calendar_day, metavar="DAY", help="First day, as 2026-10-07."),
]
To = Annotated[date, typer.Option("--to", parser=calendar_day, metavar="DAY", help="Last day.")]
FirstDay = Annotated[
    date | None,
    typer.Option("--from", parser=calendar_day, metavar="DAY", help="Not before this day."),
]
LastDay = Annotated[
    date | None, typer.Option("--to", parser=calendar_day, metavar="DAY", help="Not after it.")
]
AsOf = Annotated[
    date | None,
    typer.Option(parser=calendar_day, metavar="DAY", help="As what we hold stood on a day."),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", "-k", help="Only this sort, as bia-precedent; repeatable."),
]
States = Annotated[
    list[str] | None,
    typer.Option("--state", help='Only rules in this state, as "in effect"; repeatable.'),
]
WhichForum = Annotated[
    str | None,
    typer.Option("--forum", help='Say whom each binds in one, as "immigration court, 9th Cir.".'),
]
Limit = Annotated[int, typer.Option(min=1, max=100, help="How many documents.")]
WordsAlone = Annotated[bool, typer.Option("--words", help="By words alone: no model is loaded.")]
Like = Annotated[
    str | None, typer.Option(metavar="DOCUMENT", help="More like one, in place of a query.")
]
Counted = Annotated[
    bool, typer.Option("--counts", help="Also how many answer, by source, year and so on.")
]
Cited = Annotated[bool, typer.Option("--cite", help="Print the citations alone, ready to paste.")]
FormatName = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="csv, json, ris or markdown.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Before = Annotated[
    str | None,
    typer.Option(metavar="FORUM", help="immigration-court, uscis or federal-court."),
]
Circuit = Annotated[
    str | None,
    typer.Option(help="Where that is, as 1, first or D.C.; an immigration court if none is named."),
]
On = Annotated[
    date | None,
    typer.Option("--on", parser=day_or_year, metavar="DAY|YEAR", help="As of then, as 2022."),
]
