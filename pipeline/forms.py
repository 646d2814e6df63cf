"""What the page of a form states: its edition, which others are taken, from when and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from pipeline.dates import sentences
from pipeline.mentions import first_date, mentions
from pipeline.model import Block, BlockKind, DateKind, StatedDate

EDITION = "Edition Date"
FEE = "Filing Fee"

_DAY = r"\d\d?/\d\d?/\d\d(?:\d\d)?"
# As the form prints it at the foot of its sheets; some carry a letter.
_CURRENT = re.compile(rf"\W*({_DAY}(?: [A-Z](?![\w’']))?)")
_EDITIONS = r"(?:edition|version)(?:\(s\)|s\b|\b)"
_DAYS = rf"{_DAY}(?:(?: [A-Z]\b)?(?:, (?:and |or )?| and | or ){_DAY})*"
# Only days that are said to be of an edition: others are those until or from which one is taken.
_OTHER = re.compile(
    rf"(?P<before>{_DAYS})(?: [A-Z]\b)?(?: or later)? {_EDITIONS}"
    rf"|\b{_EDITIONS}(?:,? (?:dated|of|with|date|an?|the|marked|is))*:? (?P<after>{_DAYS})"
    rf"|(?P<words>\b(?:prior|previous|earlier) {_EDITIONS})",
    re.IGNORECASE,
)
_OF_A_TERM = re.compile(
    r"\b(?:until|through|thru|to|by|after|before|since|starting|beginning|effective|on|from|as of)"
    r"(?: on| the)?\W*$",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"\b(?:accept|use|using|file|submit)\b", re.IGNORECASE)
_NOT_TAKEN = re.compile(r"\b(?:not|no longer|never|reject)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\$\d+(?:,\d{3})*(?:\.\d\d)?")

_SHORT_YEAR = re.compile(r"\b(\d\d?/\d\d?)/(\d\d)\b(?!/)")  # form pages print mm/dd/yy

# What a filer must heed: what is taken or refused, and from when it holds …
_HEEDED = re.compile(
    r"\b(?:accept\w*|reject\w*|no longer|should (?:send|file|use|mail|submit)"
    r"|paus\w*|suspend\w*|in effect|effective)\b",
    re.IGNORECASE,
)
# … and what is asked for, if it is a thing of the page: much else that the law asks for has a day.
_ASKED = re.compile(r"\b(?:must|requir\w*)\b", re.IGNORECASE)
_OF_THE_PAGE = re.compile(
    r"\b(?:editions?|versions?|forms?|fees?|pay|paid|payments?|checks?|address(?:es)?|lockbox"
    r"|filing locations?|(?:it|they) must be (?:received|postmarked|mailed))\b",
    re.IGNORECASE,
)
# What makes somebody eligible, in the words before its day.
_ELIGIBLE = re.compile(
    r"\b(?:passport|status|valid|presen(?:t|ce)|resid(?:e|ed|ing|ence)|employ(?:ed|ment)|married"
    r"|held|admitted|entered|arrived|paroled?|inspected|must have"
    r"|(?:have|has|had) been)\b[^,;]{0,60}$",
    re.IGNORECASE,
)
_FILED = r"\b(?:postmarked|received|filed|filing|submitted|mailed|paid|sent)"
# "Accepted if postmarked before November 20": on that day the change holds.
_FROM = re.compile(
    rf"(?:\b(?:starting|beginning|effective|from|(?<!pending )as of)(?: on| as of| beginning)?"
    rf"|{_FILED},? (?:on or after|before))\W*$",
    re.IGNORECASE,
)
# "After October 28 we will accept only …": on that day the other is accepted for the last time.
_UNTIL = re.compile(
    rf"(?:\b(?:until|through|thru|up to|no later than)|{_FILED},? (?:by|on or before|after)"
    r"|^(?:\w+:)?\W*after)\W*$",
    re.IGNORECASE,
)
_ON = re.compile(r"^(?:\w+:)?\W*on\W*$", re.IGNORECASE)
_MOVED = re.compile(
    r"\W*(?:we|USCIS) (?:(?:will|are|is) )?(?:chang|mov)\w* the filing (?:location|address)",
    re.IGNORECASE,
)


def facts(blocks: Sequence[Block]) -> dict[str, Any]:
    """Read what is content beside the text, each as printed and only where it is stated:
    `edition_date`; `other_editions` that are taken too, by their dates or in words ("prior
    editions"; until when is among the dates); `fees`, amounts under "Filing Fee"."""
    editions = [block.text for block in _under(EDITION, blocks)]
    current = next((match[1] for text in editions if (match := _CURRENT.match(text))), "")
    others = {_day(other) or other: other for text in editions for other in _others(text)}
    others.pop(_day(current) or current, None)
    fees = dict.fromkeys(a for block in _under(FEE, blocks) for a in _AMOUNT.findall(block.text))
    stated = {"edition_date": current, "other_editions": [*others.values()], "fees": [*fees]}
    return {name: value for name, value in stated.items() if value}


def dates(blocks: Iterable[Block]) -> tuple[StatedDate, ...]:
    """Read from which day something is taken, refused, asked for or sent elsewhere (EFFECTIVE), and
    until which, that day included (EXPIRES).

    Only sentences that say so themselves are read; the days of events, of eligibility and of
    editions are no dates of the page.
    """
    said = (block for block in blocks if block.kind is not BlockKind.HEADING)
    return tuple(
        dict.fromkeys(
            stated
            for block in said
            for sentence in sentences(block.text)
            for stated in _stated(sentence, block.trail[-1] if block.trail else "top of the page")
        )
    )


def _under(heading: str, blocks: Iterable[Block]) -> Iterator[Block]:
    return (block for block in blocks if heading in block.trail)


def _others(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if _TAKEN.search(sentence) and not _NOT_TAKEN.search(sentence):
            for found in _OTHER.finditer(sentence):
                if found["words"]:
                    yield found["words"]
                else:
                    yield from _each(
                        sentence, *found.span("before" if found["before"] else "after")
                    )


def _each(sentence: str, start: int, end: int) -> Iterator[str]:
    """The days of a list, without one that begins it as the term: "until 10/20/26, 01/20/25 …"."""
    for day in re.compile(_DAY).finditer(sentence, start, end):
        if not _OF_A_TERM.search(sentence[: day.start()]):
            yield day[0]


def _day(printed: str) -> date | None:
    return first_date(_SHORT_YEAR.sub(r"\1/20\2", printed))


def _stated(sentence: str, place: str) -> Iterator[StatedDate]:
    spelt = _SHORT_YEAR.sub(r"\1/20\2", sentence)
    for mention in mentions(spelt, None):
        kind = _kind(spelt[: mention.start], spelt[mention.end :])
        if mention.on and kind:
            yield StatedDate(kind=kind, on=mention.on, words=sentence, read_from=place)


def _kind(before: str, after: str) -> DateKind | None:
    if _ON.search(before) and _MOVED.match(after):
        return DateKind.EFFECTIVE
    said = f"{before} {after}"
    is_asked = _ASKED.search(said) and _OF_THE_PAGE.search(said)
    if not (_HEEDED.search(said) or is_asked) or _ELIGIBLE.search(before):
        return None
    if _FROM.search(before):
        return DateKind.EFFECTIVE
    return DateKind.EXPIRES if _UNTIL.search(before) else None
