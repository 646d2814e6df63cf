"""A document as it was asked for by an address: which version, which part, what was looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index import opened
from index.lookup import Shown, look_up
from index.moments import Seen, seen_on
from index.search.mark import Match, Wanted, marks, matches, score, wanted, weights
from lexwatch.web import asked, text
from lexwatch.web.frame import Frame
from pipeline.citator.model import Body, Forum, Status
from pipeline.errors import NotHeld, QueryError
from pipeline.identifiers import REPORTED
from pipeline.model import Block, BlockKind, Document, Span, Version
from pipeline.query.shape import read

if TYPE_CHECKING:
    from starlette.requests import Request

MOST = 10_000  # versions, parts and blocks that an address can name
SOUGHT = 2_000  # characters of what is looked for in a text


@dataclass(frozen=True)
class Opened:
    """A document that is shown: `shown` has the version asked for, the `number`th; `seen` how it
    was found by a day, None where none was named; `lacking` why that is not known."""

    frame: Frame
    shown: Shown
    number: int
    forum: Forum | None
    sought: str
    seen: Seen | None = None
    lacking: str = ""

    @property
    def version(self) -> Version:
        return self.shown.held.version

    @property
    def document(self) -> Document:
        return self.version.document

    @property
    def is_newest(self) -> bool:
        return self.number == len(self.shown.versions)

    @property
    def cited(self) -> str:
        """What the page of authorities knows it by."""
        return self.status.authority if self.status else self.document.name

    @cached_property
    def places(self) -> Mapping[int, tuple[opened.Place, ...]]:
        return opened.places(self.frame.app.database, self.shown.held.id)

    @cached_property
    def parts(self) -> tuple[text.Part, ...]:
        return text.parts(self.version.blocks, self.places)

    @cached_property
    def status(self) -> Status | None:
        """Of a decision, or of what a document held treats; None of anything else."""
        return self.judged(self.forum)

    @cached_property
    def by_forum(self) -> dict[str, str]:
        """The status before each body, in the reader's circuit where one was chosen: by its words
        the bodies before which they hold."""
        circuit = self.forum.circuit if self.forum else ""
        found: dict[str, list[str]] = {}
        for body in Body:
            if judged := self.judged(Forum(body=body, circuit=circuit)):
                found.setdefault(judged.line, []).append(str(body))
        return {line: ", ".join(bodies) for line, bodies in found.items()}

    @cached_property
    def marks(self) -> dict[int, tuple[Span, ...]]:
        """The words looked for, by block."""
        blocks = self.version.blocks
        return {at: marks(blocks[at].text, found) for at, found in self._found.items()}

    def best(self, most: int) -> list[int]:
        """The blocks that hold the most of what is looked for, in the order of the text; headings,
        which say nothing by themselves, left out."""
        weigh = weights(self._wanted, self._found.values())
        scores = {
            at: score(found, weigh)
            for at, found in self._found.items()
            if self._blocks[at].kind is not BlockKind.HEADING
        }
        ranked = sorted(scores, key=lambda at: (-scores[at], at))
        return sorted(ranked[:most])

    def judged(self, forum: Forum | None) -> Status | None:
        if self.document.kind not in REPORTED and not self.shown.findings:
            return None
        app = self.frame.app
        return opened.status(app.database, self.document, forum, self.frame.today)

    def lit(self, part: text.Part) -> text.Lit:
        """What is shown in the words of a part."""
        shown = text.shown(self.version.blocks, part)
        held = {at: places for at, places in self.places.items() if at in shown}
        cited = {each.cited for places in held.values() for each in places}
        app = self.frame.app
        statuses = opened.standing(app.database, cited, self.forum, self.frame.today)
        return text.Lit(places=held, statuses=statuses, marks=self.marks)

    @cached_property
    def _wanted(self) -> Wanted:
        try:
            return wanted(read(self.sought[:SOUGHT]))
        except QueryError:
            return Wanted(weights={})  # the page of search says what is wrong with it

    @cached_property
    def _found(self) -> dict[int, tuple[Match, ...]]:
        if not self.sought or not (self._wanted.weights or self._wanted.patterns):
            return {}
        said = ((at, matches(each.text, self._wanted)) for at, each in enumerate(self._blocks))
        return {at: found for at, found in said if found}

    @property
    def _blocks(self) -> Sequence[Block]:
        return self.version.blocks


def asked_for(frame: Frame, request: Request, source: str, key: str) -> Opened:
    """What an address names: `version` counts from 1, `seen_on` is a day. Raises `NotHeld` for
    what there is not."""
    given, database = request.query_params, frame.app.database
    document = opened.known(database, Document(source=source, key=key, kind=""))
    version = asked.number(given, "version", 0, MOST) or None
    day = asked.day(given, "seen_on")
    seen, lacking = None, ""
    if day:
        try:
            seen = seen_on(database, document.name, day, frame.today)
            version = seen.number or None
        except NotHeld as error:
            if day > frame.today:
                raise
            version, lacking = 1, str(error)  # the earliest text is the nearest to that day
    shown = look_up(database, document.name, version)
    every = shown.versions
    return Opened(
        frame,
        shown,
        number=next(n for n, each in enumerate(every, 1) if each.id == shown.held.id),
        forum=frame.forum(request),
        sought=asked.words(given, "q"),
        seen=seen,
        lacking=lacking,
    )
