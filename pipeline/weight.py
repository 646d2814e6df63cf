"""What a difference weighs, and the reasons in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline import editorial, noise
from pipeline.model import ChangeClass, Edit, EditKind
from pipeline.noise import Rule
from pipeline.quote import NOUNS, Force, place, quoted, turns

NOISE = frozenset(rule.name for rule in noise.RULES)
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        *noise.RULES,
        *editorial.RULES,
        editorial.SPELLING,
        editorial.LAYOUT,
        editorial.ORDER,
        editorial.TERMINOLOGY_SWEEP,
    )
}


def classify(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> ChangeClass:
    """Substantive unless a named rule accounts for every edit: in doubt, the law moved.

    A changed field (a date, an agency) outweighs changed wording.
    """
    if any(not edit.rule for edit in edits):
        return ChangeClass.SUBSTANTIVE
    if fields:
        return ChangeClass.METADATA
    if any(edit.rule not in NOISE for edit in edits):
        return ChangeClass.EDITORIAL
    return ChangeClass.NOISE


def reasons(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """One sentence for each edit that counts, the most telling first; then one for each field that
    changed, and one for each rule that accounted for other edits.
    """
    counting = [edit for edit in edits if not edit.rule]
    told = [_tell(edit) for edit in sorted(counting, key=lambda edit: -_force(edit))]
    told += [
        f"The {name} changed from {quoted(old)} to {quoted(new)}." for name, old, new in fields
    ]
    told += _explained(edits)
    return tuple(dict.fromkeys(told)) or (
        "Only the typography of the title or of a field differs, or where footnotes are printed.",
    )


def _force(edit: Edit) -> int:
    """Blocks gone or come tell as much as an operative word; of turns the weightiest counts."""
    if edit.kind in (EditKind.INSERTED, EditKind.DELETED):
        return Force.OPERATIVE
    return max((turn.force for turn in turns(edit)), default=Force.WORDING)


def _tell(edit: Edit) -> str:
    block = edit.new or edit.old
    assert block is not None  # noqa: S101 - an edit has at least one side
    noun, where = NOUNS[block.kind], place(block)
    if edit.old is None:
        return f"A {noun} was added to {where}: {quoted(block.text)}."
    if edit.new is None:
        return f"A {noun} was removed from {where}: {quoted(block.text)}."
    if edit.kind is EditKind.MOVED:
        return f"A {noun} moved from {place(edit.old)} to {where}: {quoted(block.text)}."
    return _reworded(edit, where)


def _reworded(edit: Edit, where: str) -> str:
    changed = turns(edit)
    if not changed:
        return f"A block became another kind of block in {where}."
    more = len(changed) - 1
    rest = f", with {more} more {'change' if more == 1 else 'changes'} in it" if more else ""
    return f"{changed[0].clause(where)}{rest}."


def _explained(edits: Sequence[Edit]) -> Iterator[str]:
    counts = Counter(edit.rule for edit in edits if edit.rule)
    for name, count in counts.items():
        edits_are = "1 edit is" if count == 1 else f"{count} edits are"
        standing = "ignored" if name in NOISE else "only editorial"
        yield f"{edits_are} {standing} by the rule {quoted(name)}: {RULES[name].why}"
