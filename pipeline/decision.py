"""Read the PDF of a precedent decision, as the reporter prints it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

from pipeline.errors import PageChanged
from pipeline.foot import Placed, part
from pipeline.joined import Joiner
from pipeline.mentions import mentions
from pipeline.model import Block, BlockKind, DateKind, StatedDate
from pipeline.opening import Opening, opening
from pipeline.paragraphs import Measure, measure, note_blocks, text_blocks
from pipeline.reporter import Place, located
from pipeline.sheets import Sheet

LINE = "decided line"
SEPARATE = re.compile(
    r"(?:(?:CONCURRING|DISSENTING)(?:\s+(?:AND|IN\s+PART\s+AND)\s+(?:CONCURRING|DISSENTING))?"
    r"(?:\s+IN\s+PART)?\s+OPINION\b|OPINION\s+(?:CONCURRING|DISSENTING)\b)"
)
LONGEST_HEADING = 200
DESIGNATES = re.compile(r"\bdesignat\w+\b.*\bprecedent", re.IGNORECASE | re.DOTALL)
SENTENCE = re.compile(r"(?<=[a-z\d)\]]\.)\s+(?=[A-Z])")
BRACKETS = re.compile(r"\([^()]*\)")
NO_PAGES = "not printed, or not as the citation has them: no page can be cited"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as printed. `blocks` are the official headnotes, without a page since they are no
    part of the opinion, then the opinion, then its footnotes. `dates` keep apart when those decided
    whom the citation names, when that was amended, and when it became a precedent; `metadata` holds
    the rest of the opening, JSON values."""

    place: Place
    caption: str
    blocks: tuple[Block, ...]
    dates: tuple[StatedDate, ...]
    metadata: Mapping[str, Any]
    headnotes: tuple[str, ...]


def decision(sheets: Sequence[Sheet]) -> Decision:
    """Read a decision. A paragraph that runs over a page is one block, and a mark "*885" stands
    where page 885 begins (see `pipeline.pin`). Raises `PageChanged` where the sheets give no
    citation, or two, or no text."""
    place, leaves = located(sheets)
    parted = part(leaves)
    measured = measure(parted.text)
    every = chain(parted.text, *(note.lines for note in parted.notes))
    joiner = Joiner(every, {note.label for note in parted.notes}, starred=True)
    begins = opening(parted.text, measured, joiner)
    body = tuple(_body(begins.rest, measured, joiner))
    if not body:
        raise PageChanged(f"{place.citation}: the PDF has no text after its opening; look at it")
    notes = tuple(note_blocks(parted.notes, joiner))
    dated = _Dated(begins, notes, place.forum)
    return Decision(
        place=place,
        caption=begins.caption,
        blocks=(*map(_headnote, begins.headnotes), *body, *notes),
        dates=tuple(filter(None, (dated.decided, dated.amended, dated.designated))),
        metadata=_metadata(begins, dated, place, sheets),
        headnotes=begins.headnotes,
    )


def _body(text: Sequence[Placed], measured: Measure, joiner: Joiner) -> Iterator[Block]:
    """The opinion; a concurrence or a dissent stands under its own heading: it is no holding."""
    separate: tuple[str, ...] = ()
    above: set[str] = set()  # headings of the opinion before, under which nothing more stands
    for block in text_blocks(text, measured, joiner):
        if SEPARATE.match(block.text) and len(block.text) < LONGEST_HEADING:
            separate, above = (block.text,), {*above, *block.trail}
            yield replace(block, kind=BlockKind.HEADING, level=1, trail=(), label="")
            continue
        trail = tuple(heading for heading in block.trail if heading not in above | {*separate})
        yield replace(block, trail=separate + trail) if separate else block
        if separate and block.kind is BlockKind.HEADING:
            above.discard(block.text)


def _headnote(text: str) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text)


class _Dated:
    """Keeps apart when a case was decided, amended, and designated as a precedent."""

    def __init__(self, begins: Opening, notes: Iterable[Block], forum: str) -> None:
        self._lines = [(line, on) for line in begins.dated for on in _days(line)]
        self._is_chief = "A.G." in forum
        called = [note for note in notes if note.label in begins.notes]
        self.amended = self._first(DateKind.AMENDED, lambda line: "amended" in line.casefold())
        self.designated = self._first(
            DateKind.DESIGNATED, lambda line: line.casefold().startswith("designated")
        ) or next(filter(None, (_designated(note.text) for note in called)), None)
        self.by_board = self._first(DateKind.DECIDED, _is_board) if self._is_chief else None
        self.decided = self._decided(begins.panel)

    def _first(self, kind: DateKind, has: Callable[[str], bool]) -> StatedDate | None:
        found = ((line, on) for line, on in self._lines if has(line))
        return next((_stated(kind, on, line, LINE) for line, on in found), None)

    def _decided(self, panel: str) -> StatedDate | None:
        """The line of whoever the citation names: of a case that the Attorney General decided, not
        the Board's. The day below "BEFORE THE ATTORNEY GENERAL" where no line has one."""
        decided = [
            (x, on) for x, on in self._lines if x.casefold().lstrip("[(").startswith("decided")
        ]
        own = [(x, on) for x, on in decided if not (self._is_chief and _is_board(x))]
        for words, on in own:
            return _stated(DateKind.DECIDED, on, words, LINE)
        for on in _days(panel):
            return _stated(DateKind.DECIDED, on, panel, "panel")
        return None


def _is_board(line: str) -> bool:
    return "by board" in line.casefold() or "by the board" in line.casefold()


def _days(line: str) -> list[date]:
    return [mention.on for mention in mentions(line, None) if mention.on is not None]


def _stated(kind: DateKind, on: date, words: str, read_from: str) -> StatedDate:
    return StatedDate(kind=kind, on=on, words=words, read_from=read_from)


def _designated(note: str) -> StatedDate | None:
    """The day of the order by which a decision became a precedent, from a note to its day: the one
    day outside brackets in the sentence that says so, since brackets hold the day of the decision.
    8 CFR 1003.1(g)(3)."""
    for sentence in SENTENCE.split(note):
        if DESIGNATES.search(sentence):
            days = _days(BRACKETS.sub("", sentence))
            if len(set(days)) == 1:
                return _stated(DateKind.DESIGNATED, days[0], sentence, "footnote")
            return None
    return None


def _metadata(
    begins: Opening, dated: _Dated, place: Place, sheets: Sequence[Sheet]
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "parties": begins.caption,
        "decided_by": begins.office[-1] if begins.office else "",
        "decided_by_board": dated.by_board.on.isoformat() if dated.by_board else "",
        "headnotes": len(begins.headnotes),
        "counsel": list(begins.counsel),
        "panel": begins.panel,
        "byline": begins.byline,
        "pages": f"{NO_PAGES} ({place.doubt})" if place.doubt else "",
        "scan": "text under a picture, as a machine read it" if _is_scan(sheets) else "",
    }
    return {name: value for name, value in said.items() if value not in ("", [])}


def _is_scan(sheets: Sequence[Sheet]) -> bool:
    return any(sheet.is_scan for sheet in sheets)
