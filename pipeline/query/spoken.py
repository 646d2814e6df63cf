"""A query's words as the thesaurus compares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.evidence import Words
from pipeline.query.stem import stem
from pipeline.query.words import fold

# They change nothing of what is meant: "said he was a citizen", "said she is a citizen". No other
# stop words: "out of status" and "not a citizen" live by theirs.
_SKIPPED = frozenset(
    (
        *("a", "an", "the", "my", "his", "her", "its", "our", "their", "your", "s"),
        *("i", "he", "she", "they", "we", "you", "him", "them", "me"),
        *("am", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had"),
    )
)
# Abbreviations that are other words in small letters.
_WORDS_TOO = frozenset(
    (
        *("act", "aid", "alien", "arm", "cap", "cat", "cop", "dos", "hart", "ice", "map", "opt"),
        *("pin", "rap", "sap", "save", "sis", "stem", "vow"),
    )
)
_WORD = re.compile(r"[^\W_]+-?")  # the hyphen keeps "I-130" and "A-B-" apart from "I" and "a"
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    word: str
    stem: str


_GAP = _Word(0, 0, "", "")  # something quoted


@dataclass(frozen=True)
class Spoken:
    """A query's words outside quotation marks, less those that change nothing."""

    text: str
    words: tuple[_Word, ...]

    @cached_property
    def stems(self) -> Words:
        return tuple(word.stem for word in self.words)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where in the text each word begins."""
        return tuple(word.start for word in self.words)

    @cached_property
    def _is_even(self) -> bool:
        """Whether all is in capitals, or nothing: then case says nothing."""
        return self.text in {self.text.lower(), self.text.upper()}

    def printed(self, start: int, end: int) -> str:
        """The words [start, end) with what stands between them."""
        return self.text[self.words[start].start : self.words[end - 1].end]

    def spells(self, abbreviation: str, printed: str) -> bool:
        """Whether `printed` is an abbreviation in capitals, or its plural: in these very letters,
        or in any where the query's case says nothing and it isn't another word too."""
        said = printed.removesuffix("s")
        if abbreviation in {said, printed}:
            return True
        is_word = len(abbreviation) < 3 or abbreviation.lower() in _WORDS_TOO
        return self._is_even and not is_word and said.upper() == abbreviation.upper()


def spoken(text: str) -> Spoken:
    """A query's words, ready to be compared; what is quoted is a gap, over which nothing is one."""
    unquoted = _QUOTED.sub(lambda quoted: "\0" + " " * (len(quoted.group()) - 1), text)
    return Spoken(unquoted, tuple(_words(unquoted)))


def stems(words: str) -> Words:
    """The words of a phrase as they are compared with a query's; empty if none is left."""
    return tuple(stem(word) for word in map(_bare, _WORD.findall(fold(words))) if word)


def _words(text: str) -> Iterator[_Word]:
    end = 0
    for found in _WORD.finditer(text):
        if "\0" in text[end : found.start()]:
            yield _GAP
        end = found.end()
        word = _bare(fold(found.group()))
        if word:
            yield _Word(found.start(), end - found.group().endswith("-"), word, stem(word))


def _bare(word: str) -> str:
    """A word without a hyphen after it; "" of one that is skipped."""
    return "" if word in _SKIPPED else word.removesuffix("-")
