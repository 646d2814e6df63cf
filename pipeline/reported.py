"""What documents held report that courts did to others, joined by what their words name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from pipeline.announced import ENTRIES, GUIDANCE
from pipeline.dates import sentences
from pipeline.grammar import singles
from pipeline.identifiers import identifiers
from pipeline.judicial import DEEDS, Deed, decided, deeds
from pipeline.legible import legible
from pipeline.mentions import mentions
from pipeline.model import (
    Block,
    BlockKind,
    CourtAction,
    DateKind,
    Document,
    Relation,
    RelationKind,
    Version,
)
from pipeline.papers import readable
from pipeline.titles import alike

# What tells its readers what courts did; an opinion or an order is itself what a court did.
REPORTERS = frozenset(
    {
        *("rule", "proposed-rule", "notice", "presidential-document"),
        *GUIDANCE,
        *ENTRIES,
        *("uscis-alert", "uscis-news", "uscis-page", "uscis-memorandum", "eoir-memorandum"),
        *("form", "fee-schedule", "visa-news", "oflc-announcement"),
    }
)
EARLY = timedelta(days=60)  # a rule on file for publication may be enjoined before it is printed
MOST = 4  # reports of one document on another; the first ones, for later ones repeat them
LONGEST = 700  # characters of a sentence that are quoted
NEAR = 300  # characters between what a court acted on and the number by which it is named
_NAMING = {
    "fr_cite": re.compile(""),
    "fr_docnum": re.compile(""),
    "policy_memo": re.compile(r"memo|guidance|polic|directive", re.IGNORECASE),
}
_MAY_REPORT = re.compile(
    r"enjoin|injunction|vacat|aside|stay|block|restrain|postpon|invalidat|struck|lift|dissolv"
    r"|revers|overturn|nullif|barr|prohibit|suspend",
    re.IGNORECASE,
)
# Between a rule and a number, these tell that the number is another document's.
_ANOTHERS = re.compile(
    r"\b(?:that|which|who|amend\w*|replac\w*|supersed\w*|rescind\w*|remov\w*|revis\w*|reinstat\w*"
    r"|prior|previous|because|since|while|but|although|implement\w*|under|pursuant|based)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_AND = re.compile(r"[\s,;]*(?:\([^)]*\)[\s,;]*)?(?:and|&)[\s,;]*")


@dataclass(frozen=True, kw_only=True)
class Report:
    """A sentence that says what a court did to something, and by what it names that: `names` are
    canonical, as `pipeline.identifiers` gives them; `days` are calendar days and count only beside
    the words of a title, which stand in `text`. Naming nothing, it joins nothing."""

    did: tuple[RelationKind, ...]
    words: str
    on: date | None
    text: str
    names: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True)
class _Named:
    """A number in a paragraph by which a document goes, or in a footnote that it calls there."""

    begins: int
    ends: int
    kind: str
    name: str


def reports(version: Version) -> tuple[Report, ...]:
    """The sentences of a document that report what courts did, in order; none of a document that
    is a court's own, or on file."""
    if version.document.kind not in REPORTERS:
        return ()
    notes = {each.label: each.text for each in version.blocks if each.kind is BlockKind.FOOTNOTE}
    return tuple(
        report
        for block in version.blocks
        if block.kind is not BlockKind.HEADING and _MAY_REPORT.search(block.text)
        for report in _of_block(block, notes)
    )


def reported(candidates: Iterable[Version], reporter: Version) -> tuple[Relation, ...]:
    """Join a document with those among the candidates, texts or none, that its reports name."""
    held, given = tuple(candidates), reports(reporter)
    found: dict[Document, list[Report]] = {}
    for report in given:
        for each in _meant(report, held, reporter):
            found.setdefault(each, []).append(report)
    return tuple(
        Relation(
            kind=RelationKind.REPORTS,
            earlier=earlier,
            later=reporter.document,
            evidence=tuple(words for each in said[:MOST] for words in _evidence(each)),
        )
        for earlier, said in found.items()
    )


def told(relation: Relation) -> Iterator[CourtAction]:
    """The court's actions that a document reports on another, as their relation has them."""
    by_words = {words: kind for kind, words in DEEDS.items()}
    for did, said in zip(relation.evidence[::2], relation.evidence[1::2], strict=False):
        words = said.strip("“”")
        for place, each in enumerate(did.split("; ")):
            yield CourtAction(
                kind=by_words[each],
                on=None if place else decided(words),
                document=relation.later,
                words=words,
                is_by_hand=False,
            )


def caution(
    documents: Collection[Document],
    relations: Iterable[Relation],
    reporters: Mapping[Document, Version],
) -> list[str]:
    """What to look at before relying on a date of these, where reporters tell of a court's action
    on them; the first of them is named, for they tell of the same orders for years."""
    told_by = {
        relation.later: reporters[relation.later]
        for relation in relations
        if relation.kind is RelationKind.REPORTS
        and relation.earlier in documents
        and relation.later in reporters
    }
    if not told_by:
        return []
    first, others = next(iter(told_by.values())), len(told_by) - 1
    called = first.citation or f"“{first.title}”"
    more = f" and in {others} more document{'s' * (others > 1)} held" if others else ""
    return [f"a court's action is reported in {called}{more}: read the order and whom it protects"]


def _evidence(report: Report) -> tuple[str, str]:
    return "; ".join(DEEDS[kind] for kind in report.did), f"“{report.words}”"


def _meant(report: Report, held: Iterable[Version], reporter: Version) -> list[Document]:
    """The documents that a report names; where it gives days and titles, the one that fits."""
    known = [each for each in held if _is_before(each, report, reporter)]
    if report.names:
        return [each.document for each in known if not identifiers(each).isdisjoint(report.names)]
    titled = [
        each.document
        for each in known
        if each.date(DateKind.PUBLISHED) in report.days and alike(each.title, report.text)
    ]
    return titled if len(titled) == 1 else []


def _is_before(version: Version, report: Report, reporter: Version) -> bool:
    on = readable(version)
    is_told_of = report.on is None or on <= report.on + EARLY
    return version.document != reporter.document and on <= readable(reporter) and is_told_of


def _of_block(block: Block, notes: Mapping[str, str]) -> Iterator[Report]:
    shown = legible(block.text)
    text, end = shown.text, 0
    before: Report | None = None
    for sentence in sentences(text):
        start = text.find(sentence, end)
        end = start + len(sentence)
        found = deeds(sentence)
        # "That decision" is one on what the sentence before spoke of.
        mine = tuple(each for each in found if each.ends or before or each is not found[0])
        if not mine:
            before = None
            continue
        named = _names(text, start, end, mine[0], _noted(block, text, notes))
        report = Report(
            did=tuple(dict.fromkeys(each.kind for each in mine)),
            words=_cut(block.text[slice(*shown.printed(start, end))]),
            on=decided(sentence),
            text=text[:end],
            names=named or (),
            days=() if named is None or named else _days(text[:end], decided(sentence)),
        )
        if before and not mine[0].ends:
            report = replace(report, names=before.names, days=before.days)
        yield report
        before = report


def _names(
    text: str, start: int, end: int, deed: Deed, noted: Sequence[_Named]
) -> tuple[str, ...] | None:
    """The numbers by which a sentence, or else what stands before it in the paragraph, names what
    the court acted on; none where it has none, None where it can't be told which is meant."""
    thing = text[start + deed.begins : start + deed.ends]
    every = sorted((*noted, *_named(text[:end])), key=lambda each: each.begins)
    fits = [each for each in every if _NAMING[each.kind].search(thing)]
    mine = [each for each in fits if start <= each.begins <= end]
    if not mine:
        earlier = {each.name for each in fits if each.begins < start}
        return None if len(earlier) > 1 else tuple(earlier)
    after = [each for each in mine if each.begins >= start + deed.ends]
    if not after:
        return (mine[0].name,) if len({each.name for each in mine}) == 1 else None
    between = _QUOTED.sub("", text[start + deed.ends : after[0].begins])
    if len(between) > NEAR or _ANOTHERS.search(between):
        return None
    return tuple(_together(text, after))


def _together(text: str, named: Sequence[_Named]) -> Iterator[str]:
    """The first number, and those that "and" joins with it."""
    yield named[0].name
    for one, other in pairwise(named):
        if not _AND.fullmatch(text[one.ends : other.begins]):
            return
        yield other.name


def _noted(block: Block, text: str, notes: Mapping[str, str]) -> list[_Named]:
    """What the footnotes name that a paragraph calls, at the place where it calls them."""
    if len(text) != len(block.text):
        return []
    return [
        replace(each, begins=mark.offset, ends=mark.offset)
        for mark in block.marks
        for each in _named(legible(notes.get(mark.label, "")).text)
    ]


def _named(text: str) -> Iterator[_Named]:
    for each in singles(text):
        if each.kind in _NAMING:
            yield _Named(each.start, each.end, each.kind, each.canonical)


def _days(text: str, on: date | None) -> tuple[date, ...]:
    days = (each.on for each in mentions(text, None) if each.on and each.on != on)
    return tuple(dict.fromkeys(days))


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"
