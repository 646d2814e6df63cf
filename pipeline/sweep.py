"""Recognise a sweep: one term replaced by another throughout a source, told once and not by page.

A sweep is learned from the edits themselves. Nothing is explained away by it: a change keeps its
class, every document of a sweep is named with it, and what is substantive is told in full besides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from pipeline import noise, weight
from pipeline.figure import IN_WORDS
from pipeline.model import Change, ChangeClass, ChangeKind, Edit, EditKind
from pipeline.requirement import operative
from pipeline.words import TOKEN

Pair = tuple[str, str]

DOCUMENTS = 5  # in so many documents of one source …
BLOCKS = 3  # … each with so many blocks, a replacement is a sweep …
KNOWN = 3  # … or in so many, where each block of it is wording by a rule on terms
LONGEST = 4  # words of a term
# The rules under which an edit differs in terms that stand for the same person.
TERMS = frozenset({"terminology"})
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# How plurals end and their singulars, the first that fits; the last rows are no plurals.
_PLURALS = (
    *(("ies", "y"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss")),
    *(("ss", "ss"), ("us", "us"), ("is", "is"), ("s", "")),
)
# Words that relate others; one that became another is no change of a term.
_SMALL = re.compile(
    r"an?|the|this|that|these|those|such|of|to|in|on|for|from|by|with|at|as|than|is|are|was|were|"
    r"be|been|being|has|have|had|does|did|its?|he|she|they|them|his|her|their|who|whom|whose|which|"
    r"when|where|while|under|over|into|about|also",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"a", "an"})
_FIGURE = re.compile(IN_WORDS, re.IGNORECASE)
_OPPOSITE = re.compile(r"(?:non|un|in|im|il|ir|dis|not)-?(?=[a-z])", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """A term that became another in many documents of one source.

    `only` are the changes that naming the terms tells whole: nothing else changed (but what is
    noise, and other sweeps), and by a rule none of it is substance. `besides` are those to tell in
    full; `blocks` is in how many blocks of all of them.
    """

    source: str
    old: str
    new: str
    blocks: int
    only: tuple[Change, ...]
    besides: tuple[Change, ...]

    @property
    def documents(self) -> tuple[Change, ...]:
        return (*self.only, *self.besides)


def sweeps(changes: Iterable[Change]) -> tuple[Sweep, ...]:
    """The sweeps of a period, the widest first.

    A figure, a period, a date and an operative word ("may", "must", "not") are no terms, nor is
    what became its opposite ("admissible", "inadmissible"): that is told where it stands.
    """
    by_source: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.difference.kind is ChangeKind.TEXT:
            by_source[change.document.source].append(change)
    found = (sweep for source, given in by_source.items() for sweep in _of(source, given))
    return tuple(sorted(found, key=lambda each: (-len(each.documents), each.source, each.old)))


def told_once(found: Iterable[Sweep]) -> frozenset[int]:
    """The numbers of the changes in which nothing but sweeps changed, and no substance."""
    return frozenset(change.id for sweep in found for change in sweep.only)


def _of(source: str, changes: Sequence[Change]) -> Iterator[Sweep]:
    counted = {change.id: _counted(change) for change in changes}
    having: defaultdict[Pair, list[Change]] = defaultdict(list)
    for change in changes:
        for pair in counted[change.id]:
            having[pair].append(change)
    swept = {pair for pair, mine in having.items() if _is_sweep(pair, mine, counted)}
    alone = {change.id for change in changes if _is_swept(change, swept)}
    for pair in sorted(swept):
        mine = having[pair]
        old, new = _printed(pair, mine)
        yield Sweep(
            source=source,
            old=old,
            new=new,
            blocks=sum(counted[change.id][pair] for change in mine),
            only=tuple(change for change in mine if change.id in alone),
            besides=tuple(change for change in mine if change.id not in alone),
        )


def _is_sweep(pair: Pair, mine: Sequence[Change], counted: Mapping[int, Counter[Pair]]) -> bool:
    often = sum(counted[change.id][pair] >= BLOCKS for change in mine)
    return often >= DOCUMENTS or (len(mine) >= KNOWN and _is_known(pair, mine))


def _is_known(pair: Pair, changes: Iterable[Change]) -> bool:
    """Whether a rule on terms accounts for some block in which nothing but the pair differs."""
    return any(
        edit.rule in TERMS and {one for one, _ in _turns(*_texts(edit))} == {pair}
        for change in changes
        for edit in _reworded(change)
    )


def _is_swept(change: Change, swept: set[Pair]) -> bool:
    """Whether nothing differs but the terms of sweeps, and what is noise; terms that no rule knows
    may stand for something else, and are substance."""
    difference = change.difference
    if difference.change_class is ChangeClass.SUBSTANTIVE:
        return False
    titles = all(
        name == "title" and _explained(old, new, swept) for name, old, new in difference.metadata
    )
    edits = [edit for edit in difference.edits if edit.rule not in weight.NOISE]
    return (
        bool(edits)
        and titles
        and all(
            edit.kind is EditKind.REWORDED and _explained(*_texts(edit), swept) for edit in edits
        )
    )


def _explained(old: str, new: str, swept: set[Pair]) -> bool:
    turned = _turns(old, new)
    return bool(turned) and all(pair in swept for pair, _ in turned)


def _counted(change: Change) -> Counter[Pair]:
    """In how many blocks of a change each term became another."""
    found: Counter[Pair] = Counter()
    for edit in _reworded(change):
        found.update({pair for pair, _ in _turns(*_texts(edit)) if all(pair)})
    return found


def _printed(pair: Pair, changes: Iterable[Change]) -> Pair:
    """The pair as it is printed most often, in small letters: the singular, where it stands."""
    printed = Counter(
        words
        for change in changes
        for edit in _reworded(change)
        for one, words in _turns(*_texts(edit))
        if one == pair
    )
    return pair if pair in printed else max(printed, key=lambda words: (printed[words], words))


def _reworded(change: Change) -> Iterator[Edit]:
    return (edit for edit in change.difference.edits if edit.kind is EditKind.REWORDED)


def _texts(edit: Edit) -> Pair:
    return edit.old.text if edit.old else "", edit.new.text if edit.new else ""


@lru_cache(maxsize=4096)  # a block is asked about by every pair
def _turns(old: str, new: str) -> tuple[tuple[Pair, Pair], ...]:
    """What became what in a block: as a pair of terms, ("", "") where it is none, and as printed.

    The article that a term takes with it ("a noncitizen", "an alien") is no turn of its own.
    """
    before, after = ([_folded(word) for word in TOKEN.findall(text)] for text in (old, new))
    return tuple(_term(*turn) for turn in _gaps(before, after))


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    return noise.fold(word)


def _gaps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The words of either side that stand between those that both keep."""
    at = to = 0
    kept = [step for step in Indel.opcodes(before, after) if step.tag == "equal"]
    for step in kept:
        if step.src_start > at or step.dest_start > to:
            yield [*before[at : step.src_start]], [*after[to : step.dest_start]]
        at, to = step.src_end, step.dest_end
    if at < len(before) or to < len(after):
        yield [*before[at:]], [*after[to:]]


def _term(before: list[str], after: list[str]) -> tuple[Pair, Pair]:
    sides = [_bare(words) for words in (before, after)]
    printed = (" ".join(sides[0]).casefold(), " ".join(sides[1]).casefold())
    old, new = (_singular(words) for words in sides)
    is_turn = all(map(_is_term, sides)) and old != new and old[1:] == new[1:]
    if not is_turn or _figures(old[0]) != _figures(new[0]) or _opposed(old[0], new[0]):
        return ("", ""), printed
    return (old[0], new[0]), printed


def _bare(words: Sequence[str]) -> list[str]:
    return [*words[1:]] if words and words[0].casefold() in _ARTICLES else [*words]


def _is_term(words: Sequence[str]) -> bool:
    phrase = " ".join(words)
    names = [word for word in words if not _SMALL.fullmatch(word)]
    is_spelled = 0 < len(words) <= LONGEST and all(map(_WORD.fullmatch, words))
    return is_spelled and bool(names) and not operative(phrase)


def _figures(term: str) -> list[str]:
    return [word for word in re.split(r"[\s\-]+", term) if _FIGURE.fullmatch(word)]


def _opposed(old: str, new: str) -> bool:
    """Whether a word of one term is the other's with "un-", "in-" or the like before it."""
    sides = old.split(), new.split()
    return len(sides[0]) == len(sides[1]) and any(
        (found := _OPPOSITE.match(long)) and long[found.end() :] == short
        for one, other in zip(*sides, strict=True)
        for short, long in [sorted((one, other), key=len)]
    )


def _singular(words: Sequence[str]) -> tuple[str, bool, bool]:
    """A term in small letters and the singular; whether it was a plural, and a possessive."""
    phrase = " ".join(words).casefold()
    bare = _POSSESSIVE.sub("", phrase)
    for ending, single in _PLURALS:
        if bare.endswith(ending):
            one = bare.removesuffix(ending) + single
            return one, one != bare, bare != phrase
    return bare, False, bare != phrase
