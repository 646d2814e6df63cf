"""Make a publisher's markup into plain text and blocks, losing no visible word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from w3lib.encoding import html_to_unicode

from pipeline import footnotes
from pipeline.legible import ODD, plain
from pipeline.model import Block, BlockKind, NoteMark
from pipeline.numbering import printed

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LISTS = {"ul", "ol", "menu"}
BREAKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("header", "hgroup", "hr", "html", "legend", "li", "main", "nav", "p", "pre", "search"),
    *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *HEADINGS,
    *LISTS,
}
UNSHOWN = {
    *("head", "script", "style", "template", "noscript", "iframe", "object", "svg", "canvas"),
    *("audio", "video", "datalist"),
}
UNSHOWN_CLASSES = {"visually-hidden", "sr-only", "element-invisible"}
UNSHOWN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SPACES = re.compile(r"[^\S ]\s*| \s+")  # all runs but a single space, of which most texts are full
CELL = " | "
ENDS = (*".,;:)?!”", '"')
CLOSING = (".", ",", ";", ":", ")", "]")


def normalise(text: str) -> str:
    """Write a text in its one plain form (see `pipeline.legible`), every run of spaces as one.

    Normalising twice changes nothing.
    """
    return _spaced(text).strip()


def parse(body: bytes, headers: Mapping[str, str]) -> BeautifulSoup:
    """Parse an HTML body in the charset a browser would take: byte-order mark, header, meta tag.

    Header names are looked up without regard to case; a body that declares nothing is UTF-8.
    """
    stated = next((v for k, v in headers.items() if k.lower() == "content-type"), None)
    _, text = html_to_unicode(stated, body, default_encoding="utf-8")
    return BeautifulSoup(text, "lxml")


def blocks(html: str | Tag) -> tuple[Block, ...]:
    """Read an element as blocks in reading order: every visible word once, each with its place.

    A table row is one block, its cells joined by " | "; the rows of a table inside a cell are rows
    of their own. A note that runs over several paragraphs is several blocks with one label. The
    call of a note leaves the text and stands in `marks`; a note's own number becomes its label.
    """
    scope = BeautifulSoup(f"<body>{html}", "lxml") if isinstance(html, str) else html
    return _Reader().read(scope)


def _spaced(text: str) -> str:
    # Most texts are plain, and this is asked of every one twice.
    return SPACES.sub(" ", plain(text).text if ODD.search(text) else text)


@dataclass
class _Place:
    """An open heading, list item or table row: what the text inside it belongs to."""

    kind: BlockKind
    tag: Tag | None = None
    level: int = 0
    label: str = ""
    cells: int = 0


@dataclass
class _List:
    """An open list, and the number its next item is printed with."""

    style: str
    next: int


class _Reader:
    """Walks a scope with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self) -> None:
        self.read_so_far: list[Block] = []
        self.pieces: list[str | NoteMark] = []
        self.places: list[_Place] = []
        self.lists: list[_List] = []
        self.trail: list[Block] = []
        self.anchor = ""
        self.note = ""
        self.leads_back = False  # the block being read links to where its note is called
        self.notes_level = 0  # rank of the "Footnotes" heading we are under

    def read(self, scope: Tag) -> tuple[Block, ...]:
        self._anchor(scope)
        open_tags = [(scope, iter(scope.contents))]
        while open_tags:
            tag, children = open_tags[-1]
            child = next(children, None)
            if child is None:
                open_tags.pop()
                self._leave(tag)
            elif isinstance(child, Tag):
                if self._enter(child):
                    open_tags.append((child, iter(child.contents)))
            elif is_text(child):
                self.pieces.append(str(child))
        self._close()
        return tuple(self.read_so_far)

    def _enter(self, tag: Tag) -> bool:
        """Say whether what is inside the tag is to be read."""
        if is_unshown(tag):
            return False
        self._anchor(tag)
        if label := footnotes.called(tag):
            self.pieces.append(NoteMark(offset=0, label=label))
            return False
        self.leads_back = self.leads_back or footnotes.leads_back(tag)
        if tag.name in LISTS:
            self.lists.append(_List(_style(tag), _number(tag.get("start"), 1)))
        if tag.name in BREAKS or tag.name == "br":
            self._break(tag)
        return True

    def _break(self, tag: Tag) -> None:
        place = self.places[-1] if self.places else None
        if tag.name == "tr":
            self._close()
            self.places.append(_Place(BlockKind.ROW, tag))
        elif tag.name in ("td", "th") and place and place.kind is BlockKind.ROW:
            self.pieces.append(CELL if place.cells else " ")
            place.cells += 1
        elif tag.name == "br" or self._is_solid():
            self.pieces.append(" ")
        else:
            self._close()
            if tag.name in HEADINGS:
                self.places.append(_Place(BlockKind.HEADING, tag, HEADINGS[tag.name]))
            elif tag.name == "li":
                self.places.append(
                    _Place(BlockKind.ITEM, tag, len(self.lists) or 1, self._item(tag))
                )

    def _leave(self, tag: Tag) -> None:
        if tag.name in LISTS and self.lists:
            self.lists.pop()
        if self.places and self.places[-1].tag is tag:
            self._close()
            self.places.pop()
        elif tag.name in BREAKS:
            if self._is_solid():
                self.pieces.append(" ")
            else:
                self._close()

    def _is_solid(self) -> bool:
        """Paragraphs inside a heading or a table row do not break it."""
        return bool(self.places) and self.places[-1].kind in (BlockKind.HEADING, BlockKind.ROW)

    def _item(self, tag: Tag) -> str:
        if not self.lists or not self.lists[-1].style:
            return ""
        numbers = self.lists[-1]
        number = _number(tag.get("value"), numbers.next)
        numbers.next = number + 1
        return printed(number, numbers.style)

    def _anchor(self, tag: Tag) -> None:
        if tag.name in ("a", "li", "p", "tr", *HEADINGS) and not self.anchor:
            identifier = str(tag.get("id") or (tag.name == "a" and tag.get("name")) or "")
            self.anchor = "" if footnotes.is_way_back(identifier) else identifier

    def _close(self) -> None:
        """End the block being read, if it has any words."""
        text, marks = _join(self.pieces)
        self.pieces = []
        if text.strip(" |"):
            self._emit(text, marks)
        elif marks and self.read_so_far:  # a call that stands alone belongs to what was just said
            last = self.read_so_far[-1]
            late = tuple(replace(mark, offset=len(last.text)) for mark in marks)
            self.read_so_far[-1] = replace(last, marks=last.marks + late)
        self.leads_back = False

    def _emit(self, text: str, marks: tuple[NoteMark, ...]) -> None:
        place = self.places[-1] if self.places else _Place(BlockKind.PARAGRAPH)
        kind, level, label = place.kind, place.level, place.label
        place.label = ""
        if kind is BlockKind.HEADING:
            self._under(level, text)
        else:
            number, text, marks = footnotes.split_number(text, marks, linked=self.leads_back)
            if number or (self.notes_level and self.note):
                kind, level, label = BlockKind.FOOTNOTE, 0, number or self.note
                self.note = label
        block = Block(
            kind=kind,
            text=text,
            level=level,
            trail=tuple(heading.text for heading in self.trail),
            anchor=self.anchor,
            label=label,
            marks=marks,
        )
        self.anchor = ""
        self.read_so_far.append(block)
        if kind is BlockKind.HEADING:
            self.trail.append(block)

    def _under(self, level: int, text: str) -> None:
        while self.trail and self.trail[-1].level >= level:
            self.trail.pop()
        if footnotes.is_title(text):
            self.notes_level = level
        elif level <= self.notes_level:
            self.notes_level = 0
        self.note = ""


def is_text(node: PageElement) -> bool:
    """Whether a node is text that a reader sees, and no comment, declaration or the like."""
    return isinstance(node, NavigableString) and not isinstance(node, PreformattedString)


def is_unshown(tag: Tag) -> bool:
    """Whether a page keeps an element from its readers, by name, attribute, style or class."""
    return (
        tag.name in UNSHOWN
        or tag.has_attr("hidden")
        or bool(UNSHOWN_STYLE.search(str(tag.get("style") or "")))
        or not UNSHOWN_CLASSES.isdisjoint(tag.get_attribute_list("class"))
    )


def _style(tag: Tag) -> str:
    return str(tag.get("type") or "1") if tag.name == "ol" else ""


def _number(stated: object, otherwise: int) -> int:
    return int(str(stated)) if re.fullmatch(r"-?\d{1,6}", str(stated)) else otherwise


def _join(pieces: list[str | NoteMark]) -> tuple[str, tuple[NoteMark, ...]]:
    """Join what was read, and say where in the plain text each note is called."""
    said: list[str] = [""]
    marks: list[NoteMark] = []
    length = 0
    for is_mark, group in groupby(pieces, key=lambda piece: isinstance(piece, NoteMark)):
        if is_mark:
            offset = length - said[-1].endswith(" ")
            marks += [NoteMark(offset=offset, label=cast(NoteMark, mark).label) for mark in group]
            continue
        run = _spaced("".join(cast(Iterator[str], group)))
        if said[-1].endswith(" ") and marks and run.startswith(CLOSING):
            length -= 1  # "word [1]." reads "word."
            said[-1] = said[-1][:-1]
        elif not length or said[-1].endswith(" "):
            run = run.lstrip()
        elif marks and marks[-1].offset == length and said[-1][-1:] in ENDS and run[:1].isalnum():
            run = f" {run}"  # where only the call stood between two sentences or clauses
        said.append(run)
        length += len(run)
    text = normalise("".join(said))
    # An accent that follows its letter in the next element shortens the text; stay inside it.
    return text, tuple(replace(mark, offset=min(mark.offset, len(text))) for mark in marks)
