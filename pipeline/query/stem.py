"""Stem a word, with the very result of the database's tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

# M. F. Porter, An algorithm for suffix stripping, Program 14(3), 1980, and his later departures
# from it ("logi", "bli"), as SQLite's FTS5 has them: what is typed must meet what is indexed.
SHORTEST, LONGEST = 3, 64  # bytes; others stay as they are

_VOWELS = frozenset("aeiou")
_SECOND = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("logi", "log"), ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"),
    ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
    ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"),
    ("biliti", "ble"),
)  # fmt: skip
_THIRD = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
)  # fmt: skip
_GONE = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip
_FOURTH = tuple((ending, "") for ending in _GONE)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a folded word: "removability" and "removable" share "remov"."""
    size = len(word.encode())
    if not SHORTEST <= size <= LONGEST:
        return word
    word = _past(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = f"{word[:-1]}i"
    word = _ending(word, _SECOND, _is_long)
    word = _ending(word, _THIRD, _is_long)
    word = _ending(word, _FOURTH, _may_go)
    return _last(word)


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")) and len(word) > (4 if word.endswith("sses") else 3):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed") and len(word) > len("eed"):
        return word[:-1] if _is_long(word[:-3]) else word
    for ending in ("ed", "ing"):
        before = word.removesuffix(ending)
        if before != word:
            return _mended(before) if before and _has_vowel(before) else word
    return word


def _mended(before: str) -> str:
    """What "-ed" or "-ing" was taken from, as a word again: "hop" of "hopping"."""
    if len(before) > 2 and before.endswith(("at", "bl", "iz")):
        return f"{before}e"
    last = before[-1]
    if last not in _VOWELS and last not in "lsz" and before[-2:-1] == last:
        return before[:-1]
    return f"{before}e" if _turns(before) == 1 and _is_short(before) else before


def _ending(word: str, endings: Sequence[tuple[str, str]], allows: Callable[[str], bool]) -> str:
    """The first ending that the word has decides, whether it may go or not."""
    for ending, other in endings:
        if len(word) > len(ending) and word.endswith(ending):
            before = word[: -len(ending)]
            if ending == "ion" and not before.endswith(("s", "t")):
                return word
            return before + other if allows(before) else word
    return word


def _last(word: str) -> str:
    if word.endswith("e"):
        before = word[:-1]
        turns = _turns(before)
        if turns > 1 or (turns == 1 and not _is_short(before)):
            word = before
    return word[:-1] if word.endswith("ll") and _turns(word[:-1]) > 1 else word


def _is_long(before: str) -> bool:
    return _turns(before) > 0


def _may_go(before: str) -> bool:
    return _turns(before) > 1


def _turns(word: str) -> int:
    """How often vowels turn to consonants in it: Porter's measure m."""
    sounds = _sounds(word)
    return sum(one and not other for one, other in pairwise(sounds))


def _is_short(word: str) -> bool:
    """Whether it ends with consonant, vowel, consonant, the last not w, x or y: Porter's *o."""
    return _sounds(word)[-3:] == [False, True, False] and word[-1] not in "wxy"


def _sounds(word: str) -> list[bool]:
    """Which letters are vowels: y is one behind a consonant."""
    sounds: list[bool] = []
    for letter in word:
        sounds.append(letter in _VOWELS or (letter == "y" and bool(sounds) and not sounds[-1]))
    return sounds


def _has_vowel(word: str) -> bool:
    return any(letter in _VOWELS or (letter == "y" and at > 0) for at, letter in enumerate(word))
