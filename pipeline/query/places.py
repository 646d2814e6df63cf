"""Find where the words of a tree stand in a text, and whether the text meets the tree."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from pipeline.query.forms import Form, Part, forms
from pipeline.query.tree import And, Near, Node, Or, Without, Word
from pipeline.requirement import sentence_at

Place = tuple[int, int]  # a word or phrase in a text: from, to, half-open
_Side = Literal["first", "last", "any"]

_NEXT = re.compile(r"([\W_]*)([^\W_]+)")
# What stands between two spaces or dashes counts as one word: "212(a)(6)(C)", "stop-time".
_GAP = re.compile(r"[\s\u2014]+")
_SINGLE = re.compile(r"[^\W_]+")
_CHAIN = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")
_HYPHEN = re.compile("[-\u2010\u2011]")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


class _Bare(dict[int, int]):
    """Letters without their accents, one for one, so that places stay as they are."""

    def __missing__(self, letter: int) -> int:
        self[letter] = ord(unicodedata.normalize("NFD", chr(letter))[0])
        return self[letter]


_BARE = _Bare()


class Reading:
    """A text as it is searched. Its lines are its paragraphs."""

    def __init__(self, text: str) -> None:
        self.text = text
        small = text.lower()
        if len(small) != len(text):
            small = "".join(letter.lower()[0] for letter in text)
        accented = not small.isascii() and _ACCENTED.search(small)
        self._small = small.translate(_BARE) if accented else small

    def find(self, form: Form) -> Iterator[Place]:
        """The places of one form of a word or phrase."""
        first, *rest = form
        for place in self._words(first):
            end = self._follow(place[1], rest)
            if end:
                yield place[0], end
        if not rest:
            yield from self._joined(first)

    def words(self) -> set[str]:
        """Every word that `find` may find by itself."""
        return set(_SINGLE.findall(self._small))

    def joined_words(self) -> set[str]:
        """What it may find as one word of several that hyphens join: "non-immigrant"."""
        chains = (_SINGLE.findall(found[0]) for found in _CHAIN.finditer(self._small))
        return {"".join(chain[at:]) for chain in chains for at in range(len(chain) - 1)}

    def words_between(self, left: int, right: int) -> int:
        """How many words further on the place `right` is: 1 of the next."""
        return sum(1 for _ in _GAP.finditer(self.text, left, right))

    def is_one_paragraph(self, left: int, right: int) -> bool:
        return self.text.find("\n", left, right) < 0

    def is_one_sentence(self, left: int, right: int) -> bool:
        if not self.is_one_paragraph(left, right):
            return False
        begin = self.text.rfind("\n", 0, left) + 1
        end = self.text.find("\n", right)
        line = self.text[begin : end if end >= 0 else None]
        return sentence_at(line, left - begin) == sentence_at(line, right - begin)

    def _words(self, part: Part) -> Iterator[Place]:
        for found in part.begins.finditer(self._small):
            start = found.start()
            begins = start == 0 or not self._small[start - 1].isalnum()
            if begins and part.accepts(found[0]) and self._is_named(part, start):
                yield start, found.end()

    def _follow(self, end: int, rest: Iterable[Part]) -> int:
        """Where a phrase ends whose first word ends at `end`; 0 where it doesn't go on."""
        for part in rest:
            found = _NEXT.match(self._small, end)
            if found is None or not part.accepts(found[2]):
                return 0
            if not self._is_named(part, found.start(2)):
                return 0
            if part.is_glued and "(" not in found[1] and _GAP.search(found[1]):
                return 0
            end = found.end()
        return end

    def _is_named(self, part: Part, start: int) -> bool:
        """Whether a letter of initials has the neighbours that it needs."""
        return part.initial is None or part.initial.match(self._small, start) is not None

    def _joined(self, part: Part) -> Iterator[Place]:
        """Words with hyphens that are one word as typed: "non-immigrant"."""
        for found in chain.from_iterable(each.finditer(self._small) for each in part.joined):
            start = found.start()
            if start and self._small[start - 1].isalnum():
                continue
            if part.accepts(_HYPHEN.sub("", found[0])):
                yield start, found.end()


def is_met(node: Node, reading: Reading) -> bool:
    """Whether a text, read as one document, meets a tree."""
    match node:
        case And():
            return all(is_met(part, reading) for part in node.parts)
        case Or():
            return any(is_met(part, reading) for part in node.parts)
        case Without():
            return is_met(node.wanted, reading) and not is_met(node.unwanted, reading)
        case Word():
            return any(True for form in forms(node) for _ in reading.find(form))
        case Near():
            return any(True for _ in _near(node, reading, "any"))


def places(node: Node, reading: Reading) -> list[Place]:
    """Where the words of a tree stand, in order; of what is near each other, only such words.

    What stands near a pair stands near one of the two; behind an ordered pair, near its second.
    """
    return _places(node, reading, "any")


def _places(node: Node, reading: Reading, side: _Side) -> list[Place]:
    match node:
        case Word():
            return sorted({place for form in forms(node) for place in reading.find(form)})
        case Or() | And():
            return sorted({p for part in node.parts for p in _places(part, reading, side)})
        case Without():
            return _places(node.wanted, reading, side)
        case Near():
            return sorted(set(_near(node, reading, side)))


def _near(node: Near, reading: Reading, side: _Side) -> Iterator[Place]:
    """The places of both sides that stand near one of the other; of an ordered pair of the side
    asked for."""
    first = _places(node.first, reading, "last" if node.ordered else "any")
    second = _places(node.second, reading, "first" if node.ordered else "any") if first else []
    if second and not (node.ordered and side == "last"):
        yield from _beside(node, reading, first, second, before=not node.ordered, after=True)
    if second and not (node.ordered and side == "first"):
        yield from _beside(node, reading, second, first, before=True, after=not node.ordered)


def _beside(
    node: Near,
    reading: Reading,
    chosen: list[Place],
    others: list[Place],
    *,
    before: bool,
    after: bool,
) -> Iterator[Place]:
    """Those of `chosen` with one of `others` near, `after` or `before`; never the same words."""
    begins = sorted(place[0] for place in others)
    ends = sorted(place[1] for place in others)
    for begin, end in chosen:
        following, preceding = bisect_left(begins, end), bisect_left(ends, begin + 1) - 1
        behind = after and following < len(begins)
        if (behind and _is_near(node, reading, end, begins[following])) or (
            before and preceding >= 0 and _is_near(node, reading, ends[preceding], begin)
        ):
            yield begin, end


def _is_near(node: Near, reading: Reading, left: int, right: int) -> bool:
    """Whether what begins at `right` is near what ends at `left`."""
    match node.unit:
        case "words":
            return reading.words_between(left, right) <= node.distance
        case "sentence":
            return reading.is_one_sentence(left - 1, right)
        case "paragraph":
            return reading.is_one_paragraph(left, right)
