"""The page that tells programs' authors of the API, made of its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from lexwatch.web.api.site import ABOUT, PLACE
from lexwatch.web.frame import Frame

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, kw_only=True)
class Given:
    """A parameter: its name, what it says, and whether it must be given."""

    name: str
    words: str
    is_needed: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """What may be asked at an address; `answer` names the shape of what comes back."""

    method: str
    path: str
    words: str
    answer: str
    given: tuple[Given, ...]


def routes(frame: Frame, api: FastAPI) -> APIRouter:
    """`/api`."""
    router = APIRouter()

    @router.get("/api")
    def about(request: Request) -> Response:
        return frame.page(
            request,
            "api.html",
            title="For programs",
            about=ABOUT.replace("`", ""),
            base=PLACE,
            places=tuple(_places(api.openapi())),
        )

    return router


def _places(schema: dict[str, Any]) -> Iterator[Place]:
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            yield Place(
                method=method.upper(),
                path=f"{PLACE}{path}",
                words=told.get("description", "").replace("`", ""),
                answer=_shape(told),
                given=tuple(map(_given, told.get("parameters", ()))),
            )


def _given(told: dict[str, Any]) -> Given:
    return Given(
        name=told["name"],
        words=told.get("description", ""),
        is_needed=told.get("required", False),
    )


def _shape(told: dict[str, Any]) -> str:
    schema = told["responses"]["200"]["content"]["application/json"]["schema"]
    return str(schema.get("$ref", "")).rpartition("/")[2].replace("_", " ").strip()
