"""Cut terms and connectors, as they were typed, into words, phrases, connectors and parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import QueryError

Sort = Literal["words", "phrase", "near", "and", "or", "not", "(", ")"]

MOST_WORDS = 200  # of a query; nobody types more, and a pasted page is no query
FARTHEST = 255  # words: the publishers' limit
LONGEST_SHOWN = 40  # letters of a run that a message repeats
SHORTEST_ROOT = 3  # letters before a "!"; LexisNexis advises as many

_QUOTES = '"\u201c\u201d\u201e'
_QUOTE = re.compile(f"[{_QUOTES}]")
# A run without spaces; with digits in it, "(a)(6)" behind it belongs to it.
_RUN = re.compile(rf"I\s?&\s?N(?!\w)\.?|[^\s(){_QUOTES}]+")
_BELOW = re.compile(rf"(?:\([A-Za-z0-9]{{1,6}}\)[^\s(){_QUOTES}]*)+")
_SPACE = re.compile(r"\s*")
_FORCED = re.compile(r"\s*(?:adv|advanced):", re.IGNORECASE)
_NEAR = re.compile(r"(?:(w|near|pre|onear)?/|\+)([^\W_]+)", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("s", "sent", "sentence"), "s"),
    **dict.fromkeys(("p", "para", "paragraph"), "p"),
}
_LETTER = re.compile(r"[^\W_]")
_ROOT = re.compile(r"([^!*]*)([!*]+)")
_INITIALS = re.compile("(?:[^\\W\\d_][-\u2010\u2011]){2,}")  # of a case: "M-S-"
_OPEN = re.compile(r"(?<=\w)(?:\*!+|!+\*?|\*)$")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What stands at `at`: `words` of a run of words or a phrase, and of a connector its `unit`
    ("s", "p" or a number of words) and whether it is `ordered`; `raw` as typed."""

    sort: Sort
    at: int
    raw: str
    words: tuple[str, ...] = ()
    unit: str = ""
    ordered: bool = False


def pieces(query: str) -> tuple[Piece, ...]:
    """A query's pieces in order; words that follow each other are one piece.

    Raises QueryError: an open quotation mark, no such connector, a root too short, too many words.
    """
    joined: list[Piece] = []
    count = 0
    for piece in _named(query, list(_cut(query))):
        count += len(piece.words)
        if count > MOST_WORDS:
            problem = f"terms and connectors are of {MOST_WORDS} words at most"
            raise QueryError(problem, query, piece.at)
        if joined and piece.sort == joined[-1].sort == "words":
            joined.append(_follow(joined.pop(), piece, query))
        else:
            joined.append(piece)
    return tuple(joined)


def is_forced(query: str) -> bool:
    """Whether it begins with "adv:" or "advanced:", Westlaw's sign of terms and connectors."""
    return _FORCED.match(query) is not None


def cleaned(run: str) -> str:
    """A typed word without the punctuation around it; a last "*" alone is the root expander.

    The last hyphen of a case's initials, "M-S-", is part of its name.
    """
    first = _LETTER.search(run)
    if first is None:
        return ""
    end = len(run)
    while not (run[end - 1].isalnum() or run[end - 1] in "!*)"):
        end -= 1
    if _INITIALS.fullmatch(run, first.start(), end + 1):
        end += 1
    word = run[first.start() : end]
    if "(" not in word or not re.search(r"\d", word):
        word = word.rstrip(")").replace("(", "").replace(")", "")
    return _OPEN.sub("!", re.sub(r"\s", "", word))


def _follow(last: Piece, piece: Piece, query: str) -> Piece:
    raw = query[last.at : piece.at + len(piece.raw)]
    return Piece(sort="words", at=last.at, raw=raw, words=last.words + piece.words)


def _cut(query: str) -> Iterator[Piece]:
    """Phrases, parentheses and runs without spaces, these still as words."""
    forced = _FORCED.match(query)
    at = forced.end() if forced else 0
    while (at := _end(_SPACE, query, at)) < len(query):
        if query[at] in _QUOTES:
            piece = _phrase(query, at)
        elif query[at] == "(" or query[at] == ")":
            piece = Piece(sort="(" if query[at] == "(" else ")", at=at, raw=query[at])
        else:
            piece = _run(query, at)
        at += len(piece.raw)
        yield piece


def _end(pattern: re.Pattern[str], query: str, at: int) -> int:
    found = pattern.match(query, at)
    return found.end() if found else at


def _phrase(query: str, at: int) -> Piece:
    closing = _QUOTE.search(query, at + 1)
    if closing is None:
        raise QueryError("this quotation mark is not closed: type a second one", query, at)
    raw = query[at : closing.end()]
    typed = [(found.start(), found[0]) for found in re.finditer(r"\S+", raw[1:-1])]
    words = [_checked(run, query, at + 1 + begin) for begin, run in typed]
    if not any(words):
        raise QueryError("nothing stands between these quotation marks", query, at)
    return Piece(sort="phrase", at=at, raw=raw, words=tuple(filter(None, words)))


def _run(query: str, at: int) -> Piece:
    if query[at] in "%&":  # "a %b": the connector, and the word behind it
        return Piece(sort="words", at=at, raw=query[at])
    end = _end(_RUN, query, at)
    raw = query[at:end]
    if re.search(r"\d", raw):
        raw = query[at : _end(_BELOW, query, end)]
    return Piece(sort="words", at=at, raw=raw)


def _named(query: str, cut: list[Piece]) -> Iterator[Piece]:
    """Every piece as what it is: AND, OR and NOT, the proximity connectors, and words."""
    place = 0
    while place < len(cut):
        piece = cut[place]
        following = cut[place + 1] if place + 1 < len(cut) else None
        low = piece.raw.lower()
        place += 1
        if piece.sort != "words":
            yield piece
        elif low in ("and", "but", "&") and following and _is_not(following):
            place += 1
            raw = query[piece.at : following.at + len(following.raw)]
            yield _not(query, piece.at, raw, cut[place : place + 1])
        elif low == "%" or piece.raw == "NOT":
            yield _not(query, piece.at, piece.raw, cut[place : place + 1])
        elif low in ("and", "&"):
            yield Piece(sort="and", at=piece.at, raw=piece.raw)
        elif low == "or":
            yield Piece(sort="or", at=piece.at, raw=piece.raw)
        elif near := _near(query, piece):
            yield near
        elif word := _checked(piece.raw, query, piece.at):
            exact = piece.raw.startswith("#")  # Westlaw's sign: no other form of the word
            sort: Sort = "phrase" if exact else "words"
            yield Piece(sort=sort, at=piece.at, raw=piece.raw, words=(word,))


def _is_not(piece: Piece) -> bool:
    return piece.sort == "words" and piece.raw.lower() == "not"


def _not(query: str, at: int, raw: str, following: list[Piece]) -> Piece:
    if following and (near := _near(query, following[0])):
        instead = f"BUT NOT (... {near.raw} ...)"
        raise QueryError(f"NOT {near.raw} is no connector here: type {instead}", query, at)
    return Piece(sort="not", at=at, raw=raw)


def _near(query: str, piece: Piece) -> Piece | None:
    """The proximity connector that a run is; "w/o" and "+x" are none."""
    found = _NEAR.fullmatch(piece.raw)
    if found is None or piece.sort != "words":
        return None
    before, typed = (found[1] or "").lower(), found[2].lower()
    unit = _UNITS.get(typed, typed)
    ordered = piece.raw.startswith("+") or before in ("pre", "onear")
    if unit.isdecimal():
        if len(unit) > len(str(FARTHEST)) or not 1 <= int(unit) <= FARTHEST:
            instead = f"type a number of words from 1 to {FARTHEST}, or /s or /p"
            raise QueryError(f"{piece.raw} reaches too far or nowhere: {instead}", query, piece.at)
        unit = str(int(unit))
    elif unit not in ("s", "p"):
        if before or piece.raw.startswith("+"):
            return None
        instead = "/s for one sentence, /p for one paragraph, or a number of words such as /5"
        raise QueryError(f"there is no connector {piece.raw}: type {instead}", query, piece.at)
    return Piece(sort="near", at=piece.at, raw=piece.raw, unit=unit, ordered=ordered)


def _checked(run: str, query: str, at: int) -> str:
    """The word of a run, "" where it has none. A root must not stand for half the dictionary."""
    word = cleaned(run)
    bare = run.strip("!*")
    if not re.search(r"\w", bare) and re.fullmatch(r"[!*]+", run):
        raise QueryError(f"{run[:LONGEST_SHOWN]} needs a word before it, such as remov!", query, at)
    root = _ROOT.match(word)
    if root and sum(map(str.isalnum, root[1])) < SHORTEST_ROOT:
        instead = f"type at least {SHORTEST_ROOT} letters before the {root[2][0]}"
        problem = f"{word[:LONGEST_SHOWN]} stands for too many words: {instead}"
        raise QueryError(problem, query, at)
    if "!" in word[:-1]:
        raise QueryError("! stands at the end of a word; * stands for one letter in it", query, at)
    return word
