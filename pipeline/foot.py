"""Tell the notes at the foot of a page from the text above them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.running import Leaf
from pipeline.sheets import Line, most

SMALL = 0.93  # notes are set at most at this share of the text's type size
TITLE_LINES = 2
GAP = 1.8  # times its type size: a line so far below another is apart from it
SEPARATOR = re.compile(r"[_\-–—]{8,}")
CONTINUED = re.compile(r"\(?\s*continued(?: on next page)?[\s.…]*\)?", re.IGNORECASE)
NUMBERED = re.compile(r"(\d{1,3}|[*†‡]{1,4})[./]?\s+\S")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A line and the page it stands on."""

    page: str
    line: Line


@dataclass(kw_only=True)
class Note:
    """A note as printed: its label, and its lines on one page or several."""

    label: str
    is_raised: bool = False
    lines: list[Placed] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Parted:
    """The lines of the text, and the notes in the order in which they are printed."""

    text: tuple[Placed, ...]
    notes: tuple[Note, ...]


def part(leaves: Sequence[Leaf]) -> Parted:
    """Part text and notes.

    Notes are the small type at the foot of a sheet from the first line on that opens with a raised
    number or follows a separator; small type above that is a quotation.
    """
    size = text_size(line for leaf in leaves for line in leaf.sheet.lines)
    text: list[Placed] = []
    notes: list[Note] = []
    for leaf in leaves:
        lines = [Placed(page=leaf.page, line=line) for line in leaf.sheet.lines]
        aslant = [placed for placed in lines if placed.line.is_slanted]
        lines = [placed for placed in lines if not placed.line.is_slanted]
        begin = _begin(lines, leaf, size, is_open=bool(notes) and _is_continued(notes[-1]))
        text += [placed for placed in lines[:begin] if not _is_separator(placed.line)] + aslant
        _take(lines[begin:], notes)
    for note in notes:
        note.lines = [each for each in note.lines if not CONTINUED.fullmatch(each.line.text)]
    return Parted(text=tuple(text), notes=tuple(notes))


def text_size(lines: Iterable[Line]) -> float:
    """The type size in which a text is set: the largest in which a fifth of it is, and no mere
    title, since its notes are set smaller and may be longer than itself."""
    given = [(round(line.size * 2) / 2, len(line.text)) for line in lines if not line.is_slanted]
    weights: Counter[float] = Counter()
    for size, weight in given:
        weights[size] += weight
    rows = Counter(size for size, _ in given)
    least = sum(weights.values()) / 5
    of_text = (s for s, weight in weights.items() if weight >= least and rows[s] > TITLE_LINES)
    return max(of_text, default=most(given))


def _begin(lines: Sequence[Placed], leaf: Leaf, size: float, *, is_open: bool) -> int:
    """Where on a sheet the notes begin: the count of its lines where it has none.

    A separator says it best; a note that goes on from the sheet before (`is_open`) and has none
    begins after the last gap; else the first line with a raised number is a note's.
    """
    first = len(lines)
    while first and _is_small(lines[first - 1].line, size):
        first -= 1
    small = range(first, len(lines))
    parted = [index for index in small if _is_parted(lines, index, leaf)]
    if parted:
        return parted[-1]
    if is_open and small:
        return max((index for index in small[1:] if _is_apart(lines, index)), default=first)
    raised = (i for i in small if lines[i].line.call(lines[i].line.runs[0]))
    return next(raised, len(lines))


def _is_parted(lines: Sequence[Placed], index: int, leaf: Leaf) -> bool:
    above = lines[index - 1].line if index else None
    return _is_separator(lines[index].line) or _is_ruled(above, lines[index].line, leaf)


def _is_apart(lines: Sequence[Placed], index: int) -> bool:
    line, above = lines[index].line, lines[index - 1].line
    return line.baseline - above.baseline > GAP * line.size


def _is_small(line: Line, size: float) -> bool:
    return line.size <= SMALL * size or _is_separator(line)


def _is_separator(line: Line) -> bool:
    return bool(SEPARATOR.fullmatch(line.text))


def _is_ruled(above: Line | None, line: Line, leaf: Leaf) -> bool:
    """Whether a line is drawn between two lines of text, and none of them is underlined by it."""
    highest = above.bottom + 1.0 if above else leaf.sheet.height / 3
    return any(highest < height <= line.top + 2.0 for height in leaf.sheet.rules)


def _is_continued(note: Note) -> bool:
    return bool(note.lines) and bool(CONTINUED.fullmatch(note.lines[-1].line.text))


def _take(lines: Sequence[Placed], notes: list[Note]) -> None:
    """Deal the lines of one sheet's notes out to their notes; the first may be one begun before."""
    for placed in lines:
        line = placed.line
        if _is_separator(line):
            continue
        if raised := line.call(line.runs[0]):
            notes.append(Note(label=raised, is_raised=True))
        elif label := _plain_label(line, notes):
            notes.append(Note(label=label))
        elif not notes:
            notes.append(Note(label=""))
        notes[-1].lines.append(placed)


def _plain_label(line: Line, notes: Sequence[Note]) -> str:
    """The number a note opens with, where notes are not numbered with raised ones: the next."""
    found = NUMBERED.match(line.text)
    if not found or any(note.is_raised for note in notes):
        return ""
    before = notes[-1].label if notes else "0"
    is_next = found[1].isdigit() and before.isdigit() and int(found[1]) == int(before) + 1
    return found[1] if is_next else ""
