"""Apply a change to the text it was found in: the proof that its edits say all that differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.errors import LexwatchError
from pipeline.model import Block, Edit, Span


class Misfit(LexwatchError):
    """A change was applied to a text in which it was not found."""


def apply(old: Sequence[Block], edits: Iterable[Edit]) -> tuple[Block, ...]:
    """The new blocks, made of the old ones and the edits' spans, order included.

    A block without an edit is the old one itself: its kind, level and words are those of the new
    text; label, anchor, marks and trail, which are no part of what a text says, may not be. Raises
    `Misfit` for edits that were found in another text.
    """
    listed = tuple(edits)
    for edit in listed:
        _check(edit, old)
    come = {edit.new_index: _said(edit) for edit in listed if edit.new_index is not None}
    gone = {edit.old_index for edit in listed}
    kept = [block for position, block in enumerate(old) if position not in gone]
    places = [place for place in range(len(kept) + len(come)) if place not in come]
    if len(places) != len(kept):
        raise Misfit("The edits name places outside the new text: compare the two texts anew.")
    blocks = come | dict(zip(places, kept, strict=True))
    return tuple(blocks[place] for place in range(len(blocks)))


def revert(new: Sequence[Block], edits: Iterable[Edit]) -> tuple[Block, ...]:
    """The old blocks, made of the new ones and the edits: `apply`, the other way round."""
    return apply(
        new,
        (
            replace(
                edit,
                old=edit.new,
                new=edit.old,
                old_index=edit.new_index,
                new_index=edit.old_index,
                deleted=edit.inserted,
                inserted=edit.deleted,
            )
            for edit in edits
        ),
    )


def _check(edit: Edit, old: Sequence[Block]) -> None:
    if edit.old_index is None or edit.old is None:
        return
    held = old[edit.old_index].text if edit.old_index < len(old) else ""
    if held != edit.old.text:
        raise Misfit(
            f"Block {edit.old_index} is not the one the edit was found in: apply it to the version"
            " that it was compared with."
        )


def _said(edit: Edit) -> Block:
    """The new block, its words from what the old one keeps and what the edit inserts."""
    if edit.new is None:
        raise Misfit("An edit has a place in the new text and no block: compare the texts anew.")
    kept = _without(edit.old.text if edit.old else "", edit.deleted)
    text, end = "", 0
    for span in edit.inserted:
        length = span.start - end
        text += kept[:length] + edit.new.text[span.start : span.end]
        kept, end = kept[length:], span.end
    return replace(edit.new, text=text + kept)


def _without(text: str, spans: Sequence[Span]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + text[span.end :]
    return text
