"""A version's text as a page shows it: anchors, notes in place, pages, links, marked words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from urllib.parse import urlencode

from markupsafe import Markup, escape

from alerts.untrusted import plain, spaced
from index.opened import Place
from lexwatch.web.words import flag
from pipeline import cells
from pipeline.citator.model import Status
from pipeline.model import Block, BlockKind, Span
from pipeline.outline import notes
from pipeline.pin import STAR, page_at

ROOM = 40_000  # bytes of text on a page, so that the whole of it stays under 100 kB
LINK, FRAME = 130, 60  # bytes that a link and a block cost besides their words
PIECE = 20_000  # characters, about, of a block that no page has room for
DIVIDED = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})
HEADED = 0.5  # of the room: a part that is as full ends before the next heading
FIRST, DEEPEST = 3, 6  # ranks of HTML: of a text's highest headings, and the lowest that there is


@dataclass(frozen=True, kw_only=True)
class Part:
    """So much of a text as one page shows: blocks from `first` to before `end`; of one that no
    page has room for, its characters from `start` to before `stop`, None for its end."""

    first: int
    end: int
    title: str
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A heading in the list of contents: the block, and the number of its part."""

    block: int
    part: int
    level: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Lit:
    """What is shown in a text besides its words: what it cites and how that stands, and what of it
    was looked for, both by block."""

    places: Mapping[int, Sequence[Place]] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    marks: Mapping[int, Sequence[Span]] = field(default_factory=dict)


def parts(blocks: Sequence[Block], places: Mapping[int, Sequence[Place]]) -> tuple[Part, ...]:
    """Divide a text at its headings, in order; within a section only where it is longer than a
    page. A footnote goes with the block that calls it, wherever it stands."""
    called, moved = notes(blocks), _moved(blocks)
    found: list[Part] = []
    first, used = 0, 0
    for at, block in enumerate(blocks):
        held = () if at in moved else (at, *called.get(at, ()))
        cost = sum(_cost(blocks[each], places.get(each, ())) for each in held)
        is_heading = block.kind is BlockKind.HEADING
        is_full = used + cost > ROOM or (is_heading and used > ROOM * HEADED)
        if used and is_full:
            found.append(_part(blocks, first, at))
            first, used = at, 0
        if cost > ROOM and block.kind in DIVIDED:
            found += _pieces(blocks, first, at)
            first, used = at + 1, 0
        else:
            used += cost
    if used or not found:
        return (*found, _part(blocks, first, len(blocks)))
    return (*found[:-1], replace(found[-1], end=len(blocks)))  # what follows has moved into it


def contents(blocks: Sequence[Block], divided: Sequence[Part]) -> tuple[Entry, ...]:
    """Every heading that is shown, with the part in which it stands."""
    bare = _bare(blocks, _moved(blocks))
    return tuple(
        Entry(block=at, part=number, level=blocks[at].level, title=plain(blocks[at].text))
        for number, part in enumerate(divided, 1)
        for at in range(part.first, part.end)
        if blocks[at].kind is BlockKind.HEADING and plain(blocks[at].text) and at not in bare
    )


def shown(blocks: Sequence[Block], part: Part) -> frozenset[int]:
    """The blocks that a part shows: its own, and the notes that these call."""
    called = notes(blocks)
    own = range(part.first, part.end)
    return frozenset({*own, *(note for at in own for note in called.get(at, ()))})


def holder(blocks: Sequence[Block], divided: Sequence[Part], at: int) -> int:
    """The number of the part that shows a block, or its beginning; the first for what there is
    not. Of a block in several parts the notes stand with the last."""
    called = notes(blocks)
    caller = next((block for block, held in called.items() if at in held), None)
    sought = at if caller is None else caller
    found = [n for n, part in enumerate(divided, 1) if part.first <= sought < part.end] or [1]
    return found[0 if caller is None else -1]


class Sheet:
    """A part of a text, set as HTML."""

    def __init__(self, blocks: Sequence[Block], part: Part, lit: Lit) -> None:
        self._blocks, self._part, self._lit = blocks, part, lit
        self._called = notes(blocks)
        moved = _moved(blocks)
        self._left_out = moved | _bare(blocks, moved)
        self._notes: dict[str, list[tuple[int, int]]] = {}  # by label: who calls it first, and it
        for at in range(part.first, part.end) if part.stop is None else ():
            for note in self._called.get(at, ()):
                self._notes.setdefault(blocks[note].label, []).append((at, note))
        levels = (max(1, each.level) for each in blocks if each.kind is BlockKind.HEADING)
        self._top = min(levels, default=1)
        self._tables = 0
        self._given: set[str] = set()  # ids: each stands once on a page

    def html(self) -> Markup:
        """The blocks in their order, each footnote below the block that calls it first."""
        return Markup("\n").join(self._set())

    def _set(self) -> Iterator[Markup]:
        rows: list[int] = []
        page = ""
        for at in range(self._part.first, self._part.end):
            block = self._blocks[at]
            is_row = block.kind is BlockKind.ROW
            if rows and (not is_row or block.trail != self._blocks[rows[-1]].trail):
                yield from self._table(rows)
                rows = []
            if is_row:
                rows.append(at)
            elif at not in self._left_out:
                is_turned = block.page not in ("", page)
                yield self._block(at, self._turn(block.page) if is_turned else Markup(""))
                page = page_at(block, len(block.text)) or page
                yield from self._below(at)
        if rows:
            yield from self._table(rows)

    def _block(self, at: int, before: Markup) -> Markup:
        block = self._blocks[at]
        start, stop = self._part.start, self._part.stop
        words = before + self._words(at, start, len(block.text) if stop is None else stop)
        if block.kind is BlockKind.HEADING:
            level = min(DEEPEST, max(1, block.level) - self._top + FIRST)
            return Markup('<h{0} id="b{1}">{2}</h{0}>').format(level, at, words)
        if block.kind is BlockKind.ITEM:
            deep = min(5, max(1, block.level))
            label = plain(block.label) or "•"
            said = Markup('<p id="b{}" class="item i{}"><span>{}</span> {}</p>')
            return said.format(at, deep, label, words)
        if block.kind is BlockKind.FOOTNOTE:
            label = f"[{plain(block.label)}]" if block.label else ""
            return Markup('<p id="b{}" class="note-text">{} {}</p>').format(at, label, words)
        return Markup('<p id="b{}">{}</p>').format(at, words)

    def _below(self, at: int) -> Iterator[Markup]:
        """The footnotes that a block calls, folded: a link to one opens it."""
        for note in self._called.get(at, ()) if self._part.stop is None else ():
            block = self._blocks[note]
            back = f"c{note}"
            yield Markup(
                '<details class="footnote"><summary>Footnote {}</summary>'
                '<p id="b{}" class="note-text">{} <a href="#{}">Back to the text</a></p></details>'
            ).format(plain(block.label), note, self._words(note, 0, len(block.text)), back)

    def _table(self, rows: Sequence[int]) -> Iterator[Markup]:
        self._tables += 1
        said = Markup("").join(self._row(at, is_first=at == rows[0]) for at in rows)
        # What scrolls sideways has to be reached by key.
        yield Markup(
            '<div class="wide" tabindex="0" role="region" aria-label="Table {}">'
            "<table>{}</table></div>"
        ).format(self._tables, said)
        for at in rows:
            yield from self._below(at)

    def _row(self, at: int, *, is_first: bool) -> Markup:
        tag = "th" if is_first else "td"
        scope = Markup(' scope="col"') if is_first else Markup("")
        told = Markup("").join(
            Markup("<{0}{1}>{2}</{0}>").format(tag, scope, self._words(at, cell.start, cell.end))
            for cell in cells.spans(self._blocks[at].text)
        )
        return Markup('<tr id="b{}">{}</tr>').format(at, told)

    def _words(self, at: int, start: int, end: int) -> Markup:
        """A piece of a block, with links, marked words, the notes called and the pages begun."""
        block, spans = self._blocks[at], self._lit.marks.get(at, ())
        links = {each.start: each for each in _apart(self._lit.places.get(at, ()), start, end)}
        calls = [mark for mark in block.marks if start <= mark.offset <= end]
        edges = {start, end, *(mark.offset for mark in calls)}
        edges |= {edge for each in links.values() for edge in (each.start, each.end)}
        edges |= {edge for each in spans for edge in (each.start, each.end) if start < edge < end}
        said: list[Markup] = []
        after: list[Markup] = []  # one link can't stand in another: what is called within follows
        inside: Place | None = None
        for left, right in pairwise([*sorted(edges), end]):
            if inside and left >= inside.end:
                said += [self._closed(inside), *after]
                inside, after = None, []
            called = [self._call(at, mark.label) for mark in calls if mark.offset == left]
            (after if inside else said).extend(called)
            if left in links:
                inside = links[left]
                said.append(_opened(inside))
            is_marked = any(each.start <= left < each.end for each in spans)
            said.append(_marked(block.text[left:right], is_marked=is_marked))
        return Markup("").join([*said, *([self._closed(inside), *after] if inside else [])])

    def _closed(self, place: Place) -> Markup:
        return flag(self._lit.statuses.get(place.cited)) + Markup("</a>")

    def _call(self, at: int, label: str) -> Markup:
        """A page that begins; or a note's number, which leads to the note where this part has it:
        the next of that label, since numbers begin anew."""
        if label.startswith(STAR) and label[1:].isdigit():
            return self._turn(label[1:])
        held = self._notes.get(label, [])
        note = next((note for caller, note in held if caller >= at), held[-1][1] if held else None)
        if note is None:
            return Markup("<sup>{}</sup>").format(plain(label))
        return Markup('<sup><a{} href="#b{}">{}</a></sup>').format(
            self._named(f"c{note}"), note, plain(label)
        )

    def _turn(self, page: str) -> Markup:
        """Where a page of the reporter begins, as star paging marks it."""
        said = plain(page)
        return Markup('<span class="star"{}>*{}</span> ').format(self._named(f"page-{said}"), said)

    def _named(self, name: str) -> Markup:
        """An id, the first time."""
        if name in self._given:
            return Markup("")
        self._given.add(name)
        return Markup(' id="{}"').format(name)


def _moved(blocks: Sequence[Block]) -> frozenset[int]:
    """The notes that stand with the block that calls them."""
    return frozenset(note for held in notes(blocks).values() for note in held)


def _bare(blocks: Sequence[Block], moved: Collection[int]) -> frozenset[int]:
    """Headings of which nothing is left, since all below them are notes that have moved."""
    found = set()
    for at, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING and at + 1 in moved:
            after = next((n for n in range(at + 1, len(blocks)) if n not in moved), None)
            if after is None or blocks[after].kind is BlockKind.HEADING:
                found.add(at)
    return frozenset(found)


def _apart(places: Sequence[Place], start: int, end: int) -> list[Place]:
    """Those within a piece of text that do not overlap an earlier one."""
    found: list[Place] = []
    for each in places:
        is_free = not found or each.start >= found[-1].end
        if is_free and start <= each.start < each.end <= end:
            found.append(each)
    return found


def _opened(place: Place) -> Markup:
    return Markup('<a href="/authority?{}">').format(urlencode({"cite": place.cited}))


def _marked(words: str, *, is_marked: bool) -> Markup:
    said = escape(spaced(words))
    return Markup("<mark>{}</mark>").format(said) if is_marked and said else said


def _pieces(blocks: Sequence[Block], first: int, at: int) -> Iterator[Part]:
    """One block in parts, each ended after a sentence or else after a word; the first has what
    stands before it from `first` on, notes that have moved."""
    words, start = blocks[at].text, 0
    while len(words) - start > PIECE:
        half, end = start + PIECE // 2, start + PIECE
        full, space = words.rfind(". ", half, end), words.rfind(" ", half, end)
        stop = full + 2 if full > 0 else space + 1 if space > 0 else end
        yield replace(_part(blocks, first, at + 1), start=start, stop=stop)
        first, start = at, stop
    yield replace(_part(blocks, first, at + 1), start=start)


def _cost(block: Block, places: Sequence[Place]) -> int:
    return len(block.text.encode()) + FRAME + LINK * len(places)


def _part(blocks: Sequence[Block], first: int, end: int) -> Part:
    """Named by its first heading, else by that under which it begins."""
    headed = (each.text for each in blocks[first:end] if each.kind is BlockKind.HEADING)
    trail = blocks[first].trail if first < len(blocks) else ()
    title = trail[-1] if trail and blocks[first].kind is not BlockKind.HEADING else ""
    return Part(first=first, end=end, title=plain(title or next(headed, "")))
