"""Tell which paragraph of a section of the Code of Federal Regulations each block is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.designators import ROMAN, Path

# Put before a designation printed in italics, as levels five and six are: 1 CFR 21.11, and the
# Document Drafting Handbook of the Office of the Federal Register.
ITALIC = "\ue001"
_ONE = rf"\(({ITALIC}?[A-Za-z]{{1,5}}|{ITALIC}?\d{{1,3}})\)"
_NEXT = re.compile(rf"\s?{_ONE}(?:\s?(?:[-–—]|through|to)\s?{_ONE})?")
# "(f) Students—(1) Admission": a heading that runs into the first paragraph below it.
_RUN_IN = re.compile(rf"[^()]{{1,200}}?[.—–:]\s?(?={_ONE})")
_DEPTH = 6
_AHEAD = 8  # designations that are looked at to tell "(i)" the letter from "(i)" the figure
_LETTERS = tuple(chr(place) * times for times in (1, 2, 3) for place in range(97, 123))
_SERIES: tuple[tuple[str, ...], ...] = (
    _LETTERS,
    tuple(map(str, range(1, 1000))),
    ROMAN,
    tuple(letter.upper() for letter in _LETTERS),
    tuple(f"{ITALIC}{number}" for number in range(1, 1000)),
    tuple(f"{ITALIC}{figure}" for figure in ROMAN),
)
_PLACES = tuple({each: place for place, each in enumerate(series)} for series in _SERIES)


def paragraphs(texts: Sequence[str]) -> list[Path]:
    """The designation of each block's first paragraph, written whole; empty where a block has none,
    or where the order of designations does not tell which it is: no guess is made."""
    designated = [_designations(text) for text in texts]
    ahead = [(first, last) for each in designated for first, last in each]
    said: list[Path] = []
    above: Path = ()
    is_lost = False
    done = 0
    for each in designated:
        here: Path = ()
        for number, (first, last) in enumerate(each):
            done += 1
            level = _level(first, above, ahead[done : done + _AHEAD])
            if is_lost and level != 0:
                level = None
            is_lost = level is None
            if level is None:
                above = above[:1]
                here = ()
                break
            here = here or ((*above[:level], first) if not number else ())
            above = (*above[:level], last)
        done += len(each) - (number + 1 if each else 0)
        said.append(tuple(part.lstrip(ITALIC) for part in here))
    return said


def _designations(text: str) -> list[tuple[str, str]]:
    """What a block begins with, a designation or a range of them, and what stands behind a heading
    that runs in."""
    found: list[tuple[str, str]] = []
    place = 0
    while match := _NEXT.match(text, place):
        found.append((match[1], match[2] or match[1]))
        place = match.end()
        if not _NEXT.match(text, place) and (heading := _RUN_IN.match(text, place)):
            follows = _NEXT.match(text, heading.end())
            if follows and any(follows[1] == series[0] for series in _SERIES[1:]):
                place = heading.end()
    return found


def _level(said: str, above: Path, ahead: Sequence[tuple[str, str]]) -> int | None:
    """The only level at which it can stand; what follows decides between two."""
    levels = _levels(said, above)
    if len(levels) < 2:
        return levels[0] if levels else None
    reach = {level: _reach((*above[:level], said), ahead) for level in levels}
    best = [level for level in levels if reach[level] == max(reach.values())]
    return best[0] if len(best) == 1 else None


def _reach(above: Path, ahead: Sequence[tuple[str, str]]) -> int:
    """How many of the designations that follow can be placed, if the last one is where it is."""
    if not ahead:
        return 0
    (first, last), *later = ahead
    found = (_reach((*above[:level], last), later) for level in _levels(first, above))
    return max((1 + each for each in found), default=0)


def _levels(said: str, above: Path) -> list[int]:
    """Where it is the next of its series, or the first of one below."""
    return [
        level
        for level in range(min(len(above) + 1, _DEPTH))
        if said in _PLACES[level] and _PLACES[level][said] == _due(above, level)
    ]


def _due(above: Path, level: int) -> int:
    if level == len(above):
        return 0
    return _PLACES[level].get(above[level], -2) + 1
