"""The page of search: what is asked stands in its address, so that it can be kept and sent on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from alerts.force import AUTHORITIES, authority
from index.search import Count, Filters, Results
from index.search import search as find
from lexwatch.options import in_order
from lexwatch.output import hits as told
from lexwatch.web import asked
from lexwatch.web.frame import FORUM, YEAR, Frame, query
from pipeline.citator import forum as forums
from pipeline.citator.model import Body
from pipeline.citator.voice import CIRCUIT_NAMES
from pipeline.errors import QueryError, SettingsError
from pipeline.model import StateKind

PAGE = 10  # hits on a page
MOST = 200  # hits that can be paged to
# The filters that are chosen by their counts, and what each is called.
FACETS = {"source": "Source", "kind": "Kind", "topic": "Topic", "state": "State of a rule"}
SHOWN = 6  # choices of a filter before the rest is folded


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value of a filter: what it is called, how many documents it leaves (None: it was not
    counted), and the address that turns it on or off."""

    title: str
    documents: int | None
    is_on: bool
    href: str


def routes(frame: Frame) -> APIRouter:
    """`/`, also as `/search`; where a reader stands is chosen once, at `/forum`."""
    router = APIRouter()

    @router.get("/")
    @router.get("/search")
    def search(request: Request) -> Response:
        return _page(frame, request)

    @router.get("/forum")
    def where(request: Request) -> Response:
        return frame.page(
            request, "forum.html", title="Where you stand", bodies=_BODIES, circuits=CIRCUIT_NAMES
        )

    @router.post("/forum")
    async def stand(request: Request) -> Response:
        form = await frame.forms.read(request)
        said = " ".join(filter(None, (str(form.get("body", "")), str(form.get("circuit", "")))))
        kept = said if said and forums.forum(said) else ""
        response = Response(status_code=303, headers={"Location": "/"})
        response.set_cookie(FORUM, kept, max_age=YEAR, httponly=True, samesite="strict")
        return response

    return router


_BODIES = {
    Body.IMMIGRATION_COURT: "An immigration court",
    Body.USCIS: "USCIS",
    Body.FEDERAL_COURT: "A federal court",
}


def _page(frame: Frame, request: Request) -> Response:
    given = request.query_params
    typed, at = asked.words(given, "q"), asked.number(given, "page", 1, MOST // PAGE)
    like = "" if typed else asked.words(given, "like")
    filters = wanted(frame, request)
    found, problem = None, ""
    try:
        if typed or like:
            found = answered(frame, typed, filters, at * PAGE, like=like)
    except QueryError as error:
        problem = str(error)
    kept = {name: asked.every(given, name) for name in (*FACETS, "since", "until", "as_of")}
    said = {"q": typed, "like": like, **kept}
    return frame.page(
        request,
        "search.html",
        400 if problem else 200,
        title=typed or (f"More like {like}" if like else "Search"),
        asked=said,
        at=at,
        pages_of=PAGE,
        found=found,
        problem=problem,
        shown=found.hits[(at - 1) * PAGE :] if found else (),
        is_more=bool(found and len(found.hits) == at * PAGE and at * PAGE < MOST),
        facets=dict(_facets(frame, found, said)) if found else {},
        facet_names=FACETS,
        SHOWN=SHOWN,
        told=told,
        authority=authority,
        expanded=list(told.expanded(found.expanded)) if found else [],
    )


def wanted(frame: Frame, request: Request) -> Filters:
    """The filters of an address. Raises `LexwatchError` for a name or a day that there is not."""
    given = request.query_params
    sources, topics = asked.every(given, "source"), asked.every(given, "topic")
    kinds, states = asked.every(given, "kind"), asked.every(given, "state")
    frame.app.check(sources, topics)
    for name, said, known in (
        ("kind", kinds, AUTHORITIES),
        ("state", states, [str(each) for each in StateKind]),
    ):
        for each in said:
            if each not in known:
                raise SettingsError(f"no {name} {each!r}. There are: {', '.join(known)}")
    since, until = asked.day(given, "since"), asked.day(given, "until")
    in_order(since, until)
    as_of = asked.day(given, "as_of")
    if as_of and as_of > frame.today:
        raise SettingsError(f"{as_of} lies ahead: what is held then is unknown")
    return Filters(
        sources=sources,
        topics=topics,
        kinds=kinds,
        states=states,
        since=since,
        until=until,
        as_of=as_of,
        forum=frame.forum(request),
    )


def answered(frame: Frame, typed: str, filters: Filters, limit: int, *, like: str = "") -> Results:
    """What is found by what was typed, or what is like a document."""
    app = frame.app
    if like:
        from index.search.like import like as find_like  # noqa: PLC0415 - seldom asked

        return find_like(
            app.database, app.vectors, like, filters=filters, limit=limit, today=frame.today
        )
    return find(
        app.database, app.understanding, typed, filters=filters, limit=limit, today=frame.today
    )


def _facets(
    frame: Frame, found: Results, said: Mapping[str, Any]
) -> Iterator[tuple[str, Sequence[Choice]]]:
    """By filter its choices, those that are on first."""
    for name in FACETS:
        on = [*said[name]]
        counted = {each.value: each for each in found.counts.get(name, ())}
        lacking = [Count(value=each, title=each, documents=0) for each in on if each not in counted]
        every = sorted([*counted.values(), *lacking], key=lambda each: each.value not in on)
        if len(every) > 1 or on:
            yield name, [_choice(frame, name, each, said) for each in every]


def _choice(frame: Frame, name: str, each: Count, said: Mapping[str, Any]) -> Choice:
    on: tuple[str, ...] = said[name]
    is_on = each.value in on
    left = [one for one in on if one != each.value] if is_on else [*on, each.value]
    return Choice(
        title=told.called(name, each, frame.app.names),
        documents=each.documents,
        is_on=is_on,
        href=query({**said}, **{name: left}),
    )
