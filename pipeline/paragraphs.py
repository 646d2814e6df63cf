"""Group the lines of a printed document into paragraphs, headings, list items and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.foot import Note, Placed, part, text_size
from pipeline.joined import Joiner
from pipeline.model import Block, BlockKind
from pipeline.ranks import Ranks
from pipeline.running import leaves
from pipeline.sheets import Line, Sheet, most

GAP = 1.3  # times the usual distance of lines: what is further apart is another paragraph
INDENT = 6.0  # points
DEEPEST = 80.0  # points by which a first line may be indented
SHORT = 0.8  # a line that ends before this share of the text's width may be a paragraph's last
ENDS = re.compile(r"[.:;?!][”’\"')\]]*\d{0,3}$")
BULLET = re.compile(r"([•▪●◦■□➢➤✓\uf0b7\uf0a7\u2043])\s*|[-–—o]\s+(?=\S)")
ITEM = re.compile(
    r"(\((?:\d{1,2}|[a-z]{1,2}|[A-Z]{1,2}|[ivx]{1,5})\)|(?:\d{1,2}|[ivx]{2,5})[.)]|[A-Za-z]\))\s+(?=\S)"
)
LABEL = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+){0,2}:\s")  # as memoranda open: "TO:"
LETTERED = re.compile(r"([A-Za-z]\.)\s+(?=\S)")
HEADING_LINES, HEADING_LENGTH = 4, 250
LARGER = 0.75  # points above the text's type


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How a text is set: type size, left and right edge, the usual distance of its lines."""

    size: float
    left: float
    right: float
    leading: float

    def is_short(self, line: Line) -> bool:
        return line.right < self.left + SHORT * (self.right - self.left)

    def is_centred(self, line: Line) -> bool:
        middle = (self.left + self.right) / 2
        is_inside = line.left > self.left + 2 * INDENT and line.right < self.right - 2 * INDENT
        return is_inside and abs((line.left + line.right) / 2 - middle) < INDENT


def blocks(sheets: Sequence[Sheet], *, starred: bool = False) -> tuple[Block, ...]:
    """Text in reading order, then the notes; each block with the page on which it begins. With
    `starred`, a mark "*885" stands where page 885 begins within a block."""
    parted = part(leaves(sheets))
    measured = measure(parted.text)
    every = (*parted.text, *(line for note in parted.notes for line in note.lines))
    joiner = Joiner(every, {note.label for note in parted.notes}, starred=starred)
    return (*text_blocks(parted.text, measured, joiner), *note_blocks(parted.notes, joiner))


def measure(text: Sequence[Placed]) -> Measure:
    """How the text is set that most of its lines share. The distance of lines is that between a
    full line and the next: below a short one a paragraph or a heading ends."""
    size = text_size(placed.line for placed in text)
    lines = [each.line for each in text if abs(each.line.size - size) < LARGER]
    rights = sorted(line.right for line in lines) or [0.0]
    edges = Measure(
        size=size,
        left=most((line.left, len(line.text)) for line in lines),
        right=rights[int(0.9 * (len(rights) - 1))],
        leading=1.2 * size,
    )
    full = ((a, b) for a, b in pairwise(lines) if not edges.is_short(a))
    gaps = [(b.baseline - a.baseline, 1) for a, b in full if 0 < b.baseline - a.baseline < 3 * size]
    return replace(edges, leading=most(gaps)) if gaps else edges


def grouped(text: Iterable[Placed], measured: Measure) -> Iterator[list[Placed]]:
    """Lines that belong to one paragraph, one after another."""
    held: list[Placed] = []
    for placed in text:
        if held and _begins(held, placed, measured):
            yield held
            held = []
        held.append(placed)
    if held:
        yield held


def text_blocks(text: Sequence[Placed], measured: Measure, joiner: Joiner) -> Iterator[Block]:
    """Paragraphs, headings and items, each with the headings it stands under."""
    ranks = Ranks()
    trail: list[Block] = []
    for lines in grouped(text, measured):
        joined = joiner.join(lines)
        block = Block(
            kind=BlockKind.PARAGRAPH, text=joined.text, marks=joined.marks, page=joined.page
        )
        if not block.text:
            continue
        if is_heading(lines, block.text, measured):
            level = ranks.level(block.text, is_large=lines[0].line.size > measured.size + LARGER)
            block = replace(block, kind=BlockKind.HEADING, level=level)
            while trail and trail[-1].level >= level:
                trail.pop()
        else:
            block = _item(block, lines)
        yield replace(block, trail=tuple(heading.text for heading in trail))
        if block.kind is BlockKind.HEADING:
            trail.append(block)


def note_blocks(notes: Iterable[Note], joiner: Joiner) -> Iterator[Block]:
    """Each paragraph of each note under the note's label."""
    for note in notes:
        if not note.lines:
            continue
        measured = measure(note.lines)
        for index, lines in enumerate(grouped(note.lines, measured)):
            is_first = index == 0
            joined = joiner.join(lines, skip=int(is_first and note.is_raised))
            block = Block(
                kind=BlockKind.FOOTNOTE,
                text=joined.text,
                label=note.label,
                marks=joined.marks,
                page=joined.page,
            )
            yield _unnumbered(block) if is_first and not note.is_raised else block


def is_heading(lines: Sequence[Placed], text: str, measured: Measure) -> bool:
    """Whether lines are a heading by their type or place: bold, larger, or centred under a number
    or in capitals; and short, and no sentence."""
    if len(lines) > HEADING_LINES or len(text) > HEADING_LENGTH:
        return False
    if BULLET.match(text) or ((label := LABEL.match(text)) and label[0].isupper()):
        return False
    printed = [placed.line for placed in lines]
    if ENDS.search(text) and not text.endswith(":") and not Ranks.is_numbered(text):
        return False
    if not any(character.isalpha() for character in text):
        return False
    is_larger = all(line.size > measured.size + LARGER for line in printed)
    is_centred = all(measured.is_centred(line) for line in printed)
    is_marked = text.isupper() or Ranks.is_numbered(text)
    return is_larger or all(line.is_bold for line in printed) or (is_centred and is_marked)


def _begins(held: Sequence[Placed], placed: Placed, measured: Measure) -> bool:
    """Whether a line begins a paragraph after those held."""
    last, line, first = held[-1].line, placed.line, held[0].line
    if last.is_slanted or line.is_slanted or BULLET.match(line.text):
        return True
    if abs(last.size - line.size) >= 1.0:
        return True
    if _is_labelled(first, line):
        return True
    is_ended = measured.is_short(last) and bool(ENDS.search(last.text))
    if last.is_bold != line.is_bold and (measured.is_short(last) or is_ended):
        return True
    if line.baseline > last.baseline and held[-1].page == placed.page:
        distance = measured.leading * max(1.0, line.size / measured.size if measured.size else 1.0)
        if line.baseline - last.baseline > GAP * distance:
            return True
    return is_ended or _is_indented(held, first, line, measured)


def _is_labelled(first: Line, line: Line) -> bool:
    """Whether a line opens with a label, as those at the head of a memorandum: "PURPOSE:" does,
    and "Effective:" where the paragraph above opens with a label too."""
    label = LABEL.match(line.text)
    return label is not None and (label[0].isupper() or bool(LABEL.match(first.text)))


def _is_indented(held: Sequence[Placed], first: Line, line: Line, measured: Measure) -> bool:
    """Whether a line's left edge begins a paragraph: indented from the lines above, or back from
    them. A list item's second line, and a centred one's, may stand anywhere."""
    last = held[-1].line
    if measured.is_centred(last) and measured.is_centred(line):
        return False
    shift = line.left - last.left
    if len(held) == 1:
        if any(form.match(first.text) for form in (BULLET, ITEM, LABEL)):
            return shift < -DEEPEST
        return shift > INDENT or shift < -DEEPEST
    return abs(shift) > INDENT


def _item(block: Block, lines: Sequence[Placed]) -> Block:
    """A bullet or an enumerator makes a list item; the bullet goes, the enumerator becomes its
    label. A lone letter is one where the lines below hang under its text: else it is an initial."""
    if bullet := BULLET.match(block.text):
        return _without(block, bullet.end(), label="")
    is_hanging = len(lines) > 1 and lines[1].line.left > lines[0].line.left + INDENT
    found = ITEM.match(block.text) or (LETTERED.match(block.text) if is_hanging else None)
    return _without(block, found.end(), label=found[1]) if found else block


def _unnumbered(note: Block) -> Block:
    """A note without its own number, where that is printed like its text."""
    found = re.match(rf"{re.escape(note.label)}[./]?\s+", note.text) if note.label else None
    cut = found.end() if found else 0
    marks = tuple(replace(mark, offset=max(0, mark.offset - cut)) for mark in note.marks)
    return replace(note, text=note.text[cut:], marks=marks)


def _without(block: Block, cut: int, *, label: str) -> Block:
    marks = tuple(replace(mark, offset=max(0, mark.offset - cut)) for mark in block.marks)
    text = block.text[cut:]
    return replace(block, kind=BlockKind.ITEM, text=text, label=label, level=1, marks=marks)
