"""Name the place of an edit or the field, and quote the words a change turns on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pipeline.editorial import OPERATIVE, alike
from pipeline.model import Block, BlockKind, Edit, Span

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
AUTHORITY = re.compile(
    r"\b\d+\s+(?:CFR|C\.F\.R\.|U\.S\.C\.|USC|I&N Dec\.|FR|Fed\. Reg\.|USCIS-PM)"
    r"\s+§*\s*[\w.]+(?:\(\w+\))*|\bINA\s+(?:§+\s*|section\s+)?\d+[A-Z]?(?:\(\w+\))*"
)
# What a changed number belongs to: quoted whole, so that "10" never stands without its June.
FIGURE = re.compile(
    rf"\b{MONTH}\s+\d{{1,2}},\s+\d{{4}}|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\$[\d,.]*\d"
    r"|\b\d+(?:\.\d+)?(?:\s+|-)(?:calendar |business )?(?:days?|weeks?|months?|years?|percent)\b"
    r"|\b(?:Form\s+)?[A-Z]{1,4}-\d+[A-Z]*\b"
)
ENUMERATOR = re.compile(r"^(?:section\s+)?([A-Z]|\d{1,2}|[ivxl]+)\.\s", re.IGNORECASE)
NOUNS = {
    BlockKind.HEADING: "heading",
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.ITEM: "list item",
    BlockKind.ROW: "table row",
    BlockKind.FOOTNOTE: "footnote",
}
# What lawyers call the publishers' fields whose own names do not say it.
FIELDS = {
    "pra-comments-close date": "date on which Paperwork Reduction Act comments close",
    "comments-close date": "date on which comments close",
    "docket_ids": "docket numbers",
    "rins": "regulation identifier numbers (RIN)",
    "cfr_references": "CFR parts affected",
    "correction_of": "corrects document",
    "start_page": "first page",
    "end_page": "last page",
    "significant": "significant under Executive Order 12866",
    "subtype": "kind of document",
    "affected_sections": "Policy Manual sections affected",
    "amends": "CFR sections amended",
    "text": "form in which the text is held",
    "filing_type": "filing for public inspection",
    "edition_date": "edition date of the form",
    "other_editions": "other editions that are named",
    "fees": "fees stated",
    "resources": "resources listed",
    "pending_filings": "what is said of pending filings",
    "superseded_numbers": "memoranda superseded",
    "decided_by_board": "decided by the Board on",
    "as_of": "text as it stood on",
    "cancellation": "cancels",
    "comment_period": "comment period as posted",
}
CORRECTED = "a correction was published"
UNSTATED = "not stated"  # as `diff` prints a field that one side does not have
WORDS = 14  # the most words quoted of one side
REACH = 80  # characters; no citation or date is longer
DIGIT = re.compile(r"\d")


class Force(IntEnum):
    """How much a changed word tells: an operative word most, what a rule explains least."""

    EXPLAINED = 0
    WORDING = 1
    FIGURE = 2
    AUTHORITY = 3
    OPERATIVE = 4


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Words that became other words; either side may be empty."""

    old: str
    new: str
    force: Force

    def clause(self, where: str = "") -> str:
        """The turn as a clause, with its place if one is given."""
        if not self.old:
            return f"{quoted(self.new)} was added" + (where and f" to {where}")
        if not self.new:
            return f"{quoted(self.old)} was removed" + (where and f" from {where}")
        return f"{quoted(self.old)} became {quoted(self.new)}" + (where and f" in {where}")


def place(block: Block) -> str:
    """Where a block stands, as a lawyer would cite it: "section B.2", "footnote 12"."""
    if block.kind is BlockKind.FOOTNOTE:
        return f"footnote {block.label}" if block.label else "a footnote"
    headings = (*block.trail, block.text) if block.kind is BlockKind.HEADING else block.trail
    if not headings:
        return "the text"
    marks = [ENUMERATOR.match(heading) for heading in headings]
    numbered = ".".join(mark.group(1) for mark in marks if mark)
    if not numbered:
        return f"section {quoted(headings[-1])}"
    return f"section {numbered}" + ("" if marks[-1] else f", {quoted(headings[-1])}")


def quoted(text: str) -> str:
    """The first words of a text in quotation marks; an ellipsis says where it was cut."""
    words = text.split()
    cut = " ".join(words[:WORDS]) + (" …" if len(words) > WORDS else "")
    return '"' + cut.replace('"', "'") + '"'


def field(name: str, old: str) -> str:
    """What a reader calls a publisher's field that held `old` before."""
    if name == "corrections" and old == UNSTATED:
        return CORRECTED
    return FIELDS.get(name) or name.replace("_", " ").replace("-", " ")


def altered(name: str, old: str, new: str) -> str:
    """How a publisher's field changed, as a clause."""
    called = field(name, old)
    return f"{called}: {new}" if called == CORRECTED else f"{called}: {old} → {new}"


@lru_cache(maxsize=1024)  # the reasons and the summary both ask, edit by edit
def turns(edit: Edit) -> tuple[Turn, ...]:
    """What became what in a reworded block, the most telling first."""
    if edit.old is None or edit.new is None:
        return ()
    found = [_turn(edit.old.text, edit.new.text, *spans) for spans in _replaced(edit)]
    return tuple(sorted(found, key=lambda turn: -turn.force))


def authorities(text: str) -> tuple[str, ...]:
    """The citations in a text, as printed, in order."""
    return tuple(dict.fromkeys(AUTHORITY.findall(text)))


def _replaced(edit: Edit) -> Iterator[tuple[Span, Span]]:
    """Pair each deleted span with the inserted span at the same place of the kept text."""
    gone = dict(_offsets(edit.deleted))
    come = dict(_offsets(edit.inserted))
    lost, gained = 0, 0
    for kept in sorted(gone.keys() | come.keys()):
        old = gone.get(kept, Span(start=kept + lost, end=kept + lost))
        new = come.get(kept, Span(start=kept + gained, end=kept + gained))
        lost += old.end - old.start
        gained += new.end - new.start
        yield old, new


def _offsets(spans: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    """Each span with the count of kept characters before it."""
    gone = 0
    for span in spans:
        yield span.start - gone, span
        gone += span.end - span.start


def _turn(old_text: str, new_text: str, old: Span, new: Span) -> Turn:
    before, after = old_text[old.start : old.end], new_text[new.start : new.end]
    force = Force.WORDING
    if OPERATIVE.search(before) or OPERATIVE.search(after):
        force = Force.OPERATIVE
    elif _within(AUTHORITY, old_text, old) or _within(AUTHORITY, new_text, new):
        force = Force.AUTHORITY
    elif DIGIT.search(before + after):
        force = Force.FIGURE
    elif alike(before, after):
        force = Force.EXPLAINED
    if force in (Force.AUTHORITY, Force.FIGURE):
        before, after = _widened(old_text, old), _widened(new_text, new)
    return Turn(old=before.strip(), new=after.strip(), force=force)


def _widened(text: str, span: Span) -> str:
    """The span with every whole citation, date, sum or period that it touches."""
    start, end = span.start, span.end
    for pattern in (AUTHORITY, FIGURE):
        if found := _within(pattern, text, span):
            start, end = min(start, found.start()), max(end, found.end())
    return text[start:end] if span.start < span.end else ""


def _within(pattern: re.Pattern[str], text: str, span: Span) -> re.Match[str] | None:
    """The match that the span touches, looked for no farther off than a citation is long."""
    start, end = max(0, span.start - REACH), span.end + REACH
    return next(
        (
            found
            for found in pattern.finditer(text, start, end)
            if found.start() < span.end and span.start < found.end()
        ),
        None,
    )
