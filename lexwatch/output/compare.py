"""Two texts side by side: of one document on two days or in two versions, or of two documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from alerts.redline import left_out, redline
from alerts.untrusted import plain
from alerts.wording import moment
from index.database import Database
from index.lookup import look_up
from index.moments import text_on
from lexwatch.output import marked
from lexwatch.output.rows import line_row
from pipeline import diff
from pipeline.errors import SettingsError
from pipeline.model import Change, Difference, Version

SAME = "no difference, down to the typography"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two texts, and what differs in the form in which changes are told; None: nothing does."""

    old: Version
    new: Version
    change: Change | None


def compared(
    database: Database,
    names: tuple[str, str | None],
    days: tuple[date | None, date | None],
    numbers: tuple[int | None, int | None],
    today: date,
) -> Compared:
    """Compare two documents as they are now, or one on two days or in two versions: of a pair, the
    second may be None, which is `today` or the newest.

    Raises `SettingsError` where the question is not clear, and `NotHeld` where a text is not held.
    """
    old, new = _pair(database, names, days, numbers, today)
    return Compared(old=old, new=new, change=_change(old, new, diff.compare(old, new)))


def row(told: Compared) -> dict[str, Any]:
    """What differs, with the redline as text."""
    said: dict[str, Any] = {
        "old": _named(told.old),
        "new": _named(told.new),
        "same": told.change is None,
    }
    if told.change is None:
        return said
    difference = told.change.difference
    return {
        **said,
        "class": difference.change_class,
        "weights": list(difference.weights),
        "summary": difference.summary,
        "reasons": list(difference.reasons),
        "metadata": [
            {"field": field, "old": was, "new": now} for field, was, now in difference.metadata
        ],
        "redline": [line_row(line) for line in redline(told.change)],
        "ignored": [line_row(line) for line in left_out(told.change)],
    }


def lines(told: Compared, zone: tzinfo) -> Iterator[RenderableType]:
    """What differs: the class and what it turns on, the summary, the reasons, every edit, and what
    was left out as noise."""
    for said, version in (("from", told.old), ("to", told.new)):
        called = plain(version.citation or version.title)
        seen = moment(version.seen_at, zone)
        yield Text(f"{said:>4}: {called} ({version.document.name}, first seen {seen})")
    if told.change is None:
        yield Text(f"{SAME[:1].upper()}{SAME[1:]}.", style="bold")
        return
    difference = told.change.difference
    turns = f": {', '.join(difference.weights)}" if difference.weights else ""
    yield Text(f"{str(difference.change_class).capitalize()}{turns}", style="bold")
    yield Text(plain(difference.summary))
    yield from (Text(f"• {plain(reason)}") for reason in difference.reasons)
    yield from marked.lines(redline(told.change), None)
    yield from marked.ignored(left_out(told.change))


def _pair(
    database: Database,
    names: tuple[str, str | None],
    days: tuple[date | None, date | None],
    numbers: tuple[int | None, int | None],
    today: date,
) -> tuple[Version, Version]:
    (document, other), (since, until), (first, last) = names, days, numbers
    asked = sum((other is not None, since is not None, first is not None))
    if asked != 1 or (until and not since) or (last and not first):
        raise SettingsError(
            "say what to compare: a second document, or --from DAY [--to DAY], or --from-version N "
            "[--to-version N]"
        )
    if since is not None:
        old, new = (text_on(database, document, day, today) for day in (since, until or today))
        return old, new
    newest = look_up(database, other or document, last).held.version
    return look_up(database, document, None if other else first).held.version, newest


def _change(old: Version, new: Version, difference: Difference | None) -> Change | None:
    """The difference in the form in which changes are told; it is saved nowhere."""
    if difference is None:
        return None
    return Change(
        id=0,
        document=new.document,
        old=old,
        new=new,
        difference=difference,
        tags=(),
        seen_at=new.seen_at,
        recorded_at=new.seen_at,
    )


def _named(version: Version) -> dict[str, Any]:
    return {
        "document": version.document.name,
        "title": version.title,
        "citation": version.citation,
        "first_seen": version.seen_at,
    }
