"""What a difference weighs, and the reasons in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline import editorial, noise, series
from pipeline.model import BlockKind, ChangeClass, DateKind, Edit, EditKind
from pipeline.noise import Rule
from pipeline.quote import CORRECTED, NOUNS, Force, altered, field, place, quoted, turns

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


def reasons(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """One sentence for each date that governs and has changed; for each edit that counts, the most
    telling first; for each other field that changed; for each rule that accounted for other edits.
    """
    counting = [edit for edit in edits if not edit.rule]
    first = [one for one in fields if one[0] in GOVERNING]
    told = [_restated(*one) for one in first]
    told += [_tell(edit) for edit in sorted(counting, key=lambda edit: -_force(edit))]
    told += [_restated(*one) for one in fields if one not in first]
    told += _explained(edits)
    return tuple(dict.fromkeys(told)) or (
        "Only the typography of the title or of a field differs, or where footnotes are printed.",
    )


def _restated(name: str, old: str, new: str) -> str:
    called = field(name, old)
    if called == CORRECTED:
        return f"{_initial(altered(name, old, new))}."
    return f"The {called} changed from {quoted(old)} to {quoted(new)}."


def _force(edit: Edit) -> int:
    """Blocks gone or come tell as much as an operative word; of turns the weightiest counts."""
    if edit.kind in (EditKind.INSERTED, EditKind.DELETED):
        return Force.OPERATIVE
    return max((turn.force for turn in turns(edit)), default=Force.WORDING)


def _tell(edit: Edit) -> str:
    block = edit.new or edit.old
    assert block is not None  # noqa: S101 - an edit has at least one side
    noun, where = NOUNS[block.kind], place(block)
    one_sided = edit.old is None or edit.new is None
    if one_sided and block.kind is BlockKind.FOOTNOTE:
        return f"{_initial(where)} was {'added' if edit.new else 'removed'}: {quoted(block.text)}."
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


def _initial(words: str) -> str:
    return words[:1].upper() + words[1:]


def _explained(edits: Sequence[Edit]) -> Iterator[str]:
    counts = Counter(edit.rule for edit in edits if edit.rule)
    for name, count in counts.items():
        edits_are = "1 edit is" if count == 1 else f"{count} edits are"
        standing = "ignored" if name in NOISE else "only editorial"
        yield f"{edits_are} {standing} by the rule {quoted(name)}: {RULES[name].why}"
