"""The forms in which a typed word or phrase may stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from pipeline.query.plurals import other_number
from pipeline.query.tree import Word
from pipeline.query.words import fold, stem

MOST = 64  # forms of one phrase; of a longer one with many hyphens the first

_PART = re.compile(r"(?:[^\W_]|\*)+!?")
_POSSESSIVE = re.compile(r"(?<=\w)(?:['\u2019]s|(?<=s)['\u2019])(?!\w)", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\.?")
_ABBREVIATED = re.compile(r"[A-Z]{2,5}")
_HYPHEN = re.compile("[-\u2010\u2011]")
_DASH = "[-\u2010\u2011\u2013]"  # between initials, as texts print it
_INITIALS = re.compile("[^\\W\\d_](?:[-\\u2010\\u2011][^\\W\\d_])+[-\\u2010\\u2011]?")
_SPOKEN = {"w/o": "without", "w/out": "without", "w/in": "within"}


@dataclass(frozen=True)
class Part:
    """One word of a form: `letters` folded, with "!" and "*" as typed. `is_exact`: no other form of
    it; `is_glued`: it stands behind the one before without a space, as in a section number.

    `initial`, of a letter of a case's initials, is what it and its neighbours look like in a text.
    """

    letters: str
    is_exact: bool = False
    is_glued: bool = False
    initial: re.Pattern[str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it stands for several words by "!" or "*"."""
        return "!" in self.letters or "*" in self.letters

    @property
    def root(self) -> str:
        """What the words begin with that it stands for."""
        return re.split(r"[!*]", self.letters)[0]

    @cached_property
    def begins(self) -> re.Pattern[str]:
        """Finds whatever may be such a word in a folded text, and more: `accepts` decides.

        A stem differs in its last letter at most from how its words begin: "happi", "happy".
        """
        return re.compile(rf"{re.escape(self._start)}[^\W_]*")

    @cached_property
    def joined(self) -> tuple[re.Pattern[str], ...]:
        """Find whatever with hyphens in it may be such a word; two, since a pattern is searched for
        fast by the letters that it begins with: "non-immigrant", and "e-verify"."""
        first, second = re.escape(self._start[:1]), re.escape(self._start[1:2])
        rest = r"(?:[-\u2010\u2011][^\W_]+)"
        return (
            re.compile(rf"{first}{second}[^\W_]*{rest}+"),
            re.compile(rf"{first}-{second}[^\W_]*{rest}*"),
        )

    @cached_property
    def _start(self) -> str:
        if self.is_open:
            return self.root
        return self.letters if self.is_exact or len(self._stem) < 2 else self._stem[:-1]

    @cached_property
    def _stem(self) -> str:
        return stem(self.letters)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        inner, _, _ = self.letters.partition("!")
        ending = r"\w*" if "!" in self.letters else ""
        word = inner.rstrip("*")
        if stars := len(inner) - len(word):
            ending = rf"\w{{0,{stars}}}"
        return re.compile(re.escape(word).replace(r"\*", r"\w") + ending)

    def accepts(self, word: str) -> bool:
        """Whether a folded word of a text is one that it stands for."""
        if self.is_open:
            return self._pattern.fullmatch(word) is not None
        return word == self.letters or (not self.is_exact and stem(word) == self._stem)


Form = tuple[Part, ...]


@lru_cache(maxsize=1024)
def forms(word: Word) -> tuple[Form, ...]:
    """Every form of a word or phrase, the one typed first.

    "stop-time" stands for "stop time" and "stoptime", "C.F.R." and "CFR" for each other; a plain
    word also for its possessive, and "child" for "children". "212(h)" is one word, of two parts.
    """
    each = [tuple(_spellings(typed, is_exact=word.quoted)) for typed in word.words]
    found: dict[Form, None] = {}
    for chosen in product(*each):
        found[tuple(part for form in chosen for part in form)] = None
        if len(found) >= MOST:
            break
    if not word.quoted:
        found |= dict.fromkeys(_possessive(next(iter(found)), each))
    return tuple(found)


def _possessive(form: Form, each: list[tuple[Form, ...]]) -> Iterator[Form]:
    """A phrase with one of its words but the last in the possessive: "the alien's claim"."""
    end = 0
    for chosen in each[:-1]:
        end += len(chosen[0])
        yield (*form[:end], Part("s", is_exact=True), *form[end:])


def _spellings(typed: str, *, is_exact: bool) -> Iterator[Form]:
    """The forms of one typed word."""
    typed = _SPOKEN.get(typed.lower(), typed)
    bare = typed if is_exact else _POSSESSIVE.sub("", typed)
    yield _form(bare, is_exact=is_exact)
    if not is_exact and (other := other_number(fold(bare))):
        yield (Part(other),)
    if _INITIALS.fullmatch(bare):
        return
    if _DOTTED.fullmatch(bare):
        yield (Part(fold(bare.replace(".", "")), is_exact),)
    elif _ABBREVIATED.fullmatch(bare):
        yield tuple(Part(letter.lower(), is_exact) for letter in bare)
    elif _HYPHEN.search(bare) and "(" not in bare:
        yield from _whole(bare, is_exact=is_exact)


def _whole(bare: str, *, is_exact: bool) -> Iterator[Form]:
    """A word with hyphens in one: "stoptime"."""
    pieces = _PART.findall(_HYPHEN.sub(" ", fold(bare)))
    if any(len(piece) > 1 for piece in pieces):
        yield (Part("".join(pieces), is_exact),)


def _form(bare: str, *, is_exact: bool) -> Form:
    """The parts of a word, as the index divides it."""
    folded = fold(bare)
    if _INITIALS.fullmatch(bare):
        return tuple(_initials(folded))
    is_numbered = any(map(str.isdigit, folded))
    parts: list[Part] = []
    for found in _PART.finditer(folded):
        before = folded[found.start() - 1 : found.start()]
        glued = bool(parts) and is_numbered and before in ("(", ".")
        parts.append(Part(found[0], is_exact, glued))
    return tuple(parts)


def _initials(folded: str) -> Iterator[Part]:
    """The letters of a case's initials: hyphens stand between them and none before the first;
    behind the last, the hyphen that was typed, and no further letter."""
    letters = _HYPHEN.sub("", folded)
    ends = _DASH if _HYPHEN.search(folded[-1]) else f"{_DASH}?"
    for place, letter in enumerate(letters):
        before = rf"(?<={_DASH})" if place else rf"(?<!{_DASH})"
        behind = _DASH if place + 1 < len(letters) else rf"{ends}(?![^\W_]|{_DASH}[^\W_])"
        yield Part(letter, is_exact=True, initial=re.compile(rf"{before}{letter}(?={behind})"))
