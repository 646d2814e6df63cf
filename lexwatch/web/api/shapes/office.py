"""What is watched, and who is told of it."""

from __future__ import annotations

from datetime import date, datetime

from index.runs import RunState
from lexwatch.web.api.shapes.shape import Shape
from pipeline.subscription import Frequency, Origin, Reason
from pipeline.trouble import TroubleKind


class Run(Shape):
    """A visit to a source."""

    run: int
    source: str
    state: RunState
    first: bool
    whole: bool
    started_at: datetime
    ended_at: datetime | None
    requests: int
    bytes: int
    documents: int
    blocked: bool
    failures: list[str]


class Normal(Shape):
    """How many documents a healthy whole reading gives."""

    floor: int
    ceiling: int


class Gap(Shape):
    """Days in a row, both included, on which no reading of a source was complete."""

    first: date
    last: date


class Source(Shape):
    """A source: what is held of it, how its last run went, and why it is `off` ("": it is on).
    `gaps` are those of the last 90 days."""

    source: str
    title: str
    first_complete: datetime | None
    last_complete: datetime | None
    last_look: datetime | None
    documents: int
    newest: date | None
    quiet: str
    off: str
    last_run: Run | None
    normal: Normal
    gaps: list[Gap]


class Fault(Shape):
    """A page that is kept and could not be taken in, or that the publisher answered with an
    error."""

    page: int
    run: int
    url: str
    asked: str
    status: int
    sha256: str
    size: int
    fetched_at: datetime
    failure: str


class Trouble(Shape):
    """Something that ails this installation: what it is about, since when, and what was seen."""

    subject: str
    kind: TroubleKind
    said: str
    since: datetime


class Health(Shape):
    """How this installation stands, without what any reader has of their own."""

    well: bool
    at: datetime
    troubles: list[Trouble]
    last_digest: datetime | None
    last_backup: datetime | None
    scheduled: bool


class Schedule(Shape):
    """When a reader's periods end."""

    frequency: Frequency
    weekday: int
    day: int
    hour: int
    zone: str
    on_holidays: bool


class Suppression(Shape):
    """That nothing is sent to an address, and why."""

    address: str
    reason: Reason
    at: datetime
    said: str


class Subscription(Shape):
    """Who wants what. `next` is when its period ends; nothing is sent before `muted_until`."""

    id: int
    reader: str
    address: str
    name: str
    topics: list[str]
    sources: list[str]
    classes: list[str]
    authorities: list[str]
    words: str
    meaning: str
    threshold: float
    schedule: Schedule
    urgent_at_once: bool
    plain_text: bool
    channels: list[str]
    matter: str
    note: str
    shown_on: list[str]
    origin: Origin
    next: datetime | None
    suppressed: Suppression | None
    muted_until: datetime | None


class Topic(Shape):
    """A topic by which documents are told apart."""

    topic: str
    title: str
