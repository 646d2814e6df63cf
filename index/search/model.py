"""The nouns of search:

filter   what a reader leaves out: sources, topics, kinds, states, days
meaning  what embeds words and finds the passages nearest to them
reranker what reads a question and a passage together, where the settings name one
found    a passage that answers, with where it stands and what of it is marked
hit      a document that answers: one per document, with its best passages
count    how many of the documents that answer have one value of a filter
results  hits in order, with how the query was understood and what must be said beside them
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from pipeline.citator.forum import Binding
from pipeline.citator.model import Finding, Forum
from pipeline.model import Document, Relation, Span, State, StatedDate
from pipeline.query.model import Expansion, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Meaning(Protocol):
    """What embeds and finds by meaning; `index.vectors.Vectors` is one."""

    @property
    def model(self) -> str:
        """The digest of the model, by which what was learned for it is known."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text; what was embedded once is taken from the store."""
        ...

    def reads(self, text: str) -> int:
        """How many of a text's words, from its beginning on, what embeds it reads."""
        ...

    def nearest(
        self,
        rows: NDArray[np.float32],
        limit: int,
        documents: Collection[int] | NDArray[np.int64] | None = None,
    ) -> Sequence[Mapping[str, Sequence[tuple[int, float]]]]:
        """For each row, by source passage ids with their cosine similarity: the `limit` nearest of
        each source, of all documents or of `documents`."""
        ...

    def similar(
        self, rows: NDArray[np.float32], passages: Collection[int]
    ) -> Sequence[Mapping[int, float]]:
        """For each row, the cosine similarity of each of these passages; what has no vector yet is
        left out."""
        ...


class Reranker(Protocol):
    """What reads a question and a passage together; `index.reranker.CrossReranker` is one."""

    @property
    def name(self) -> str:
        """As the settings name it."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """How well each passage answers, the higher the better, on a scale of its own."""
        ...


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asks to see; empty means all.

    `kinds` as in `Document.kind`; `states` are values of `StateKind`; `since` and `until` are days
    on which a document was published, decided or announced, both included. `as_of`: as what we
    hold stood on that day. `forum` leaves nothing out: it orders, and each hit says whom it binds.
    """

    sources: Sequence[str] = ()
    topics: Sequence[str] = ()
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    forum: Forum | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage that answers, with where it stands: it begins in the text's block `block`.

    `marks` are the matched words in `text`, `best` its sentence that answers best, None where none
    stands out; `pin` is the Bluebook citation with the page of a reporter, or the section of the
    Policy Manual, "" where we hold neither.
    """

    text: str
    trail: tuple[str, ...]
    anchor: str
    page: str
    marks: tuple[Span, ...] = ()
    best: Span | None = None
    pin: str = ""
    block: int = 0


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A document that answers. `why` says how it was found; `score` orders, and means no more.

    `dated` is when it was published, decided or announced, None where the source states none;
    `seen_at` when our crawl saw the text that answers. `form` is the poorer form in which its text
    is held ("headnote only"), "" for the whole text. `relations` are what its document does to
    others and others to it, `treated` what others that are held say was done against it, and that
    it holds again. `bluebook` is how it is cited in a brief, "" where we can't say; `state` what
    documents say of a rule, None where that isn't asked of its kind. `binds` says whom it binds,
    `binding` whether that is so in the forum that was asked about (None: none was). `removed_at` is
    when the site was found to show it no more; `stood` says which text is shown, where a day gone
    by was asked for and it isn't plainly that of the day.
    """

    document: Document
    title: str
    citation: str
    issuer: str
    url: str
    dated: StatedDate | None
    passages: tuple[Found, ...]
    score: float
    why: tuple[str, ...]
    form: str = ""
    relations: tuple[Relation, ...] = ()
    treated: tuple[Finding, ...] = ()
    seen_at: datetime | None = None
    bluebook: str = ""
    state: State | None = None
    binds: str = ""
    binding: Binding | None = None
    removed_at: datetime | None = None
    stood: str = ""


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many of the documents that answer have this value; `title` is what readers call it."""

    value: str
    title: str
    documents: int


@dataclass(frozen=True, kw_only=True)
class Results:
    """Hits in order. `shape` is what the query was taken for; `notes` what must be said beside the
    hits ("27 I&N Dec. 316 itself is not held"); `expanded` the words added to the query, each with
    what it was added for; `counts` by filter ("source", "forum", "topic", "year", "state") of the
    `documents` that answer, of which `hits` are the first."""

    hits: tuple[Hit, ...]
    shape: Shape
    notes: tuple[str, ...] = ()
    expanded: tuple[Expansion, ...] = ()
    counts: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    documents: int = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A document that answers, by its number in the store, before the rest is read of it.

    `passages` are ids of rows of `passage`, the best first.
    """

    document: int
    passages: tuple[int, ...]
    score: float
    why: tuple[str, ...]
