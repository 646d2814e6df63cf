"""A change or a document in lines for a terminal: what it is, what it says, what holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from alerts import lineage, particulars
from alerts.dates import dated, unclear
from alerts.deadlines import urgent
from alerts.force import authority_of
from alerts.redline import quotation
from alerts.swept import Swept
from alerts.untrusted import plain
from alerts.wording import last_text, moment, reasons, shortened
from index.lookup import Shown
from index.search import Found, Hit
from pipeline.identifiers import REPORTED
from pipeline.model import (
    Change,
    ChangeKind,
    Document,
    Relation,
    RelationKind,
    Standing,
    Version,
)
from pipeline.pin import pin

QUOTED = 400  # characters of a quotation
ORDERED = 200  # characters of what a court's order says, where a line has to do
# Relations that leave the earlier document as it was.
UNTOUCHED = (RelationKind.SAME_SERIES, RelationKind.PUBLISHES)


def sort(version: Version) -> Iterator[Text]:
    """Who issued it, what it is, whom it binds; then what of it is not held."""
    named = authority_of(version)
    words = (plain(version.issuer), named.title, named.force)
    yield Text(" · ".join(filter(None, words)), style="dim")
    if lacking := particulars.not_held(version):
        yield Text(lacking, style="yellow")


def said(change: Change) -> Iterator[Text]:
    """Why it can't wait; then its own words where they are new or gone, else the summary."""
    kind = change.difference.kind
    for reason in urgent(change):
        yield Text(f"URGENT: {reason}", style="bold red")
    if kind is not ChangeKind.NEW:
        yield Text(plain(change.difference.summary))
    if kind is ChangeKind.NEXT:
        yield from (Text(f"• {reason}") for reason in reasons(change))
    if kind in (ChangeKind.REMOVED, ChangeKind.BACK):
        yield from (Text(plain(reason)) for reason in change.difference.reasons)
    if kind is ChangeKind.REMOVED:
        seen = moment(last_text(change).seen_at)
        yield Text(f"The last text we hold, as seen {seen}. It stays searchable.")
    if kind in (ChangeKind.NEW, ChangeKind.REMOVED):
        for words in quotation(last_text(change)):
            yield Text(f"“{shortened(plain(words), QUOTED)}”", style="italic")


def known(change: Change) -> Iterator[Text]:
    """What is known of a changed document; only what courts did to one that the site no longer
    shows."""
    yield from litigation(change.document, change.relations)
    if change.announcement:
        yield Text(plain(change.announcement.words))
    if change.difference.kind is not ChangeKind.REMOVED:
        yield from facts(change.new, change.standings, change.relations)


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


def gone(shown: Shown) -> Iterator[Text]:
    """That the site no longer shows the document, and when its text was last seen."""
    if shown.removed_at:
        seen = moment(shown.versions[-1].version.seen_at)
        words = (
            f"removed from the site by {moment(shown.removed_at)}; the last text we hold is that of"
        )
        yield Text(f"{words} {seen}", style="bold yellow")


def facts(
    version: Version,
    standings: Sequence[Standing],
    relations: Sequence[Relation],
    most: int | None = particulars.AMENDED,
) -> Iterator[Text]:
    """Dates and whether they hold, what is joined with the document, and what its data tells: at
    most so many of the places it amends."""
    for each in dated(version, standings):
        rest = "".join(f", {words}" for words in (each.standing, each.read) if words)
        yield Text.assemble((each.day, "" if each.live else "strike"), rest)
    yield from map(Text, unclear(version))
    yield from _joined(version.document, standings, relations)
    yield from map(Text, (*particulars.amended(version, most), *particulars.facts(version)))


def litigation(document: Document, relations: Sequence[Relation]) -> Iterator[Text]:
    """What courts did to a document, under a heading of its own: its text stays what it was."""
    for number, each in enumerate(_litigation(document, relations)):
        if number == 0:
            yield Text(lineage.LITIGATION, style="bold")
        yield Text.assemble(
            (each.words, "bold yellow"), (f" [{each.other.name}] {each.evidence}", "dim")
        )


def acted_on(document: Document, relations: Sequence[Relation]) -> Iterator[Text]:
    """What later documents did to one, for a reader who has only a line of it before them."""
    later = [each for each in relations if each.later != document and each.kind not in UNTOUCHED]
    for each in lineage.related(document, later):
        scope = f": {shortened(each.evidence, ORDERED)}" if each.is_litigation else ""
        yield Text(f"{each.words}{scope}", style="bold yellow")


def cited(hit: Hit, passage: Found) -> str:
    """How to cite a passage of a reported decision, or why no page of it can be cited; "" for what
    stands in no reporter."""
    if hit.document.kind not in REPORTED:
        return ""
    if cited := pin(hit.citation, passage.page):
        return f"cite as {cited}"
    if hit.form:
        return f"{hit.form}: no page can be cited"
    return "stands on no page of the reporter that can be cited: an official headnote, or unpaged"


def _litigation(document: Document, relations: Sequence[Relation]) -> list[lineage.Related]:
    return [each for each in lineage.related(document, relations) if each.is_litigation]


def _joined(
    document: Document, standings: Sequence[Standing], relations: Sequence[Relation]
) -> Iterator[Text]:
    for each in lineage.related(document, relations):
        if not each.is_litigation:
            yield Text.assemble(each.words, (f" [{each.other.name}] {each.evidence}", "dim"))
    if more := lineage.more_editions(document, relations):
        yield Text(more)
    for words in lineage.elsewhere(document, standings):
        yield Text(f"related document’s date: {words}", style="green")
