"""Which of the thesaurus's entries a query says, and in which of its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.citator.twins import twins
from pipeline.evidence import Phrases, Words, phrases
from pipeline.query.entry import Entry
from pipeline.query.patterns import Patterns, Place, Range, patterns, span, surroundings, touches
from pipeline.query.spoken import Spoken, spoken, stems
from pipeline.sections import sections

_CAPITALS = re.compile(r"(?=.*[A-Z])[A-Z0-9&/. \-]+")
# A provision without its code: the Act's have three figures, the regulations' a point.
_BARE = re.compile(r"(?<![\w.(])\d{3,4}[A-Za-z]?(?:\.\d{1,3}[a-z]?)?(?:\([A-Za-z0-9]{1,5}\))+")
_CODES = ("INA § ", "8 CFR § ")


@dataclass(frozen=True, slots=True)
class Match:
    """An entry by its number, said in the query's `words`; the entry's own spelling of them is
    `trigger`, "" of a pattern. They are the query's words [start, end), those skipped not counted.
    """

    entry: int
    kind: str
    words: str
    trigger: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a query says. `there` are the entries' words that stand in it, whichever entry they
    count for; `ruled_out` the entries that a pattern of `not_when` shuts out somewhere in it."""

    matches: tuple[Match, ...]
    there: frozenset[str]
    ruled_out: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Trigger:
    """`is_exact`: in these very letters, being an abbreviation in capitals."""

    entry: int
    kind: str
    words: str
    is_exact: bool = False


@dataclass(frozen=True, kw_only=True)
class Triggers:
    """What entries are found by, looked up in one pass over the query. `meaning` are the entries of
    the patterns, by number, and whether the pattern rules its entry out."""

    phrases: Phrases
    triggers: Mapping[Words, Sequence[_Trigger]]
    law: Mapping[str, int]
    patterns: Patterns
    meaning: Sequence[tuple[int, bool]]

    def said(self, text: str) -> Said:
        """The entries that a query says, outside quotation marks. A match inside a longer one of
        another entry doesn't count, nor one within 20 words of what rules its entry out."""
        query = spoken(text)
        places = self.phrases.said(query.stems).places
        ruling, met = self._together(query, places)
        phrased, cited = list(self._phrased(query, places)), list(self._cited(query))
        free = (match for match in phrased if not _is_ruled_out(match, ruling))
        others = (match for match in (*cited, *met) if not _is_ruled_out(match, ruling))
        return Said(
            matches=(*_outer(free), *others),
            there=frozenset(match.trigger for match in (*phrased, *cited)),
            ruled_out=frozenset(ruling),
        )

    def _phrased(self, query: Spoken, places: Iterable[Place]) -> Iterator[Match]:
        for at, phrase in places:
            end = at + len(phrase)
            for trigger in self.triggers.get(phrase, ()):
                words = query.printed(at, end)
                if not trigger.is_exact or query.spells(trigger.words, words):
                    yield Match(trigger.entry, trigger.kind, words, trigger.words, at, end)

    def _cited(self, query: Spoken) -> Iterator[Match]:
        for start, raw, names in _provisions(query.text):
            at = bisect_left(query.starts, start)
            for name in names:
                if name in self.law:
                    yield Match(self.law[name], "law", raw, name, at, at)

    def _together(
        self, query: Spoken, places: Iterable[Place]
    ) -> tuple[Mapping[int, Sequence[Range]], Sequence[Match]]:
        """Around what each entry is ruled out, and the patterns that are met, each where it is
        first met outside of that."""
        hits = self.patterns.hits(query, places)
        against: dict[int, list[Range]] = defaultdict(list)
        for number, found in hits.items():
            entry, rules_out = self.meaning[number]
            if rules_out and (ranges := [*map(span, self.patterns.windows(number, found))]):
                against[entry] += ranges
        ruling = {entry: surroundings(ranges) for entry, ranges in against.items()}
        met = []
        for number, found in hits.items():
            entry, rules_out = self.meaning[number]
            for window in () if rules_out else self.patterns.windows(number, found):
                words = " … ".join(query.printed(start, end) for start, end, _ in window)
                match = Match(entry, "when", words, "", *span(window))
                if not _is_ruled_out(match, ruling):
                    met.append(match)
                    break
        return ruling, met


def triggers(entries: Sequence[Entry]) -> Triggers:
    """What the entries are found by.

    A form or a provision finds the entry that has it among its terms or abbreviations, else the one
    entry that names it; where several do, it is no more one's than the others'.
    """
    found: dict[Words, list[_Trigger]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for kind, all_words in (("term", entry.terms), ("short", entry.short), ("lay", entry.lay)):
            for words in all_words:
                is_exact = kind == "short" and _CAPITALS.fullmatch(words) is not None
                found[stems(words)].append(_Trigger(number, kind, words, is_exact))
    named = {phrase: {each.entry for each in listed} for phrase, listed in found.items()}
    for form, number in _owners([entry.forms for entry in entries]).items():
        for phrase in {stems(form), stems(form.replace("-", ""))} - named.keys():
            found[phrase].append(_Trigger(number, "form", form))
    written = [
        (number, rules_out, pattern)
        for number, entry in enumerate(entries)
        for rules_out, listed in ((False, entry.when), (True, entry.not_when))
        for pattern in listed
    ]
    ready = patterns(pattern for _, _, pattern in written)
    return Triggers(
        phrases=phrases([*found, *ready.standing]),
        triggers=found,
        law=_provided(entries, named),
        patterns=ready,
        meaning=[(number, rules_out) for number, rules_out, _ in written],
    )


def _provided(entries: Sequence[Entry], named: Mapping[Words, Collection[int]]) -> dict[str, int]:
    """Whose each provision is."""
    law = _owners([entry.law for entry in entries])
    for provision in {provision for entry in entries for provision in entry.law}:
        owners = named.get(stems(provision.partition("§ ")[2]), ())
        if len(owners) == 1:
            law[provision] = next(iter(owners))
    return law


def _owners(listed: Iterable[Iterable[str]]) -> dict[str, int]:
    """The entry of what one alone lists."""
    owners: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(listed):
        for name in names:
            owners[name].add(number)
    return {name: next(iter(numbers)) for name, numbers in owners.items() if len(numbers) == 1}


def _provisions(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The provisions cited: where, how, and under which canonical names they may be listed."""
    if not any(character.isdigit() for character in text):
        return  # to look for citations takes longer than all the rest
    for citation in sections(text):
        yield citation.start, citation.raw, (citation.canonical, *twins(citation.canonical))
    for bare in _BARE.finditer(text):
        yield bare.start(), bare.group(), tuple(code + bare.group() for code in _CODES)


def _outer(matches: Iterable[Match]) -> Iterator[Match]:
    """Those that stand in no longer one."""
    far, same = -1, (-1, -1)
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if match.end > far or (match.start, match.end) == same:
            far, same = match.end, (match.start, match.end)
            yield match


def _is_ruled_out(match: Match, ruling: Mapping[int, Sequence[Range]]) -> bool:
    return match.entry in ruling and touches(match.start, match.end, ruling[match.entry])
