"""Write each authority of a text as one character, so that its sentences can be read by pattern."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Citation, Span

AUTHORITY = "\ue000"  # a decision, from its name to the court and year; a policy memorandum
PROVISION = "\ue001"  # any other citation: its periods end no sentence
DECISIONS = frozenset({"case_reporter", "case_short", "interim_decision", "policy_memo"})

_LONGEST_NAME = 240
_APART = 24  # characters between a name and its citation: "(PDF)", a short name defined
# Each character for one, so that offsets hold. A text that holds our own marks is cleared of them.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys(
            "\t\n\r\xa0\xad\u200b\u200c\u200d\u2060\ufeff" + AUTHORITY + PROVISION, " "
        ),
    }
)
_HYPHENS_AND_SPACES = r"[\W_]{0,6}"
# A page cited, the court and year, "(per curiam)", a name that the text itself defines.
_AFTER = re.compile(
    r"(?:\s?,\s?(?:at\s)?\d{1,4}(?:\s?-\s?\d{1,4})?(?:\s?&?\s?nn?\.\s?\d{1,3})?(?!\w))*"
    r"(?:\s{0,40}+[(\[][^()\[\]]{0,160}[)\]])*"
)
_PARALLEL = re.compile(r"\s?,\s?(?:\d{1,4}(?:-\d{1,4})?,\s)?")
# A period after one of these ends no sentence, whatever follows.
_ABBREVIATED = re.compile(
    r"\b(?:v|vs|[Cc]f|[Ss]ee|Nos?|[Ii]d|e\.g|i\.e|Dec|Cir|Inc|Co|Corp|Ltd|Dr|Mr|Mrs|Ms|Jr|St|Art"
    r"|[Ss]ec|cl|ch|n|nn|Att'y|Ass'n|Dep't|Gen|rev'd|aff'd|nom|sub|cert|al|Stat|Reg|Fed|Supp|App'x)\Z"
)
# After a capital alone, an initial, only an authority begins a sentence: "Part A. Matter of X".
_END = re.compile(
    rf"(?:(?<![\s.(][A-Z])[.?!][\"”')\]]*(?P<gap>\s+)(?=[(\[\"“]{{0,2}}(?:[A-Z\d]|{PROVISION}))"
    rf"|[.?!][\"”')\]]*(?P<gap_2>\s+)(?=[(\[\"“]{{0,2}}{AUTHORITY}))"
)


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A decision that a text names, and where the whole of it is printed there."""

    citation: Citation
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Masked:
    """`text` has one character for each citation and one for every other printed character."""

    text: str
    _authorities: tuple[Authority, ...]
    _at: tuple[int, ...]  # where their characters stand
    _starts: tuple[int, ...]  # where runs of the text begin, and in print
    _begins: tuple[int, ...]

    def within(self, start: int, end: int) -> tuple[Authority, ...]:
        """The authorities whose characters stand in a span of `text`."""
        return self._authorities[
            bisect_right(self._at, start - 1) : bisect_right(self._at, end - 1)
        ]

    def printed(self, span: Span) -> Span:
        """Where a span of `text` stands in print."""
        return Span(start=self._back(span.start), end=self._back(span.end - 1, after=True))

    def _back(self, offset: int, *, after: bool = False) -> int:
        run = bisect_right(self._starts, offset) - 1
        if self.text[offset : offset + 1] in (AUTHORITY, PROVISION):
            return self._begins[run + 1] if after else self._begins[run]
        return self._begins[run] + offset - self._starts[run] + after


def masked(text: str, cited: Sequence[Citation]) -> Masked:
    """The text with its citations as single characters; `cited` are those of this text, in order.

    An authority's character stands for its name, citation, parallel citations, and court and year.
    """
    plain = text.translate(_PLAIN)
    spans = _extents(plain, cited)
    pieces: list[str] = []
    at: list[int] = []
    starts, begins = [0], [0]
    done = length = 0
    for extent in spans:
        pieces += (plain[done : extent.start], AUTHORITY if _is_decision(extent) else PROVISION)
        length += extent.start - done
        if _is_decision(extent):
            at.append(length)
        starts += (length, length + 1)
        begins += (extent.start, extent.end)
        done, length = extent.end, length + 1
    return Masked(
        text="".join((*pieces, plain[done:])),
        _authorities=tuple(extent for extent in spans if _is_decision(extent)),
        _at=tuple(at),
        _starts=tuple(starts),
        _begins=tuple(begins),
    )


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a masked text; "(2)" that counts a holding begins one."""
    start = 0
    for match in _END.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if text[match.start()] == "." and _ABBREVIATED.search(before):
            continue
        gap = match.start("gap") if match["gap"] else match.start("gap_2")
        yield Span(start=start, end=gap)
        start = match.end()
    if text[start:].strip():
        yield Span(start=start, end=len(text.rstrip()))


def _is_decision(extent: Authority) -> bool:
    return extent.citation.kind in DECISIONS


def _extents(text: str, cited: Sequence[Citation]) -> list[Authority]:
    found: list[Authority] = []
    following = (*(citation.start for citation in cited[1:]), len(text))
    for citation, limit in zip(cited, following, strict=False):  # nothing cited, one end
        if found and citation.start < found[-1].end:  # inside what stands after another
            continue
        extent = _extent(text, citation, found, limit)
        while (
            found and extent.start <= found[-1].start
        ):  # the name alone was taken for a short form
            found.pop()
        if found and _is_parallel(text, found[-1], extent):
            extent = _joined(found.pop(), extent)
        found.append(extent)
    return found


def _extent(text: str, citation: Citation, found: list[Authority], limit: int) -> Authority:
    if citation.kind not in DECISIONS:
        return Authority(citation=citation, start=citation.start, end=citation.end)
    floors = (each.end for each in reversed(found) if each.citation.kind != "case_short")
    after = _AFTER.match(text, citation.end, limit)
    return Authority(
        citation=citation,
        start=_begin(text, citation, next(floors, 0)),
        end=after.end() if after else citation.end,
    )


def _begin(text: str, citation: Citation, floor: int) -> int:
    """Where the name of a case begins that is printed before its citation."""
    words = re.findall(r"[^\W_]+", citation.name)
    if not words or citation.raw.startswith(words[0]):
        return citation.start
    lead = text[max(floor, citation.start - _LONGEST_NAME) : citation.start]
    name = _HYPHENS_AND_SPACES.join(map(re.escape, words))
    printed = re.finditer(rf"(?<!\w){name}(?!\w)\W{{0,6}}", lead, re.IGNORECASE)
    near = [match.start() for match in printed if len(lead) - match.end() <= _APART]
    return citation.start - len(lead) + near[-1] if near else citation.start


def _is_parallel(text: str, first: Authority, second: Authority) -> bool:
    """Whether two citations are of one decision: nothing but a comma stands between them."""
    between = text[first.citation.end : second.citation.start]
    kinds = {first.citation.kind, second.citation.kind}
    return kinds <= {"case_reporter", "interim_decision"} and bool(_PARALLEL.fullmatch(between))


def _joined(first: Authority, second: Authority) -> Authority:
    court = first.citation.court or second.citation.court
    return replace(first, citation=replace(first.citation, court=court), end=second.end)
