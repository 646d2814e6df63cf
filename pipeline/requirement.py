"""Tell which words of a text bind or excuse somebody, and which of its sentences tells the most."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from pipeline.figure import figures
from pipeline.model import Block, Span, Weight

# "May 5", "in May": the month and not the verb.
MONTH_OF_MAY = (
    r"\bMay(?=,?\s\d)|(?<=\bin\s)May\b|(?<=\bof\s)May\b|(?<=\bby\s)May\b|(?<=\buntil\s)May\b"
)
# Who must prove something, and how far; "burden" alone is the paperwork's.
_PROOFS = (
    *("preponderance", "convincing", "unequivocal", "prima facie", "reasonable doubt"),
    *("more likely than not", "significant possibility", "reasonable possibility"),
    *("burden of proof", "burden of showing", "burden is on", "burden to show", "bears the burden"),
    *("bear the burden", "burden shifts", "burden of proving", "presumption", "presumptions"),
    *("presume", "presumes", "presumed", "presumptive", "rebuttable", "irrebuttable"),
)
# What is lost by one who errs, or for good.
_LOSSES = (
    *("nonrefundable", "non-refundable", "forfeit", "forfeits", "forfeited", "reject", "rejects"),
    *("rejected", "deny", "denies", "denied", "revoke", "revokes", "revoked", "inadmissible"),
    *("removable", "barred", "void"),
)
_FINAL = ("nonrefundable", "non-refundable")
# What binds or excuses by itself, however much else changed around it.
_STRONG = (
    *_PROOFS,
    *_FINAL,
    *("must", "shall", "may", "cannot", "can not", "not", "no", "never", "none", "nor", "neither"),
    *("only", "unless", "except", "provided that", "notwithstanding", "other than", "without"),
    *("if", "require", "required", "requires", "prohibit", "prohibits", "prohibited", "barred"),
    *("eligible", "ineligible", "eligibility", "ineligibility", "will", "should", "mandatory"),
    *("optional", "exempt", "exempts", "exempted", "exemption", "exemptions"),
)
# What decides between conditions; in much changed wording each of them is part of that wording.
_JOINING = (
    *("and", "or", "and/or", "any", "all", "each", "every", "both", "either", "before", "after"),
    *("until", "within", "at least", "at most", "more than", "less than", "would", "can", "could"),
    *("might", "provided", "also"),
)
NEGATIONS = frozenset({"not", "no", "never", "none", "nor", "neither", "cannot", "can not"})
EXCEPTION = re.compile(
    r"\b(?:unless|except(?!ion)|provided\sthat|notwithstanding|other\sthan|but\snot|excluding"
    r"|with\s(?:\w+\s){0,3}exceptions?|subject\sto)\b",
    re.IGNORECASE,
)
# Words that open a clause which says of whom, when or how far the rest holds.
QUALIFYING = re.compile(
    r"\W{0,4}(?:who|whom|whose|which|that|where|when|while|if|as\slong\sas|so\slong\sas|to\sthe\sextent)"
    r"\s\S{1,60}\s\S",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\W{0,4}(?:See\b|For (?:more|further|example|instance)\b|(?:One|An|Another) example\b)"
)
_STOPS = re.compile(
    r"(?<=[a-z\d)\]\"'”’%][.;?!])(?<!\bNo\.)(?<!\bSec\.)(?<!\bPub\.)(?<!\bFed\.)(?<!\bSupp\.)"
    r"(?<!\bDec\.)(?<!\bal\.)(?<!\bv\.)(?<!\bcf\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)"
    r"(?<!\bInc\.)(?<!\bCorp\.)(?<!\bCo\.)(?<!\bLtd\.)(?<!\bReg\.)(?<!\bStat\.)(?<!\bCir\.)"
    r"(?<!\bNos\.)(?<!\bArt\.)(?<!\bRev\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+(?=[\"'“‘(\[]?[A-Z])"
)
LEAST = 4  # words of a sentence that is quoted for what it says
LONGEST = 20  # characters; no operative words are longer


class _Phrases:
    """Phrases to find as whole words. Most texts have none of the words that one begins with, which
    a set tells sooner than a search."""

    def __init__(self, *phrases: str) -> None:
        self.firsts = frozenset(re.split(r"\W", phrase, maxsplit=1)[0] for phrase in phrases)
        spelled = sorted(map(re.escape, phrases), key=len, reverse=True)
        joined = "|".join(spelled).replace("\\ ", r"\s")
        self._pattern = re.compile(rf"\b(?:{joined})\b", re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        return None if self.firsts.isdisjoint(_vocabulary(text)) else self._pattern.search(text)

    def match(self, text: str, at: int) -> re.Match[str] | None:
        return self._pattern.match(text, at)


_MONTH = re.compile(MONTH_OF_MAY)
_WORD = re.compile(r"\b\w+")
_BINDING = _Phrases(*_STRONG)
_OPERATIVE = _Phrases(*_STRONG, *_JOINING)
_MUST = _Phrases(
    *("must", "shall", "required", "requires", "mandatory"),
    *("need to", "needs to", "has to", "have to"),
)
_PROHIBIT = ("prohibit", "prohibits", "prohibited", "prohibiting", "prohibition", "prohibitions")
_LIMITS = _Phrases(
    *("no", "not", "never", "nor", "neither", "cannot", "unless", "except", "barred"),
    *("ineligible", "only", *_PROHIBIT),
)
# "Not" that limits the sentence, and no word of it ("whether or not", "but not his").
_NEGATED = ("may", "must", "shall", "can", "do", "does", "will", "is", "are")
_LIMITS_ALL = _Phrases(
    *(f"{verb} not" for verb in _NEGATED),
    *("cannot", "no longer", "unless", "except", "barred", "ineligible", "only", *_PROHIBIT),
    *_FINAL,
)
_PROOF = _Phrases(*_PROOFS)
_WEIGHTY = _Phrases(*_PROOFS, *_LOSSES)
# What an applicant or an officer does about eligibility, evidence and filing.
_ACTS = _Phrases(
    *("qualify", "qualifies", "establish", "establishes", "demonstrate", "demonstrates", "prove"),
    *("proves", "submit", "submits", "file", "files", "pay", "pays", "sign", "signs", "provide"),
    *("provides", "accept", "accepts", "reject", "rejects", "deny", "denies", "approve"),
    *("approves", "waive", "waives", "expedite", "expedites", "grant", "grants", "revoke"),
    *("revokes", "terminate", "terminates", "entitled", "consider", "considers", "evidence of"),
    *("proof of", "a copy of", "copies of"),
)


def operative(
    text: str, start: int = 0, end: int | None = None, *, joining: bool = True
) -> tuple[str, ...]:
    """The words of text[start:end] that decide who must do what, in small letters and in order;
    without `joining` only those that do so by themselves."""
    return tuple(_operatives(text, start, len(text) if end is None else end, joining=joining))


def proofs(text: str, start: int, end: int) -> tuple[str, ...]:
    """The words of text[start:end] that say who must prove something or how far, in small
    letters and in order."""
    return tuple(_found(_PROOF, text, start, end))


def binds(text: str) -> bool:
    """Whether a text binds or excuses: by an operative word, or as it says what establishes
    eligibility, is evidence, or is filed."""
    return any(_operatives(text, 0, len(text), joining=False)) or _ACTS.search(text) is not None


def called(text: str) -> str:
    """What readers call a text that binds. A requirement is one that nothing in it limits; "not
    required" and "except" are for the reader to weigh."""
    if EXCEPTION.match(text.lstrip(" ,;(")):
        return "an exception"
    if QUALIFYING.match(text):
        return "a qualifying clause"
    return "a requirement" if _MUST.search(text) and not _LIMITS.search(text) else "a provision"


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text."""
    yield from (text[start:end] for start, end in zip(*_bounds(text), strict=True))


def sentence_at(text: str, at: int) -> Span:
    """Where the sentence begins and ends in which the character `at` of a text stands."""
    starts, ends = _bounds(text)
    place = bisect_right(starts, at) - 1
    return Span(start=starts[place], end=ends[place])


@lru_cache(maxsize=1024)  # the reasons and the summary both ask
def gist(block: Block, known: frozenset[str] = frozenset()) -> str:
    """The sentence of a block that tells the most: what binds before what states a figure; none of
    the `known`, and "" where there is no other."""
    said = [each for each in sentences(block.text) if each not in known]
    whole = [each for each in said if len(each.split(None, LEAST)) >= LEAST]
    return max(whole or said, key=lambda each: telling(each, block), default="")


def telling(sentence: str, block: Block) -> int:
    """How much a sentence of a block tells, to choose the one to quote."""
    if _ASIDE.match(sentence):
        return 0
    if _MUST.search(sentence) or _LIMITS_ALL.search(sentence):
        score = 4
    else:
        score = 2 * any(_operatives(sentence, 0, len(sentence), joining=False))
    score += 2 * bool(_ACTS.search(sentence)) + 3 * bool(_WEIGHTY.search(sentence))
    stated = {figure.weight for figure in figures(_alone(sentence, block))}
    return score + len(stated & {Weight.FEE, Weight.DATE, Weight.PERIOD, Weight.EDITION})


def first_operative(text: str) -> int:
    """Where the first word of a text stands that binds by itself; 0 where none does."""
    found = _LIMITS.search(text) or _MUST.search(text) or _BINDING.search(text)
    return found.start() if found else 0


def _alone(sentence: str, block: Block) -> Block:
    if sentence == block.text:
        return block
    return Block(kind=block.kind, text=sentence, trail=block.trail)


@lru_cache(maxsize=1024)  # each turn of a block asks
def _bounds(text: str) -> tuple[list[int], list[int]]:
    """Where the sentences of a text begin, and where they end."""
    stops = list(_STOPS.finditer(text))
    starts = [0, *(stop.end() for stop in stops)]
    return starts, [*(stop.start() for stop in stops), len(text)]


def _operatives(text: str, start: int, end: int, *, joining: bool) -> Iterator[str]:
    yield from _found(_OPERATIVE if joining else _BINDING, text, start, end)


def _found(phrases: _Phrases, text: str, start: int, end: int) -> Iterator[str]:
    reached = start
    for word in _WORD.finditer(text, start, end + LONGEST):
        if word.start() < reached or word.group().lower() not in phrases.firsts:
            continue
        found = phrases.match(text, word.start())
        if found and found.end() <= end and not _MONTH.match(text, word.start()):
            reached = found.end()
            yield " ".join(found.group().lower().split())


@lru_cache(maxsize=1024)  # of one sentence several things are asked
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))
