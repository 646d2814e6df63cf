"""When a text says that it takes effect or ends, "immediately" included, and of what it says so.

A text speaks of more than itself: of rules, orders and proclamations, of guidance that is past.
What was named last is what a phrase is said of, unless the sentence began with "this guidance".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum

from pipeline.dates import read_dates, sentences
from pipeline.model import Block, BlockKind, DateKind, StatedDate


class Named(Enum):
    """What is named last in the words before a phrase."""

    ITSELF = "itself"
    AGENCY = "the agency that speaks"
    ANOTHER = "another document or authority"
    NOTHING = "nothing"


_DAY = r"(?:issuance|release|signature|publication|posting)"
_WHEN = (
    rf"(?:immediately|at once|today|(?:as of|from) (?:today|now)"
    r"|(?:as of|from|on|upon) today[’']s date"
    rf"|(?:as of|from|on|upon) (?:the|its|their) (?:date|day|time) of (?:its |their |the )?{_DAY}"
    rf"|(?:up)?on (?:(?:its|their|the) )?{_DAY})"
)
_AT_ONCE = re.compile(
    rf"\b(?:effective(?: date)?:? |tak(?:es?|ing) effect "
    rf"|(?:go(?:es)?|going|comes?|coming) into effect "
    rf"|in effect ){_WHEN}(?!\w)|\b(?:immediately effective|with immediate effect)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publication\b", re.IGNORECASE)
_IN_REGISTER = re.compile(r"\b(?:rule|rulemaking|regulation|notice|order)s?\b", re.IGNORECASE)

_GUIDANCE = r"guidance|polic(?:y|ies)|manual|updates?|alert|extension|memorand(?:um|a)|memos?"
_ANY_GUIDANCE = re.compile(rf"\b(?:{_GUIDANCE})\b", re.IGNORECASE)
_INSTRUMENTS = (
    r"rules?|rulemaking|regulations?|(?-i:Acts?)|(?<!by )(?<!immigration )laws?|legislation|statute"
    r"|(?<!in )orders?|notice|decision|proclamations?|injunctions?|rulings?|judge?ments?"
    r"|directives?"
)
_AUTHORITIES = r"courts?|judges?|president|congress|senate"
_AGENCIES = r"we|our|USCIS|(?-i:DHS|EOIR|ICE|CBP|DOL|OFLC)|the (?:agency|department)"
_YEAR = r"(?:[^.;]{0,24}\b(?:19|20)\d\d\b)"
_NAME = re.compile(
    rf"\b(?:(?P<another>(?:earlier|prior|previous|former|old|existing) (?:[\w-]+ )?(?:{_GUIDANCE})"
    rf"|(?:{_GUIDANCE})(?: \(\w+\))?,? (?:of|dated|from|issued|published|in){_YEAR}"
    rf"|(?:order|direct|enjoin|requir|instruct|bar|prohibit)(?:s|ed|ing)? (?:{_AGENCIES})"
    rf"|{_INSTRUMENTS}|{_AUTHORITIES})|(?P<own>{_GUIDANCE})|(?P<agency>{_AGENCIES}))\b",
    re.IGNORECASE,
)
_DOCUMENTS = rf"(?:{_GUIDANCE}|{_INSTRUMENTS})"
_SAYS = (
    r"(?:is|are|was|were|be|been|has|have|had|will|would|shall|may|must|can|do(?:es)?|that|which|who"
    r"|follow(?:s|ed)?|implements?|appl(?:y|ies)|aligns?|explains?|reflects?|cites?|quotes?)"
)
# "This guidance on the final rule is …": the subject of the sentence, with nothing said of it yet.
_OF_THIS = re.compile(
    rf"\bthis (?:[\w-]+ ){{0,3}}?{_DOCUMENTS}\b(?:(?!\b{_SAYS}\b)[^;])*"
    r"(?:\b(?:is|are|becomes?|will(?: be)?|shall(?: be)?)\s(?:\w+ly\s)?)?$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s(?:which|as|in|under|pursuant|consistent|following|implementing)\b[^,;]*,|\([^()]*\)",
    re.IGNORECASE,
)
# "Effective immediately, the court's order …": what follows is what it is said of.
_NEXT = re.compile(
    rf"\W*(?:an?|the)\s(?:(?!\b(?:{_SAYS}|{_AGENCIES}|an?|the)\b)[\w’'.-]+\s){{0,4}}?"
    rf"(?:{_INSTRUMENTS}|{_AUTHORITIES})\b",
    re.IGNORECASE,
)

_ENDING = r"(?:supersed|rescind|replac|withdr[ae]w|revok|terminat|amend|chang|modif)\w*"
_DENIED = re.compile(
    r"(?:(?:\b(?:not|never|cannot|neither|nor|without)|n[’']t)(?! only)"
    rf"(?:[\s,*]+(?:be|been|being|become|go|come|to|yet|itself|either|or|nor|and|in any way|meant"
    rf"|intended|made|(?!only)\w+ly|{_ENDING}))*"
    r"|\bnothing\b[^.;]{0,60}|\bno (?:[\w-]+ ){0,4}(?:is|are|has been|have been))[\s*]*$",
    re.IGNORECASE,
)
_ELSEWHEN = re.compile(  # of another day, or of none
    r"\b(?:(?:was|were|became|had|would|could|might|may|can|should)"
    r"(?: (?:be|been|become|go|come|to|made|\w+ly|\w+ed and))*\s*$"
    r"|(?:if|unless|whether|once|when|until|whenever)\b[^.;,]{0,40}$)",
    re.IGNORECASE,
)
_AFTER_SOMETHING = re.compile(
    rf"\W*(?:up)?on (?!(?:(?:its|the) )?{_DAY}(?! of\b))|\W*(?:after|when|once|if)\b"
    rf"|(?: (?:up)?on (?:(?:its|the) )?{_DAY})? (?:of (?!this\b)"
    r"|in the federal register|by (?!us\b))",
    re.IGNORECASE,
)


def onset(blocks: Iterable[Block], dated: date, read_from: str) -> tuple[StatedDate, ...]:
    """The dates a text states, each kind and day once, in the words that state it first.

    What `is_at_once` is so from `dated` on: the day the text was given out.
    """
    found: dict[tuple[DateKind, date], StatedDate] = {}
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            for stated in (*read_dates(block.text, read_from), *_now(block.text, dated, read_from)):
                found.setdefault((stated.kind, stated.on), stated)
    return tuple(found.values())


def is_at_once(sentence: str) -> bool:
    """Whether a sentence says that the text it stands in holds from the day it is given out.

    What was effective then, or will be upon something else, and what is said of another authority's
    document is not. Of a sentence that names nothing, the text itself is the subject.
    """
    return any(_is_so(sentence, match) for match in _AT_ONCE.finditer(sentence))


def is_denied(so_far: str) -> bool:
    """Whether the words before a verb deny it: "does not", "nothing in this memorandum"."""
    return bool(_DENIED.search(so_far))


def named_last(so_far: str) -> Named:
    """What the words before a date or a phrase speak of."""
    if _OF_THIS.search(so_far):
        return Named.ITSELF
    names = list(_NAME.finditer(_ASIDE.sub(" ", so_far)))
    if not names:
        return Named.NOTHING
    if names[-1]["another"]:
        return Named.ANOTHER
    return Named.ITSELF if names[-1]["own"] else Named.AGENCY


def names_guidance(sentence: str) -> bool:
    """Whether a sentence names guidance, this or an earlier one."""
    return bool(_ANY_GUIDANCE.search(sentence))


def _is_so(sentence: str, match: re.Match[str]) -> bool:
    before, after = sentence[: match.start()], sentence[match.end() :]
    if is_denied(before) or _ELSEWHEN.search(before) or _AFTER_SOMETHING.match(after):
        return False
    if _PUBLISHED.search(match[0]) and _IN_REGISTER.search(before):
        return False  # what is published in the Federal Register is so on a later day
    named = named_last(before)
    is_anothers = named is Named.ANOTHER or (named is Named.NOTHING and bool(_NEXT.match(after)))
    return not is_anothers


def _now(text: str, dated: date, read_from: str) -> Iterator[StatedDate]:
    for sentence in sentences(text):
        if is_at_once(sentence):
            yield StatedDate(kind=DateKind.EFFECTIVE, on=dated, words=sentence, read_from=read_from)
