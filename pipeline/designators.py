"""Read the paragraph designations of the Code of Federal Regulations, as instructions list them.

Levels within a section run (a), (1), (i), (A), (1), (i): 1 CFR 21.11 and the Document Drafting
Handbook of the Office of the Federal Register.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str, ...]  # ("f", "5", "ii") for (f)(5)(ii)
MOST = 40  # designations that a range such as "(1) through (9)" may stand for
ROMAN = (
    *("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv"),
    *("xv", "xvi", "xvii", "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv"),
)
DESIGNATION = r"(?:\([A-Za-z0-9]{1,5}\))+"
_LISTED = re.compile(rf"({DESIGNATION})|(through|thru|to)\b", re.IGNORECASE)
_ONE = re.compile(r"\(([^)]*)\)")


def designations(text: str) -> Iterator[tuple[Path, int]]:
    """Each paragraph that a list such as "(b)(2)(iv)(A) and (B)" names, written whole, with where
    its designation ends in the text. A range gives every paragraph in it."""
    before: Path = ()
    is_range = False
    for match in _LISTED.finditer(text):
        if match[2]:
            is_range = bool(before)
            continue
        path = _whole(tuple(_ONE.findall(match[1])), before)
        if is_range:
            yield from ((each, match.end()) for each in _between(before, path))
        yield path, match.end()
        before, is_range = path, False


def spelled(path: Path) -> str:
    """A paragraph as it is cited: "(f)(5)(ii)"."""
    return "".join(f"({each})" for each in path)


def _whole(said: Path, before: Path) -> Path:
    """What a shortened designation stands for after another: "(B)" after "(b)(2)(A)"."""
    if _begins(said) and (len(said) > 1 or not _follows_roman(said[0], before)):
        return said
    for level in reversed(range(len(before))):
        if _kind(before[level], level) == _kind(said[0], level) != "":
            return before[:level] + said
    return said


def _begins(said: Path) -> bool:
    """Whether it can be the first level, a small letter, with a figure under it if anything."""
    is_letter = said[0].isalpha() and said[0].islower() and len(set(said[0])) == 1
    return is_letter and (len(said) == 1 or said[1].isdecimal())


def _follows_roman(said: str, before: Path) -> bool:
    """Whether "(v)" after "(a)(1)(iv)" is the next figure and no letter."""
    figures = [each for each in before[2:] if each in ROMAN]
    return said in ROMAN and bool(figures) and ROMAN.index(said) > ROMAN.index(figures[-1])


def _kind(said: str, level: int) -> str:
    if said.isdecimal():
        return "figure"
    if said.isupper():
        return "capital"
    if said in ROMAN and level >= 2:
        return "roman"
    return "letter" if level == 0 else ""


def _between(first: Path, last: Path) -> Iterator[Path]:
    """The paragraphs inside a range of siblings; none where they are not siblings."""
    if len(first) != len(last) or first[:-1] != last[:-1]:
        return
    row = _row(first[-1], last[-1], len(first) - 1)
    if first[-1] in row and last[-1] in row:
        begun, ended = row.index(first[-1]), row.index(last[-1])
        for each in row[begun + 1 : min(ended, begun + MOST)]:
            yield (*first[:-1], each)


def _row(first: str, last: str, level: int) -> tuple[str, ...]:
    if first.isdecimal() and last.isdecimal():
        return tuple(map(str, range(int(first), min(int(last), int(first) + MOST) + 1)))
    if first.isupper():
        return tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return ROMAN if level >= 2 else tuple("abcdefghijklmnopqrstuvwxyz")
