"""What a difference weighs, and the reasons in plain sentences."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from pipeline import editorial, noise, series
from pipeline.figure import figures
from pipeline.model import Block, BlockKind, ChangeClass, DateKind, Edit, EditKind, Weight
from pipeline.noise import Rule
from pipeline.quote import (
    CORRECTED,
    NO_LONGER,
    NOUNS,
    NOW,
    altered,
    closed,
    cut,
    field,
    gisted,
    key_cell,
    place,
    quoted,
    shown,
)
from pipeline.requirement import binds, called, gist
from pipeline.reworded import turns, unread
from pipeline.turn import ORDER, WORDING, Turn, ordered

# The publishers' fields that are law, as `diff` names them: the days on which a duty, a right or a
# chance begins or ends (the others only say when an agency spoke), a fee, the edition to be filed.
GOVERNING = {
    **dict.fromkeys(
        (
            f"{kind} date"
            for kind in (
                *(DateKind.EFFECTIVE, DateKind.APPLICABLE, DateKind.COMPLIANCE, DateKind.EXPIRES),
                *(DateKind.COMMENTS_CLOSE, DateKind.PRA_COMMENTS_CLOSE),
                *(DateKind.BRIEFS_DUE, DateKind.HEARING),
            )
        ),
        Weight.DATE,
    ),
    "fees": Weight.FEE,
    "edition_date": Weight.EDITION,
}
TOLD = 40  # reasons of a difference; how many more edits count is said
SWEPT = 3  # in so many blocks the same turn of wording is told once
Telling = tuple[Weight, Callable[[], str]]  # what it turns on, and the sentence when it is told
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
        editorial.RENUMBERING,
    )
}


def classify(edits: Sequence[Edit], fields: Sequence[tuple[str, str, str]]) -> ChangeClass:
    """Substantive unless a named rule accounts for every edit: in doubt, the law moved.

    A field that governs is law. Any other changed field (a docket, an agency) is metadata and
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
    edits: Sequence[Edit],
    fields: Sequence[tuple[str, str, str]] = (),
    preamble: Sequence[Edit] = (),
) -> tuple[Weight, ...]:
    """What the edits that count, and the fields that govern, turn on, the most telling first; a
    preamble binds nobody, so its edits are text or wording."""
    found = {weight for edit in edits if not edit.rule for weight in of(edit)}
    found |= {_lightly(edit) for edit in preamble}
    return ordered(found | {GOVERNING[name] for name, _, _ in fields if name in GOVERNING})


@lru_cache(maxsize=8192)  # the reasons and the summary ask too, each of every edit
def of(edit: Edit) -> tuple[Weight, ...]:
    """What one edit turns on, the most telling first: of words that came or went, or stand under
    another heading now, whether they bind and which figures they state."""
    found = [weight for turn in turns(edit) for weight in turn.weights]
    if edit.kind is not EditKind.REWORDED:
        found += _stated(shown(edit))
    return ordered(found) or (Weight.WORDING,)


def reasons(
    edits: Sequence[Edit],
    fields: Sequence[tuple[str, str, str]],
    preamble: Sequence[Edit] = (),
) -> tuple[str, ...]:
    """A sentence for each field that governs and has changed; for each edit that counts and each
    thing it turns on, the most telling first, and how many more there are; what a preamble says
    now or no longer; for each other field that changed; for each rule that accounted for others.
    """
    first = [one for one in fields if one[0] in GOVERNING]
    told = [_restated(*one) for one in first]
    told += _told([edit for edit in edits if not edit.rule], preamble)
    told += [_restated(*one) for one in fields if one not in first]
    told += _explained(edits)
    return tuple(dict.fromkeys(told)) or (
        "Only the typography of the title or of a field differs, or where footnotes are printed.",
    )


def _told(edits: Sequence[Edit], preamble: Sequence[Edit]) -> Iterator[str]:
    """The weightiest sentences of the edits, each once; the rest are counted by what they weigh."""
    swept = _swept(edits)
    found = [*_sweeps(swept), *(one for edit in edits for one in _tell(edit, swept))]
    said: dict[str, None] = {}
    explained = [(_lightly(edit), partial(_in_preamble, edit)) for edit in preamble]
    left = deque([*_weightiest(found), *_weightiest(explained)])
    while left and len(said) < TOLD:
        _, sentence = left.popleft()
        said[sentence()] = None
    yield from said
    if left:
        counts = Counter(weight for weight, _ in left)
        counted = ", ".join(f"{weight} {count:,}" for weight, count in counts.items())
        yield f"More changes that count are not told one by one: {counted}."


def _weightiest(found: Sequence[Telling]) -> list[Telling]:
    return sorted(found, key=lambda one: ORDER[one[0]])


def _lightly(edit: Edit) -> Weight:
    return Weight.WORDING if edit.kind is EditKind.REWORDED else Weight.TEXT


def _in_preamble(edit: Edit) -> str:
    """What a preamble says now or no longer: it explains, and binds nobody."""
    if edit.kind is EditKind.REWORDED and (found := turns(edit)):
        return closed(f"The preamble ({_where(edit)}): {found[0].clause()}")
    verb = NOW if edit.new else NO_LONGER
    if edit.kind is EditKind.MOVED:
        verb = "says here now"
    return closed(f"The preamble ({_where(edit)}) {verb}: {gisted(shown(edit))}")


def _swept(edits: Sequence[Edit]) -> Mapping[Turn, int]:
    """The turns of mere wording that many blocks have, and nothing else, with how many."""
    alone = Counter(found[0] for edit in edits if len(found := turns(edit)) == 1)
    return {
        turn: count
        for turn, count in alone.items()
        if count >= SWEPT and turn.noun == WORDING and turn.old and turn.new
    }


def _sweeps(swept: Mapping[Turn, int]) -> Iterator[Telling]:
    for turn, count in swept.items():
        yield Weight.WORDING, partial(turn.sentence, f"{count:,} blocks")


def _stated(block: Block) -> Iterator[Weight]:
    if block.kind is not BlockKind.HEADING and binds(block.text):
        yield Weight.REQUIREMENT
    yield from (figure.weight for figure in figures(block) if figure.weight is not Weight.NUMBER)
    yield Weight.TEXT


def _restated(name: str, old: str, new: str) -> str:
    called_ = field(name, old)
    if called_ == CORRECTED:
        return f"{_initial(altered(name, old, new))}."
    return closed(f"The {called_} changed from {quoted(cut(old))} to {quoted(cut(new))}")


def _tell(edit: Edit, swept: Mapping[Turn, int]) -> Iterator[Telling]:
    """The sentences for one edit, each with what it turns on."""
    found = turns(edit)
    if edit.kind is not EditKind.REWORDED:
        yield of(edit)[0], partial(_came_or_went, edit)
    elif not found:
        yield Weight.WORDING, partial(_changed_kind, edit)
    if len(found) != 1 or found[0] not in swept:
        yield from _turned(found, edit)


def _turned(found: Sequence[Turn], edit: Edit) -> Iterator[Telling]:
    """A sentence for each turn that tells; of mere wording one, and how much more there is."""
    telling = [turn for turn in found if turn.weight is not Weight.WORDING]
    for turn in telling or found[:1]:
        yield turn.weight, partial(_turned_at, turn, edit)
    more = len(found) - len(telling) - (not telling)
    if found and more > 0:
        yield Weight.WORDING, partial(_more, more, edit)
    if rest := unread(edit):
        yield Weight.WORDING, partial(_rest, rest, edit)


def _turned_at(turn: Turn, edit: Edit) -> str:
    return turn.sentence(_where(edit))


def _more(count: int, edit: Edit) -> str:
    changes = "change" if count == 1 else "changes"
    return f"{_initial(_where(edit))} has {count} more {changes} of wording."


def _rest(count: int, edit: Edit) -> str:
    return f"The last {count:,} changes of words in {_where(edit)} are read as one."


def _changed_kind(edit: Edit) -> str:
    return f"A block became another kind of block in {_where(edit)}."


def _where(edit: Edit) -> str:
    block = shown(edit)
    key = key_cell(block)
    return f"{place(block)}, row {quoted(cut(key))}" if key else place(block)


def _came_or_went(edit: Edit) -> str:
    block = shown(edit)
    where = place(block)
    if edit.old is not None and edit.new is not None:
        noun = _called(block)
        return closed(f"{_initial(noun)} moved from {place(edit.old)} to {where}: {gisted(block)}")
    done = "added" if edit.new else "removed"
    if block.kind is BlockKind.FOOTNOTE:
        return closed(f"{_initial(where)} was {done}: {gisted(block)}")
    towards = "to" if edit.new else "from"
    said = f"{_initial(_called(block))} was {done} {towards} {where}: {gisted(block)}"
    return closed(said)


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


def _initial(words: str) -> str:
    return words[:1].upper() + words[1:]


def _explained(edits: Sequence[Edit]) -> Iterator[str]:
    counts = Counter(edit.rule for edit in edits if edit.rule)
    for name, count in counts.items():
        edits_are = "1 edit is" if count == 1 else f"{count} edits are"
        standing = "ignored" if name in NOISE else "only editorial"
        yield f"{edits_are} {standing} by the rule {quoted(name)}: {RULES[name].why}"
