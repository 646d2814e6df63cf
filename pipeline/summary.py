"""Say in one plain line what changed, quoting and never guessing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.editorial import NUMERALS
from pipeline.model import Block, BlockKind, ChangeClass, Edit, EditKind, Version
from pipeline.quote import NOUNS, Force, altered, authorities, place, quoted, turns

PLACES = 6  # the most places named in one line; the rest are counted
DONE = {
    EditKind.DELETED: "removed",
    EditKind.INSERTED: "added",
    EditKind.MOVED: "moved here",
}
NUMBERS = ("no", *NUMERALS)


def announce(new: Version) -> str:
    """The line for a document first seen."""
    notes = sum(block.kind is BlockKind.FOOTNOTE for block in new.blocks)
    paragraphs = sum(
        block.kind not in (BlockKind.FOOTNOTE, BlockKind.HEADING) for block in new.blocks
    )
    size = [_count(paragraphs, "paragraph", figures=True)]
    if notes:
        size.append(_count(notes, "footnote", figures=True))
    return f"new: {new.title} ({', '.join(size)})"


def summarise(
    edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]], change_class: ChangeClass
) -> str:
    """The line for a difference: what counts by place; else the rules that explain it all."""
    counting = [edit for edit in edits if not edit.rule]
    parts = _by_place(counting) + [altered(*field) for field in fields]
    if parts:
        return "; ".join(parts)
    rules = Counter(edit.rule for edit in edits)
    named = ", ".join(f"{_count(n, 'edit')} by rule {quoted(rule)}" for rule, n in rules.items())
    opening = "no change in what it says" if change_class is ChangeClass.NOISE else "wording only"
    return f"{opening}: {named}" if named else opening


def _by_place(edits: Sequence[Edit]) -> list[str]:
    places: dict[str, list[Edit]] = {}
    for edit in edits:
        places.setdefault(_place(edit), []).append(edit)
    parts = [f"{where}{_join(list(_phrases(group)))}" for where, group in places.items()]
    more = len(parts) - PLACES
    return [*parts[:PLACES], f"changes in {_count(more, 'more place')}"] if more > 0 else parts


def _place(edit: Edit) -> str:
    block = _block(edit)
    if block.kind is BlockKind.FOOTNOTE and (edit.old is None or edit.new is None):
        return ""
    return place(block) + (" " if block.kind is BlockKind.FOOTNOTE else ": ")


def _phrases(edits: Sequence[Edit]) -> Iterator[str]:
    for act, done in DONE.items():
        blocks = [_block(edit) for edit in edits if edit.kind is act]
        headings = [f"heading {quoted(b.text)}" for b in blocks if b.kind is BlockKind.HEADING]
        nouns = Counter(NOUNS[b.kind] for b in blocks if b.kind is not BlockKind.HEADING)
        if blocks:
            counted = [_count(count, noun) for noun, count in nouns.items()]
            yield f"{_join([*headings, *counted])} {done}"
    reworded = [edit for edit in edits if edit.kind is EditKind.REWORDED]
    if len(reworded) == 1:
        yield _turned(reworded[0])
    elif reworded:
        yield _several(reworded)


def _turned(edit: Edit) -> str:
    """The weightiest turn of one block; for a footnote the authority it now cites."""
    old, new = edit.old, edit.new
    if old and new and new.kind is BlockKind.FOOTNOTE:
        before, after = authorities(old.text), authorities(new.text)
        if come := [cited for cited in after if cited not in before]:
            return "now cites " + " and ".join(quoted(cited) for cited in come)
        if gone := [cited for cited in before if cited not in after]:
            return "no longer cites " + " or ".join(quoted(cited) for cited in gone)
    changed = turns(edit)
    return changed[0].clause() if changed else "a block became another kind of block"


def _several(edits: Sequence[Edit]) -> str:
    nouns = Counter(NOUNS[_block(edit).kind] for edit in edits)
    counted = " and ".join(_count(count, noun) for noun, count in nouns.items())
    telling = [turn for edit in edits for turn in turns(edit) if turn.force > Force.WORDING]
    first = max(telling, key=lambda turn: turn.force, default=None)
    return f"{counted} reworded" + (f" ({first.clause()})" if first else "")


def _block(edit: Edit) -> Block:
    block = edit.new or edit.old
    assert block is not None  # noqa: S101 - an edit has at least one side
    return block


def _join(phrases: Sequence[str]) -> str:
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if phrases[1:] else phrases)


def _count(number: int, noun: str, *, figures: bool = False) -> str:
    word = str(number) if figures or number >= len(NUMBERS) else NUMBERS[number]
    return f"{word} {noun}" + ("" if number == 1 else "s")
