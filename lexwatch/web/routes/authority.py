"""The page of an authority, held or not: what became of it in each treatment's own words, before
whom, and who cites it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response

from alerts import treated
from index import citator, opened, runs
from index.authorities import Resolved, unheld
from index.called import candidates
from index.cites import Cite
from index.lookup import look_up
from lexwatch.output import account, cited, findings
from lexwatch.web import asked
from lexwatch.web.frame import Frame
from lexwatch.web.words import flag
from pipeline import cite
from pipeline.citator import forum as forums
from pipeline.citator.link import link
from pipeline.citator.model import Bearing, Body, Forum, Status
from pipeline.errors import NotHeld, SettingsError
from pipeline.identifiers import REPORTED

FIRST = 6  # of each section, where all of them stand on the page
PAGE = 30  # of a section that is asked for alone
QUOTED = 2  # sentences of one document
MEANT = 20  # authorities that a name may mean, listed
MOST = 10_000  # pages that an address can name
DERIVED, CITING, CITED = "derived", "citing", "cited"


@dataclass(frozen=True, kw_only=True)
class Section:
    """What is told of one sort: `shown` of it on this page, of so many as there are (`count`).
    `name` stands in the address that shows it alone."""

    name: str
    title: str
    shown: Sequence[Any]
    count: int

    @property
    def pages(self) -> int:
        return -(-self.count // PAGE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks: an authority by a `name`, for a forum and a day; `show` is the one
    section that is wanted, "" for the first of each, and `page` which part of it."""

    name: str
    forum: Forum | None
    on: date
    show: str
    page: int

    @property
    def documents(self) -> int:
        """How many that cite it must be read."""
        if self.show == CITING:
            return PAGE * self.page
        return 1 if self.show else FIRST

    def section(self, name: str, title: str, held: Sequence[Any], count: int) -> Section:
        first = PAGE * (self.page - 1)
        shown = held[first : first + PAGE] if self.show else held[:FIRST]
        return Section(name=name, title=title, shown=shown, count=count)


def routes(frame: Frame) -> APIRouter:
    """`/authority?cite=…`, by any name that the citator takes; `on` a day, `show` one section."""
    router = APIRouter()

    @router.get("/authority")
    def authority(request: Request) -> Response:
        this = _asked(frame, request)
        try:
            told = citator.status(frame.app.database, this.name, this.forum, this.on)
        except NotHeld as error:
            return _not_held(frame, request, this, error if this.name else None)
        return _page(frame, request, this, told)

    return router


def _asked(frame: Frame, request: Request) -> Asked:
    given = request.query_params
    on = asked.day(given, "on") or frame.today
    if on > frame.today:
        raise SettingsError(f"{on} lies ahead: what becomes of it until then is unknown")
    name = asked.words(given, "cite")
    return Asked(
        name=name if re.search(r"\w", name) else "",  # nothing else is in the name of anything
        forum=frame.forum(request),
        on=on,
        show=asked.words(given, "show"),
        page=asked.number(given, "page", 1, MOST),
    )


def _page(frame: Frame, request: Request, this: Asked, told: Status) -> Response:
    citing = _cites(frame, this, told)
    known = citing.authority
    held = known.held[0].version if known.held else None
    title, holding, *_ = findings.opening(told, held, "" if held else unheld(told.authority))
    sections = [each for each in _sections(this, told, citing) if each.count]
    given = request.query_params
    return frame.page(
        request,
        "authority.html",
        title=title.plain,
        this=this,
        kept={name: given.get(name, "") for name in ("cite", "on", "forum")},
        judged=told,
        holding=holding.plain,
        known=known,
        publisher=link(told.authority),
        later=[*_later(frame, known)],
        by_forum=_by_forum(frame, this, told),
        sections=sections,
        every=known.names[1:],
        rests=[*_rests(frame, told, known)],
        treated=treated,
        findings=findings,
        cited=cited,
        Bearing=Bearing,
        QUOTED=QUOTED,
        FIRST=FIRST,
        flag=flag,
        flags=_flags(frame, this, sections),
    )


def _not_held(frame: Frame, request: Request, this: Asked, error: NotHeld | None) -> Response:
    """The form alone; of a name that may be several's, with all of them."""
    with frame.app.database.read() as connection:
        meant = candidates(connection, this.name) if this.name else []
    found = cite.lookup(this.name)
    return frame.page(
        request,
        "authority.html",
        404 if error and not meant[1:] else 200,
        title="Status and who cites it",
        this=this,
        judged=None,
        problem=str(error) if error and not meant[1:] else "",
        meant=meant[:MEANT],
        publisher=link(found.canonical) if found else "",
    )


def _cites(frame: Frame, this: Asked, told: Status) -> citator.Cites:
    """Who cites it; nobody, of a part of what is treated as a whole."""
    database = frame.app.database
    try:
        return citator.cites(database, told.authority, this.documents)
    except NotHeld:
        with database.read() as connection:
            known = citator.resolve_all(connection, [told.authority])[told.authority]
        return citator.Cites(authority=known, citing=(), documents=0, cited=())


def _sections(this: Asked, told: Status, citing: citator.Cites) -> Iterator[Section]:
    """What is told of it, the gravest first; or the one section that is asked for."""
    deeds = treated.grouped(told.findings)
    by = {bearing: [each for each in deeds if each.bearing is bearing] for bearing in Bearing}
    held: Mapping[str, tuple[str, Sequence[Any]]] = {
        Bearing.NEGATIVE: (findings.HEADINGS[Bearing.NEGATIVE], by[Bearing.NEGATIVE]),
        "elsewhere": (findings.ELSEWHERE, treated.grouped(told.elsewhere)),
        "undated": (findings.UNDATED, treated.grouped(told.undated)),
        DERIVED: (findings.DERIVED, told.warnings),
        Bearing.POSITIVE: (findings.HEADINGS[Bearing.POSITIVE], by[Bearing.POSITIVE]),
        Bearing.NEUTRAL: (findings.HEADINGS[Bearing.NEUTRAL], by[Bearing.NEUTRAL]),
        CITING: ("Cited by documents that we hold", _by_document(citing)),
        CITED: ("Authorities that it cites", citing.cited),
    }
    for name, (title, every) in held.items():
        if this.show in ("", name):
            count = citing.documents if name == CITING else len(every)
            yield this.section(str(name), title, every, count)


def _by_document(citing: citator.Cites) -> list[list[Cite]]:
    """The sentences that cite it, by the document in which they stand."""
    return [[*group] for _, group in groupby(citing.citing, key=lambda each: each.document)]


def _later(frame: Frame, known: Resolved) -> Iterator[str]:
    """What later documents and courts did to one that is no reported decision: no treatment tells
    of it."""
    held = known.held[0].version.document if known.held else None
    if held and held.kind not in REPORTED:
        shown = look_up(frame.app.database, held.name)
        yield from (line.plain for line in account.gone(shown, frame.zone))
        yield from (line.plain for line in account.stands(shown))


def _by_forum(frame: Frame, this: Asked, told: Status) -> dict[str, Status]:
    """The status by where it is asked, where something was done to it, wherever."""
    if not (told.findings or told.elsewhere):
        return {}
    circuit = this.forum.circuit if this.forum else ""
    name, database = told.authority, frame.app.database
    found: dict[str, Status] = {}
    for forum in (Forum(body=body, circuit=circuit) for body in Body):
        said = opened.standing(database, [name], forum, this.on)
        found |= {forums.words(forum): said[name]} if name in said else {}
    return found


def _flags(frame: Frame, this: Asked, sections: Sequence[Section]) -> Mapping[str, Status]:
    """How the authorities that it cites stand, of those that are shown."""
    shown = [one for each in sections if each.name == CITED for one in each.shown]
    names = {one.canonical for one in shown}
    return opened.standing(frame.app.database, names, this.forum, this.on)


def _rests(frame: Frame, told: Status, known: Resolved) -> Iterator[str]:
    """What the answer rests on."""
    yield from findings.coverage(told.coverage, frame.zone)
    held = known.held[0].version.document if known.held else None
    if held and held.kind not in REPORTED:
        with frame.app.database.read() as connection:
            run = runs.last_complete(connection, held.source, whole=True)
        yield findings.last_read(held.source, run.started_at if run else None, frame.zone)
    yield cited.LIMITS
