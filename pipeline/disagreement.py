"""Tell where a document's own words and the publisher's data give different dates."""

from __future__ import annotations

from pipeline.calendar import spelled
from pipeline.model import DateKind, StatedDate, Version

OWN_WORDS = ("DATES", "text")
_NAMES = {
    DateKind.EFFECTIVE: "effective date",
    DateKind.COMMENTS_CLOSE: "close of comments",
    DateKind.PRA_COMMENTS_CLOSE: "close of Paperwork Reduction Act comments",
}


def disagreements(version: Version) -> tuple[str, ...]:
    """Each date of the publisher's data that the document states otherwise, in words.

    Only one kind is compared with itself. A rule that states several dates, one of which is the
    publisher's, agrees; so does one whose DATES section states none of that kind.
    """
    return tuple(
        f"{_NAMES[given.kind]}: the document says {_told(stated)}; the Federal Register’s data says"
        f" {spelled(given.on)}"
        for given in version.dates
        if given.kind in _NAMES and given.read_from in ("API effective_on", "API comments_close_on")
        if (stated := _stated(version, given.kind)) and given.on not in {each.on for each in stated}
    )


def _stated(version: Version, kind: DateKind) -> tuple[StatedDate, ...]:
    return tuple(d for d in version.dates if d.kind is kind and d.read_from in OWN_WORDS)


def _told(stated: tuple[StatedDate, ...]) -> str:
    return " and ".join(f"{spelled(each.on)} (“{each.words}”)" for each in stated)
