"""Which cell of a table row is which, and the words that differ in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from pipeline.model import Span
from pipeline.words import Replacement, merged, replacements

RENAMED = 60.0  # of 100: cells whose words are that much alike are one cell
CELLS = 2_500  # pairs of cells; of more the likeness is not looked at
CELL = "|"  # stands between the cells of a row
BORDER = f" {CELL}"
Columns = tuple[tuple[int, int], ...]


def columns(old: str, new: str) -> Columns:
    """Which cells of two rows are the same column, as numbers from 0, in order.

    Rows of as many cells have them in the same places. Else those that say the same are the same
    column, and what came or went between them is told by the likeness of the rest.
    """
    before, after = split(old), split(new)
    if len(before) == len(after):
        return tuple((place, place) for place in range(len(before)))
    found: list[tuple[int, int]] = []
    i = j = 0
    for at, other in [*_same(before, after), (len(before), len(after))]:
        found += _between(before, range(i, at), after, range(j, other))
        if at < len(before):
            found.append((at, other))
        i, j = at + 1, other + 1
    return tuple(found)


def replaced(old: str, new: str, known: Columns = ()) -> tuple[Replacement, ...]:
    """The replacements between two rows, none over the border of a cell that both have.

    `known` are the columns that the table's headers name; without them the rows tell.
    """
    before, after = spans(old), spans(new)
    fits = known and known[-1][0] < len(before) and known[-1][1] < len(after)
    same = known if fits else columns(old, new)
    found: list[Replacement] = []
    i = j = 0
    for at, other in same:
        cell, its = before[at], after[other]
        found += _border(old, Span(start=i, end=cell.start), new, Span(start=j, end=its.start))
        one, another = old[cell.start : cell.end], new[its.start : its.end]
        found += [
            Replacement(old=_shifted(each.old, cell.start), new=_shifted(each.new, its.start))
            for each in (replacements(one, another) if one != another else ())
        ]
        i, j = cell.end, its.end
    found += _border(old, Span(start=i, end=len(old)), new, Span(start=j, end=len(new)))
    return merged(found)


def count(row: str) -> int:
    """How many cells a row has."""
    return row.count(CELL) + 1


def split(row: str) -> tuple[str, ...]:
    """What stands in each cell of a row; an empty cell is ""."""
    return tuple(row[start:end] for start, end in _places(row))


def spans(row: str) -> list[Span]:
    """Each cell's place, without the white space around it."""
    return [Span(start=start, end=end) for start, end in _places(row)]


@lru_cache(maxsize=1024)  # a row is looked at as a whole, for its key and for its columns
def _places(row: str) -> tuple[tuple[int, int], ...]:
    found, start = [], 0
    for cell in row.split(CELL):
        lead = len(cell) - len(cell.lstrip())
        found.append((start + lead, start + max(lead, len(cell.rstrip()))))
        start += len(cell) + len(CELL)
    return tuple(found)


def _same(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    return [
        (step.src_start + k, step.dest_start + k)
        for step in Indel.opcodes(before, after)
        if step.tag == "equal"
        for k in range(step.src_end - step.src_start)
    ]


def _between(
    before: Sequence[str], old: range, after: Sequence[str], new: range
) -> Iterator[tuple[int, int]]:
    """Cells that differ: as many on both sides are the same columns; else those alike are."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    last = new.start if len(old) * len(new) <= CELLS else new.stop
    for i in old:
        for j in range(last, new.stop):
            if fuzz.ratio(before[i], after[j]) >= RENAMED:
                yield i, j
                last = j + 1
                break


def _border(old: str, before: Span, new: str, after: Span) -> Iterator[Replacement]:
    """What stands between two columns: borders, and cells that came or went."""
    one, other = old[before.start : before.end], new[after.start : after.end]
    room = min(len(one), len(other))
    start = 0
    while start < room and one[start] == other[start] and one[start] in BORDER:
        start += 1
    end = 0
    while end < room - start and one[-1 - end] == other[-1 - end] and one[-1 - end] in BORDER:
        end += 1
    if one != other:
        yield Replacement(
            old=Span(start=before.start + start, end=before.end - end),
            new=Span(start=after.start + start, end=after.end - end),
        )


def _shifted(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by)
