"""Documents, their texts, and what is known of them among others."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pydantic

from lexwatch.web.api.shapes.authorities import Status, Treatment
from lexwatch.web.api.shapes.shape import Shape
from pipeline.model import (
    AnnouncementState,
    BlockKind,
    ChangeClass,
    ChangeKind,
    DateKind,
    RelationKind,
    StateKind,
    Weight,
)


class Line(Shape):
    """A line of a redline, with [-deleted-] and {+inserted+}; `rule` is why it is no change of
    substance, "" where it is one."""

    place: str
    note: str
    rule: str
    why: str
    text: str


class Block(Shape):
    """A block of text with its place."""

    kind: BlockKind
    text: str
    level: int
    label: str
    anchor: str
    trail: list[str]


class Dated(Shape):
    """A date with the words it was read from, and whether it still holds (`why` it does not, or
    what to look at first)."""

    document: str
    kind: DateKind
    on: date
    words: str
    read_from: str
    live: bool
    why: str


class Relation(Shape):
    """What a later document does to an earlier one, and what joins them."""

    kind: RelationKind
    earlier: str
    later: str
    evidence: list[str]


class Litigation(Shape):
    """What a court did, and the order."""

    words: str
    order: str
    evidence: str


class Artefact(Shape):
    """A document's part in an event."""

    document: str
    kind: str
    title: str
    citation: str
    url: str
    on: date | None
    dated: DateKind | None
    seen_at: datetime
    change: int
    evidence: list[str]


class State(Shape):
    """What a document says of a rule's state."""

    state: StateKind
    since: date | None
    document: str
    words: str


class CourtAction(Shape):
    """What a court did to a rule, as `document` tells it."""

    action: RelationKind
    on: date | None
    document: str
    words: str
    entered_by_hand: bool


class Event(Shape):
    """An act with its artefacts, oldest first."""

    act: str
    line: str
    artefacts: list[Artefact]
    dates: list[Dated]
    states: list[State]
    court_actions: list[CourtAction]


class Announcement(Shape):
    """How a change to guidance was announced."""

    state: AnnouncementState
    entry: str | None
    words: str


class Topic(Shape):
    """A topic with its evidence."""

    topic: str
    score: float
    evidence: list[str]


class Particulars(Shape):
    """What a text states besides its words, and what is known of it among others."""

    dates: list[Dated]
    disagreements: list[str]
    relations: list[Relation]
    litigation: list[Litigation]
    chain: list[Dated]
    amends: list[dict[str, Any]]
    signed_by: list[str]
    not_held: str


class Named(Shape):
    """A document in a list."""

    document: str
    kind: str
    title: str
    citation: str
    issuer: str
    url: str
    published_on: date | None
    seen_at: datetime


class Read(Shape):
    """A version: by which reader, and the digest of its text."""

    seen_at: datetime
    parser: str
    text_digest: str


class Citing(Shape):
    """A document that cites this one, and its words."""

    document: str
    title: str
    citation: str
    words: str


class Document(Particulars):
    """A document as one of its versions has it. `blocks` are a page of its text: `block_total`
    says how many it has, `next` where it goes on."""

    document: str
    kind: str
    title: str
    citation: str
    issuer: str
    url: str
    links: dict[str, str]
    seen_at: datetime
    removed_at: datetime | None
    announcement: Announcement | None
    events: list[Event]
    authority: str
    status: Status | None
    treatments: list[Treatment]
    metadata: dict[str, Any]
    topics: list[Topic]
    versions: list[Read]
    cited_by: list[Citing]
    charts: tuple[dict[str, Any], ...] = ()
    blocks: list[Block]
    block_total: int
    next: str | None


class Step(Shape):
    """A moment in a document's history: the `number`th version, 0 where the site removed it;
    `change` is the number of what is told of it."""

    number: int
    seen_at: datetime
    title: str
    form: str
    change: int | None
    kind: ChangeKind | None
    change_class: ChangeClass | None
    summary: str


class Side(Shape):
    """A text that is compared."""

    document: str
    title: str
    citation: str
    first_seen: datetime


class Field(Shape):
    """A field that a document states otherwise now."""

    field: str
    old: str
    new: str


class Compared(Shape):
    """What differs between two texts; where they are the `same`, nothing else is said."""

    old: Side
    new: Side
    same: bool
    change_class: ChangeClass | None = pydantic.Field(None, alias="class")
    weights: tuple[Weight, ...] = ()
    summary: str = ""
    reasons: tuple[str, ...] = ()
    metadata: tuple[Field, ...] = ()
    redline: tuple[Line, ...] = ()
    ignored: tuple[Line, ...] = ()
