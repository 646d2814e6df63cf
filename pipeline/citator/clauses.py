"""The verbs of headnotes and holdings, and how decisions stand in a clause beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.citator.masked import AUTHORITY, Masked
from pipeline.citator.model import TreatmentKind as Kind
from pipeline.citator.reach import is_in_part
from pipeline.citator.verbs import HELD, TAGGED, spaced
from pipeline.model import Citation

# Said of an authority that has lost its force, by whomever.
NO_LONGER = (
    r"no\s+longer\s+(?:be\s+|an?\s+|the\s+)?(?:good\s+law|controlling|governing|valid|viable|binding"
    r"|tenable|precedent|in\s+effect|(?:to\s+be\s+)?(?:treated|designated|regarded)\s+as\s+(?:an?\s+)?"
    r"(?:binding\s+|controlling\s+)?precedent)"
)
# As a headnote ends or a holding says it.
_PARTICIPLES = (
    (NO_LONGER, Kind.ABROGATED),
    *((spaced(words), said) for said, words in TAGGED.items()),
)
_ACTIVE = tuple((spaced(words), said) for said, words in HELD.items())
ADVERBS = (
    r"(?:(?:hereby|therefore|accordingly|also|now|thus|likewise|expressly|explicitly|specifically"
    r"|formally|partially|partly|effectively|implicitly|again|once|both|each|all|further|today|herein"
    r"|respectfully|however|consequently|hence|necessarily|simply|largely|fully|entirely|only"
    r"|in\s+part),?\s+){0,4}"
)
# What may stand between a verb and the end of what it says. Another decision only in what limits
# it: "followed by the Board in Y" and "overruled by Y" tell of others.
_QUALIFIED = (
    r"(?:,?\s+(?:(?:to\s+(?:the|that|this|any)\s+extent|insofar|so\s+far|except|as)\b[^.;:)]{0,240}?"
    r"|(?:in|on|with|for|upon|only|herein|because|under|where|when|solely|wholly|entirely|outside"
    rf"|within|throughout|accordingly|pro\s+tanto)\b[^.;:){AUTHORITY}]{{0,240}}?"
    rf"|to\s+(?:its|their|the|conform|accord)\s[^.;:){AUTHORITY}]{{0,80}}?"
    r"|by\s+(?:an?\s+|the\s+)?(?:later\s+|subsequent\s+|intervening\s+)?"
    r"(?:statut|regulat|rule|amend|legislat|section|Congress|Act\b|operation)"
    rf"[^.;:){AUTHORITY}]{{0,160}}?))?"
)
# Part of a decision, or words for it: "the language in", "our dicta in".
_PARTIAL = re.compile(
    r"\b(?:statements?|language|dict(?:a|um)|discussion|parts?|portions?|footnotes?|passages?"
    r"|sections?|aspects?|suggestions?|assumptions?|reasoning)\b",
    re.IGNORECASE,
)
_NOUN = (
    r"(?=[a-z]{4})(?:decisions?|holdings?|opinions?|rulings?|orders?|rules?|tests?|standards?|precedents?"
    r"|framework|analys[ie]s|interpretations?|definitions?|determinations?|conclusions?|approach"
    r"|statements?|language|dict(?:a|um)|discussion|parts?|portions?|footnotes?|passages?|sections?"
    r"|aspects?|suggestions?|assumptions?|reasoning|cases?|factors?|guidance|polic(?:y|ies)"
    r"|positions?|views?|readings?|constructions?|doctrines?)"
)
_MADE = (
    r"(?:announced|established|stated|articulated|made|adopted|contained|taken|expressed|reached"
    r"|enunciated|espoused|applied)"
)
# "of the Board of Immigration Appeals in"; and "of the Board, X": the citation stands beside it.
_OF_BOARD = (
    r"(?:of|by)\s+the\s+(?:Board(?:\s+of\s+Immigration\s+Appeals)?|BIA|Attorney\s+General)"
    r"(?:\s+(?:in|of)\s+|\s?,\s+(?:(?:reported|published)\s+(?:as|at|in)\s+)?)"
)
_REPORTED = r"(?:,\s+)?(?:reported|published)\s+(?:as|at|in)\s+"
HEAD = (
    rf"(?:(?<![\w'-])(?:[\w'-]++\s++){{0,8}}?{_NOUN}(?:\s+(?:and|or)\s+{_NOUN})?\s+(?:\d{{1,3}}\s+|[IVX]+\s+)?"
    rf"(?:set\s+(?:forth|out)\s+|laid\s+down\s+|{_MADE}\s+)?(?:(?:in|of|from|by)\s+|{_OF_BOARD}"
    rf"|{_REPORTED})"
    r"|so\s+much\s+of\s+|(?:the|our)\s+panel(?:'s)?\s+(?:opinion|decision)(?:\s+in|\s?,)\s+"
    rf"|(?:the\s+)?following\s+(?:[\w'-]+\s+){{0,3}}?{_NOUN}\s?:\s+)?"
)

_SHORT_HISTORY = (
    r"aff'?d|aff'?g|rev'?d|rev'?g|cert\.?\s+(?:denied|granted)|reh'?g|remanded|enforced"
)
# In full these words are history only with what makes them so: "overruled; …" is a tag of its own.
_LONG_HISTORY = (
    r"(?:affirmed|reversed|vacated|overruled|superseded|abrogated|modified|disapproved|limited"
    r"|reinstated)\b[^.;()]{0,40}?\b(?:on\s+(?:an)?other\s+grounds?|by|sub\.?\s+nom)\b"
    r"|(?:affirmed|reversed|vacated|remanded)\b(?:\s+(?:and|in\s+part|as\s+moot|remanded)){0,4}"
    rf"\s?,?\s?(?={AUTHORITY})"
)
_HISTORY = (
    rf"(?:\s?,?\s?\(?(?:{_SHORT_HISTORY}|{_LONG_HISTORY})[^;(){AUTHORITY}]{{0,60}}?(?:{AUTHORITY}\)?"
    rf"|(?=\s?,\s?(?:{'|'.join(each for each, _ in _PARTICIPLES)})\b)))"
)
_ITEM = rf"{AUTHORITY}(?:{_HISTORY}|\s?\([^()]{{0,200}}\)|\s?-(?=[\s,])){{0,4}}"
# "overruled X in Y" says where: only after "and" is what stands "in" another one more of them.
_JOINED = (
    r"\s?[,;]?\s+(?:(?:and|or|&|as\s+well\s+as|and\s+also|(?:together|along)\s+with)\s+(?:both\s+|in\s+)?)?"
    r"(?:(?:its|their|the)\s+(?:predecessors?|successors?|companions?)(?:\s+cases?)?\s?,?\s+)?"
)
LIST = rf"(?:both\s+)?{_ITEM}(?:{_JOINED}{_ITEM}){{0,11}}"
_ITEMS = re.compile(_ITEM, re.IGNORECASE)

PARTICIPLE = rf"(?:{'|'.join(each for each, _ in _PARTICIPLES)})\b"
ACTIVE = rf"(?:{'|'.join(each for each, _ in _ACTIVE)})\b"
_DONE = rf"{ADVERBS}{PARTICIPLE}{_QUALIFIED}"
VERBS = rf"{_DONE}(?:(?:\s?,?\s+(?:and|but|&)\s+|\s?,\s+){_DONE}){{0,3}}"
_EACH = re.compile(
    r"(?:\A\s*+|(?<!\s)(?:\s*+,\s++(?:(?:and|but|&)\s++)?|\s++(?:and|but|&)\s++))"
    rf"(?=[a-z]){ADVERBS}(?P<verb>{PARTICIPLE})",
    re.IGNORECASE,
)


def done(verbs: str) -> list[tuple[Kind, str]]:
    """What the participles of `VERBS` say, each with its own clause: "followed in part and
    overruled in part" is two. What was reconsidered and overruled is overruled."""
    found = list(_EACH.finditer(verbs))
    ends = [*(match.start() for match in found[1:]), len(verbs)]
    said = [
        (_kind(match["verb"], _PARTICIPLES), verbs[match.start() : end].strip(" ,"))
        for match, end in zip(found, ends, strict=True)
    ]
    is_anew = len(found) > 1 and found[0]["verb"].lower() == "reconsidered"
    return said[1:] if is_anew else said


def doing(verb: str) -> Kind:
    """What an active verb (`ACTIVE`) says."""
    return _kind(verb, _ACTIVE)


def targets(shown: Masked, start: int, end: int) -> list[Citation]:
    """The decisions of a `LIST` that stands at a span; those of their own history are not."""
    return [
        shown.within(start + item.start(), start + item.start() + 1)[0].citation
        for item in _ITEMS.finditer(shown.text[start:end])
    ]


def in_part(head: str, clause: str, before: str = "") -> bool:
    """Whether only a part of a decision is meant, by the noun before it or the verb's clause, of
    which `before` is what leads to it."""
    return bool(_PARTIAL.search(head)) or is_in_part(head) or is_in_part(clause, before)


def _kind(verb: str, table: Iterable[tuple[str, Kind]]) -> Kind:
    return next(kind for words, kind in table if re.fullmatch(words, verb.strip(), re.IGNORECASE))
