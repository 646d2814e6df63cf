"""What a change offers to be matched by: what it says anew, what it cites, amends and treats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline import cite
from pipeline.citator.model import Treatment
from pipeline.identifiers import identifiers
from pipeline.model import (
    Block,
    BlockKind,
    Change,
    ChangeClass,
    ChangeKind,
    Citation,
    Edit,
    EditKind,
    Version,
)
from pipeline.weight import NOISE

_COMPARED = (ChangeKind.TEXT, ChangeKind.NEXT)
_AMENDING = ("rule", "proposed-rule")
TITLE, DATA = "the title", "the publisher's data"
LATE = "Told now to who could not find it by what was held before."


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A block that changed, as it reads now, or as it read where words of it went (`is_removed`).

    `place` is the heading it stands under, or what else it is; `block` its position in its version,
    None of what is no block.
    """

    text: str
    place: str = ""
    block: int | None = None
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Mention:
    """An authority that a piece cites: `name` is canonical, `raw` as printed. `is_removed`: it is
    cited no longer where it stood."""

    name: str
    raw: str
    place: str = ""
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Amending:
    """An instruction to amend a place of the Code of Federal Regulations: `name` is canonical.

    `is_whole`: it replaces, adds or takes away the place as a whole, and so all that lies in it.
    `words` are the instruction's, "" where only the publisher's data names the part.
    """

    name: str
    act: str
    words: str
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The passage of a change that is nearest in meaning to a sentence; `before` is the cosine of
    the nearest that an earlier, poorer form of the text had (-1: there was none)."""

    cosine: float
    before: float = -1.0
    text: str
    place: str = ""
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """All that one change offers; `names` are those by which its document is cited, `near` the
    nearest passage by the sentence asked. `before`: of a full text what its poorer form offered."""

    names: frozenset[str] = frozenset()
    pieces: tuple[Piece, ...] = ()
    mentions: tuple[Mention, ...] = ()
    amends: tuple[Amending, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    near: Mapping[str, Nearest] = field(default_factory=dict)
    before: Grounds | None = None

    @property
    def says(self) -> str:
        """What changed, as it reads now; a line for each piece."""
        return "\n".join(each.text for each in self.pieces if not each.is_removed)

    @property
    def said(self) -> str:
        """What was removed or reworded, as it read."""
        return "\n".join(each.text for each in self.pieces if each.is_removed)


def gather(
    change: Change,
    cited: Iterable[tuple[int, Citation]] | None = None,
    treatments: Iterable[Treatment] | None = None,
) -> Grounds:
    """The grounds of a change. `cited` are the citations of the new version with their blocks,
    `treatments` what it says of earlier authorities: where a store does not have them, the text is
    read. Of a full text all counts, as of a new document; `added` tells what of it is new."""
    if is_fuller(change) and change.old is not None:
        before = gather(_appeared(change, change.old))
        return replace(gather(_appeared(change, change.new), cited, treatments), before=before)
    found = tuple(pieces(change))
    new = {each.block for each in found if each.block is not None and not each.is_removed}
    return Grounds(
        names=identifiers(_last(change)),
        pieces=found,
        mentions=tuple(dict.fromkeys(_mentions(change, found, cited))),
        amends=tuple(dict.fromkeys(_amends(change))),
        treatments=tuple(_new(change, treatments, new)),
    )


def is_fuller(change: Change) -> bool:
    """Whether all there is to a change is that a document's full text is held now, whose abstract
    or title was before: no change of the law, and yet the first that one who searches texts can
    find in it."""
    difference, old = change.difference, change.old
    is_poor = old is not None and bool(old.metadata.get("text"))
    is_same = old is not None and old.text_digest == change.new.text_digest
    return (
        difference.kind is ChangeKind.METADATA and not difference.edits and is_poor and not is_same
    )


def as_told(change: Change) -> Change:
    """A change as readers are told of it: a full text that is noise beside its abstract is told
    only to who could not find it before, and to him it is as new as any document."""
    if change.difference.change_class is not ChangeClass.NOISE or not is_fuller(change):
        return change
    reasons = (*change.difference.reasons, LATE)
    return replace(
        change,
        difference=replace(
            change.difference, change_class=ChangeClass.SUBSTANTIVE, reasons=reasons
        ),
    )


def is_late(change: Change) -> bool:
    """Whether nobody who is told of a change was told of its document before, as `as_told` says."""
    return LATE in change.difference.reasons


def added(offered: Grounds) -> Grounds:
    """What a full text says that its poorer form did not; what it cites is not among that."""
    before = offered.before or Grounds()
    held = {each.text for each in before.pieces}
    deeds = {_deed(each) for each in before.treatments}
    return Grounds(
        pieces=tuple(each for each in offered.pieces if each.text not in held),
        amends=tuple(each for each in offered.amends if each not in before.amends),
        treatments=tuple(each for each in offered.treatments if _deed(each) not in deeds),
    )


def pieces(change: Change) -> Iterator[Piece]:
    """What changed: all of a document that is new, back or gone; of another what its edits touch,
    those apart that mean nothing."""
    if change.difference.kind in _COMPARED:
        for edit in _counting(change):
            yield from _edited(edit)
    if change.difference.kind in (*_COMPARED, ChangeKind.METADATA):
        for name, _, now in change.difference.metadata:
            yield Piece(text=now, place=TITLE if name == "title" else DATA)
    else:
        is_gone = change.difference.kind is ChangeKind.REMOVED
        last = _last(change)
        yield Piece(text=last.title, place=TITLE, is_removed=is_gone)
        yield from _whole(last, is_removed=is_gone)


def _appeared(change: Change, version: Version) -> Change:
    """A version as if its document had appeared with it."""
    difference = replace(change.difference, kind=ChangeKind.NEW, metadata=())
    return replace(change, old=None, new=version, difference=difference)


def _last(change: Change) -> Version:
    """The version that says most: the last one held, where the site shows none any more."""
    is_gone = change.difference.kind is ChangeKind.REMOVED
    return change.old if is_gone and change.old is not None else change.new


def _counting(change: Change) -> Iterator[Edit]:
    for edit in change.difference.edits:
        if edit.rule not in NOISE and edit.kind is not EditKind.MOVED:
            yield edit


def _edited(edit: Edit) -> Iterator[Piece]:
    if edit.new is not None:
        yield _piece(edit.new, edit.new_index)
    if edit.old is not None and (edit.new is None or edit.deleted):
        yield replace(_piece(edit.old, edit.old_index), is_removed=True)


def _whole(version: Version, *, is_removed: bool = False) -> Iterator[Piece]:
    for number, block in enumerate(version.blocks):
        yield replace(_piece(block, number), is_removed=is_removed)


def _piece(block: Block, number: int | None) -> Piece:
    is_note = block.kind is BlockKind.FOOTNOTE and block.label
    heading = block.trail[-1] if block.trail else ""
    return Piece(text=block.text, place=f"note {block.label}" if is_note else heading, block=number)


def _mentions(
    change: Change, found: Collection[Piece], cited: Iterable[tuple[int, Citation]] | None
) -> Iterator[Mention]:
    now = {each.block: each for each in found if each.block is not None and not each.is_removed}
    if cited is None:
        blocks = zip(now, cite.find_each([each.text for each in now.values()]), strict=True)
        cited = [(block, citation) for block, each in blocks for citation in each]
    for block, citation in cited:
        if citation.cited and (piece := now.get(block)):
            yield Mention(name=citation.cited, raw=citation.raw, place=piece.place)
    for piece in found:
        if piece.block is None and not piece.is_removed:
            for citation in cite.find(piece.text):
                if citation.cited:
                    yield Mention(name=citation.cited, raw=citation.raw, place=piece.place)
    yield from _gone(change, found)


def _gone(change: Change, found: Iterable[Piece]) -> Iterator[Mention]:
    """What is cited no longer in a block that was reworded or taken away."""
    edits = {edit.old_index: edit for edit in change.difference.edits if edit.old is not None}
    for piece in found:
        if piece.is_removed and piece.block is not None:
            edit = edits.get(piece.block)
            block = edit.new if edit else None
            still = {each.canonical for each in cite.find(block.text)} if block else set()
            for citation in cite.find(piece.text):
                if citation.cited and citation.canonical not in still:
                    yield Mention(
                        name=citation.cited, raw=citation.raw, place=piece.place, is_removed=True
                    )


def _amends(change: Change) -> Iterator[Amending]:
    """The instructions that a document gives, as far as its earlier text did not; of a rule whose
    instructions are not held, the parts that the publisher's data names."""
    new = change.new
    if change.difference.kind is ChangeKind.REMOVED or new.document.kind not in _AMENDING:
        return
    before = change.old.metadata.get("amends", ()) if change.old else ()
    given: Collection[Mapping[str, Any]] = new.metadata.get("amends", ())
    for each in given:
        place = cite.lookup(str(each["section"]).partition(",")[0])
        if each not in before and place is not None:
            is_part = " pt. " in place.canonical
            is_whole = each["act"] != "amend" and not (is_part and "," in str(each["section"]))
            yield Amending(
                name=place.canonical,
                act=str(each["act"]),
                words=str(each["words"]),
                is_whole=is_whole,
            )
    if given or change.difference.kind is not ChangeKind.NEW:
        return
    for named in new.metadata.get("cfr_references", ()):
        part = cite.lookup(str(named))
        if part is not None:
            yield Amending(name=part.canonical, act="", words="", is_whole=True)


def _new(
    change: Change, given: Iterable[Treatment] | None, blocks: Collection[int]
) -> Iterator[Treatment]:
    """What is said of earlier authorities in what changed, and was not said before."""
    from pipeline.citator.treatments import treatments  # noqa: PLC0415 - a look-up reads no text

    if not blocks:
        return
    said = treatments(change.new) if given is None else given
    found = [each for each in said if each.block in blocks]
    is_compared = change.difference.kind in (*_COMPARED, ChangeKind.METADATA)
    old = change.old if found and is_compared else None
    before = {_deed(each) for each in treatments(old)} if old else set()
    yield from (each for each in found if _deed(each) not in before)


def _deed(each: Treatment) -> tuple[object, ...]:
    return each.target or each.name, each.kind, each.in_part, each.by
