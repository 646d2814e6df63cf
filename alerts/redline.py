"""Set a change as a redline: the pieces kept, deleted and inserted, in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from alerts.cells import Places
from alerts.untrusted import plain, spaced
from alerts.wording import PRECEDENTS
from pipeline.model import (
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Edit,
    EditKind,
    Span,
    Version,
)
from pipeline.weight import NOISE

OPENING = 120  # words quoted of a document that has no abstract
HEADING = 12  # words; a longer paragraph is text, whatever stands at its end
AROUND = 24  # words of unchanged text shown on either side of a change
BODY = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_ENDS = re.compile(r"[.:;,?!…)\]\"'”’*]\s*$")


class Mark(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Words with one mark. Spaces stand in kept pieces, never at the ends of marked ones."""

    mark: Mark
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One edited block. `place` is its heading trail, `note` says what the marks cannot: that it
    is a footnote, a table's row with its columns, or moved; `rule` is the rule by which it is no
    change of substance."""

    place: str
    note: str
    rule: str
    pieces: tuple[Piece, ...]


def redline(change: Change, around: int = AROUND) -> tuple[Line, ...]:
    """The lines of a changed text, `around` unchanged words on either side of a change; empty for
    what is new or gone.

    What a noise rule explains is left out; `ignored` counts it.
    """
    if change.difference.kind is not ChangeKind.TEXT:
        return ()
    edits = [edit for edit in change.difference.edits if edit.rule not in NOISE]
    return _lines(edits, change, around)


def left_out(change: Change, around: int = AROUND) -> tuple[Line, ...]:
    """The lines that `redline` leaves out: each edit that a noise rule explains, of any change."""
    edits = [edit for edit in change.difference.edits if edit.rule in NOISE]
    return _lines(edits, change, around)


def ignored(change: Change) -> Mapping[str, int]:
    """How many edits each noise rule explains."""
    return Counter(edit.rule for edit in change.difference.edits if edit.rule in NOISE)


def foremost(lines: Sequence[Line], count: int) -> tuple[Line, ...]:
    """At most `count` lines in reading order, those that no rule explains before all others."""
    chosen = sorted(range(len(lines)), key=lambda at: bool(lines[at].rule))[:count]
    return tuple(lines[at] for at in sorted(chosen))


def quotation(version: Version) -> tuple[str, ...]:
    """What a version says of itself, word for word: a precedent's headnotes, a Federal Register
    abstract, the summary that heads a policy alert, else its first whole paragraphs, so that a
    short correction is given in full."""
    # Of a decision that is held in full its reader says how many blocks are headnotes.
    headnotes = version.metadata.get("headnotes")
    if version.document.kind in PRECEDENTS and headnotes != 0:
        return _headnotes(version.blocks[:headnotes])
    if version.document.kind == "policy-alert":
        return _paragraphs(version.blocks)[:1]
    abstract = version.metadata.get("abstract") or version.metadata.get("summary")
    if isinstance(abstract, str) and abstract.strip():
        return (plain(abstract),)
    return tuple(_opening(_telling(version.blocks)))


def shorten(pieces: Iterable[Piece], words: int) -> tuple[Piece, ...]:
    """The first `words` words; a last kept piece says how many more there are."""
    shown: list[Piece] = []
    left, more = words, 0
    for piece in pieces:
        said = piece.text.split(" ")
        if len(said) <= left:
            shown.append(piece)
        else:
            more += len(said) - left
            shown.append(replace(piece, text=" ".join(said[:left])))
        left = max(0, left - len(said))
    told = Piece(mark=Mark.KEPT, text=f" … [{more:,} more words in the source]")
    kept = tuple(piece for piece in shown if piece.text)
    return (*kept, told) if more else kept


def sides(pieces: Iterable[Piece]) -> tuple[str, str]:
    """What the line said and what it says, each as one text without marks."""
    line = tuple(pieces)
    said = "".join(piece.text for piece in line if piece.mark is not Mark.INSERTED)
    says = "".join(piece.text for piece in line if piece.mark is not Mark.DELETED)
    return _closed(said), _closed(says)


def text(pieces: Iterable[Piece], *, deleted: tuple[str, str], inserted: tuple[str, str]) -> str:
    """One string, with the given signs before and after what was deleted and inserted."""
    signs = {Mark.KEPT: ("", ""), Mark.DELETED: deleted, Mark.INSERTED: inserted}
    return "".join(f"{signs[p.mark][0]}{p.text}{signs[p.mark][1]}" for p in pieces)


def _lines(edits: Iterable[Edit], change: Change, around: int) -> tuple[Line, ...]:
    places = Places(change.old.blocks if change.old else (), change.new.blocks)
    return tuple(_line(edit, places, around) for edit in edits)


def _line(edit: Edit, places: Places, around: int) -> Line:
    block = edit.new or edit.old
    if block is None:
        raise ValueError("an edit has a block on at least one side")
    notes = [
        f"footnote {block.label}".strip() if block.kind is BlockKind.FOOTNOTE else "",
        places.placed(edit),
        "moved" if edit.kind is EditKind.MOVED else "",
    ]
    return Line(
        place=" › ".join(plain(heading) for heading in block.trail),
        note=", ".join(note for note in notes if note),
        rule=edit.rule,
        pieces=tuple(_elided(_tidied(_pieces(edit)), around)),
    )


def _pieces(edit: Edit) -> Iterator[Piece]:
    if edit.old is None and edit.new is not None:
        yield Piece(mark=Mark.INSERTED, text=edit.new.text)
    elif edit.new is None and edit.old is not None:
        yield Piece(mark=Mark.DELETED, text=edit.old.text)
    elif edit.old is not None and edit.new is not None:
        yield from _merged(edit.old.text, edit.deleted, edit.new.text, edit.inserted)


def _merged(
    old: str, deleted: Iterable[Span], new: str, inserted: Iterable[Span]
) -> Iterator[Piece]:
    """Walk the new text and put each deletion where as many kept characters precede it as in the
    old. Spaces are not counted: the two sides may be spaced differently around a change."""
    dropped, added = tuple(deleted), tuple(inserted)
    before, after = _kept(old, dropped), _kept(new, added)
    if [old[at] for at in before] != [new[at] for at in after]:
        # Spans that leave something unaccounted for must not pass for a redline.
        yield Piece(mark=Mark.DELETED, text=old)
        yield Piece(mark=Mark.INSERTED, text=f" {new}")
        return
    cuts = [(bisect_left(before, span.start), 0, span) for span in dropped]
    cuts += [(bisect_left(after, span.start), 1, span) for span in added]
    done = 0
    for count, is_new, span in sorted(cuts, key=lambda cut: (cut[0], cut[1], cut[2].start)):
        stop = span.start if is_new else max(done, after[count - 1] + 1 if count > 0 else 0)
        yield Piece(mark=Mark.KEPT, text=new[done:stop])
        if is_new:
            yield Piece(mark=Mark.INSERTED, text=new[span.start : span.end])
            done = span.end
        else:
            yield Piece(mark=Mark.DELETED, text=_with_spaces(old, span))
            done = stop
    yield Piece(mark=Mark.KEPT, text=new[done:])


def _kept(text: str, marked: tuple[Span, ...]) -> list[int]:
    inside = {at for span in marked for at in range(span.start, span.end)}
    return [at for at, sign in enumerate(text) if not sign.isspace() and at not in inside]


def _with_spaces(text: str, span: Span) -> str:
    """The span with a space at either end where the text has one beside it."""
    before = " " if text[: span.start].endswith((" ", "\n")) else ""
    after = " " if text[span.end :].startswith((" ", "\n")) else ""
    return f"{before}{text[span.start : span.end]}{after}"


def _tidied(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Move spaces out of marked pieces, join neighbours of one mark, and drop what is empty."""
    tidy: list[Piece] = []
    for piece in _unspaced(pieces):
        before = tidy.pop().text if tidy and tidy[-1].mark is piece.mark else ""
        tidy.append(replace(piece, text=spaced(before + piece.text)))
    for at, piece in enumerate(tidy):
        words = piece.text.lstrip() if at == 0 else piece.text
        words = words.rstrip() if at == len(tidy) - 1 else words
        if words:
            yield replace(piece, text=words)


def _unspaced(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        words = spaced(piece.text)
        if piece.mark is Mark.KEPT or not words.strip():
            yield Piece(mark=Mark.KEPT, text=words)
            continue
        yield Piece(mark=Mark.KEPT, text=" " if words.startswith(" ") else "")
        yield replace(piece, text=words.strip())
        yield Piece(mark=Mark.KEPT, text=" " if words.endswith(" ") else "")


def _elided(pieces: Iterable[Piece], around: int) -> Iterator[Piece]:
    line = tuple(pieces)
    for at, piece in enumerate(line):
        if piece.mark is not Mark.KEPT:
            yield piece
            continue
        head = around if at > 0 or len(line) == 1 else 0
        tail = around if at < len(line) - 1 else 0
        yield replace(piece, text=_ends(piece.text, head, tail, worth=around // 2))


def _ends(text: str, head: int, tail: int, worth: int) -> str:
    """The first `head` and last `tail` words, unless that saves the reader fewer than `worth`."""
    words = text.split(" ")
    if len(words) <= head + tail + worth:
        return text
    return " ".join([*words[:head], "…", *words[len(words) - tail :]])


def _closed(text: str) -> str:
    """Without the space that a removed neighbour leaves, or leaves before a stop."""
    return re.sub(r"\s+([.,;:)\]])", r"\1", plain(text))


def _telling(blocks: Iterable[Block]) -> tuple[str, ...]:
    """What is said but headings that stand as paragraphs, and paragraphs that the next one says
    again; all of it where nothing else is."""
    shown = [block for block in blocks if block.kind in BODY and block.text.strip()]
    every = [plain(block.text) for block in shown]
    told = (
        words
        for block, words, following in zip(shown, every, [*every, ""][1:], strict=True)
        if block.kind is BlockKind.ITEM or not (words in following or _is_heading(words))
    )
    return tuple(dict.fromkeys(told)) or tuple(every)


def _is_heading(words: str) -> bool:
    """Whether it has a heading's form: a few words without a mark that ends or opens anything."""
    return len(words.split()) <= HEADING and not _ENDS.search(words)


def _opening(paragraphs: Iterable[str]) -> Iterator[str]:
    """The first paragraph, and those after it while all together have at most `OPENING` words."""
    length = 0
    for paragraph in paragraphs:
        words = len(paragraph.split())
        if length and length + words > OPENING:
            return
        length += words
        yield paragraph


def _headnotes(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The blocks under a heading that says "headnote"; where the source has none, all paragraphs,
    for a listing gives nothing but headnotes."""
    named = [block for block in blocks if any("headnote" in h.lower() for h in block.trail)]
    return _paragraphs(tuple(named) or blocks)


def _paragraphs(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    return tuple(plain(block.text) for block in blocks if block.kind in BODY and block.text.strip())
