"""What a document calls by name: the act that it announces, implements or reports.

An act is named by an address, a citation or a number, or by its docket or its title together with
its day. A likeness names nothing, and neither does a RIN, which is used again. What cites an
authority of long ago names it and is no part of it: both must be of the same days. A text that
lives on names by what came with a change of it; where only a link came, no change is told, and none
is part of an act.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import chain, islice

from pipeline.addresses import DOCKET, DOCKETED, named_by
from pipeline.alert import NUMBER as ALERT
from pipeline.calendar import spelled
from pipeline.grammar import singles
from pipeline.identifiers import REPORTED
from pipeline.legible import legible
from pipeline.mentions import mentions
from pipeline.model import ChangeKind, DateKind, Difference, StatedDate, Version
from pipeline.papers import readable
from pipeline.titles import spoken, stem

# What is announced is announced days before it is filed; what implements it, weeks after it is
# published or after it begins to hold. Later ones cite it as the law.
SOONEST = timedelta(days=14)
LATEST = timedelta(days=45)
MOST = 200  # names of one change; no recorded announcement has a tenth of it
LONGEST = 230  # characters of a name; a title that is longer is found by its number
TELLING = 4  # words; a shorter title may stand in a text by chance
TITLE = "title: "
# Texts that live on under one name: each change of theirs may be of another act.
LIVING = frozenset(
    {
        *("policy-manual-chapter", "policy-manual-appendix", "form", "fee-schedule"),
        *("uscis-page", "regulation"),
    }
)
# Who announces or implements. The register's own documents are joined by what they do to each other
# (`pipeline.relations`), orders by hand; an opinion cites a rule and is no part of its making.
TELLERS = LIVING | {
    *("uscis-alert", "uscis-news", "visa-news", "oflc-announcement", "comment-posting"),
    *("policy-alert", "technical-update", "uscis-memorandum", "eoir-memorandum", "visa-bulletin"),
}
_ON_LISTS = ("technical-update", "oflc-announcement", "policy-alert")  # without a page of their own
_AMENDED = (ChangeKind.TEXT, ChangeKind.METADATA, ChangeKind.BACK)
REGULATION = "regulation"
_LISTED = ("title only", "summary only")  # such a version stands on a list, with others
_OWN_FORMS = ("html", "pdf", "xml", "raw")  # links to the same document
_CITED = frozenset(
    {
        *("fr_cite", "fr_docnum", "case_reporter", "interim_decision", "executive_order"),
        *("proclamation", "policy_memo", "docket"),
    }
)
_DIRECTIVE = re.compile(r"\bDM\s?(?P<number>\d{2}-\d{2})\b")  # of EOIR's Director
_PRINTED = re.compile(r"https?://[^\s<>\"“”)\]]+[^\s<>\"“”)\].,;:]")
_QUOTED = re.compile(r"[“\"](?P<title>[^“”\"]{20,300}?),?[”\"]")
# What says of what day a document is, the surest first.
_BORN = (
    *(DateKind.PUBLISHED, DateKind.ANNOUNCED, DateKind.INSPECTION, DateKind.AMENDED),
    *(DateKind.DESIGNATED, DateKind.DECIDED, DateKind.SIGNED),
)
_FIRST = (DateKind.PUBLISHED, DateKind.INSPECTION, DateKind.ANNOUNCED)
_LASTS = (DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMMENTS_CLOSE)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What came with a change: all of a new document, else what was inserted, in place of what was
    `replaced`. `on` is the day that it bears, or else on which we saw it."""

    texts: tuple[str, ...]
    linked: tuple[str, ...]
    on: date
    replaced: tuple[str, ...] = ()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names in it that did not stand there before, at most `MOST`, each as printed."""
        before = {name for text in self.replaced for name, _ in _of_text(text)}
        addressed = ((named_by(url), url) for url in self.linked)
        written = (found for text in self.texts for found in _of_text(text))
        found: dict[str, str] = {}
        for name, printed in chain(addressed, written):
            if name and name not in before and len(name) <= LONGEST:
                found.setdefault(name, printed)
        return dict(islice(found.items(), MOST))

    @cached_property
    def days(self) -> frozenset[date]:
        """The days named in it."""
        return frozenset(each.on for text in self.texts for each in mentions(text, None) if each.on)

    @cached_property
    def spoken(self) -> str:
        """Its words as the stem of a title spells them."""
        return f" {spoken(' '.join(self.texts))} "


def brought(
    difference: Difference, old: Version | None, new: Version, linked: Iterable[str], seen: date
) -> Words | None:
    """What came with a change that was seen on a day; None where that names no act: of kinds that
    neither announce nor implement, and of what brought no words. `linked` are the addresses that
    the text came to link to."""
    kind = new.document.kind
    is_whole = difference.kind in (ChangeKind.NEW, ChangeKind.NEXT) or _is_fuller(old, new)
    if kind not in TELLERS or not (is_whole or difference.kind in _AMENDED):
        return None
    if kind == REGULATION:
        texts, replaced = _history(new), _history(old) if old else ()
    elif is_whole:
        texts, replaced = (new.title, *(block.text for block in new.blocks)), ()
    else:
        edits = difference.edits
        texts = tuple(e.new.text for e in edits if e.new and (e.inserted or not e.old))
        replaced = tuple(e.old.text for e in edits if e.old and (e.deleted or not e.new))
    stated = born(new) if is_whole else None
    on = stated.on if stated else seen
    return Words(texts=texts, linked=tuple(linked), on=on, replaced=replaced)


def names(version: Version) -> frozenset[str]:
    """By what others may name a document as the act that they are about; none of a text that lives
    on, whose name is of no one change."""
    if version.document.kind in LIVING:
        return frozenset()
    found = {*_numbers(version), *map(named_by, _addresses(version))}
    return frozenset(name for name in found if name and len(name) <= LONGEST)


def evidence(act: Version, words: Words, unclear: Collection[str] = ()) -> tuple[str, ...]:
    """How a document names an act, in words a reader can check; () where it does not, or where the
    two are not of the same days. By names that are `unclear` it tells nothing."""
    own = names(act).difference(unclear)
    shared = [(name, printed) for name, printed in words.names.items() if name in own]
    found = [said for name, printed in shared if (said := _named(act, words, name, printed))]
    first, last = days(act)
    if not found or not first <= words.on <= last:
        return ()
    if words.on == _on(act):
        return (*found, f"both are of {spelled(words.on)}")
    return (*found, f"it is of {spelled(words.on)}, what it names of {spelled(_on(act))}")


def is_shared(name: str) -> bool:
    """Whether several documents may rightly go by a name: what is on file and what is printed, the
    documents of a docket. Of any other name that several bear none can be told to be meant."""
    return name.startswith(("FR Doc. ", DOCKET, TITLE))


def born(version: Version) -> StatedDate | None:
    """The date that says of what day a document is; None where it states none."""
    by_kind = {stated.kind: stated for stated in reversed(version.dates)}
    return next((by_kind[kind] for kind in _BORN if kind in by_kind), None)


def days(act: Version) -> tuple[date, date]:
    """The first and the last day of what may be part of an act: from well before its filing to well
    after it holds, or may no longer be commented on."""
    begins = [each.on for each in act.dates if each.kind in _FIRST]
    ends = [each.on for each in act.dates if each.kind in _LASTS]
    return min((*begins, _on(act))) - SOONEST, max((*ends, _on(act))) + LATEST


def _named(act: Version, words: Words, name: str, printed: str) -> str:
    """How one name tells the act; "" where it alone does not."""
    if name.startswith(DOCKET):
        told = _told_with(act, words)
        return told and f"it names docket {name.removeprefix(DOCKET)} and {told}"
    if name.startswith(TITLE):
        is_dated = _on(act) in words.days
        return f"it names “{printed}” and its day, {spelled(_on(act))}" if is_dated else ""
    return f"it links to {printed}" if printed.startswith("http") else f"it cites “{printed}”"


def _told_with(act: Version, words: Words) -> str:
    """What tells one of the documents in a docket: its day, or its title."""
    if _on(act) in words.days:
        return f"its day, {spelled(_on(act))}"
    subject = stem(act.title)
    is_told = len(subject.split()) >= TELLING and f" {subject} " in words.spoken
    return f"its title, “{act.title}”" if is_told else ""


def _on(act: Version) -> date:
    stated = born(act)
    return stated.on if stated else readable(act)


def _numbers(version: Version) -> Iterator[str]:
    """A document's citation and numbers, its dockets and its title."""
    stated = version.metadata
    yield from (name for name, _ in _of_text(version.citation))
    if number := stated.get("document_number"):
        yield f"FR Doc. {number}"
        yield f"{TITLE}{stem(version.title)}" * _is_telling(version.title)
    for docket in stated.get("docket_ids") or ():
        yield from (name for name, _ in _of_text(f"Docket No. {docket}") if DOCKET in name)
        yield _docket(str(docket))
    for series, field in (("EO", "executive_order_number"), ("Proc.", "proclamation_number")):
        if number := stated.get(field):
            yield f"{series} {number}"
    if version.document.kind in REPORTED:
        yield f"Interim Decision {version.document.key}"


def _addresses(version: Version) -> Iterator[str]:
    """The addresses that are a document's alone."""
    yield from (version.links[form] for form in _OWN_FORMS if form in version.links)
    is_listed = version.metadata.get("text") in _LISTED
    if not is_listed and version.document.kind not in _ON_LISTS:
        yield version.url


def _history(version: Version) -> tuple[str, ...]:
    """The notes by which the Code says what amended a section: the rest of it cites as law does."""
    return tuple(str(version.metadata.get(name, "")) for name in ("history", "source"))


def _is_fuller(old: Version | None, new: Version) -> bool:
    """Whether a text that was held in part is now held in full: it was there all along."""
    return old is not None and bool(old.metadata.get("text")) and not new.metadata.get("text")


def _is_telling(title: str) -> bool:
    return len(stem(title).split()) >= TELLING


def _docket(said: str) -> str:
    found = DOCKETED.search(said)
    return f"{DOCKET}{found['docket'].upper()}" if found else ""


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    """The names that stand in a text, each with the words there."""
    shown = legible(text).text
    for found in singles(shown):
        if found.kind in _CITED:
            of_docket = DOCKET if found.kind == "docket" else ""
            yield f"{of_docket}{found.canonical}", found.raw
    for match in ALERT.finditer(shown):
        yield match[0], match[0]
    for match in _DIRECTIVE.finditer(shown):
        yield f"DM {match['number']}", match[0]
    for match in _PRINTED.finditer(shown):
        yield named_by(match[0]), match[0]
    for match in _QUOTED.finditer(shown):
        if _is_telling(match["title"]):
            yield f"{TITLE}{stem(match['title'])}", match["title"]
