"""Take names of persons and A-numbers out of unpublished decisions, before anything is written.

8 CFR 208.6 and 1208.6 keep asylum matters confidential, and the Board itself has printed initials
since 2000; an unpublished decision carries the names all the same. What stays are the initials of
the party, as the reporter prints them ("M-G-O-"). Who acts in office or for a party keeps the name:
judges, board members, counsel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pipeline import diff
from pipeline.citator.model import Finding, Status
from pipeline.model import Change, ChangeKind, Document, Event, StatedDate, Version

UNPUBLISHED = frozenset({"bia-unpublished"})
NUMBER = "A-number removed"

# "A 205 871 959", "A205-871-959", "A# 205871959", "AXXX XXX 611": an A and eight or nine digits,
# some of them perhaps blotted out.
_ALIEN = re.compile(
    r"(?<![\w-])A(?:lien)?[ #:]*(?:(?:No|Number)\.?[ #:]*)?"
    r"(?:[\dX]{8,9}|[\dX]{2,3}[ -][\dX]{3}[ -][\dX]{3})(?!\w)"
)
# The lines that name the party: "In re: Juan PEREZ", "Matter of Juan Perez", "Name: PEREZ, JUAN".
_WORD = r"[^\W\d_][\w'’.-]*"
_NAMED = re.compile(
    r"(?:\bIn re:?|\bMatter of|\bName:|\bRespondents?:|\bApplicants?:|\bBeneficiary:)\s+"
    rf"(?P<name>{_WORD}(?:(?:,? | a/k/a | aka )(?:{_WORD})){{0,5}})"
)
# A person who is addressed; who holds an office is not.
_ADDRESSED = re.compile(
    rf"\b(?P<title>Mr|Mrs|Ms|Miss)\.? (?P<name>[A-Z][\w'’-]+(?: [A-Z]{_WORD})*)"
)
_CASE = re.compile(r"\A(?:Matter of|In re:?) ")
_TITLE = re.compile(rf"{_WORD}(?:,? {_WORD}){{0,5}}(?:, A[\dX #-]+)?")
_IS_INITIALS = re.compile(r"(?:[A-Z]{1,3}-)+(?:[A-Z]{1,3})?|(?:[A-Z]\.)+")
_SMALL = frozenset(
    ["of", "the", "a", "an", "de", "del", "la", "los", "y", "and", "al", "et", "in", "re", "for"]
)
_NO_NAME = frozenset(
    [
        "matter",
        "removal",
        "proceedings",
        "appeal",
        "application",
        "petition",
        "respondent",
        "respondents",
        "applicant",
        "beneficiary",
        "date",
        "file",
        "decision",
        "order",
        "board",
        "immigration",
        "appeals",
        "court",
        "united",
        "states",
        "department",
        "justice",
        "executive",
        "office",
        "review",
        "section",
        "form",
        "dhs",
        "ins",
        "uscis",
        "ij",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Clean:
    """Takes names out of texts; `names` with the longest first."""

    names: tuple[str, ...]

    def __call__(self, text: str) -> str:
        text = _ALIEN.sub(NUMBER, text)
        for pattern, instead in self._patterns:
            text = pattern.sub(instead, text)
        return text

    def leaves(self, url: str) -> bool:
        """Whether an address spells no word of a name."""
        words = {word.casefold() for name in self.names for word in _telling(name)}
        return self(url) == url and not any(word in url.casefold() for word in words)

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Whole names first, then the words that tell a person by themselves."""
        words = {word for name in self.names for word in _telling(name)}
        single = sorted(words, key=lambda word: (-len(word), word))
        return (
            *((re.compile(_spaced(name), re.IGNORECASE), initials(name)) for name in self.names),
            *((re.compile(_either(word)), f"{word[0].upper()}-") for word in single),
        )


def redacted(change: Change) -> Change:
    """The change as it may be told: an unpublished decision without names and A-numbers; any other
    as it is, but for artefacts of its events that are unpublished decisions."""
    events = tuple(_event(each) for each in change.events)
    if change.document.kind not in UNPUBLISHED:
        return replace(change, events=events) if events != change.events else change
    clean = _cleaner(change.new, change.old or change.new)
    new = _cleaned(change.new, clean)
    old = _cleaned(change.old, clean) if change.old else None
    # Edits point into the texts by characters, and summaries quote them: both are made anew.
    is_gone = change.difference.kind in (ChangeKind.REMOVED, ChangeKind.BACK)
    told = None if is_gone else diff.compare(old, new)
    difference = told or replace(change.difference, edits=(), metadata=(), summary="")
    return replace(change, new=new, old=old, difference=difference, events=events)


def redacted_status(status: Status, decisions: Mapping[Document, Version]) -> Status:
    """A status as it may be told: what unpublished decisions say of an authority without names.
    `decisions` are those decisions with their texts, which tell the names."""
    every = (*status.findings, *status.elsewhere, *status.undated)
    spoken = {each.document for each in every} | {
        each.negative.document for each in status.warnings
    }
    cleans = {each: _cleaner(decisions[each]) for each in spoken if each in decisions}
    if not cleans:
        return status

    def all_of(text: str) -> str:
        for clean in cleans.values():
            text = clean(text)
        return text

    return replace(
        status,
        line=all_of(status.line),
        cautions=tuple(map(all_of, status.cautions)),
        findings=tuple(_finding(each, cleans) for each in status.findings),
        elsewhere=tuple(_finding(each, cleans) for each in status.elsewhere),
        undated=tuple(_finding(each, cleans) for each in status.undated),
        warnings=tuple(
            replace(each, negative=_finding(each.negative, cleans)) for each in status.warnings
        ),
    )


def redact(version: Version) -> Version:
    """An unpublished decision without names and A-numbers; another version as it is. Its address
    goes too, since addresses of such decisions carry the name."""
    if version.document.kind not in UNPUBLISHED:
        return version
    return _cleaned(version, _cleaner(version))


def initials(name: str) -> str:
    """A name as the reporter prints that of a party: "M-G-O-" of "Maria Garcia Ortiz"; a surname
    that stands first, before a comma, goes last."""
    surname, comma, given = name.partition(",")
    ordered = f"{given} {surname}" if comma else name
    letters = [word[0].upper() for word in re.findall(r"[^\W\d_][\w'’]*", ordered)]
    return "".join(f"{letter}-" for letter in letters)


def _cleaned(version: Version, clean: Clean) -> Version:
    return replace(
        version,
        title=clean(version.title),
        citation=clean(version.citation),
        blocks=tuple(
            replace(block, text=clean(block.text), trail=tuple(map(clean, block.trail)), marks=())
            for block in version.blocks
        ),
        dates=tuple(_date(each, clean) for each in version.dates),
        metadata={name: _value(value, clean) for name, value in version.metadata.items()},
        url=version.url if clean.leaves(version.url) else "",
        links={},
        linked=(),
    )


def _finding(finding: Finding, cleans: Mapping[Document, Clean]) -> Finding:
    clean = cleans.get(finding.document)
    if clean is None:
        return finding
    return replace(
        finding,
        treatment=replace(finding.treatment, sentence=clean(finding.treatment.sentence)),
        title=clean(finding.title),
        citation=clean(finding.citation),
        url=finding.url if clean.leaves(finding.url) else "",
    )


def _cleaner(*versions: Version) -> Clean:
    """What cleans the texts of one decision: its parties, wherever they are named in it."""
    names = {name for version in versions for name in _names(version)}
    return Clean(names=tuple(sorted(names, key=lambda name: (-len(name), name))))


def _names(version: Version) -> Iterator[str]:
    """The parties and who is addressed, as they are named: a title is the party's name, and so is
    what a citation begins with. Initials name nobody."""
    begun = (_CASE.sub("", each) for each in (version.title, version.citation.partition(" (")[0]))
    named = [_leading(each.partition(", A")[0]) for each in begun if _TITLE.fullmatch(each)]
    for text in (version.title, version.citation, *(block.text for block in version.blocks)):
        for pattern in (_NAMED, _ADDRESSED):
            named += [_leading(found["name"]) for found in pattern.finditer(text)]
    yield from (words for words in named if words and not _IS_INITIALS.fullmatch(words))


def _leading(name: str) -> str:
    """The words of a name before the first that begins with a small letter or names no person."""
    kept: list[str] = []
    for word in name.split():
        bare = word.strip(",.").casefold()
        if bare in _NO_NAME or (not word[0].isupper() and bare not in _SMALL):
            break
        kept.append(word)
    while kept and kept[-1].strip(",.").casefold() in _SMALL:
        kept.pop()
    return " ".join(kept).strip(" ,.")


def _telling(name: str) -> Iterator[str]:
    """The words of a name that tell who it is by themselves."""
    for word in re.findall(r"[^\W\d_][\w'’-]+", name):
        if len(word) > 2 and word.casefold() not in _SMALL | _NO_NAME:
            yield word


def _either(word: str) -> str:
    """A word as a name is written, for many a name is a word too: "Will", and not "will"."""
    spelled = {word, word.upper(), word.capitalize()}
    return rf"\b(?:{'|'.join(map(re.escape, sorted(spelled)))})\b"


def _spaced(name: str) -> str:
    return r"\b" + r"\s+".join(re.escape(word) for word in name.split()) + r"(?!\w)"


def _date(each: StatedDate, clean: Clean) -> StatedDate:
    return replace(each, words=clean(each.words))


def _value(value: Any, clean: Clean) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_value(each, clean) for each in value]
    if isinstance(value, dict):
        return {name: _value(each, clean) for name, each in value.items()}
    return value


def _event(event: Event) -> Event:
    """Of artefacts that are unpublished decisions the document's sort alone is told."""
    if not any(each.document.kind in UNPUBLISHED for each in event.artefacts):
        return event
    artefacts = tuple(
        replace(each, title="Unpublished decision of the Board", citation="", url="", evidence=())
        if each.document.kind in UNPUBLISHED
        else each
        for each in event.artefacts
    )
    return replace(event, artefacts=artefacts)
