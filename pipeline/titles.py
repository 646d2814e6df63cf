"""Read the title of a Federal Register document: its subject, apart from what is done to it."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.legible import legible

LONGEST = 8000  # characters of an abstract that are read; real ones stay below …
LONGEST_TITLE = 2000  # … and of a title or an ACTION line
GENERIC = 4  # words; a shorter subject made of these words alone names nothing in particular
TELLING = 3  # words that two titles must share to be alike …
SHORT = 3  # letters; a word no longer keeps its "s"
NAMED = 4  # words; what is shorter and set in capitals is an agency or a form as a rule
QUOTED = 20  # titles that are looked for of those an abstract may name
NEARLY = 0.8  # … and the share of the shorter title's words
_BREAK = re.compile(
    r"\s*[;:]\s+|\s+-+\s+|--|(?<=[a-z.)])-(?=(?:Second )?Correction|Delay of|Withdrawal)"
)
_ASIDE = re.compile(r"\s*[(\[](?:OMB|Office of Management|Previous OMB|RIN)[^()\[\]]*[)\]]")
_ANNOUNCED = re.compile(
    r"(?:\d+[- ]day notice(?: of)?|agency information collection activit(?:y|ies)"
    r"|(?:notice of )?proposed information collection(?: activit(?:y|ies))?"
    r"|information collection request)"
    r"(?:(?: for|,| of)? )?",
    re.IGNORECASE,
)
# Parts of a title that say what sort of document it is, or what it does, and not on what.
_SORT = re.compile(
    r"""
      (?:agency\s)?(?:proposed\s)?(?:information\s)?collections?(?:\sactivit(?:y|ies))?(?:\srequested)?
    | agency\sinformation(?:\scollection)?(?:\sactivit(?:y|ies))?(?:\sunder\somb\sreview)?
    | (?:proposed\s)?(?:e?collection\s)?(?:of\s)?e?comments?\srequest(?:ed)?(?:\sfor\s.*)?
    | proposed\s(?:e?collection|collection\sof)\s?(?:e?comments?\s)?request(?:ed)?
    | (?:request\sfor|comment|notice\sand\srequest\sfor)(?:\spublic)?(?:\scomments?|\srequest)?
    | submission\sfor\s(?:omb|office\sof\smanagement\sand\sbudget)(?:\s\(omb\))?\sreview
    | (?:agency\sinformation\s|proposed\s)*
      (?:extension|revision|reinstatement|new)\b.*\bcollections?\b.*
    | new\s(?:information\s)?collection
    | (?:notice|final\srule|rule|proposed\srule|interim\sfinal\srule)s?
    | privacy\sact(?:\sof\s1974)?
    | (?:notice\sof\s)?(?:an?\s)?(?:(?:new|modified|updated)\s)*
      systems?\sof\srecords?(?:\snotices?)?
    | (?:notice\sof\s)?(?:an?\s)?(?:(?:new|modified|computer)\s)*matching\s(?:program|agreement)s?
    | implementation(?:\sof\sexemptions)? | (?:technical|conforming)\samendments?
    | visas # as the Department of State heads every title on them
    | regulatory\sreview | implementation\sof\svacatur | confirmation\sof\seffective\sdates?
    | notice\sof(?:\spublic)?\smeetings? | (?:announcement\sof\s)?public\shearings?
    | (?:notice\sof\s)?(?:(?:second|third|technical|administrative|further)\s)*
      correct(?:ions?|ing)(?:\samendments?|\snotice)?
    | (?:partial\s|notice\sof\s)*(?:withdrawal|rescission|vacatur)
      (?:\sof\s(?:the\s)?(?:proposed\srule(?:making)?|notice|(?:final\s)?rule)|\sin\spart)?
    | (?:(?:proposed|further|second|third|temporary|partial)\s)*
      (?:delay|postponement|deferral|stay)\sof\s.*\b(?:dates?|effectiveness|period)
    | (?:notice\sof\s)?(?:re-?opening|extension|supplementary|extended)\b.*
      \bcomment\s(?:period|deadline)s?(?:\sextension)?
    | comment\s(?:period|deadline)\s(?:extension|extended|reopened|reopening)
    | re-?opening\s(?:of\s)?comment\speriods?
    | extension\sof\s(?:the\s)?(?:effective|expiration|sunset)\s(?:dates?|period)
    | (?:supplementary|supplemental)\scomment\speriod
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_NAMED = re.compile(
    r'"([^"]{12,400})"'
    r"|\b[A-Z][\w'-]*(?: (?:(?:of|the|and|for|in|to|on|from|by|with|an?) ){0,2}[A-Z][\w'-]*)+"
)
# Words that tell no document from another, alone or together.
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and of the on for in to notice notices meeting meetings open public sunshine act"
        " closed request comment comments hearing advisory committee teleconference policy"
        " statement fee fees schedule information collection activities proposed submission review"
        " agency records system systems correction order orders final rule rules regulations visas"
        " privacy",
    )
)
_NUMBERED = re.compile(
    r"\b(?:(?:in|for|of) )?(?:19|20)\d\d\b|\bfy\b|\bfiscal year\b"
    r"|\b(?:executive order|proclamation) \d+\b"
)
_PAPERWORK = re.compile(
    r"information collection|currently approved|approved collection|new collection|ecollection"
    r"|omb review|office of management and budget(?: \(omb\))? review|omb (?:control |#)",
    re.IGNORECASE,
)
# 8 U.S.C. 1254a: a foreign state is designated, the designation extended or terminated.
_TPS = re.compile(r"temporary protected status", re.IGNORECASE)
_STATES = re.compile(
    r"(?:designation of|extension of|redesignation of) "
    r"(?!the\b|(?:\w+ \d+, )?\d{4}\b|temporary|re-)(?P<a>[^;:]+?)(?: designation)? for temporary"
    r"|temporary protected status (?:decision|designations?) (?:for|of) (?P<b>[^;:]+)",
    re.IGNORECASE,
)
# What is begun by one notice for a group of people, and ended by another for several.
_PROGRAMME = re.compile(
    r"^(?:implementation|establishment|termination) of (?:an? |the )?(?:changes to (?:an? |the )?)?"
    r"(?P<what>[^;:]*\b(?:process|program|programme)(?:es|s)?) for (?P<whom>[^;:]+)$",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^(?:notice|notification|announcement) of (?:(?:the )?(?:termination|lifting) of (?:the )?)?"
    r"(?P<what>(?:\w+ ){0,3}(?:restriction|suspension|limitation)s?\b[^;:]+)$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"(?:(?:notice|notification|announcement) of (?:the )?)?(?:termination|lifting) of\b",
    re.IGNORECASE,
)
_RELIEF = re.compile(
    r"employment authorization for (?P<whose>[\w' -]{2,40}?) F-1 nonimmigrant students?"
    r" experiencing severe economic hardship",
    re.IGNORECASE,
)


def _singular(word: str) -> str:
    """A word without the plural's ending: one notice's "Applicants" is the other's "Applicant"."""
    if len(word) <= SHORT or not word.endswith("s") or word[-2] in "sui":
        return word
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


_EMPTY_STEMS = frozenset(map(_singular, _EMPTY_WORDS))


@lru_cache(maxsize=8192)
def stem(title: str) -> str:
    """The subject in lower case, without the parts that name the sort of document or its act.

    Two documents with one stem have one title as a lawyer reads it. Empty where the title names no
    subject ("Privacy Act of 1974; System of Records").
    """
    words = [word for part in _parts(title) for word in _WORD.findall(part.casefold())]
    if len(words) <= GENERIC and _EMPTY_WORDS.issuperset(words):
        return ""
    return " ".join(map(_singular, words))


@lru_cache(maxsize=8192)
def series(title: str) -> str:
    """The stem without years and order numbers: what an annual notice keeps from year to year.

    Relief for students of a country (8 CFR 214.2(f)(9)) is one series, whatever befell them.
    """
    if relief := _RELIEF.search(title[:LONGEST_TITLE]):
        return f"special student relief {relief['whose'].casefold()}"
    return " ".join(_NUMBERED.sub(" ", stem(title)).split())


@lru_cache(maxsize=8192)
def parts(title: str) -> tuple[str, ...]:
    """The title's parts as printed between semicolons, colons and dashes."""
    shown = legible(title[:LONGEST_TITLE]).text.strip()
    return tuple(part for part in _BREAK.split(shown) if part)


@lru_cache(maxsize=8192)
def designated(title: str) -> frozenset[str]:
    """The states whose designation for Temporary Protected Status a title is about."""
    shown = legible(title[:LONGEST_TITLE]).text
    if not _TPS.search(shown):
        return frozenset()
    named = [match["a"] or match["b"] for match in _STATES.finditer(shown)]
    places = (place for each in named for place in re.split(r",? and |, ", each.casefold()))
    return frozenset(re.sub(r"\s*\(.*?\)", "", place).strip() for place in places if place.strip())


@lru_cache(maxsize=8192)
def programmes(title: str) -> frozenset[str]:
    """The programmes and measures that a title says are begun or ended, a programme with one group
    of people that it is for: "parole process for haitian"."""
    shown = legible(title[:LONGEST_TITLE]).text
    if measure := _MEASURE.search(shown):
        return frozenset({spoken(measure["what"])})
    if not (said := _PROGRAMME.search(shown)):
        return frozenset()
    named = spoken(said["what"])
    groups = re.split(r",? and |, ", said["whom"])
    return frozenset(f"{named} for {spoken(group)}" for group in groups if group.strip())


def is_measure(title: str) -> bool:
    """Whether a title announces a measure that is renewed from time to time, as a whole."""
    return bool(_MEASURE.search(legible(title[:LONGEST_TITLE]).text))


def is_ending(title: str) -> bool:
    """Whether a title says that it ends programmes or measures."""
    return bool(programmes(title)) and bool(_ENDING.match(title))


@lru_cache(maxsize=2048)
def spoken(text: str) -> str:
    """A text's words as a stem spells them, so that a stem can be sought in it."""
    return " ".join(map(_singular, _WORD.findall(legible(text).text.casefold())))


@lru_cache(maxsize=2048)
def quoted(abstract: str) -> tuple[str, ...]:
    """The keys of the titles that an abstract may name: what it sets in quotation marks or prints
    in capitals, four words and more; at most `QUOTED`."""
    named = (match[1] or match[0] for match in _NAMED.finditer(legible(abstract[:LONGEST]).text))
    stems = dict.fromkeys(series(each) for each in named if len(each.split()) >= NAMED)
    return tuple(key for key in stems if key)[:QUOTED]


def is_paperwork(title: str) -> bool:
    """Whether a title announces an information collection (44 U.S.C. 3506): no rule is made."""
    return bool(_PAPERWORK.search(title))


def keys(title: str) -> tuple[str, ...]:
    """What a document of this title is filed under, and looked up by, in a store."""
    states = (f"temporary protected status {state}" for state in sorted(designated(title)))
    begun = (f"programme {each}" for each in sorted(programmes(title)))
    return tuple(dict.fromkeys(key for key in (series(title), *states, *begun) if key))


def alike(one: str, other: str) -> bool:
    """Whether the one title holds nearly all the telling words of the other.

    Joins nothing by itself.
    """
    first, second = (set(stem(title).split()) - _EMPTY_STEMS for title in (one, other))
    shared = len(first & second)
    return shared >= TELLING and shared >= NEARLY * min(len(first), len(second))


def _parts(title: str) -> list[str]:
    plain = _ASIDE.sub("", legible(title[:LONGEST_TITLE]).text)
    kept = [
        _ANNOUNCED.sub("", part) for part in parts(plain) if not _SORT.fullmatch(part.strip(" .,"))
    ]
    return [part for part in kept if part and not _SORT.fullmatch(part.strip(" .,"))]
