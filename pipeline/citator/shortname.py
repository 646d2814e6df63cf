"""Find where a text calls a case by a name that it gave it, or by one of its parties alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.citator.antecedents import Antecedents, Case
from pipeline.citator.samename import is_official

_WORD = re.compile(r"(?<![\w-])[A-Z][\w-]*")
_END = re.compile(r"(?![\w-])")
_HOW = re.compile(r"(?:In the )?Matters? of |In re |Ex parte ")
# What follows a name of which only the beginning was met.
_LONGER = re.compile(r"\s(?:v\.|&|[A-Z](?!\w*,))")
# Another decision of that name, cited by what is no reporter; or what is a party's.
_OTHERWISE = re.compile(
    r",\s(?:\d{1,4}\s|No\.|Nos\.|slip\b|Civ)|'s?\s(?!holding|rule|reasoning|analysis|framework|standard"
    r"|test|interpretation)"
)
_SHORTEST, _WORDS, _WINDOW = 2, 4, 24
_MOST = 8  # names that begin with one word
# A party's name alone is as often the party as the case: these words speak of a case.
_BEFORE = re.compile(
    r"(?:\b(?:[Ii]n|[Uu]nder|[Ss]ee|also|[Cc]f\.|[Uu]nlike|[Ff]ollowing|(?:overr|abrog|superse|vacat"
    r"|disting|reaffirm|overturn|reinstat|interpret|appl|limit|confine|follow|clarif)[a-z]{0,8}"
    r"|(?:disagree|part\s(?:company|ways))\swith|(?:adhere|return)\sto|(?:depart|recede|withdraw)\sfrom)\s"
    r"|\b[Pp](?:re|ost)-)\Z"
)
_AFTER = re.compile(
    r"(?:'s?\s(?:holding|rule|reasoning|analysis|framework|standard|test|interpretation)\b"
    r"|,?\s(?:held|holds|overruled|abrogated|superseded|controls|governs|forecloses)\b"
    r"|\s(?:is|was|has\sbeen|remains)\s(?:not\s|no\slonger\s|still\s)?(?:overruled|abrogated"
    r"|superseded|vacated|distinguishable|inapposite|good\slaw|controlling|binding|reinstated)\b)"
)


@dataclass(frozen=True, kw_only=True)
class Use:
    """Where a case is called by a name: text[start:end]."""

    start: int
    end: int
    case: Case


class ShortNames:
    """The names by which the cases of a document can be called; one that may mean two is none."""

    def __init__(self, cases: Antecedents) -> None:
        self._cases: dict[str, list[Case]] = {}
        self._plain: set[str] = set()  # speak of a case wherever they stand
        for case in cases.cases:
            self._know(case)
        self._starts: dict[str, list[str]] = {}
        for name, meant in sorted(self._cases.items(), key=lambda known: -len(known[0])):
            if len(meant) == 1 and len(start := self._starts.setdefault(_first(name), [])) < _MOST:
                start.append(name)

    def uses(self, text: str) -> Iterator[Use]:
        """In the text's order, without overlaps; the text is in its legible form."""
        done, shown = 0, re.sub(r"\s", " ", text)
        for word in _WORD.finditer(shown):
            if word.start() >= done and (use := self._use(shown, word)):
                done = use.end
                yield use

    def _use(self, text: str, word: re.Match[str]) -> Use | None:
        for name in self._starts.get(word[0], ()):
            end = word.start() + len(name)
            if text.startswith(name, word.start()) and _END.match(text, end):
                if _OTHERWISE.match(text, end):
                    return None
                if name not in self._plain and not _is_of_case(text, word.start(), end):
                    return None
                return Use(start=word.start(), end=end, case=self._cases[name][0])
        return None

    def _know(self, case: Case) -> None:
        for name, is_plain in _names(case):
            if not _first(name):
                continue
            meant = self._cases.setdefault(name, [])
            if case not in meant[:2]:
                meant.append(case)
            if is_plain:
                self._plain.add(name)


def _names(case: Case) -> Iterator[tuple[str, bool]]:
    """What a case can be called, and whether that speaks for itself."""
    yield from ((name, True) for name in case.called)
    for name in case.names:
        one, versus, other = name.partition(" v. ")
        if versus:
            yield name, True
        for party in (one, other) if versus else (_HOW.sub("", name),):
            is_long = party.count(" ") >= _WORDS
            if len(party) > _SHORTEST and not is_long and not is_official(party, name):
                yield party, False


def _is_of_case(text: str, start: int, end: int) -> bool:
    is_longer = _LONGER.match(text, end) or text[start - 2 : start - 1].isupper()
    words = text[max(0, start - _WINDOW) : start]
    return not is_longer and bool(_BEFORE.search(words) or _AFTER.match(text, end))


def _first(name: str) -> str:
    found = _WORD.match(name)
    return found[0] if found else ""
