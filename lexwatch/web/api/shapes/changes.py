"""What changed, and what falls due."""

from __future__ import annotations

from datetime import date, datetime

import pydantic

from lexwatch.web.api.shapes.authorities import Treatment
from lexwatch.web.api.shapes.documents import Announcement, Event, Field, Line, Particulars, Topic
from lexwatch.web.api.shapes.shape import Shape
from pipeline.model import ChangeClass, ChangeKind, DateKind, Weight


class Change(Particulars):
    """What happened to a document between two versions, or its appearance. Of a list, an event is
    given whole in the first of its changes; `acts` names those of each."""

    id: int
    document: str
    kind: ChangeKind
    change_class: ChangeClass = pydantic.Field(alias="class")
    title: str
    citation: str
    url: str
    seen_at: datetime
    baseline: bool
    urgent: list[str]
    authority: str
    treatments: list[Treatment]
    summary: str
    reasons: list[str]
    weights: list[Weight]
    announcement: Announcement | None
    acts: list[str]
    events: list[Event]
    topics: list[Topic]
    metadata: list[Field]
    redline: list[Line]
    ignored: list[Line]
    sweeps: tuple[str, ...] = ()
    only_sweeps: bool = False


class Deadline(Shape):
    """A date that falls due. `days` from today; `was` is the day before it last moved; `caution`
    is what to look at before relying on it."""

    uid: str
    on: date
    days: int
    cancelled: bool
    kind: DateKind
    name: str
    document: str
    title: str
    citation: str
    url: str
    words: str
    read_from: str
    applies: list[str]
    was: date | None
    moved_by: str
    caution: str
    also: list[str]
    topics: list[str]
    sequence: int
    known_at: datetime
    moved_at: datetime
