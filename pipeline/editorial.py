"""The named rules by which a difference is wording and not law; shown, but not as substance.

Like the noise rules they fold both sides and ask whether the same text remains, so each accounts
for a difference completely or not at all. None folds a number, a date, "must", "shall", "may",
"not", "and", "or" or any other operative word away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from pipeline import noise
from pipeline.noise import Rule

# Words whose loss or change can change who must do what; no rule here ever accounts for one.
OPERATIVE = re.compile(
    r"\b(?:must|shall|may|might|will|would|should|can|could|cannot|not|no|never|none|nor|neither|"
    r"only|unless|except|if|provided|and|or|any|all|each|every|before|after|until|within|"
    r"at least|at most|more than|less than|required|requires|prohibited|eligible|ineligible)\b",
    re.IGNORECASE,
)
# Capitals of defined terms: INA 101 defines "State" and "Service", and "May" is also a month.
DEFINED = re.compile(
    r"\b(?:Act|States?|Secretary|Service|Department|Director|Board|Court|May|Will|Form)\b"
)
NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        ),
        start=1,
    )
}
UNITS = r"(?:-|\s+)(?:business\s+|calendar\s+|consecutive\s+)?(?:days?|weeks?|months?|years?)\b"
NUMERAL = re.compile(rf"\b({'|'.join(NUMERALS)})(?={UNITS})", re.IGNORECASE)
FOREIGN = re.compile(r"\b(?:non-?citizen|foreign national|alien)(s?)\b", re.IGNORECASE)
APPLICANT = re.compile(r"\b(?:alien applying|alien|applicant)(s?)\b", re.IGNORECASE)
ARTICLE = re.compile(r"\ban?(?=\s+(?:alien|applicant)\b)", re.IGNORECASE)
CITED = re.compile(
    r"\b(?:Volume|Part|Chapter|Section|Subsection|Appendix)\s+[\w.-]+,"
    r"(?P<title>(?:U\.S\.|[^.;\[\]]){0,300}?)"
    r"(?P<citation>\[\s*\d+\s+USCIS-PM[^\]]*\])"
)
REPORTERS = (
    (re.compile(r"\bC\.\s?F\.\s?R\."), "CFR"),
    (re.compile(r"\bU\.?\s?S\.?\s?C\.?(?=\s+§*\s*\d)"), "USC"),
    (re.compile(r"\bI\s?&\s?N\s+Dec\.?(?=\s+\d)"), "I&N Dec."),
    (re.compile(r"(?<=\bCFR|\bUSC)\s+§+\s*|(?<=\bINA)\s+(?:§+\s*|section\s+)"), " "),
)
REPORTED = ("C.", "U.", "USC", "Dec", "INA", "§")  # no reporter is spelled without one
REPEATED = re.compile(r"\b(the|a|an|of|to|in|for|is|that|with) \1\b", re.IGNORECASE)
END_MARKS = (".", ",", ";", ":")
WORD = re.compile(r"[a-z]+|[^a-z]+")
SWEEP = 3  # the same replacement in this many blocks is a terminology sweep


def _case(text: str) -> str:
    return DEFINED.sub(r"\g<0>^", text).lower()


def _terminology(text: str) -> str:
    return ARTICLE.sub("an", FOREIGN.sub(r"alien\1", text))


def _numeral(text: str) -> str:
    return NUMERAL.sub(lambda found: NUMERALS[found.group().lower()], text)


def _citation_form(text: str) -> str:
    if not any(hint in text for hint in REPORTED):
        return text
    for spelling, plain in REPORTERS:
        text = spelling.sub(plain, text)
    return text


def _cross_reference(text: str) -> str:
    """Leave of a reference to the Policy Manual only its bracketed citation."""
    return CITED.sub(_bare_citation, text) if "USCIS-PM" in text else text


def _bare_citation(found: re.Match[str]) -> str:
    return found.group() if OPERATIVE.search(_plain_title(found["title"])) else found["citation"]


def _plain_title(title: str) -> str:
    """A chapter's title in its capitals, where "and" and "or" join names and not conditions."""
    return re.sub(r"\b(?:and|or)\b", "", title)


def _repeated(text: str) -> str:
    return REPEATED.sub(r"\1", text)


def _end_mark(text: str) -> str:
    bare = text.rstrip()
    return bare[:-1].rstrip() if bare.endswith(END_MARKS) else text


RULES = (
    Rule(
        name="cross-reference",
        why="Only the title of a cross-referenced chapter differs; the citation in brackets is"
        " the same.",
        fold=_cross_reference,
    ),
    Rule(
        name="citation-form",
        why='Only the spelling of a citation differs ("8 C.F.R. § 214.2", "8 CFR 214.2"); the'
        " authority is the same.",
        fold=_citation_form,
    ),
    Rule(
        name="terminology",
        why='"Noncitizen", "foreign national" and "alien" stand for the same person in the'
        " agency's usage; INA 101(a)(3) defines alien.",
        fold=_terminology,
    ),
    Rule(
        name="numeral",
        why='A period is written in words instead of figures ("five years", "5 years"); its'
        " length is the same.",
        fold=_numeral,
    ),
    Rule(
        name="repeated-word",
        why='A small word printed twice ("the the") stands once.',
        fold=_repeated,
    ),
    Rule(
        name="end-mark",
        why="Only the punctuation mark that closes the block differs.",
        fold=_end_mark,
    ),
    Rule(
        name="case",
        why="Only capital letters differ, and not those of a term that the law defines.",
        fold=_case,
    ),
)

SPELLING = Rule(
    name="spelling",
    why="A long word gained or lost a doubled letter, or two neighbouring letters changed places;"
    " no other word differs.",
)
LAYOUT = Rule(
    name="layout",
    why="The same words in the same order are divided into blocks in another way.",
)
ORDER = Rule(
    name="order",
    why="The same words stand at another place of the same section.",
)
TERMINOLOGY_SWEEP = Rule(
    name="terminology-sweep",
    why=f'"Applicant" became "alien" (or back) in {SWEEP} or more blocks, which differ in nothing'
    " else: a change of house style.",
    fold=lambda text: ARTICLE.sub("an", APPLICANT.sub(r"applicant\1", text)),
)


def explain(old: str, new: str) -> str:
    """Name the editorial rule that accounts for the last of the difference; empty if none does."""
    if fold(old) == fold(new):
        return noise.explain(noise.fold(old), noise.fold(new), RULES)
    return SPELLING.name if _misspelt(fold(old), fold(new)) else ""


@lru_cache(maxsize=4096)  # a block's text is asked about by itself and by the sweep
def fold(text: str) -> str:
    """Fold away everything that the noise rules and these rules ignore."""
    text = noise.fold(text)
    for rule in RULES:
        text = rule.fold(text)
    return text


def sweep(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Those (old, new) texts that one terminology sweep accounts for; none where it is no sweep."""
    swept = {(old, new) for old, new in pairs if alike(old, new)}
    return frozenset(swept) if len(swept) >= SWEEP else frozenset()


def alike(old: str, new: str) -> bool:
    """Whether the rules, and the terms of a terminology sweep, leave the same text of both."""
    return TERMINOLOGY_SWEEP.fold(fold(old)) == TERMINOLOGY_SWEEP.fold(fold(new))


def _misspelt(old: str, new: str) -> bool:
    before, after = WORD.findall(old), WORD.findall(new)
    return len(before) == len(after) and all(
        one == other or _slip(one, other) for one, other in zip(before, after, strict=True)
    )


def _slip(one: str, other: str) -> bool:
    """Whether two words of eight or more letters differ as a slip of the hand does.

    Shorter words are left alone ("marital" and "martial" differ by such a slip), and so is the one
    long pair of real words that does.
    """
    if min(len(one), len(other)) < 8 or {one, other} == {"discreet", "discrete"}:
        return False
    if len(one) == len(other):
        return any(
            one[:k] + b + a + one[k + 2 :] == other for k, (a, b) in enumerate(pairwise(one))
        )
    short, long = sorted((one, other), key=len)
    return any(
        a == b and long[:k] + long[k + 1 :] == short for k, (a, b) in enumerate(pairwise(long))
    )
