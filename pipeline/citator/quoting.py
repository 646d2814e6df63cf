"""Find the quotations of a draft, and the citations that each may belong to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from pipeline.citator.court import PINS, tail
from pipeline.citator.draft import Citations, Draft
from pipeline.citator.marks import LONGEST, spans
from pipeline.citator.reading import FOREIGN
from pipeline.citator.sentences import Sentences
from pipeline.citator.voiced import attributes, is_of_record, is_said
from pipeline.model import BlockKind

FEWEST = 4  # words; fewer are a term, and stand in any text
_TAIL = 400  # characters after a citation that may be of it
_SAID = 600  # characters before or after a quotation in which it is said whose words it has
_MANY = 20  # citations of one sentence that are looked at
_NEAR = 40  # characters of a sentence in which a source that we do not read begins it
_WORD = re.compile(r"\w+")
_PINS = re.compile(PINS)
_SIGNALS = re.compile(
    r"(?:(?:but )?(?:see(?: also| generally)?|cf|contra|compare|accord|e\.? ?g|id|ibid|citing"
    r"|quoting|and|with)\b|[\s,.;:&()\[\]–—-])*",
    re.IGNORECASE,
)
# A name at the head of a citation: capitalised words and the small ones between them.
_PART = r"(?:[A-Z][\w.'’&-]*|of|the|v\.|in|re|ex|rel\.|et|al\.|and|&|for|on|de|la|supra|§+)"
_NAME = re.compile(rf"{_PART}(?:[\s,]+{_PART}){{0,13}}[\s,]*")
_PARALLEL = re.compile(r"[\s,\d–-]{1,40}")
_JOINED = re.compile(r"(?:and|with)\b")  # goes on with the sentence
# What ends a citation: another clause, sentence or parenthesis, or the history of the case.
_CLOSED = re.compile(r"\s*(?:[.;()\[\]”\"]|$|,\s+(?:aff|rev|overrul|vacat|abrogat|supersed|cert))")
_OMITTED = re.compile(
    r"\((?:[^()]*\b)?(?:citations?|footnotes?|quotation(?: mark)?s?|cleaned up|alterations?)\b"
    r"[^()]*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Words that a draft quotes: text[start:end] of a block, without the marks around them.

    `citation` is the index, in the draft's citations, of that which it belongs to first; `others`
    are those that it may as well belong to. `is_sure`: the draft says that the words are of one of
    them; else they only stand in one sentence. `leaves_out`: the draft says that citations, notes
    or marks are left out ("citations omitted").
    """

    text: str
    block: int
    start: int
    end: int
    citation: int
    others: tuple[int, ...] = ()
    is_sure: bool = True
    leaves_out: bool = False


def quotations(draft: Draft, cited: Citations) -> tuple[Quotation, ...]:
    """The quotations of at least four words that may belong to a citation.

    One belongs to the citation in whose parenthesis it stands; else to that of the clause or
    sentence after it that is nothing but citations, also in a note called there; else to the one
    before it in its own sentence that is said to say it. Where a sentence only speaks of a case, it
    may be of that one. Of no other is it known what it quotes, nor where a source that we do not
    read is cited for it.
    """
    by_block: dict[int, list[int]] = {}
    for each, (place, _) in enumerate(cited):
        by_block.setdefault(place, []).append(each)
    notes: dict[str, int] = {}
    for index, block in enumerate(draft.blocks):
        if block.kind is BlockKind.FOOTNOTE:
            notes.setdefault(block.label, index)
    found = []
    for index, block in enumerate(draft.blocks):
        marked = [*spans(draft, index)]
        if not marked:
            continue
        finder = _Finder(draft, cited, by_block=by_block, notes=notes, index=index, marked=marked)
        for start, end in marked:
            if len(_WORD.findall(block.text[start:end])) < FEWEST:
                continue
            if owners := finder.owners(start, end):
                found.append(_quotation(draft, index, (start, end), owners))
    return tuple(found)


@dataclass(frozen=True)
class _Owners:
    """The citations that a quotation may belong to, the likeliest first."""

    numbers: tuple[int, ...]
    is_sure: bool


def _quotation(draft: Draft, index: int, span: tuple[int, int], owners: _Owners) -> Quotation:
    start, end = span
    text = draft.blocks[index].text
    following = draft.blocks[index + 1].text if index + 1 < len(draft.blocks) else ""
    after = f"{text[end : end + 400]} {following[:400] if index in draft.set_off else ''}"
    return Quotation(
        text=text[start:end],
        block=index,
        start=start,
        end=end,
        citation=owners.numbers[0],
        others=owners.numbers[1:],
        is_sure=owners.is_sure,
        leaves_out=_OMITTED.search(after) is not None,
    )


class _Finder:
    """Which citations the quotations of one block may belong to."""

    def __init__(
        self,
        draft: Draft,
        cited: Citations,
        *,
        by_block: Mapping[int, Sequence[int]],
        notes: Mapping[str, int],
        index: int,
        marked: Sequence[tuple[int, int]],
    ) -> None:
        self._draft, self._cited, self._by_block = draft, cited, by_block
        self._notes, self._index = notes, index
        self._text = draft.blocks[index].text
        self._here = by_block.get(index, ())
        self._starts = [cited[number][1].start for number in self._here]
        self._marked, self._sentences = marked, Sentences(self._text, marked)

    def owners(self, start: int, end: int) -> _Owners | None:
        if self._index in self._draft.set_off:
            return _sure(self._set_off(end))
        if (around := self._around(start)) is not None:
            return _sure(around)
        before, following, noted = self._before(start), self._following(end), self._noted(end)
        near = tuple(each for each in (before, following) if each is not None)
        if not (near or noted is not None) or self._is_foreign(end):
            return None
        is_certain = not self._is_doubtful(start, end)
        if following is not None and self._is_citing(end, following):
            beside = *self._beside(following), *(() if before is None else (before,))
            return _Owners((following, *beside), is_certain)
        if noted is not None:
            return _Owners((noted,), is_certain)
        return _Owners(near, is_certain and self._is_said(before, start))

    def _is_said(self, number: int | None, start: int) -> bool:
        """Whether the sentence says that the case before a quotation says it."""
        if number is None:
            return False
        return is_said(self._text[max(self._cited[number][1].end, start - _SAID) : start])

    def _is_doubtful(self, start: int, end: int) -> bool:
        """Whether the words of a quotation are those of the record, or a source that we do not read
        stands between it and the next citation."""
        next_one = self._next(end)
        over = min(self._sentences.end(end), end + _SAID)
        stop = over if next_one is None else min(over, self._cited[next_one][1].start)
        before = self._text[max(self._sentences.start(start), start - _SAID) : start]
        if is_of_record(before, self._text[end:stop]):
            return True
        return FOREIGN.search(self._text, end, stop) is not None

    def _around(self, start: int) -> int | None:
        """The citation right before the parenthesis that the quotation stands in."""
        opened = self._sentences.parenthesis(start)
        place = 0 if opened is None else bisect_left(self._starts, opened)
        if opened is None or not place:
            return None
        number = self._here[place - 1]
        end = self._cited[number][1].end
        if opened - end > LONGEST:
            return None
        between = re.sub(r"\([^()]*\)", "", self._text[end:opened])
        return self._first_parallel(number) if not between.strip(" ,.") else None

    def _first_parallel(self, number: int) -> int:
        """Of the places in which one case is reported, the first: that has the pin that counts."""
        while number > self._here[0] and self._is_parallel(number - 1):
            number -= 1
        return number

    def _is_parallel(self, number: int) -> bool:
        """Whether the citation after one is of the same case."""
        if number + 1 > self._here[-1]:
            return False
        one, other = self._cited[number][1], self._cited[number + 1][1]
        return _PARALLEL.fullmatch(self._text, one.end, other.start) is not None

    def _is_foreign(self, end: int) -> bool:
        """Whether a source that we do not read is cited right after a quotation."""
        next_one = self._next(end)
        stop = len(self._text) if next_one is None else self._cited[next_one][1].start
        # The full stop that ends the sentence may stand within the marks.
        for begin in (end, self._sentences.end(end)):
            found = FOREIGN.search(self._text, begin, max(begin, min(stop, begin + _NEAR)))
            if found and _is_lead(self._text[begin : found.start()].lstrip("”\"’'"), ""):
                return True
        return False

    def _next(self, end: int) -> int | None:
        """The next citation that is the draft's own."""
        place = bisect_left(self._starts, end)
        after = self._here[place : place + _MANY]
        return next((each for each in after if not self._is_quoted(each)), None)

    def _following(self, end: int) -> int | None:
        """The next citation, in the same sentence or as the head of the one after it."""
        number = self._next(end)
        if number is None:
            return None
        start = self._cited[number][1].start
        ends = self._sentences.between(end, start)
        if not ends:
            return number if start - end < LONGEST else None
        is_head = len(ends) == 1 and _is_lead(self._text[ends[0] : start], self._name(number))
        return number if is_head else None

    def _is_citing(self, end: int, number: int) -> bool:
        """Whether nothing but a citation, or what says that it is quoted, follows a quotation."""
        start = self._cited[number][1].start
        ends = self._sentences.between(end, start)
        if ends:
            return self._is_closed(number)
        gap = self._text[end:start].lstrip("”\"’', ")
        is_next = not _JOINED.match(gap) and _is_lead(gap, self._name(number))
        return is_next or attributes(gap)

    def _is_closed(self, number: int) -> bool:
        """Whether citations end with their pins and courts, and are no part of a sentence."""
        for each in range(number, min(number + _MANY, self._here[-1] + 1)):
            end = self._cited[each][1].end
            after = self._text[end : end + _TAIL]
            pins = _PINS.match(after)
            length = max(tail(after).length, pins.end() if pins else 0)
            if _CLOSED.match(after, length) or self._cited[each][1].raw.endswith("."):
                return True
            if each == self._here[-1]:
                return False
            gap = self._text[end + length : self._cited[each + 1][1].start]
            if len(gap) > _TAIL or not _is_lead(gap, self._name(each + 1)):
                return False
        return False

    def _beside(self, number: int) -> Iterator[int]:
        """The other citations of a citation sentence, but for those in its parentheses."""
        first = self._cited[number][1]
        over = self._sentences.end(first.end)
        depth = self._sentences.parenthesis(first.start)
        for each in range(number + 1, min(number + _MANY, self._here[-1] + 1)):
            start = self._cited[each][1].start
            if start >= over:
                return
            if self._sentences.parenthesis(start) == depth:
                yield each

    def _noted(self, end: int) -> int | None:
        """The first citation of a note that is called before the sentence is over."""
        stop = self._sentences.end(end)
        for mark in self._draft.blocks[self._index].marks:
            if end <= mark.offset <= stop + 2 and mark.label in self._notes:
                return self._opening(self._notes[mark.label])
        return None

    def _before(self, start: int) -> int | None:
        """The one citation before it in its own sentence, but for those that are quoted there."""
        first = bisect_left(self._starts, self._sentences.start(start))
        before = self._here[first : bisect_left(self._starts, start)][-_MANY:]
        found = [each for each in before if not self._is_quoted(each)]
        names = {self._cited[number][1].cited for number in found}
        return found[-1] if len(names) == 1 and "" not in names else None

    def _is_quoted(self, number: int) -> bool:
        start = self._cited[number][1].start
        place = bisect_right(self._marked, start, key=itemgetter(0))
        return place > 0 and start < self._marked[place - 1][1]

    def _set_off(self, end: int) -> int | None:
        """Of a block quotation: the citation after its words, or the first of what follows it."""
        if (inside := self._next(end)) is not None:
            return inside
        after = self._index + 1
        while after in self._draft.set_off:
            after += 1
        opening = self._opening(after)
        return self._noted(end) if opening is None else opening

    def _opening(self, index: int) -> int | None:
        """The citation that a block begins with."""
        for number in self._by_block.get(index, ())[:1]:
            lead = self._draft.blocks[index].text[: self._cited[number][1].start]
            return number if _is_lead(lead, self._name(number)) else None
        return None

    def _name(self, number: int) -> str:
        return self._cited[number][1].name


def _sure(number: int | None) -> _Owners | None:
    return None if number is None else _Owners((number,), is_sure=True)


def _is_lead(words: str, name: str) -> bool:
    """Whether words before a citation are nothing but signals and the name of its case."""
    if name and (at := words.rfind(name)) >= 0:
        words = words[:at]
    rest = words[_head(words) :]
    return not rest or _NAME.fullmatch(rest) is not None


def _head(words: str) -> int:
    found = _SIGNALS.match(words)
    return found.end() if found else 0
