"""Tell terms and connectors from a question."""

from __future__ import annotations

import re

from pipeline.query.typed import is_forced

# What nobody types in a sentence: a proximity connector that stands by itself, also one mistyped.
_NEAR = re.compile(
    r"(?<!\S)[(\[]*"
    r"(?:(?:w|pre|near|onear)?/(?:s|p|sent|para)|(?:pre|near|onear)/\d{1,4}|/\d{1,4}|/(?!o)[a-z])"
    r"(?=[\s()\"\u201c\u201d]|\Z)",
    re.IGNORECASE,
)
# These only between two terms: a telephone number begins with "+1", "+ s" is no sign.
_BETWEEN = re.compile(
    r"(?<=[\w)\"\u201d!*])\s+\+(?:\d{1,3}|[sp])(?=\s+[\w(\"\u201c])", re.IGNORECASE
)
_WITHIN = re.compile(r"(?<!\S)w/(?P<words>\d{1,4})(?=[\s()\"\u201c\u201d]|\Z)", re.IGNORECASE)
# What notes count: "w/2 USC kids" are two children, not words within two of each other.
_COUNTED = re.compile(
    r"(?:\s+(?:[A-Z]{2,3}|minor|young|small|adult|prior|previous|more|other|step))?[\s-]+"
    r"(?:kids?|child(?:ren)?|sons?|daughters?|siblings?|brothers?|sisters?|parents|babies|infants"
    r"|dependents|years?|yrs?|months?|mos|weeks?|days?|dui'?s|duis|arrests|convictions"
    r"|misdemeanors|felonies|offenses|denials|entries|removals|deportations)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[^\W_],\s")
_LETTER = re.compile(r"(?<=\w)\*+(?=\w)|(?<![*\w])[^\W\d_]{3,}\*+(?=[)\"]|\s+\S)")
_ONE_OPEN = re.compile(r"\s*[^\W\d_]{3,}\*+\s*")
# A root goes on with a word in small letters, a connector or a quotation; an exclamation ends
# a sentence, or a quotation that goes on in words: "shouted "frivolous!" when".
_ROOT = re.compile(
    r"(?<![\w!-])[\w-]{2,}[^\W_]!"
    r"(?=\)|[\"\u201d]\s*(?:\Z|[)/&%+]|(?:AND|OR|NOT|BUT|w/\w)\b|(?:and|or)\s+[\w!*\"\u201c-]+\s*\Z)"
    r"|\s+(?:[a-z(\"\u201c/&%+]|AND\b|OR\b|NOT\b))"
)
_CALLED = re.compile('!\\s*["\u201c\u201d]')
_SPOKEN = 8  # words, more than which are a sentence where persons stand among them
_LAST_ROOT = re.compile(r"(?<![\w-])[\w-]{2,}[^\W_]!\s*\Z")
_BETWEEN_WORDS = re.compile(
    r"(?<=[\w)\"\u201d!*])\s+(?:AND|OR|NOT|BUT\s+NOT|AND\s+NOT)\s+(?=[\w(\"\u201c])"
)
_CAPITAL = re.compile(r"(?<!\S)(?:AND|OR|NOT)(?!\S)")
_EXCEPT = re.compile(
    r"(?<=[^\W\d_)\"\u201d!*])\s+%\s*(?=[^\W\d_(\"\u201c])|(?<=[\w)\"\u201d!*])\s&\s(?=[a-z(\"\u201c])"
)
_GROUP = re.compile(
    r"(?:\(|\b(?:and|or|not)\s+\()[^()\"]{1,200}\s(?:and|or)\s[^()\"]{1,200}\)(?:\s+(?:and|or|but|not)\s|\s*\Z)",
    re.IGNORECASE,
)
_QUOTED = re.compile('\\s*["\u201c\u201d\u201e][^"\u201c\u201d\u201e]*["\u201c\u201d\u201e]?\\s*')
# Two phrases and more, joined by small words and nothing else.
_PHRASE = r"[\"\u201c\u201d\u201e][^\"\u201c\u201d\u201e]{1,200}[\"\u201c\u201d\u201e]"
_JOINED = re.compile(
    rf"\s*{_PHRASE}(?:\s+(?:and|or|but\s+not|and\s+not)\s+{_PHRASE})+\s*", re.IGNORECASE
)
_SPLIT = re.compile(r"(?<!\s)\s+(?:AND|OR|NOT|BUT)\s+|[()]|\"[^\"]*\"")

# How a question or a client's story begins, and the words of one who tells it.
_BEGINNINGS = """
who whom whose what when where why how which can could may might must shall should is are was were
do does did has have had will would if whether am please
"""
_ASKING = frozenset(_BEGINNINGS.split())
_PERSONS = """
i me my we our us you your he she him her his hers they them their it its who was were is are am
had has have did does do
"""
_TELLING = frozenset(_PERSONS.split())
_CONNECTORS = frozenset({"and", "or", "not", "but"})
LONGEST_TERM = 5  # words next to each other; where more are, a sentence is spoken


def is_connectors(text: str) -> bool:
    """Whether a query is terms and connectors.

    "and", "or" and "but not" in small letters are no sign, as on Westlaw; "adv:" before a query
    makes it one. AND in capitals is a sign between terms, not in a sentence, and nothing where all
    is in capitals. A phrase in quotation marks and nothing else is one, and so are several with
    nothing but "and", "or" and "but not" between them.
    """
    if is_forced(text) or _QUOTED.fullmatch(text) or _JOINED.fullmatch(text):
        return re.search(r"\w", text) is not None
    if _NEAR.search(text) or _BETWEEN.search(text) or _LETTER.search(text):
        return True
    if _asks(text):
        return False
    if _roots(text) or _ONE_OPEN.fullmatch(text) or _within(text):
        return True
    return _excepts(text) or _ends_open(text) or _capitals(text) or _groups(text)


def _asks(text: str) -> bool:
    """Whether it reads as a question: by its mark, or by how it begins."""
    words = re.findall(r"\w+", text[:80].lower())
    begins = words[0] in _ASKING and words[1] not in _CONNECTORS if len(words) > 1 else False
    return text.rstrip().endswith("?") or begins


def _tells(text: str) -> bool:
    return not _TELLING.isdisjoint(re.findall(r"[\w-]+", text.lower()))


def _roots(text: str) -> bool:
    """Whether a root stands in it, and nobody tells "He yelled stop! and then he hit me", nor `he
    said "stop!" and ran`."""
    if _tells(text) and (len(text.split()) > _SPOKEN or _CALLED.search(text)):
        return False
    return _ROOT.search(text) is not None


def _within(text: str) -> bool:
    """Whether w/5 stands in it, and nobody tells of "my sister w/2 children", nor notes "single
    mother w/2 USC kids", "H-1B w/6 years, I-140 approved"."""
    found = _WITHIN.search(text)
    if found is None or int(found["words"]) == 0 or _tells(text):
        return False
    return not _COUNTED.match(text, found.end()) and not _PAUSE.search(text)


def _excepts(text: str) -> bool:
    """Whether "%" or "&" joins terms."""
    return _EXCEPT.search(text) is not None and not _tells(text)


def _ends_open(text: str) -> bool:
    """A root at the end: "presence accru!", and no "Please help!"."""
    words = re.findall(r"\w+", text.lower())
    if len(words) > LONGEST_TERM or text.count("!") != 1 or not text[:1].islower():
        return False
    return _LAST_ROOT.search(text) is not None and not _tells(text)


def _capitals(text: str) -> bool:
    """AND, OR, NOT in capitals between terms that are not spoken."""
    if not _BETWEEN_WORDS.search(text):
        return False
    terms = [term.split() for term in _SPLIT.split(text)]
    if any(len(term) > LONGEST_TERM for term in terms) or _tells(text):
        return False
    bare = _CAPITAL.sub(" ", text)
    return bare != bare.upper() or not _spoken(bare)


def _spoken(text: str) -> bool:
    """Whether words stand in it that no list of abbreviations has."""
    return any(len(word) > LONGEST_TERM for word in re.findall(r"[^\W\d_]+", text))


def _groups(text: str) -> bool:
    """ "(gang or cartel) and asylum": a group in parentheses that a connector joins to the rest."""
    return not _tells(text) and _GROUP.search(text) is not None
