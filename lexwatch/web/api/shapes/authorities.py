"""What became of authorities, and who cites them."""

from __future__ import annotations

from datetime import date, datetime

from lexwatch.web.api.shapes.shape import Shape
from pipeline.citator.model import Bearing, Body, StatusKind, TreatmentForm, TreatmentKind


class Treatment(Shape):
    """What a text says that it, or another, does to an earlier authority."""

    treatment: TreatmentKind
    bearing: Bearing
    form: TreatmentForm
    target: str
    name: str
    court: str
    by: str
    by_name: str
    by_court: str
    by_another: bool
    in_part: bool
    of: str
    circuits: list[str]
    reaches: str
    directs: bool
    sentence: str


class Finding(Treatment):
    """A treatment, and the document held that says so."""

    document: str
    title: str
    citation: str
    issuer: str
    decided_by: str
    on: date | None
    effective: date | None
    year: int | None
    page: str
    in_headnote: bool
    as_to: str
    cite: str
    url: str


class DerivedWarning(Shape):
    """Our inference, which no document states: what it relies on was treated negatively."""

    earlier: str
    name: str
    words: str
    relies: Finding | None
    negative: Finding
    restored: Finding | None
    elsewhere: bool


class Forum(Shape):
    """Before whom; `circuit` is "1" to "11" or "dc", "" where left open."""

    before: Body
    circuit: str


class Volume(Shape):
    """What is held of a volume of the I&N reporter."""

    volume: int
    held: int
    first_page: int
    last_page: int


class Coverage(Shape):
    """What an answer rests on."""

    decisions: int
    full_texts: int
    as_of: datetime | None
    volumes: list[Volume]


class Status(Shape):
    """What may be said of an authority, for a forum (null: for all) and a day; never that it is
    good law."""

    authority: str
    name: str
    link: str
    status: StatusKind
    line: str
    cautions: list[str]
    forum: Forum | None
    on: date
    findings: list[Finding]
    elsewhere: list[Finding]
    undated: list[Finding]
    warnings: list[DerivedWarning]
    coverage: Coverage


class Cite(Shape):
    """A sentence that cites, and what stands at the other end of it (null: that is not held)."""

    document: str | None
    name: str
    citation: str
    url: str
    cites: str
    sentence: str
    page: str
    times: int
    treatments: list[Treatment]


class Cites(Shape):
    """Who cites an authority, document by document, and what it cites itself. `documents` counts
    all that cite it."""

    authority: str
    name: str
    names: list[str]
    cautions: list[str]
    held: list[str]
    documents: int
    citing: list[Cite]
    cited: list[Cite]
    next: str | None
