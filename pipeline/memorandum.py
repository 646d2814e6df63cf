"""What a USCIS policy memorandum says of itself: its number, its day, what it supersedes.

Its head gives day and number above a line "SUBJECT: …"; a stamp above that says where the agency
itself has superseded it since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.dates import sentences
from pipeline.mentions import mentions
from pipeline.model import Block, BlockKind, DateKind, StatedDate
from pipeline.onset import is_denied

# The series that policy memoranda are numbered in, with the number of a later edition: ".1".
NUMBER = re.compile(
    r"\b(?:PM[\s-]*|Policy Memorand(?:um|a) (?:\(PM\) )?)?602[-–](\d{4}(?:\.\d+)?)\b"
)
_PRINTED = re.compile(r"\bPM[\s-]*602[-–](\d{4}(?:\.\d+)?)(?!\d)", re.IGNORECASE)
_SUBJECT = re.compile(r"SUBJECT\b|Purpose\b", re.IGNORECASE)
_HEAD = 8  # blocks in which a head ends that has no line "SUBJECT"
_ENDS = r"(?:supersed|rescind|replac|withdr[ae]w|revok)"
_THIS = re.compile(
    r"\bthis (?:policy )?(?:memorandum|memo|PM|guidance)\b(?: \(PM\))?[^.;]{0,60}?"
    rf"\b{_ENDS}\w*|^(?:it|we|USCIS)\b[^.;]{{0,40}}?\b{_ENDS}\w*",
    re.IGNORECASE,
)
_IS_ENDED = re.compile(rf"\b(?:is|are|has been|have been) (?:\w+ )?{_ENDS}\w*", re.IGNORECASE)
_VERB = re.compile(rf"\b{_ENDS}\w*", re.IGNORECASE)
_CLAUSE = re.compile(
    r";|,?\s\b(?:but|although|while|whereas)\b"
    r"|,?\sand\s(?=(?:it|we|they|this|do|does|did|has|have|is|are)\b)",
    re.IGNORECASE,
)
# What stands above the text on every sheet but the first.
_RUNNING = re.compile(r"(?:PM[\s-]*602[-–]\d{4}.{0,300})?\bPage \d+(?: of \d+)?", re.IGNORECASE)
_STAMP = re.compile(rf"\b{_ENDS}\w*|\bno longer (?:in effect|current)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Memorandum:
    """`number` as "PM-602-0187", "" where none is printed; `dated` the day in its head; `status`
    the stamp in the agency's words; `supersedes` the sentences that say what it ends, `ended` the
    numbers of memoranda in them."""

    number: str
    dated: StatedDate | None
    status: str
    supersedes: tuple[str, ...]
    ended: tuple[str, ...]


def read(blocks: Sequence[Block]) -> Memorandum:
    """Read what a memorandum says of itself; what it doesn't say is empty."""
    end = _end_of_head(blocks)
    head = " ".join(block.text for block in blocks[:end])
    printed = [found[1] for found in _PRINTED.finditer(head)]
    number = f"PM-602-{printed[0]}" if printed else ""
    said = tuple(_supersession(blocks[end:]))
    ending = (clause for each in said for clause in _CLAUSE.split(each) if not _is_kept(clause))
    ended = (f"PM-602-{found[1]}" for clause in ending for found in NUMBER.finditer(clause))
    return Memorandum(
        number=number,
        dated=_dated(blocks[:end]),
        status=next((each for each in sentences(head) if _STAMP.search(each)), ""),
        supersedes=said,
        ended=tuple(dict.fromkeys(each for each in ended if each != number)),
    )


def text(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """A memorandum without the heads of its sheets ("PM-602-0187: … Page 2"), which a PDF of two
    sheets prints once, so that nothing tells them from text but their form."""
    return tuple(block for block in blocks if not _RUNNING.fullmatch(block.text))


def number_in(words: str) -> str:
    """The number of a memorandum in a title or a file's name, as "PM-602-0187"; "" if there is
    none, or another memorandum might be meant, since several are named."""
    found = {match[1] for match in _PRINTED.finditer(words.replace("_", "-"))}
    return f"PM-602-{found.pop()}" if len(found) == 1 else ""


def _end_of_head(blocks: Sequence[Block]) -> int:
    for index, block in enumerate(blocks[: 2 * _HEAD]):
        if _SUBJECT.match(block.text):
            return index
    return min(_HEAD, len(blocks))


def _dated(head: Sequence[Block]) -> StatedDate | None:
    """The day in the head; a stamp, which has a day of its own, is no part of it."""
    for block in head:
        found = [mention.on for mention in mentions(block.text, None) if mention.on]
        if found and not _STAMP.search(block.text):
            return StatedDate(
                kind=DateKind.SIGNED, on=found[0], words=block.text, read_from="memorandum"
            )
    return None


def _supersession(body: Sequence[Block]) -> list[str]:
    """The sentences that end earlier guidance: this one does, or an earlier one "is rescinded"."""
    return [
        sentence
        for block in body
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        for sentence in sentences(block.text)
        if not _is_kept(sentence)
        and (
            _THIS.search(sentence)
            or (_IS_ENDED.search(sentence) and (NUMBER.search(sentence) or "memorand" in sentence))
        )
    ]


def _is_kept(words: str) -> bool:
    """Whether every ending that the words speak of is denied: "does not supersede"."""
    verbs = list(_VERB.finditer(words))
    return bool(verbs) and all(is_denied(words[: verb.start()]) for verb in verbs)
