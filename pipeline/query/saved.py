"""Read a saved search, and find which of many texts meet which of many searches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.errors import QueryError
from pipeline.query.connectors import is_connectors, parse
from pipeline.query.forms import Part, forms
from pipeline.query.places import Place, Reading, is_met, places
from pipeline.query.tree import And, Near, Node, Or, Without, Word
from pipeline.query.words import stem, terms, tokens

MOST = 100  # words of a search without connectors
_QUOTED = re.compile('["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d\u201e]')

Bounds = tuple[int, int]  # bit by bit, which texts surely meet it, and which may


def read(text: str) -> Node:
    """The tree of a search: its terms and connectors; of words without any, that all of them stand
    in one text, stemmed, and what is quoted as it is.

    Raises QueryError, which points at the mistake.
    """
    if is_connectors(text):
        return parse(text)
    if (at := _alone(text)) is not None:
        raise QueryError(f"{text[at]} stands alone: close it, or take it out", text, at)
    words = tuple(dict.fromkeys(_words(text)))
    if not words:
        raise QueryError("no word stands in this search: type one", text, 0)
    if len(words) > MOST:
        raise QueryError(f"a search has {MOST} words at most: take some out", text, 0)
    return words[0] if len(words) == 1 else And(parts=words)


def _alone(text: str) -> int | None:
    """Where a parenthesis or a quotation mark stands without its other half: what was typed is not
    what was meant, and whoever saves it relies on it."""
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign == "(":
            opened.append(at)
        elif sign == ")":
            if not opened:
                return at
            opened.pop()
    marks = [at for at, sign in enumerate(text) if sign == '"']
    return next(iter(opened), marks[-1] if len(marks) % 2 else None)


def _words(text: str) -> Iterator[Word]:
    bare = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    # Words that say nothing count where there are no others.
    for each in list(terms(bare)) or ([] if _QUOTED.search(text) else tokens(bare)):
        yield Word(words=tuple(text[each.start : each.end].split()))
    for found in _QUOTED.finditer(text):
        if re.search(r"\w", found[1]):
            yield Word(words=tuple(found[1].split()), quoted=True)


class Shelf:
    """Texts that many searches are asked of; the lines of each are its paragraphs.

    What stands where is noted once for all words, so that a search reads only the texts that may
    meet it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._readings = [Reading(text) for text in texts]
        self._all = (1 << len(texts)) - 1
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        for number, reading in enumerate(self._readings):
            for column, words in enumerate((reading.words(), reading.joined_words())):
                for word in words:
                    for known, name in ((self._words, word), (self._stems, stem(word))):
                        known.setdefault(name, [0, 0])[column] |= 1 << number
        self._part = cache(self._bounds_of_part)

    def meeting(self, node: Node) -> list[int]:
        """The numbers of the texts that meet a tree, each read as one document."""
        sure, may = self._bounds(node)
        return [
            number
            for number in _bits(sure | may)
            if sure >> number & 1 or is_met(node, self._readings[number])
        ]

    def place(self, node: Node, number: int) -> Place:
        """Where in a text that meets a tree one of its words stands."""
        return _place(node, self._readings[number]) or (0, 0)

    def _bounds(self, node: Node) -> Bounds:
        match node:
            case Word():
                return _either(map(self._of_form, forms(node)))
            case And():
                return self._every(node.parts)
            case Or():
                return _either(map(self._bounds, node.parts))
            case Without():
                (sure, may), (held, may_hold) = map(self._bounds, (node.wanted, node.unwanted))
                return sure & ~may_hold, may & ~held
            case Near():
                return 0, self._every((node.first, node.second))[1]

    def _every(self, nodes: Sequence[Node]) -> Bounds:
        sure = may = self._all
        for each in map(self._bounds, nodes):
            sure, may = sure & each[0], may & each[1]
        return sure, may

    def _of_form(self, form: tuple[Part, ...]) -> Bounds:
        found = [self._part(part) for part in form]
        may = self._all
        for _, each in found:
            may &= each
        is_one = len(form) == 1 and form[0].initial is None
        return (found[0][0] if is_one else 0), may

    def _bounds_of_part(self, part: Part) -> Bounds:
        if part.is_open:
            held = [each for word, each in self._words.items() if part.accepts(word)]
        else:
            known, name = (
                (self._words, part.letters) if part.is_exact else (self._stems, stem(part.letters))
            )
            held = [known.get(name, [0, 0])]
        sure = joined = 0
        for each in held:
            sure, joined = sure | each[0], joined | each[1]
        return sure, sure | joined


def _place(node: Node, reading: Reading) -> Place | None:
    match node:
        case Word():
            return next((place for form in forms(node) for place in reading.find(form)), None)
        case And() | Or():
            return next(filter(None, (_place(part, reading) for part in node.parts)), None)
        case Without():
            return _place(node.wanted, reading)
        case Near():
            return next(iter(places(node, reading)), None)


def _either(bounds: Iterator[Bounds]) -> Bounds:
    sure = may = 0
    for each in bounds:
        sure, may = sure | each[0], may | each[1]
    return sure, may


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
