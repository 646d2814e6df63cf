"""Text in its one plain form, with the way back to the characters as printed."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace

# Typesetting's dashes, quotes and hyphens, as a keyboard has them. A dash or a quotation mark is
# content, and stays as printed; patterns look for the keyboard's.
_HYPHENS = "\u2010\u2011\ufe63\uff0d"
_KEYBOARD = str.maketrans(
    {
        **dict.fromkeys("\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019", "'"),
    }
)
# What is not printed as it stands in nearly every text: white space and printable ASCII, Latin
# letters and signs, the dashes and quotes above. An "&" may begin an entity.
ODD = re.compile(r"[^\t-\r -%'-~\xa1-\xac\xae-\u02ff\u2013\u2014\u2018\u2019\u201c\u201d]")
# A character, and those after it that may compose with it. Below U+0300 and among the quotes and
# dashes none does. A run of more accents than that is no writing, and sorting them would take time
# that grows with its square.
_ACCENTED = re.compile(r".?[\u0300-\u200f\u2028-\U0010ffff]+", re.DOTALL)
_MOST_ACCENTS = 1_000
# Characters that a page was to show and shows the names of: "I&amp;N". "&lt;" stays as it is, for
# no text may turn into markup by being read.
_NAMED = re.compile(
    r"&(?:amp|sect|para|nbsp|shy|[nm]dash|[lr]squo|[lr]dquo|quot|apos|#\d{2,5}|#[xX][\da-fA-F]{2,4});"
)
_ENTITY = re.compile(rf"{_NAMED.pattern}\Z")
_LONGEST = 8  # characters of an entity
_KEPT = (";", "<", ">")  # are no entity's meaning: see above, and `_decode`


@dataclass(frozen=True, kw_only=True)
class _Way:
    """From one form of a text back to the form it was made of, run by run.

    A run begins in the new text at `starts`, and each of its characters stands for `width` old
    ones; the first for those at `begin`, the next for those `step` further on.
    """

    starts: tuple[int, ...]
    runs: tuple[tuple[int, int, int], ...]  # (begin, step, width)

    def back(self, offset: int) -> tuple[int, int]:
        """Where the character at an offset was, half-open."""
        at = bisect_right(self.starts, offset) - 1
        begin, step, width = self.runs[at]
        old = begin + (offset - self.starts[at]) * step
        return old, old + width


@dataclass(frozen=True, kw_only=True)
class Legible:
    """`text` is what is read; `printed` finds a span of it in the text as printed."""

    text: str
    ways: tuple[_Way, ...] = ()

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span in the printed text; a mark before the first character stays outside.
        `start` and `end` are half-open too, with a character between them."""
        for way in reversed(self.ways):
            start, end = way.back(start)[0], way.back(end - 1)[1]
        return start, end


def plain(text: str) -> Legible:
    """Write a text in its one plain form: NFC, plain hyphens and spaces, ligatures as letters, no
    entities, nothing invisible. Quotation marks and dashes stay as printed, and so do line breaks.

    Linear in the text's length. The plain form of a plain form is the same.
    """
    if not ODD.search(text):
        return Legible(text=text)
    shown = _then(_then(Legible(text=text), _plain), _compose)
    named = _then(shown, _decode) if _NAMED.search(shown.text) else shown
    return shown if named is shown else _then(named, _compose)


def legible(text: str) -> Legible:
    """The plain form for patterns: dashes and apostrophes as a keyboard has them, too."""
    shown = plain(text)
    return replace(shown, text=shown.text.translate(_KEYBOARD))


def _then(shown: Legible, step: Callable[[str], _Writing | None]) -> Legible:
    written = step(shown.text)
    if written is None:
        return shown
    way = _Way(starts=tuple(written.starts), runs=tuple(written.runs))
    return Legible(text="".join(written.pieces), ways=(*shown.ways, way))


class _Writing:
    """A text being written anew, and where each piece of it was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.runs: list[tuple[int, int, int]] = []
        self.length = self.done = 0

    def copy(self, end: int) -> None:
        """Take over what stands before `end` and was not dealt with yet."""
        if end > self.done:
            self._begin(self.done, 1, 1)
            self.pieces.append(self.text[self.done : end])
            self.length += end - self.done
            self.done = end

    def put(self, meant: str, end: int) -> None:
        """Write `meant` for what stands before `end` and was not dealt with yet."""
        if meant:
            self._begin(self.done, 0, end - self.done)
            self.pieces.append(meant)
            self.length += len(meant)
        self.done = end

    def finished(self) -> _Writing | None:
        """The whole text, or None where it is as it was."""
        if not self.done:
            return None
        self.copy(len(self.text))
        return self

    def _begin(self, begin: int, step: int, width: int) -> None:
        self.starts.append(self.length)
        self.runs.append((begin, step, width))


def _plain(text: str) -> _Writing | None:
    """Every character by the table."""
    writing = _Writing(text)
    for odd in ODD.finditer(text):
        meant = _meant(odd[0])
        if meant != odd[0]:
            writing.copy(odd.start())
            writing.put(meant, odd.end())
    return writing.finished()


def _meant(character: str) -> str:
    """The table: what is written for a character of a printed text."""
    match unicodedata.category(character):
        case "Pd" if character in _HYPHENS:
            return "-"
        case "Zs" | "Zl" | "Zp":
            return " "
        case "Cc":
            return " " if character.isspace() else ""
        case "Cf" | "Cs":  # zero-width, soft hyphens, direction marks, tags; halves of surrogates
            return ""
        case "Ll" if "\ufb00" <= character <= "\ufb06":  # ligatures of Latin type
            return unicodedata.normalize("NFKC", character)
        case _:  # what is one character in another place: a Greek question mark is a semicolon
            return unicodedata.normalize("NFC", character)


def _compose(text: str) -> _Writing | None:
    """A letter and its accents as one character."""
    writing = _Writing(text)
    for accented in _ACCENTED.finditer(text):
        run = accented[0]
        if len(run) > _MOST_ACCENTS or unicodedata.is_normalized("NFC", run):
            continue
        writing.copy(accented.start())
        writing.put(unicodedata.normalize("NFC", run), accented.end())
    return writing.finished()


def _decode(text: str) -> _Writing | None:
    """Entities as the characters they name, also where that makes an entity: "&amp;amp;".

    Only a semicolon completes an entity, and none means one; so one look back at each is enough.
    """
    kept: list[tuple[str, int]] = []  # a character, and where what it stands for begins
    found: dict[int, tuple[int, str]] = {}  # by its beginning: where an entity ends, what it means
    for place, character in enumerate(text):
        kept.append((character, place))
        if character != ";":
            continue
        entity = _ENTITY.search("".join(each for each, _ in kept[-_LONGEST:]))
        meaning = _meaning(entity[0]) if entity else ";"
        if entity and meaning not in _KEPT:
            begin = kept[-len(entity[0])][1]
            del kept[-len(entity[0]) :]
            kept += [(each, begin) for each in meaning]
            found[begin] = (place + 1, meaning)
    return _replaced(text, found)


def _meaning(entity: str) -> str:
    return unicodedata.normalize("NFC", "".join(map(_meant, html.unescape(entity))))


def _replaced(text: str, found: dict[int, tuple[int, str]]) -> _Writing | None:
    """An entity inside a longer one is said by that."""
    writing = _Writing(text)
    for begin, (end, meaning) in sorted(found.items()):
        if begin >= writing.done:
            writing.copy(begin)
            writing.put(meaning, end)
    return writing.finished()
