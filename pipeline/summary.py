"""Say in one plain line what changed, quoting and never guessing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline import weight
from pipeline.editorial import NUMERALS
from pipeline.figure import authorities
from pipeline.model import Block, BlockKind, ChangeClass, Edit, EditKind, Version, Weight
from pipeline.permission import turned
from pipeline.quote import (
    NO_LONGER,
    NOUNS,
    NOW,
    altered,
    cut,
    dated,
    gisted,
    key_cell,
    place,
    quoted,
    shown,
)
from pipeline.requirement import binds, gist, sentences, telling
from pipeline.reworded import turns
from pipeline.turn import ORDER, Turn

PLACES = 6  # the most places named in one line …
TURNS = 3  # the most turns of words told of one place
QUOTED = 2  # blocks quoted of what came to, or went from, one place, beside one that turned
LENGTH = 900  # … within so many characters, but for the first; the rest are counted
DONE = {
    EditKind.DELETED: "removed",
    EditKind.INSERTED: "added",
    EditKind.MOVED: "moved here",
}
# The rules that explain some words as others; the rest explain a place or a mark.
SHOWN = frozenset({"cross-reference", "terminology", "numeral", "spelling"})
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
    edits: Sequence[Edit],
    fields: Sequence[tuple[str, str, str]],
    change_class: ChangeClass,
    preamble: Sequence[Edit] = (),
) -> str:
    """The line for a difference: dates that govern, then what counts by place, the weightiest
    first, then what a preamble says, then other fields; else the rules that explain it all.

    Of what came or went it quotes the sentence that binds or states a figure.
    """
    governing = [altered(*field) for field in fields if field[0] in weight.GOVERNING]
    others = [altered(*field) for field in fields if field[0] not in weight.GOVERNING]
    counting = [edit for edit in edits if not edit.rule]
    parts = [*governing, *_by_place(counting), *_explaining(preamble), *others]
    if parts:
        return "; ".join(parts)
    named = ", ".join(_ruled(edits))
    opening = "no change in what it says" if change_class is ChangeClass.NOISE else "wording only"
    return f"{opening}: {named}" if named else opening


def _ruled(edits: Sequence[Edit]) -> Iterator[str]:
    """The rules that account for edits, each with the words it explains where these are few."""
    for rule, count in Counter(edit.rule for edit in edits).items():
        said = f"{_count(count, 'edit')} by rule {quoted(rule)}"
        turned = Counter(
            turn.clause()
            for edit in edits
            if edit.rule == rule in SHOWN
            for turn in turns(edit)
            if turn.old and turn.new
        )
        clause = max(turned, key=turned.__getitem__, default="")
        yield f"{said} ({clause})" if clause else said


def _by_place(edits: Sequence[Edit]) -> Iterator[str]:
    places: dict[str, list[Edit]] = {}
    for edit in edits:
        places.setdefault(_place(edit), []).append(edit)
    groups = sorted(places.items(), key=lambda item: min(map(_order, item[1])))
    length = 0
    for told, (where, group) in enumerate(groups):
        part = f"{where}{_join([*_phrases(group)])}"
        length += len(part)
        if told and (told >= PLACES or length > LENGTH):
            yield f"changes in {_count(len(groups) - told, 'more place')}"
            return
        yield part


def _explaining(preamble: Sequence[Edit]) -> Iterator[str]:
    """What a preamble says no longer or now, each by the block that tells the most."""
    below = [edit for edit in preamble if shown(edit).kind is not BlockKind.HEADING]
    told: set[int] = set()
    for kind, verb in ((EditKind.DELETED, NO_LONGER), (EditKind.INSERTED, NOW)):
        acted = [edit for edit in below if edit.kind is kind]
        if acted:
            first = max(acted, key=lambda edit: _telling(shown(edit)))
            told.add(id(first))
            yield f"the preamble {verb}: {gisted(shown(first))}"
    if more := len(preamble) - len(told):
        yield f"{_count(more, 'more change' if told else 'change')} in the preamble"


def _order(edit: Edit) -> int:
    return ORDER[weight.of(edit)[0]]


def _place(edit: Edit) -> str:
    block = shown(edit)
    if block.kind is BlockKind.FOOTNOTE and (edit.old is None or edit.new is None):
        return ""
    return place(block) + (" " if block.kind is BlockKind.FOOTNOTE else ": ")


def _phrases(edits: Sequence[Edit]) -> Iterator[str]:
    """What came, what went, what moved and what was reworded at one place."""
    powers = _powers(edits)
    for act, done in DONE.items():
        acted = [edit for edit in edits if edit.kind is act]
        if acted:
            yield _acted(acted, done, powers)
    reworded = [edit for edit in edits if edit.kind is EditKind.REWORDED]
    if len(reworded) == 1:
        yield _turned(reworded[0])
    elif reworded:
        yield _several(reworded)


def _powers(edits: Sequence[Edit]) -> Mapping[str, int]:
    """The sentences of what went and of what came that treat the same act otherwise."""
    sides = [
        [shown(edit).text for edit in edits if edit.kind is kind]
        for kind in (EditKind.DELETED, EditKind.INSERTED)
    ]
    return turned(*sides) if all(sides) else {}


def _acted(edits: Sequence[Edit], done: str, powers: Mapping[str, int]) -> str:
    blocks = [shown(edit) for edit in edits]
    headings = [f"heading {quoted(cut(b.text))}" for b in blocks if b.kind is BlockKind.HEADING]
    below = [block for block in blocks if block.kind is not BlockKind.HEADING]
    counted = [_count(count, noun) for noun, count in _nouns(below).items()]
    if len(blocks) == 1 and blocks[0].kind is BlockKind.FOOTNOTE and blocks[0].label:
        counted = [place(blocks[0])]
    said = f"{_join([*headings, *counted])} {done}{_whence(edits)}"
    if not below:
        return said
    ranked = sorted(below, key=_telling, reverse=True)
    turning = [block for block in ranked if _turn_of(block, powers)][:1]
    ranked = [*turning, *(block for block in ranked if block not in turning)]
    if headings:  # the rule of a section stands first under its heading
        first = next((block for block in below if binds(block.text)), below[0])
        ranked = [first, *(block for block in ranked if block is not first)]
    most = QUOTED + bool(_turn_of(ranked[0], powers))
    told = [ranked[0], *(each for each in ranked[1:most] if _tells(each, powers))]
    quotes = _join([*dict.fromkeys(_quote(block, powers) for block in told)])
    return f"{said} ({'among them ' if 1 < len(told) < len(below) else ''}{quotes})"


def _telling(block: Block) -> int:
    return telling(gist(block), block)


def _tells(block: Block, powers: Mapping[str, int]) -> bool:
    """Whether a block is quoted beside one that tells more."""
    is_note = block.kind is BlockKind.FOOTNOTE
    return is_note or _telling(block) > 0 or bool(_turn_of(block, powers))


def _turn_of(block: Block, powers: Mapping[str, int]) -> str:
    return next((each for each in sentences(block.text) if each in powers), "") if powers else ""


def _quote(block: Block, powers: Mapping[str, int]) -> str:
    said = _turn_of(block, powers)
    return dated(said, powers[said]) if said else gisted(block)


def _whence(edits: Sequence[Edit]) -> str:
    """From where blocks moved, if all came from one place."""
    places = {place(edit.old) for edit in edits if edit.old and edit.kind is EditKind.MOVED}
    return f" from {places.pop()}" if len(places) == 1 else ""


def _turned(edit: Edit) -> str:
    """The weightiest turns of one block; for a footnote the authority it now cites."""
    old, new = edit.old, edit.new
    if old and new and new.kind is BlockKind.FOOTNOTE:
        before, after = authorities(old.text), authorities(new.text)
        if come := [cited for cited in after if cited not in before]:
            return "now cites " + " and ".join(quoted(cited) for cited in come)
        if gone := [cited for cited in before if cited not in after]:
            return "no longer cites " + " or ".join(quoted(cited) for cited in gone)
    key = key_cell(shown(edit))
    said = _clauses(turns(edit)) or "a block became another kind of block"
    return f"row {quoted(cut(key))}: {said}" if key else said


def _several(edits: Sequence[Edit]) -> str:
    nouns = _nouns([shown(edit) for edit in edits])
    counted = " and ".join(_count(count, noun) for noun, count in nouns.items())
    found = [turn for edit in edits for turn in turns(edit)]
    clauses = _clauses(sorted(found, key=lambda turn: ORDER[turn.weight]))
    return f"{counted} reworded" + (f" ({clauses})" if clauses else "")


def _clauses(found: Sequence[Turn]) -> str:
    """The weightiest turns that tell, or one of wording; how many more do is said."""
    clauses = dict.fromkeys(turn.clause() for turn in found if turn.weight is not Weight.WORDING)
    clauses = clauses or dict.fromkeys(turn.clause() for turn in found[:1])
    more = len(clauses) - TURNS
    rest = [f"{_count(more, 'more change')}"] if more > 0 else []
    return _join([*[*clauses][:TURNS], *rest])


def _nouns(blocks: Sequence[Block]) -> Mapping[str, int]:
    return Counter(NOUNS[block.kind] for block in blocks)


def _join(phrases: Sequence[str]) -> str:
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if phrases[1:] else phrases)


def _count(number: int, noun: str, *, figures: bool = False) -> str:
    word = str(number) if figures or number >= len(NUMBERS) else NUMBERS[number]
    return f"{word} {noun}" + ("" if number == 1 else "s")
