"""A draft of the office's own: read from a file or pasted, checked, and never kept."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.citator import wordfile
from pipeline.citator.wordfile import Unopened
from pipeline.errors import PageChanged
from pipeline.model import Block, BlockKind, Citation
from pipeline.pin import page_at

LARGEST = 50_000_000  # bytes of a file
LONGEST = 3_000_000  # characters: some 1,200 pages
WIDEST = 200  # characters of a line that was set to a width
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also how Word packs a file with a password
_PACKED = b"PK\x03\x04"
_BROKEN = re.compile(r"(?<=[A-Za-z])-\n\s*(?=[a-z])")  # a word over the end of a line
_HELD = re.compile(r"-\n\s*(?=\S)")  # "L-E-" at the end of a line
_INDENTED = re.compile(r"\A(?: {4,}+|\t)\S")
_ENDED = re.compile(r"[.:;?!][\"”’')\]]*\s*$")
Citations = Sequence[tuple[int, Citation]]  # of a draft in its order, each with its block
_TOO_LONG = "it has more text than any brief: check it in parts"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b]")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The draft's text. `form` is "PDF", "Word" or "text"; `set_off` are the blocks that stand as
    block quotations, as far as the form shows that: a PDF doesn't."""

    form: str
    blocks: tuple[Block, ...]
    set_off: frozenset[int] = frozenset()

    def place(self, index: int, offset: int = 0) -> str:
        """Where a character of a block stands, as its author would find it."""
        block = self.blocks[index]
        page = page_at(block, offset)
        parts = (
            f"page {page}" if page else "",
            _note(block.label) if block.kind is BlockKind.FOOTNOTE else "",
        )
        return ", ".join(filter(None, parts)) or f"paragraph {self._number(index)}"

    def _number(self, index: int) -> int:
        """Of a paragraph, counted from 1 without the notes."""
        return sum(each.kind is not BlockKind.FOOTNOTE for each in self.blocks[: index + 1])


def read(body: bytes) -> Draft:
    """Read a draft by what it is, whatever its name says: Word (.docx), PDF, or text in UTF-8,
    UTF-16 or Windows-1252.

    Raises `Unopened` with what is wrong and the next step; it quotes nothing of the draft.
    """
    if len(body) > LARGEST:
        raise Unopened(f"it has more than {LARGEST // 1_000_000} MB: save the text alone")
    if body.startswith(_OLD_WORD):
        raise Unopened(
            "it is an old Word file, or protected by a password: save it as .docx without one"
        )
    if body.lstrip()[:5] == b"{\\rtf":
        raise Unopened("it is Rich Text: save it as .docx, PDF or text")
    if body.startswith(_PACKED):
        word = wordfile.text(body)
        draft = Draft(form="Word", blocks=tuple(word.blocks), set_off=frozenset(word.set_off))
    elif b"%PDF-" in body[:1024]:
        draft = Draft(form="PDF", blocks=_printed(body))
    else:
        draft = typed(_weighed(_decoded(body)))
    if not draft.blocks:
        raise Unopened("it is empty: there is no text in it")
    if sum(len(block.text) for block in draft.blocks) > LONGEST:
        raise Unopened(_TOO_LONG)
    return draft


def _weighed(text: str) -> str:
    if len(text) > LONGEST:
        raise Unopened(_TOO_LONG)
    return text


def typed(text: str) -> Draft:
    """A draft that was typed or pasted: paragraphs end at an empty line, or each is one line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    blocks: list[Block] = []
    set_off: set[int] = set()
    for piece in _pieces(lines):
        rows = [row for row in piece.split("\n") if row.strip()]
        if rows and all(_INDENTED.match(row) for row in rows):
            set_off.add(len(blocks))
        whole = _HELD.sub("-", _BROKEN.sub("", piece))
        joined = " ".join(filter(None, map(str.strip, whole.split("\n"))))
        if joined:
            blocks.append(Block(kind=BlockKind.PARAGRAPH, text=joined))
    return Draft(form="text", blocks=tuple(blocks), set_off=frozenset(set_off))


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs. Where no line is empty between long lines that end sentences, each is one: many
    programs write a paragraph in one line."""
    for part in re.split(r"\n[ \t]*\n", text):
        lines = part.split("\n")
        if max(map(len, lines)) <= WIDEST:
            yield part
            continue
        held: list[str] = []
        for line in lines:
            held.append(line)
            if _ENDED.search(line):
                yield "\n".join(held)
                held = []
        yield "\n".join(held)


def _decoded(body: bytes) -> str:
    for mark, encoding in (
        (BOM_UTF8, "utf-8-sig"),
        (BOM_UTF16_LE, "utf-16"),
        (BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return _checked(body, encoding)
    head = body[:2000]
    if head.count(0) * 3 > len(head):  # half of the bytes of Latin letters in UTF-16 are zero
        is_little = head[1::2].count(0) > head[::2].count(0)
        return _checked(body, "utf-16-le" if is_little else "utf-16-be")
    try:
        return _checked(body, "utf-8")
    except Unopened:
        return _checked(body, "cp1252")


def _checked(body: bytes, encoding: str) -> str:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROLS.search(text):
        # From None: the error before would carry the draft's bytes.
        raise Unopened("it is no text, Word file or PDF: save the brief as one of these") from None
    return text


def _printed(body: bytes) -> tuple[Block, ...]:
    from pipeline import paragraphs, pdf  # noqa: PLC0415 - a typed draft needs no reader of PDF

    try:
        return paragraphs.blocks(pdf.sheets(body), starred=True)
    except pdf.NoText:
        reason = (
            "this PDF is a picture: it has no text that could be read. Run text recognition (OCR) "
            "over it, or save the brief as PDF from the program that it was written in"
        )
    except PageChanged as error:
        is_locked = "assword" in str(error)
        reason = (
            "this PDF is protected by a password: save it without one"
            if is_locked
            else "this PDF is damaged, cut off, or larger than any brief: save it as PDF again"
        )
    # Outside of the handler: what PDFium or the reader says may quote what it read.
    raise Unopened(reason)


def _note(label: str) -> str:
    return label if label.startswith("endnote") else f"footnote {label}"
