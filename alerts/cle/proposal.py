"""What a final rule says otherwise than the proposal that it makes final."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from alerts import wording
from alerts.cle.development import Development, Shelf
from alerts.cle.sources import Sources
from alerts.packet.content import Style
from alerts.packet.draft import Draft
from alerts.particulars import not_held
from alerts.redline import Line, foremost, redline
from alerts.untrusted import plain
from pipeline import diff
from pipeline.model import Change, ChangeKind, Document, RelationKind, Version
from pipeline.preamble import parted

LINES = 15  # of the comparison; how many more there are is said
SECTIONS = 12  # amended sections named


def tell(draft: Draft, item: Development, shelf: Shelf, sources: Sources, level: int) -> None:
    """Write what became of each proposal that a development makes final: compared where both texts
    are held in full, else why they are not compared."""
    for document in proposals(item.change):
        held = shelf.proposals.get(document)
        notes = (item.number, sources.of(document))
        draft.heading("From the proposal to the final rule", level)
        if lacking := _lacking(held, item.change.new):
            draft.paragraph(f"Not compared with the proposal: {lacking}", notes=notes)
        elif held is not None:
            _compare(draft, held, item.change, notes)


def proposals(change: Change) -> tuple[Document, ...]:
    """What a change's document makes final."""
    return tuple(
        each.earlier
        for each in change.relations
        if each.kind is RelationKind.FINALISES and each.later == change.document
    )


def _lacking(proposed: Version | None, final: Version) -> str:
    """Why the two cannot be compared, in a sentence; "" where they can."""
    if proposed is None or not proposed.blocks:
        return "its text is not held."
    for called, text in (("the proposal", proposed), ("the final rule", final)):
        if lacking := not_held(text):
            return f"of {called}, {lacking[:1].lower()}{lacking[1:]}"
    return ""


def _compare(draft: Draft, proposed: Version, change: Change, notes: tuple[int, ...]) -> None:
    for words in _amended(proposed, change.new):
        draft.bullet(words, notes=notes)
    lines = _differing(proposed, change)
    if not lines:
        draft.paragraph("The regulatory text and the dates are as proposed.", notes=notes)
        return
    draft.paragraph(
        "Regulatory text and dates, from the proposal to the final rule. Left out is what only the "
        "preambles say otherwise, and what by a rule is no change of substance, as a renumbering.",
        ours=True,
    )
    for line in foremost(lines, LINES):
        place = " · ".join(filter(None, (line.place, line.note)))
        if place:
            draft.paragraph(place, style=Style.SOURCE, notes=notes)
        draft.redline(line.pieces, notes=notes)
    if (more := len(lines) - LINES) > 0:
        draft.paragraph(f"{wording.counted(more, 'more edit')}: read the two texts.", notes=notes)


def _differing(proposed: Version, change: Change) -> tuple[Line, ...]:
    """What counts of the difference, in the regulatory text and the dates."""
    difference = diff.compare(proposed, change.new)
    if difference is None or difference.kind is not ChangeKind.TEXT:
        return ()
    binding = parted(difference.edits, proposed, change.new).binding
    apart = replace(difference, edits=tuple(edit for edit in binding if not edit.rule))
    return redline(replace(change, old=proposed, difference=apart))


def _amended(proposed: Version, final: Version) -> Iterator[str]:
    """Which places of the Code only one of the two amends."""
    was, now = _places(proposed), _places(final)
    if not was or not now:
        return
    for words, only in (
        ("Amended by the proposal, not by the final rule", [one for one in was if one not in now]),
        ("Amended by the final rule, not by the proposal", [one for one in now if one not in was]),
    ):
        if only:
            more = f"; and {len(only) - SECTIONS} more" if len(only) > SECTIONS else ""
            yield f"{words}: {'; '.join(only[:SECTIONS])}{more}."


def _places(version: Version) -> list[str]:
    return [*dict.fromkeys(plain(each["section"]) for each in version.metadata.get("amends", ()))]
