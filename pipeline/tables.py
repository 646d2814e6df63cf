"""Which table of the old text is which table of the new, and which row is which row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.cells import CELL
from pipeline.likeness import ALIKE, Sides, first_cell
from pipeline.matching import Matching
from pipeline.model import Block, BlockKind

# Of more tables than that in one stretch, only those of the same place in it are compared.
TABLES = 50
DEEPEST = 8  # no table needs more cells to tell its rows apart


@dataclass(frozen=True)
class Table:
    """The positions of rows that follow one another under one trail; its first is its header.
    `number` is its place among the tables of its section."""

    rows: tuple[int, ...]
    number: int


def tables(blocks: Sequence[Block], positions: Iterable[int]) -> list[Table]:
    """The tables among the blocks at these positions, in order."""
    runs: list[list[int]] = []
    for position in positions:
        if blocks[position].kind is not BlockKind.ROW:
            continue
        is_next = runs and runs[-1][-1] == position - 1
        if is_next and blocks[position].trail == blocks[position - 1].trail:
            runs[-1].append(position)
        else:
            runs.append([position])
    return [Table(tuple(rows), number) for number, rows in enumerate(runs)]


def paired(sides: Sides, old: Sequence[Table], new: Sequence[Table]) -> list[tuple[Table, Table]]:
    """Tables that have rows, keys, their header or the words above them in common, those with the
    most first."""
    near = [(one, other) for one in old for other in new]
    if len(near) > TABLES**2:
        near = list(zip(old, new, strict=False))
    scores = [(_common(sides, *pair), -abs(pair[0].number - pair[1].number)) for pair in near]
    ranked = sorted(range(len(near)), key=lambda at: scores[at], reverse=True)
    found: dict[Table, Table] = {}
    taken: set[Table] = set()
    for at in ranked:
        one, other = near[at]
        if scores[at][0] and one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return [(one, found[one]) for one in old if one in found]


def match_rows(matching: Matching, old: Table, new: Table) -> None:
    """Pair the rows of one table: those that say the same, those of one key, the headers, and
    between two of them the rows of which only the key changed."""
    matching.take_same(old.rows, new.rows)
    for gap in matching.gaps(old.rows, new.rows):
        _match_keys(matching, *gap, depth=1)
    matching.take_same_anywhere(old.rows, new.rows)
    _match_unique(matching, matching.free_old(old.rows), matching.free_new(new.rows))
    if matching.free_old(old.rows[:1]) and matching.free_new(new.rows[:1]):
        matching.take(old.rows[0], new.rows[0])
    for before, after in matching.gaps(old.rows, new.rows):
        _match_rest(matching, before, after)


def _common(sides: Sides, old: Table, new: Table) -> float:
    """The share of rows and of keys in common, and half a point each for the same header and the
    same words above the table."""
    longer = max(len(old.rows), len(new.rows))
    rows = _shared((sides.old_texts[i] for i in old.rows), (sides.new_texts[j] for j in new.rows))
    keys = _shared(_keys(sides.old_texts, old.rows), _keys(sides.new_texts, new.rows))
    is_headed = sides.old_texts[old.rows[0]] == sides.new_texts[new.rows[0]]
    above, other = old.rows[0] - 1, new.rows[0] - 1
    is_led = min(above, other) >= 0 and sides.old_texts[above] == sides.new_texts[other]
    return (rows + keys) / longer + (is_headed + is_led) / 2


def _shared(old: Iterable[str], new: Iterable[str]) -> int:
    return (Counter(old) & Counter(new)).total()


def _keys(texts: Sequence[str], rows: Iterable[int]) -> Iterator[str]:
    return (first_cell(texts[row]) for row in rows)


def _match_keys(matching: Matching, old: Sequence[int], new: Sequence[int], *, depth: int) -> None:
    """Pair rows by their first cells: by as many as it takes to tell them apart."""
    after = _grouped(matching.sides.new_texts, new, depth)
    for key, rows in _grouped(matching.sides.old_texts, old, depth).items():
        others = after.get(key, [])
        if len(rows) == len(others) == 1:
            matching.take(rows[0], others[0])
        elif rows and others:
            matching.take_same_anywhere(rows, others)
            left, right = matching.free_old(rows), matching.free_new(others)
            if depth < DEEPEST:
                _match_keys(matching, left, right, depth=depth + 1)
            for gap in matching.gaps(rows, others):
                matching.take_alike(*gap, ALIKE)


def _grouped(
    texts: Sequence[str], rows: Iterable[int], depth: int
) -> dict[tuple[str, ...], list[int]]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        cells = texts[row].split(CELL, depth)
        groups[tuple(cell.strip() for cell in cells[:depth])].append(row)
    return groups


def _match_unique(matching: Matching, old: Sequence[int], new: Sequence[int]) -> None:
    """Pair rows that stand at other places, by keys that stand once on either side."""
    after = _grouped(matching.sides.new_texts, new, 1)
    for key, rows in _grouped(matching.sides.old_texts, old, 1).items():
        others = after.get(key, [])
        if len(rows) == len(others) == 1 and any(key):
            matching.take(rows[0], others[0])


def _match_rest(matching: Matching, old: Sequence[int], new: Sequence[int]) -> None:
    """Pair rows between the same neighbours that say the same in all cells but the first."""
    after: dict[str, list[int]] = defaultdict(list)
    for j in reversed(new):
        after[_rest(matching.sides.new_texts[j])].append(j)
    for i in old:
        rest = _rest(matching.sides.old_texts[i])
        if rest and after[rest]:
            matching.take(i, after[rest].pop())


def _rest(text: str) -> str:
    return text.partition(CELL)[2].strip(f"{CELL} ")
