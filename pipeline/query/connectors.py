"""Read terms and connectors, as attorneys type them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.errors import QueryError
from pipeline.query.signs import is_connectors
from pipeline.query.tree import (
    AND,
    NOT,
    OR,
    And,
    Near,
    Node,
    Or,
    Tightness,
    Unit,
    Without,
    Word,
    leaves,
    rank,
    written,
)
from pipeline.query.typed import Piece, pieces

__all__ = ["And", "Near", "Node", "Or", "Unit", "Without", "Word"]
__all__ += ["is_connectors", "parse", "written"]

DEEPEST = 40  # connectors within each other
WIDEST = 400  # words of a tree, after AND was taken out of what is near

_UNITS: dict[str, Unit] = {"s": "sentence", "p": "paragraph"}


def parse(text: str) -> Node:
    """The tree of a query of terms and connectors; "and", "or" count in any case.

    Words with no connector between them stand next to each other, as LexisNexis reads them.
    Raises QueryError, which points at the mistake.
    """
    return _Parser(text).tree()


@dataclass
class _Parser:
    """Two stacks: what was read, and the connectors and parentheses that wait for their right."""

    text: str
    read: list[Node] = field(default_factory=list)
    waiting: list[Piece] = field(default_factory=list)

    def tree(self) -> Node:
        last: Piece | None = None
        for piece in pieces(self.text):
            self._check(piece, last)
            match piece.sort:
                case "words" | "phrase":
                    self.read.append(Word(words=piece.words, quoted=piece.sort == "phrase"))
                case "(":
                    self._wait(piece)
                case ")":
                    self._close(piece)
                case _:
                    self._join(_tightness(piece))
                    self._wait(piece)
            last = piece
        return self._finish(last)

    def _check(self, piece: Piece, last: Piece | None) -> None:
        """Two operands need a connector between them, and a connector something on its left."""
        starts = last is None or last.sort not in ("words", "phrase", ")")
        if piece.sort in ("words", "phrase", "("):
            if not starts:
                raise self._error("a connector is missing here: type AND, OR, /s, /p or /5", piece)
        elif starts and piece.sort == ")":
            raise self._error("nothing stands before this parenthesis: take it out", piece)
        elif starts and piece.sort == "not":
            raise self._error(f"{piece.raw} needs what you do want before it: a BUT NOT b", piece)
        elif starts:
            raise self._error(f"{piece.raw} has nothing on its left: type a word before it", piece)

    def _wait(self, piece: Piece) -> None:
        if len(self.waiting) >= DEEPEST:
            raise self._error(f"parentheses and connectors are nested deeper than {DEEPEST}", piece)
        self.waiting.append(piece)

    def _close(self, piece: Piece) -> None:
        self._join(None)
        if not self.waiting:
            raise self._error("this parenthesis was never opened: type a ( before, or none", piece)
        self.waiting.pop()

    def _join(self, key: Tightness | None) -> None:
        """Give the connectors that bind at least as tightly their right side; None: all."""
        while self.waiting and self.waiting[-1].sort != "(":
            if key is not None and _tightness(self.waiting[-1]) > key:
                return
            self._apply(self.waiting.pop())

    def _apply(self, piece: Piece) -> None:
        second, first = self.read.pop(), self.read.pop()
        match piece.sort:
            case "and":
                joined = _every((first, second))
            case "or":
                joined = _any((first, second))
            case "not":
                joined = Without(wanted=first, unwanted=second)
            case _:
                joined = self._near(piece, first, second)
        if _depth(joined) > DEEPEST:
            raise self._error(f"parentheses and connectors are nested deeper than {DEEPEST}", piece)
        self.read.append(joined)

    def _near(self, piece: Piece, first: Node, second: Node) -> Node:
        if _plain(first) and _plain(second):
            return _joined(piece, first, second)
        if len(leaves(first)) * len(leaves(second)) > WIDEST:
            raise self._error("this joins too many words with each other: split the query", piece)
        return _spread(piece, first, second)

    def _finish(self, last: Piece | None) -> Node:
        if last is None:
            raise QueryError("no word stands in this query", self.text, 0)
        if last.sort not in ("words", "phrase", ")"):
            problem = "opens and holds nothing" if last.sort == "(" else "has nothing on its right"
            raise self._error(f"{last.raw} {problem}: type a word behind it", last)
        self._join(None)
        if self.waiting:
            raise self._error("this parenthesis is not closed: type a )", self.waiting[-1])
        return self.read.pop()

    def _error(self, problem: str, piece: Piece) -> QueryError:
        return QueryError(problem, self.text, piece.at)


def _tightness(piece: Piece) -> Tightness:
    match piece.sort:
        case "or":
            return OR
        case "and":
            return AND
        case "not":
            return NOT
    unit = _UNITS.get(piece.unit, "words")
    return rank(unit, 0 if piece.unit in _UNITS else int(piece.unit), ordered=piece.ordered)


def _every(parts: tuple[Node, ...]) -> Node:
    return And(
        parts=tuple(p for part in parts for p in (part.parts if isinstance(part, And) else (part,)))
    )


def _any(parts: tuple[Node, ...]) -> Node:
    return Or(
        parts=tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,)))
    )


def _plain(node: Node) -> bool:
    """Whether it can stand on one side of a proximity connector."""
    match node:
        case Word() | Near():
            return True
        case Or():
            return all(map(_plain, node.parts))
        case _:
            return False


def _spread(piece: Piece, first: Node, second: Node) -> Node:
    """ "(a AND b) /p c" as "a /p c AND b /p c": near says nothing of a whole document."""
    if _plain(first) and _plain(second):
        return _joined(piece, first, second)
    split, is_first = (first, True) if not _plain(first) else (second, False)

    def beside(part: Node) -> Node:
        return _spread(piece, part, second) if is_first else _spread(piece, first, part)

    match split:
        case And():
            return _every(tuple(map(beside, split.parts)))
        case Or():
            return _any(tuple(map(beside, split.parts)))
        case Without():
            return Without(wanted=beside(split.wanted), unwanted=beside(split.unwanted))
        case _:
            return _joined(piece, first, second)


def _joined(piece: Piece, first: Node, second: Node) -> Near:
    unit = _UNITS.get(piece.unit, "words")
    distance = int(piece.unit) if unit == "words" else 0
    return Near(first=first, second=second, unit=unit, distance=distance, ordered=piece.ordered)


def _depth(node: Node) -> int:
    match node:
        case Word():
            return 0
        case And() | Or():
            return 1 + max(map(_depth, node.parts))
        case Without():
            return 1 + max(_depth(node.wanted), _depth(node.unwanted))
        case Near():
            return 1 + max(_depth(node.first), _depth(node.second))
