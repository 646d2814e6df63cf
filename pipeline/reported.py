"""What documents held report that courts did to others, joined by what their words name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.announced import ENTRIES, GUIDANCE
from pipeline.dates import sentences
from pipeline.identifiers import identifiers
from pipeline.judicial import decided, deeds
from pipeline.legible import legible
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
from pipeline.naming import Named, Place, named
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
BESIDE = 4000  # characters up to a report among which a title's words may stand
_ON = " on "
_MAY_REPORT = re.compile(
    r"enjoin|injunction|vacat|aside|stay|block|restrain|postpon|invalidat|struck|lift|dissolv"
    r"|revers|overturn|nullif|barr|prohibit|suspend",
    re.IGNORECASE,
)


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


def reported(
    candidates: Iterable[Version], reporter: Version, given: Iterable[Report]
) -> tuple[Relation, ...]:
    """Join a document with those among the candidates, texts or none, that its reports name."""
    held = tuple(candidates)
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
    for did, said in zip(relation.evidence[::2], relation.evidence[1::2], strict=False):
        for each in did.split("; "):
            kind, _, on = each.partition(_ON)
            yield CourtAction(
                kind=RelationKind(kind),
                on=date.fromisoformat(on) if on else None,
                document=relation.later,
                words=said.removeprefix("“").removesuffix("”"),
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
    """What it did, as relations are called, and on which day; and the words."""
    first = f"{report.did[0]}{_ON}{report.on}" if report.on else str(report.did[0])
    return "; ".join((first, *report.did[1:])), f"“{report.words}”"


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
    place = Place(text, _noted(block, text, notes))
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
        named = place.names(start, end, mine[0])
        on = decided(sentence, mine[0])
        report = Report(
            did=tuple(dict.fromkeys(each.kind for each in mine)),
            words=_cut(block.text[slice(*shown.printed(start, end))]),
            on=on,
            text=text[max(0, end - BESIDE) : end],
            names=named or (),
            days=() if named is None or named else place.days(end, but=on),
        )
        if before and not mine[0].ends:
            report = replace(report, names=before.names, days=before.days)
        yield report
        before = report


def _noted(block: Block, text: str, notes: Mapping[str, str]) -> Iterator[Named]:
    """What the footnotes name that a paragraph calls, at the place where it calls them."""
    if len(text) != len(block.text):
        return
    for mark in block.marks:
        for each in named(legible(notes.get(mark.label, "")).text):
            yield replace(each, begins=mark.offset, ends=mark.offset)


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"
