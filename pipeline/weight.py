"""What a difference weighs, and the reasons in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline import editorial, noise, series
from pipeline.figure import figures
from pipeline.model import Block, BlockKind, ChangeClass, DateKind, Edit, EditKind, Weight
from pipeline.noise import Rule
from pipeline.quote import (
    CORRECTED,
    NOUNS,
    altered,
    cut,
    field,
    gisted,
    key_cell,
    place,
    quoted,
)
from pipeline.requirement import binds, called, gist
from pipeline.reworded import turns
from pipeline.turn import ORDER, Turn, ordered

# The days on which a duty, a right or a chance begins or ends; the others only say when an agency
# spoke.
GOVERNING = frozenset(
    f"{kind} date"  # as `diff` names the field
    for kind in (
        *(DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE, DateKind.EXPIRES),
        *(DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE),
    )
)
NOISE = frozenset(rule.name for rule in (*noise.RULES, *series.NOISE))
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        *noise.RULES,
        *editorial.RULES,
        *series.RULES,
        editorial.SPELLING,
        editorial.LAYOUT,
        editorial.ORDER,
        editorial.TERMINOLOGY_SWEEP,
    )
}


def classify(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> ChangeClass:
    """Substantive unless a named rule accounts for every edit: in doubt, the law moved.

    A date that governs is law. Any other changed field (a docket, an agency) is metadata and
    outweighs changed wording.
    """
    if any(not edit.rule for edit in edits) or any(name in GOVERNING for name, _, _ in fields):
        return ChangeClass.SUBSTANTIVE
    if fields:
        return ChangeClass.METADATA
    if any(edit.rule not in NOISE for edit in edits):
        return ChangeClass.EDITORIAL
    return ChangeClass.NOISE


def weights(
    edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]] = ()
) -> tuple[Weight, ...]:
    """What the edits that count, and the dates that govern, turn on, the most telling first."""
    found = {weight for edit in edits if not edit.rule for weight in of(edit)}
    if any(name in GOVERNING for name, _, _ in fields):
        found.add(Weight.DATE)
    return ordered(found)


@lru_cache(maxsize=1024)  # the reasons and the summary ask too
def of(edit: Edit) -> tuple[Weight, ...]:
    """What one edit turns on, the most telling first: of words that came or went, or stand under
    another heading now, whether they bind and which figures they state."""
    found = [weight for turn in turns(edit) for weight in turn.weights]
    if edit.kind is not EditKind.REWORDED:
        found += _stated(_block(edit))
    return ordered(found) or (Weight.WORDING,)


def reasons(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """A sentence for each date that governs and has changed; for each edit that counts and each
    thing it turns on, the most telling first; for each other field that changed; for each rule that
    accounted for other edits.
    """
    first = [one for one in fields if one[0] in GOVERNING]
    told = [_restated(*one) for one in first]
    counted = [each for edit in edits if not edit.rule for each in _tell(edit)]
    told += [said for _, said in sorted(counted, key=lambda each: ORDER[each[0]])]
    told += [_restated(*one) for one in fields if one not in first]
    told += _explained(edits)
    return tuple(dict.fromkeys(told)) or (
        "Only the typography of the title or of a field differs, or where footnotes are printed.",
    )


def _stated(block: Block) -> Iterator[Weight]:
    if block.kind is not BlockKind.HEADING and binds(block.text):
        yield Weight.REQUIREMENT
    yield from (figure.weight for figure in figures(block) if figure.weight is not Weight.NUMBER)
    yield Weight.TEXT


def _restated(name: str, old: str, new: str) -> str:
    called_ = field(name, old)
    if called_ == CORRECTED:
        return f"{_initial(altered(name, old, new))}."
    return f"The {called_} changed from {quoted(cut(old))} to {quoted(cut(new))}."


def _tell(edit: Edit) -> Iterator[tuple[Weight, str]]:
    """The sentences for one edit, each with what it turns on."""
    where = place(_block(edit))
    if edit.kind is not EditKind.REWORDED:
        yield of(edit)[0], _came_or_went(edit, where)
    if key := key_cell(_block(edit)):
        where = f"{where}, row {quoted(cut(key))}"
    yield from _turned(turns(edit), where)
    if edit.kind is EditKind.REWORDED and not turns(edit):
        yield Weight.WORDING, f"A block became another kind of block in {where}."


def _turned(found: Sequence[Turn], where: str) -> Iterator[tuple[Weight, str]]:
    """A sentence for each turn that tells; of mere wording one, and how much more there is."""
    telling = [turn for turn in found if turn.weight is not Weight.WORDING]
    yield from ((turn.weight, turn.sentence(where)) for turn in telling or found[:1])
    more = len(found) - len(telling) - (not telling)
    if found and more > 0:
        changes = "change" if more == 1 else "changes"
        yield Weight.WORDING, f"{_initial(where)} has {more} more {changes} of wording."


def _came_or_went(edit: Edit, where: str) -> str:
    block = _block(edit)
    if edit.old is not None and edit.new is not None:
        noun = _called(block)
        return f"{_initial(noun)} moved from {place(edit.old)} to {where}: {gisted(block)}."
    done = "added" if edit.new else "removed"
    if block.kind is BlockKind.FOOTNOTE:
        return f"{_initial(where)} was {done}: {gisted(block)}."
    towards = "to" if edit.new else "from"
    return f"{_initial(_called(block))} was {done} {towards} {where}: {gisted(block)}."


def _called(block: Block) -> str:
    """What came or went, as far as its words say: "a requirement", "a paragraph with a fee"."""
    noun = f"a {NOUNS[block.kind]}"
    if block.kind is BlockKind.HEADING:
        return noun
    if binds(block.text):
        binding = called(gist(block))
        return binding if block.kind is BlockKind.PARAGRAPH else f"{binding} ({noun[2:]})"
    told = [figure for figure in figures(block) if figure.weight is not Weight.NUMBER]
    first = min(told, key=lambda figure: ORDER[figure.weight], default=None)
    return f"{noun} with {first.noun}" if first else noun


def _block(edit: Edit) -> Block:
    block = edit.new or edit.old
    assert block is not None  # noqa: S101 - an edit has at least one side
    return block


def _initial(words: str) -> str:
    return words[:1].upper() + words[1:]


def _explained(edits: Sequence[Edit]) -> Iterator[str]:
    counts = Counter(edit.rule for edit in edits if edit.rule)
    for name, count in counts.items():
        edits_are = "1 edit is" if count == 1 else f"{count} edits are"
        standing = "ignored" if name in NOISE else "only editorial"
        yield f"{edits_are} {standing} by the rule {quoted(name)}: {RULES[name].why}"
