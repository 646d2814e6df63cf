"""Read who decided a case, and when, from the parentheses after its citation."""

from __future__ import annotations

import re
from dataclasses import dataclass

REACH = 240  # characters after a citation in which its court is looked for
_YEAR = r"(?:1[789]|20)\d\d"
_GAP = r"\s{0,3}+"
_PIN = (
    rf"{_GAP}(?:,|&|and\b)?{_GAP}(?:(?:at|&|and|nn?\.){_GAP})?\d{{1,5}}(?:-{_GAP}\d{{1,5}})?"
    rf"(?:{_GAP}nn?\.{_GAP}\d{{1,3}}(?:-\d{{1,3}})?)?(?![\w.]|\s+[A-Z])"
)
PINS = rf"(?:{_PIN}){{0,6}}+"
_COURT = re.compile(
    rf"\A{PINS}{_GAP}(?:\(PDF\)|\(en banc\))?{_GAP},?{_GAP}"
    rf"\((?P<court>[^()]{{0,60}}?{_YEAR}(?:\s?[;,]\s?[^()]{{0,40}}?{_YEAR})?)\)"
)
# What the Bluebook adds on the weight of a decision (rule 10.6.1), one or two of them.
_WEIGHT = re.compile(
    rf"(?:{_GAP}\((?:(?:en banc|per curiam|mem|unpublished|(?:plurality|majority)(?: opinion)?"
    r"|table|slip op|as amended|amended)\b\.?(?:,\s)?|opinion of [A-Z][\w.'-]{1,20}, (?:C\.\s?)?J\."
    r"|[A-Z][\w.'-]{1,20}, (?:C\.\s?)?JJ?\., (?:concurring|dissenting)[a-z ]{0,40})+\)){1,2}"
)
# What a text calls the case from there on: ("A-B- I"), [hereinafter "Castro"], (A-B- II).
_CALLED = re.compile(
    rf"{_GAP}[(\[](?:(?:hereinafter|hereafter)(?:,|\s+referred\s+to\s+as)?\s+)?"
    r"(?P<mark>[\"“']?)(?:the\s+)?(?P<called>[A-Z][^()\[\]\"“”]{0,58}?)[.,]?(?P<end>[\"”']?)[)\]]"
)


@dataclass(frozen=True, kw_only=True)
class Tail:
    """What follows a citation: `court` as printed ("A.G. 2018"; of the Supreme Court the year
    alone, "2021"), what the text `called` the case from there on ("A-B- I"), `is_quoted` where in
    quotation marks, and how many characters that took (`length`)."""

    court: str = ""
    called: str = ""
    is_quoted: bool = False
    length: int = 0


def tail(words: str) -> Tail:
    """Read the words after a citation, in their legible form; pages before the parentheses are
    further pins."""
    if "(" not in words[:REACH] and "[" not in words[:REACH]:
        return Tail()
    shown = words[:REACH]
    court = _COURT.match(shown)
    end = court.end() if court else 0
    weight = _WEIGHT.match(shown, end)
    called = _CALLED.match(shown, weight.end() if weight else end)
    is_quoted = bool(called and called["mark"] and called["end"])
    end = called.end() if called else end
    return Tail(
        court=_spaced(court["court"]) if court else "",
        called=re.sub(r"\s+", " ", called["called"]) if called else "",
        is_quoted=is_quoted,
        length=end,
    )


def _spaced(court: str) -> str:
    """With one space wherever print has any or, as in "5th Cir.2014", has lost it."""
    return re.sub(rf"(?<=[.,;])(?={_YEAR}\Z)", " ", re.sub(r"\s+", " ", court).strip())
