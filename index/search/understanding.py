"""What a query means: in the words of the law by the thesaurus, and as a row by the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.search.model import Meaning, Reranker
from pipeline.errors import ModelError
from pipeline.query.model import Expansion

if TYPE_CHECKING:
    from index.search.learned import Adapter, Row
    from pipeline.query.thesaurus import Thesaurus

LEAST = 0.5  # cosine below which a lay phrase says nothing of a query
SAID = 8  # expansions that turn a query's row, the surest
SHARE = 0.5  # what these weigh beside the query itself
WORDS = frozenset({"term", "short"})  # kinds that are words; forms and provisions are mere numbers


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A query as it is looked for: `rows` is the question's own and that of the law's words with
    it, None where no model was asked."""

    expansions: tuple[Expansion, ...] = ()
    rows: tuple[Row, Row] | None = None


def _learned() -> Adapter | None:
    # Every search is handed an understanding, and one by citation never asks it.
    from index.search import learned  # noqa: PLC0415

    return learned.adapter()


class Understanding:
    """A thesaurus and, where there is one, a model; each is loaded when a question first needs it.

    `meaning` None understands by words alone. `adapter` turns the rows of its own model; None: none
    is turned. `reranker` orders what is found anew; None: nothing does.
    """

    def __init__(
        self,
        thesaurus: Callable[[], Thesaurus],
        meaning: Callable[[], Meaning] | None = None,
        adapter: Callable[[], Adapter | None] = _learned,
        reranker: Callable[[], Reranker] | None = None,
    ) -> None:
        self._load = thesaurus
        self._meaning = meaning
        self._adapter = adapter
        self._reranker = reranker
        self.lack = ""

    @cached_property
    def thesaurus(self) -> Thesaurus:
        return self._load()

    @cached_property
    def meaning(self) -> Meaning | None:
        """The model, None where there is none; `lack` then says so, where there should be one."""
        try:
            return self._meaning() if self._meaning else None
        except ModelError as error:  # words find much, and the model may be gone for days
            self.lack = f"meaning is off, so this is found by words alone: {error}"
            return None

    @cached_property
    def reranker(self) -> Reranker | None:
        return self._reranker() if self._reranker else None

    @property
    def of_words(self) -> Understanding:
        """The same thesaurus, without the model."""
        return Understanding(lambda: self.thesaurus)

    def of(self, text: str) -> Understood:
        """What a question or a client's story means."""
        if self.meaning is None:
            return Understood(expansions=self.thesaurus.expand(text))
        return self.at(text, self.meaning.embed([text])[0])

    def at(self, text: str, row: Row) -> Understood:
        """What a question means whose row is known."""
        alike = self._lay @ row
        near = {
            self.thesaurus.lay[place]: float(alike[place])
            for place in (alike >= LEAST).nonzero()[0]
        }
        expansions = self.thesaurus.expand(text, near)
        adapter = self._adapter()
        if adapter and self.meaning and adapter.model == self.meaning.model:
            turned = adapter.turn(row)
        else:
            turned = row
        return Understood(expansions=expansions, rows=(turned, self._with(turned, expansions)))

    @cached_property
    def _lay(self) -> Row:
        """The rows of the thesaurus's lay phrases, one below the other."""
        return self._rows(self.thesaurus.lay)

    @cached_property
    def _said(self) -> dict[str, Row]:
        """The rows of what the thesaurus says."""
        said = self.thesaurus.said
        return dict(zip(said, self._rows(said), strict=True))

    def _rows(self, phrases: tuple[str, ...]) -> Row:
        assert self.meaning is not None  # noqa: S101 - asked only where there is a model
        return self.meaning.embed(phrases)

    def _with(self, row: Row, expansions: Iterable[Expansion]) -> Row:
        import numpy as np  # noqa: PLC0415 - as above

        words = [each for each in expansions if each.kind in WORDS][:SAID]
        if not words:
            return row
        weighed = np.sum([each.weight * self._said[each.words] for each in words], axis=0)
        turned = row + SHARE * weighed / max(1.0, sum(each.weight for each in words))
        return np.asarray(turned / np.linalg.norm(turned), dtype=np.float32)
