"""The thesaurus of immigration language: what a query's words stand for in the words of the law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from pipeline.query.entry import PACKAGED, Entry, read
from pipeline.query.model import ALIKE, Expansion
from pipeline.query.triggers import Said, Triggers, triggers

# What words count for that are added, by how the idea was said and by what is added. A synonym and
# its abbreviation are the same words to a lawyer; a layman's may mean something near; that words
# stand together is a guess. A form or a provision goes with many ideas.
_WEIGHTS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "term": {"term": 0.6, "short": 0.8, "law": 0.4, "form": 0.3},
        "short": {"term": 0.8, "short": 0.6, "law": 0.4, "form": 0.3},
        "lay": {"term": 0.6, "short": 0.4, "law": 0.4, "form": 0.3},
        "when": {"term": 0.5, "short": 0.3, "law": 0.3, "form": 0.2},
        "form": {"term": 0.5, "short": 0.4, "law": 0.3, "form": 0.2},
        "law": {"term": 0.5, "short": 0.4, "law": 0.3, "form": 0.2},
        "alike": {"term": 0.5, "short": 0.3, "law": 0.3, "form": 0.2},
    }
)
_LATER = 0.8  # of terms after the first, which names the idea
_READINGS = 0.5  # of entries that share their words with another
_MOST = 24  # words added to one query: more, and a page of facts drowns in what it might mean
_OF_ONE = 6  # words added by one entry
# Cosines from which a query is taken to be like the likeliest lay phrase, and like others; measured
# (docs/thesaurus.md). At `_SAME` it is as good as said.
_LIKE, _VERY, _SAME = 0.55, 0.65, 0.85
_GUESSES = 3  # entries that come by meaning alone
_NONE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class _Met:
    """An entry that a query says: how, in which of its words, and how surely (0 to 1)."""

    entry: Entry
    kind: str
    matched: str
    surety: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Thesaurus:
    """The entries, ready to be found in a query."""

    entries: tuple[Entry, ...]
    triggers: Triggers

    @cached_property
    def lay(self) -> tuple[str, ...]:
        """Every lay phrase once, to be embedded: what `expand` wants likenesses to."""
        return tuple(dict.fromkeys(chain.from_iterable(entry.lay for entry in self.entries)))

    @cached_property
    def said(self) -> tuple[str, ...]:
        """Every term and abbreviation once: the words that `expand` may add."""
        words = chain.from_iterable((*entry.terms, *entry.short) for entry in self.entries)
        return tuple(dict.fromkeys(words))

    def expand(self, text: str, alike: Mapping[str, float] = _NONE) -> tuple[Expansion, ...]:
        """What the query's words stand for, the surest first, at most 24; never a lay phrase, and
        nothing that the query says itself.

        What stands in quotation marks is meant to the letter: it brings in nothing. `alike` is the
        cosine of the query to lay phrases: where its words say nothing, at most the three likeliest
        entries come by it.
        """
        said = self.triggers.said(text)
        met = [*self._said(said), *self._alike(said, alike)]
        found: dict[str, Expansion] = {}
        for each in met:
            for expansion in _added(each, said.there):
                known = found.setdefault(expansion.words, expansion)
                if known.weight < expansion.weight:
                    found[expansion.words] = expansion
        return tuple(sorted(found.values(), key=lambda one: -one.weight)[:_MOST])

    def _said(self, said: Said) -> Iterable[_Met]:
        """Each entry once, as it is said most surely."""
        met: dict[int, _Met] = {}
        for match in said.matches:
            one = _Met(self.entries[match.entry], match.kind, match.words)
            known = met.setdefault(match.entry, one)
            if _WEIGHTS[known.kind]["term"] < _WEIGHTS[one.kind]["term"]:
                met[match.entry] = one
        return met.values()

    def _alike(self, said: Said, alike: Mapping[str, float]) -> Iterable[_Met]:
        """The likeliest entries, each by its likeliest phrase, where the words say none but general
        ones: beside entries that are said, likeness was right only once in five."""
        is_told = any(self.entries[match.entry].weight == 1 for match in said.matches)
        if is_told or not alike:
            return
        there = {match.entry for match in said.matches}
        best = [
            (max((alike.get(phrase, 0.0), phrase) for phrase in entry.lay), number)
            for number, entry in enumerate(self.entries)
            if entry.lay and number not in there
        ]
        likeliest = sorted((one for one in best if one[0][0] >= _LIKE), reverse=True)
        free = [one for one in likeliest if not self.triggers.rules_out(one[1], said.query)]
        for place, ((likeness, phrase), number) in enumerate(free[:_GUESSES]):
            if place == 0 or likeness >= _VERY:
                surety = 0.5 + 0.5 * min(1.0, (likeness - _LIKE) / (_SAME - _LIKE))
                yield _Met(self.entries[number], "alike", f"{ALIKE}“{phrase}”", surety)


def load(file: Path | None = None, packaged: Path = PACKAGED) -> Thesaurus:
    """The packaged thesaurus, changed by an office's own `file` (docs/thesaurus.md).

    Raises SettingsError naming file, entry and key where a file says what is not understood.
    """
    entries = read(file, packaged)
    return Thesaurus(entries=entries, triggers=triggers(entries))


def _added(met: _Met, there: frozenset[str]) -> Sequence[Expansion]:
    """What an entry adds to a query that says it, less what is there, the weightiest first."""
    entry, weights = met.entry, _WEIGHTS[met.kind]
    factor = entry.weight * met.surety * (_READINGS if entry.shared else 1.0)
    kinds = (
        ("term", _apart(entry.terms)),
        ("short", entry.short),
        ("law", entry.law),
        ("form", entry.forms),
    )
    added = [
        Expansion(
            entry=entry.id,
            matched=met.matched,
            words=words,
            kind=kind,
            weight=round(weights[kind] * factor * (_LATER if kind == "term" and place else 1), 3),
        )
        for kind, all_words in kinds
        for place, words in enumerate(all_words)
        if words not in there
    ]
    return sorted(added, key=lambda one: -one.weight)[:_OF_ONE]


def _apart(terms: Iterable[str]) -> Sequence[str]:
    """Terms without those in which an earlier one stands: "bond" finds "release on bond"."""
    kept: list[str] = []
    for term in terms:
        if not any(f" {each.lower()} " in f" {term.lower()} " for each in kept):
            kept.append(term)
    return kept
