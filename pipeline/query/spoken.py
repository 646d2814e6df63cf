"""A query's words as the thesaurus compares them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

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
_MOST = 2_000  # words of a query that are read: four pages of facts
_OPENING = 3
_WORD = re.compile(r"[^\W_]+")
# Before these a capital letter is a class, and no article or pronoun: "I visa", "S nonimmigrant".
_CLASSES = re.compile(r"\s(?:visa|nonimmigrant|status)", re.IGNORECASE)
_ENDINGS = re.compile(r"(?<=\w{3})(?:ies|y|es|e|s|ed|ing)$")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^“”]*”")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    word: str
    stem: str

    @property
    def opening(self) -> str:
        return self.word[:_OPENING]


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
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where each stem stands."""
        places: dict[str, list[int]] = {}
        for at, stemmed in enumerate(self.stems):
            places.setdefault(stemmed, []).append(at)
        return places

    @property
    def openings(self) -> Iterable[str]:
        """With which letters its words begin, as `opening` has it of a phrase."""
        return self._opened.keys()

    def beginning(self, letters: str) -> Sequence[int]:
        """Where a word begins with some letters, three or more."""
        return [at for at in self._opened.get(letters[:_OPENING], ()) if self._opens(at, letters)]

    def _opens(self, at: int, letters: str) -> bool:
        return self.words[at].word.startswith(letters)

    @cached_property
    def _opened(self) -> Mapping[str, Sequence[int]]:
        """Where the words stand that begin with the same letters."""
        opened: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            opened.setdefault(word.opening, []).append(at)
        return opened

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
    """A query's first 2,000 words, ready to be compared; what is quoted is a gap, over which no
    phrase goes."""
    unquoted = _QUOTED.sub(lambda quoted: "\0" + " " * (len(quoted.group()) - 1), text)
    return Spoken(unquoted, tuple(islice(_words(unquoted), _MOST)))


def stems(words: str) -> Words:
    """The words of a phrase as they are compared with a query's; empty if none is left."""
    return tuple(stem(word) for _, _, word in _told(words))


def opening(words: str) -> str:
    """The first letters of a phrase's first word that is not skipped, which all words of its stem
    have: by them a phrase is found without stemming every phrase there is."""
    found = _WORD.search(words)
    first = fold(found.group()) if found else ""
    if first in _SKIPPED:
        first = next((word for _, _, word in _told(words)), "")
    return first[:_OPENING]


@lru_cache(maxsize=16384)
def is_same(one: str, other: str) -> bool:
    """Whether two words are one but for plural and tense. A word that is looked for alone must be
    more alike than its stem, which "legalization" has in common with "legal"."""
    return _ENDINGS.sub("", fold(one)) == _ENDINGS.sub("", fold(other))


def _words(text: str) -> Iterator[_Word]:
    before = 0
    for start, end, word in _told(text):
        if "\0" in text[before:start]:
            yield _GAP
        before = end
        yield _Word(start, end, word, stem(word))


def _told(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word that is not skipped, folded, and where it stands."""
    for found in _WORD.finditer(text):
        start, end = found.span()
        word = fold(found.group())
        if word not in _SKIPPED or not _is_skipped(text, start, end):
            yield start, end, word


def _is_skipped(text: str, start: int, end: int) -> bool:
    """Not a letter of a form, a section, a name or a class; "s" only of a possessive."""
    if text[start:end] == "s":
        return text[start - 1 : start] in {"'", "’"}
    is_joined = text[end : end + 1] in {"-", ")"} or text[start - 1 : start] in {"-", "("}
    is_class = text[start:end].isupper() and _CLASSES.match(text, end) is not None
    return not (is_joined or is_class)
