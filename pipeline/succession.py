"""Compare a document with the one before it in its series, and a bulletin with its correction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from pipeline import diff, series, weight
from pipeline.align import align
from pipeline.bulletin import Cell, charts
from pipeline.model import Block, ChangeClass, ChangeKind, Difference, Edit, Version, Weight
from pipeline.movement import brief, movements, tell
from pipeline.series import Month
from pipeline.summary import summarise
from pipeline.turn import ordered

CHARTED = "visa-bulletin"  # the kind of documents whose charts are read as data


def succeed(old: Version, new: Version) -> Difference:
    """Say how a document new to us differs from `old`, which came before it in its series.

    What moved in its charts is told as such. What differs by the name of the month alone is noise
    by a rule; an issue in which nothing else differs is no substance, but never noise itself.
    """
    before, after = charts(old.blocks), charts(new.blocks)
    months = series.month_of(old.title), series.month_of(new.title)
    pairs = align(_marked(old.blocks, before, months[0]), _marked(new.blocks, after, months[1]))
    found = tuple(diff.edits(old.blocks, new.blocks, pairs, _explanation(*months)))
    moved = tell(movements(before, after), (*after, *before))
    rows = {cell.row for cell in before}, {cell.row for cell in after}
    rest = [edit for edit in found if not _is_told(edit, *rows)]
    is_counted = any(not edit.rule for edit in rest)
    return Difference(
        kind=ChangeKind.NEXT,
        change_class=ChangeClass.SUBSTANTIVE if moved or is_counted else ChangeClass.EDITORIAL,
        edits=found,
        metadata=(),
        reasons=(
            f"Compared with the one before it in its series: {old.title}.",
            *(f"{line}." for line in moved),
            *(weight.reasons(rest, ()) if rest else ()),
        ),
        summary=f"new: {new.title}: {_summary(moved, rest, is_counted=is_counted)}",
        weights=_weights(moved, rest),
    )


def correct(old: Version, new: Version) -> Difference | None:
    """Say how a document differs from its own earlier text, as `diff.compare` does; what a
    bulletin's correction moved in its charts is told as such."""
    found = diff.compare(old, new)
    if found is None or found.kind is not ChangeKind.TEXT or new.document.kind != CHARTED:
        return found
    before, after = charts(old.blocks), charts(new.blocks)
    moved = tell(movements(before, after), (*after, *before))
    if not moved:
        return found
    rows = {cell.row for cell in before}, {cell.row for cell in after}
    rest = [edit for edit in found.edits if not _is_told(edit, *rows)]
    is_counted = any(not edit.rule for edit in rest) or bool(found.metadata)
    said = [brief(moved)]
    if is_counted:
        said.append(summarise(rest, found.metadata, weight.classify(rest, found.metadata)))
    return replace(
        found,
        change_class=ChangeClass.SUBSTANTIVE,
        reasons=(
            "Corrected in place: the charts of the same issue say something else now.",
            *(f"{line}." for line in moved),
            *(weight.reasons(rest, found.metadata) if rest or found.metadata else ()),
        ),
        summary=f"corrected: {'; '.join(said)}",
        weights=_weights(moved, rest),
    )


def _summary(moved: Sequence[str], rest: Sequence[Edit], *, is_counted: bool) -> str:
    said = [brief(moved)] if moved else []
    if is_counted or not moved:
        said.append(summarise(rest, (), weight.classify(rest, ())))
    return "; ".join(said)


def _weights(moved: Sequence[str], rest: Sequence[Edit]) -> tuple[Weight, ...]:
    """What an issue turns on: the dates of its charts, and its other words."""
    return ordered((*([Weight.DATE] if moved else []), *weight.weights(rest)))


def _marked(blocks: Sequence[Block], cells: Sequence[Cell], month: Month | None) -> list[Block]:
    """The blocks as they are paired: a chart's row by its place and not by what stands in it, and
    every other text whatever the month."""
    rows = {cell.row: " ".join(cell.place[:3]) for cell in cells}
    return [
        replace(block, text=rows.get(position) or series.neutral(block.text, month))
        for position, block in enumerate(blocks)
    ]


def _explanation(before: Month | None, after: Month | None) -> Callable[[str, str], str]:
    """What accounts for differing words: between the issues of two months, their names too."""
    if before is None or after is None:
        return diff.explained
    return lambda one, other: (
        diff.explained(one, other) or series.explain(one, other, before, after)
    )


def _is_told(
    edit: Edit, old_rows: Collection[int | None], new_rows: Collection[int | None]
) -> bool:
    """Whether the movements of a chart tell an edit: its row's values, not its row's own words."""
    if edit.old is None or edit.new is None:
        return edit.old_index in old_rows or edit.new_index in new_rows
    is_row = edit.old_index in old_rows and edit.new_index in new_rows
    return is_row and edit.old.text.split("|")[0] == edit.new.text.split("|")[0]
