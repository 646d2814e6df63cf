"""Say whether quoted words stand in a held text, where, and what differs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice

from rapidfuzz.distance import Indel

from pipeline.citator.differing import Differing, Span, covered
from pipeline.citator.pieces import Piece, pieces_of, tokens
from pipeline.legible import legible
from pipeline.model import Block, BlockKind
from pipeline.pin import page_at

ALIKE = 0.6  # of the words quoted, in order: less alike is another sentence
OMITTED = 40  # words that "citations omitted" may stand for
SHORTEST = 3  # words of a piece that are looked for by likeness; fewer stand anywhere
STARTS = 200  # places at which a quotation's first piece is tried
_OPENS = re.compile(r"[(\[$§]*\Z")  # signs of a word's own, before and behind it
_CLOSES = re.compile(r"[-–)\].%]*")
_CITING = re.compile(r"\d|\bv\.|\b(?:see|id|supra|matter of|quoting|citing|cf)\b", re.IGNORECASE)


class Where(StrEnum):
    """In which part of a held text words stand."""

    TEXT = "text"
    NOTE = "footnote"
    HEADNOTE = "headnote"  # official, and yet no part of the opinion


@dataclass(frozen=True, kw_only=True)
class Match:
    """Where quoted words stand, on which pages (first and last, "" where unpaged), and what differs
    there; `words` are the held ones. `covered`: what dots and brackets of the draft stand for, and
    what the brackets have in its place."""

    where: Where
    first: str
    last: str
    words: str
    differing: tuple[Differing, ...] = ()
    covered: tuple[Differing, ...] = ()
    label: str = ""


class Text:
    """A held text made ready to be searched for quotations, many of them."""

    def __init__(self, blocks: Sequence[Block], *, is_reported: bool = False) -> None:
        """`is_reported`: a decision, whose blocks without a page are headnotes."""
        is_paged = any(block.page for block in blocks)
        self._parts: dict[tuple[Where, str], _Part] = {}
        for block in blocks:
            if block.kind is BlockKind.FOOTNOTE:
                key = (Where.NOTE, block.label)
            elif is_reported and not (is_paged and block.page):
                key = (Where.HEADNOTE, "")
            else:
                key = (Where.TEXT, "")
            self._parts.setdefault(key, _Part()).add(block)
        self.has_opinion = any(where is Where.TEXT for where, _ in self._parts)

    @cached_property
    def pages(self) -> tuple[int, ...]:
        """The numbered pages it has, in order."""
        every = {page for part in self._parts.values() for page in part.pages if page.isdigit()}
        return tuple(sorted(map(int, every)))

    def find(
        self, quoted: str, *, leaves_out: bool = False, pages: Collection[int] = ()
    ) -> Match | None:
        """Where a quotation stands, letter case, punctuation, hyphens and marks aside: three dots
        and bracketed words stand for what they leave out or replace. The same words are preferred
        to like ones, the text to its notes and these to headnotes. None: no passage of it has as
        many of the words in their order. With `leaves_out`, citations may be missing. What stands
        there more than once is found on one of `pages` first.
        """
        pieces = pieces_of(quoted)
        if not pieces:
            return None
        if exact := self.exact(pieces, pages):
            return exact
        best: tuple[float, tuple[Where, str], _Like] | None = None
        for key in self._order:
            like = self._parts[key].like(pieces, OMITTED if leaves_out else 0)
            if like and (best is None or like.score > best[0] + 0.05):
                best = (like.score, key, like)
        if best is None:
            return None
        _, key, like = best
        told = (each for each in like.differing if not (leaves_out and _is_citation(each)))
        return _match(key, self._parts[key], pieces, like.spans, tuple(told))

    def exact(self, pieces: Sequence[Piece], pages: Collection[int] = ()) -> Match | None:
        """Where the very words of a quotation's pieces stand."""
        for key in self._order if pieces else ():
            if spans := self._parts[key].exact(pieces, pages):
                return _match(key, self._parts[key], pieces, spans)
        return None

    @property
    def _order(self) -> list[tuple[Where, str]]:
        return sorted(self._parts, key=lambda key: tuple(Where).index(key[0]))


@dataclass(frozen=True)
class _Like:
    """`spans` are those of the pieces; None of one that is too short to be looked for."""

    score: float
    spans: tuple[Span | None, ...]
    differing: tuple[Differing, ...]

    @property
    def begin(self) -> int:
        return next(filter(None, self.spans))[0]

    @property
    def end(self) -> int:
        return next(filter(None, reversed(self.spans)))[1]


class _Part:
    """The words of some blocks in a row, each with where it stands."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.pages: list[str] = []
        self._blocks: list[str] = []
        self._places: list[tuple[int, int, int]] = []  # of each word: block, start, end

    def add(self, block: Block) -> None:
        shown = legible(block.text)
        for match, word in tokens(shown.text):
            begin, end = shown.printed(match.start(), match.end())
            self.words.append(word)
            self._places.append((len(self._blocks), begin, end))
            self.pages.append(page_at(block, begin))
        self._blocks.append(block.text)

    def printed(self, begin: int, end: int) -> str:
        """Words as the text prints them, with the signs between and around them."""
        found: dict[int, list[int]] = {}
        for block, *place in self._places[begin:end]:
            found.setdefault(block, []).extend(place)
        return " ".join(_cut(self._blocks[each], at[0], at[-1]) for each, at in found.items())

    @cached_property
    def _text(self) -> str:
        return f" {' '.join(self.words)} "

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 1
        for word in self.words:
            starts.append(at)
            at += len(word) + 1
        return starts

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for at in range(len(self.words) - 1):
            found.setdefault((self.words[at], self.words[at + 1]), []).append(at)
        return found

    def exact(self, pieces: Sequence[Piece], pages: Collection[int]) -> tuple[Span, ...]:
        """Where all pieces stand in order: first on one of the pages, else at all; () nowhere."""
        found = [*islice(self._spans(pieces), STARTS)]
        numbers = {str(page) for page in pages}
        return next(
            (spans for spans in found if self.pages[spans[0][0]] in numbers), (*found, ())[0]
        )

    def _spans(self, pieces: Sequence[Piece]) -> Iterator[tuple[Span, ...]]:
        for begin in self._occurrences(pieces[0].words, 0, STARTS):
            spans = [(begin, begin + len(pieces[0].words))]
            for piece in pieces[1:]:
                if (after := self._after(piece, spans[-1][1])) is None:
                    break
                spans.append(after)
            else:
                yield tuple(spans)

    def _after(self, piece: Piece, end: int) -> Span | None:
        """Where a piece stands that follows within its room."""
        begin = next(self._occurrences(piece.words, end, 1), None)
        if begin is None or begin - end > piece.room:
            return None
        return begin, begin + len(piece.words)

    def _occurrences(self, words: Sequence[str], since: int, most: int) -> Iterator[int]:
        if since >= len(self.words):
            return
        wanted, at = f" {' '.join(words)} ", self._starts[since] - 1
        for _ in range(most):
            at = self._text.find(wanted, at)
            if at < 0:
                return
            yield bisect_right(self._starts, at + 1) - 1
            at += 1

    def like(self, pieces: Sequence[Piece], omitted: int) -> _Like | None:
        """The pieces where each is the same, or most like it, after the one before; so many words
        of the text may be left out in each."""
        found: list[_Like] = []
        spans: list[Span | None] = []
        room, end = 0, 0
        for piece in pieces:
            room += piece.room
            if len(piece.words) < SHORTEST:
                room += len(piece.words)
                spans.append(None)
                continue
            like = self._nearest(piece, omitted)
            if like is None or (found and not 0 <= like.begin - end <= room):
                return None
            found.append(like)
            spans += like.spans
            room, end = 0, like.end
        if not found:
            return None
        score = sum(each.score for each in found) / len(found)
        differing = tuple(one for each in found for one in each.differing)
        return _Like(score, tuple(spans), differing)

    def _nearest(self, piece: Piece, omitted: int) -> _Like | None:
        """The passage as long as a piece with the most of its pairs of words, if it is alike."""
        votes: Counter[int] = Counter()
        size = len(piece.words)
        step = max(size // 2, 4)
        for at in range(size - 1):
            for place in self._pairs.get((piece.words[at], piece.words[at + 1]), ())[:STARTS]:
                votes[(place - at) // step] += 1
        best: _Like | None = None
        for bucket, _ in votes.most_common(4):
            begin = max(0, bucket * step - step // 2)
            end = min(len(self.words), begin + size + 2 * step + omitted)
            like = self._aligned(piece, begin, end)
            if like and (best is None or like.score > best.score):
                best = like
        return best

    def _aligned(self, piece: Piece, begin: int, end: int) -> _Like | None:
        """A piece laid over a window of words: the span that agrees best, and what doesn't."""
        kept = [
            step
            for step in Indel.opcodes(self.words[begin:end], piece.words)
            if step.tag == "equal"
        ]
        if not kept:
            return None
        size = len(piece.words)
        longest = max(kept, key=lambda step: step.src_end - step.src_start)
        straight = begin + longest.src_start - longest.dest_start
        wide = begin + kept[0].src_start, begin + kept[-1].src_end + size - kept[-1].dest_end
        spans = {
            (max(0, first), min(len(self.words), last))
            for first, last in (wide, (straight, straight + size))
        }
        # Of two that agree as well, the shorter: what it lacks was put in by the draft.
        span = max(spans, key=lambda span: (self._score(piece, span), span[0] - span[1]))
        score = self._score(piece, span)
        told = (each for each in self._differing(piece, span) if not each.is_hyphen)
        return _Like(score, (span,), tuple(told)) if score else None

    def _score(self, piece: Piece, span: tuple[int, int]) -> float:
        """The share of a piece's words that a span has in their order, less for words between; 0
        where that is too little."""
        size, length = len(piece.words), span[1] - span[0]
        same = Indel.similarity(self.words[slice(*span)], piece.words) / 2
        if same < ALIKE * size:
            return 0.0
        return same / size - max(0.0, length - size) / (4 * length)

    def _differing(self, piece: Piece, span: tuple[int, int]) -> Iterator[Differing]:
        first, last = span
        held: list[str] = []
        draft: list[str] = []
        for step in Indel.opcodes(self.words[first:last], piece.words):
            if step.tag == "equal":
                if held or draft:
                    yield Differing(held=" ".join(held), draft=" ".join(draft))
                held, draft = [], []
                continue
            if said := self.printed(first + step.src_start, first + step.src_end):
                held.append(said)
            draft += piece.printed[step.dest_start : step.dest_end]
        if held or draft:
            yield Differing(held=" ".join(held), draft=" ".join(draft))


def _cut(text: str, start: int, end: int) -> str:
    opened, closed = _OPENS.search(text, max(0, start - 3), start), _CLOSES.match(text, end)
    first, last = opened.start() if opened else start, closed.end() if closed else end
    return " ".join(text[first:last].split())


def _match(
    key: tuple[Where, str],
    part: _Part,
    pieces: Sequence[Piece],
    spans: Sequence[Span | None],
    differing: tuple[Differing, ...] = (),
) -> Match:
    placed = [span for span in spans if span]
    first, last = placed[0][0], placed[-1][1]
    return Match(
        where=key[0],
        first=part.pages[first],
        last=part.pages[last - 1],
        words=part.printed(first, last),
        differing=differing,
        covered=tuple(covered(part.printed, pieces, spans)),
        label=key[1],
    )


def _is_citation(differing: Differing) -> bool:
    return not differing.draft and _CITING.search(differing.held) is not None
