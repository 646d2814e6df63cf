"""What readers call what happened, and how days, moments, counts and quotations are written."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from alerts.untrusted import plain
from pipeline.calendar import spelled
from pipeline.model import Change, ChangeClass, ChangeKind, RelationKind, Version, Weight
from pipeline.quote import CORRECTED, UNSTATED, field
from pipeline.requirement import sentences

COMPARED = frozenset({ChangeKind.TEXT, ChangeKind.NEXT})  # two texts with what differs
SHOWN = frozenset({ChangeKind.TEXT, ChangeKind.METADATA})  # both sides stand in the redline
REASONS = 4  # told of one change; the redline tells the rest
TURNS = 3  # what a change turns on, told beside its class
IGNORED = " ignored by the rule "  # in a reason of `pipeline.weight`
MOVEMENTS = 60  # told of the next in a series; the charts of a bulletin have some 180 cells
PRECEDENTS = frozenset({"bia-precedent", "ag-precedent", "agency-precedent"})

CLASSES = {
    ChangeClass.SUBSTANTIVE: "Substantive",
    ChangeClass.EDITORIAL: "Editorial",
    ChangeClass.METADATA: "Metadata",
    ChangeClass.NOISE: "Noise",
}
# The badges of what was compared with no other text.
PRESENCES = {
    ChangeKind.NEW: "New",
    ChangeKind.REMOVED: "Removed from site",
    ChangeKind.BACK: "Back on site",
}
BADGES = (*PRESENCES.values(), *CLASSES.values())

WEIGHTS = {
    Weight.REQUIREMENT: "a requirement",
    Weight.OPERATIVE: "an operative word",
    Weight.FEE: "a fee",
    Weight.DATE: "a date",
    Weight.PERIOD: "a period",
    Weight.EDITION: "a form edition",
    Weight.AUTHORITY: "an authority",
    Weight.NUMBER: "a number",
    Weight.TEXT: "text that came or went",
    Weight.WORDING: "wording",
}

KINDS = {
    ChangeKind.NEW: "first seen; no earlier text is held",
    ChangeKind.NEXT: "next in its series; compared with the one before",
    ChangeKind.TEXT: "text changed",
    ChangeKind.METADATA: "publisher's data changed",
    ChangeKind.REMOVED: "the site no longer shows it; why is not known",
    ChangeKind.BACK: "the site shows it again",
}
FULLER = "text now held in a fuller form"
# What a decision says that became of another: a headnote must not be cut before it.
TREATED = re.compile(
    r"\b(?:overrul|vacat|revers|modif|supersed|abrogat|disapprov|withdr[ae]w)\w*", re.IGNORECASE
)
_DAY = re.compile(r"(?<![\w@/.\"“'-])\d{4}-\d\d-\d\d(?![\w\"”'-])")
_QUOTED = re.compile(r"“[^”].*”", re.DOTALL)


def reasons(change: Change) -> tuple[str, ...]:
    """Why the change has its class, the most telling first; how many more there are is said.

    None of a new document, which has no earlier text, nor where the redline shows what counts; what
    is only editorial is so by a rule, and what is removed by two readings, which have to be told;
    and so have the movements of a bulletin's charts, which a redline shows as dates in a row.
    """
    difference = change.difference
    if corrected(change):
        return corrections(change)
    is_told = difference.change_class is ChangeClass.EDITORIAL or fuller(change)
    if difference.kind is ChangeKind.NEW or (difference.kind in SHOWN and not is_told):
        return ()
    # Of the next in a series what rules explain stands among the noise, not among what moved.
    is_next = difference.kind is ChangeKind.NEXT
    given = [each for each in difference.reasons if not (is_next and IGNORED in each)]
    told = [shortened(plain(reason), 300) for reason in given]
    most = MOVEMENTS if is_next else REASONS
    more = len(told) - most
    return (*told[:most], f"And {counted(more, 'more reason')}.") if more > 0 else (*told,)


def entitled(title: str, citation: str) -> tuple[str, str]:
    """Both as they stand beside each other; no title where the citation begins with its words."""
    return "" if title and citation.casefold().startswith(title.casefold()) else title, citation


def shortened(words: str, length: int) -> str:
    """At most `length` characters, ending in "…" where something was cut."""
    told = " ".join(words.split())
    if len(told) <= length:
        return told
    # What lies far behind the cut decides nothing, and takes long in a long text.
    return textwrap.shorten(told[: 2 * length + 2], length, placeholder=" …")


def legible(words: str) -> str:
    """Our own words with the days of a publisher's data spelled out; what is quoted stays."""
    return _DAY.sub(_spelled, plain(words))


def _spelled(found: re.Match[str]) -> str:
    try:
        return calendar(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def excerpt(paragraphs: Iterable[str], length: int) -> str:
    """The first whole sentences of at most `length` characters, "…" where some are left out; and of
    those each that says what became of another decision. A first sentence that is longer is cut."""
    told: list[str] = []
    is_cut, used = False, 0
    every = (each.strip() for words in paragraphs for each in sentences(words))
    for each in filter(None, every):
        used += len(each) + 1
        if used <= length + 1 or TREATED.search(each):
            told.append(f"… {each}" if is_cut else each)
            is_cut = False
        elif not told and not is_cut:
            told.append(shortened(each, length).removesuffix(" …"))
            is_cut = True
        else:
            is_cut = True
    return " ".join(told) + (" …" if is_cut else "")


def calendar(on: date) -> str:
    """A publisher's calendar date, as in "November 16, 2026"."""
    return spelled(on)


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """An instant with its zone, as in "November 16, 2026, 14:05 UTC"; its own, if none given."""
    there = at.astimezone(zone) if zone else at
    return f"{calendar(there)}, {there:%H:%M} {there.tzname()}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number with its noun, as in "1 change", "2 changes"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def span(length: timedelta) -> str:
    """A length of time, as short as it can be said."""
    seconds = length.total_seconds()
    if seconds < 120:
        return counted(round(seconds), "second")
    if seconds < 2 * 3600:
        return counted(round(seconds / 60), "minute")
    if length < timedelta(days=2):
        return f"{seconds / 3600:.1f}".removesuffix(".0") + " hours"
    return counted(length.days, "day")


def initial(words: str) -> str:
    """The words with a capital at the start and nothing else altered."""
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """The words with a capital at the start and a full stop, where no quotation ends with one."""
    return initial(words) + ("" if words.rstrip("”").endswith(".") else ".")


def happened(change: Change) -> str:
    """What happened, as in "Substantive: a fee, an operative word; text changed"; of a document
    that a correction was published of, that it is corrected."""
    if by := corrected(change):
        return f"Corrected by {by}"
    return f"{badge(change)}: {substance(change)}"


def corrected(change: Change) -> str:
    """The numbers of the corrections that the publisher's data now name, where nothing else became
    known of the text; else ""."""
    if change.difference.kind is not ChangeKind.METADATA:
        return ""
    named = (new for name, old, new in change.difference.metadata if field(name, old) == CORRECTED)
    return next((shortened(plain(new), 120) for new in named), "")


def corrections(change: Change) -> tuple[str, ...]:
    """What those corrections say, as far as they are held."""
    found = (
        words
        for each in change.relations
        if each.kind is RelationKind.CORRECTS and each.earlier == change.document
        for words in each.evidence
        if _QUOTED.fullmatch(words)
    )
    said = tuple(dict.fromkeys(shortened(plain(words), 400) for words in found))
    return said or ("The words of the correction are not held: read it.",)


def substance(change: Change) -> str:
    """What happened without its class, as in "a fee, an operative word; text changed"."""
    return "; ".join(filter(None, (turns(change), kind(change))))


def turns(change: Change) -> str:
    """What a change of two texts turns on, the most telling first, as in "a fee, an operative
    word"; "" where no weight is stated."""
    if change.difference.kind in PRESENCES:
        return ""
    return ", ".join(WEIGHTS[each] for each in change.difference.weights[:TURNS])


def kind(change: Change) -> str:
    """How the change came about, as in "text changed"."""
    return FULLER if fuller(change) else KINDS[change.difference.kind]


def ruled(rule: str) -> str:
    """What a rule makes of an edit, as in "wording only, by the rule “end mark”"; "" where none
    explains it."""
    return rule and f"wording only, by the rule “{rule.replace('-', ' ')}”"


def badge(change: Change) -> str:
    """What a change is marked with: its class; its presence, where no texts were compared."""
    difference = change.difference
    return PRESENCES.get(difference.kind) or CLASSES[difference.change_class]


def basis(change: Change) -> str:
    """What the reasons are reasons for: "Why editorial", or what a conclusion rests on."""
    if change.difference.kind is ChangeKind.NEXT:
        return "What moved"
    if corrected(change):
        return "What the correction says"
    if change.difference.kind in PRESENCES or fuller(change):
        return "What this rests on"
    return f"Why {change.difference.change_class}"


def fuller(change: Change) -> bool:
    """Whether a text came in a fuller form than before, and nothing but its dates changed."""
    old, difference = change.old, change.difference
    if old is None or difference.kind is not ChangeKind.METADATA:
        return False
    return bool(old.metadata.get("text", "") != change.new.metadata.get("text", ""))


def last_text(change: Change) -> Version:
    """The version to quote: the last one held, where the site shows none any more."""
    is_gone = change.difference.kind is ChangeKind.REMOVED
    return change.old if is_gone and change.old is not None else change.new


def fields(change: Change) -> tuple[tuple[str, str, str], ...]:
    """The publisher's fields that changed: what a reader calls each, what it held, what it holds;
    "" where nothing was stated."""
    return tuple(
        (initial(plain(field(name, old))), _held(old), _held(new))
        for name, old, new in change.difference.metadata
    )


def _held(value: str) -> str:
    if value == UNSTATED:
        return ""
    return {"true": "yes", "false": "no"}.get(value) or shortened(legible(value), 300)
