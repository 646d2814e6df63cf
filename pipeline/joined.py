"""Join printed lines to running text: words broken at a line's end, calls of notes, page turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pipeline.foot import Placed
from pipeline.model import NoteMark
from pipeline.normalise import normalise
from pipeline.pin import STAR

WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BROKEN = re.compile(r"-([^\W\d_]+)")  # matched from the end, so it is looked for in one place
LONGEST = 100  # letters of a word, beyond which it is none that a document writes twice
CLOSING = (",", ";", ":", ")")


@dataclass(frozen=True, kw_only=True)
class Text:
    """Running text, the calls of notes in it and, starred, the pages that begin in it."""

    text: str
    marks: tuple[NoteMark, ...]
    page: str


class Joiner:
    """Joins lines of one document.

    `labels` are its notes' labels: a raised number that no note bears stays in the text. With
    `starred`, the turns of pages are marked.
    """

    def __init__(
        self, lines: Iterable[Placed], labels: Collection[str], *, starred: bool = False
    ) -> None:
        self._labels = frozenset(labels)
        self._starred = starred
        self._known: Counter[str] = Counter()
        for placed in lines:
            self._known.update(word.casefold() for word in WORDS.findall(placed.line.text))

    def join(self, lines: Sequence[Placed], *, skip: int = 0) -> Text:
        """The text of lines that belong together; `skip` leaves out so many runs of the first."""
        pieces: list[str] = []
        marks, page, length, end = [], lines[0].page, 0, ""
        for index, placed in enumerate(lines):
            line_text, calls = self._line(placed, skip if index == 0 else 0)
            joint = self._joint(end, line_text)
            if joint is None:
                pieces[-1], length, joint = pieces[-1][:-1], length - 1, ""
                end = end[:-1]
            length += len(joint)
            if placed.page != page and self._starred and placed.page:
                marks.append(NoteMark(offset=length, label=f"{STAR}{placed.page}"))
            page = placed.page
            marks += [NoteMark(offset=length + c.offset, label=c.label) for c in calls]
            if piece := joint + line_text:
                pieces.append(piece)
            length += len(line_text)
            end = (end + piece)[-LONGEST - 1 :]
        return Text(text="".join(pieces).rstrip(), marks=tuple(marks), page=lines[0].page)

    def _line(self, placed: Placed, skip: int) -> tuple[str, list[NoteMark]]:
        said, calls = "", []
        for run in placed.line.runs[skip:]:
            label = placed.line.call(run)
            if label and label in self._labels:
                calls.append(NoteMark(offset=len(said.rstrip()), label=label))
                piece = " " if run.text.endswith(" ") else ""
            else:
                piece = plain(run.text)
            if piece.startswith(CLOSING):  # a comma in another type, set a little apart
                said = said.rstrip()
            said += piece.lstrip() if not said or said.endswith(" ") else piece
        return said.rstrip(), calls

    def _joint(self, end: str, line: str) -> str | None:
        """What stands between the end of what was said and a line's own text: a space, or nothing
        after a hyphen or a dash; None where the hyphen goes too.

        A hyphen at the end of a line goes only where this document itself writes the whole word
        elsewhere, and never with its hyphen: otherwise it may be the author's.
        """
        if not end or not line:
            return ""
        if end.endswith("\u00ad"):
            return None
        broken, follows = BROKEN.match(end[::-1]), WORDS.match(line)
        if broken and follows:
            first, second = broken[1][::-1].casefold(), follows[0].casefold()
            whole, hyphened = first + second, f"{first}-{second}"
            is_broken = self._known[whole] and not self._known[hyphened] and follows[0].islower()
            return None if is_broken else ""
        is_tight = end.endswith(("—", "-")) or (end.endswith("–") and end[-2:-1].strip())
        return "" if is_tight else " "


def plain(text: str) -> str:
    """A run in its plain form, its outer spaces kept as one each."""
    inner = normalise(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{inner}{after}" if inner else before or after
