"""Mark the words of a passage that answer a query, and its sentence that answers best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import log

from pipeline.model import Span
from pipeline.query import words
from pipeline.query.connectors import And, Near, Node, Or, Without, Word
from pipeline.query.model import Asked
from pipeline.query.words import Token
from pipeline.requirement import sentence_at

# Connectors' signs for letters: "accru!" any at the end, "wom*n" one, "judge*" one or none.
_SIGN = re.compile(r"!\Z|\*\Z|\*")
_LETTERS = {"!": r"\w*", "*": r"[^\W_]"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is marked: stems, keys of what is whole, and `patterns` of words by their names.

    Each has its weight: the query's own words 1, what the thesaurus added less."""

    weights: Mapping[str, float]
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    rarity: Mapping[str, float] = field(default_factory=dict)

    def weigh(self, name: str) -> float:
        return self.weights[name] * self.rarity.get(name, 1.0)


def wanted(asked: Asked) -> Wanted:
    """What is to be marked of a query. What it leaves out by NOT is never marked."""
    weights: dict[str, float] = {}
    given = [(each.words, each.weight) for each in asked.terms] or [(asked.text, 1.0)]
    patterns: dict[str, re.Pattern[str]] = {}
    if asked.node is not None:
        typed = [word for each in _words(asked.node) for word in each.words]
        given = [(word, 1.0) for word in typed if not _SIGN.search(word)]
        patterns = {word: _pattern(word) for word in typed if _SIGN.search(word)}
    for said, weight in (*given, *((each.words, each.weight) for each in asked.expansions)):
        for name in _names(said):
            weights[name] = max(weights.get(name, 0.0), weight)
    return Wanted(weights=weights | dict.fromkeys(patterns, 1.0), patterns=patterns)


def rarer(sought: Wanted, texts: Iterable[str]) -> Wanted:
    """The same, with a word weighing the more the fewer of `texts` hold it."""
    told = [{name for _, name in _matched(text, sought)} for text in texts]
    held = Counter(name for names in told for name in names)
    rarity = {name: log(1 + len(told) / count) for name, count in held.items()}
    return replace(sought, rarity=rarity)


def marks(text: str, sought: Wanted) -> tuple[Span, ...]:
    """Where the words stand, in order and apart; neighbours with nothing but a space or a hyphen
    between them are one."""
    spans: list[Span] = []
    for token, _ in sorted(_matched(text, sought), key=lambda found: found[0].start):
        if spans and token.start <= spans[-1].end:
            spans[-1] = Span(start=spans[-1].start, end=max(spans[-1].end, token.end))
        elif spans and text[spans[-1].end : token.start] in (" ", "-"):
            spans[-1] = Span(start=spans[-1].start, end=token.end)
        else:
            spans.append(Span(start=token.start, end=token.end))
    return tuple(spans)


def best(text: str, sought: Wanted) -> Span | None:
    """The sentence that holds the most of what is sought, rare words before common ones and the
    earlier of two; None where nothing is found or the text is one sentence."""
    told: dict[tuple[int, int], set[str]] = {}
    for token, name in _matched(text, sought):
        at = sentence_at(text, token.start)
        told.setdefault((at.start, at.end), set()).add(name)
    if not told:
        return None
    start, end = min(told, key=lambda at: (-sum(map(sought.weigh, told[at])), at))
    if not text[:start].strip() and not text[end:].strip():
        return None
    # What stands between two sentences is part of neither.
    said = text[start:end]
    return Span(start=start + len(said) - len(said.lstrip()), end=start + len(said.rstrip()))


def score(text: str, sought: Wanted) -> float:
    """How much of what is sought a text holds, each word once."""
    return sum(map(sought.weigh, {name for _, name in _matched(text, sought)}))


def _matched(text: str, sought: Wanted) -> Iterator[tuple[Token, str]]:
    """The words of a text that are sought, each with the name it is sought by."""
    for whole in words.wholes(text):
        # A section is found by what it lies in, and "stop-time" by "stoptime".
        for name in words.keys(text[whole.start : whole.end]):
            if name in sought.weights:
                yield whole, name
                break
    for token in words.tokens(text):
        if token.is_stop:
            continue
        if token.stem in sought.weights:
            yield token, token.stem
        else:
            every = sought.patterns.items()
            yield from ((token, name) for name, said in every if said.fullmatch(token.word))


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
