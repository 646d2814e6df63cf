"""Read from a reworded block what became what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.editorial import fold
from pipeline.figure import Figure, figures, in_words
from pipeline.model import Block, BlockKind, Edit, Span, Weight
from pipeline.quote import GIST, cut
from pipeline.requirement import (
    EXCEPTION,
    NEGATIONS,
    QUALIFYING,
    binds,
    called,
    first_operative,
    gist,
    operative,
    proofs,
    sentence_at,
    sentences,
)
from pipeline.turn import MOVED, ORDER, WORDING, Turn, ordered

SHORT = 5  # words of a turn in which "and", "any", "before" are what it turns on
CLAUSE = 5  # words from which on what came or went may be a clause that binds
NEGATED = 12  # words of a side, beyond which "not" and "two" may be of something else
PRESUMED = "presum"  # much changed wording that names the presumption need not have turned it
BARE = 3  # words under which an exception is quoted with its sentence
MOST = 300  # replacements of one block that are read one by one; the rest are read as one
AROUND = 3  # words on either side that a negation is quoted with …
NEAR = 100  # … within so many characters


@dataclass(frozen=True, kw_only=True)
class _Side:
    """The words of one side of a turn, and the block they stand in."""

    block: Block
    span: Span

    @property
    def words(self) -> str:
        return self.block.text[self.span.start : self.span.end]

    def operative(self, *, joining: bool) -> tuple[str, ...]:
        return operative(self.block.text, self.span.start, self.span.end, joining=joining)

    @property
    def proofs(self) -> tuple[str, ...]:
        return proofs(self.block.text, self.span.start, self.span.end)

    def about_proof(self) -> str:
        """The words quoted about the first of them on proof."""
        words = self.words.lower()
        return self.about(next((words.find(each) for each in self.proofs if each in words), 0))

    def about(self, at: int) -> str:
        """The words quoted about the character `at` of them."""
        return cut(self.words.strip(), at=at)

    def wider(self) -> str:
        """The words with a few on either side."""
        start, end = self.span.start, self.span.end
        before = self.block.text[max(0, start - NEAR) : start].split(" ")
        after = self.block.text[end : end + NEAR].split(" ")
        lead, tail = " ".join(before[-AROUND - 1 :]), " ".join(after[: AROUND + 1])
        return cut(f"{lead}{self.words}{tail}", at=len(lead) + first_operative(self.words))


@lru_cache(maxsize=8192)  # the reasons, the weights and the summary all ask, edit by edit
def turns(edit: Edit) -> tuple[Turn, ...]:
    """What became what in a block that stands on both sides, the most telling first; what a rule
    on terms accounts for only where nothing else differs."""
    if edit.old is None or edit.new is None:
        return ()
    sides = [
        (_Side(block=edit.old, span=old), _Side(block=edit.new, span=new))
        for old, new in _read(edit)
    ]
    plain = [pair for pair in sides if fold(pair[0].words) != fold(pair[1].words)]
    found = [turn for pair in plain or sides for turn in _turns(*pair)]
    if found and edit.old.kind is edit.new.kind is BlockKind.HEADING:
        found = [_heading(edit.old, edit.new, found)]
    return tuple(dict.fromkeys(sorted(found, key=lambda turn: ORDER[turn.weight])))


def unread(edit: Edit) -> int:
    """How many replacements of a block are read as one, because there are too many."""
    many = max(len(edit.deleted), len(edit.inserted)) > MOST // 2  # each of them is one or a part
    count = len(list(_replaced(edit))) - MOST if many else 0
    return max(0, count)


def _turns(old: _Side, new: _Side) -> tuple[Turn, ...]:
    """What one replacement of words turns on; of a clause that binds its figures are a part."""
    found = tuple(_readings(old, new)) or (_worded(old, new),)
    first = min(found, key=lambda turn: ORDER[turn.weight])
    if first.weight is not Weight.REQUIREMENT:
        return found
    return (replace(first, weights=ordered(weight for turn in found for weight in turn.weights)),)


def _heading(old: Block, new: Block, found: Iterable[Turn]) -> Turn:
    return Turn(
        old=cut(old.text),
        new=cut(new.text),
        weights=ordered(weight for turn in found for weight in turn.weights),
        noun="a heading",
        act="changed",
    )


def _readings(old: _Side, new: _Side) -> Iterator[Turn]:
    """What a turn may be said to turn on; each of them is so."""
    yield from _proof(old, new)
    yield from _excepted(old, new)
    act = _act(old, new)
    if act != "changed" and _is_clause(old.words + new.words):
        yield _clause(*((new, old) if act == "added" else (old, new)), act)
    else:
        yield from _operative(old, new)
    yield from _figured(old, new)


def _proof(old: _Side, new: _Side) -> Iterator[Turn]:
    """A burden or standard of proof that came, went or became another; of a long passage that
    came or went it is a part."""
    act, length = _act(old, new), max(_length(old), _length(new))
    is_long = length > NEGATED
    lost, gained = (
        [each for each in side.proofs if not (is_long and each.startswith(PRESUMED))]
        for side in (old, new)
    )
    if Counter(lost) == Counter(gained) or (act != "changed" and is_long):
        return
    if act == "changed":
        act = "changed" if lost and gained else "added" if gained else "removed"
        says = [side.about_proof() if is_long else side.wider() for side in (old, new)]
    elif length < BARE:
        says = [old.wider(), new.wider()]
    else:
        says = [cut(side.words.strip(" ,;.")) for side in (old, new)]
    yield Turn(
        old=says[0],
        new=says[1],
        weights=(Weight.REQUIREMENT,),
        noun="a burden or standard of proof",
        act=act,
    )


def _is_clause(words: str) -> bool:
    return bool(QUALIFYING.match(words)) or (len(words.split()) >= CLAUSE and binds(words))


def _clause(side: _Side, other: _Side, act: str) -> Turn:
    """What a clause or sentence says that came or went; one that stands elsewhere in the block now
    has moved."""
    block = replace(side.block, text=side.words.strip())
    moved = frozenset(each for each in sentences(block.text) if _is_elsewhere(each, side, other))
    said = gist(block, moved).lstrip(" ,;.")
    if not said:
        return Turn(
            old=cut(gist(block), most=GIST),
            new="",
            weights=(Weight.WORDING,),
            noun="a passage",
            act=MOVED,
        )
    noun, said = called(said), cut(said, most=GIST, at=first_operative(said))
    return _one_sided(said, Weight.REQUIREMENT, noun, act)


def _is_elsewhere(sentence: str, side: _Side, other: _Side) -> bool:
    """Whether the other side has a sentence of one side's span more often than that side keeps it;
    what merely stands there twice has not moved."""
    words, text = sentence.strip(" ."), side.block.text
    kept = text.count(words, 0, side.span.start) + text.count(words, side.span.end)
    return other.block.text.count(words) > kept


def _excepted(old: _Side, new: _Side) -> Iterator[Turn]:
    """An exception or a condition that came or went, in its own words; where other words stand in
    its place both are told, for they may say the same."""
    gone, come = EXCEPTION.search(old.words), EXCEPTION.search(new.words)
    found = gone or come
    if found is None or (gone and come):
        return
    act, side = _act(old, new), old if gone else new
    if act != "changed":
        said = cut(next(sentences(side.words[found.start() :].strip())), most=GIST)
        turn = _one_sided(said, Weight.REQUIREMENT, "an exception", act)
        is_bare = len(said.split()) < BARE
        yield replace(turn, said=_said(old, new)) if is_bare else turn
    elif not (_is_short(old, new) and operative(found.group())):  # `_operative` tells that
        yield Turn(
            old=old.about(gone.start() if gone else 0),
            new=new.about(come.start() if come else 0),
            weights=(Weight.OPERATIVE,),
            noun="",
            act=act,
            said=_said(old, new) if _is_short(old, new) else "",
        )


def _is_short(old: _Side, new: _Side) -> bool:
    return max(_length(old), _length(new)) <= SHORT


def _operative(old: _Side, new: _Side) -> Iterator[Turn]:
    is_short = _is_short(old, new)
    lost, gained = (side.operative(joining=is_short) for side in (old, new))
    if lost == gained:
        return
    gone, come = Counter(lost) - Counter(gained), Counter(gained) - Counter(lost)
    negated = [not NEGATIONS.isdisjoint(side) for side in (gone, come)]
    if negated[0] is not negated[1] and max(_length(old), _length(new)) <= NEGATED:
        yield _negated(old, new, "added" if negated[1] else "removed")
        return
    yield Turn(
        old=old.about(first_operative(old.words)),
        new=new.about(first_operative(new.words)),
        weights=(Weight.OPERATIVE,),
        noun="",
        act=_act(old, new),
        said=_said(old, new) if is_short else "",
    )


def _negated(old: _Side, new: _Side, act: str) -> Turn:
    return Turn(
        old=old.wider(),
        new=new.wider(),
        weights=(Weight.OPERATIVE,),
        noun="a negation",
        act=act,
    )


def _length(side: _Side) -> int:
    return len(side.words.split())


def _figured(old: _Side, new: _Side) -> Iterator[Turn]:
    """The figures that one side alone has, by what they are called."""
    gone, come = (
        Counter(figures(side.block, side.span.start, side.span.end)) for side in (old, new)
    )
    lost, gained = gone - come, come - gone
    if not lost and not gained:
        if max(_length(old), _length(new)) > NEGATED:
            return
        gone, come = Counter(in_words(old.words)), Counter(in_words(new.words))
        lost, gained = gone - come, come - gone
        if not (lost and gained):
            return
    for noun in dict.fromkeys(figure.noun for figure in (*lost, *gained)):
        sides = [[figure for figure in side if figure.noun == noun] for side in (lost, gained)]
        yield replace(_of_figures(noun, *sides), said=_said(old, new))


def _of_figures(noun: str, lost: list[Figure], gained: list[Figure]) -> Turn:
    act = "changed" if lost and gained else "added" if gained else "removed"
    return Turn(
        old=cut(", ".join(figure.text for figure in lost)),
        new=cut(", ".join(figure.text for figure in gained)),
        weights=((lost or gained)[0].weight,),
        noun=noun,
        act=act,
    )


def _said(old: _Side, new: _Side) -> str:
    """The sentence of a paragraph in which a turn stands now, or stood."""
    shown = new if new.words.strip() else old
    if shown.block.kind is BlockKind.ROW:
        return ""
    text, span = shown.block.text, sentence_at(shown.block.text, shown.span.start)
    return cut(text[span.start : span.end], at=shown.span.start - span.start)


def _worded(old: _Side, new: _Side) -> Turn:
    return Turn(
        old=old.about(0),
        new=new.about(0),
        weights=(Weight.WORDING,),
        noun=WORDING,
        act=_act(old, new),
    )


def _one_sided(said: str, weight: Weight, noun: str, act: str) -> Turn:
    old, new = (said, "") if act == "removed" else ("", said)
    return Turn(old=old, new=new, weights=(weight,), noun=noun, act=act)


def _act(old: _Side, new: _Side) -> str:
    if old.words.strip() and new.words.strip():
        return "changed"
    return "added" if new.words.strip() else "removed"


def _read(edit: Edit) -> list[tuple[Span, Span]]:
    """The replacements of a block, from the `MOST`th on as one."""
    found = list(_replaced(edit))
    if len(found) <= MOST:
        return found
    first, last = found[MOST], found[-1]
    rest = tuple(Span(start=one.start, end=end.end) for one, end in zip(first, last, strict=True))
    return [*found[:MOST], (rest[0], rest[1])]


def _replaced(edit: Edit) -> Iterator[tuple[Span, Span]]:
    """Pair each deleted span with the inserted span at the same place of the kept text."""
    gone = dict(_offsets(edit.deleted))
    come = dict(_offsets(edit.inserted))
    lost, gained = 0, 0
    for kept in sorted(gone.keys() | come.keys()):
        old = gone.get(kept, Span(start=kept + lost, end=kept + lost))
        new = come.get(kept, Span(start=kept + gained, end=kept + gained))
        lost += old.end - old.start
        gained += new.end - new.start
        yield old, new


def _offsets(spans: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    """Each span with the count of kept characters before it."""
    gone = 0
    for span in spans:
        yield span.start - gone, span
        gone += span.end - span.start
