"""Words and authorities found in a text: what a topic may rest on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.cite import lookup
from pipeline.legible import legible
from pipeline.sections import sections

Words = tuple[str, ...]

_WORD = re.compile(r"(?<![^\W_])[a-z]{1,4}-\d{1,4}[a-z]{0,2}\d?(?![^\W_])|[^\W_]+")


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """A set of phrases looked up in one pass, by first word."""

    by_first: Mapping[str, tuple[Words, ...]]

    def said(self, spoken: Words) -> Said:
        """Every place at which a phrase is said, the longest first, whatever overlaps."""
        return Said(
            places=tuple(
                (at, phrase)
                for at, first in enumerate(spoken)
                for phrase in self.by_first.get(first, ())
                if spoken[at : at + len(phrase)] == phrase
            )
        )


@dataclass(frozen=True, kw_only=True)
class Said:
    """Where in a text which phrases are said, in order; they may overlap."""

    places: tuple[tuple[int, Words], ...]

    @cached_property
    def phrases(self) -> frozenset[Words]:
        return frozenset(phrase for _, phrase in self.places)

    def counted(self, among: Collection[Words], shields: Collection[Words] = ()) -> Counter[Words]:
        """How often each phrase among some is said; words are used up by the longest of them and of
        the shields, a phrase that is both being said."""
        counts: Counter[Words] = Counter()
        if self.phrases.isdisjoint(among):
            return counts
        free = 0
        for at, phrase in self.places:
            is_wanted = phrase in among
            if at >= free and (is_wanted or phrase in shields):
                free = at + len(phrase)
                counts[phrase] += is_wanted
        return +counts


def phrases(wanted: Iterable[Words]) -> Phrases:
    """The phrases, ready to be looked up."""
    by_first: dict[str, list[Words]] = {}
    for phrase in dict.fromkeys(wanted):
        by_first.setdefault(phrase[0], []).append(phrase)
    return Phrases(
        by_first={
            first: tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))
            for first, found in by_first.items()
        }
    )


def words(text: str) -> Words:
    """Lower-case words without plural and possessive endings; "h-2a" and "i-765" are one word."""
    spoken = legible(text).text.casefold().replace("'s ", " ")
    return tuple(_singular(word) for word in _WORD.findall(spoken))


def cited(text: str) -> Counter[str]:
    """Canonical INA, U.S.C. and CFR citations, and how often each stands in the text."""
    return Counter(citation.canonical for citation in sections(legible(text).text))


@lru_cache(maxsize=2_048)  # a file of topics spells each authority several times
def canonical(written: str) -> str:
    """The canonical spelling of an INA, U.S.C. or CFR citation; empty if `written` is none."""
    citation = lookup(written)
    return citation.canonical if citation and citation.kind in ("ina", "usc", "cfr") else ""


def path(citation: str) -> Words:
    """A canonical citation by its levels; a part is the first levels of all its sections."""
    return tuple(re.findall(r"[^\s§.()]+", citation.replace(" pts. ", " ").replace(" pt. ", " ")))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith("ss") or not word.endswith("s"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]
