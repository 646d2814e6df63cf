"""Read the Visa Bulletin's charts as data: a cell for every category and area.

Which chart USCIS accepts for adjustment of status is said on a page of USCIS, and never here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.model import Block, BlockKind


class Chart(StrEnum):
    """What a chart gives: for a diversity visa lottery ranks, of its month and of the next."""

    FINAL_ACTION = "final action"
    FILING = "dates for filing"
    RANKS = "rank cut-offs"
    RANKS_TO_COME = "rank cut-offs of the next month"


class Preference(StrEnum):
    """Whose visas a chart is about."""

    FAMILY = "family"
    EMPLOYMENT = "employment"
    DIVERSITY = "diversity"


CHARTS = (
    (Chart.FINAL_ACTION, Preference.FAMILY),
    (Chart.FINAL_ACTION, Preference.EMPLOYMENT),
    (Chart.FILING, Preference.FAMILY),
    (Chart.FILING, Preference.EMPLOYMENT),
)
UNLISTED = "all areas not listed"  # all chargeability areas except those listed

# The first cell of a chart's heading, in its letters alone.
HEADED = {
    "familysponsored": Preference.FAMILY,
    "family": Preference.FAMILY,
    "employmentbased": Preference.EMPLOYMENT,
    "region": Preference.DIVERSITY,
}
ALL_AREAS = re.compile(r"all (?:dv )?chargeability areas except", re.IGNORECASE)
TITLE = re.compile(
    r"(?:[A-Z]\. ?)?(?:(?P<final>FINAL ACTION DATES\b)|(?P<filing>DATES FOR FILING\b)"
    r"|.*\bDIVERSITY\b.*(?P<to_come>\bWHICH WILL APPLY IN (?P<next>[A-Z]+))"
    r"|.*\bDIVERSITY\b.*(?P<ranks>\bFOR THE MONTH OF (?P<month>[A-Z]+)))"
)
PROGRAMME = re.compile(r"\bqualified (DV-\d{4}) applicants\b")
DAY = re.compile(r"(\d{1,2}) ?([A-Z]{3})[A-Z]?\.? ?(\d{2}|\d{4})", re.IGNORECASE)
RANK = re.compile(r"\d{1,3}(?:,?\d{3})*")
EXCEPTIONS = re.compile(r"except(?:ions?)?:? *(?P<areas>.*)", re.IGNORECASE)
EXCEPTION = re.compile(r"(?P<area>[^\d:]+?):? +(?P<value>[\d,]+|current|unavailable)(?: +|$)", re.I)
NUMBERED = re.compile(r"(?:EB-|F)?([1-9])(?:st|nd|rd|th|[AB])?\b", re.IGNORECASE)
SMALL_WORDS = {"and", "the", "of"}
ORDINALS = {"1st": "EB-1", "2nd": "EB-2", "3rd": "EB-3", "4th": "EB-4", "5th": "EB-5"}
CATEGORIES = (
    (re.compile(r"(f[1-4][ab]?)", re.IGNORECASE), "{0}"),
    (re.compile(r"\*?other workers", re.IGNORECASE), "EB-3 other workers"),
    (re.compile(r"\*?certain religious workers", re.IGNORECASE), "EB-4 certain religious workers"),
    (re.compile(r"5th unreserved\b.*", re.IGNORECASE), "EB-5 unreserved"),
    (re.compile(r"5th set.?aside:? ?\(?rural\b.*", re.IGNORECASE), "EB-5 set aside rural"),
    (
        re.compile(r"5th set.?aside:? ?\(?high unemployment\b.*", re.IGNORECASE),
        "EB-5 set aside high unemployment",
    ),
    (
        re.compile(r"5th set.?aside:? ?\(?infrastructure\b.*", re.IGNORECASE),
        "EB-5 set aside infrastructure",
    ),
    (re.compile(r"5th non-?regional cent.*", re.IGNORECASE), "EB-5 non-regional center"),
    (re.compile(r"5th regional cent.*", re.IGNORECASE), "EB-5 regional center"),
)


class ValueKind(StrEnum):
    """What stands in a cell."""

    DAY = "day"
    CURRENT = "current"
    UNAVAILABLE = "unavailable"
    RANK = "rank"
    WORDS = "words"  # something that none of the others is


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a cell says. `words` is as printed; visas are for priority dates before `day`, or for
    lottery ranks below `rank`."""

    kind: ValueKind
    words: str
    day: date | None = None
    rank: int | None = None

    @property
    def plain(self) -> str:
        """The value as a reader says it: "1 January 2012", "57,000", "current"."""
        if self.day is not None:
            return f"{self.day.day} {self.day:%B %Y}"
        if self.rank is not None:
            return f"{self.rank:,}"
        return self.words if self.kind is ValueKind.WORDS else self.kind.value

    def says(self, other: Value) -> bool:
        """Whether both say the same, however it is printed."""
        return (self.kind, self.plain) == (other.kind, other.plain)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of a chart.

    `category` is one spelling for each preference class ("F2A", "EB-5 set aside rural"; a region
    for the diversity visa), `printed` its row's own words; where we know no such class, both are.
    `area` is a column, or a country that is excepted from its region. `month` and `programme` are
    stated of diversity charts: "August", "DV-2024". `row` is the block's position.
    """

    chart: Chart
    preference: Preference
    category: str
    printed: str
    area: str
    value: Value
    row: int
    month: str = ""
    programme: str = ""

    @property
    def place(self) -> tuple[Chart, Preference, str, str]:
        """What stays the same from month to month."""
        return self.chart, self.preference, self.category, self.area

    @property
    def number(self) -> str:
        """The number of its preference, "5" of "5th Unreserved"; "" where its words give none."""
        found = NUMBERED.match(self.category)
        return found[1] if found else ""


def charts(blocks: Sequence[Block]) -> tuple[Cell, ...]:
    """Every cell of every chart, in reading order. A chart is known by its heading row, and which
    it is by the title above it; one without a title gives final action dates, as all did until
    September 2015."""
    return tuple(cell for row in _rows(blocks) for cell in _cells(row))


def misread(blocks: Sequence[Block]) -> tuple[str, ...]:
    """What stands in a chart and could not be read as a row of it, or is there twice."""
    rows = tuple(_rows(blocks))
    places = [cell.place for row in rows for cell in _cells(row)]
    twice = {place for place in places if places.count(place) > 1}
    return (
        *(" | ".join(row.cells) for row in rows if not _is_whole(row)),
        *(" ".join(place) for place in sorted(twice)),
    )


@dataclass(frozen=True, kw_only=True)
class _Heading:
    """A chart's own: which it is, its columns, and for a lottery its month and programme."""

    chart: Chart
    preference: Preference
    columns: tuple[str, ...]
    month: str
    programme: str


@dataclass(frozen=True, kw_only=True)
class _Row:
    heading: _Heading
    position: int
    cells: tuple[str, ...]


def _rows(blocks: Sequence[Block]) -> Iterator[_Row]:
    heading: _Heading | None = None
    title: re.Match[str] | None = None
    programme = ""
    for position, block in enumerate(blocks):
        if block.kind is not BlockKind.ROW:
            heading, title = None, TITLE.match(block.text) or title
            if stated := PROGRAMME.search(block.text):
                programme = stated[1]
            continue
        cells = tuple(cell.strip() for cell in block.text.split("|"))
        preference = HEADED.get(_letters(cells[0]))
        if preference and len(cells) > 1 and ALL_AREAS.match(cells[1]):
            heading = _heading(preference, cells, title, programme)
        elif heading is not None:
            yield _Row(heading=heading, position=position, cells=cells)


def _heading(
    preference: Preference, cells: tuple[str, ...], title: re.Match[str] | None, programme: str
) -> _Heading:
    found: Mapping[str, str | None] = title.groupdict() if title else {}
    if preference is Preference.DIVERSITY:
        chart = Chart.RANKS_TO_COME if found.get("to_come") else Chart.RANKS
    else:
        chart = Chart.FILING if found.get("filing") else Chart.FINAL_ACTION
        programme = ""
    return _Heading(
        chart=chart,
        preference=preference,
        columns=tuple(UNLISTED if ALL_AREAS.match(cell) else _area(cell) for cell in cells[1:]),
        month=(found.get("next") or found.get("month") or "").capitalize(),
        programme=programme,
    )


def _is_whole(row: _Row) -> bool:
    return len(row.cells) == len(row.heading.columns) + 1 and bool(row.cells[0])


def _cells(row: _Row) -> Iterator[Cell]:
    if not _is_whole(row):
        return
    heading, printed = row.heading, row.cells[0]
    is_lottery = heading.preference is Preference.DIVERSITY
    for area, value in (
        _lottery(row) if is_lottery else zip(heading.columns, row.cells[1:], strict=True)
    ):
        yield Cell(
            chart=heading.chart,
            preference=heading.preference,
            category=_area(printed) if is_lottery else _category(printed),
            printed=printed,
            area=area,
            value=_value(value),
            row=row.position,
            month=heading.month,
            programme=heading.programme,
        )


def _lottery(row: _Row) -> Iterator[tuple[str, str]]:
    """A region's rank, then those of the countries that are excepted, each with its own."""
    yield UNLISTED, row.cells[1]
    for cell in filter(None, row.cells[2:]):
        excepted = EXCEPTIONS.fullmatch(cell)
        words = excepted["areas"] if excepted else ""
        found = tuple(EXCEPTION.finditer(words))
        if found and sum(len(each[0]) for each in found) == len(words):
            yield from ((_area(each["area"]), each["value"]) for each in found)
        else:
            yield "exceptions", cell


def _value(words: str) -> Value:
    plain = words.strip(" *").casefold()
    if plain in ("c", "current"):
        return Value(kind=ValueKind.CURRENT, words=words)
    if plain in ("u", "unavailable"):
        return Value(kind=ValueKind.UNAVAILABLE, words=words)
    if RANK.fullmatch(plain):
        return Value(kind=ValueKind.RANK, words=words, rank=int(plain.replace(",", "")))
    day = _day(plain)
    kind = ValueKind.WORDS if day is None else ValueKind.DAY
    return Value(kind=kind, words=words, day=day)


def _day(plain: str) -> date | None:
    """A day as printed, "22OCT15". A year of two figures is one of 1969 to 2068, as POSIX has it:
    no priority date in use is older, and none can lie ahead."""
    found = DAY.fullmatch(plain)
    if found is None:
        return None
    form = "%d %b %y" if len(found[3]) == 2 else "%d %b %Y"
    try:
        return datetime.strptime(f"{found[1]} {found[2]} {found[3]}", form).date()  # noqa: DTZ007 - no zone
    except ValueError:
        return None


def _category(printed: str) -> str:
    if printed.casefold() in ORDINALS:
        return ORDINALS[printed.casefold()]
    for pattern, category in CATEGORIES:
        if found := pattern.fullmatch(printed):
            return category.format(*(group.upper() for group in found.groups()))
    return printed


def _area(printed: str) -> str:
    """A country or region as a reader writes it; "CHINA-mainland born" is China."""
    if _letters(printed).startswith("china"):
        return "China"
    return re.sub(
        r"[^\W\d_]+(?:['’][^\W\d_]+)?",
        lambda word: word[0].lower() if word[0].lower() in SMALL_WORDS else word[0].capitalize(),
        printed,
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text)).casefold()
