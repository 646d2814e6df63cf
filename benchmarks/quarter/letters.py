"""What readers were told, read from the letters that left: numbered entries, and failed runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage

from benchmarks.quarter.script import Act, Deed

# A numbered change: its title, and what stands further in below it.
_ENTRY = re.compile(
    r"^\d+\. (?P<title>\S.*\n(?:\S.*\n)*)(?P<said>(?:(?: {3}.*)?\n)+)", re.MULTILINE
)
_SUBJECT = re.compile(r"Immigration law, ")
_UNTIL = re.compile(r"From [^\n]{10,60} to (\w+ \d+, \d{4}), ")
_DELETED = re.compile(r"\[-.*?-\]")
_WATCHED = "\nWHAT WAS WATCHED\n"
_FAILED = re.compile(
    r"^(?P<title>[^\n:]+): Last |FAILED RUN: (?P<day>\d{4}-\d\d-\d\d)", re.MULTILINE
)
_WORDS = {Deed.REMOVED: "Removed from site", Deed.BACK: "Back on site"}


@dataclass(kw_only=True)
class Told:
    """What one reader was told in the digest of the week that ended on a Monday.

    `acts` counts by number how often each was told; `strange` are entries that no act explains;
    `failed` the failed runs that are named, as title and day.
    """

    reader: str
    until: date
    acts: Counter[int] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    failed: set[tuple[str, date]] = field(default_factory=set)


def read(letters: Iterable[EmailMessage], acts: Iterable[Act]) -> list[Told]:
    """What the digests among the letters say."""
    by_title: dict[str, list[Act]] = {}
    for act in acts:
        by_title.setdefault(act.title, []).append(act)
    return [_told(one, by_title) for one in letters if _SUBJECT.match(one["Subject"])]


def _told(letter: EmailMessage, known: Mapping[str, list[Act]]) -> Told:
    body = letter.get_body(("plain",))
    assert body is not None  # noqa: S101 - every letter has one
    text = body.get_content().replace("\r\n", "\n")
    changes, _, watched = text.partition(_WATCHED)
    told = Told(reader=letter["To"].addresses[0].display_name, until=_until(watched))
    for entry in _ENTRY.finditer(changes):
        title, said = _line(entry["title"]), _line(entry["said"])
        found = [*_acts([act for act in known.get(title, ()) if act.on < told.until], said)]
        told.acts.update(found)
        told.strange += [] if found else [f"{title}: {said[:300]}"]
    told.failed = set(_failed(watched))
    return told


def _acts(known: list[Act], said: str) -> Iterator[int]:
    """The acts on a document of which an entry tells: the last removal or return before it, or
    those whose marks its new words bear."""
    for deed, words in _WORDS.items():
        if words in said:
            yield from [act.number for act in known if act.deed is deed][-1:]
            return
    new = _DELETED.sub("", said)
    marked = (act for act in known if act.mark in new or act.deed is Deed.NEW)
    yield from (act.number for act in marked)


def _until(watched: str) -> date:
    found = _UNTIL.search(_line(watched))
    assert found is not None, watched  # noqa: S101 - every digest says it
    return datetime.strptime(found[1], "%B %d, %Y").date()  # noqa: DTZ007 - a day, in no zone


def _failed(text: str) -> Iterator[tuple[str, date]]:
    title = ""
    for found in _FAILED.finditer(text):
        if found["title"]:
            title = found["title"]
        else:
            yield title, date.fromisoformat(found["day"])


def _line(text: str) -> str:
    return " ".join(text.split())
