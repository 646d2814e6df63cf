"""What is found by a search, what became of an authority, what is said of a draft's citations."""

from __future__ import annotations

from datetime import date, datetime

from lexwatch.web.api.shapes.authorities import Coverage, Finding, Status
from lexwatch.web.api.shapes.documents import Event, Relation
from lexwatch.web.api.shapes.shape import Shape
from pipeline.citator.model import Body
from pipeline.citator.verdict import Level
from pipeline.model import DateKind, StateKind
from pipeline.query.model import Shape as QueryShape


class Dated(Shape):
    """When a document was published, decided or announced."""

    kind: DateKind
    on: date


class State(Shape):
    """A rule's state, and which document says so."""

    state: StateKind
    since: date | None
    by: str


class Passage(Shape):
    """A passage that answers. `marks` are the matched words and `best` the best sentence, as
    half-open ranges of characters of `text`."""

    text: str
    trail: list[str]
    anchor: str
    page: str
    cite: str
    marks: list[tuple[int, int]]
    best: tuple[int, int] | None


class Hit(Shape):
    """A document that answers."""

    document: str
    kind: str
    title: str
    citation: str
    bluebook: str
    issuer: str
    dated: Dated | None
    state: State | None
    binds: str
    binding: str | None
    url: str
    seen_at: datetime | None
    removed_at: datetime | None
    stood: str
    form: str
    why: list[str]
    relations: list[Relation]
    treatments: list[Finding]
    passages: list[Passage]


class Expansion(Shape):
    """Words added to the query, and for what."""

    words: str
    matched: str
    entry: str
    kind: str


class Results(Shape):
    """What was found; `notes` must be read with it, `documents` counts all that answer."""

    shape: QueryShape
    notes: list[str]
    expanded: list[Expansion]
    documents: int
    counts: dict[str, dict[str, int]]
    hits: list[Hit]
    next: str | None


class Differing(Shape):
    """Words of the held text and the draft's in their place; either may be empty."""

    held: str
    draft: str


class Verdict(Shape):
    """One thing that was found of a citation."""

    verdict: str
    label: str
    level: Level
    words: str
    quoted: str
    held: str
    differing: list[Differing]
    covered: list[Differing]
    status: Status | None
    relations: list[Relation]


class Checked(Shape):
    """A citation of the draft, and the verdicts on it, the gravest first."""

    number: int
    place: str
    level: Level
    words: str
    kind: str
    name: str
    court: str
    pin: str
    authority: str
    link: str
    verdicts: list[Verdict]


class Asked(Shape):
    """For whom the answer is given."""

    body: Body
    circuit: str


class Draft(Shape):
    """A checked draft; of its text only the citations and the quotations looked at. Nothing of it
    was kept."""

    form: str
    forum: Asked | None
    on: date
    counts: dict[str, int]
    citations: list[Checked]
    coverage: Coverage


class Held(Shape):
    """What is held of an authority itself."""

    document: str
    title: str
    citation: str
    url: str
    form: str
    force: str


class Fate(Status):
    """What became of an authority, how many documents cite it, and of one that is no reported
    decision what later documents did."""

    held: Held | None
    names: list[str]
    documents: int
    removed_at: datetime | None = None
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
