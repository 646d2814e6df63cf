"""How the API answers: pages of lists, JSON that is sent only where it isn't known, problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query, Request, Response
from fastapi.routing import APIRouter
from pydantic import BeforeValidator, TypeAdapter

from lexwatch.options import PLAUSIBLE
from lexwatch.web.api.shapes.shape import Listed, Problem, Shape
from lexwatch.web.frame import unless_known

PROBLEM = "application/problem+json"
REACH = 100_000  # how far a list can be paged
HIGHEST = 2**31 - 1  # of the numbers that changes, pages and subscriptions have
TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    411: "Length required",
    413: "Too large",
    500: "A fault of ours",
    503: "Not available",
}

_Answer = TypeVar("_Answer", bound=Shape)


def _day(said: Any) -> Any:
    """A day as YYYY-MM-DD and nothing else: numbers would be taken for seconds."""
    try:
        found = date.fromisoformat(said) if len(said) == 10 else None
    except ValueError:
        found = None
    if found is None or found.year not in PLAUSIBLE:
        raise ValueError("a day is written like 2026-10-07, in the years 1900 to 2199")
    return found


Day = Annotated[date, BeforeValidator(_day)]
Since = Annotated[Day | None, Query(description="The first day.")]
Until = Annotated[Day | None, Query(description="The last day.")]
Sources = Annotated[list[str] | None, Query(alias="source", description="Only these sources.")]
Topics = Annotated[list[str] | None, Query(alias="topic", description="Only these topics.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=REACH, description="How many to pass over.")]
Forum = Annotated[
    str | None, Query(description='Before whom, as "immigration court, 9th Cir.".', max_length=200)
]
Name = Annotated[
    str,
    Query(
        description="A citation, a case name, a section, a number, or source:key.",
        min_length=1,
        max_length=500,
    ),
]
Key = Annotated[str, Path(description="The document’s key at its source.", max_length=500)]
Number = Annotated[int, Path(ge=1, le=HIGHEST)]


def router() -> APIRouter:
    """One whose answers say in the schema what else may be answered."""
    problem = {"schema": Problem.model_json_schema()}
    return APIRouter(
        responses={
            304: {"description": "What was sent with this ETag still stands."},
            "default": {"description": "A problem (RFC 9457).", "content": {PROBLEM: problem}},
        }
    )


def answered(request: Request, said: Shape) -> Response:
    """An answer, or 304 where who asks has it."""
    held = said.model_dump_json(by_alias=True).encode()
    following = getattr(said, "next", None)
    more = {"Link": f'<{following}>; rel="next"'} if isinstance(following, str) else {}
    return unless_known(request, held, "application/json", more=more)


def shaped(shape: type[_Answer], row: Any) -> _Answer:
    """A row as its shape has it; what is undeclared is a fault of ours."""
    return TypeAdapter(shape).validate_python(row)


def listed(
    request: Request, shape: type[_Answer], rows: Sequence[Any], total: int, offset: int
) -> Response:
    """A page of a list."""
    items = [shaped(shape, row) for row in rows]
    reached = offset + len(items)
    following = after(request, reached) if items and reached < total else None
    return answered(request, Listed[shape](items=items, total=total, next=following))  # type: ignore[valid-type]  # a shape that is given


def after(request: Request, offset: int) -> str | None:
    """The address of what follows, None where it is farther than can be paged."""
    if offset > REACH:
        return None
    return str(request.url.include_query_params(offset=offset).replace(scheme="", netloc=""))


def problem(status: int, detail: str, **headers: str) -> Response:
    """A problem in its form."""
    said = Problem(
        type="about:blank", title=TITLES.get(status, TITLES[400]), status=status, detail=detail
    )
    return Response(said.model_dump_json(), status, {"Content-Type": PROBLEM, **headers})
