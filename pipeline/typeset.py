"""Read the typesetting elements of the Government Publishing Office as blocks, losing no word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml.etree import _Element as Element

from pipeline.model import Block, BlockKind, NoteMark
from pipeline.normalise import normalise

_RANK = {"HD1": 2, "HD2": 3, "HD3": 4, "HD4": 5, "HD5": 6, "HD6": 7}
_RUN_IN = {"SUBPART": 2, "AUTH": 3, "SOURCE": 3, "NOTE": 7, "EDNOTE": 7}  # ranks of their HED
_SECTION_RANK = 3  # below PART and SUBPART, above the headings inside a section
_DEPTHS = {"FP-1": 1, "FP-2": 1, "FP1-2": 2, "FP2-2": 2, "FP2-3": 3, "FP3-3": 3}
_INLINE = {"E", "SU", "FTREF", "PRTPAGE", "FR", "LI", "AC", "ACFR"}
_PROSE = {"P", "FP", "HD", "AMDPAR"}  # hold words, with any element that breaks no line
_BREAKS = {"P", "FP", "HD", "FTNT", "GPOTABLE", "EXTRACT", "SECTION", "STARS", "GPH", "MATH", "SIG"}
_FIELDS = {"AGENCY", "SUBAGY", "CFR", "DEPDOC", "RIN", "SUBJECT"}  # of a preamble: metadata
_NOT_TEXT = {"FRDOC", "FILED", "BILCOD", "TITLE3", "FTREF", "GPH", "MATH"}
_LASTING = {"PART", "SUBPART", "CHAPTER", "SUBCHAP"}  # hold a heading for what comes after them
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CALL = "\ue000"  # private use: normalising lets it stand, and no publisher prints it
_CALLS = re.compile(rf"( ?)({_CALL}(?: ?{_CALL})*)( ?)(?=(.?))")
_TOUCHES = re.compile(r"[^\W_]|[,;:.)]")
_BULLET = re.compile(r"[•■]\s*(?=\S)")


def blocks(root: Element, page: str) -> tuple[Block, ...]:
    """Read a document's blocks in reading order. `page` is the one it begins on, or empty."""
    walk = _Walk(page)
    walk.read(root)
    return tuple(walk.blocks)


def words(element: Element | None) -> str:
    """The normalised words of an element, without the notes called in it."""
    run = _Run()
    if element is not None:
        run.inside(element)
    return run.said()[0]


@dataclass
class _Run:
    """The words between two breaks, the notes called in them, and the pages they stand on.

    A raised figure calls a note where a reference follows it or its label is among `notes`.
    `skipped` is the figure that numbers a note and is not part of what it says.
    """

    page: str = ""
    turned: str = ""
    notes: frozenset[str] = frozenset()
    skipped: Element | None = None
    pieces: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text and (self.pieces or text.strip()):  # so that the first piece has words
            self.pieces.append(text.replace(_CALL, ""))

    def part(self, by: str) -> None:
        """Part two cells; the space a cell ends with is not text."""
        while self.pieces and not self.pieces[-1].strip():
            self.pieces.pop()
        if self.pieces:
            self.pieces[-1] = self.pieces[-1].rstrip()
        self.add(by)

    def inside(self, element: Element) -> None:
        self.add(element.text)
        for child in element:
            self.read(child)
            self.add(child.tail)

    def read(self, element: Element) -> None:
        match element.tag:
            case "PRTPAGE":
                self.turned = element.get("P") or self.turned
                if not self.pieces:
                    self.page = self.turned
            case "SU":
                self._raised(element)
            case "E":
                self._emphasis(element)
            case tag if tag not in _NOT_TEXT:
                self.add(" ")
                self.inside(element)

    def said(self) -> tuple[str, tuple[NoteMark, ...]]:
        """The normalised text and where in it each note is called."""
        text = normalise(" ".join("".join(self.pieces).split()))  # indentation is not text
        text = _CALLS.sub(_close_up, text) if self.calls else text
        offsets, length = [], 0
        *before, _ = parts = text.split(_CALL)
        for part in before:
            length += len(part)
            offsets.append(length)
        marks = zip(offsets, self.calls, strict=True)
        return "".join(parts), tuple(NoteMark(offset=at, label=label) for at, label in marks)

    def _raised(self, element: Element) -> None:
        if element is self.skipped:
            return
        label, following = normalise(_all_words(element)), element.getnext()
        is_call = following is not None and following.tag == "FTREF" and not _tail(element)
        if label and (is_call or label in self.notes):
            self.pieces.append(_CALL)
            self.calls.append(label)
        else:
            self.add(label.translate(_RAISED))

    def _emphasis(self, element: Element) -> None:
        """Read italics and the like; older files have no space where they touch plain words."""
        face, said = element.get("T", ""), _all_words(element)
        if face.startswith("5"):  # figures above and below the line
            self.add(said.translate(_RAISED) if face == "51" else said)
            return
        before, after = "".join(self.pieces[-1:])[-1:], (element.tail or "")[:1]
        self.add(" " if _TOUCHES.fullmatch(before) and said[:1].isalnum() else "")
        self.inside(element)
        self.add(" " if _TOUCHES.fullmatch(said[-1:]) and after.isalnum() else "")


def _all_words(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _tail(element: Element) -> str:
    return (element.tail or "").strip()


def _close_up(match: re.Match[str]) -> str:
    before, calls, after, following = match.groups()
    is_apart = bool(before or after) and following not in ("", *".,;:)]")
    return calls.replace(" ", "") + (" " if is_apart else "")


class _Walk:
    """Walks a document in reading order, keeping the headings above and the page turned to."""

    def __init__(self, page: str) -> None:
        self.blocks: list[Block] = []
        self.page = page
        self.trail: list[tuple[int, str]] = []
        self.base = 0

    def read(self, element: Element) -> None:
        """Read an element's blocks; its headings end with it, unless it exists to hold one."""
        trail, base = list(self.trail), self.base
        match element.tag:
            case "SIG":
                self.trail = []
            case "REGTEXT":
                part = f"{element.get('TITLE')} CFR part {element.get('PART')}"
                self.trail = [(1, part)] if "None" not in part else []
            case "SECTION":
                self.base = _SECTION_RANK - 1
        run = self._run(element.text)
        for child in element:
            if child.tag in _INLINE or (element.tag in _PROSE and child.tag not in _BREAKS):
                run.read(child)
            else:
                self._end(run, element)
                self._block(child)
                run = self._run()
            run.add(child.tail)
        self._end(run, element)
        self.base = base
        if element.tag not in _LASTING and element.tag != "HD":
            self.trail = trail

    def _block(self, element: Element) -> None:
        parent = element.getparent()
        above = "" if parent is None else parent.tag
        match element.tag:
            case tag if tag in _NOT_TEXT or (tag in _FIELDS and above == "PREAMB"):
                for turned in element.iter("PRTPAGE"):
                    self.page = turned.get("P") or self.page
            case "SECTNO":
                self._section(element)
            case "SUBJECT" if _is_named(element):
                pass  # read with its number
            case "STARS":
                self._emit(BlockKind.PARAGRAPH, self._run("* * * * *"))
            case "FTNT" | "TNOTE":
                self._note(element)
            case "GPOTABLE":
                self._table(element)
            case _:
                self.read(element)

    def _section(self, element: Element) -> None:
        run = self._run()
        run.inside(element)
        subject = element.getnext()
        if subject is not None and subject.tag == "SUBJECT":
            run.add(" ")
            run.inside(subject)
        parent = element.getparent()
        if parent is not None and parent.tag == "SECTION":
            self._heading(run, _SECTION_RANK)
        else:
            self._emit(BlockKind.ITEM, run, level=1)  # a part's table of contents

    def _note(self, element: Element) -> None:
        number = next(element.iter("SU"), None)
        run = self._run()
        run.skipped = number if number is not None and _leads(number, element) else None
        run.inside(element)
        label = "" if run.skipped is None else words(run.skipped)
        kind = BlockKind.FOOTNOTE if label or element.tag == "FTNT" else BlockKind.PARAGRAPH
        self._emit(kind, run, label=label)

    def _table(self, table: Element) -> None:
        notes = frozenset(words(su) for note in table.iter("TNOTE") for su in note.iter("SU"))
        self._emit(BlockKind.PARAGRAPH, self._run(table.text))
        for element in table:
            if element.tag == "TNOTE":
                self._note(element)
            else:
                self._row(element, notes)
            self._emit(BlockKind.PARAGRAPH, self._run(element.tail))

    def _row(self, element: Element, notes: frozenset[str]) -> None:
        run = replace(self._run(), notes=notes)
        if element.tag not in ("ROW", "BOXHD"):
            run.inside(element)
            self._emit(BlockKind.PARAGRAPH, run)
            return
        run.add(element.text)
        before = ""
        for number, cell in enumerate(element):
            rank = cell.get("H", "1")
            run.part(_between(before, rank) if number else "")
            run.inside(cell)
            run.add(cell.tail)
            before = rank
        self._emit(BlockKind.ROW, run)

    def _end(self, run: _Run, element: Element) -> None:
        source = element.get("SOURCE", "")
        if element.tag == "HD":
            self._heading(run, self._rank(element))
        elif source in _DEPTHS:
            self._emit(BlockKind.ITEM, run, level=_DEPTHS[source])
        else:
            self._emit(BlockKind.PARAGRAPH, run)

    def _rank(self, heading: Element) -> int:
        source, parent = heading.get("SOURCE", ""), heading.getparent()
        if source == "HED":
            return 1 if parent is None else _RUN_IN.get(str(parent.tag), 1)
        return _RANK.get(source, 2) + self.base

    def _heading(self, run: _Run, level: int) -> None:
        while self.trail and self.trail[-1][0] >= level:
            self.trail.pop()
        self._emit(BlockKind.HEADING, run, level=level)
        if text := run.said()[0]:
            self.trail.append((level, text))

    def _run(self, text: str | None = None) -> _Run:
        run = _Run(page=self.page, turned=self.page)
        run.add(text)
        return run

    def _emit(self, kind: BlockKind, run: _Run, level: int = 0, label: str = "") -> None:
        self.page = run.turned
        if not run.pieces:
            return
        text, marks = run.said()
        if not text.strip(" |"):
            self._call_late(marks)
            return
        if kind is BlockKind.PARAGRAPH and (bullet := _BULLET.match(text)):
            kind, level, label = BlockKind.ITEM, 1, text[0]
            text = text[bullet.end() :]
            marks = tuple(replace(m, offset=max(0, m.offset - bullet.end())) for m in marks)
        self.blocks.append(
            Block(
                kind=kind,
                text=text,
                level=level,
                trail=tuple(heading for _, heading in self.trail),
                label=label,
                marks=marks,
                page=run.page,
            )
        )

    def _call_late(self, marks: tuple[NoteMark, ...]) -> None:
        """A call that stands alone belongs to what was said last."""
        if marks and self.blocks:
            last = self.blocks[-1]
            late = tuple(replace(mark, offset=len(last.text)) for mark in marks)
            self.blocks[-1] = replace(last, marks=last.marks + late)


def _between(before: str, rank: str) -> str:
    """What parts two cells: a head that spans others is followed by them, as in "Fee: old; new"."""
    if rank > before:
        return ": "
    return "; " if rank == before > "1" else " | "


def _is_named(subject: Element) -> bool:
    number = subject.getprevious()
    return number is not None and number.tag == "SECTNO"


def _leads(number: Element, note: Element) -> bool:
    """Whether a raised figure comes before a note's first words."""
    for element in note.iter():
        if element is number:
            return True
        if (element.text or "").strip():
            return False
    return False
