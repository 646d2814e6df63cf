"""What a word is, what says nothing, and what is left whole: for the index and all who ask it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.query.stem import stem

__all__ = [
    "STOP", "Token", "fold", "key", "keys", "lineage", "stem", "terms", "tokens", "wholes",
]  # fmt: skip

# Words that stand in most questions and say nothing of their subject.
_STOP = """
a about after an and any are as at be been before but by can did do does for from had has have he
her his how i if in into is it its may me my of on or our she so than that the their them then there
they this to under was we were what when where which who whom why will with would you your
"""
STOP = frozenset(_STOP.split())

# Keys spell a section in letters that the index takes for part of a word and no text has: within a
# section, and behind a title's part. So 245(a) is not 245A, and 208.13 not 208(13).
_IN, _OF = "\u01c0", "\u01c3"

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_REPORTERS = {
    "indec": r"I\.?\s?&\s?N\.?\s{1,3}Dec\.?",
    "fedreg": r"Fed\.?\s?Reg\.?|F\.?R\.?",
    "usreports": r"U\.\s?S\.|US",
    "sct": r"S\.?\s?Ct\.?",
    "fsupp": r"F\.?\s?Supp\.?(?:\s?[23]d)?",
    "fedappx": r"F(?:ed)?\.?\s?App['\u2019]?x\.?",
    "f2d": r"F\.?\s?2d",
    "f3d": r"F\.?\s?3d",
    "f4th": r"F\.?\s?4th",
    "wl": r"WL",
}
_USC, _CFR = r"U\.?\s?S\.?\s?C\.?(?:A\.)?", r"C\.?\s?F\.?\s?R\.?"
_PART = r",?\s{1,3}(?:pts?\.|parts?)\s{0,3}"
_BELOW = r"\((?:[a-z]|[a-z]{2}|[ivxl]{1,5}|\d{1,3})\)"
# Older decisions print "section 212 (a) (19)". On a new line "(a)" begins a paragraph.
_SECTION = rf"\d{{1,4}}[a-z]{{0,2}}(?:\.\d{{1,4}}[a-z]?)?(?:[^\S\n]{{0,2}}{_BELOW})*"
_WHOLE = re.compile(
    rf"""
    \b(?P<volume>\d{{1,4}})\s{{1,3}}(?P<reporter>{"|".join(_REPORTERS.values())})
        \s{{1,3}}(?P<page>\d[\d,]*\d|\d)\b
    | \b\d{{1,2}}\s{{1,3}}(?:(?P<regulation>{_CFR})|{_USC})(?:{_PART}(?P<part>\d{{1,4}})\b(?![.(]\w)
        |\s{{0,3}}(?:§{{1,2}}|sec(?:tions?|\.))?\s{{0,3}}(?P<code>{_SECTION}))
    | (?:\b(?:sections?|sec\.|INA|Act)|§)(?:\s{{0,3}}§){{0,2}}\s{{0,3}}
        (?P<named>{_SECTION})(?![\w-])
    | (?<![\w$.,-])(?P<bare>\d{{1,4}}[a-z]{{0,2}}(?:\.\d{{1,4}}[a-z]?)?(?:{_BELOW})+
        |\d{{3,4}}\.\d{{1,3}}[a-z]?(?![\w.%-]))
    | (?<![\w$])(?P<joined>[^\W_]+(?:[-\u2010\u2011][^\W_]+){{1,12}})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PIECES = re.compile(rf"[^{_IN}{_OF}]+[{_IN}{_OF}]")
_DEEPEST = 8  # parentheses behind a section that a key tells apart; the Act has six
_NOT_KEY = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Token:
    """One word of a text, or a citation, section, form number or hyphenated word left whole.

    text[start:end] is what is printed; `word` the same in lower case without diacritics, of a whole
    its key.
    """

    start: int
    end: int
    word: str
    is_whole: bool = False

    @property
    def stem(self) -> str:
        """As the index has it."""
        return stem(self.word)

    @property
    def is_stop(self) -> bool:
        return self.word in STOP


def tokens(text: str) -> Iterator[Token]:
    """The words of a text as the index divides it, all of them: "don't" is don, t."""
    for found in _WORD.finditer(text):
        yield Token(start=found.start(), end=found.end(), word=fold(found.group()))


def wholes(text: str) -> Iterator[Token]:
    """What is left whole beside its parts, in order and apart from each other.

    "28 I&N Dec. 733", "8 CFR 208.13(b)(1)", "section 237", "212(a)(6)(C)", "I-130", "stop-time".
    """
    for found in _WHOLE.finditer(text):
        yield Token(start=found.start(), end=found.end(), word=_key(found), is_whole=True)


def terms(text: str) -> Iterator[Token]:
    """What a query asks for: what is whole, and between that the words that say something."""
    end = 0
    for whole in [*wholes(text), Token(start=len(text), end=len(text), word="")]:
        for token in tokens(text[end : whole.start]):
            if not token.is_stop:
                yield Token(start=token.start + end, end=token.end + end, word=token.word)
        if whole.word:
            yield whole
        end = whole.end


def keys(text: str) -> tuple[str, ...]:
    """The keys that a text is found by: of what is whole in it, and of the sections these lie in.

    "212(a)(6)(C)" is found by 212(a), and "8 CFR 208.13" by 8 CFR part 208.
    """
    found: dict[str, None] = {}
    for whole in wholes(text):
        found |= dict.fromkeys(lineage(whole.word))
    return tuple(found)


def lineage(key: str) -> Iterator[str]:
    """A key, and those of the sections it lies in."""
    yield key
    pieces = _PIECES.findall(key) if key.endswith((_IN, _OF)) else ()
    for size in range(len(pieces) - 1, 0, -1):
        yield "".join(pieces[:size])


def key(text: str) -> str:
    """The key of a text that is one whole, "" of any other."""
    found = list(wholes(text.strip()))
    is_one = len(found) == 1 and found[0].end - found[0].start == len(text.strip())
    return found[0].word if is_one else ""


def fold(text: str) -> str:
    """Lower case without diacritics, as the index compares; it may be shorter than the text."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower().replace("\u017f", "s"))
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _key(found: re.Match[str]) -> str:
    if found["volume"]:
        return f"{found['volume']}{_reporter(found['reporter'])}{found['page'].replace(',', '')}"
    code = found["code"] or ""
    if found["part"] or (found["regulation"] and code.isdigit()):
        return f"{found['part'] or code}{_OF}"
    if found["joined"]:
        return fold(_NOT_KEY.sub("", found["joined"]))
    return _section(code or found["named"] or found["bare"])


def _reporter(printed: str) -> str:
    every = _REPORTERS.items()
    return next(name for name, pattern in every if re.fullmatch(pattern, printed, re.IGNORECASE))


def _section(printed: str) -> str:
    number, *below = re.findall(r"(?:[^\W_]|\.)+", printed.lower())
    return "".join(f"{piece}{_IN}" for piece in (number.replace(".", _OF), *below[:_DEEPEST]))
