"""The dates a document states, in words: where each was read, and whether it still holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from alerts.untrusted import plain
from alerts.wording import calendar, shortened
from pipeline.disagreement import disagreements
from pipeline.model import Announcement, DateKind, Document, Event, Standing, StatedDate, Version

DATES = {
    DateKind.PUBLISHED: "published",
    DateKind.EFFECTIVE: "effective date",
    DateKind.APPLICABLE: "applicable",
    DateKind.COMPLIANCE: "compliance date",
    DateKind.COMMENTS_CLOSE: "comments close",
    DateKind.PRA_COMMENTS_CLOSE: "Paperwork Reduction Act comments close",
    DateKind.HEARING: "hearing",
    DateKind.BRIEFS_DUE: "briefs are due",
    DateKind.DECIDED: "decided",
    DateKind.AMENDED: "decided as amended",
    DateKind.DESIGNATED: "designated as precedent",
    DateKind.EXPIRES: "expires",
    DateKind.SIGNED: "signed",
    DateKind.ANNOUNCED: "announced",
    DateKind.INSPECTION: "filed for public inspection",
}

# Where a date was read, in a lawyer's words. A publisher's data is apart from what it printed.
PLACES = {
    "DATES": "the document’s DATES section",
    "API dates": "Federal Register data",
    "API publication_date": "Federal Register data",
    "API effective_on": "Federal Register data",
    "API comments_close_on": "Federal Register data",
    "API signing_date": "Federal Register data",
    "API filed_at": "Federal Register data",
    "issue": "the Federal Register issue",
    "address": "the document’s web address",
    "heading": "the document’s heading",
    "signature": "the signature block",
    "text": "the document’s text",
    "filing line": "the line that says when it was filed",
    "feed": "the publisher’s news feed",
    "updates page": "USCIS updates page",
    "decided line": "the line below the caption",
    "panel": "the lines that name who decided",
    "footnote": "a footnote of the decision",
    "entry by hand": "the order, as entered by hand",
    "list": "the publisher’s list",
    "Release Date": "the release date on the page",
    "CA/VO": "the closing line of the bulletin",
    "top of the page": "the top of the page",
    "announcement": "the announcement",
    "policy alert": "the policy alert",
    "comment period": "the comment period as posted",
    "effective date": "the effective date as posted",
    "memorandum": "the memorandum",
    "memorandum's head": "the memorandum’s head",
}

# Kinds that tell the public of rules made elsewhere.
PAGES = frozenset({"form", "fee-schedule", "uscis-page", "uscis-alert", "uscis-news"})
RULES_OF_A_PAGE = {
    DateKind.EFFECTIVE: "start date stated on the page (read its words)",
    DateKind.EXPIRES: "end date stated on the page (read its words)",
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


# Dates by which something may be said to the agency: they run out, and are never in force.
OPEN = frozenset(
    {
        DateKind.COMMENTS_CLOSE,
        DateKind.PRA_COMMENTS_CLOSE,
        DateKind.HEARING,
        DateKind.BRIEFS_DUE,
    }
)


# Days that say when a document was made public or signed and nothing of what it provides: the bare
# day is told, and not the line it was read from.
FORMAL = frozenset({DateKind.SIGNED, DateKind.INSPECTION})
CASES = 160  # characters of the words on which cases a document applies to
_APPLIES = re.compile(r"\b(?:appl(?:y|ies)|(?:is|are) applicable) (?:only )?(?:to|for) ", re.I)
_FILINGS = re.compile(r"\b(?:filed|postmarked|submitted|received|pending|on or after)\b", re.I)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A date as readers are told it: which, where it was read, and whether it holds.

    `cases` are a date of application's words on what it applies to, "" where it has none. `why`
    names the document that ended it; of a live date it is what to look at before relying
    on it, or "". `passed`: it lies before the day of the telling, where that is known.
    """

    kind: DateKind
    name: str
    on: date
    read: str
    live: bool = True
    why: str = ""
    passed: bool = False
    cases: str = ""

    @property
    def day(self) -> str:
        return f"{self.name}: {calendar(self.on)} (Eastern)"

    @property
    def standing(self) -> str:
        """Whether it holds, in words; "" where nothing is known against it."""
        passed = "already passed" if self.live and self.passed else ""
        return ", ".join(filter(None, (passed, standing(self.kind, self.live, self.why))))

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.day, self.standing, self.read)))


def dated(version: Version, standings: Iterable[Standing] = ()) -> tuple[Dated, ...]:
    """Every date as the source states it. One that stands in several places is given once, in the
    words of the first."""
    places: dict[tuple[DateKind, date], list[StatedDate]] = {}
    for item in version.dates:
        places.setdefault((item.kind, item.on), []).append(item)
    judged = own(version.document, standings)
    told = [
        Dated(
            kind=kind,
            name=called(version, kind),
            on=on,
            read=_everywhere(items),
            live=(kind, on) not in judged or judged[kind, on].live,
            why=judged[kind, on].why if (kind, on) in judged else "",
            cases=cases(items[0]),
        )
        for (kind, on), items in places.items()
    ]
    return together(told)


def altered(told: Iterable[Dated], before: Version | None, today: date) -> tuple[Dated, ...]:
    """The dates of a page that tells of many rules but those that stood there `before` and have
    passed: they are none of its change. Of what stood there and lies ahead that is said."""
    every = tuple(told)
    if before is None or before.document.kind not in PAGES:
        return every
    stood = {(each.kind, each.on) for each in before.dates}
    return tuple(
        replace(each, read="; ".join(filter(None, (each.read, "it stood there before"))))
        if (each.kind, each.on) in stood
        else each
        for each in every
        if (each.kind, each.on) not in stood or each.on >= today
    )


def _everywhere(items: Sequence[StatedDate]) -> str:
    """The words of the first place and the other places; of a formality nothing."""
    if items[0].kind in FORMAL:
        return ""
    return "; also ".join(dict.fromkeys([read(items[0]), *(place(item) for item in items[1:])]))


def together(told: Iterable[Dated]) -> tuple[Dated, ...]:
    """The dates, a day of effect that is the day of application too told once, where both hold
    alike."""
    every = tuple(told)
    effects = {_holding(each) for each in every if each.kind is DateKind.EFFECTIVE}
    applied = {_holding(each): each for each in every if each.kind is DateKind.APPLICABLE}
    return tuple(
        _with_application(each, applied.get(_holding(each)))
        for each in every
        if each.kind is not DateKind.APPLICABLE or _holding(each) not in effects
    )


def _holding(each: Dated) -> tuple[date, bool, str]:
    return each.on, each.live, each.why


def _with_application(each: Dated, applied: Dated | None) -> Dated:
    if applied is None or each.kind is not DateKind.EFFECTIVE:
        return each
    told = applied.read in each.read or f"“{applied.cases}”" in applied.read
    words = each.read if told else f"{each.read}; {applied.read}"
    return replace(each, name=f"{each.name} ({applicable(applied.cases)})", read=words)


def cases(item: StatedDate) -> str:
    """What a date of application says that it applies to, from where it begins to say so; the whole
    sentence where it names filings otherwise; "" of other dates and of bare data."""
    if item.kind is not DateKind.APPLICABLE:
        return ""
    words = said(item)
    if found := _APPLIES.search(words):
        return shortened(words[found.start() :].rstrip("."), CASES)
    return shortened(words, CASES) if _FILINGS.search(words) else ""


def applicable(cases: str) -> str:
    """What is said beside a day of effect that is the day of application too."""
    return "applicable the same day" + (f": “{cases}”" if cases else "")


def own(document: Document, standings: Iterable[Standing]) -> dict[tuple[DateKind, date], Standing]:
    """The standing of each of a document's own dates, by what it is and when."""
    return {
        (each.stated.kind, each.stated.on): each for each in standings if each.document == document
    }


def standing(kind: DateKind, live: bool, why: str) -> str:
    """Whether a date holds, in words; "" where nothing is known against it."""
    why = plain(why)
    if live:
        return f"check before relying on it: {why}" if why else ""
    return f"{'no longer open' if kind in OPEN else 'no longer in force'}: {why}"


def called(version: Version, kind: DateKind) -> str:
    """What a date is called. The effective date that a delay gives is the delayed rule's; a page
    that tells of many rules takes effect on no day, and its words say what begins or ends then."""
    is_delay = version.metadata.get("subtype") == "delay of effective date"
    if is_delay and kind is DateKind.EFFECTIVE:
        return "delayed effective date"
    return called_in(version.document, kind)


def called_in(document: Document, kind: DateKind) -> str:
    """What a date is called by the sort of document alone."""
    if document.kind in PAGES and kind in RULES_OF_A_PAGE:
        return RULES_OF_A_PAGE[kind]
    return DATES[kind]


def missing(version: Version) -> tuple[str, ...]:
    """The dates this kind should have and the source does not state, in words."""
    stated = {item.kind for item in version.dates}
    expected = EXPECTED.get(version.document.kind, ())
    return tuple(DATES[kind] for kind in expected if kind not in stated)


def unclear(
    version: Version, announcement: Announcement | None = None, events: Iterable[Event] = ()
) -> tuple[str, ...]:
    """What a reader can't take from the dates alone: those not stated, and those on which the
    document and the publisher's data differ. What its `announcement` states instead, as the
    `events` it is part of have it, is told with that one's name."""
    differ = (f"the dates differ: {plain(words)}" for words in disagreements(version))
    instead = announced(announcement, events)
    return (
        *differ,
        *(
            f"{name}: not stated{instead if name == DATES[DateKind.EFFECTIVE] else ''}"
            for name in missing(version)
        ),
    )


def announced(announcement: Announcement | None, events: Iterable[Event]) -> str:
    """The effective date that the announcement states for the text it announces, as in " in the
    text; November 9, 2026 (Eastern) by PA-2099-03"; "" where it is not known to state one."""
    entry = announcement.entry if announcement else None
    for event in events if entry else ():
        names = [
            each.citation or f"“{each.title}”" for each in event.artefacts if each.document == entry
        ]
        days = [
            f"{calendar(each.stated.on)} (Eastern) by {plain(name)}"
            + (f", {doubt}" if (doubt := standing(each.stated.kind, each.live, each.why)) else "")
            for name in names
            for each in event.standings
            if each.document == entry and each.stated.kind is DateKind.EFFECTIVE
        ]
        if days:
            return f" in the text; {'; '.join(dict.fromkeys(days))}"
    return ""


def read(item: StatedDate) -> str:
    """The words a date was read from, and where they stand; of a formality nothing."""
    if item.kind in FORMAL:
        return ""
    words = shortened(said(item), 200)
    return f"“{words}” ({place(item)})" if words else f"read from {place(item)}"


def said(item: StatedDate) -> str:
    """The sentence a date was read from; "" where the source gives the bare date as data."""
    words = plain(item.words)
    return "" if words.startswith(item.on.isoformat()) else words


def place(item: StatedDate) -> str:
    """Where a date was read; a place we have no words for keeps its name."""
    return PLACES.get(item.read_from, plain(item.read_from))
