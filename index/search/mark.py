"""Mark the words of a passage that answer a query, and its sentence that answers best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum, log

from pipeline.model import Span
from pipeline.query import words
from pipeline.query.connectors import And, Near, Node, Or, Without, Word
from pipeline.query.model import Asked
from pipeline.query.words import Token
from pipeline.requirement import sentence_at

# Connectors' signs for letters: "accru!" any at the end, "wom*n" one, "judge*" one or none.
_SIGN = re.compile(r"!\Z|\*\Z|\*")
_ALIKE = 3  # letters at their beginning that a word and its stem share
_FOREIGN = re.compile(r"[^\W\x00-\x7f]|[\u0300-\u036f]")  # letters beyond ASCII, accents
_LETTERS = {"!": r"\w*", "*": r"[^\W_]"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is marked: stems, keys of what is whole, and `patterns` of words by their names.

    Each has its weight: the query's own words 1, what the thesaurus added less.
    """

    weights: Mapping[str, float]
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """What begins as a wanted word does: all others need not be looked at. A stem may end
        otherwise than its word ("fli" of "fly"), and never begins so."""
        stems = {name[: max(1, min(_ALIKE, len(name) - 1))] for name in self.weights}
        typed = (_SIGN.split(name)[0] for name in self.patterns)
        begun = stems - {*self.patterns} | {words.fold(each)[:_ALIKE] for each in typed}
        return re.compile(
            rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(begun)))})[^\W_]*", re.IGNORECASE
        )

    def called(self, word: str) -> tuple[str, ...]:
        """The names that a word of a text has here; the same few words stand in most texts."""
        if word not in self._called:
            token = Token(start=0, end=len(word), word=word)
            meant = [token.stem] if token.stem in self.weights else []
            meant += [name for name, said in self.patterns.items() if said.fullmatch(word)]
            self._called[word] = () if token.is_stop else tuple(meant)
        return self._called[word]

    @cached_property
    def _called(self) -> dict[str, tuple[str, ...]]:
        return {}


@dataclass(frozen=True, slots=True)
class Match:
    """A word of a text that is wanted, by its name there."""

    start: int
    end: int
    name: str


def wanted(asked: Asked) -> Wanted:
    """What is to be marked of a query. What it leaves out by NOT is never marked."""
    weighed: dict[str, float] = {}
    given = [(each.words, each.weight) for each in asked.terms] or [(asked.text, 1.0)]
    patterns: dict[str, re.Pattern[str]] = {}
    if asked.node is not None:
        typed = [word for each in _words(asked.node) for word in each.words]
        given = [(word, 1.0) for word in typed if not _SIGN.search(word)]
        patterns = {word: _pattern(word) for word in typed if _SIGN.search(word)}
    for said, weight in (*given, *((each.words, each.weight) for each in asked.expansions)):
        for name in _names(said):
            weighed[name] = max(weighed.get(name, 0.0), weight)
    return Wanted(weights=weighed | dict.fromkeys(patterns, 1.0), patterns=patterns)


def matches(text: str, sought: Wanted, keys: Collection[str] | None = None) -> tuple[Match, ...]:
    """The words of a text that are wanted, in order; what is whole before its own parts. `keys` are
    those of what is whole in it, where they are known: most texts then need no reading for them."""
    found = []
    for whole in words.wholes(text) if keys is None or sought.weights.keys() & keys else ():
        # A section is found by what it lies in, and "stop-time" by "stoptime".
        every = words.lineage(whole.word)
        found += [Match(whole.start, whole.end, name) for name in every if name in sought.weights]
    for start, end, word in _near(text, sought):
        found += [Match(start, end, name) for name in sought.called(word)]
    return tuple(sorted(found, key=lambda each: (each.start, -each.end)))


def weights(sought: Wanted, texts: Iterable[Sequence[Match]]) -> Mapping[str, float]:
    """What each word weighs: the more, the fewer of the texts hold it."""
    told = [{each.name for each in found} for found in texts]
    held = Counter(name for names in told for name in names)
    return {
        name: weight * log(1 + len(told) / held[name]) if name in held else weight
        for name, weight in sought.weights.items()
    }


def marks(text: str, found: Iterable[Match]) -> tuple[Span, ...]:
    """Where the words stand, in order and apart; neighbours with nothing but a space or a hyphen
    between them are one."""
    spans: list[Span] = []
    for each in found:
        between = text[spans[-1].end : each.start] if spans else ""
        if spans and (each.start <= spans[-1].end or between in (" ", "-")):
            spans[-1] = Span(start=spans[-1].start, end=max(spans[-1].end, each.end))
        else:
            spans.append(Span(start=each.start, end=each.end))
    return tuple(spans)


def best(text: str, found: Iterable[Match], weigh: Mapping[str, float]) -> Span | None:
    """The sentence that holds the most of what is wanted, each word once, and the earlier of two;
    None where nothing is found or the text is one sentence."""
    told: dict[tuple[int, int], set[str]] = {}
    at = Span(start=0, end=0)
    for each in found:
        if not at.start <= each.start < at.end:
            at = sentence_at(text, each.start)
        told.setdefault((at.start, at.end), set()).add(each.name)
    if not told:
        return None
    start, end = min(told, key=lambda at: (-fsum(weigh[name] for name in told[at]), at))
    if not text[:start].strip() and not text[end:].strip():
        return None
    # What stands between two sentences is part of neither.
    said = text[start:end]
    return Span(start=start + len(said) - len(said.lstrip()), end=start + len(said.rstrip()))


def score(found: Iterable[Match], weigh: Mapping[str, float]) -> float:
    """How much of what is wanted a text holds, each word once."""
    return fsum(weigh[name] for name in {each.name for each in found})


def _near(text: str, sought: Wanted) -> Iterator[tuple[int, int, str]]:
    """The words of a text that may be wanted; an accent hides how a word begins."""
    if not text.isascii() and _FOREIGN.search(text):
        yield from ((token.start, token.end, token.word) for token in words.tokens(text))
        return
    for found in sought.opening.finditer(text):
        yield *found.span(), found[0].lower()


def _names(said: str) -> Iterator[str]:
    """The names by which what was said is found. The parts of a hyphenated word are words too; a
    section's are not: "212" and "h" stand everywhere."""
    for token in words.terms(said):
        yield token.stem if not token.is_whole else token.word
        if token.is_whole and "-" in said[token.start : token.end]:
            parts = words.tokens(said[token.start : token.end])
            yield from (each.stem for each in parts if not each.is_stop and len(each.word) > 1)


def _pattern(word: str) -> re.Pattern[str]:
    """What a word with signs for letters stands for."""
    parts, at = [], 0
    for sign in _SIGN.finditer(word):
        optional = "?" if sign[0] == "*" and sign.end() == len(word) else ""
        parts += [re.escape(words.fold(word[at : sign.start()])), _LETTERS[sign[0]] + optional]
        at = sign.end()
    return re.compile("".join(parts) + re.escape(words.fold(word[at:])))


def _words(node: Node) -> Iterator[Word]:
    waiting: list[Node] = [node]
    while waiting:
        this = waiting.pop()
        if isinstance(this, Word):
            yield this
        elif isinstance(this, Without):
            waiting.append(this.wanted)
        elif isinstance(this, Near):
            waiting += (this.first, this.second)
        elif isinstance(this, And | Or):
            waiting += this.parts
