"""Find the figures of a text: authorities, dates, periods, fees, form editions, other numbers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Block, Weight

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Numbers and periods in words: a rule that says another one is another rule.
IN_WORDS = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million|half|once|twice|single|double|triple|first|second|third|"
    r"fourth|fifth|sixth|seventh|eighth|ninth|tenth|hourly|daily|(?:bi|semi)?-?(?:weekly|monthly|"
    r"annual(?:ly)?)|quarterly|yearly|biennial(?:ly)?|(?:hour|day|week|month|quarter|year|decade)s?"
)
_COUNT = r"(?:\d+(?:\.\d+)?|[Oo]ne-half|(?:[Tt]wenty|[Tt]hirty|[Ff]orty|[Ss]ixty|[Nn]inety)\b|" + (
    r"\b(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|"
    r"[Ee]leven|[Tt]welve)\b)"
)
_PERIOD = (
    rf"\b{_COUNT}(?:\s\(\d+\))?[\s-](?:(?:business|calendar|consecutive|working|full|continuous)\s)?"
    r"(?:hours?|days?|weeks?|months?|years?)\b"
)
_PARTS = r"(?:\(\w{1,6}\)){0,8}"
_PATTERN = re.compile(
    r"(?:(?=[\d$])|\b(?=[A-Zefnost]))"  # as each begins: sooner told than by trying all
    r"(?:(?P<within>(?<=[A-Za-z_])\d[\d,]*(?:\.\d+)*\w*)"  # a word: no other kind can begin there
    r"|(?P<authority>"
    r"\b\d+\s(?:CFR|C\.F\.R\.|U\.S\.C\.|USC|I&N Dec\.|FR|Fed\. Reg\.|USCIS-PM|Stat\."
    rf"|S\. Ct\.|U\.S\.|F\.[234]d|F\. Supp\. [23]d)\s(?:§+\s?|part\s)?\w+(?:[.-]\w+){{0,4}}{_PARTS}"
    rf"|\bINA\s(?:§+\s?|section\s)?\d+[A-Z]?{_PARTS}"
    rf"|\b[Ss]ections?\s\d+[A-Z]?{_PARTS}\sof\sthe\s(?:Act|INA)\b"
    r"|\bPub(?:\.|lic)\sL(?:\.|aw)\s\d+-\d+|\b(?:Executive Order|E\.O\.)\s\d+|\bP[AM]-\d+-\d+"
    r"|\bMatter of [A-Z][\w'’-]*(?:\s[A-Z][\w'’-]*){0,3})"
    rf"|(?P<date>\b{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,\s\d{{4}})?\b|\b\d{{1,2}}\s{MONTH}\s\d{{4}}"
    rf"|\b{MONTH}\s(?:of\s)?\d{{4}}|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\b\d{{4}}-\d\d-\d\d\b"
    r"|\b\d\d[A-Z]{3}\d\d\b|\b(?:[Ff]iscal [Yy]ear|FY)[\s-]?\d{2,4}|\b(?:19|20)\d\d\b(?![,.-]\d))"
    rf"|(?P<age>{_PERIOD}(?:\sof\sage|[\s-]old)\b)"
    rf"|(?P<period>{_PERIOD})"
    r"|(?P<sum>\$\s?\d[\d,]*(?:\.\d+)?(?:\s(?:million|billion))?)"
    r"|(?P<form>\bForms?\s[A-Z]{1,5}-\d+[A-Z]*\b)"
    r"|(?P<percentage>\b\d+(?:\.\d+)?\s?(?:%|percent\b))"
    r"|(?P<number>\b[A-Z]{1,5}-\d+[A-Z]*\b|\d[\d,]*(?:\.\d+)*\w*))"
)
_IN_WORDS = re.compile(rf"\b(?:{IN_WORDS})\b", re.IGNORECASE)
_FEE = re.compile(r"\b(?:fees?|surcharges?)\b|\bForm\s[A-Z]{1,5}-\d", re.IGNORECASE)
_EDITION = re.compile(r"\b(?:editions?|versions?)\b", re.IGNORECASE)
_NAMES = {
    "authority": (Weight.AUTHORITY, "an authority"),
    "date": (Weight.DATE, "a date"),
    "age": (Weight.NUMBER, "an age"),
    "period": (Weight.PERIOD, "a period"),
    "sum": (Weight.NUMBER, "a sum of money"),
    "form": (Weight.NUMBER, "a form"),
    "percentage": (Weight.NUMBER, "a percentage"),
    "number": (Weight.NUMBER, "a number"),
    "within": (Weight.NUMBER, "a number"),
}
_NEAR = 60  # characters around a day or a sum within which words say what it is of


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure as printed, and what it is called, with its article: "a fee", "a date"."""

    text: str
    weight: Weight
    noun: str


@lru_cache(maxsize=8192)  # the reasons, the weights and the summary all ask
def figures(block: Block, start: int = 0, end: int | None = None) -> tuple[Figure, ...]:
    """The figures that text[start:end] of a block touches, whole, in order; of an empty stretch
    those in which it lies."""
    end = len(block.text) if end is None else end
    found = _found(block.text)
    first = bisect_right(found, start, key=re.Match.end)
    last = bisect_left(found, end, key=re.Match.start)
    return tuple(_named(block, one) for one in found[first:last])


def in_words(text: str) -> tuple[Figure, ...]:
    """The numbers and periods that a text spells in words."""
    return tuple(
        Figure(text=word, weight=Weight.NUMBER, noun="a number") for word in _IN_WORDS.findall(text)
    )


def authorities(text: str) -> tuple[str, ...]:
    """The citations in a text, as printed, in order, each once."""
    found = (one.group() for one in _PATTERN.finditer(text) if one.lastgroup == "authority")
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=256)  # each turn of a block asks
def _found(text: str) -> tuple[re.Match[str], ...]:
    return tuple(_PATTERN.finditer(text))


def _named(block: Block, found: re.Match[str]) -> Figure:
    kind = found.lastgroup or "number"
    weight, noun = _NAMES[kind]
    if kind == "date" and "/" in found.group() and any(_about(_EDITION, block, found)):
        weight, noun = Weight.EDITION, "a form edition"
    if kind == "sum" and any(_about(_FEE, block, found)):
        weight, noun = Weight.FEE, "a fee"
    return Figure(text=found.group(), weight=weight, noun=noun)


def _about(pattern: re.Pattern[str], block: Block, found: re.Match[str]) -> Iterator[bool]:
    """Whether the words around a figure, or the headings above it, name what it is of."""
    near = block.text[max(0, found.start() - _NEAR) : found.end() + _NEAR]
    yield from (pattern.search(words) is not None for words in (near, *block.trail))
