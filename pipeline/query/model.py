"""The nouns of a query:

shape      what a query is: a citation, a name, terms and connectors, or a question
term       words that are looked for together, with their weight
expansion  words of the law that a query's own words stand for, by an entry of the thesaurus
asked      a query as it was read
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.model import Citation
from pipeline.query.connectors import Node

ALIKE = "like "  # and a phrase in quotation marks


class Shape(StrEnum):
    """What a query is, which decides how it is answered."""

    CITATION = "citation"  # nothing but a citation or an identifier: looked up
    NAME = "name"  # of a case, a rule, a form, a chapter: a known item
    CONNECTORS = "terms and connectors"
    QUESTION = "question"  # or a client's facts, or plain words


@dataclass(frozen=True, kw_only=True)
class Term:
    """Words that are looked for: one, or several that stand next to each other. `weight` is 1 for
    what was typed. `demanded`: a document without it is no answer, as of what stood in quotes."""

    words: str
    weight: float = 1.0
    demanded: bool = False


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """`words` were added because the query says `matched`, by the thesaurus's entry `entry`.

    Of an entry that is near in meaning alone, `matched` is `ALIKE` and a phrase of that entry,
    which nobody wrote.

    `kind` is what they are: "term", "short", "form" or "law"; `weight`, 0 to 1, is what they count
    beside the query's own.
    """

    entry: str
    matched: str
    words: str
    kind: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query as it was read.

    `citations` are the authorities and identifiers that it names, wherever in it; `terms` its words
    and quoted phrases; `expansions` what the thesaurus adds to these (never to what is quoted);
    `node` the tree of its terms and connectors, None of another shape; `notes` say what was taken
    for granted in reading it.
    """

    text: str
    shape: Shape
    citations: tuple[Citation, ...] = ()
    terms: tuple[Term, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    node: Node | None = None
    notes: tuple[str, ...] = ()
