"""What moved between two issues of the Visa Bulletin, and in what words it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from pipeline.bulletin import UNLISTED, Cell, Chart, Preference, Value, ValueKind

Row = tuple[Chart, Preference, str]
Place = tuple[Chart, Preference, str, str]
TOLD = 3  # the movements told in a summary; the rest are counted


class MovementKind(StrEnum):
    """What happened to a cell, those first that take a visa away."""

    RETROGRESSED = "retrogressed"
    UNAVAILABLE = "became unavailable"
    OTHERWISE = "not as announced the month before"  # of a lottery's ranks, which are
    NOT_CURRENT = "no longer current"
    CATEGORY_REMOVED = "category removed"
    AREA_REMOVED = "no longer listed separately"
    CHANGED = "changed"  # one side says what we can't weigh
    RENAMED = "renamed?"  # nothing says that the row is the same but its place and number
    CATEGORY_ADDED = "category added"
    AREA_ADDED = "now listed separately"
    CURRENT = "became current"
    AVAILABLE = "available again"
    ADVANCED = "advanced"
    RESTARTED = "another programme year"  # a lottery's ranks begin anew with each


SEVERITY = tuple(MovementKind)


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A cell that says something else than in the issue before; None on the side without it.

    `steps` are days, or ranks of a lottery: positive forward, negative back, None where one side
    gives neither. `announced`: the issue before gave it as the next month's. `listing`: AREA_ADDED
    or AREA_REMOVED where one side is what is given for all areas not listed. `formerly`: the
    category of the row that this one seems to continue under another name.
    """

    kind: MovementKind
    chart: Chart
    preference: Preference
    category: str
    area: str
    old: Value | None
    new: Value | None
    steps: int | None = None
    month: str = ""
    announced: bool = False
    listing: MovementKind | None = None
    formerly: str = ""

    @property
    def effect(self) -> str:
        """What it comes to: "advanced 3 months 14 days", "became current"."""
        listed = self.listing.value if self.listing else ""
        return ", ".join(filter(None, (self._effect, listed)))

    @property
    def _effect(self) -> str:
        if self.steps is None or self.old is None or self.new is None:
            return self.kind.value
        if self.old.day and self.new.day:
            return f"{self.kind.value} {span(self.old.day, self.new.day)}"
        return f"{self.kind.value} by {abs(self.steps):,}"


def movements(old: Sequence[Cell], new: Sequence[Cell]) -> tuple[Movement, ...]:
    """What moved, in the order of the new issue's charts; what only the old one has comes last.

    A lottery's ranks are compared with those of the month before, and with what was announced. A
    country split off is compared with what was given for all areas not listed, and one put back
    with what is. A row that goes where one comes is compared with it, as renamed perhaps.
    """
    names = _renamed(old, new)
    before = {cell.place: cell for cell in (_continued(cell, names) for cell in old)}
    after = {cell.place: cell for cell in new}
    formerly = {(*row[:2], name): row[2] for row, name in names.items()}
    found: list[Movement] = []
    for place, cell in after.items():
        earlier = before.get(place)
        moved = _between(earlier, cell) if earlier else _appeared(cell, before)
        if name := formerly.get(place[:3]):
            moved = moved or _movement(MovementKind.RENAMED, cell, None, cell.value)
            moved = replace(moved, formerly=name)
        awaited = (
            before.get((Chart.RANKS_TO_COME, *place[1:])) if cell.chart is Chart.RANKS else None
        )
        if awaited and awaited.month == cell.month:
            is_kept = awaited.value.says(cell.value)
            if not is_kept:
                found.append(_movement(MovementKind.OTHERWISE, cell, awaited.value, cell.value))
            moved = replace(moved, announced=is_kept) if moved else None
        if moved:
            found.append(moved)
    return (*found, *(_gone(cell, after) for place, cell in before.items() if place not in after))


def tell(found: Iterable[Movement], cells: Iterable[Cell]) -> tuple[str, ...]:
    """A line for each movement, those first that take a visa away, lotteries last; areas of one
    category that moved alike share a line. `cells` are the charts that they stand in.

    What came as announced was told with the issue that announced it: of each month in one line.
    """
    columns: dict[tuple[str, ...], list[str]] = {}
    for place in dict.fromkeys(cell.place for cell in cells):
        columns.setdefault(place[:3], []).append(place[3])
    alike: dict[tuple[object, ...], list[Movement]] = {}
    moved = sorted(found, key=_weight)
    for each in (one for one in moved if not one.announced):
        sides = tuple(value and (value.kind, value.plain) for value in (each.old, each.new))
        row = (each.chart, each.category, each.formerly)
        alike.setdefault((each.kind, *row, each.listing, sides), []).append(each)
    lines = [_line(group, columns) for group in alike.values()]
    return (*lines, *_as_announced([one for one in moved if one.announced]))


def brief(lines: Sequence[str]) -> str:
    """The foremost lines in one, and how many more there are."""
    more = len(lines) - TOLD
    said = "; ".join(lines[:TOLD])
    return f"{said}; {more} more" if more > 0 else said


def span(one: date, other: date) -> str:
    """How far two days are apart in full months and days: "2 months 14 days"."""
    first, last = sorted((one, other))
    months = (last.year - first.year) * 12 + last.month - first.month
    while _months_on(first, months) > last:
        months -= 1
    days = (last - _months_on(first, months)).days
    years, months = divmod(months, 12)
    counted = ((years, "year"), (months, "month"), (days, "day"))
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in counted if n)


def _months_on(day: date, months: int) -> date:
    """The same day so many months on; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - timedelta(days=1))


def _renamed(old: Sequence[Cell], new: Sequence[Cell]) -> dict[Row, str]:
    """The rows that went and the category of the one that came for each: the only two of their
    chart whose preference's number may be the same. A lottery's regions have none."""
    rows = (
        {cell.place[:3]: cell.number for cell in old},
        {cell.place[:3]: cell.number for cell in new},
    )
    went, came = ({row: rows[n][row] for row in rows[n] if row not in rows[not n]} for n in (0, 1))

    def alike(row: Row, number: str, others: Mapping[Row, str]) -> list[Row]:
        return [
            other
            for other, its in others.items()
            if other[:2] == row[:2] and (its == number or not (its and number))
        ]

    found = {}
    for row, number in went.items():
        match alike(row, number, came):
            case [other] if row[1] is not Preference.DIVERSITY:
                if alike(other, came[other], went) == [row]:
                    found[row] = other[2]
    return found


def _continued(cell: Cell, names: Mapping[Row, str]) -> Cell:
    return replace(cell, category=names.get(cell.place[:3], cell.category))


def _appeared(cell: Cell, before: Mapping[Place, Cell]) -> Movement:
    if all(place[:3] != cell.place[:3] for place in before):
        return _movement(MovementKind.CATEGORY_ADDED, cell, None, cell.value)
    rest = before.get((*cell.place[:3], UNLISTED))
    moved = _between(rest, cell) if rest else None
    if moved is None:
        return _movement(MovementKind.AREA_ADDED, cell, None, cell.value)
    return replace(moved, listing=MovementKind.AREA_ADDED)


def _gone(cell: Cell, after: Mapping[Place, Cell]) -> Movement:
    if all(place[:3] != cell.place[:3] for place in after):
        return _movement(MovementKind.CATEGORY_REMOVED, cell, cell.value, None)
    rest = after.get((*cell.place[:3], UNLISTED))
    moved = _between(cell, rest) if rest else None
    if moved is None:
        return _movement(MovementKind.AREA_REMOVED, cell, cell.value, None)
    return replace(moved, area=cell.area, listing=MovementKind.AREA_REMOVED)


def _between(one: Cell, other: Cell) -> Movement | None:
    old, new = one.value, other.value
    if one.programme != other.programme:
        return _movement(MovementKind.RESTARTED, other, old, new)
    if old.says(new):
        return None
    steps = _steps(old, new)
    if steps is None:
        return _movement(_turn(old.kind, new.kind), other, old, new)
    kind = MovementKind.ADVANCED if steps > 0 else MovementKind.RETROGRESSED
    return _movement(kind, other, old, new, steps)


def _turn(old: ValueKind, new: ValueKind) -> MovementKind:
    """What happened where the two sides can't be counted from one to the other."""
    if ValueKind.WORDS in (old, new):
        return MovementKind.CHANGED
    if ValueKind.UNAVAILABLE in (old, new):
        gone = new is ValueKind.UNAVAILABLE
        return MovementKind.UNAVAILABLE if gone else MovementKind.AVAILABLE
    if ValueKind.CURRENT in (old, new):
        return MovementKind.CURRENT if new is ValueKind.CURRENT else MovementKind.NOT_CURRENT
    return MovementKind.CHANGED


def _steps(old: Value, new: Value) -> int | None:
    if old.day is not None and new.day is not None:
        return (new.day - old.day).days
    if old.rank is not None and new.rank is not None:
        return new.rank - old.rank
    return None


def _movement(
    kind: MovementKind, cell: Cell, old: Value | None, new: Value | None, steps: int | None = None
) -> Movement:
    return Movement(
        kind=kind,
        chart=cell.chart,
        preference=cell.preference,
        category=cell.category,
        area=cell.area,
        old=old,
        new=new,
        steps=steps,
        month=cell.month,
    )


def _weight(movement: Movement) -> tuple[bool, bool, int, int]:
    is_lottery = movement.preference is Preference.DIVERSITY
    severity, chart = SEVERITY.index(movement.kind), tuple(Chart).index(movement.chart)
    return movement.announced, is_lottery, severity, chart


def _line(group: Sequence[Movement], columns: dict[tuple[str, ...], list[str]]) -> str:
    one = group[0]
    areas = [each.area for each in group]
    every = columns.get((one.chart, one.preference, one.category), [])
    chart = f"rank cut-offs for {one.month}" if one.month else one.chart.value
    where = " ".join(filter(None, (_subject(one), _areas(areas, every))))
    said = " → ".join(value.plain for value in (one.old, one.new) if value is not None)
    return f"{where}, {chart}: {said}, {one.effect}"


def _as_announced(movements: Sequence[Movement]) -> Iterator[str]:
    counts = Counter(each.month for each in movements)
    for month, count in counts.items():
        cells = f"{count} cut-off{'' if count == 1 else 's'}"
        yield f"DV, rank cut-offs for {month}: as announced the month before ({cells})"


def _subject(movement: Movement) -> str:
    is_lottery = movement.preference is Preference.DIVERSITY
    name = f"DV {movement.category}" if is_lottery else movement.category
    return f"{name} (renamed? before: {movement.formerly})" if movement.formerly else name


def _areas(areas: Sequence[str], every: Sequence[str]) -> str:
    if len(every) > 1 and set(areas) == set(every):
        return "in all areas"
    if every == [UNLISTED]:
        return ""
    named = list(_ordered(areas))
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _ordered(areas: Sequence[str]) -> Iterator[str]:
    """Countries first: "all areas not listed" reads on into what follows."""
    yield from (area for area in areas if area != UNLISTED)
    yield from (area for area in areas if area == UNLISTED)
