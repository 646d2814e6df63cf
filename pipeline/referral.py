"""Tell an order by which the Attorney General takes a case from the Board from a decision of it."""

from __future__ import annotations

import re

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
