"""When an announcement says that something takes effect or ends, "immediately" included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.dates import read_dates, sentences
from pipeline.model import Block, BlockKind, DateKind, StatedDate

_AT_ONCE = re.compile(
    r"\beffective (?:immediately|today|on (?:its|the) date of (?:issuance|release|signature)"
    r"|upon (?:issuance|release|signature))\b"
    r"|\btak(?:es?|ing) effect (?:immediately|today)\b|\beffective as of today\b",
    re.IGNORECASE,
)
_ELSEWHEN = re.compile(  # of another day, or of none
    r"\b(?:not|was|were|became|had been|would be|if|unless)\b[^.;,]{0,40}$", re.IGNORECASE
)
_AFTER_SOMETHING = re.compile(
    r"\W*(?:up)?on (?!(?:issuance|release|signature))|\W*(?:after|when|once|if)\b", re.IGNORECASE
)


def onset(blocks: Iterable[Block], dated: date, read_from: str) -> tuple[StatedDate, ...]:
    """The dates a text states, each kind and day once, in the words that state it first.

    What is "effective immediately" is so from `dated` on: the day the text was given out. What was
    effective then, or will be upon something else, states no day.
    """
    found: dict[tuple[DateKind, date], StatedDate] = {}
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            for stated in (*read_dates(block.text, read_from), *_now(block.text, dated, read_from)):
                found.setdefault((stated.kind, stated.on), stated)
    return tuple(found.values())


def _now(text: str, dated: date, read_from: str) -> Iterator[StatedDate]:
    for sentence in sentences(text):
        for match in _AT_ONCE.finditer(sentence):
            before, after = sentence[: match.start()], sentence[match.end() :]
            if not _ELSEWHEN.search(before) and not _AFTER_SOMETHING.match(after):
                yield StatedDate(
                    kind=DateKind.EFFECTIVE, on=dated, words=sentence, read_from=read_from
                )
