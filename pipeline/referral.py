"""Tell an order by which the Attorney General takes a case from the Board from a decision of it."""

from __future__ import annotations

import re

from pipeline.mentions import mentions
from pipeline.model import DateKind, StatedDate

_SENTENCE = re.compile(r"(?<=[a-z\d)\]]\.)\s+(?=[A-Z])")
_SELF = r"(?:him|her|them)sel(?:f|ves)|me\b|the\s+Attorney\s+General"
_REFERS = re.compile(
    rf"\b(?:refer(?:s|red|ring)?|certif(?:y|ies|ied))\b[^.;]*?\bto\s+(?:{_SELF})[^.;]*?\breview",
    re.IGNORECASE,
)
_STAYS = re.compile(
    r"\b(?:is|are|be|been|was|were|hereby|automatically)\s+stayed\b|\bstay(?:s|ed|ing)?\s+(?:of|the)\b",
    re.IGNORECASE,
)
# What is asked is no answer: "whether the Board erred", up to the end of the sentence.
_ASKED = re.compile(r"\bwhether\b(?:[^.]|\.(?=\S)|(?<=\b[A-Z])\.|(?<=\bv)\.)*", re.DOTALL)
_DISPOSES = re.compile(
    r"\b(?:overrul|vacat|revers|affirm|remand|reinstat|abrogat|supersed|dismiss|sustain|grant|den[iy]"
    r"|lift|dissolv|withdr[ae]w|terminat|clarif|adher|reaffirm|restor|moot|conclud)\w*"
    r"|\b(?:held|holds?|holding|is\s+now|no\s+longer)\b",
    re.IGNORECASE,
)
# "The parties may file briefs on or before …", "briefs … shall be submitted by …".
_BRIEFS = re.compile(
    r"\bbriefs?\b[^.;]*?\b(?:on or before|no later than|not later than|by|until|due)\b",
    re.IGNORECASE,
)


def briefs(text: str) -> tuple[StatedDate, ...]:
    """The days by which an order lets briefs be filed, each with its sentence: for the parties and
    for friends of the court there may be two."""
    found = []
    for sentence in _SENTENCE.split(text):
        if opening := _BRIEFS.search(sentence):
            for mention in mentions(sentence[opening.start() :], None):
                if mention.on is not None:
                    found.append((mention.on, sentence))
    return tuple(
        StatedDate(kind=DateKind.BRIEFS_DUE, on=on, words=words, read_from="text")
        for on, words in dict.fromkeys(found)
    )


def act(text: str) -> str:
    """What an order of the Attorney General does that decides nothing: "referral" or "stay"; "" for
    one that decides, or does something else.

    8 CFR 1003.1(h)(1): the Board refers to the Attorney General for review the cases that he or
    she directs it to refer, and others; 1003.1(h)(2): he or she then decides them, in writing. So
    an order is a referral only where its words take a case for review and, what is asked for review
    left aside, dispose of nothing: not of the case, nor of an earlier decision, nor of a stay. In
    doubt it is a decision, since a decision passed over as an order is what a reader would miss.
    """
    said = _ASKED.sub("", text)
    if _DISPOSES.search(said):
        return ""
    if _REFERS.search(said):
        return "referral"
    return "stay" if _STAYS.search(said) else ""
