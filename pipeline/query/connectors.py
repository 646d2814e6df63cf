"""Terms and connectors, as attorneys type them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["words", "sentence", "paragraph"]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word, or several that stand next to each other ("quoted"). `ends_open`: `accru!`;
    `quoted`: exactly these words, unstemmed."""

    words: tuple[str, ...]
    ends_open: bool = False
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
    """Both within `distance` words, one sentence or one paragraph; `ordered`: in this order."""

    first: Node
    second: Node
    unit: Unit
    distance: int = 0
    ordered: bool = False


Node = Word | And | Or | Without | Near
