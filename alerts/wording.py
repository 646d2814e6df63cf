"""What readers call the kinds, classes and dates, and the order of authorities in a list."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date, datetime

from alerts.untrusted import plain
from pipeline.model import Change, ChangeClass, ChangeKind, DateKind, StatedDate, Version
from pipeline.quote import UNSTATED, field


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A sort of authority. `force` says whom it binds; `weight` orders lists (0 first) and is no
    statement that one authority overrules another: that depends on the forum."""

    title: str
    force: str
    weight: int


# The force of precedents is stated in 8 CFR 1003.1(g); of rules in 5 U.S.C. 553.
AUTHORITIES = {
    "rule": Authority(title="Rule", force="regulation, from its effective date", weight=0),
    "ag-precedent": Authority(
        title="Attorney General precedent",
        force="binds immigration judges, the Board and DHS officers, 8 CFR 1003.1(g)",
        weight=1,
    ),
    "bia-precedent": Authority(
        title="BIA precedent",
        force="binds immigration judges and DHS officers unless modified or overruled, "
        "8 CFR 1003.1(g)",
        weight=2,
    ),
    "presidential-document": Authority(
        title="Presidential document", force="directs the executive branch", weight=3
    ),
    "proposed-rule": Authority(title="Proposed rule", force="not in force", weight=4),
    "notice": Authority(title="Notice", force="agency notice, not a regulation", weight=5),
    "policy-manual-chapter": Authority(
        title="Policy Manual chapter", force="guidance to USCIS officers", weight=6
    ),
    "policy-alert": Authority(
        title="Policy alert", force="announces guidance to USCIS officers", weight=7
    ),
    "technical-update": Authority(
        title="Technical update", force="stated by USCIS to change no policy", weight=8
    ),
}
SHOWN = frozenset({ChangeKind.TEXT, ChangeKind.METADATA})  # both sides stand in the redline
REASONS = 4  # told of one change; the redline tells the rest
PRECEDENTS = frozenset({"bia-precedent", "ag-precedent"})

CLASSES = {
    ChangeClass.SUBSTANTIVE: "Substantive",
    ChangeClass.EDITORIAL: "Editorial",
    ChangeClass.METADATA: "Metadata",
    ChangeClass.NOISE: "Noise",
}
NEW = "New"  # the badge of a document first seen: it was compared with nothing
BADGES = (NEW, *CLASSES.values())

KINDS = {
    ChangeKind.NEW: "first seen; no earlier text is held",
    ChangeKind.TEXT: "text changed",
    ChangeKind.METADATA: "publisher's data changed",
    ChangeKind.REMOVED: "no longer on the site",
    ChangeKind.BACK: "back on the site",
}

DATES = {
    DateKind.PUBLISHED: "published",
    DateKind.EFFECTIVE: "effective date",
    DateKind.APPLICABLE: "applicable",
    DateKind.COMPLIANCE: "compliance date",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.PRA_COMMENTS_CLOSE: "Paperwork Reduction Act comments close",
    DateKind.HEARING: "hearing",
    DateKind.DECIDED: "decided",
    DateKind.EXPIRES: "expires",
    DateKind.SIGNED: "signed",
    DateKind.ANNOUNCED: "announced",
    DateKind.INSPECTION: "on public inspection",
}

# Where a date was read, in a lawyer's words. A publisher's data is apart from what it printed.
PLACES = {
    "DATES": "the document’s DATES section",
    "API dates": "Federal Register data",
    "API publication_date": "Federal Register data",
    "API effective_on": "Federal Register data",
    "API comments_close_on": "Federal Register data",
    "API signing_date": "Federal Register data",
    "issue": "the Federal Register issue",
    "address": "the document’s web address",
    "heading": "the document’s heading",
    "signature": "the signature block",
    "text": "the document’s text",
    "filing line": "the line that says when it was filed",
    "feed": "the publisher’s news feed",
    "updates page": "USCIS updates page",
}

# What a reader of each kind must be told is missing where the source does not state it.
EXPECTED = {
    "rule": (DateKind.EFFECTIVE,),
    "proposed-rule": (DateKind.COMMENTS_CLOSE,),
    "policy-manual-chapter": (DateKind.EFFECTIVE,),
    "policy-alert": (DateKind.EFFECTIVE,),
    "bia-precedent": (DateKind.DECIDED,),
    "ag-precedent": (DateKind.DECIDED,),
}


def authority(kind: str) -> Authority:
    """The sort of authority of a document kind; one we have no word for keeps its own name."""
    unknown = Authority(title=kind.replace("-", " ").capitalize(), force="", weight=9)
    return AUTHORITIES.get(kind, unknown)


def missing_dates(version: Version) -> tuple[str, ...]:
    """The dates this kind should have and the source does not state, in words."""
    stated = {item.kind for item in version.dates}
    expected = EXPECTED.get(version.document.kind, ())
    return tuple(DATES[kind] for kind in expected if kind not in stated)


def reasons(change: Change) -> tuple[str, ...]:
    """Why the change has its class, the most telling first; how many more there are is said.

    None of a new document, which has no earlier text, nor where the redline shows what counts; what
    is only editorial is so by a rule, which has to be told.
    """
    difference = change.difference
    editorial = difference.change_class is ChangeClass.EDITORIAL
    if difference.kind is ChangeKind.NEW or (difference.kind in SHOWN and not editorial):
        return ()
    told = [shortened(plain(reason), 300) for reason in difference.reasons]
    more = len(told) - REASONS
    return (*told[:REASONS], f"And {counted(more, 'more reason')}.") if more > 0 else (*told,)


def shortened(words: str, length: int) -> str:
    """At most `length` characters, ending in "…" where something was cut."""
    return textwrap.shorten(words, length, placeholder=" …")


def stated_dates(version: Version) -> tuple[str, ...]:
    """Every date as the source states it, then those a reader would look for and not find. A date
    that stands in several places is given once, in the words of the first."""
    places: dict[tuple[DateKind, date], list[StatedDate]] = {}
    for item in version.dates:
        places.setdefault((item.kind, item.on), []).append(item)
    stated = tuple(
        f"{DATES[kind]}: {calendar(on)} (Eastern), "
        + "; also ".join(dict.fromkeys([read(items[0]), *(place(item) for item in items[1:])]))
        for (kind, on), items in places.items()
    )
    return stated + tuple(f"{name}: not stated" for name in missing_dates(version))


def read(item: StatedDate) -> str:
    """The words a date was read from, and where they stand."""
    words = shortened(said(item), 200)
    return f"“{words}” ({place(item)})" if words else f"read from {place(item)}"


def said(item: StatedDate) -> str:
    """The sentence a date was read from; "" where the source gives the bare date as data."""
    words = plain(item.words)
    return "" if words == item.on.isoformat() else words


def place(item: StatedDate) -> str:
    """Where a date was read; a place we have no words for keeps its name."""
    return PLACES.get(item.read_from, plain(item.read_from))


def calendar(on: date) -> str:
    """A publisher's calendar date, as in "November 16, 2026"."""
    return f"{on:%B} {on.day}, {on.year}"


def moment(at: datetime) -> str:
    """An instant with its zone, as in "November 16, 2026, 14:05 UTC"."""
    return f"{calendar(at)}, {at:%H:%M} {at.tzname()}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun, as in "1 change", "2 changes"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def initial(words: str) -> str:
    """The words with a capital at the start and nothing else altered."""
    return words[:1].upper() + words[1:]


def happened(change: Change) -> str:
    """What happened, as in "Substantive: text changed"."""
    return f"{badge(change)}: {KINDS[change.difference.kind]}"


def badge(change: Change) -> str:
    """What a change is marked with: its class, or `NEW`."""
    if change.difference.kind is ChangeKind.NEW:
        return NEW
    return CLASSES[change.difference.change_class]


def fields(change: Change) -> tuple[tuple[str, str, str], ...]:
    """The publisher's fields that changed: what a reader calls each, what it held, what it holds;
    "" where nothing was stated."""
    return tuple(
        (initial(plain(field(name, old))), _held(old), _held(new))
        for name, old, new in change.difference.metadata
    )


def _held(value: str) -> str:
    return "" if value == UNSTATED else shortened(plain(value), 300)
