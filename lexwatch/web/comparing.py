"""Two texts as one page: what differs in reading order, with what is unchanged folded between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.redline import Line, Mark, Piece, redline
from alerts.untrusted import plain
from pipeline.model import Block, Change, Edit, EditKind
from pipeline.weight import NOISE

ROOM = 45_000  # bytes of what differs on a page, so that the whole of it stays under 100 kB
FOLDED = 25_000  # bytes of what is unchanged on a page; more is left out, and that is said
AROUND = 80  # unchanged words shown on either side of a change
LINE = 300  # bytes that a line costs besides its words


@dataclass(frozen=True, kw_only=True)
class Row:
    """Unchanged blocks, as positions in the new text (`words` empty where there was no room for
    them); or an edit, with where it came from if it moved."""

    same: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    line: Line | None = None
    moved: str = ""

    @property
    def before(self) -> tuple[Piece, ...]:
        """The side of the old text."""
        return tuple(each for each in self._pieces if each.mark is not Mark.INSERTED)

    @property
    def after(self) -> tuple[Piece, ...]:
        """The side of the new text."""
        return tuple(each for each in self._pieces if each.mark is not Mark.DELETED)

    @property
    def _pieces(self) -> tuple[Piece, ...]:
        return self.line.pieces if self.line else ()


def pages(change: Change) -> tuple[tuple[Row, ...], ...]:
    """The rows of a comparison, divided into pages; one at least."""
    found: list[list[Row]] = [[]]
    used = 0
    for row in _rows(change):
        cost = _cost(row)
        if used + cost > ROOM and found[-1]:
            found.append([])
            used = 0
        found[-1].append(row)
        used += cost
    return tuple(tuple(_folded(page, change.new.blocks)) for page in found)


def _rows(change: Change) -> Iterator[Row]:
    edits = [edit for edit in change.difference.edits if edit.rule not in NOISE]
    lines = redline(change, AROUND)
    if not lines:
        return
    old = change.old.blocks if change.old else ()
    kept_old = _untouched(len(old), (each.old_index for each in edits))
    kept_new = _untouched(len(change.new.blocks), (each.new_index for each in edits))
    done = 0
    for edit, line in zip(edits, lines, strict=True):
        # What is gone stands after as many unchanged blocks as it did in the old text.
        if edit.new_index is not None:
            until = bisect_left(kept_new, edit.new_index)
        else:
            until = min(bisect_left(kept_old, edit.old_index or 0), len(kept_new))
        if until > done:
            yield Row(same=tuple(kept_new[done:until]))
            done = until
        yield Row(line=line, moved=_moved(edit))
    if done < len(kept_new):
        yield Row(same=tuple(kept_new[done:]))


def _untouched(length: int, edited: Iterator[int | None]) -> list[int]:
    touched = {*edited}
    return [at for at in range(length) if at not in touched]


def _moved(edit: Edit) -> str:
    """From where a block moved, where its heading is another; "" of what did not move."""
    if edit.kind is not EditKind.MOVED or edit.old is None or edit.new is None:
        return ""
    if edit.old.trail == edit.new.trail:
        return "moved within its section"
    under = " › ".join(map(plain, edit.old.trail)) or "the beginning, before the first heading"
    return f"moved here from under “{under}”"


def _cost(row: Row) -> int:
    if row.line is None:
        return LINE
    kept = sum(len(each.text.encode()) for each in row.line.pieces)
    twice = sum(len(each.text.encode()) for each in row.line.pieces if each.mark is Mark.KEPT)
    return kept + twice + LINE


def _folded(page: Sequence[Row], blocks: Sequence[Block]) -> Iterator[Row]:
    """The rows with the words of what is unchanged, as far as there is room."""
    room = FOLDED
    for row in page:
        words = tuple(plain(blocks[at].text) for at in row.same)
        cost = sum(len(each.encode()) + 10 for each in words)
        if row.line is None and cost <= room:
            room -= cost
            yield Row(same=row.same, words=words)
        else:
            yield row
