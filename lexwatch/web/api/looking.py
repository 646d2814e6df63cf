"""Search, documents, their versions, and what differs between two of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from alerts.force import AUTHORITIES
from index import opened
from index.catalogue import catalogue
from index.lookup import Shown, look_up
from index.moments import seen_on
from index.search import Filters
from lexwatch.options import in_order, one_of
from lexwatch.output import compare, found, rows
from lexwatch.web.api.answer import (
    HIGHEST,
    Day,
    Forum,
    Key,
    Limit,
    Offset,
    Since,
    Sources,
    Topics,
    Until,
    after,
    answered,
    listed,
    router,
    shaped,
)
from lexwatch.web.api.shapes.answers import Results
from lexwatch.web.api.shapes.documents import Compared, Document, Named, Step
from lexwatch.web.api.shapes.shape import Listed
from lexwatch.web.frame import Frame
from lexwatch.web.question import answered as find
from pipeline.citator import forum as forums
from pipeline.errors import NotHeld, SettingsError
from pipeline.identifiers import REPORTED
from pipeline.model import DateKind, StateKind, Version
from pipeline.model import Document as Known

DEEPEST = 100  # hits that can be passed over
PASSED = Annotated[int, Query(ge=0, le=DEEPEST, description="How many to pass over.")]
Blocks = Annotated[int, Query(ge=1, le=1000, description="How many blocks of its text at most.")]
Numbered = Annotated[int | None, Query(ge=1, le=HIGHEST, description="A version, from 1.")]
Asked = Annotated[
    str | None,
    Query(description="A question, terms and connectors, a citation, a name.", max_length=20_000),
]
Like = Annotated[
    str | None, Query(description="More like this document, in place of q.", max_length=500)
]
Kinds = Annotated[list[str] | None, Query(alias="kind", description="Only these sorts.")]
States = Annotated[
    list[StateKind] | None, Query(alias="state", description="Only rules in these states.")
]
Called = Annotated[
    str | None,
    Query(description="Only what goes by this name: a citation, a number.", max_length=500),
]
First = Annotated[int, Query(alias="from", ge=1, le=HIGHEST, description="A version, from 1.")]
Last = Annotated[
    int | None, Query(alias="to", ge=1, le=HIGHEST, description="A version; else the newest.")
]


def routes(frame: Frame) -> APIRouter:
    """`/search`, `/documents`, `/versions`, `/compare`."""
    api = router()
    for subject in (_search, _documents, _document, _history):
        subject(api, frame)
    return api


def _search(api: APIRouter, frame: Frame) -> None:
    @api.get("/search", response_model=Results)
    def search(
        request: Request,
        *,
        q: Asked = None,
        like: Like = None,
        source: Sources = None,
        topic: Topics = None,
        kind: Kinds = None,
        state: States = None,
        since: Since = None,
        until: Until = None,
        as_of: Annotated[Day | None, Query(description="As what is held stood then.")] = None,
        forum: Forum = None,
        limit: Limit = 10,
        offset: PASSED = 0,
    ) -> Response:
        """Find authority, by what is typed or by a document that it is to be like."""
        frame.app.check(source or (), topic or ())
        in_order(since, until)
        one_of("kind", kind or (), AUTHORITIES)
        if as_of and as_of > frame.today:
            raise SettingsError(f"{as_of} lies ahead: what is held then is unknown")
        filters = Filters(
            sources=source or (),
            topics=topic or (),
            kinds=kind or (),
            states=state or (),
            since=since,
            until=until,
            as_of=as_of,
            forum=forums.forum(forum) if forum else None,
        )
        typed = (q or "").strip()
        if bool(typed) is bool(like):
            raise SettingsError("give q or like: one of them")
        told = find(frame, typed, filters, offset + limit, like=like or "")
        row = found.rows(told)
        is_more = len(told.hits) == offset + limit and offset + limit <= DEEPEST
        following = after(request, offset + limit) if is_more else None
        hits = row["hits"][offset:]
        return answered(request, shaped(Results, {**row, "hits": hits, "next": following}))


def _documents(api: APIRouter, frame: Frame) -> None:
    @api.get("/documents", response_model=Listed[Named])
    def documents(
        request: Request,
        *,
        name: Called = None,
        source: Annotated[str | None, Query(description="Only this source.")] = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> Response:
        """The documents held, in the order in which they were first seen."""
        if source is not None:
            frame.app.check((source,), ())
        if name is not None:
            known = look_up(frame.app.database, name).held.version
            is_asked = source in (None, known.document.source)
            return listed(request, Named, [_named(known)][offset:] if is_asked else [], 1, offset)
        said, total = catalogue(frame.app.database, source, limit=limit, offset=offset)
        return listed(request, Named, [_named(each) for each in said], total, offset)


def _document(api: APIRouter, frame: Frame) -> None:
    @api.get("/documents/{source}/{key:path}", response_model=Document)
    def document(
        request: Request,
        *,
        source: str,
        key: Key,
        version: Numbered = None,
        day: Annotated[Day | None, Query(alias="seen_on", description="As shown then.")] = None,
        forum: Forum = None,
        limit: Blocks = 200,
        offset: Offset = 0,
    ) -> Response:
        """A document as one of its versions has it, with a page of its text."""
        if version and day:
            raise SettingsError("give version or seen_on: they differ")
        name, database = _name(frame, source, key), frame.app.database
        if day:
            seen = seen_on(database, name, day, frame.today)
            if not seen.number:
                raise NotHeld(f"on {day} the site had removed {name}")
            version = seen.number
        row = _row(frame, look_up(database, name, version), forum)
        blocks = row.pop("blocks")
        end = offset + limit
        following = after(request, end) if end < len(blocks) else None
        part = {"blocks": blocks[offset:end], "block_total": len(blocks), "next": following}
        return answered(request, shaped(Document, {**row, **part}))


def _history(api: APIRouter, frame: Frame) -> None:
    @api.get("/versions/{source}/{key:path}", response_model=Listed[Step])
    def versions(
        request: Request, *, source: str, key: Key, limit: Limit = 50, offset: Offset = 0
    ) -> Response:
        """A document’s history, oldest first."""
        known = opened.known(frame.app.database, Known(source=source, key=key, kind=""))
        said = opened.steps(frame.app.database, known)
        part = [asdict(each) for each in said[offset : offset + limit]]
        return listed(request, Step, part, len(said), offset)

    @api.get("/compare/{source}/{key:path}", response_model=Compared)
    def compared(
        request: Request, *, source: str, key: Key, first: First, last: Last = None
    ) -> Response:
        """What differs between two versions of a document."""
        name, database = _name(frame, source, key), frame.app.database
        told = compare.compared(database, (name, None), (None, None), (first, last), frame.today)
        return answered(request, shaped(Compared, compare.row(told)))


def _name(frame: Frame, source: str, key: str) -> str:
    """The name of a document that is held. Raises `NotHeld`."""
    return opened.known(frame.app.database, Known(source=source, key=key, kind="")).name


def _row(frame: Frame, shown: Shown, forum: str | None) -> dict[str, Any]:
    known = shown.held.version.document
    has_status = known.kind in REPORTED or shown.findings
    where = forums.forum(forum) if forum else None
    database = frame.app.database
    status = opened.status(database, known, where, frame.today) if has_status else None
    return rows.document_row(shown, status)


def _named(version: Version) -> dict[str, Any]:
    return {
        "document": version.document.name,
        "kind": version.document.kind,
        "title": version.title,
        "citation": version.citation,
        "issuer": version.issuer,
        "url": version.url,
        "published_on": version.date(DateKind.PUBLISHED),
        "seen_at": version.seen_at,
    }
