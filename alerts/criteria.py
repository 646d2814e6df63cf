"""The criteria of subscriptions: read once, and told where a change meets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from alerts import treated
from alerts.untrusted import plain
from alerts.wording import CLASSES, kind, last_text, shortened
from pipeline import authority
from pipeline.errors import QueryError
from pipeline.grounds import DATA, TITLE, Amending, Grounds, Mention, Nearest, Piece, is_fuller
from pipeline.identifiers import is_shared
from pipeline.model import Block, Change, ChangeKind, Relation, RelationKind, Tag
from pipeline.orders import COURTS, KIND
from pipeline.query import saved
from pipeline.query.tree import Node
from pipeline.reported import reports
from pipeline.requirement import sentence_at
from pipeline.subscription import Sort, Subscription

QUOTED = 240  # characters of a sentence, an instruction or a passage that a reason quotes
NAMED = 80  # characters of what a reader calls a subscription
PLACES = 3  # places of one authority that a reason names; how many more there are is said
_WHOLE = "document: "  # before evidence that stands in the document, not in its change
_AGAINST = COURTS | {RelationKind.WITHDRAWS, RelationKind.WITHDRAWS_IN_PART}
_ACTS = {
    "amend": "amends",
    "revise": "revises",
    "add": "adds",
    "remove": "removes",
    "redesignate": "redesignates",
    "reserve": "reserves",
}


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a subscription asks of texts: canonical names, and the tree of its words."""

    authorities: tuple[str, ...] = ()
    words: Node | None = None


def read(subscription: Subscription) -> Criteria:
    """Read authorities and words. Raises QueryError, which points at what can't be read: to be
    shown to who typed it, and to nobody else."""
    return Criteria(
        authorities=tuple(dict.fromkeys(map(canonical, subscription.authorities))),
        words=_tree(subscription.words) if subscription.words else None,
    )


@lru_cache(maxsize=65_536)
def canonical(typed: str) -> str:
    """An authority's name, however it is typed; `source:key` is a document's own. Raises
    QueryError."""
    try:
        return authority.read(typed)
    except QueryError:
        if is_own_name(typed):
            return typed.strip()
        raise


def is_own_name(typed: str) -> bool:
    """Whether something can only be a document's own name, `source:key`."""
    try:
        authority.read(typed)
    except QueryError:
        return ":" in typed and " " not in typed.strip()
    return False


def called(subscription: Subscription) -> str:
    """What a subscription is called in whatever is sent: its name, else its number; never what is
    asked, which only its reader's own view shows."""
    if subscription.name:
        return f"“{_short(subscription.name, NAMED)}”"
    return f"subscription No. {subscription.id}" if subscription.id else "your subscription"


class Asked:
    """The authorities that any subscription asks for, by every name under which one may stand."""

    def __init__(self, names: Iterable[str]) -> None:
        self._named: dict[str, list[str]] = {}
        self._around: dict[str, list[str]] = {}
        for name in dict.fromkeys(names):
            for spelled in sorted(authority.spellings(name)):
                self._named.setdefault(spelled, []).append(name)
                for whole in authority.wholes(spelled)[1:]:
                    self._around.setdefault(whole, []).append(name)

    def met(self, change: Change, grounds: Grounds) -> Mapping[str, tuple[str, ...]]:
        """Of the authorities that a change is about, cites, amends or treats, how it does."""
        return _by_name(self._told(change, grounds))

    def done(self, change: Change, grounds: Grounds) -> Mapping[str, tuple[str, ...]]:
        """Of the authorities that a change amends or treats, what it does to them."""
        return _by_name(self._done(change, grounds))

    def _told(self, change: Change, grounds: Grounds) -> Iterator[tuple[str, str]]:
        for own in sorted({change.document.name, *grounds.names}):
            for name in self._parts(own):
                is_it = own in authority.spellings(name)
                which = f"is {own} itself" if is_it else f"is {own}, which lies in {name}"
                which = f"bears {own}" if is_shared(own) else which
                yield name, f"{which}: {kind(change)}"
            for name in self._around.get(own, ()):
                if authority.section(name) == own and change.difference.kind is not ChangeKind.NEW:
                    yield name, f"is {own}, in which {name} lies: {kind(change)}"
        yield from self._done(change, grounds)
        yield from self._cited(grounds.mentions)

    def _done(self, change: Change, grounds: Grounds) -> Iterator[tuple[str, str]]:
        yield from self._treated(grounds)
        for each in grounds.amends:
            yield from self._amended(change, each)

    def _parts(self, own: str) -> Iterator[str]:
        """The authorities asked for that a name means, or in which it lies."""
        wholes = authority.wholes(own)
        yield from dict.fromkeys(name for each in wholes for name in self._named.get(each, ()))

    def _treated(self, grounds: Grounds) -> Iterator[tuple[str, str]]:
        for each in grounds.treatments:
            for name in self._parts(each.target) if each.target else ():
                who = "tells of it: " if each.is_told else ""
                does = treated.does(each)
                yield name, f"{who}{does[:1].lower()}{does[1:]}: “{_short(each.sentence)}”"

    def _amended(self, change: Change, each: Amending) -> Iterator[tuple[str, str]]:
        names = [*self._parts(each.name)]
        names += self._around.get(each.name, ()) if each.is_whole else ()
        for name in dict.fromkeys(names):
            within = "" if each.name == name or name not in names else _within(name, each.name)
            if not each.words:
                yield name, f"the publisher names {each.name} among what it amends{within}"
            else:
                would = "proposes: " if change.document.kind == "proposed-rule" else ""
                act = _ACTS.get(each.act, each.act)
                yield name, f"{would}{act} {each.name}{within}: “{_short(each.words)}”"

    def _cited(self, mentions: Iterable[Mention]) -> Iterator[tuple[str, str]]:
        found: dict[tuple[str, bool], dict[str, None]] = {}
        for each in mentions:
            for name in self._parts(each.name):
                told = " ".join(filter(None, (plain(each.name), _in(each.place))))
                found.setdefault((name, each.is_removed), {}).setdefault(told)
        for (name, is_removed), places in found.items():
            more = len(places) - PLACES
            listed = "; ".join([*places][:PLACES]) + (f"; and {more} more" if more > 0 else "")
            yield name, f"{'no longer cites' if is_removed else 'cites'} {listed}"


def _by_name(told: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for name, words in told:
        found.setdefault(name, {}).setdefault(words)
    return {name: tuple(words) for name, words in found.items()}


def sort(change: Change, grounds: Grounds, asked: str) -> str:
    """How a change is of a sort that was asked for, in words; "" where it isn't."""
    if asked == Sort.NEGATIVE:
        return next(_against(change, grounds), "")
    if asked == Sort.LITIGATION:
        return next(_litigated(change, grounds), "")
    of = change.difference.change_class
    return f"class: {CLASSES[of].lower()}" if of == asked else ""


def found(pieces: Iterable[Piece], at: int) -> tuple[str, str]:
    """The sentence that stands at a character of pieces told line by line, and its place."""
    for piece in pieces:
        if at <= len(piece.text):
            span = sentence_at(piece.text, at)
            return _short(piece.text[span.start : span.end]), piece.place
        at -= len(piece.text) + 1
    return "", ""


def quoted(words: str, place: str, *, is_removed: bool) -> str:
    """Where something stands, with its words: what changed as it reads, or as it read."""
    lead = "in what was removed or reworded" if is_removed else "in what changed"
    return f"{', '.join(filter(None, (lead, _in(place))))}: “{words}”"


def near(each: Nearest) -> str:
    """How near a passage is, which, and how it begins."""
    told = quoted(_short(each.text, QUOTED // 2), each.place, is_removed=each.is_removed)
    return f"nearness in meaning {each.cosine:.2f}, {told}"


def topic(tag: Tag, change: Change, titles: Mapping[str, str]) -> str:
    """The topic with its evidence: for a changed text what the change shows, then what only the
    rest of the document does."""
    edited = [words for words in tag.evidence if not words.startswith(_WHOLE)]
    shown = {_uncounted(words) for words in edited}
    whole = [words.removeprefix(_WHOLE) for words in tag.evidence if words.startswith(_WHOLE)]
    whole = [words for words in whole if _uncounted(words) not in shown]
    lead = "in the change: " if change.difference.kind is ChangeKind.TEXT else ""
    told = [lead + "; ".join(_place(words, change) for words in edited)] if edited else []
    told += [f"elsewhere in the document: {'; '.join(whole)}"] if whole else []
    title = titles.get(tag.topic, tag.topic)
    return f"topic {title}: {'; '.join(told)}" if told else f"topic {title}"


@lru_cache(maxsize=65_536)
def _tree(words: str) -> Node:
    return saved.read(words)


def _against(change: Change, grounds: Grounds) -> Iterator[str]:
    """What a document does against an authority, or agencies and courts against another."""
    for effect in treated.effects(grounds.treatments):
        if effect.is_negative:
            does = f"{effect.words[:1].lower()}{effect.words[1:]}"
            yield f"negative treatment: {does}: “{_short(effect.sentence)}”"
    for each in change.relations:
        if each.kind in _AGAINST and each.later == change.document and _is_first(each, change):
            said = "; ".join(map(_short, each.evidence[:2]))
            yield f"negative treatment: {each.kind.replace('-', ' ')} {each.earlier.name}: {said}"


def _litigated(change: Change, grounds: Grounds) -> Iterator[str]:
    """What courts did to a rule: an order entered by hand, or what the changed text reports."""
    is_order = change.document.kind == KIND and change.difference.kind is not ChangeKind.REMOVED
    for each in change.relations:
        if each.kind in COURTS and each.later == change.document and _is_first(each, change):
            said = "; ".join(map(_short, each.evidence[:2]))
            yield f"litigation: {each.kind.replace('-', ' ')} {each.earlier.name}: {said}"
    if is_order:
        yield f"litigation: a court's order: {plain(change.new.title)}"
    new = {each.block for each in grounds.pieces if not each.is_removed}
    blocks = tuple(block for number, block in enumerate(change.new.blocks) if number in new)
    for report in reports(replace(change.new, blocks=blocks)):
        did = ", ".join(each.replace("-", " ") for each in report.did)
        yield f"litigation: reports that a court {did}: “{_short(report.words)}”"


def _is_first(relation: Relation, change: Change) -> bool:
    """Whether what a document does to another was told of no earlier text of it; a full text may
    be the first that says so."""
    if change.old is not None and is_fuller(change):
        return not any(words in change.old.text for words in relation.evidence)
    return change.old is None or change.difference.kind not in (
        ChangeKind.TEXT,
        ChangeKind.METADATA,
        ChangeKind.REMOVED,
    )


def _within(name: str, other: str) -> str:
    """How two names lie in each other, where they are not one provision's."""
    if other in authority.spellings(name):
        return ""
    is_part = not authority.spellings(name).isdisjoint(authority.wholes(other))
    return f", which lies in {name}" if is_part else f", in which {name} lies"


def _in(place: str) -> str:
    """A heading is quoted; what is none is named."""
    if not place:
        return ""
    return f"in {place}" if place in (TITLE, DATA) else f"in “{plain(place)}”"


def _short(words: str, length: int = QUOTED) -> str:
    return shortened(plain(words), length)


def _uncounted(words: str) -> str:
    """Evidence without how often it was found, as in "asylum ×2"."""
    return words.partition(" ×")[0]


def _place(words: str, change: Change) -> str:
    """Quote the evidence with the section it stands in, changed sections first; what stands in no
    text (a meaning, a CFR part from the publisher's data) is given as it is."""
    for block in _blocks(change):
        if words.casefold() in block.text.casefold():
            return f'"{words}"' + (f' in section "{block.trail[-1]}"' if block.trail else "")
    if words.casefold() in change.new.title.casefold():
        return f'"{words}" in the title'
    return words


def _blocks(change: Change) -> Iterator[Block]:
    for edit in change.difference.edits:
        for block in (edit.new, edit.old):
            if block is not None:
                yield block
    yield from last_text(change).blocks
