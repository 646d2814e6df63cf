"""The sentences that a development changes or states, for questions to quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from alerts.cle.development import Development
from alerts.cle.redaction import UNPUBLISHED
from alerts.redline import quotation
from alerts.untrusted import plain
from alerts.wording import COMPARED, last_text
from pipeline.binding import whom
from pipeline.model import Block, BlockKind, ChangeKind, Edit, EditKind, Version, Weight
from pipeline.preamble import parted
from pipeline.requirement import binds, gist, sentence_at, sentences, telling
from pipeline.weight import of

LONGEST = 700  # characters of a sentence that a question can quote whole
SHORTEST = 3  # words of one that can be asked about
FOREMOST = 1_000  # the weight of what a document says first of itself
SEARCHED = 150  # blocks of a new document that are looked through

_FORCE = ("binds ", "directs ", "adopts ")  # as `pipeline.binding` says it
_NO_FORCE = ("binds nobody", "binds as ", "binds whom ")
# A cell says nothing without its table, a note without its sentence, a heading nothing at all.
_NOT_QUOTED = frozenset({BlockKind.ROW, BlockKind.HEADING, BlockKind.FOOTNOTE})
_DATES = re.compile(r"dates?\b.{0,20}", re.IGNORECASE)
# When a page was last touched, how often it was seen, and its buttons.
_FURNITURE = re.compile(
    r"(?:this |the )?(?:page|content)?\s*(?:was |is )?"
    r"(?:(?:last|date) (?:reviewed|updated|modified|published)|current as of|page views?)\b.{0,60}"
    r"|(?:(?:share|print|e-?mail|tweet|post|facebook|twitter|linkedin|x|copy link|back to top"
    r"|skip to (?:main )?content|was this (?:page )?helpful\??|this page|on|by|via|to|a friend)"
    r"[\s|,;:·/()]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What a development said in one place, and what it says: whole sentences, "" where there is
    none. `place` is the nearest heading above, `turn` what the difference turns on, TEXT where it
    came or went. `weight` orders passages, the most telling first."""

    number: int
    place: str
    before: str
    after: str
    turn: Weight = Weight.TEXT
    weight: int = 0

    @property
    def words(self) -> str:
        """What there is to quote: what it says, else what it said."""
        return self.after or self.before


def passages(item: Development) -> tuple[Passage, ...]:
    """What a development changed, sentence by sentence, without what a rule explains, the most
    telling first; of a new document what it says of itself in its order, then what in its text
    binds. None that only states one of its dates, introduces something, is a cell of a table or
    furniture of a page, and none of an unpublished decision, which opens with a cover letter."""
    change = item.change
    if change.difference.kind in COMPARED:
        edits = (edit for edit in change.difference.edits if not edit.rule)
        found = [one for edit in edits if (one := _passage(item, edit))]
    elif change.difference.kind is ChangeKind.NEW and change.document.kind not in UNPUBLISHED:
        found = list(_stated(item))
    else:
        found = []
    dates = tuple(plain(one.words) for one in change.new.dates)
    kept: dict[tuple[str, str], Passage] = {}
    for one in found:
        if _is_told(one) and not _is_of(one, dates):
            kept.setdefault((one.before, one.after), one)
    return tuple(sorted(kept.values(), key=lambda one: -one.weight))


def has_force(item: Development) -> bool:
    """Whether a document binds somebody by what it is and who issued it, as far as that is known:
    a proposal does not, nor does a notice of which only its own words could say so."""
    words = whom(last_text(item.change)).words
    return words.startswith(_FORCE) and not words.startswith(_NO_FORCE)


def is_furniture(words: str) -> bool:
    """Whether words belong to the web page and not to what it says: who would discuss them?"""
    return not words or _FURNITURE.fullmatch(words) is not None


def _passage(item: Development, edit: Edit) -> Passage | None:
    block = edit.new or edit.old
    if block is None or block.kind in _NOT_QUOTED:
        return None
    before, after = _sides(edit)
    return Passage(
        number=item.number,
        place=plain(block.trail[-1]) if block.trail else "",
        before=before,
        after=after,
        turn=of(edit)[0] if before and after else Weight.TEXT,
        weight=telling(after or before, block),
    )


def _sides(edit: Edit) -> tuple[str, str]:
    """The sentence of either side in which the first difference stands; of a block that came or
    went the one that tells the most."""
    if edit.old is None or edit.new is None:
        return (
            plain(gist(edit.old)) if edit.old else "",
            plain(gist(edit.new)) if edit.new else "",
        )
    starts = [span.start for span in (*edit.deleted[:1], *edit.inserted[:1])]
    at = min(starts, default=0)
    return _sentence(edit.old, at), _sentence(edit.new, at)


def _sentence(block: Block, at: int) -> str:
    span = sentence_at(block.text, min(at, max(0, len(block.text) - 1)))
    return plain(block.text[span.start : span.end])


def _stated(item: Development) -> Iterator[Passage]:
    new = item.change.new
    place = FOREMOST
    for said in quotation(new):
        for each in sentences(said):
            yield _told(item, Block(kind=BlockKind.PARAGRAPH, text=said), each, place)
            place -= 1
    for block in _binding(new):
        found = (each for each in sentences(block.text) if binds(each))
        yield from (_told(item, block, each, telling(each, block)) for each in found)


def _binding(version: Version) -> Iterator[Block]:
    """The first paragraphs of a text, of a rule those that amend the Code and not its preamble."""
    every = [
        Edit(kind=EditKind.INSERTED, old=None, new=block, old_index=None, new_index=at)
        for at, block in enumerate(version.blocks)
    ]
    blocks = (edit.new for edit in parted(every, version, version).binding if edit.new)
    quoted = (block for block in blocks if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM))
    return islice(quoted, SEARCHED)


def _told(item: Development, block: Block, words: str, weight: int) -> Passage:
    place = plain(block.trail[-1]) if block.trail else ""
    return Passage(number=item.number, place=place, before="", after=plain(words), weight=weight)


def _is_of(one: Passage, dates: Sequence[str]) -> bool:
    """Whether a passage is there to state a date, which is told with the dates."""
    return _DATES.fullmatch(one.place) is not None or any(
        one.words in each or each in one.words for each in dates if each
    )


def _is_told(one: Passage) -> bool:
    """Whether it can be quoted whole and says something by itself."""
    said = [words for words in (one.before, one.after) if words]
    return (
        one.before != one.after
        and all(len(words) <= LONGEST for words in said)
        and len(one.words.split()) >= SHORTEST
        and not one.words.endswith(":")
        and not all(is_furniture(words) for words in said)
    )
