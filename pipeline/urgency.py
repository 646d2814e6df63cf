"""Tell why a document can't wait for the next digest: it binds as soon as it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.dates import sentences
from pipeline.effects import operative
from pipeline.model import DateKind, StatedDate, Version

NEVER_IN_FORCE = ("proposed-rule", "public-inspection")  # whatever dates they name
AT_ONCE = ("interim final rule", "temporary rule")
_IMMEDIATE = re.compile(
    r"\b(?:effective|takes? effect|(?:go|enter)s? into effect)\b[^.;]{0,40}?\b(?:immediately"
    r"|(?:on|upon|at|when) (?:the )?(?:date |time )?(?:of |it is )?(?:its )?"
    r"(?:filing|filed|signature|signing|display|issuance))\b",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(r"\b(?:became|was|were|took)\b|\bpropos", re.IGNORECASE)
_DATES = re.compile(r"(?:effective )?dates?\b", re.IGNORECASE)
_EVENTS = (
    (DateKind.INSPECTION, "its filing for public inspection"),
    (DateKind.PUBLISHED, "its publication"),
)


def urgent(version: Version) -> tuple[str, ...]:
    """The reasons why a document can't wait, in words, with those they rest on in quotes; none
    where it can.

    Filing for public inspection is notice already (44 U.S.C. 1507). A publication date is no
    effective date: without a stated one no effect is concluded.
    """
    reasons = [*_filed_specially(version)]
    if version.document.kind not in NEVER_IN_FORCE:
        reasons += [*_in_force(version)] or [*_immediate(version)] or [*_undated(version)]
    return tuple(dict.fromkeys(reasons))


def _filed_specially(version: Version) -> Iterator[str]:
    if version.metadata.get("filing_type") == "special":
        yield "on special filing: posted for public inspection outside the regular hour"


def _in_force(version: Version) -> Iterator[str]:
    """Effect on the day the document can first be read, or before."""
    for on, words in _effective(version).items():
        for kind, event in _EVENTS:
            day = version.date(kind)
            if day and on <= day:
                when = "on" if on == day else "before"
                yield f"{_name(version)} in force {when} {event}: “{words}”"
                break


def _effective(version: Version) -> dict[date, str]:
    """Each effective date with the words it was first read from."""
    stated: dict[date, str] = {}
    for each in _of(version, DateKind.EFFECTIVE):
        bare = f"{each.read_from} {each.words}"
        stated.setdefault(each.on, bare if each.words == each.on.isoformat() else each.words)
    return stated


def _immediate(version: Version) -> Iterator[str]:
    for sentence in sentences(_about_dates(version)):
        if _IMMEDIATE.search(sentence) and not _OF_ANOTHER.search(sentence):
            yield f"{_name(version)} effective at once: “{sentence}”"


def _about_dates(version: Version) -> str:
    if version.document.kind == "presidential-document":
        return operative(version.blocks)
    headed = (b for b in version.blocks if b.trail and _DATES.match(b.trail[-1]))
    return "\n".join(block.text for block in headed)


def _undated(version: Version) -> Iterator[str]:
    """Kinds that as a rule bind at once, where nothing says when they do."""
    is_presidential = version.document.kind == "presidential-document"
    binds_at_once = is_presidential or version.metadata.get("subtype") in AT_ONCE
    if binds_at_once and not _effective(version):
        yield f"{_name(version)} without a stated effective date"


def _name(version: Version) -> str:
    subtype = str(version.metadata.get("subtype", ""))
    return subtype or version.document.kind.replace("-", " ")


def _of(version: Version, kind: DateKind) -> Iterator[StatedDate]:
    return (stated for stated in version.dates if stated.kind is kind)
