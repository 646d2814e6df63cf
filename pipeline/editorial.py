"""The named rules by which a difference is wording and not law; shown, but not as substance.

Like the noise rules they fold both sides and ask whether the same text remains, so each accounts
for a difference completely or not at all. None folds a number, a date, "must", "shall", "may",
"not", "and", "or" or any other operative word away.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from pipeline import noise
from pipeline.noise import Rule
from pipeline.requirement import MONTH_OF_MAY

# Capitals of defined terms: INA 101 defines "State" and "Service".
DEFINED = re.compile(
    r"\b(?:Act|States?|Secretary|Service|Department|Director|Board|Court|Form(?!\s[A-Z]{1,5}-\d)"
    r"|ACT|STATES?|SECRETARY|SERVICE|DEPARTMENT|DIRECTOR|BOARD|COURT|FORM)\b"
)
# Of a citation: "(I)" is not "(i)", nor "clause I" "clause i".
CAPITAL_LEVEL = re.compile(
    r"\([A-Z]{1,5}\)|\b(?i:titles?|parts?|(?:sub)?(?:chapters?|sections?|paragraphs?|clauses?|items?"
    r"|divisions?)|volumes?|appendix|appendices|annex|schedules?|tables?|categor(?:y|ies)|class(?:es)?"
    r"|groups?|exhibits?|steps?)\s[A-Z]{1,5}\b"
)
CAPITALS = re.compile(r"[(\s][A-Z]{1,5}\b")  # no level is printed without them
MAY = re.compile(MONTH_OF_MAY)
# Words that in small letters are others; a line all in capitals doesn't tell which it means.
NAMES = re.compile(r"\b(?:US|IT|WHO|AIDS|ICE|CAT|SAVE|STEM|Polish)\b")
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
PERIODS = ("day", "week", "month", "year")
NUMERAL = re.compile(rf"\b({'|'.join(NUMERALS)})(?={UNITS})", re.IGNORECASE)
# Not where a term is defined, nor a national without citizenship (INA 308), who is no alien.
FOREIGN = re.compile(
    r"\b(?:non-?citizen|foreign national|alien)(s?)\b"
    r"(?!,?\s(?:(?:shall\s)?(?:means?|includes?)|is\s(?:an?|any|every|one)\s|are\s(?:any|all)\s"
    r"|(?:(?:is|are)|shall\sbe) defined|refers? to|ha(?:s|ve) the meaning"
    r"|nationals?\b))",
    re.IGNORECASE,
)
PERSONS = ("alien", "citizen", "foreign")  # in one of them each term is spelled
ARTICLE = re.compile(r"\ban?(?=\s+alien\b)", re.IGNORECASE)
CITED = re.compile(r"\[\s?\d+\sUSCIS-PM[^\]]{0,40}\]")
_LEVELS = r"\b(?:Volume|Part|Chapter|Section|Subsection|Appendix)\s([\w.-]+)"
DESIGNATOR = re.compile(_LEVELS)
NAMED = re.compile(_LEVELS + ",")
STOP = re.compile(r"[;\[\]]|\.(?<!\bU\.S\.)(?=\s)")
REACH = 300  # characters before a citation in which its chapter may be named
# What a title consists of: names in capitals ("Form N-648"), and the small words between them.
CAPITAL = re.compile(r"[A-Z][\w'’./-]*")
SMALL = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "its", "of", "on", "or", "the", "to")
) | {"under", "with", ""}
LEVEL = re.compile(r"[A-Za-z]+|\d+")
REPORTERS = (
    (re.compile(r"\bC\.\s?F\.\s?R\."), "CFR"),
    (re.compile(r"\bU\.?\s?S\.?\s?C\.?(?=\s+§*\s*\d)"), "USC"),
    (re.compile(r"\bI\s?&\s?N\s+Dec\.?(?=\s+\d)"), "I&N Dec."),
    (re.compile(r"(?<=\bCFR|\bUSC)\s+§+\s*|(?<=\bINA)\s+(?:§+\s*|section\s+)"), " "),
)
REPORTED = ("C.", "U.", "USC", "Dec", "INA", "§")  # no reporter is spelled without one
REPEATED = re.compile(r"\b(the|a|an|of|to|in|for|is|that|with) \1\b")  # "Schedule A a" is none
END_MARKS = (".", ",", ";")  # a colon says that what follows is part of it
WORD = re.compile(r"[a-z]+|[^a-z]+")
# Pairs of words that differ by such a slip and are words, each.
WORDS = (
    *(("discreet", "discrete"), ("complaint", "compliant"), ("casual", "causal")),
    *(("marital", "martial"), ("filling", "filing"), ("filled", "filed")),
)
SLIP = range(8, 41)  # letters of a word in which a slip may be one
ENUMERATED = re.compile(r"(?:section\s+)?(?:[A-Z]|\d{1,2}|[ivxl]+)\.\s+", re.IGNORECASE)


def _case(text: str) -> str:
    if text.islower():
        return text
    named = text if text.isupper() else NAMES.sub(r"\g<0>^", text)
    if CAPITALS.search(named):
        named = CAPITAL_LEVEL.sub(r"\g<0>^", named)
    if "May" in named:
        named = MAY.sub(r"\g<0>^", named)
    return DEFINED.sub(r"\g<0>^", named).lower()


def _terminology(text: str) -> str:
    small = text.lower()
    if not any(hint in small for hint in PERSONS):
        return text
    return ARTICLE.sub("an", FOREIGN.sub(_person, text))


def _person(found: re.Match[str]) -> str:
    """The one term for a person; in quotation marks by itself the term is what is spoken of."""
    around = found.string[max(0, found.start() - 1) : found.end() + 1]
    is_spoken_of = around.startswith('"') and around.endswith('"')
    return found[0] if is_spoken_of else f"alien{found[1]}"


def _numeral(text: str) -> str:
    small = text.lower()
    if not any(unit in small for unit in PERIODS):
        return text
    return NUMERAL.sub(lambda found: NUMERALS[found.group().lower()], text)


def _citation_form(text: str) -> str:
    if not any(hint in text for hint in REPORTED):
        return text
    for spelling, plain in REPORTERS:
        text = spelling.sub(plain, text)
    return text


def _cross_reference(text: str) -> str:
    """Leave of a reference to the Policy Manual only its bracketed citation."""
    if "USCIS-PM" not in text:
        return text
    parts, done = [], 0
    for found in CITED.finditer(text):
        start = _named_from(text, max(done, found.start() - REACH), found.start())
        parts += [text[done:start], _bare_citation(text[start : found.start()], found.group())]
        done = found.end()
    return "".join([*parts, text[done:]])


def _named_from(text: str, start: int, end: int) -> int:
    """Where in the sentence before a citation the words begin that name what it cites."""
    for stop in STOP.finditer(text, start, end):
        start = stop.end()
    named = NAMED.search(text, start, end)
    return named.start() if named else end


def _bare_citation(words: str, citation: str) -> str:
    """The citation alone, with every level that the words name and it does not; what is no title
    stays."""
    titled = (word.strip(",:()&/-") for word in DESIGNATOR.sub("", words).split())
    if not all(word in SMALL or CAPITAL.fullmatch(word) for word in titled):
        return words + citation
    cited = set(LEVEL.findall(citation))
    named = DESIGNATOR.finditer(words)
    apart = [one.group() for one in named if not cited.issuperset(LEVEL.findall(one[1]))]
    return ", ".join([*apart, citation])


def _repeated(text: str) -> str:
    return REPEATED.sub(r"\1", text)


def _end_mark(text: str) -> str:
    bare = text.rstrip()
    return bare[:-1].rstrip() if bare.endswith(END_MARKS) else text


RULES = (
    Rule(
        name="cross-reference",
        why="Only the title of a cross-referenced chapter differs; the citation in brackets is"
        " the same, and so is every level of it that is named.",
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
        " agency's usage; INA 101(a)(3) defines alien. No definition of them differs.",
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
        why="Only the full stop, comma or semicolon that closes the block differs; the words before"
        " it are the same.",
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
    why="A long word, no name, gained or lost a doubled letter, or two neighbouring letters changed"
    " places; no other word differs.",
)
LAYOUT = Rule(
    name="layout",
    why="The same words in the same order are divided into blocks in another way.",
)
ORDER = Rule(
    name="order",
    why="The same words stand at another place of the same section.",
)
RENUMBERING = Rule(
    name="renumbering",
    why="Only the letter or number before a heading differs; the words of the heading are the same,"
    " and what stands under it is compared by itself.",
    fold=lambda text: ENUMERATED.sub("", text, count=1) if ENUMERATED.match(text) else text,
)


def explain(old: str, new: str) -> str:
    """Name the editorial rule that accounts for the last of the difference; empty if none does."""
    if fold(old) == fold(new):
        return noise.explain(noise.fold(old), noise.fold(new), RULES)
    return SPELLING.name if _misspelt(old, new) else ""


@lru_cache(maxsize=4096)  # a block's text is asked about by itself and by the sweep
def fold(text: str) -> str:
    """Fold away everything that the noise rules and these rules ignore."""
    text = noise.fold(text)
    for rule in RULES:
        text = rule.fold(text)
    return text


def is_renumbered(old: str, new: str) -> bool:
    """Whether of two headings only the letter or number before them differs."""
    is_outline = bool(ENUMERATED.match(old) and ENUMERATED.match(new))
    return is_outline and fold(RENUMBERING.fold(old)) == fold(RENUMBERING.fold(new))


def _misspelt(old: str, new: str) -> bool:
    before, after = WORD.findall(fold(old)), WORD.findall(fold(new))
    if len(before) != len(after):
        return False
    slips = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    if not all(_slip(*pair) for pair in slips):
        return False
    printed = noise.fold(old), noise.fold(new)
    return not any(
        _is_name(word, text) for pair in slips for word, text in zip(pair, printed, strict=True)
    )


def _is_name(word: str, printed: str) -> bool:
    """Whether a word stands in a text with a capital alone: of a name no letter is a slip."""
    return word not in printed


def _slip(one: str, other: str) -> bool:
    """Whether two words of eight to forty letters differ as a slip of the hand does.

    Shorter words are left alone ("united" and "untied" differ by such a slip), and so are the pairs
    of longer words that do.
    """
    pairs = (pair for words in WORDS for pair in (words, words[::-1]))
    is_word = len(one) in SLIP and len(other) in SLIP and abs(len(one) - len(other)) < 2
    if not is_word or any(one.replace(*pair) == other for pair in pairs):
        return False
    if len(one) == len(other):
        return any(
            one[:k] + b + a + one[k + 2 :] == other for k, (a, b) in enumerate(pairwise(one))
        )
    short, long = sorted((one, other), key=len)
    return any(
        a == b and long[:k] + long[k + 1 :] == short for k, (a, b) in enumerate(pairwise(long))
    )
