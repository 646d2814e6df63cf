"""What every answer has in common: nothing undeclared, a page of a list, a problem."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Row = TypeVar("Row")


class Shape(BaseModel):
    """Something that is answered: it has what it declares and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Listed(Shape, Generic[Row]):
    """Part of a list; `next` is the address of what follows, null at its end."""

    items: list[Row]
    total: int = Field(description="How many there are, on all pages together.")
    next: str | None


class Problem(Shape):
    """What went wrong, as RFC 9457 has it; `detail` names the thing and the next step."""

    type: str
    title: str
    status: int
    detail: str
