"""Tell which words of a text bind or excuse somebody, and which of its sentences tells the most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from pipeline.figure import figures
from pipeline.model import Block, Weight

# "May 5", "in May": the month and not the verb.
MONTH_OF_MAY = (
    r"\bMay(?=,?\s\d)|(?<=\bin\s)May\b|(?<=\bof\s)May\b|(?<=\bby\s)May\b|(?<=\buntil\s)May\b"
)
# What binds or excuses by itself, however much else changed around it.
_STRONG = (
    r"must|shall|may|cannot|can\snot|not|no|never|none|nor|neither|only|unless|except|provided\sthat"
    r"|notwithstanding|other\sthan|without|if|required?|requires|prohibit(?:s|ed)?|barred"
    r"|(?:in)?eligib(?:le|ility)|will|should|mandatory|optional|exempt(?:s|ed|ion|ions)?"
)
# What decides between conditions; in much changed wording each of them is part of that wording.
_JOINING = (
    r"and|or|and/or|any|all|each|every|both|either|before|after|until|within|at\sleast|at\smost"
    r"|more\sthan|less\sthan|would|can|could|might|provided|also"
)
_WORDS = re.compile(rf"(?P<month>(?-i:{MONTH_OF_MAY}))|\b(?:{_STRONG}|{_JOINING})\b", re.IGNORECASE)
_STRONG_WORDS = re.compile(rf"\b(?:{_STRONG})\b", re.IGNORECASE)
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
_MUST = re.compile(
    r"\b(?:must|shall|required|requires|mandatory|needs?\sto|ha(?:s|ve)\sto)\b", re.IGNORECASE
)
_LIMITS = re.compile(
    r"\b(?:not?|never|nor|neither|cannot|unless|except|prohibit\w*|barred|ineligible|only)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\W{0,4}(?:See\b|For (?:more|further|example|instance)\b|(?:One|An|Another) example\b)"
)
# "Not" that limits the sentence, and no word of it ("whether or not", "but not his").
_LIMITS_ALL = re.compile(
    r"\b(?:may|must|shall|can|do|does|will|is|are)\snot\b|\b(?:cannot|no\slonger|unless|except"
    r"|prohibit\w*|barred|ineligible|only)\b",
    re.IGNORECASE,
)
# What an applicant or an officer does about eligibility, evidence and filing.
_ACTS = re.compile(
    r"\b(?:qualif(?:y|ies)|establish(?:es)?|demonstrates?|proves?|submits?|files?|pays?|signs?"
    r"|provides?|accepts?|rejects?|den(?:y|ies)|approves?|waives?|expedites?|grants?|revokes?"
    r"|terminates?|entitled|considers?|evidence\sof|proof\sof|a\scopy\sof|copies\sof)\b",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"(?<=[a-z\d)\]\"'”’%][.;?!])(?<!\bNo\.)(?<!\bSec\.)(?<!\bPub\.)(?<!\bFed\.)(?<!\bSupp\.)"
    r"(?<!\bDec\.)(?<!\bal\.)(?<!\bv\.)(?<!\bcf\.)(?<!\bDr\.)\s+(?=[\"'“‘(\[]?[A-Z])"
)


LEAST = 4  # words of a sentence that is quoted for what it says


def operative(
    text: str, start: int = 0, end: int | None = None, *, joining: bool = True
) -> tuple[str, ...]:
    """The words of text[start:end] that decide who must do what, in small letters and in order;
    without `joining` only those that do so by themselves."""
    return tuple(_operatives(text, start, len(text) if end is None else end, joining=joining))


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
    start = 0
    for stop in _STOPS.finditer(text):
        yield text[start : stop.start()]
        start = stop.end()
    yield text[start:]


def sentence_at(text: str, at: int) -> str:
    """The sentence in which the character `at` of a text stands."""
    start = 0
    for stop in _STOPS.finditer(text):
        if at < stop.end():
            return text[start : stop.start()]
        start = stop.end()
    return text[start:]


@lru_cache(maxsize=1024)  # the reasons and the summary both ask
def gist(block: Block, known: str = "") -> str:
    """The sentence of a block that tells the most: what binds before what states a figure; "" where
    each of them stands in `known`."""
    said = [each for each in sentences(block.text) if each.strip(" .") not in known or not known]
    whole = [each for each in said if len(each.split()) >= LEAST]
    return max(whole or said, key=lambda each: telling(each, block), default="")


def telling(sentence: str, block: Block) -> int:
    """How much a sentence of a block tells, to choose the one to quote."""
    if _ASIDE.match(sentence):
        return 0
    if _MUST.search(sentence) or _LIMITS_ALL.search(sentence):
        score = 4
    else:
        score = 2 * any(_operatives(sentence, 0, len(sentence), joining=False))
    score += 2 * bool(_ACTS.search(sentence))
    stated = {figure.weight for figure in figures(_alone(sentence, block))}
    return score + len(stated & {Weight.FEE, Weight.DATE, Weight.PERIOD, Weight.EDITION})


def first_operative(text: str) -> int:
    """Where the first word of a text stands that binds by itself; 0 where none does."""
    found = _LIMITS.search(text) or _MUST.search(text) or _STRONG_WORDS.search(text)
    return found.start() if found else 0


def _alone(sentence: str, block: Block) -> Block:
    return Block(kind=block.kind, text=sentence, trail=block.trail)


def _operatives(text: str, start: int, end: int, *, joining: bool) -> Iterator[str]:
    for found in takewhile(lambda one: one.end() <= end, _WORDS.finditer(text, start)):
        if not found["month"] and (joining or _STRONG_WORDS.fullmatch(found.group())):
            yield " ".join(found.group().lower().split())
