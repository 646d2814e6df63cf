"""The automatic numbers of a Word file: of headings, lists and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument

from alerts.packet.wordxml import element, valued

HEADINGS, BULLETS, NUMBERS, LETTERS, SOURCES = range(1, 6)
_STEP = 360  # twentieths of a point: a quarter of an inch
_HEADING_HANG = (648, 864, 1008, 1224)


@dataclass(kw_only=True)
class Lists:
    """The lists of one file. Each that starts again at 1 is a list of its own, so that a speaker
    who adds an item renumbers this list and no other."""

    word: WordDocument
    _last: int = SOURCES

    def define(self) -> None:
        """Put our lists in place of those that the template has, and tie the styles to them."""
        held = self._held
        for child in list(held):
            held.remove(child)
        levels = [
            _level(
                at, "decimal", ".".join(f"%{n}" for n in range(1, at + 2)), hang, f"Heading{at + 1}"
            )
            for at, hang in enumerate(_HEADING_HANG)
        ]
        held.append(_abstract(HEADINGS, *levels))
        held.append(_abstract(BULLETS, _level(0, "bullet", "•", _STEP)))
        held.append(_abstract(NUMBERS, _level(0, "decimal", "%1.", _STEP)))
        held.append(_abstract(LETTERS, _level(0, "upperLetter", "%1.", _STEP, left=2 * _STEP)))
        held.append(_abstract(SOURCES, _level(0, "decimal", "[%1]", 2 * _STEP)))
        for each in (HEADINGS, BULLETS, NUMBERS, LETTERS, SOURCES):
            held.append(element("num", valued("abstractNumId", str(each)), numId=str(each)))
        for at in range(len(_HEADING_HANG)):
            self._tie(f"Heading {at + 1}", HEADINGS, at)
        self._tie("List Bullet", BULLETS)
        self._tie("List Number", NUMBERS)
        self._tie("List Number 2", LETTERS)
        self._tie("Source Entry", SOURCES)

    def begin(self, abstract: int) -> int:
        """The number of a new list of that sort."""
        self._last += 1
        override = element("lvlOverride", valued("startOverride", "1"), ilvl="0")
        sort = valued("abstractNumId", str(abstract))
        self._held.append(element("num", sort, override, numId=str(self._last)))
        return self._last

    @property
    def _held(self) -> Any:
        return self.word.part.numbering_part.element

    def _tie(self, style: str, number: int, level: int = 0) -> None:
        numbering = self.word.styles[style].element.get_or_add_pPr().get_or_add_numPr()
        for child in list(numbering):
            numbering.remove(child)
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = number


def _abstract(number: int, *levels: Any) -> Any:
    kind = valued("multiLevelType", "multilevel" if len(levels) > 1 else "singleLevel")
    return element("abstractNum", kind, *levels, abstractNumId=str(number))


def _level(
    at: int, form: str, text: str, hang: int, style: str = "", *, left: int | None = None
) -> Any:
    place = element("ind", left=str(hang if left is None else left), hanging=str(hang))
    parts = [
        valued("start", "1"),
        valued("numFmt", form),
        *([valued("pStyle", style)] if style else ()),
        valued("lvlText", text),
        valued("lvlJc", "left"),
        element("pPr", place),
    ]
    return element("lvl", *parts, ilvl=str(at))
