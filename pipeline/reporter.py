"""What a decision's sheets say of their place in the reporter: citation, number, pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import PageChanged
from pipeline.normalise import normalise
from pipeline.running import Leaf, leaves
from pipeline.sheets import Line, Sheet

# Printed with slips now and then: "28 I&N Dec 714 (BIA 2023)".
CITATION = re.compile(
    r"(?P<volume>\d+)\s*I\.?\s*&\s*N\.?\s*Dec\.?\s*(?P<page>\d+)"
    r"\s*\((?P<forum>[^()]*?),?\s*(?P<year>\d{4})\)"
)
_CITE_AS = re.compile(rf"\bCite\s+as:?\s+{CITATION.pattern}", re.IGNORECASE)
_INTERIM = re.compile(r"\bInterim\s+Decision\s*(?:#|No\.?)?\s*(\d{3,5}[A-Z]?)\b", re.IGNORECASE)
HEAD = 0.2  # share of a sheet's height above which a running head stands


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a decision is reported; `number` is the interim decision number, "" where the sheets
    don't print it. `doubt` says in words why its pages can't be cited, "" where they can."""

    volume: int
    first: int
    forum: str
    year: int
    number: str
    doubt: str

    @property
    def citation(self) -> str:
        return f"{self.volume} I&N Dec. {self.first} ({self.forum} {self.year})"


def forum(printed: str) -> str:
    """Who decided, as citations name it, in one spelling: "AG" and "A. G." are "A.G."."""
    return re.sub(r"\bA\.? ?G\.?(?= |;|$)", "A.G.", printed)


def located(sheets: Sequence[Sheet]) -> tuple[Place, tuple[Leaf, ...]]:
    """The decision's place, and its leaves without their running heads, with reporter pages.

    Raises `PageChanged` where no running head gives a citation, or two heads differ.
    """
    found = leaves(sheets)
    heads = [head for leaf in found for head in (*leaf.running, *map(_text, _heads(leaf)))]
    cited = {normalise(match[0]): match for head in heads if (match := _CITE_AS.search(head))}
    places = {(m["volume"], m["page"]) for m in cited.values()}
    if len(places) != 1:
        said = "; ".join(cited) or "none"
        raise PageChanged(f"the PDF's heads give {said} where one citation was read; look at it")
    match = next(iter(cited.values()))
    numbers = {found_number[1] for head in heads for found_number in _INTERIM.finditer(head)}
    clean = [replace(leaf, sheet=leaf.sheet.without(_heads(leaf))) for leaf in found]
    doubt = _doubt(clean, int(match["page"]))
    place = Place(
        volume=int(match["volume"]),
        first=int(match["page"]),
        forum=forum(normalise(match["forum"])),
        year=int(match["year"]),
        number=numbers.pop() if len(numbers) == 1 else "",
        doubt=doubt,
    )
    pages = range(place.first, place.first + len(clean))
    return place, tuple(
        replace(leaf, page="" if doubt else str(page))
        for leaf, page in zip(clean, pages, strict=True)
    )


def _doubt(clean: Sequence[Leaf], first: int) -> str:
    """Why the sheets can't be cited by page: the numbers printed on them are not those that follow
    from the citation, or none is printed."""
    numbered = [(index, leaf.page) for index, leaf in enumerate(clean) if leaf.is_numbered]
    if not numbered:
        return "no page number is printed"
    wrong = [page for index, page in numbered if page != str(first + index)]
    return f"printed page {wrong[0]} does not follow from page {first}" if wrong else ""


def _heads(leaf: Leaf) -> list[Line]:
    """Running heads that repeat on no other sheet: those of a decision of one sheet."""
    return [
        line
        for line in leaf.sheet.lines
        if line.baseline < HEAD * leaf.sheet.height
        and (_CITE_AS.search(line.text) or _INTERIM.fullmatch(line.text))
    ]


def _text(line: Line) -> str:
    return line.text
