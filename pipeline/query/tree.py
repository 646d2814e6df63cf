"""The tree of terms and connectors, and how it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["words", "sentence", "paragraph"]


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

_RANKS = {"sentence": 2, "paragraph": 3}
_SIGNS = {"sentence": "s", "paragraph": "p"}
# How tightly a connector binds, the tightest first: as Westlaw documents it, and LexisNexis as far
# as both have it. Phrase, OR, /n (the smaller number first), /s, /p, AND, BUT NOT; of the same, the
# ordered first, then from left to right.
Tightness = tuple[int, int, int]
# A word that would be read as a connector, or as the sign before a query, stands between periods,
# as "or." was typed to be one.
_BARE = re.compile(
    r"\A(?:and|or|not|I&N.+|(?:w|near|pre|onear)?/\w+|(?:adv|advanced):.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
OR, AND, NOT = (0, 0, 0), (4, 0, 0), (5, 0, 0)


def written(node: Node) -> str:
    """A tree as it could have been typed: parsed again it is the same tree."""
    match node:
        case Word():
            if node.quoted:
                return f'"{" ".join(node.words)}"'
            return " ".join(_BARE.sub(r".\g<0>.", word) for word in node.words)
        case And() | Or():
            sign = " AND " if isinstance(node, And) else " OR "
            return sign.join(_within(part, tightness(node), left=False) for part in node.parts)
        case Without():
            wanted = _within(node.wanted, NOT, left=True)
            return f"{wanted} BUT NOT {_within(node.unwanted, NOT, left=False)}"
        case Near():
            key = tightness(node)
            sign = ("+" if node.ordered else "/") + _SIGNS.get(node.unit, str(node.distance))
            first, second = (
                _within(node.first, key, left=True),
                _within(node.second, key, left=False),
            )
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


def wanted(node: Node) -> Node:
    """A tree without what it excludes."""
    match node:
        case Without():
            return wanted(node.wanted)
        case And():
            return And(parts=tuple(map(wanted, node.parts)))
        case Or():
            return Or(parts=tuple(map(wanted, node.parts)))
        case _:
            return node


def excluded(node: Node, *, within: bool = False) -> Iterator[Node]:
    """The words and the pairs that a tree excludes; `within`: it is itself excluded."""
    match node:
        case Without():
            yield from excluded(node.wanted, within=within)
            yield from excluded(node.unwanted, within=not within)
        case And() | Or():
            for part in node.parts:
                yield from excluded(part, within=within)
        case _ if within:
            yield node


def tightness(node: Node) -> Tightness:
    """How tightly a tree's own connector binds."""
    match node:
        case Word():
            return (-1, 0, 0)
        case Or():
            return OR
        case And():
            return AND
        case Without():
            return NOT
        case Near():
            return rank(node.unit, node.distance, ordered=node.ordered)


def rank(unit: Unit, distance: int, *, ordered: bool) -> Tightness:
    """How tightly a proximity connector binds."""
    return (_RANKS.get(unit, 1), distance, 0 if ordered else 1)


def _within(node: Node, key: Tightness, *, left: bool) -> str:
    """A side as typed, in parentheses where it would else be read otherwise."""
    own = tightness(node)
    return written(node) if own < key or (left and own == key) else f"({written(node)})"
