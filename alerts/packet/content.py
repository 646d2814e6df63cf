"""What a packet is made of: plain nouns that know no file format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from alerts.packet.drawing import Drawing


class Face(StrEnum):
    """How words stand out, and why: deleted and inserted are marks of a redline."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    DELETED = "deleted"
    INSERTED = "inserted"


class Style(StrEnum):
    """What a paragraph is. LEAD introduces what follows and stays with it; SOURCE is the line
    under a heading that names the document; NUMBER and LETTER are items of a list that is counted
    (1. 2. 3., A. B. C.), LETTER one step in; CHECKBOX is a box to tick; SMALL is small print."""

    BODY = "body"
    LEAD = "lead"
    QUOTATION = "quotation"
    SOURCE = "source"
    REDLINE = "redline"
    BULLET = "bullet"
    NUMBER = "number"
    LETTER = "letter"
    CHECKBOX = "checkbox"
    SMALL = "small"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words of one face. `url` links them; `to` is a heading's key: the writer prints that
    heading's number in place of `text`, and links it."""

    text: str
    face: Face = Face.PLAIN
    url: str = ""
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """`notes` are the numbers of the sources it rests on, which writers print; `ours` says that it
    is the packet's own framing and states nothing of the law. `ordinal` counts from 1 in a list."""

    runs: tuple[Run, ...]
    style: Style = Style.BODY
    notes: tuple[int, ...] = ()
    ours: bool = False
    ordinal: int = 0

    @property
    def words(self) -> str:
        return said(self.runs)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`level` is 1 to 4; the writer numbers it. `key` is what a `Run.to` names it by."""

    words: str
    level: int
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in one field of a table."""

    runs: tuple[Run, ...]
    notes: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        return said(self.runs)


@dataclass(frozen=True, kw_only=True)
class Table:
    """`widths` are parts of the page's width and add up to 1. `has_row_heads`: the first cell of
    a row names it. `ours` as of a paragraph, for all its rows. `in_passing`: it only names what is
    told elsewhere, so that its notes are brief and give no source in full."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    has_row_heads: bool = False
    ours: bool = False
    in_passing: bool = False


@dataclass(frozen=True, kw_only=True)
class Picture:
    """`alt` says in words what the picture shows."""

    drawing: Drawing
    alt: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """What the speaker or the sponsor has to fill in."""

    words: str


@dataclass(frozen=True, kw_only=True)
class PageBreak:
    """What follows begins a page."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Where the table of contents stands."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where the list of all sources stands, by number."""


Part: TypeAlias = (
    Heading | Paragraph | Table | Picture | Placeholder | PageBreak | Contents | Sources
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """`words` cite it in full, `short` is how it is called after that; `version` says which text
    of it, with its day, and `retrieved` when it was fetched. One that `is_listed` is given in full
    in the list of sources alone."""

    number: int
    words: str
    short: str
    url: str
    version: str
    retrieved: str
    is_listed: bool = False

    @property
    def full(self) -> str:
        """Everything but the address, in sentences."""
        retrieved = f"retrieved {self.retrieved}" if self.retrieved else ""
        told = [words.rstrip(".") for words in (self.words, self.version, retrieved) if words]
        return " ".join(f"{words[:1].upper()}{words[1:]}." for words in told)


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """A whole packet. `subject` is the line above the title; `at` is when it was prepared."""

    title: str
    subject: str
    language: str
    at: datetime
    parts: tuple[Part, ...]
    sources: tuple[Source, ...]
    keywords: tuple[str, ...] = ()


def said(runs: Iterable[Run]) -> str:
    """The words of runs without their faces."""
    return "".join(run.text for run in runs)
