"""The page of a document: what it is, how it stands, and its text; and one page for the bench."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from alerts import lineage, particulars, story, treated
from alerts.dates import dated, unclear
from alerts.force import authority
from alerts.redline import quotation
from alerts.wording import excerpt, sentence, shortened
from index import opened as held
from index.cites import Cite, Cites, cites
from lexwatch.output import account, cited, findings, hits, show, timeline
from lexwatch.web import asked, text
from lexwatch.web.frame import Frame
from lexwatch.web.opened import MOST, Opened, asked_for
from lexwatch.web.words import flag, lit
from pipeline.bluebook import bluebook, pinned
from pipeline.citator.model import Bearing
from pipeline.pin import page_at

CITING = 8  # documents that cite it, on a page
CITES = 60  # authorities cited that are listed
QUOTED = 2  # sentences of each of them
ENTRIES = 120  # headings in the list of contents; of more the deepest are left out
TOLD = 8  # deeds of a sort quoted here; the page of the authority has all
STEPS = 12  # documents of an event named here, the latest
# On the page for the bench: passages, their characters in all, and those of the holding.
BENCH, PASSAGES, HOLDING = 6, 2_400, 1_600


def routes(frame: Frame) -> APIRouter:
    """`/document/…` and `/bench/…`, by source and key."""
    router = APIRouter()

    @router.get("/document/{source}/{key:path}")
    def document(request: Request, source: str, key: str) -> Response:
        return _page(frame, request, asked_for(frame, request, source, key))

    @router.get("/bench/{source}/{key:path}")
    def bench(request: Request, source: str, key: str) -> Response:
        return _bench(frame, request, asked_for(frame, request, source, key))

    return router


def _page(frame: Frame, request: Request, this: Opened) -> Response:
    given = request.query_params
    blocks, divided = this.version.blocks, this.parts
    at = given.get("at", "")
    number = asked.number(given, "part", 1, MOST)
    if at.isascii() and at.isdigit():
        number = text.holder(blocks, divided, int(at[:9]))
    number = min(number, len(divided))
    part = divided[number - 1]
    is_first = number == 1
    return frame.page(
        request,
        "document.html",
        **_head(frame, this),
        **(_around(frame, this, asked.number(given, "cited", 1, MOST)) if is_first else {}),
        is_first=is_first,
        number=number,
        parts=divided,
        contents=_contents(text.contents(blocks, divided)),
        words=text.Sheet(blocks, part, this.lit(part)).html(),
        matched=_matched(this),
        kept=_kept(this),
    )


def _head(frame: Frame, this: Opened) -> dict[str, Any]:
    """What stands at the head of every page of a document."""
    version, shown = this.version, this.shown
    deeds = treated.grouped(this.status.findings) if this.status else ()
    found = held.as_found(frame.app.database, this.document, this.forum, frame.today)
    return {
        "title": version.title or this.document.name,
        "this": this,
        "version": version,
        "shown": shown,
        "hit": found,
        "cited_as": bluebook(version) or version.citation,
        "sort": authority(version.document.kind),
        "lacking": particulars.not_held(version),
        "gone": [line.plain for line in account.gone(shown, frame.zone)],
        "as_shown": _as_shown(frame, this),
        "litigation": _litigation(this),
        "judged": this.status,
        "against": [each for each in deeds if each.bearing is Bearing.NEGATIVE],
        "besides": [each for each in deeds if each.bearing is not Bearing.NEGATIVE],
        "told": hits,
        "treated": treated,
        "findings": findings,
        "Bearing": Bearing,
        "TOLD": TOLD,
    }


def _as_shown(frame: Frame, this: Opened) -> list[str]:
    """How the site showed it on a day that was named."""
    if this.seen is None:
        return [sentence(this.lacking)] if this.lacking else []
    return [line.plain for line in timeline.seen(this.seen, frame.zone)]


def _litigation(this: Opened) -> list[tuple[str, list[lineage.Related]]]:
    """What courts did to it, under the headings that say by whose word."""
    related = lineage.related(this.document, this.shown.relations)
    courts = sorted((each for each in related if each.is_litigation), key=lambda e: e.heading)
    return [(heading, [*group]) for heading, group in groupby(courts, key=lambda e: e.heading)]


def _around(frame: Frame, this: Opened, page: int) -> dict[str, Any]:
    """What is known of it besides its text, in the first part."""
    version, shown = this.version, this.shown
    told = cites(frame.app.database, this.document.name, CITING * page)
    related = lineage.related(this.document, shown.relations)
    return {
        "dates": dated(version, shown.standings),
        "doubts": unclear(version, shown.announcement, shown.events),
        "announced": shown.announcement.words if shown.announcement else "",
        "related": [each for each in related if not each.is_litigation],
        "editions": lineage.more_editions(this.document, shown.relations),
        "elsewhere": lineage.elsewhere(this.document, shown.standings),
        "amends": particulars.amended(version, particulars.AMENDED),
        "facts": particulars.facts(version),
        "effects": treated.effects(each.treatment for each in shown.says),
        "events": shown.events,
        "story": story,
        "STEPS": STEPS,
        "topics": [
            (frame.app.names.get(tag.topic, tag.topic), show.evidence(tag)) for tag in shown.tags
        ],
        "by_forum": this.by_forum if this.status and _weighs(this) else {},
        "citing": _by_document(told, page),
        "citing_page": page,
        "citing_pages": -(-told.documents // CITING),
        "citing_all": told.documents,
        "cited": cited,
        "cites": told.cited,
        "CITES": CITES,
        "flag": flag,
        "flags": held.standing(
            frame.app.database,
            {each.canonical for each in told.cited[:CITES]},
            this.forum,
            frame.today,
        ),
    }


def _weighs(this: Opened) -> bool:
    """Whether the forum makes a difference: something was done to it, wherever."""
    return bool(this.status and (this.status.findings or this.status.elsewhere))


def _by_document(told: Cites, page: int) -> list[tuple[Cite, list[Cite], int]]:
    """Of each document that cites it the first sentences, and how many more there are."""
    groups = [[*each] for _, each in groupby(told.citing, key=lambda each: each.document)]
    return [
        (group[0], group[:QUOTED], len(group) - QUOTED) for group in groups[CITING * (page - 1) :]
    ]


def _contents(entries: Sequence[text.Entry]) -> list[text.Entry]:
    """The headings to list: as deep as there is room."""
    deepest = max((each.level for each in entries), default=0)
    while len([each for each in entries if each.level <= deepest]) > ENTRIES and deepest > 1:
        deepest -= 1
    return [each for each in entries if each.level <= deepest][:ENTRIES]


def _matched(this: Opened) -> list[tuple[int, str]]:
    """Where the words looked for stand thickest: the block, and the heading above it."""
    return [(at, _place(this, at)) for at in this.best(BENCH)]


def _place(this: Opened, at: int) -> str:
    block = this.version.blocks[at]
    return block.trail[-1] if block.trail else shortened(block.text, 60)


def _kept(this: Opened) -> dict[str, Any]:
    """What the addresses of its other parts must say too."""
    return {"version": "" if this.is_newest else this.number, "q": this.sought}


def _bench(frame: Frame, request: Request, this: Opened) -> Response:
    """One page, so what is long is cut to whole sentences, and few passages are shown."""
    version = this.version
    holding = quotation(version)
    is_long = sum(map(len, holding)) > HOLDING
    return frame.page(
        request,
        "bench.html",
        **_head(frame, this),
        by_forum=this.by_forum,
        holding=[excerpt(holding, HOLDING)] if is_long else holding,
        dates=dated(version, this.shown.standings),
        passages=[*_passages(this)],
        now=frame.app.clock(),
        coverage=[*findings.coverage(this.status.coverage, frame.zone)] if this.status else [],
    )


def _passages(this: Opened) -> Iterator[tuple[int, str, Markup, str]]:
    """The blocks that hold the most of what is looked for: where each stands, its words, and how
    to cite them."""
    room = PASSAGES
    for at in this.best(BENCH):
        words = this.version.blocks[at].text
        if room < PASSAGES and len(words) > room:
            return
        room -= len(words)
        yield at, _place(this, at), lit(words, this.marks[at]), _cite(this, at)


def _cite(this: Opened, at: int) -> str:
    """How to cite a block, where that can be told."""
    block = this.version.blocks[at]
    return pinned(this.version, page=page_at(block, 0), trail=block.trail)
