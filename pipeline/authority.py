"""Read the name of an authority as somebody types it, and say in which others one lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline import cite
from pipeline.citator.twins import twins
from pipeline.errors import QueryError

LONGEST = 200  # sections that a range stands for; a longer one is a slip of a number
_VOLUME = re.compile(
    r"(?:(\d{1,2}) USCIS[- ]PM|(?:USCIS )?policy manual,? vol(?:ume|\.)? (\d{1,2}))", re.IGNORECASE
)
_PATH = re.compile(r"\s?\([^()]*\)\Z")
_MANUAL = re.compile(r"(?P<volume>\d+ USCIS-PM)(?: (?P<part>[A-Z])(?:\.(?P<chapter>\w+))?)?")
_PART = re.compile(r"(?P<title>\d+ CFR) § (?P<part>\d+[a-z]*)\.\d")
_RANGE = re.compile(
    r"(?P<code>INA|\d+ USC|\d+ CFR) (?:§§|pts\.) (?P<part>\d+[a-z]*\.)?(?P<first>\d+)"
    r"-(?P<again>\d+[a-z]*\.)?(?P<last>\d+)"
)


def read(typed: str) -> str:
    """The canonical name of what a citation means, in any spelling, alone or behind the name of a
    case: "8 CFR 208" is the part, "6 USCIS-PM F" a part of the Policy Manual.

    Raises QueryError for what is no citation, also for the name of a case alone.
    """
    asked = " ".join(typed.split())
    if volume := _VOLUME.fullmatch(asked):
        return f"{volume[1] or volume[2]} USCIS-PM"
    if found := cite.lookup(asked):
        return found.canonical
    such = '"8 CFR 208.13", "INA 212(h)", "6 USCIS-PM F" or "28 I&N Dec. 307"'
    raise QueryError(f"this is no citation that can be read: type one such as {such}", asked, 0)


@lru_cache(maxsize=1024)
def spellings(canonical: str) -> frozenset[str]:
    """A name, and the other number of the same provision."""
    return frozenset((canonical, *twins(canonical)))


@lru_cache(maxsize=65_536)
def wholes(canonical: str) -> tuple[str, ...]:
    """A name, and those of everything in which it lies, the nearest first: § 208.13(b)(1) lies in
    § 208.13(b), § 208.13 and part 208. A range is all that it spans."""
    spanned = [each for name in (canonical, *_spanned(canonical)) for each in _chain(name)]
    return tuple(dict.fromkeys(spanned))


def section(canonical: str) -> str:
    """The section or chapter in which a paragraph lies; the name itself of anything else."""
    return [*_shortened(canonical)][-1]


def _chain(name: str) -> Iterator[str]:
    yield from _shortened(name)
    last = section(name)
    if manual := _MANUAL.fullmatch(last):
        if manual["chapter"]:
            yield f"{manual['volume']} {manual['part']}"
        if manual["part"]:
            yield manual["volume"]
    elif part := _PART.match(last):
        yield f"{part['title']} pt. {part['part']}"


def _shortened(name: str) -> Iterator[str]:
    """A name, and the same without its last subdivision, as often as it has one."""
    yield name
    while (shorter := _PATH.sub("", name)) != name:
        name = shorter
        yield name


def _spanned(name: str) -> Iterator[str]:
    found = _RANGE.match(name)
    if found is None or (found["again"] or found["part"]) != found["part"]:
        return
    first, last = int(found["first"]), int(found["last"])
    mark = "pt." if " pts. " in name else "§"
    if first <= last <= first + LONGEST:
        for number in range(first, last + 1):
            yield f"{found['code']} {mark} {found['part'] or ''}{number}"
