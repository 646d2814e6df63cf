"""A packet of sample developments, all invented, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from builders import SINCE, TITLES, UNTIL, report

from alerts.cle.development import Shelf
from alerts.cle.packet import build
from alerts.cle.programme import Material, Programme
from alerts.packet.content import (
    Heading,
    Manuscript,
    Paragraph,
    Picture,
    Placeholder,
    Style,
    Table,
)
from pipeline.model import Change

PRINTED = datetime(2026, 11, 22, tzinfo=UTC)
COVERAGE = (report(), report("bia_decisions", last_complete=None, first_complete=None))


def programme(**more: Any) -> Programme:
    given: dict[str, Any] = {
        "since": SINCE,
        "until": UNTIL,
        "at": PRINTED,
        "minutes": 60,
        "titles": TITLES,
        "title": "Immigration Law Update",
    }
    return Programme(**{**given, **more})


def material(changes: Iterable[Change], **more: Any) -> Material:
    given: dict[str, Any] = {"shelf": shelf(), "coverage": COVERAGE}
    return Material(changes=changes, **{**given, **more})


def shelf(**more: Any) -> Shelf:
    return Shelf(**{"on": PRINTED.date(), **more})


def packet(changes: Iterable[Change], asked: Programme | None = None, **more: Any) -> Manuscript:
    return build(asked or programme(), material(changes, **more))


def section(manuscript: Manuscript, begins: str) -> list[Any]:
    """The parts under the first heading whose words begin so, until one of its level or above."""
    found: list[Any] = []
    level = 0
    for part in manuscript.parts:
        if level and isinstance(part, Heading) and part.level <= level:
            break
        if level:
            found.append(part)
        elif isinstance(part, Heading) and part.words.startswith(begins):
            level = part.level
    assert level, f"no heading begins with {begins!r}"
    return found


def said(parts: Iterable[Any]) -> str:
    """All words, a line for each part and row."""
    return "\n".join(_lines(parts))


def paragraphs(manuscript: Manuscript, style: Style) -> list[Paragraph]:
    return [
        part for part in manuscript.parts if isinstance(part, Paragraph) and part.style is style
    ]


def headings(manuscript: Manuscript) -> list[str]:
    return [part.words for part in manuscript.parts if isinstance(part, Heading)]


def day(number: int) -> date:
    return date(2026, 11, number)


def _lines(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Heading | Paragraph | Placeholder):
            yield part.words
        elif isinstance(part, Table):
            yield from (part.caption, " | ".join(part.head))
            yield from (" | ".join(cell.words for cell in row) for row in part.rows)
        elif isinstance(part, Picture):
            yield part.caption
