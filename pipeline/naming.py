"""By which numbers, or days, a paragraph names the thing that a sentence of it speaks of."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipeline.grammar import singles
from pipeline.judicial import Deed
from pipeline.mentions import mentions

BACK = 2000  # characters before a sentence in which its paragraph may name a thing
NEAR = 300  # characters between a noun and the number by which it is named
_NAMING = {
    "fr_cite": re.compile(""),
    "fr_docnum": re.compile(""),
    "policy_memo": re.compile(r"memo|guidance|polic|directive", re.IGNORECASE),
}
# The papers of which a number may be, each with what tells two of a sort apart.
_SORTS = {
    "rule": r"rules?(?:making)?s?|ifrs?|nprms?|regulations?|proposals?|amendments?|changes"
    r"|versions? of form|fee increases?",
    "memorandum": r"memorand(?:um|a)|memos?|guidance|polic(?:y|ies)|directives?",
    "notice": r"notices?|designations?|redesignations?|terminations?|rescissions?|programs?"
    r"|process(?:es)?",
    "proclamation": r"proclamations?|executive orders?",
    "order": r"orders?|decisions?|opinions?|judgments?|rulings?|vacaturs?|statements?|reports?",
}
_PAPER = re.compile(
    r"(?P<before>(?:[\w-]+ ){0,5})\b(?:"
    + "|".join(rf"(?P<{sort}>{words})" for sort, words in _SORTS.items())
    + r")\b",
    re.IGNORECASE,
)
_STAGES = {
    "proposed": re.compile(r"propos|nprm", re.IGNORECASE),
    "interim": re.compile(r"interim|\bifr", re.IGNORECASE),
    "final": re.compile(r"(?<!interim )final\b", re.IGNORECASE),
    "delay": re.compile(r"delay|extension|correct|withdraw", re.IGNORECASE),
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SEVERAL = re.compile(r"(?:s|processes|policies|memoranda|a)$", re.IGNORECASE)
# Between a noun and a number, these tell that the number is another paper's: another thing, or a
# verb with which something else is said.
_ANOTHERS = re.compile(
    r"\b(?:that|which|who|amend\w*|replac\w*|supersed\w*|rescind\w*|remov\w*|revis\w*|reinstat\w*"
    r"|prior|previous|because|since|while|but|although|implement\w*|under|pursuant|based|see|so"
    r"|as|is|are|was|were|has|have|had|will|did|does|gave|gives?|took|takes?|held|h[eo]lds?|found"
    r"|(?:and|then|it|dhs|uscis|department) \w+ed)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_AND = re.compile(r"[\s,;]*(?:\([^)]*\)[\s,;]*)?(?:and|&)[\s,;]*")
_STOP = re.compile(r"[.?!][\"”’)\]]*\s+(?=[\"“‘(\[A-Z])")


@dataclass(frozen=True)
class Named:
    """A number in a paragraph by which a document goes, or in a footnote that it calls there."""

    begins: int
    ends: int
    kind: str
    name: str


def named(text: str) -> Iterator[Named]:
    """The numbers of the Federal Register and of memoranda in a text."""
    for each in singles(text):
        if each.kind in _NAMING:
            yield Named(each.start, each.end, each.kind, each.canonical)


class Place:
    """A paragraph, read once for the numbers and days in it."""

    def __init__(self, text: str, noted: Iterable[Named]) -> None:
        self._text = text
        self._named = sorted((*noted, *named(text)), key=lambda each: each.begins)
        self._places = [each.begins for each in self._named]
        self._owners = {each: _owner(text, each) for each in self._named}
        self._days = [(each.end, each.on) for each in mentions(text, None) if each.on]

    def names(self, start: int, end: int, deed: Deed) -> tuple[str, ...] | None:
        """The numbers by which a sentence, or else what stands before it in the paragraph, names
        what a deed was done to; none where it has none, None where it can't be told which is meant.

        A number names the noun that it follows, and that must be the same thing.
        """
        if not deed.ends:
            return None
        begins, ends = start + deed.begins, start + deed.ends
        thing = _phrase(self._text, begins, ends)
        near = self._named[bisect(self._places, start - BACK) : bisect(self._places, end)]
        given = [each for each in near if _is_fit(each, thing)]
        behind = (each for each in given if each.begins >= ends)
        if after := next((each for each in behind if self._is_its(each, thing, begins)), None):
            return tuple(dict.fromkeys(self._together(after)))
        before = (each for each in given if each.begins < ends)
        earlier = {each.name: None for each in before if self._is_its(each, thing, begins)}
        is_another = any(each.begins >= start for each in given)
        return None if len(earlier) > 1 or (is_another and not earlier) else tuple(earlier)

    def days(self, end: int, but: date | None) -> tuple[date, ...]:
        """The days that the paragraph gives up to a place, but one."""
        return tuple(dict.fromkeys(on for at, on in self._days if at <= end and on != but))

    def _is_its(self, each: Named, thing: str, begins: int) -> bool:
        owner = self._owners[each]
        if owner is None:
            return False
        at, phrase = owner
        if begins < at:  # "vacated the changes made by the final rule (91 FR …)"
            between = self._text[begins:at]
            return not (_ANOTHERS.search(between) or re.search(r"[,;.]", between))
        since = self._text[at : max(begins, each.ends) + NEAR // 4]
        return at == begins or _agree(phrase, thing, since)

    def _together(self, first: Named) -> Iterator[str]:
        """A number, and those of its sort that "and" joins with it."""
        yield first.name
        for one, other in pairwise(self._named[self._named.index(first) :]):
            is_joined = _AND.fullmatch(self._text[one.ends : other.begins])
            if not is_joined or other.kind != one.kind:
                return
            yield other.name


def _is_fit(each: Named, thing: str) -> bool:
    return bool(_NAMING[each.kind].search(thing))


def _owner(text: str, each: Named) -> tuple[int, str] | None:
    """The noun that a number follows, where it stands and with the words before it."""
    low = max(0, each.begins - NEAR)
    near = text[low : each.begins]
    stop = max((match.end() for match in _STOP.finditer(near)), default=0)
    papers = [*_PAPER.finditer(_unquoted(near), stop)]
    if not papers:
        return None
    last = papers[-1]
    sort = next(name for name in _SORTS if last[name])
    between = _unquoted(near)[last.end() :]
    if _ANOTHERS.search(between):
        return None
    return low + last.start(sort), last[0]


def _unquoted(text: str) -> str:
    """A text with blanks for what stands in quotation marks: a title has nouns of its own."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), text)


def _phrase(text: str, begins: int, ends: int) -> str:
    """A noun with the words before it, up to five."""
    words = text[max(0, begins - 80) : begins].split()[-5:]
    return " ".join((*words, text[begins:ends]))


def _agree(one: str, other: str, since: str) -> bool:
    """Whether two nouns with the words before them may mean one paper; a year that only one of
    them has must stand by the other."""
    first, second = (_sort(each) for each in (one, other))
    if first is None or first != second or _is_several(one) != _is_several(other):
        return False
    for stage, said in _STAGES.items():
        if stage != "final" and bool(said.search(one)) != bool(said.search(other)):
            return False
    years, wanted = (set(_YEAR.findall(each)) for each in (one, other))
    return not wanted or bool(wanted & years) or (not years and bool(wanted & _years(since)))


def _sort(phrase: str) -> str | None:
    papers = [*_PAPER.finditer(phrase)]
    return next((name for name in _SORTS if papers and papers[-1][name]), None)


def _is_several(phrase: str) -> bool:
    return bool(_SEVERAL.search(phrase))


def _years(text: str) -> set[str]:
    return {year for part in re.findall(r"\([^()]*(?:\([^()]*\))?[^()]*\)", text) for year in
            _YEAR.findall(part)}  # fmt: skip
