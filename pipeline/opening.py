"""Read the opening of a reported decision: caption, dates, office, headnotes, counsel, panel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.foot import SMALL, Placed
from pipeline.joined import Joiner
from pipeline.paragraphs import Measure, grouped

DATED = re.compile(
    r"[\[(]?(?:Decided|Designated|Amended|As\s+amended|Adopted|Reconsidered|Corrected|Modified"
    r"|Submitted|Argued)\b",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"(?:U\.?\s?S\.?|United\s+States)\s+(?:Department|Citizenship|Immigration)"
    r"|(?:Department\s+of|Executive\s+Office|Board\s+of\s+Immigration|Office\s+of|Administrative"
    r"\s+Appeals|Immigration\s+and\s+Naturalization)\b",
    re.IGNORECASE,
)
_AFTER_CAPTION = re.compile(f"(?:{DATED.pattern})|(?:{OFFICE.pattern})", re.IGNORECASE)
COUNSEL = re.compile(
    r"(?:ON\s+BEHALF\s+OF|FOR(?:\s+THE)?|(?:AMIC(?:US|I)(?:\s+CURIAE)?))\b[A-Z’'&.,\s]*:",
)
PANEL = re.compile(r"BEFORE(?:\s*:|\s+THE\s+[A-Z])")
BYLINE = re.compile(
    r"(?:[A-Z][A-Z’'.\- ]*[A-Z](?:,\s+(?:JR|SR|II|III)\.?)?,\s+"
    r"(?:[A-Z][a-z]+\s+){0,4}(?:Immigration\s+Judge|Board\s+Member|(?:Vice\s+)?Chairman"
    r"|Attorney\s+General|Director|Commissioner)(?:\s+of\s+[A-Z]\w+)?"
    r"|PER\s+CURIAM)\s*:"
)
CAPTION_LINES = 15  # more before a date or an office are no caption
OPENING = 60  # paragraphs among which headnotes may end


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What stands before the text of a decision, each as printed. `dated` are its lines of dates;
    `notes` the labels of the footnotes these lines call; `rest` the lines that follow."""

    caption: str
    dated: tuple[str, ...]
    notes: tuple[str, ...]
    office: tuple[str, ...]
    headnotes: tuple[str, ...]
    counsel: tuple[str, ...]
    panel: str
    byline: str
    rest: tuple[Placed, ...]


def opening(text: Sequence[Placed], measured: Measure, joiner: Joiner) -> Opening:
    """Part the opening from the text. Headnotes are what stands in smaller type, or before counsel
    and panel; where neither tells them apart none are read, and nothing is lost: it is text."""
    caption, lines = _until(text, _AFTER_CAPTION)
    dated, lines = _until(lines, OFFICE)
    if len(caption) > CAPTION_LINES or len(dated) > CAPTION_LINES or not lines:
        caption, dated, lines = [], [], list(text)
    office = _office(lines, measured)
    parts = _Parts(_split(grouped(lines[len(office) :], measured)), measured, joiner)
    said = [joiner.join([placed]) for placed in dated]
    return Opening(
        caption=joiner.join(caption).text if caption else "",
        dated=tuple(_whole(each.text for each in said)),
        notes=tuple(m.label for each in said for m in each.marks),
        office=tuple(joiner.join([placed]).text for placed in office),
        headnotes=tuple(parts.headnotes),
        counsel=tuple(parts.counsel),
        panel=parts.panel,
        byline=parts.byline,
        rest=tuple(parts.rest),
    )


class _Parts:
    """Deals the paragraphs after the office out: headnotes, counsel, panel, byline, text."""

    def __init__(
        self, paragraphs: Iterable[list[Placed]], measured: Measure, joiner: Joiner
    ) -> None:
        self.headnotes: list[str] = []
        self.counsel: list[str] = []
        self.panel = ""
        self.byline = ""
        self.rest: list[Placed] = []
        every = list(paragraphs)
        said = [joiner.join(lines).text for lines in every]
        self._measured = measured
        first = next((i for i, words in enumerate(said[:OPENING]) if _is_landmark(words)), None)
        end = self._headnotes_end(every, first)
        self.headnotes = said[:end]
        begin = self._roles(every[end:], said[end:]) + end
        self.rest = [placed for lines in every[begin:] for placed in lines]

    def _headnotes_end(self, every: Sequence[list[Placed]], landmark: int | None) -> int:
        small = 0
        while small < len(every) and self._is_small(every[small]):
            small += 1
        if landmark is None:
            return small
        return min(small, landmark) if small else landmark

    def _is_small(self, lines: Sequence[Placed]) -> bool:
        return all(placed.line.size <= SMALL * self._measured.size for placed in lines)

    def _roles(self, every: Sequence[list[Placed]], said: Sequence[str]) -> int:
        """Take counsel, panel and byline; gives where the text begins."""
        last = ""
        for index, (lines, words) in enumerate(zip(every, said, strict=True)):
            if COUNSEL.match(words):
                self.counsel.append(words)
                last = "counsel"
            elif PANEL.match(words):
                self.panel = words
                last = "panel"
            elif found := BYLINE.fullmatch(words):
                self.byline = found[0].rstrip(": ")
                return index + 1
            elif last == "counsel" and self._is_small(lines):
                self.counsel[-1] += f" {words}"
            else:
                return index
        return len(every)


def _is_landmark(words: str) -> bool:
    return bool(COUNSEL.match(words) or PANEL.match(words) or BYLINE.fullmatch(words))


def _split(paragraphs: Iterable[list[Placed]]) -> Iterator[list[Placed]]:
    """Counsel of either side, and the panel, each begin a paragraph, however they are set."""
    for lines in paragraphs:
        held: list[Placed] = []
        for placed in lines:
            if held and (COUNSEL.match(placed.line.text) or PANEL.match(placed.line.text)):
                yield held
                held = []
            held.append(placed)
        yield held


def _until(lines: Sequence[Placed], form: re.Pattern[str]) -> tuple[list[Placed], list[Placed]]:
    """Lines before the first that has a form, and the rest; all are rest where none has."""
    ends = (index for index, placed in enumerate(lines) if form.match(placed.line.text))
    end = next(ends, 0)
    return list(lines[:end]), list(lines[end:])


def _office(lines: Sequence[Placed], measured: Measure) -> list[Placed]:
    """The lines that name who decided, one below the other in the middle of the sheet."""
    taken: list[Placed] = []
    for placed in lines:
        is_small = placed.line.size <= SMALL * measured.size
        if not OFFICE.match(placed.line.text) and (
            is_small or not measured.is_centred(placed.line)
        ):
            break
        taken.append(placed)
    return taken if taken and OFFICE.match(taken[0].line.text) else []


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Lines of dates, one that goes on below made one."""
    held = ""
    for line in lines:
        if held and DATED.match(line):
            yield held
            held = line
        else:
            held = f"{held} {line}".strip()
    if held:
        yield held
