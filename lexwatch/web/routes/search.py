"""The page of search: what is asked stands in its address, so that it can be kept and sent on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from alerts.force import authority
from alerts.wording import shortened
from index import history, opened
from index.authorities import unheld
from index.search import Hit, Results
from lexwatch.output import exported, findings
from lexwatch.output import hits as told
from lexwatch.output.exported import Format
from lexwatch.web import asked, choices
from lexwatch.web.frame import FORUM, YEAR, Frame, query
from lexwatch.web.question import SHORT, Question, answered, question, unread
from pipeline import cite
from pipeline.citator import forum as forums
from pipeline.citator.link import link
from pipeline.citator.model import Status
from pipeline.citator.reach import CIRCUITS
from pipeline.citator.voice import CIRCUIT_NAMES
from pipeline.errors import LexwatchError, ModelError, NotHeld, StoreError
from pipeline.query.model import Shape

PAGE = 10  # hits on a page
MOST = 200  # hits that can be paged to
QUOTED = 420  # characters of the passage that answers best; the others get half
SAVED = 100  # documents in a file of results
TITLED = 120  # characters of a query in the title of its page
LIST = "citations"  # the file that is ready to paste, beside those of `exported`
# Each file's name without what was asked, which is nobody's business who sees a folder.
_FILES = {
    Format.CSV: ("CSV, for a spreadsheet", "csv", "text/csv"),
    Format.RIS: ("RIS, for Zotero or EndNote", "ris", "application/x-research-info-systems"),
    Format.MARKDOWN: ("Markdown", "md", "text/markdown"),
    Format.JSON: ("JSON", "json", "application/json"),
    LIST: ("Citations alone", "txt", "text/plain"),
}


def routes(frame: Frame) -> APIRouter:
    """`/`, also as `/search`, and its results as files; where a reader stands is chosen once, at
    `/forum`."""
    router = APIRouter()

    @router.get("/")
    @router.get("/search")
    def search(request: Request) -> Response:
        return _page(frame, request)

    @router.get("/search/file/{form}")
    def file(request: Request, form: str) -> Response:
        if form not in _FILES:
            raise HTTPException(404)
        return _file(frame, question(frame, request), form)

    @router.get("/forum")
    def where(request: Request) -> Response:
        return frame.page(
            request,
            "forum.html",
            title="Where you stand",
            bodies=choices.BODIES,
            circuits={each: CIRCUIT_NAMES[each] for each in CIRCUITS},
            stands=frame.forum(request),
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


def _page(frame: Frame, request: Request) -> Response:
    found, problem, status, lacks_model, at = None, "", 200, False, 1
    try:
        this = question(frame, request)
        at = asked.number(request.query_params, "page", 1, MOST // PAGE)
        found = _found(frame, this, at * PAGE) if this.is_asked else None
    except ModelError as error:
        problem, status, lacks_model = str(error), 503, True
    except StoreError:
        raise  # a fault of ours, of which another page tells
    except LexwatchError as error:
        this, problem = unread(request), str(error)
        status = 404 if isinstance(error, NotHeld) else 400
    return frame.page(
        request,
        "search.html",
        status,
        title=_titled(this, found),
        this=this,
        asked=this.said,
        problem=problem,
        lacks_model=lacks_model,
        found=found,
        is_empty=not (found and found.hits) and not history.last(frame.app.database),
        **(_answer(frame, this, found, at) if found else {}),
    )


def _found(frame: Frame, this: Question, limit: int) -> Results:
    return answered(frame, this.typed, this.filters, limit, like=this.like, words=this.words)


def _titled(this: Question, found: Results | None) -> str:
    if this.like and found and found.notes:
        return found.notes[0]  # "More like …", by the name that readers know
    return shortened(this.typed, TITLED) if this.typed else "Search"


def _answer(frame: Frame, this: Question, found: Results, at: int) -> dict[str, Any]:
    """What the page says of results, from the `at`th page on."""
    shown = found.hits[(at - 1) * PAGE :]
    of_authority = found.shape is Shape.CITATION and at == 1
    return {
        "at": at,
        "first": (at - 1) * PAGE + 1,
        "shown": shown,
        "is_more": len(found.hits) == at * PAGE and at * PAGE < MOST,
        "facets": choices.facets(frame, this, found),
        "chosen": choices.chosen(frame, this),
        "kept": choices.kept(frame, this),
        "SHOWN": choices.SHOWN,
        "counted_of": choices.counted_of(found),
        "told": told,
        "parts": {hit.document: _parts(hit) for hit in shown},
        "there": {hit.document: _there(this, hit) for hit in shown},
        "authority": authority,
        "findings": findings,
        "expanded": [*told.expanded(found.expanded)],
        "files": {form: words for form, (words, _, _) in _FILES.items()},
        "SAVED": SAVED,
        "watched": _watched(this, found),
        "stands": _stands(this),
        **(_of_authority(frame, this) if of_authority else {"judged": None, "canonical": ""}),
    }


def _parts(hit: Hit) -> list[tuple[int, int]]:
    """Of each passage what is shown of it."""
    lengths = [QUOTED if place == 0 else QUOTED // 2 for place in range(len(hit.passages))]
    every = zip(hit.passages, lengths, strict=True)
    return [told.window(each.text, each.best, length) for each, length in every]


def _there(this: Question, hit: Hit) -> dict[str, str]:
    """What the address of a document says: what to mark in it, of a long query the words that were
    found; and the day of which its text is asked."""
    words = this.typed
    if this.is_long:
        marked = (each.text[span.start : span.end] for each in hit.passages for span in each.marks)
        words = shortened(" ".join(dict.fromkeys(marked)), SHORT)
    return {"q": words, "seen_on": this.said["as_of"]}


def _of_authority(frame: Frame, this: Question) -> dict[str, Any]:
    """What became of an authority that was asked for by its citation, held or not."""
    found = cite.lookup(this.typed)
    canonical = found.canonical if found else ""
    return {
        "canonical": canonical,
        "judged": _status(frame, this, canonical),
        "elsewhere": unheld(canonical),
        "publisher": link(canonical),
    }


def _status(frame: Frame, this: Question, canonical: str) -> Status | None:
    if not canonical:
        return None
    on = this.filters.as_of or frame.today
    known = opened.standing(frame.app.database, [canonical], this.filters.forum, on)
    return known.get(canonical)


def _watched(this: Question, found: Results) -> str:
    """The address of a new subscription that asks the same of what comes in."""
    name = {
        Shape.CITATION: "authorities",
        Shape.QUESTION: "meaning",
        Shape.CONNECTORS: "words",
        Shape.NAME: "words",
    }[found.shape]
    chosen = {"topics": this.filters.topics, "sources": this.filters.sources}
    return f"/watch/new{query({name: this.typed, **chosen})}"


def _stands(this: Question) -> str:
    """Where the reader stands, as an address says it."""
    here = this.filters.forum
    return f"{here.body} {here.circuit}".strip() if here else ""


def _file(frame: Frame, this: Question, form: str) -> Response:
    """The results as a file, named by its day and never by what was asked."""
    found = _found(frame, this, SAVED).hits if this.is_asked else ()
    _, ending, kind = _FILES[form]
    if form == LIST:
        held = "".join(f"{line}\n" for line in exported.cited(found)).encode()
    else:
        held = exported.encoded(found, Format(form))
    named = f'attachment; filename="lexwatch-results-{frame.today}.{ending}"'
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Disposition": named}
    return Response(held, headers=headers)
