"""What is held of an authority that a draft cites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.citator.model import Status
from pipeline.model import Relation, Version


@dataclass(frozen=True, kw_only=True)
class Called:
    """A name by which held documents cite an authority, `court` as they have it, how often."""

    name: str
    court: str
    times: int


@dataclass(frozen=True, kw_only=True)
class Namesake:
    """A case that goes by a name which the draft gives to a citation, `canonical` where it is
    reported, `court` as held texts cite it; `line` says what became of it, "" where nothing
    negative is known."""

    name: str
    canonical: str
    court: str = ""
    is_held: bool = False
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A change in substance of a held text, as first seen on an Eastern day."""

    on: date
    summary: str


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What is held of an authority, under its canonical name.

    `versions` are the current texts of what goes by that name: none, one, or two where two
    decisions begin on one page; `is_within`: they are of the whole in which it lies. `called` tells
    how held texts call one that is not held; `namesakes` are the other cases that go by the names
    which the draft gives it. `lives_on`: its text is kept up to date by its
    publisher, and `moved` since `first_read`. `following` is the first page of the next decision
    held in its volume, 0 where none is.
    """

    canonical: str
    versions: tuple[Version, ...] = ()
    is_within: bool = False
    called: tuple[Called, ...] = ()
    namesakes: tuple[Namesake, ...] = ()
    status: Status | None = None
    relations: tuple[Relation, ...] = ()
    lives_on: bool = False
    moved: tuple[Moved, ...] = ()
    first_read: date | None = None
    removed: date | None = None
    following: int = 0
