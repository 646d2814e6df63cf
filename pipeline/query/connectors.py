"""Terms and connectors, as attorneys type them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.errors import QueryError
from pipeline.query.signs import is_connectors
from pipeline.query.typed import Piece, pieces

__all__ = ["And", "Near", "Node", "Or", "Unit", "Without", "Word"]
__all__ += ["is_connectors", "leaves", "parse", "written"]

Unit = Literal["words", "sentence", "paragraph"]

DEEPEST = 40  # connectors within each other
WIDEST = 400  # words of a tree, after AND was taken out of what is near


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word, or several that stand next to each other, as typed.

    In each, a last "!" stands for any letters, a "*" for one letter, at its end for one or none.
    `quoted`: exactly these words, unstemmed.
    """

    words: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True, kw_only=True)
class And:
    """All of them, in one document."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Or:
    """Any of them."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Without:
    """`wanted`, in no document that holds `unwanted`."""

    wanted: Node
    unwanted: Node


@dataclass(frozen=True, kw_only=True)
class Near:
    """Both within `distance` words, one sentence or one paragraph; `ordered`: in this order.

    Neither side holds an And or a Without: what is typed so is said of each part.
    """

    first: Node
    second: Node
    unit: Unit
    distance: int = 0
    ordered: bool = False


Node = Word | And | Or | Without | Near

_UNITS: dict[str, Unit] = {"s": "sentence", "p": "paragraph"}
_RANK = {"sentence": 2, "paragraph": 3}
_SIGNS = {"sentence": "s", "paragraph": "p"}
# How tightly a connector binds, the tightest first: as Westlaw documents it, and LexisNexis as far
# as both have it. Phrase, OR, /n (the smaller number first), /s, /p, AND, BUT NOT; of the same, the
# ordered first, then from left to right.
_Key = tuple[int, int, int]
_OR, _AND, _NOT = (0, 0, 0), (4, 0, 0), (5, 0, 0)


def parse(text: str) -> Node:
    """The tree of a query of terms and connectors; "and", "or" count in any case.

    Words with no connector between them stand next to each other, as LexisNexis reads them.
    Raises QueryError, which points at the mistake.
    """
    return _Parser(text).tree()


def written(node: Node) -> str:
    """A tree as it could have been typed: parsed again it is the same tree."""
    match node:
        case Word():
            words = " ".join(node.words)
            return f'"{words}"' if node.quoted else words
        case And() | Or():
            sign = " AND " if isinstance(node, And) else " OR "
            return sign.join(_within(part, _key(node), left=False) for part in node.parts)
        case Without():
            wanted = _within(node.wanted, _NOT, left=True)
            return f"{wanted} BUT NOT {_within(node.unwanted, _NOT, left=False)}"
        case Near():
            key = _key(node)
            sign = ("+" if node.ordered else "/") + _SIGNS.get(node.unit, str(node.distance))
            first, second = _within(node.first, key, left=True), _within(node.second, key, left=False)
            return f"{first} {sign} {second}"


def leaves(node: Node) -> tuple[Word, ...]:
    """The words and phrases of a tree, in order, those it excludes too."""
    match node:
        case Word():
            return (node,)
        case And() | Or():
            return tuple(leaf for part in node.parts for leaf in leaves(part))
        case Without():
            return leaves(node.wanted) + leaves(node.unwanted)
        case Near():
            return leaves(node.first) + leaves(node.second)


@dataclass
class _Parser:
    """Two stacks: what was read, and the connectors and parentheses that wait for their right side."""

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

    def _join(self, key: _Key | None) -> None:
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


def _tightness(piece: Piece) -> _Key:
    match piece.sort:
        case "or":
            return _OR
        case "and":
            return _AND
        case "not":
            return _NOT
    unit = _UNITS.get(piece.unit, "words")
    return _rank(unit, 0 if piece.unit in _UNITS else int(piece.unit), ordered=piece.ordered)


def _key(node: Node) -> _Key:
    match node:
        case Word():
            return (-1, 0, 0)
        case Or():
            return _OR
        case And():
            return _AND
        case Without():
            return _NOT
        case Near():
            return _rank(node.unit, node.distance, ordered=node.ordered)


def _rank(unit: Unit, distance: int, *, ordered: bool) -> _Key:
    return (_RANK.get(unit, 1), distance, 0 if ordered else 1)


def _within(node: Node, key: _Key, *, left: bool) -> str:
    """A side as typed, in parentheses where it would else be read otherwise."""
    own = _key(node)
    return written(node) if own < key or (left and own == key) else f"({written(node)})"


def _every(parts: tuple[Node, ...]) -> Node:
    return And(parts=tuple(p for part in parts for p in (part.parts if isinstance(part, And) else (part,))))


def _any(parts: tuple[Node, ...]) -> Node:
    return Or(parts=tuple(p for part in parts for p in (part.parts if isinstance(part, Or) else (part,))))


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
    """"(a AND b) /p c" as "a /p c AND b /p c": near says nothing of a whole document."""
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
