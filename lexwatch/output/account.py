"""A change or a document in lines for a terminal: what it is, what it says, what holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, tzinfo

from rich.text import Text

from alerts import lineage, particulars, story, treated
from alerts.dates import Dated, dated, unclear
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.redline import quotation
from alerts.swept import Swept
from alerts.untrusted import plain
from alerts.wording import (
    PRECEDENTS,
    corrected,
    counted,
    excerpt,
    last_text,
    legible,
    moment,
    reasons,
    shortened,
)
from index.lookup import Shown
from pipeline.model import (
    Change,
    ChangeKind,
    Document,
    Event,
    Relation,
    RelationKind,
    Standing,
    Version,
)
from pipeline.orders import COURTS

QUOTED = 400  # characters of a quotation
ORDERED = 200  # characters of what a court's order says, where a line has to do
STEPS = 6  # artefacts told of an event where a document is shown
# Relations that leave the earlier document as it was.
UNTOUCHED = (RelationKind.SAME_SERIES, RelationKind.PUBLISHES)
COURTED = (*COURTS, RelationKind.REPORTS)  # what courts did, by hand or as reported


def sort(version: Version) -> Iterator[Text]:
    """Who issued it, what it is, whom it binds; then what of it is not held."""
    named = authority_of(version)
    words = (plain(version.issuer), named.title, named.force)
    yield Text(" · ".join(filter(None, words)), style="dim")
    if lacking := particulars.not_held(version):
        yield Text(lacking, style="yellow")


def said(change: Change, zone: tzinfo = UTC) -> Iterator[Text]:
    """Why it can't wait and what it does to other decisions; then its own words where they are new
    or gone, else the summary."""
    kind = change.difference.kind
    for reason in urgent(change):
        yield Text(f"URGENT: {reason}", style="bold red")
    yield from _made(treated.made(change))
    if kind is not ChangeKind.NEW and not corrected(change):
        yield Text(legible(change.difference.summary))
    if kind is ChangeKind.NEXT or corrected(change):
        yield from (Text(f"• {reason}") for reason in reasons(change))
    if kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        yield from (Text(plain(reason)) for reason in change.difference.reasons)
    if kind is ChangeKind.REMOVED:
        seen = moment(last_text(change).seen_at, zone)
        yield Text(f"The last text we hold, as seen {seen}. It stays searchable.")
    if kind in (ChangeKind.NEW, ChangeKind.REMOVED):
        for words in quotation(last_text(change)):
            is_decision = change.document.kind in PRECEDENTS
            cut = (
                excerpt([plain(words)], QUOTED) if is_decision else shortened(plain(words), QUOTED)
            )
            yield Text(f"“{cut}”", style="italic")


def known(change: Change) -> Iterator[Text]:
    """What is known of a changed document; only what courts did to one that the site no longer
    shows."""
    yield from litigation(change.document, change.relations)
    if change.announcement:
        yield Text(plain(change.announcement.words))
    if change.difference.kind is not ChangeKind.REMOVED:
        unclear_ = unclear(change.new, change.announcement, change.events)
        yield from facts(change.new, change.standings, change.relations, unclear_)


def swept(sweeps: Iterable[Swept]) -> Iterator[Text]:
    """Each sweep once, with its documents."""
    for each in sweeps:
        yield Text(each.words, style="bold")
        for words, documents in (
            (each.only_words, each.only),
            (each.besides_words, each.besides),
        ):
            if documents:
                yield Text(f"   {words}: {'; '.join(documents)}")


def part_of(events: Iterable[Event]) -> Iterator[Text]:
    """The events that a change is part of, in a line each."""
    for each in events:
        held = counted(len(each.artefacts), "document")
        yield Text(f"Part of one event, {held} held: {story.line(each)}", style="green")


def around(event: Event, told: str = "") -> Iterator[Text]:
    """The event that a document is part of, in short: its line and its latest documents. What is
    `told` beside it, how the document was announced, is not told again as what joins it."""
    yield from part_of([event])
    yield from _timeline(story.timeline(event), STEPS, told)


def versions(shown: Shown, zone: tzinfo = UTC) -> Iterator[Text]:
    """When each version held was first seen; in which form, where the forms differ: a listing's
    entry comes before the document itself."""
    held = [each.version for each in shown.versions]
    forms = [str(each.metadata.get("text", "")) or "full text" for each in held]
    differ = len(set(forms)) > 1
    told = [
        moment(each.seen_at, zone) + (f" ({plain(form)})" if differ else "")
        for each, form in zip(held, forms, strict=True)
    ]
    if len(told) > 1:
        yield Text(f"{len(told)} versions held, first seen: {'; '.join(told)}")


def event(told: Event, today: date) -> Iterator[Text]:
    """What an event's line leaves to be said: its timeline with what joins each document, what
    courts did, what the documents held say of it, its dates."""
    yield from _timeline(story.timeline(told), None, "")
    yield from _court(told)
    yield from (Text(f"State from {words}") for words in story.states(told))
    yield from map(_dated, story.dated(told, today))


def gone(shown: Shown, zone: tzinfo = UTC) -> Iterator[Text]:
    """That the site no longer shows the document, and when its text was last seen."""
    if shown.removed_at:
        seen = moment(shown.versions[-1].version.seen_at, zone)
        by = moment(shown.removed_at, zone)
        words = f"removed from the site by {by}; the last text we hold is that of"
        yield Text(f"{words} {seen}", style="bold yellow")


def facts(
    version: Version,
    standings: Sequence[Standing],
    relations: Sequence[Relation],
    doubts: Iterable[str] = (),
    most: int | None = particulars.AMENDED,
) -> Iterator[Text]:
    """Dates and whether they hold, the `doubts` on them, what is joined with the document, and what
    its data tells: at most so many of the places it amends."""
    for each in dated(version, standings):
        yield _dated(each)
    yield from map(Text, doubts)
    yield from _joined(version.document, standings, relations)
    yield from map(Text, (*particulars.amended(version, most), *particulars.facts(version)))


def litigation(document: Document, relations: Sequence[Relation]) -> Iterator[Text]:
    """What courts did to a document, under headings of its own: its text stays what it was."""
    heading = ""
    for each in sorted(_litigation(document, relations), key=lambda each: each.heading):
        if each.heading != heading:
            heading = each.heading
            yield Text(heading, style="bold")
        why = f": {each.evidence}" if each.evidence else ""
        yield Text.assemble((each.words, "bold yellow"), (why, "dim"))


def acted_on(document: Document, relations: Sequence[Relation]) -> Iterator[Text]:
    """What later documents did to one, for a reader who has only a line of it before them."""
    later = [each for each in relations if each.later != document and each.kind not in UNTOUCHED]
    for each in lineage.related(document, later):
        scope = f": {shortened(each.evidence, ORDERED)}" if each.is_litigation else ""
        yield Text(f"{each.words}{scope}", style="bold yellow")


def stands(shown: Shown) -> Iterator[Text]:
    """What later documents and courts did to a document, and the states of the acts that it is part
    of: the part of its status that no treatment tells."""
    document, relations = shown.held.version.document, shown.relations
    yield from litigation(document, relations)
    yield from acted_on(document, [each for each in relations if each.kind not in COURTED])
    for each in shown.events:
        yield Text(story.line(each))
        yield from _court(each)
        yield from (Text(f"State from {words}") for words in story.states(each))


def does(shown: Shown) -> Iterator[Text]:
    """What a document does to other authorities, what is done against them first."""
    yield from _made(treated.effects(each.treatment for each in shown.says))


def _court(told: Event) -> Iterator[Text]:
    heading = ""
    for each in story.court(told):
        if each.heading != heading:
            heading = each.heading
            yield Text(heading, style="bold")
        yield Text.assemble((each.words, "bold yellow"), (f" {each.evidence}", "dim"))


def _made(deeds: Sequence[treated.Effect]) -> Iterator[Text]:
    yield from (Text(each.words, style="bold yellow") for each in deeds if each.is_negative)
    if rest := "; ".join(each.words for each in deeds if not each.is_negative):
        yield Text(rest)


def _timeline(steps: Sequence[story.Step], most: int | None, told: str) -> Iterator[Text]:
    shown = steps if most is None else steps[-most:]
    if left := len(steps) - len(shown):
        yield Text(f"{counted(left, 'earlier document')}: `lexwatch events` names each")
    for each in shown:
        is_told = bool(told) and plain(told) in each.evidence
        why = f", joined by: {each.evidence}" if each.evidence and not is_told else ""
        yield Text.assemble(f"• {each}", (why, "dim"))


def _dated(each: Dated) -> Text:
    rest = "".join(f", {words}" for words in (each.standing, each.read) if words)
    return Text.assemble((each.day, "" if each.live else "strike"), rest)


def _litigation(document: Document, relations: Sequence[Relation]) -> list[lineage.Related]:
    return [each for each in lineage.related(document, relations) if each.is_litigation]


def _joined(
    document: Document, standings: Sequence[Standing], relations: Sequence[Relation]
) -> Iterator[Text]:
    for each in lineage.related(document, relations):
        if not each.is_litigation:
            why = f", joined by: {each.evidence}" if each.evidence else ""
            yield Text.assemble(each.words, (why, "dim"))
    if more := lineage.more_editions(document, relations):
        yield Text(more)
    for words in lineage.elsewhere(document, standings):
        yield Text(f"related document’s date: {words}", style="green")
