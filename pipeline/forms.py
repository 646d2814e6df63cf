"""What the page of a form states: its edition, which others are taken, from when and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.dates import sentences
from pipeline.mentions import mentions
from pipeline.model import Block, BlockKind, DateKind, StatedDate

EDITION = "Edition Date"
FEE = "Filing Fee"

_DAY = r"\d\d?/\d\d?/\d\d(?:\d\d)?"
# As the form prints it at the foot of its sheets; some carry a letter.
_CURRENT = re.compile(rf"\W*({_DAY}(?: [A-Z](?![\w’']))?)")
_OTHER = re.compile(
    rf"{_DAY}|\b(?:prior|previous|earlier) (?:edition|version)(?:\(s\)|s\b|\b)", re.IGNORECASE
)
_TAKEN = re.compile(r"\b(?:accept|use|using|file|submit)\b", re.IGNORECASE)
_NOT_TAKEN = re.compile(r"\b(?:not|no longer|never|reject)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\$\d+(?:,\d{3})*(?:\.\d\d)?")

_SHORT_YEAR = re.compile(r"\b(\d\d?/\d\d?)/(\d\d)\b(?!/)")  # form pages print mm/dd/yy

# What a filer must heed: what is taken, refused or asked for, and from when it holds.
_HEEDED = re.compile(
    r"\b(?:accept\w*|reject\w*|no longer|must|requir\w*|should (?:send|file|use|mail|submit)"
    r"|paus\w*|suspend\w*|in effect|effective)\b",
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
    others = dict.fromkeys(other for text in editions for other in _others(text))
    others.pop(current[:8].strip(), None)
    fees = dict.fromkeys(a for block in _under(FEE, blocks) for a in _AMOUNT.findall(block.text))
    stated = {"edition_date": current, "other_editions": [*others], "fees": [*fees]}
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
            yield from _OTHER.findall(sentence)


def _stated(sentence: str, place: str) -> Iterator[StatedDate]:
    spelt = _SHORT_YEAR.sub(r"\1/20\2", sentence)
    for mention in mentions(spelt, None):
        kind = _kind(spelt[: mention.start], spelt[mention.end :])
        if mention.on and kind:
            yield StatedDate(kind=kind, on=mention.on, words=sentence, read_from=place)


def _kind(before: str, after: str) -> DateKind | None:
    if _ON.search(before) and _MOVED.match(after):
        return DateKind.EFFECTIVE
    if not _HEEDED.search(f"{before} {after}"):
        return None
    if _FROM.search(before):
        return DateKind.EFFECTIVE
    return DateKind.EXPIRES if _UNTIL.search(before) else None
