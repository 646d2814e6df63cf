"""Read a PDF: its sheets line by line, or a memorandum's text as blocks."""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
from pypdfium2 import raw

from pipeline import paragraphs
from pipeline.errors import PageChanged
from pipeline.model import Block
from pipeline.sheets import Line, Run, Sheet, lines

# More than any document that is read here has, and few enough to be read within a minute.
SHEETS = 600
CHARACTERS = 2_000_000
RUNS = 2_000  # on one sheet: finding the lines of so many pieces takes as long as their square
ALL_RUNS = 50_000
OBJECTS = 20_000  # drawn, in a whole document, among which lines are looked for
THIN, LONG = 2.5, 90.0  # points: what is drawn so is a line, and no underlined word
TURNED = 0.1  # radians from which on a letter counts as slanted
NO_TEXT = "no text layer; OCR is not done"
INVISIBLE = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_ONE_AT_A_TIME = threading.Lock()  # PDFium may not be called from two threads


class NoText(PageChanged):
    """A scan: pictures of text, and no text."""


def sheets(body: bytes) -> tuple[Sheet, ...]:
    """Every sheet of a PDF with its lines in reading order.

    Raises `PageChanged` for what is no PDF, or damaged, or encrypted, or beyond any size that is
    read here, and `NoText`, which is one too, for a scan.
    """
    with _ONE_AT_A_TIME, _opened(body) as document:
        if not 0 < len(document) <= SHEETS:
            raise PageChanged(f"the PDF has {len(document)} sheets; 1 to {SHEETS} are read")
        found: list[Sheet] = []
        room = _Room()
        for index in range(len(document)):
            found.append(_sheet(document, index, room))
    if not any(sheet.lines for sheet in found):
        raise NoText(f"the PDF has {NO_TEXT}")
    return tuple(found)


def blocks(body: bytes) -> tuple[Block, ...]:
    """The text of a memorandum: paragraphs, headings, items, notes, each with the page on which it
    begins, as printed where pages are numbered, else counted. Running heads and feet are no part
    of it. Raises `PageChanged` as `sheets` does."""
    return paragraphs.blocks(sheets(body))


@contextmanager
def _opened(body: bytes) -> Iterator[pypdfium2.PdfDocument]:
    if b"%PDF-" not in body[:1024]:
        raise PageChanged(f"the body begins with {body[:20]!r} and is no PDF; look at the page")
    if b"%%EOF" not in body[-2048:]:
        raise PageChanged("the PDF ends in the middle; it is asked for again")
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise PageChanged(f"the PDF can't be opened ({error}); look at the page kept") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise PageChanged(f"the PDF is damaged ({error}); look at the page kept") from error
    finally:
        document.close()


@dataclass(frozen=True, kw_only=True)
class _Type:
    """The type a piece of text is set in, and whether it is seen."""

    size: float
    is_bold: bool
    is_italic: bool
    is_seen: bool


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """One printed character on the sheet as it is seen, measured from its upper left."""

    character: str
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    set_in: _Type
    is_slanted: bool


@dataclass(kw_only=True)
class _Room:
    """What may still be read of a document; counts, and no clock, so that it is read alike
    everywhere."""

    characters: int = CHARACTERS
    runs: int = ALL_RUNS
    objects: int = OBJECTS

    def take_characters(self, count: int) -> None:
        self.characters -= count
        if self.characters < 0:
            raise PageChanged(f"the PDF has more than {CHARACTERS} characters; look at it")

    def take_runs(self, count: int) -> None:
        self.runs -= count
        if count > RUNS:
            raise PageChanged(f"a sheet has {count} pieces of text; up to {RUNS} are read")
        if self.runs < 0:
            raise PageChanged(f"the PDF has more than {ALL_RUNS} pieces of text; look at it")


def _sheet(document: pypdfium2.PdfDocument, index: int, room: _Room) -> Sheet:
    page = document[index]
    text = page.get_textpage()
    try:
        room.take_characters(raw.FPDFText_CountChars(text))
        frame = _Frame(page)
        runs: list[Run] = []
        slanted: list[Run] = []
        is_scan = False
        for letters in _stretches(text.raw, frame):
            is_scan = is_scan or not letters[0].set_in.is_seen
            (slanted if letters[0].is_slanted else runs).append(_run(letters))
        room.take_runs(len(runs) + len(slanted))
        aslant = tuple(Line(runs=(run,), is_slanted=True) for run in slanted)
        return Sheet(
            number=index + 1,
            width=frame.width,
            height=frame.height,
            lines=lines(runs) + aslant,
            rules=tuple(_rules(page, frame, room)),
            is_scan=is_scan,
        )
    finally:
        text.close()
        page.close()


class _Frame:
    """Turns a page's own coordinates into those of the sheet as it is seen."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._left, self._bottom, right, top = page.get_cropbox()
        self._across, self._up = right - self._left, top - self._bottom
        self.turn = page.get_rotation()
        sides = (self._across, self._up)
        self.width, self.height = sides if self.turn in (0, 180) else sides[::-1]

    def place(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self._left, y - self._bottom
        match self.turn:
            case 90:
                return y, x
            case 180:
                return self._across - x, y
            case 270:
                return self._up - y, self._across - x
            case _:
                return x, self._up - y


def _stretches(text: Any, frame: _Frame) -> Iterator[list[_Letter]]:
    """Letters that follow each other on one line in one type; spaces belong to what precedes."""
    types: dict[int, _Type] = {}
    held: list[_Letter] = []
    for index in range(raw.FPDFText_CountChars(text)):
        letter = _letter(text, index, frame, types)
        if letter is None:  # a line break that PDFium saw
            if held:
                yield held
            held = []
        elif letter.character == " ":
            if held and held[-1].character != " ":
                held.append(letter)
        elif held and not _goes_on(held, letter):
            yield held
            held = [letter]
        else:
            held.append(letter)
    if held:
        yield held


def _goes_on(held: list[_Letter], letter: _Letter) -> bool:
    last = held[-1]
    return (
        last.set_in == letter.set_in
        and last.is_slanted == letter.is_slanted
        and (letter.is_slanted or abs(held[0].baseline - letter.baseline) < 1.0)
        and (letter.is_slanted or letter.left > last.left - 1.0)
    )


def _letter(text: Any, index: int, frame: _Frame, types: dict[int, _Type]) -> _Letter | None:
    code = raw.FPDFText_GetUnicode(text, index)
    if code in (0x0A, 0x0D):
        return None
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    corner, opposite = frame.place(left.value, top.value), frame.place(right.value, bottom.value)
    _, baseline = frame.place(x.value, y.value)
    angle = raw.FPDFText_GetCharAngle(text, index) + math.radians(frame.turn)
    set_in = _type(text, index, types)
    return _Letter(
        character=_character(code, is_hyphen=raw.FPDFText_IsHyphen(text, index) == 1),
        left=min(corner[0], opposite[0]),
        right=max(corner[0], opposite[0]),
        # The letter's own box is as low as a full stop; its type's is a line's.
        top=baseline - 0.7 * set_in.size,
        bottom=baseline + 0.2 * set_in.size,
        baseline=baseline,
        set_in=set_in,
        is_slanted=abs((angle + math.pi) % math.tau - math.pi) > TURNED,
    )


def _character(code: int, *, is_hyphen: bool) -> str:
    if is_hyphen or code in (0x02, 0xFFFE):  # PDFium's signs for a hyphen at the end of a line
        return "-"
    is_character = 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000
    character = chr(code) if is_character else "�" if code else " "
    return " " if character.isspace() else character


def _type(text: Any, index: int, types: dict[int, _Type]) -> _Type:
    """The type of a letter; asked of PDFium once for each piece of text on a sheet."""
    piece = raw.FPDFText_GetTextObject(text, index)
    if not piece:  # a space that PDFium put in
        return _Type(size=0.0, is_bold=False, is_italic=False, is_seen=True)
    address = ctypes.addressof(piece.contents)
    if address not in types:
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
        called = name.value.decode("utf-8", "replace").casefold()
        types[address] = _Type(
            size=round(raw.FPDFText_GetFontSize(text, index) * _scale(text, index), 1),
            is_bold="bold" in called or raw.FPDFText_GetFontWeight(text, index) >= 600,
            is_italic="italic" in called or "oblique" in called,
            is_seen=raw.FPDFTextObj_GetTextRenderMode(piece) != INVISIBLE,
        )
    return types[address]


def _scale(text: Any, index: int) -> float:
    """How much larger than its nominal size a letter is drawn."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    return math.hypot(matrix.c, matrix.d) or 1.0


def _run(letters: list[_Letter]) -> Run:
    set_in = letters[0].set_in
    printed = [letter for letter in letters if letter.character != " "]
    return Run(
        text="".join(letter.character for letter in letters),
        left=min(letter.left for letter in printed),
        right=max(letter.right for letter in printed),
        top=min(letter.top for letter in printed),
        bottom=max(letter.bottom for letter in printed),
        baseline=letters[0].baseline,
        size=set_in.size,
        is_bold=set_in.is_bold,
        is_italic=set_in.is_italic,
    )


def _rules(page: pypdfium2.PdfPage, frame: _Frame, room: _Room) -> Iterator[float]:
    """The heights of drawn horizontal lines that are longer than a word."""
    drawn = page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2)
    for path in islice(drawn, room.objects):
        room.objects -= 1
        left, bottom, right, top = path.get_bounds()
        (x, y), (across, down) = frame.place(left, top), frame.place(right, bottom)
        if abs(down - y) < THIN and abs(across - x) > LONG:
            yield min(y, down)
