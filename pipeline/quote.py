"""Name the place of an edit or the field, and quote a text."""

from __future__ import annotations

import re
import textwrap

from pipeline.figure import figures
from pipeline.model import Block, BlockKind, Edit, Weight
from pipeline.requirement import first_operative, gist

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
    "significant": "marking as significant under Executive Order 12866",
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
NO_LONGER, NOW = "no longer says", "now says"  # a preamble, of what binds nobody
UNSTATED = "not stated"  # as `diff` prints a field that one side does not have
WORDS = 14  # the most words quoted of one side …
GIST = 22  # … and of a sentence that says what came or went
LONGEST = 60  # characters of one of them
BEFORE = 6  # of them before the telling word, where it stands further on
FIELD = 160  # characters of a publisher's field


def shown(edit: Edit) -> Block:
    """The block by which an edit is told: as it reads now, or as it read."""
    block = edit.new or edit.old
    assert block is not None  # noqa: S101 - an edit has at least one side
    return block


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
        return f"section {quoted(cut(headings[-1]))}"
    return f"section {numbered}" + ("" if marks[-1] else f", {quoted(cut(headings[-1]))}")


def key_cell(block: Block) -> str:
    """What a table row is the row of: its first cell; of no other block anything."""
    from pipeline import cells  # noqa: PLC0415 - rare, and long to load

    return cells.split(block.text)[0] if block.kind is BlockKind.ROW else ""


def cut(text: str, *, most: int = WORDS, at: int = 0) -> str:
    """The first words of a text, `most` at the most, or those about the character `at` where it
    stands too far on; an ellipsis says where it was cut."""
    lead, start = text[:at], 0
    if len(lead.split(None, most - BEFORE)) > most - BEFORE:
        start = len(lead.rsplit(None, BEFORE)[0])
    words = text[start:].split(None, most)
    said = " ".join(word[:LONGEST] for word in words[:most])
    return f"{'… ' if start else ''}{said}{' …' if len(words) > most else ''}"


def quoted(text: str) -> str:
    """A text in quotation marks, as it is: what is long is `cut` before."""
    return '"' + text.replace('"', "'") + '"'


def closed(said: str) -> str:
    """A sentence with its full stop, if no quotation ends it with one."""
    return said if said.endswith(('."', '?"', '!"')) else f"{said}."


def gisted(block: Block) -> str:
    """The sentence of a block that tells the most, quoted about the words that bind."""
    said = gist(block)
    return quoted(cut(said, most=GIST, at=first_operative(said)))


def dated(said: str, at: int) -> str:
    """A sentence quoted about the character `at`; a date of it that is cut off stands before."""
    part = cut(said, most=GIST, at=at)
    stated = figures(Block(kind=BlockKind.PARAGRAPH, text=said))
    days = [one.text for one in stated if one.weight is Weight.DATE and one.text not in part]
    return f"{', '.join(map(quoted, days))}: {quoted(part)}" if days else quoted(part)


def field(name: str, old: str) -> str:
    """What a reader calls a publisher's field that held `old` before."""
    if name == "corrections" and old == UNSTATED:
        return CORRECTED
    return FIELDS.get(name) or name.replace("_", " ").replace("-", " ")


def altered(name: str, old: str, new: str) -> str:
    """How a publisher's field changed, as a clause."""
    called = field(name, old)
    if called == CORRECTED:
        return f"{called}: {new}"
    return f"{called}: {_shortened(old)} → {_shortened(new)}"


def _shortened(value: str) -> str:
    return textwrap.shorten(value, FIELD, placeholder=" …") if len(value) > FIELD else value
