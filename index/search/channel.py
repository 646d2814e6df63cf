"""What one way of looking brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.model import Answer

if TYPE_CHECKING:
    from index.search.understanding import Understood


@dataclass(frozen=True, kw_only=True)
class Brought:
    """The answers that are shown, the numbers of all documents that answer, what must be said
    beside them, and what the query was understood to mean, None where nobody asked that."""

    answers: Sequence[Answer]
    documents: Sequence[int]
    notes: tuple[str, ...] = ()
    understood: Understood | None = None
