"""Take running heads, running feet and page numbers off the sheets of a printed document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.sheets import Line, Sheet

HEAD, FOOT = 0.16, 0.88  # shares of a sheet's height above and below which they stand
NEAR = 8.0  # points by which their height may differ from sheet to sheet
SHARE = 3  # on every third sheet at least: odd and even sheets differ, and so may the first
NUMBER = re.compile(r"\d{1,4}")
PAGE = re.compile(
    r"(?:page:?\s*)?[-–—|]?\s*(\d{1,4})\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A sheet's text: `page` as printed, or reckoned from its neighbours, or, where no sheet is
    numbered, counted; "" where none can be told. `running` is what was taken off, from top to
    bottom; `is_numbered`: the page is printed on this sheet."""

    page: str
    is_numbered: bool
    sheet: Sheet
    running: tuple[str, ...]


def leaves(sheets: Sequence[Sheet]) -> tuple[Leaf, ...]:
    """Take off what repeats at one height of a third of the sheets, its numbers aside, and a page
    number with what stands beyond it at the sheet's edge."""
    repeated = _Repeated(sheets)
    taken = [repeated.running(sheet) for sheet in sheets]
    offset = _offset(sheets, taken)
    return tuple(_leaf(sheet, off, offset) for sheet, off in zip(sheets, taken, strict=True))


class _Repeated:
    """Which lines come back at the same height, known by their words without the numbers."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._least = max(2, -(-len(sheets) // SHARE))
        self._places: dict[str, list[tuple[int, float]]] = {}
        for sheet in sheets:
            for line in _outer(sheet):
                self._places.setdefault(_shape(line), []).append((sheet.number, line.baseline))

    def running(self, sheet: Sheet) -> tuple[Line, ...]:
        outer = list(_outer(sheet))
        off = {id(line) for line in outer if self._holds(line)}
        for line in outer:
            if PAGE.fullmatch(line.text):
                is_head = line.baseline < sheet.height / 2
                beyond = [x for x in outer if _is_beyond(x, line, is_head=is_head)]
                if len(beyond) < 2:  # more is text below a number that is no page's
                    off |= {id(line), *map(id, beyond)}
        return tuple(line for line in outer if id(line) in off)

    def _holds(self, line: Line) -> bool:
        places = self._places[_shape(line)]
        near = {number for number, height in places if abs(height - line.baseline) <= NEAR}
        return len(near) >= self._least


def _outer(sheet: Sheet) -> Iterator[Line]:
    for line in sheet.lines:
        share = line.baseline / sheet.height if sheet.height else 0.5
        if not line.is_slanted and (share < HEAD or share > FOOT):
            yield line


def _shape(line: Line) -> str:
    return NUMBER.sub("#", line.text.casefold())


def _is_beyond(line: Line, number: Line, *, is_head: bool) -> bool:
    if is_head:
        return line.baseline < number.baseline
    return line.baseline > number.baseline


def _offset(sheets: Sequence[Sheet], taken: Sequence[Sequence[Line]]) -> int | None:
    """By how much printed page numbers are ahead of the count of sheets: the difference that most
    sheets show; one sheet alone counts where its line is nothing but the number."""
    shown: Counter[int] = Counter()
    for sheet, off in zip(sheets, taken, strict=True):
        numbers = {int(n) for line in off for n in NUMBER.findall(line.text)}
        shown.update(number - sheet.number for number in numbers)
    best = max(shown, key=lambda offset: (shown[offset], -abs(offset)), default=None)
    if best is not None and shown[best] > 1:
        return best
    alone = (
        int(found[1]) - sheet.number
        for sheet, off in zip(sheets, taken, strict=True)
        for line in off
        if (found := PAGE.fullmatch(line.text))
    )
    return next(alone, None)


def _leaf(sheet: Sheet, off: Sequence[Line], offset: int | None) -> Leaf:
    reckoned = sheet.number + (offset or 0)
    printed = {int(n) for line in off for n in NUMBER.findall(line.text)}
    own = [int(found[1]) for line in off if (found := PAGE.fullmatch(line.text))]
    is_numbered = offset is not None and reckoned in printed
    number = own[0] if own and not is_numbered else reckoned
    return Leaf(
        page=str(number) if number > 0 else "",
        is_numbered=is_numbered or bool(own),
        sheet=sheet.without(off),
        running=tuple(line.text for line in off),
    )
