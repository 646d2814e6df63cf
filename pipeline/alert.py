"""What a policy alert of USCIS says of itself: from when, for which filings, instead of what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.dates import read_dates, sentences
from pipeline.mentions import mentions
from pipeline.model import Block, BlockKind, DateKind, StatedDate
from pipeline.onset import Named, is_at_once, is_denied, named_last, names_guidance

READ_FROM = "policy alert"
NUMBER = re.compile(r"\bPA-\d{4}-\d{1,3}\b")
SUBJECT = re.compile(r"SUBJECT:\s*(.+)", re.IGNORECASE)
UNFOUND = "no statement found in the alert"
CHANGED = re.compile(
    r"\beffective date\b.{0,60}\b(?:has|have|is|was)\s(?:been\s)?"
    r"(?:changed|moved|delayed|postponed)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"\bexpires?\b|\bends?\b|\beffective (?:through|until)\b", re.IGNORECASE)
APPLIES = re.compile(r"\bappl(?:y|ies|ied|icable|ying)\b", re.IGNORECASE)
FILINGS = re.compile(
    r"\b(?:pending|filed|filings?|postmarked|submitted|received|adjudicated"
    r"|(?:requests|applications|petitions|cases))\b",
    re.IGNORECASE,
)
WHICH = re.compile(
    r"\bpending\b|\bon (?:or|and) after\b|\b(?:before|prior to|after) (?:that|this|the|such)\b"
    r"|\b(?:prospective|retroactive)ly\b|\ball (?:\w+ ){0,4}(?:requests|applications|petitions)\b",
    re.IGNORECASE,
)
REPLACES = re.compile(
    r"\b(?:supersed(?:e|es|ed|ing)|rescind(?:s|ed|ing)?)\b"
    r"|\breplac(?:e|es|ed|ing)\b.{0,40}\b(?:guidance|policy|memorand\w+|chapters?|manual)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class PolicyAlert:
    """`number` is "PA-2022-03", "" where none is printed; `covers` and `supersedes` are sentences,
    as printed."""

    number: str
    subject: str
    dates: tuple[StatedDate, ...]
    covers: tuple[str, ...]
    supersedes: tuple[str, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """What the alert states, as a version's metadata. That nothing was found is said of the
        filings, since a reader must look where an alert is silent."""
        replaced = {"supersedes": list(self.supersedes)} if self.supersedes else {}
        subject = {"subject": self.subject} if self.subject else {}
        return subject | {"pending_filings": list(self.covers) or UNFOUND} | replaced


def read(blocks: Sequence[Block], announced: date) -> PolicyAlert:
    """Read an alert's text. `announced` is the day from which "effective immediately" counts.

    Footnotes and the heads of the letter speak of other documents, so only what stands in the
    text is read for dates.
    """
    text = [block.text for block in blocks if block.kind is not BlockKind.FOOTNOTE]
    found = "\n".join(text)
    number, subject = NUMBER.search(found), SUBJECT.search(found)
    return PolicyAlert(
        number=number[0] if number else "",
        subject=subject[1].strip() if subject else "",
        dates=dates(text, READ_FROM, announced),
        covers=_covering(text),
        supersedes=_replacing(text),
    )


def dates(texts: Iterable[str], read_from: str, announced: date) -> tuple[StatedDate, ...]:
    """The dates that an alert, or its summary, states of its own guidance: effective, applicable,
    end, comments close. Where one sentence says that the effective date was changed, that sentence
    alone says it."""
    said = [sentence for text in texts for sentence in sentences(text)]
    stated = [each for sentence in said for each in _stated(sentence, read_from, announced)]
    if any(CHANGED.search(sentence) for sentence in said):
        stated = [
            each
            for each in stated
            if each.kind is not DateKind.EFFECTIVE or CHANGED.search(each.words)
        ]
    return tuple(dict.fromkeys(stated))


def united(*stated: StatedDate | tuple[StatedDate, ...]) -> tuple[StatedDate, ...]:
    """One list of dates in the order given, each kind and day with the words that came first.

    A changed effective date, wherever it stands, leaves no other.
    """
    flat = [one for each in stated for one in (each if isinstance(each, tuple) else (each,))]
    moved = {
        each.on for each in flat if each.kind is DateKind.EFFECTIVE and CHANGED.search(each.words)
    }
    kept = (e for e in flat if not moved or e.kind is not DateKind.EFFECTIVE or e.on in moved)
    return tuple({(each.kind, each.on): each for each in reversed(list(kept))}.values())[::-1]


def _stated(sentence: str, read_from: str, announced: date) -> Iterator[StatedDate]:
    for each in read_dates(sentence, read_from, announced):
        if _is_own(sentence, each):
            yield each
    if is_at_once(sentence):
        yield StatedDate(kind=DateKind.EFFECTIVE, on=announced, words=sentence, read_from=read_from)


def _is_own(sentence: str, stated: StatedDate) -> bool:
    if stated.kind is DateKind.COMMENTS_CLOSE:
        return True
    if stated.kind is DateKind.EXPIRES and not ENDS.search(sentence):
        return False
    found = (each.start for each in mentions(sentence, None) if each.on == stated.on)
    return any(named_last(sentence[:start]) is Named.ITSELF for start in found)


def _covering(texts: Iterable[str]) -> tuple[str, ...]:
    """The sentences that say to which filings the guidance applies, or does not."""
    said = (sentence for text in texts for sentence in sentences(text))
    return tuple(
        sentence
        for sentence in said
        if APPLIES.search(sentence)
        and names_guidance(sentence)
        and FILINGS.search(sentence)
        and WHICH.search(sentence)
    )


def _replacing(texts: Iterable[str]) -> tuple[str, ...]:
    said = (sentence for text in texts for sentence in sentences(text))
    return tuple(
        sentence
        for sentence in said
        if any(not is_denied(sentence[: each.start()]) for each in REPLACES.finditer(sentence))
    )
