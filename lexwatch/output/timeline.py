"""A document at a point in time, in lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Any

from rich.text import Text

from alerts.untrusted import plain
from alerts.wording import moment
from index.moments import Governed, Seen
from lexwatch.output import rows, show
from pipeline.calendar import spelled
from pipeline.model import CourtAction, Version
from pipeline.orders import BY_HAND

TODAY = "What is said below of dates, topics and other documents is as known today."
LITIGATION = "Litigation, which alters none of this"


def seen(told: Seen, zone: tzinfo) -> Iterator[Text]:
    """What the site showed on a day, and from when until when that is known."""
    day = spelled(told.day)
    if told.held is None:
        removed = moment(told.removed, zone) if told.removed else ""
        yield Text(
            f"On {day}: removed from the site, as first seen {removed}.", style="bold yellow"
        )
        return
    first = moment(told.held.version.seen_at, zone)
    yield Text(f"As the site showed it on {day}: version {told.number}.", style="bold")
    confirmed = moment(told.confirmed, zone) if told.confirmed else first
    words = f"First seen {first}; last confirmed by then {confirmed}"
    if told.followed:
        words += f"; what took its place was first seen {moment(told.followed, zone)}"
    yield Text(f"{words}. Between our readings nothing is known.")
    if told.capture:
        yield Text(captured(told, zone))
    yield Text(TODAY, style="dim")


def asked(told: Seen) -> Iterator[str]:
    """What a record answers that was asked for by a day; moments in UTC, as in the record."""
    day = f"{spelled(told.day)}, Eastern time"
    yield f"ASKED: what the site showed of {plain(told.document.name)} on {day}"
    first = f", first seen {moment(told.held.version.seen_at, UTC)}" if told.held else ""
    yield f"  Version {told.number} of what is held{first}."
    yield f"  {captured(told, UTC)}"
    if told.followed:
        yield f"  Another text was first seen {moment(told.followed, UTC)}."
    yield "  Between these readings nothing is known."


def captured(told: Seen, zone: tzinfo) -> str:
    """Which capture shows what was seen; a reading that only confirmed it made none."""
    found = told.capture
    if found is None:
        return ""
    which = f"Capture {found.number:,}, page {found.page}" if found.number else f"Page {found.page}"
    words = f"{which}: captured {moment(found.at, zone)}"
    if told.confirmed and told.confirmed > found.at:
        words += (
            f"; confirmed unchanged in the reading begun {moment(told.confirmed, zone)}, in which "
            "the site answered that it was not modified: such an answer is no capture"
        )
    return f"{words}."


def seen_row(told: Seen) -> dict[str, Any]:
    """What the site showed on a day."""
    held = told.held
    return {
        "day": told.day,
        "version": told.number or None,
        "first_seen": held.version.seen_at if held else None,
        "last_confirmed": told.confirmed,
        "followed": told.followed,
        "removed": told.removed,
        "capture": told.capture and vars(told.capture),
    }


def governed(told: Governed) -> Iterator[Text]:
    """What governed on a day, on what words that rests, and what to mind; what courts did
    stands under a heading of its own."""
    answer = told.governing
    yield Text(plain(answer.line), style="bold")
    yield from (Text(f"   rests on: {plain(words)}") for words in answer.basis)
    yield from (Text(f"   note: {plain(words)}", style="yellow") for words in answer.notes)
    yield Text("As the documents held say today; read them before relying on it.", style="dim")
    if told.court_actions:
        yield Text(LITIGATION, style="bold")
    for action in told.court_actions:
        yield Text(f"   {_court(action)}")


def answer(told: Governed, zone: tzinfo, *, as_json: bool) -> None:
    """Print what governed on a day, and its text."""
    if as_json:
        rows.print_json(governed_row(told))
        return
    show.lines(governed(told))
    if told.governing.text is not None:
        show.text(told.governing.text, zone)


def governed_row(told: Governed) -> dict[str, Any]:
    """What governed on a day."""
    answer = told.governing
    return {
        "document": told.document.name,
        "day": answer.day,
        "answer": answer.line,
        "basis": list(answer.basis),
        "notes": list(answer.notes),
        "litigation": [court_row(each) for each in told.court_actions],
        "text": text_row(answer.text) if answer.text else None,
    }


def court_row(action: CourtAction) -> dict[str, Any]:
    """What a court did, and who says so."""
    return {
        "does": action.kind,
        "on": action.on,
        "document": action.document.name,
        "words": action.words,
        "by_hand": action.is_by_hand,
    }


def text_row(version: Version) -> dict[str, Any]:
    """A version's text, and what it is of."""
    return {
        "document": version.document.name,
        "title": version.title,
        "citation": version.citation,
        "seen_at": version.seen_at,
        "blocks": [rows.block_row(block) for block in version.blocks],
    }


def _court(action: CourtAction) -> str:
    on = spelled(action.on) if action.on else "day not stated"
    said = BY_HAND if action.is_by_hand else f"as {plain(action.document.name)} reports"
    words = plain(action.words) if action.is_by_hand else f"“{plain(action.words)}”"
    return f"{action.kind} ({on}; {said}): {words}"
