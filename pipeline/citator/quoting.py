"""Find the quotations of a draft, and the citation that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.citator.draft import Draft
from pipeline.model import BlockKind, Citation

FEWEST = 4  # words; fewer are a term, and stand in any text
LONGEST = 6_000  # characters: a mark that was never closed is no quotation
_WORD = re.compile(r"\w+")
_SIGNALS = re.compile(
    r"(?:(?:but )?(?:see(?: also| generally)?|cf|contra|compare|accord|e\.? ?g|id|ibid|citing"
    r"|quoting|and|with)\b|[\s,.;:&()\[\]–—-])*",
    re.IGNORECASE,
)
# A name at the head of a citation: capitalised words and the small ones between them.
_PART = r"(?:[A-Z][\w.'’&-]*|of|the|v\.|in|re|ex|rel\.|et|al\.|and|&|for|on|de|la|supra|§+)"
_NAME = re.compile(rf"{_PART}(?:[\s,]+{_PART}){{0,13}}[\s,]*")
_PARALLEL = re.compile(r"[\s,\d–-]{1,40}")
_END = re.compile(r"[.?!][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z\d§])")
# After these a full stop ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:v|vs|Dec|No|Nos|Mr|Mrs|Ms|Dr|Inc|Co|Corp|Ltd|St|Cir|Fed|Reg|Supp|Ct|Stat|Pub|Sec|sec"
    r"|Art|art|cf|Cf|e\.g|i\.e|Id|id|al|rel|Att|Gen|Jr|Sr|U\.S|U\.S\.C|C\.F\.R|Op|App|n|nn|pt|ch"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Exh|Ex|Tab|Tr)|\b[A-Z]|\. ?)\.[\"”’')\]]*$"
)
_SOURCE = re.compile(r"[(\[][^()\[\]]{0,200}\d[^()\[\]]{0,80}[)\]]\.?$")
_OMITTED = re.compile(
    r"\((?:[^()]*\b)?(?:citations?|footnotes?|quotation(?: mark)?s?|cleaned up|alterations?)\b"
    r"[^()]*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Words that a draft quotes: text[start:end] of a block, without the marks around them.

    `citation` is the index, in the draft's citations, of that which it belongs to. `leaves_out`:
    the draft says that citations, notes or marks are left out ("citations omitted").
    """

    text: str
    block: int
    start: int
    end: int
    citation: int
    leaves_out: bool = False


Cited = Sequence[tuple[int, Citation]]


def quotations(draft: Draft, cited: Cited) -> tuple[Quotation, ...]:
    """The quotations of at least four words that belong to a citation.

    One belongs to the citation in whose parenthesis it stands, else to the next one in its own
    sentence or in the citation sentence after it, also in a note called there; else to the one
    citation before it in its own sentence. Of any other it is not known what it quotes.
    """
    by_block: dict[int, list[int]] = {}
    for each, (place, _) in enumerate(cited):
        by_block.setdefault(place, []).append(each)
    finder = _Finder(draft, cited, by_block)
    found = []
    for index, block in enumerate(draft.blocks):
        for start, end in _spans(draft, index):
            if len(_WORD.findall(block.text[start:end])) < FEWEST:
                continue
            number = finder.belongs(index, start, end)
            if number is not None:
                found.append(_quotation(draft, index, (start, end), number))
    return tuple(found)


def _quotation(draft: Draft, index: int, span: tuple[int, int], number: int) -> Quotation:
    start, end = span
    text = draft.blocks[index].text
    following = draft.blocks[index + 1].text if index + 1 < len(draft.blocks) else ""
    after = f"{text[end : end + 400]} {following[:400] if index in draft.set_off else ''}"
    return Quotation(
        text=text[start:end],
        block=index,
        start=start,
        end=end,
        citation=number,
        leaves_out=_OMITTED.search(after) is not None,
    )


def _spans(draft: Draft, index: int) -> Iterator[tuple[int, int]]:
    """The outermost quotations of a block, or the whole of one that is set off."""
    text = draft.blocks[index].text
    if index in draft.set_off:
        spans = tuple(_marked(text))
        covers = sum(end - start for start, end in spans) > 0.6 * len(text)
        if not covers:
            yield 0, _without_source(text)
            return
        yield from spans
        return
    yield from _marked(text)


def _without_source(text: str) -> int:
    """Where the words of a block quotation end: before a citation in its last parenthesis."""
    found = _SOURCE.search(text)
    return found.start() if found else len(text)


def _marked(text: str) -> Iterator[tuple[int, int]]:
    """What stands between double quotation marks, curly or straight; one that is not closed goes to
    the paragraph's end, as where a quotation has several paragraphs."""
    opened: int | None = None
    depth = 0
    for at, mark in ((m.start(), m[0]) for m in re.finditer('[“”"]', text)):
        opens = mark == "“" or (mark == '"' and _opens(text, at, is_open=opened is not None))
        if opens:
            depth += 1
            opened = at + 1 if opened is None else opened
        elif opened is not None:
            depth -= 1
            if depth <= 0:
                yield opened, at
                opened, depth = None, 0
    if opened is not None and len(text) - opened < LONGEST and text[:opened].strip() in ('"', "“"):
        yield opened, len(text)


def _opens(text: str, at: int, *, is_open: bool) -> bool:
    """Whether a straight mark opens a quotation: inside one only where a space stands before it
    and none after."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if is_open:
        return bool(after.strip()) and (before.isspace() or before in "([—–") and before != ""
    return True


class _Finder:
    """Which citation a quotation belongs to."""

    def __init__(self, draft: Draft, cited: Cited, by_block: dict[int, list[int]]) -> None:
        self._draft, self._cited, self._by_block = draft, cited, by_block
        self._notes: dict[str, int] = {}
        for index, block in enumerate(draft.blocks):
            if block.kind is BlockKind.FOOTNOTE:
                self._notes.setdefault(block.label, index)

    def belongs(self, index: int, start: int, end: int) -> int | None:
        if index in self._draft.set_off:
            return self._set_off(index, end)
        for found in (
            self._around(index, start),
            self._following(index, end),
            self._noted(index, end),
            self._before(index, start),
        ):
            if found is not None:
                return found
        return None

    def _around(self, index: int, start: int) -> int | None:
        """The citation right before the parenthesis that the quotation stands in."""
        text = self._draft.blocks[index].text
        opened = _open_parenthesis(text, start)
        if opened is None:
            return None
        for number in reversed(self._by_block.get(index, ())):
            end = self._cited[number][1].end
            if end <= opened:
                between = re.sub(r"\([^()]*\)", "", text[end:opened])
                return self._first_parallel(number) if not between.strip(" ,.") else None
        return None

    def _first_parallel(self, number: int) -> int:
        """Of the places in which one case is reported, the first: that has the pin that counts."""
        block, citation = self._cited[number]
        while number and self._cited[number - 1][0] == block:
            before = self._cited[number - 1][1]
            if not _PARALLEL.fullmatch(self._draft.blocks[block].text, before.end, citation.start):
                break
            number, citation = number - 1, before
        return number

    def _following(self, index: int, end: int) -> int | None:
        text = self._draft.blocks[index].text
        for number in self._by_block.get(index, ()):
            citation = self._cited[number][1]
            if citation.start >= end:
                # The full stop that ends the sentence may stand within the marks.
                gap = text[max(end - 1, 0) : citation.start]
                return number if _leads(gap, citation) else None
        return None

    def _noted(self, index: int, end: int) -> int | None:
        """The first citation of a note that is called before the sentence is over."""
        block = self._draft.blocks[index]
        stop = _sentence_end(block.text, end)
        for mark in block.marks:
            if end <= mark.offset <= stop + 2 and mark.label in self._notes:
                return self._opening(self._notes[mark.label])
        return None

    def _before(self, index: int, start: int) -> int | None:
        """The one citation before it in its own sentence."""
        text = self._draft.blocks[index].text
        begin = _sentence_start(text, start)
        found = [
            number
            for number in self._by_block.get(index, ())
            if begin <= self._cited[number][1].start and self._cited[number][1].end <= start
        ]
        names = {self._cited[number][1].cited for number in found}
        return found[-1] if len(names) == 1 and "" not in names else None

    def _set_off(self, index: int, end: int) -> int | None:
        """Of a block quotation: the citation after its words, or the first of what follows it."""
        inside = [n for n in self._by_block.get(index, ()) if self._cited[n][1].start >= end]
        if inside:
            return inside[0]
        after = index + 1
        while after in self._draft.set_off:
            after += 1
        opening = self._opening(after)
        return self._noted(index, end) if opening is None else opening

    def _opening(self, index: int) -> int | None:
        """The citation that a block begins with."""
        for number in self._by_block.get(index, ())[:1]:
            citation = self._cited[number][1]
            lead = self._draft.blocks[index].text[: citation.start]
            return number if _is_lead(lead, citation) else None
        return None


def _leads(gap: str, citation: Citation) -> bool:
    """Whether a citation belongs to what stands before `gap`: in the same sentence, or as a
    sentence of its own right after it."""
    boundaries = list(_boundaries(gap))
    if not boundaries:
        return len(gap) < LONGEST
    return len(boundaries) == 1 and _is_lead(gap[boundaries[0] :], citation)


def _is_lead(words: str, citation: Citation) -> bool:
    """Whether nothing but signals and the case's name stands before a citation."""
    if citation.name and (at := words.rfind(citation.name)) >= 0:
        words = words[:at]
    rest = words[_head(words) :]
    return not rest or _NAME.fullmatch(rest) is not None


def _head(words: str) -> int:
    found = _SIGNALS.match(words)
    return found.end() if found else 0


def _boundaries(text: str) -> Iterator[int]:
    """Where sentences begin within a text."""
    for found in _END.finditer(text):
        if not _ABBREVIATED.search(text[max(0, found.start() - 12) : found.start() + 1]):
            yield found.end()


def _sentence_end(text: str, at: int) -> int:
    text = text[at : at + LONGEST]
    return at + next(_boundaries(text), len(text))


def _sentence_start(text: str, at: int) -> int:
    first = max(0, at - LONGEST)
    return first + max(_boundaries(text[first:at]), default=0)


def _open_parenthesis(text: str, at: int) -> int | None:
    """Where the innermost parenthesis opens that is still open at a place."""
    depth = 0
    for place in range(at - 1, max(-1, at - LONGEST), -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            if depth == 0:
                return place
            depth -= 1
    return None
