"""Read what a document cites, and what stands around each citation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter, itemgetter

from pipeline.citator.casename import REACH, ends_sentence, named, nicknamed
from pipeline.citator.court import PINS, tail
from pipeline.model import Block, BlockKind, Citation

CASES = ("case_reporter", "interim_decision")
_PARALLEL = re.compile(rf"{PINS}\s{{0,3}},\s{{0,3}}")
# A sentence's end; what follows opens another. An empty line ends one too.
_STOP = re.compile(r"[.?!][\"”')\]]{0,4}(?=\s+[\"“'(\[]?[A-Z0-9])|\n[ \t]*\n")
# The explanatory phrase of a citation begins with a participle or a quotation (rule 1.5).
_EXPLAINS = re.compile(r"\s?(?:\w{2,20}ly\s)?(?:\w{3,20}ing\b|[\"“])")
_HISTORY = re.compile(
    r"\A\s*+,\s*(?:and\s+)?(?:(?:aff|rev)'[dg]\b|vacat|overrul|abrogat|supersed|modif|reinstat|remand"
    r"|disapprov|withdrawn|cert\.|reh'g|amended|abrogation|stay)"
)
# Sources that are no citations of ours: records, briefs, codes of states, what only a database has.
_SECTION = re.compile(r"\A,?\s{0,3}(?:at\s{1,3})?§{1,2}\s{0,3}\d[\w.-]{0,12}")
# What may stand before a citation that is a sentence or clause of its own, and within a list.
_SIGNALS = re.compile(
    r"[\W\d]{0,12}(?:(?:[Ss]ee|[Cc]f\.|[Aa]ccord|[Bb]ut|[Cc]ompare|[Cc]ontra|also|generally|e\.g\.|with|and"
    r"|citing|quoting)[\s,]{1,4}){0,5}"
)
_JOINS = re.compile(r"[\s,]{0,6}(?:(?:and|or|&)\s{1,4})?")
# An inch, or a mark that closes, opens no quotation; one that is never closed is none.
_QUOTED = re.compile(r"“[^“”]{1,2000}+”|(?<![^\s(\[–—])\"(?=\S)[^\"]{1,2000}+\"")
_SENTENCE = 1_000  # characters that a sentence may go on for
_WORD = 40  # characters of a word of which a period may be part
FOREIGN = re.compile(
    r"\bWL\b|§|¶|\bRep\.|\b(?:at|pp?\.|Exhs?\.|Ex\.|Exhibits?|Tabs?|Tr\.|Dkt\.|ECF|R\.|A\.R\.|J\.A\.|App\.)"
    r"\s{0,3}(?:Nos?\.\s{0,3})?\d|\b\d{1,4}\s[A-Z][A-Za-z.]{0,8}\.\s?(?:\d(?:d|th)\s)?\d"
)


AT = re.compile(r"\A(?P<volume>\d++ .+) at (?P<page>\d+).*")
_AT_PAGE = re.compile(r"\sat\s")


class Short(StrEnum):
    """How a short form takes up an authority."""

    IDEM = "id."
    PAGE = "page"  # 27 I&N Dec. at 320
    REGISTER = "register"  # 85 FR at 46,795
    SUPRA = "supra"
    NAME = "name"  # and nothing else


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A citation and its surroundings.

    `place` orders by reading: a note stands where it is called (block, offset, offset in the note,
    0 in the body). `paragraph` counts the body's paragraphs, or the notes (`is_note`) as they are
    called; `sentence` and `clause` within them. `leads` is the canonical of the first of parallel
    citations of one case. `is_aside`: only within the history or explanation of another.
    `is_foreign`: before it stands a source that we do not read, and `ends_foreign` after it, at the
    end of the block. `is_spoken_of`: it stands in the run of a sentence, not in a citation of its
    own. `quotation`: the number of the block's quotation that it stands in, 0 in none. `called` are
    names that the text gives the case from there on.
    """

    citation: Citation
    block: int = 0
    place: tuple[int, int, int] = (0, 0, 0)
    is_note: bool = False
    paragraph: int = 0
    sentence: int = 0
    clause: int = 0
    leads: str = ""
    called: tuple[str, ...] = ()
    tail: int = 0
    is_aside: bool = False
    is_foreign: bool = False
    ends_foreign: bool = False
    is_spoken_of: bool = False
    quotation: int = 0


def read(text: str, found: Sequence[Citation]) -> list[Cited]:
    """The names and courts of what was found in a block's text, which is in its legible form."""
    cited: list[Cited] = []
    named_from = 0
    for citation in found:
        before = cited[-1].citation if cited else None
        words = text[max(named_from, citation.start - REACH) : citation.start]
        each = _surrounded(citation, words, text[citation.end : citation.end + REACH])
        if before and _is_parallel(before, citation, text):
            each = _beside(cited[-1], each)
        cited.append(each)
        if short(citation) is not Short.NAME:
            named_from = citation.end
    return _shared(cited)


def marked(text: str, cited: Sequence[Cited]) -> list[Cited]:
    """What was read in a block's text, with the places of all in its sentences."""
    passage, done = _Passage(), list[Cited]()
    quoted = [match.span() for match in _QUOTED.finditer(text)] if cited else []
    for each in cited:
        passage.go_on(text, done[-1] if done else None, each.citation)
        number = _within(quoted, each.citation.start)
        done.append(replace(passage.marked(each), quotation=number))
    if done and FOREIGN.search(text, done[-1].citation.end):
        done[-1] = replace(done[-1], ends_foreign=True)
    return done


def ordered(blocks: Sequence[Block], cited: Sequence[Sequence[Cited]]) -> tuple[Cited, ...]:
    """What was read in the blocks of a document, block by block, in the order of reading."""
    calls = _calls(blocks)
    counts = _counts(blocks, calls)
    placed: list[Cited] = []
    for index, block in enumerate(blocks):
        is_note, count = block.kind is BlockKind.FOOTNOTE, counts[index]
        for each in cited[index]:
            start = each.citation.start
            place = (*calls.get(index, (index, 0)), start + 1) if is_note else (index, start, 0)
            placed.append(replace(each, block=index, place=place, is_note=is_note, paragraph=count))
    return tuple(sorted(placed, key=attrgetter("place")))


def sentence_end(text: str, start: int) -> int:
    """The offset behind the end of the sentence in which an offset of a text lies."""
    rest = text[start : start + _SENTENCE]
    return start + next(stops(rest), len(rest))


def stops(text: str) -> Iterator[int]:
    """The offsets behind the ends of sentences, but for the last."""
    for stop in _STOP.finditer(text):
        word = text[max(0, stop.start() - _WORD) : stop.end()].split()[-1:]
        if stop[0].isspace() or (word and ends_sentence(word[0])):
            yield stop.end()


def short(citation: Citation) -> Short | None:
    """Which sort of short form a citation is; None of a full one."""
    if citation.kind == "fr_cite" and _AT_PAGE.search(citation.raw):
        return Short.REGISTER
    if citation.kind != "case_short":
        return None
    if citation.raw[:2] in ("Id", "id"):
        return Short.IDEM
    if AT.fullmatch(citation.canonical):
        return Short.PAGE
    return Short.SUPRA if "supra" in citation.raw.casefold() else Short.NAME


def _counts(blocks: Sequence[Block], calls: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """The paragraphs of the body by their block, and the notes in the order of their calls."""
    notes = [each for each, block in enumerate(blocks) if block.kind is BlockKind.FOOTNOTE]
    body = [each for each, block in enumerate(blocks) if block.kind is not BlockKind.FOOTNOTE]
    notes.sort(key=lambda note: calls.get(note, (note, 0)))
    return {each: count for order in (body, notes) for count, each in enumerate(order)}


def _within(spans: Sequence[tuple[int, int]], at: int) -> int:
    """The number of the span that a place lies in, 0 in none."""
    number = bisect_right(spans, at, key=itemgetter(0))
    return number if number and at < spans[number - 1][1] else 0


def _calls(blocks: Sequence[Block]) -> dict[int, tuple[int, int]]:
    """Where each note is called, by its block: the n-th note of a label by the label's n-th call,
    where there are as many of both."""
    calls: dict[str, list[tuple[int, int]]] = {}
    notes: dict[str, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE:
            notes.setdefault(block.label, []).append(index)
            continue
        for mark in block.marks:
            calls.setdefault(mark.label, []).append((index, mark.offset))
    return {
        note: call
        for label, found in notes.items()
        if len(found) == len(calls.get(label, ()))
        for note, call in zip(found, calls[label], strict=True)
    }


def _surrounded(citation: Citation, before: str, after: str) -> Cited:
    sort = short(citation)
    if citation.kind not in CASES and sort not in (Short.PAGE, Short.SUPRA):
        return Cited(citation=citation)
    name, follows = named(before), tail(after)
    nicknames = [called for called in (nicknamed(before), follows.called) if called]
    is_full = citation.kind in CASES
    return Cited(
        citation=replace(citation, name=name, court=follows.court if is_full else ""),
        leads=citation.canonical if is_full else "",
        called=tuple(nicknames) if is_full else (),
        tail=follows.length,
    )


def _is_parallel(before: Citation, citation: Citation, text: str) -> bool:
    is_case = citation.kind in CASES and (before.kind in CASES or short(before) is Short.PAGE)
    return is_case and bool(_PARALLEL.fullmatch(text, before.end, citation.start))


def _beside(before: Cited, each: Cited) -> Cited:
    """A parallel citation has the name of the one before it."""
    leads = before.leads or each.leads
    return replace(each, citation=replace(each.citation, name=before.citation.name), leads=leads)


def _shared(found: list[Cited]) -> list[Cited]:
    """Parallel citations share the parentheses that follow the last of them."""
    for at in range(len(found) - 2, -1, -1):
        one, following = found[at], found[at + 1]
        if one.leads and following.leads == one.leads != following.citation.canonical:
            court = one.citation.court or following.citation.court
            called = one.called or following.called
            found[at] = replace(one, citation=replace(one.citation, court=court), called=called)
    return found


class _Passage:
    """Where in the block's sentences the reading is: carried from citation to citation."""

    def __init__(self) -> None:
        self.sentence = self.clause = 0
        self.open: list[bool] = []  # parentheses; whether each explains a citation
        self.has_cited = self.is_foreign = self.is_history = self.is_spoken_of = False

    def go_on(self, text: str, before: Cited | None, citation: Citation) -> None:
        """Read what stands between two citations."""
        start = before.citation.end if before else 0
        gap = text[start : citation.start]
        rest = gap[before.tail if before else 0 :]
        if before and short(before.citation) is Short.IDEM:
            rest = _SECTION.sub("", rest)
        is_parallel = before is not None and _is_parallel(before.citation, citation, text)
        self.is_foreign = not is_parallel and bool(FOREIGN.search(rest))
        if not is_parallel:
            self.is_history = before is not None and bool(_HISTORY.match(rest))
        if before and before.citation.raw.endswith("."):
            gap = before.citation.raw[-3:] + gap
        gap += text[citation.start : citation.start + 1]  # tells whether a sentence ends before it
        stopped = self._stopped(gap)
        self._nested(gap[stopped:-1])
        lead = gap[stopped:-1] if stopped or before is None else rest
        clause = max(lead.rfind("("), lead.rfind(";")) + 1
        if stopped or clause or before is None or not _JOINS.fullmatch(lead):
            self.is_spoken_of = not _SIGNALS.fullmatch(lead, clause)

    def _stopped(self, gap: str) -> int:
        """Count the sentences that end here; the offset behind the last of their ends."""
        ends = [*stops(gap)]
        self.sentence += len(ends)
        last = ends[-1] if ends else 0
        if last:
            self.clause, self.has_cited, self.open = 0, False, []
        return last

    def _nested(self, words: str) -> None:
        for sign in re.finditer(r"[();]", words):
            if sign[0] == "(":
                explains = self.has_cited and bool(_EXPLAINS.match(words, sign.end()))
                self.open.append(explains)
            elif sign[0] == ")":
                del self.open[-1:]
            elif not self.open:
                self.clause += 1

    def marked(self, each: Cited) -> Cited:
        is_aside = any(self.open) or self.is_history
        self.has_cited = True
        return replace(
            each,
            sentence=self.sentence,
            clause=self.clause,
            is_aside=is_aside,
            is_foreign=self.is_foreign,
            is_spoken_of=self.is_spoken_of,
        )
