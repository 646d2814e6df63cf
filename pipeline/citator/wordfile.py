"""Read the text of a Word file (.docx): body, tables, text boxes, notes, tracked insertions."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from zipfile import ZipFile

from lxml import etree
from lxml.etree import _Element as Element

from pipeline.errors import LexwatchError
from pipeline.model import Block, BlockKind, NoteMark

UNPACKED = 200_000_000  # bytes, of everything in the file; zipfile unpacks no more than is declared
PARTS = 5_000
PART = 60_000_000  # bytes of the text or of the notes alone, as XML
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = ("del", "moveFrom")  # what tracked changes took out
_QUOTING = re.compile(r"block|quot", re.IGNORECASE)  # names of styles for text that is set off
_INDENT = 360  # twentieths of a point on both sides: text that is set off
_NOTES = {"footnoteReference": "/footnotes", "endnoteReference": "/endnotes"}  # and their parts
_OFF = ("0", "false", "off")
_PRIVATE = 0xD800  # from here on a number is none of a letter, or one of a font's own
_SYMBOLS = {0xF02D: "-", 0xF0A7: "§", 0xF0BE: "—", 0x1E: "-"}
_SAVE = "save the brief as .docx, PDF or text"
_OTHERS = {
    "xl/": "an Excel spreadsheet",
    "ppt/": "a PowerPoint presentation",
    "META-INF/manifest.xml": "an OpenDocument file",
    "Index/": "a Pages file",
}
_DAMAGED = "it is damaged: open it in Word and save it again"


class Unopened(LexwatchError):
    """A file that can't be read as a draft; the message says why, and quotes nothing of it."""


@dataclass(kw_only=True)
class Text:
    """`blocks` in reading order, notes last; `set_off` are those that stand as block quotations."""

    blocks: list[Block] = field(default_factory=list)
    set_off: set[int] = field(default_factory=set)


def text(body: bytes) -> Text:
    """The text of a Word file as it stands with every tracked change accepted.

    Notes are numbered in the order of their calls. Raises `Unopened` for what is damaged, another
    kind of file, or unpacks to more than any brief; entities and outside addresses are never
    followed, since neither has a place in such a file.
    """
    try:
        with ZipFile(BytesIO(body)) as packed:
            _weigh(packed)
            return _Reader(dict(_parts(packed))).text()
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise Unopened(_DAMAGED) from error


def _weigh(packed: ZipFile) -> None:
    """Refuse what would unpack to more than any brief, before anything of it is unpacked."""
    every = packed.infolist()
    if len(every) > PARTS or sum(each.file_size for each in every) > UNPACKED:
        raise Unopened(
            "it unpacks to more than any brief: save the text alone as .docx, or as text"
        )
    if any(each.flag_bits & 1 for each in every):
        raise Unopened("it is protected by a password: save it without one")


def _parts(packed: ZipFile) -> Iterator[tuple[str, Element]]:
    """The body and the notes, found as the format says: by what one part is to another."""
    main = next(_related(packed, "", "/officeDocument"), "")
    if not main:
        raise Unopened(f"it is {_other(packed)}: {_SAVE}")
    yield "body", _parsed(packed, main)
    for kind, role in _NOTES.items():
        for name in _related(packed, main, role):
            yield kind, _parsed(packed, name)


def _other(packed: ZipFile) -> str:
    """What a packed file is that is no Word document, as its user would call it."""
    names = packed.namelist()
    for folder, called in _OTHERS.items():
        if any(name.startswith(folder) for name in names):
            return f"{called} and no Word document"
    return "a folder packed into one file (a ZIP file, say) and no Word document"


def _related(packed: ZipFile, name: str, role: str) -> Iterator[str]:
    folder, own = posixpath.split(name)
    listing = posixpath.join(folder, "_rels", f"{own}.rels")
    if listing not in packed.namelist():
        return
    for each in _xml(packed, listing):
        inside = each.get("TargetMode", "") != "External"
        if inside and str(each.get("Type", "")).endswith(role):
            target = posixpath.normpath(posixpath.join("/", folder, str(each.get("Target", ""))))
            yield target.lstrip("/")


def _parsed(packed: ZipFile, name: str) -> Element:
    root = _xml(packed, name)
    if not str(root.tag).startswith((_W, _STRICT)):
        raise Unopened(f"it is {_other(packed)}: {_SAVE}")
    return root


def _xml(packed: ZipFile, name: str) -> Element:
    if name not in packed.namelist():
        raise Unopened(_DAMAGED)
    if packed.getinfo(name).file_size > PART:
        raise Unopened("it has more text than any brief: check it in parts")
    blob = packed.read(name)
    # In UTF-16 it would not be seen here; but the parser below resolves nothing either.
    if b"<!DOCTYPE" in blob or b"<!ENTITY" in blob:
        raise Unopened("it holds definitions that no Word document has: save it again in Word")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(blob, parser)
    except etree.XMLSyntaxError as error:
        raise Unopened(_DAMAGED) from error


class _Reader:
    """Gathers paragraphs, and notes as they are called."""

    def __init__(self, parts: Mapping[str, Element]) -> None:
        self._body = parts["body"]
        self._notes = {
            kind: {_value(note, "id"): note for note in parts[kind] if _value(note, "id")}
            for kind in _NOTES
            if kind in parts
        }
        self._called: dict[str, list[str]] = {kind: [] for kind in _NOTES}

    def text(self) -> Text:
        said = Text()
        for paragraphs in _joined(_paragraphs(self._body)):
            block = self._block(paragraphs, BlockKind.PARAGRAPH, "")
            if not block.text:
                continue
            if _is_set_off(paragraphs[-1]):
                said.set_off.add(len(said.blocks))
            said.blocks.append(block)
        for kind, called in self._called.items():
            for number, name in enumerate(tuple(called), 1):
                note = self._notes.get(kind, {}).get(name)
                for paragraphs in () if note is None else _joined(_paragraphs(note)):
                    label = _label(kind, number)
                    block = self._block(paragraphs, BlockKind.FOOTNOTE, label)
                    if block.text:
                        said.blocks.append(block)
        return said

    def _block(self, paragraphs: Sequence[Element], kind: BlockKind, label: str) -> Block:
        pieces: list[str] = []
        marks: list[NoteMark] = []
        length = 0
        for element in chain.from_iterable(map(_runs, paragraphs)):
            name = etree.QName(element).localname
            if name in _NOTES:
                marks.append(NoteMark(offset=length, label=self._call(name, element)))
                continue
            said = _said(name, element)
            pieces.append(said)
            length += len(said)
        written = "".join(pieces)
        lead = len(written) - len(written.lstrip())
        text = written.strip()
        placed = (
            NoteMark(offset=min(max(mark.offset - lead, 0), len(text)), label=mark.label)
            for mark in marks
        )
        return Block(kind=kind, text=text, label=label, marks=tuple(placed))

    def _call(self, kind: str, element: Element) -> str:
        called = self._called[kind]
        called.append(_value(element, "id"))
        return _label(kind, len(called))


def _label(kind: str, number: int) -> str:
    return f"{number}" if kind == "footnoteReference" else f"endnote {number}"


def _paragraphs(root: Element) -> Iterator[Element]:
    """In the order in which they stand; of what is there in two forms, the newer one."""
    stack = [root]
    while stack:
        element = stack.pop()
        if element.tag == _FALLBACK or not isinstance(element.tag, str):
            continue
        if etree.QName(element).localname == "p" and element.tag.startswith((_W, _STRICT)):
            yield element
        stack.extend(reversed(element))


def _joined(paragraphs: Iterable[Element]) -> Iterator[list[Element]]:
    """Paragraphs as they are printed: one whose mark was deleted, or is hidden, runs on into the
    next one beside it, and has that one's form."""
    held: list[Element] = []
    for paragraph in paragraphs:
        if held and paragraph.getparent() is not held[-1].getparent():
            yield held
            held = []
        held.append(paragraph)
        if not _runs_on(paragraph):
            yield held
            held = []
    if held:
        yield held


def _runs_on(paragraph: Element) -> bool:
    """Whether the mark that ends a paragraph is deleted or hidden."""
    mark = _child(_child(paragraph, "pPr"), "rPr")
    is_deleted = any(_child(mark, name) is not None for name in _DELETED)
    return is_deleted or _is_hidden(mark)


def _is_hidden(properties: Element | None) -> bool:
    vanish = _child(properties, "vanish")
    return vanish is not None and _value(vanish, "val") not in _OFF


def _child(element: Element | None, name: str) -> Element | None:
    for each in () if element is None else element:
        if isinstance(each.tag, str) and each.tag in (_W + name, _STRICT + name):
            return each
    return None


def _runs(paragraph: Element) -> Iterator[Element]:
    """What is printed of a paragraph, without what was deleted or is hidden, and without the
    paragraphs of a text box that hangs on it."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag == _FALLBACK:
            continue
        name = etree.QName(element).localname
        if name in _DELETED or name == "p" or (name == "r" and _is_hidden(_child(element, "rPr"))):
            continue
        yield element
        stack.extend(reversed(element))


def _said(name: str, element: Element) -> str:
    match name:
        case "t":
            return element.text or ""
        case "tab" | "br" | "cr":
            # A tab stop is defined in a paragraph's properties under the same name as a tab.
            parent = element.getparent()
            is_stop = parent is not None and etree.QName(parent).localname == "tabs"
            return "" if is_stop else " "
        case "noBreakHyphen":
            return "-"
        case "sym":
            return _symbol(_value(element, "char"))
        case _:
            return ""


def _symbol(code: str) -> str:
    """A character by its number in a font: what symbol fonts number for themselves is not known,
    but for hyphens, dashes and the section sign."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    own = _SYMBOLS.get(number)
    sign = chr(number) if own is None and number < _PRIVATE else own or ""
    return sign if sign.isprintable() else ""


def _is_set_off(paragraph: Element) -> bool:
    for element in paragraph.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name == "pStyle" and _QUOTING.search(_value(element, "val")):
            return True
        if name == "ind":
            sides = (("left", "start"), ("right", "end"))
            given = [next(filter(None, (_value(element, n) for n in side)), "0") for side in sides]
            return all(each.isdigit() and int(each) >= _INDENT for each in given)
        if name == "r":
            return False
    return False


def _value(element: Element, name: str) -> str:
    return str(element.get(f"{_W}{name}") or element.get(f"{_STRICT}{name}") or "")
