"""Cut a quotation where it says that words are left out or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.legible import legible

GAP = 400  # words that three dots may stand for
BRACKETED = 12  # words that a bracketed insertion may stand for
# A hyphen at the end of a line, or in "non-citizen"; italics leave a space behind one: "pre- A-B-".
# In "pre- and post-trial" it stands for the rest of a word.
_BROKEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])|(?<=[a-z])-\s(?!(?:and|or|to)\b)(?=[^\W\d_])")
_HYPHENS = re.compile(r"-*")
_JOINER = "\u2060"  # stands for each sign of such a hyphen; no legible text has it
_PART = rf"[\w{_JOINER}]+"
_TOKEN = re.compile(rf"\$?{_PART}(?:(?:'|[.,](?=\d)){_PART})*%?")
_BRACKETED = re.compile(r"\[[^\[\]]{0,300}\]")
_DOTS = re.compile(r"(?:\.\s*){3,}|…(?:\s*\.)?|(?:\*\s*){3,}")
_NOTED = re.compile(
    r"\((?:emphas[ei]s|(?:internal |some )?(?:citation|quotation|footnote)s?)\b[^()]{0,80}\)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """Words that must follow one another; `room` is how many others may stand before the first,
    and `put_in` what the draft has in their place: "[must]"."""

    words: tuple[str, ...]
    printed: tuple[str, ...]
    room: int
    put_in: str = ""


def pieces_of(quoted: str) -> tuple[Piece, ...]:
    """A quotation cut where it says that words are left out or replaced."""
    text = _NOTED.sub(" ", legible(quoted).text)
    found: list[Piece] = []
    room, put_in = 0, list[str]()
    for kind, said in _cut(text):
        if kind:
            room = max(room, kind)
            put_in.append(said)
            continue
        words = [(word, _printed(said, match)) for match, word in tokens(said)]
        if words:
            given = tuple(word for word, _ in words), tuple(printed for _, printed in words)
            found.append(Piece(*given, room, " ".join(filter(None, put_in))))
            room, put_in = 0, []
    return tuple(found)


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a text (0, words) and the gaps between them: how many words wide, and what
    brackets have there."""
    text, done = _unbracketed(text), 0
    for start, end, room in sorted((*_dots(text), *_replaced(text))):
        if start >= done:
            yield 0, text[done:start]
            yield room, "" if room == GAP else text[start:end]
            done = end
    yield 0, text[done:]


def _dots(text: str) -> Iterator[tuple[int, int, int]]:
    for dots in _DOTS.finditer(text):
        yield dots.start(), dots.end(), GAP


def _replaced(text: str) -> Iterator[tuple[int, int, int]]:
    """Bracketed words; a word that is altered in part is replaced whole: "claim[ed]"."""
    for brackets in _BRACKETED.finditer(text):
        start, end = brackets.span()
        while text[start - 1 : start].isalpha():
            start -= 1
        while text[end : end + 1].isalpha():
            end += 1
        yield start, end, BRACKETED


def _unbracketed(text: str) -> str:
    """One bracketed letter at a word's head is a change of case alone: "[t]he". "[sic]" is none of
    the text's."""
    text = re.sub(r"\s*\[sic\]", "", text, flags=re.IGNORECASE)
    return re.sub(r"(?<!\w)\[([A-Za-z])\](?=\w)", r"\1", text)


def _printed(text: str, token: re.Match[str]) -> str:
    """A word with its hyphens, also that behind initials."""
    closed = _HYPHENS.match(text, token.end())
    return text[token.start() : closed.end() if closed else token.end()]


def tokens(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Words with where they stand; a hyphen within a word is none of its letters."""
    joined = _BROKEN.sub(lambda broken: _JOINER * len(broken[0]), text)
    for match in _TOKEN.finditer(joined):
        yield match, match[0].replace(_JOINER, "").casefold()
