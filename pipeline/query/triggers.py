"""Which of the thesaurus's entries a query says, and in which of its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pipeline.citator.twins import twins
from pipeline.evidence import Words
from pipeline.query.entry import Entry
from pipeline.query.patterns import Range, begins, span, surroundings, touches, windows
from pipeline.query.spoken import Spoken, is_same, opening, spoken, stems
from pipeline.sections import sections

_CAPITALS = re.compile(r"(?=.*[A-Z])[A-Z0-9&/. \-]+")
# A provision without its code: the Act's have three figures, the regulations' a point.
_BARE = re.compile(r"(?<![\w.(])\d{3,4}[A-Za-z]?(?:\.\d{1,3}[a-z]?)?(?:\([A-Za-z0-9]{1,5}\))+")
_DIGIT = re.compile(r"\d")
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
    count for."""

    query: Spoken
    matches: tuple[Match, ...]
    there: frozenset[str]


@dataclass(frozen=True)
class _Trigger:
    """Words that bring in an entry."""

    entry: int
    kind: str
    words: str

    @cached_property
    def stems(self) -> Words:
        return stems(self.words)

    def meets(self, query: Spoken, printed: str) -> bool:
        """Whether words of the same stems are these: of an abbreviation in capitals, and of a
        single word, more is asked."""
        if self.kind == "short" and _CAPITALS.fullmatch(self.words):
            return query.spells(self.words, printed)
        return len(self.stems) > 1 or is_same(self.words, printed)


@dataclass(frozen=True)
class _Pattern:
    """A pattern of an entry, and one of the alternatives with which it may begin."""

    entry: int
    pattern: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Triggers:
    """What entries are found by, by the letters with which it begins: what no word of the query
    begins with is never looked at, nor stemmed."""

    entries: Sequence[Entry]
    phrases: Mapping[str, Sequence[_Trigger]]
    patterns: Mapping[str, Sequence[_Pattern]]
    law: Mapping[str, int]

    def said(self, text: str) -> Said:
        """The entries that a query says, outside quotation marks. A match inside a longer one of
        another entry doesn't count, nor one within 20 words of what rules its entry out."""
        query = spoken(text)
        phrased, cited = list(self._phrased(query)), list(self._cited(query))
        met = list(self._together(query))
        ruling = {
            number: self._ruling(number, query)
            for number in {match.entry for match in (*phrased, *cited, *met)}
        }

        def is_free(match: Match) -> bool:
            return not touches(match.start, match.end, ruling[match.entry])

        return Said(
            query=query,
            matches=(*_outer(filter(is_free, phrased)), *filter(is_free, (*cited, *met))),
            there=frozenset(match.trigger for match in (*phrased, *cited)),
        )

    def rules_out(self, number: int, query: Spoken) -> bool:
        """Whether anything in a query rules an entry out."""
        return bool(self._ruling(number, query))

    def _phrased(self, query: Spoken) -> Iterator[Match]:
        for start, places in query.places.items():
            for trigger in self._beginning(query.words[places[0]].opening).get(start, ()):
                phrase = trigger.stems
                for at in places:
                    end = at + len(phrase)
                    if len(phrase) > 1 and query.stems[at:end] != phrase:
                        continue
                    words = query.printed(at, end)
                    if trigger.meets(query, words):
                        yield Match(trigger.entry, trigger.kind, words, trigger.words, at, end)

    def _beginning(self, letters: str) -> Mapping[str, Sequence[_Trigger]]:
        """The phrases that begin with these letters, by the stem of their first word."""
        if letters not in self._ready:
            ready: dict[str, list[_Trigger]] = defaultdict(list)
            for trigger in self.phrases.get(letters, ()):
                ready[trigger.stems[0]].append(trigger)
            self._ready[letters] = ready
        return self._ready[letters]

    @cached_property
    def _ready(self) -> dict[str, Mapping[str, Sequence[_Trigger]]]:
        return {}

    def _cited(self, query: Spoken) -> Iterator[Match]:
        for start, raw, names in _provisions(query.text):
            at = bisect_left(query.starts, start)
            for name in names:
                if name in self.law:
                    yield Match(self.law[name], "law", raw, name, at, at)

    def _together(self, query: Spoken) -> Iterator[Match]:
        """The patterns that are met, each where it is first met."""
        asked = {
            (each.entry, each.pattern)
            for letters in query.openings
            for each in self.patterns.get(letters, ())
            if begins(each.words, query)
        }
        for number, pattern in sorted(asked):
            for window in islice(windows(pattern, query), 1):
                words = " … ".join(query.printed(*place) for place in window)
                yield Match(number, "when", words, "", *span(window))

    def _ruling(self, number: int, query: Spoken) -> Sequence[Range]:
        """Where in a query an entry is ruled out."""
        return surroundings(
            span(window)
            for pattern in self.entries[number].not_when
            for window in windows(pattern, query)
        )


def triggers(entries: Sequence[Entry]) -> Triggers:
    """What the entries are found by.

    A form or a provision finds the entry that has it among its terms or abbreviations, else the one
    entry that names it; where several do, it is no more one's than the others'.
    """
    found: dict[str, list[_Trigger]] = defaultdict(list)
    together: dict[str, list[_Pattern]] = defaultdict(list)
    named: dict[str, int] = {}
    for number, entry in enumerate(entries):
        for kind, all_words in (("term", entry.terms), ("short", entry.short), ("lay", entry.lay)):
            for words in all_words:
                found[opening(words)].append(_Trigger(number, kind, words))
        named |= {words.lower(): number for words in (*entry.terms, *entry.short)}
        for pattern in entry.when:
            for words in pattern.partition("&")[0].split("|"):
                together[opening(words)].append(_Pattern(number, pattern, words.strip()))
    for form, number in _owners([entry.forms for entry in entries]).items():
        if form.lower() not in named:
            found[opening(form)].append(_Trigger(number, "form", form))
    return Triggers(
        entries=entries, phrases=found, patterns=together, law=_provided(entries, named)
    )


def _provided(entries: Sequence[Entry], named: Mapping[str, int]) -> dict[str, int]:
    """Whose each provision is."""
    law = _owners([entry.law for entry in entries])
    for provision in {provision for entry in entries for provision in entry.law}:
        number = named.get(provision.partition("§ ")[2].lower())
        if number is not None:
            law[provision] = number
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
    if not _DIGIT.search(text):
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
