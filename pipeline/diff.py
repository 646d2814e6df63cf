"""Compare two versions of a document: structure first, then words, then what it weighs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline import cells, editorial, noise, weight
from pipeline.align import Pair, align
from pipeline.cells import Columns
from pipeline.live import FACTS
from pipeline.model import (
    Block,
    BlockKind,
    ChangeClass,
    ChangeKind,
    Difference,
    Edit,
    EditKind,
    Span,
    Version,
)
from pipeline.preamble import parted
from pipeline.quote import UNSTATED, altered
from pipeline.summary import announce, summarise
from pipeline.words import Replacement, replacements

Field = tuple[str, str, str]
LONG = 160  # characters of a list on both sides, from which on only what came and went is told
OWN = frozenset({"document_number", "start_page", "end_page"})
# From the best to the poorest.
FORMS = ("", "HTML", "raw text", "abstract only", "summary only", "headnote only", "title only")


def compare(old: Version | None, new: Version) -> Difference | None:
    """Say how `new` differs from `old`; None when they say the same, down to the typography.

    Removing the edits' deleted spans from the old blocks, and the inserted spans from the new,
    leaves the same characters. Labels, anchors, marks, links and trails are no part of the text.
    """
    if old is None:
        return appear(new)
    text_differs = old.text_digest != new.text_digest
    if not text_differs and old.metadata_digest == new.metadata_digest:
        return None
    if _form(new) < _form(old):
        return _fuller(old, new)
    found = tuple(edits(old.blocks, new.blocks)) if text_differs else ()
    fields = [field for field in _fields(old, new) if field[1] != field[2]]
    if old.document != new.document:  # two documents never have these in common
        fields = [field for field in fields if field[0] not in OWN]
    counting = tuple(field for field in fields if not noise.explain(field[1], field[2]))
    change_class = weight.classify(found, counting)
    told = parted(found, old, new)
    is_text = any(edit.rule not in weight.NOISE for edit in found) or (found and not counting)
    return Difference(
        kind=ChangeKind.TEXT if is_text else ChangeKind.METADATA,
        change_class=change_class,
        edits=found,
        metadata=counting,
        reasons=weight.reasons(told.binding, counting, told.preamble),
        summary=summarise(told.binding, counting, change_class, told.preamble),
        weights=weight.weights(told.binding, counting, told.preamble),
    )


def edits(
    old: Sequence[Block],
    new: Sequence[Block],
    pairs: Sequence[Pair] | None = None,
    explain: Callable[[str, str], str] | None = None,
) -> Iterator[Edit]:
    """The edits in reading order, each with the rule that accounts for it, if one does.

    `pairs` say which block is which, where something else than their words does; `explain` names
    the rule by which two texts say the same, or gives "".
    """
    pairs = align(old, new) if pairs is None else pairs
    places = _Places(pairs, old, new)
    for pair in pairs:
        if (edit := _edit(pair, old, new)) is not None:
            stays = places.stays(pair)
            rule = "layout" if pair.regrouped else _rule(edit, explain or explained, stays=stays)
            yield replace(edit, rule=rule)


def explained(old: str, new: str) -> str:
    """Name the rule of wording that accounts for a difference, wherever it stands."""
    return noise.explain(old, new) or editorial.explain(old, new)


def appear(new: Version) -> Difference:
    """The difference that a document first seen makes."""
    return Difference(
        kind=ChangeKind.NEW,
        change_class=ChangeClass.SUBSTANTIVE,
        edits=(),
        metadata=(),
        reasons=("The document is new to us: no earlier text of it is held.",),
        summary=announce(new),
    )


def is_lesser(old: Version, new: Version) -> bool:
    """Whether `new` is the same document in a poorer form: its abstract, where we hold its text."""
    return _form(new) > _form(old)


def presence(kind: ChangeKind, held: Version, why: str) -> Difference:
    """The difference between a document's text and no page at all: REMOVED from the site, or BACK
    on it. `why` says what that rests on."""
    said = "removed from site" if kind is ChangeKind.REMOVED else "back on site"
    return Difference(
        kind=kind,
        change_class=ChangeClass.SUBSTANTIVE,
        edits=(),
        metadata=(),
        reasons=(why,),
        summary=f"{said}: {held.title}",
    )


def _fuller(old: Version, new: Version) -> Difference:
    """The full text of what was held in a poorer form: no change of the law, though it may state
    dates that nobody could read before."""
    facts = {f"{kind} date" for kind in FACTS}  # what is past was no secret, only not printed there
    fields = tuple(
        field
        for field in _fields(old, new)
        if field[0].endswith(" date") and field[0] not in facts and field[1] != field[2]
    )
    change_class = ChangeClass.SUBSTANTIVE if fields else ChangeClass.NOISE
    was = old.metadata.get("text", "")
    return Difference(
        kind=ChangeKind.METADATA,
        change_class=change_class,
        edits=(),
        metadata=fields,
        reasons=(f"The full text is held now; before, {was}. It is the same document.",),
        summary="; ".join(["full text now held", *(altered(*field) for field in fields)]),
        weights=weight.weights((), fields),
    )


def _form(version: Version) -> int:
    """How poor the form is that a version was read in; 0 is the full text as published."""
    form = version.metadata.get("text", "")
    return FORMS.index(form) if form in FORMS else 0


def _edit(pair: Pair, old: Sequence[Block], new: Sequence[Block]) -> Edit | None:
    before = None if pair.old is None else old[pair.old]
    after = None if pair.new is None else new[pair.new]
    if before is None or after is None:
        return Edit(
            kind=EditKind.INSERTED if before is None else EditKind.DELETED,
            old=before,
            new=after,
            old_index=pair.old,
            new_index=pair.new,
            deleted=_whole(before),
            inserted=_whole(after),
        )
    if not pair.moved and _said(before) == _said(after):
        return None
    changed = _replaced(before, after, pair.columns)
    return Edit(
        kind=EditKind.MOVED if pair.moved else EditKind.REWORDED,
        old=before,
        new=after,
        old_index=pair.old,
        new_index=pair.new,
        deleted=tuple(change.old for change in changed if change.old.end > change.old.start),
        inserted=tuple(change.new for change in changed if change.new.end > change.new.start),
    )


def _replaced(old: Block, new: Block, known: Columns) -> tuple[Replacement, ...]:
    if old.kind is new.kind is BlockKind.ROW:
        return cells.replaced(old.text, new.text, known)
    return replacements(old.text, new.text)


def _rule(edit: Edit, explain: Callable[[str, str], str], *, stays: bool) -> str:
    before, after = _texts(edit)
    if edit.old is None or edit.new is None:
        return noise.explain(before, after)
    is_item = edit.old.kind is edit.new.kind is BlockKind.ITEM
    if not stays and (
        edit.kind is EditKind.MOVED or (is_item and edit.old.level != edit.new.level)
    ):
        return ""
    if before == after:
        return (editorial.ORDER if edit.kind is EditKind.MOVED else editorial.LAYOUT).name
    is_heading = edit.old.kind is edit.new.kind is BlockKind.HEADING
    if is_heading and editorial.is_renumbered(before, after):
        return editorial.RENUMBERING.name
    return explain(before, after)


def _texts(edit: Edit) -> tuple[str, str]:
    return edit.old.text if edit.old else "", edit.new.text if edit.new else ""


def _said(block: Block) -> tuple[BlockKind, int, str]:
    return block.kind, block.level, block.text


def _whole(block: Block | None) -> tuple[Span, ...]:
    return (Span(start=0, end=len(block.text)),) if block and block.text else ()


class _Places:
    """Under which heading, and in which list, each block stands, so that a reworded heading moves
    nothing."""

    def __init__(self, pairs: Sequence[Pair], old: Sequence[Block], new: Sequence[Block]) -> None:
        paired = [pair for pair in pairs if pair.old is not None and pair.new is not None]
        self._partners = {pair.new: pair.old for pair in paired}
        self._headings = _headings(old), _headings(new)
        self._leads = _leads(old), _leads(new)
        self._torn: set[tuple[str, int | None]] = set()  # what no longer leads in all its items
        for pair in paired:
            if not self._is_led(pair):
                self._torn |= {("old", self._lead(0, pair.old)), ("new", self._lead(1, pair.new))}

    def stays(self, pair: Pair) -> bool:
        """Whether a block stands in its section still, an item in its list, and what leads in items
        before them."""
        is_torn = ("old", pair.old) in self._torn or ("new", pair.new) in self._torn
        return not is_torn and self._is_led(pair) and self._is_headed(pair)

    def _is_headed(self, pair: Pair) -> bool:
        if pair.old is None or pair.new is None:
            return False
        before, after = self._headings[0][pair.old], self._headings[1][pair.new]
        return before == (None if after is None else self._partners.get(after))

    def _is_led(self, pair: Pair) -> bool:
        """Of what is an item on both sides, whether the same block leads it in."""
        before, after = self._lead(0, pair.old), self._lead(1, pair.new)
        return before is None or after is None or self._partners.get(after) == before

    def _lead(self, side: int, position: int | None) -> int | None:
        return None if position is None else self._leads[side][position]


def _leads(blocks: Sequence[Block]) -> list[int | None]:
    """For each list item the position of what leads it in: an item of a lower depth, or the block
    before the list."""
    found: list[int | None] = []
    path: list[int] = []
    for position, block in enumerate(blocks):
        if block.kind is not BlockKind.ITEM:
            path = []
        while (
            path
            and blocks[path[-1]].kind is BlockKind.ITEM
            and (blocks[path[-1]].level >= block.level)
        ):
            path.pop()
        found.append(path[-1] if path and block.kind is BlockKind.ITEM else None)
        path.append(position)
    return found


def _headings(blocks: Sequence[Block]) -> list[int | None]:
    """For each block the position of the heading it stands under.

    A footnote stands where it is called; a heading stands under the nearest of a higher rank.
    """
    above: list[int | None] = []
    path: list[int] = []
    called: dict[str, int | None] = {}
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            while path and blocks[path[-1]].level >= block.level:
                path.pop()
        above.append(path[-1] if path else None)
        if block.kind is BlockKind.HEADING:
            path.append(position)
        called.update((mark.label, above[position]) for mark in block.marks)
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.FOOTNOTE:
            above[position] = called.get(block.label)
    return above


def _fields(old: Version, new: Version) -> Iterator[Field]:
    """What the publisher says about the text, on both sides; dates are ISO, several with commas."""
    yield "title", old.title, new.title
    yield "citation", old.citation, new.citation
    yield "issuer", old.issuer, new.issuer
    before, after = _dates(old), _dates(new)
    for kind in sorted(before.keys() | after.keys()):
        yield f"{kind} date", before.get(kind, UNSTATED), after.get(kind, UNSTATED)
    for name in sorted(old.metadata.keys() | new.metadata.keys()):
        yield _field(name, old.metadata, new.metadata)


def _field(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Field:
    """A field on both sides; of a long list only what came and went."""
    before, after = _printed(old, name), _printed(new, name)
    lists = old.get(name, []), new.get(name, [])
    if not all(isinstance(each, list) for each in lists) or len(before) + len(after) < LONG:
        return name, before, after
    went = [item for item in lists[0] if item not in lists[1]]
    came = [item for item in lists[1] if item not in lists[0]]
    return name, _printed({name: went}, name) or UNSTATED, _printed({name: came}, name) or UNSTATED


def _dates(version: Version) -> dict[str, str]:
    stated: dict[str, set[str]] = {}
    for date in version.dates:
        stated.setdefault(date.kind.value, set()).add(date.on.isoformat())
    return {kind: ", ".join(sorted(days)) for kind, days in stated.items()}


def _printed(metadata: Mapping[str, Any], name: str) -> str:
    if name not in metadata:
        return UNSTATED
    value = metadata[name]
    if name == "amends":
        value = [f"{each['section']} ({each['act']})" for each in value]
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
