"""The typefaces of printed packets, and words set in one that has all of their letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]  # it ships no types
import font_source_serif_pro  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]  # it ships no types
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]  # it ships no types

from alerts.packet.content import Face, Run

# As CSS writes colours: reportlab reads that ten times faster than "#96190F".
DELETED, INSERTED, LINK = "rgb(150,25,15)", "rgb(10,90,54)", "rgb(26,79,139)"
# A hyphen that forbids a break, one that shows only at a break, and spaces of other widths.
_SHOWN_AS = {0x2011: "-", 0x00AD: None, **dict.fromkeys((*range(0x2000, 0x200B), 0x3000), " ")}


@dataclass(frozen=True, kw_only=True)
class Family:
    """A typeface in its three cuts; each is both a file and the name it is registered under."""

    plain: str
    strong: str
    slanted: str


def _family(folder: str, name: str) -> Family:
    files = Path(folder)
    return Family(
        plain=str(files / f"{name}-Regular.ttf"),
        strong=str(files / f"{name}-Bold.ttf"),
        slanted=str(files / f"{name}-It.ttf"),
    )


SERIF = _family(font_source_serif_pro.font_directory, "SourceSerifPro")
SANS = _family(font_source_sans_pro.font_directory, "SourceSansPro")


def register() -> None:
    """Make the typefaces known to reportlab, once."""
    for family in (SERIF, SANS):
        for cut in (family.plain, family.strong, family.slanted):
            _letters(cut)


def markup(runs: Iterable[Run], family: Family, *, strong: bool = False, colour: str = LINK) -> str:
    """Runs in reportlab's markup, for a paragraph whose own face is the plain one of the family.
    Every letter is in a typeface that has it. One that none has is given by its number, as in
    [U+4E2D]: a reader must not take a gap for the end of a name. Links are in `colour`."""
    return "".join(_marked(run, family, strong, colour) for run in runs)


@cache
def width(words: str, family: Family, size: float, *, strong: bool = False) -> float:
    """How wide the words are in one line, in points."""
    cut = family.strong if strong else family.plain
    return sum(
        float(pdfmetrics.stringWidth(said, of, size)) for of, said in cuts(words, cut, family)
    )


def cuts(words: str, cut: str, family: Family) -> Iterator[tuple[str, str]]:
    """The words in pieces, each with the registered name of a typeface that has its letters: the
    `cut` asked for, or the plain one of its `family`, or of another."""
    words = words.translate(_SHOWN_AS)
    if not set(words) - _letters(cut):
        yield cut, words
        return
    choices = dict.fromkeys((cut, family.plain, SERIF.plain, SANS.plain))

    def chosen(letter: str) -> str:
        return next((each for each in choices if letter in _letters(each)), "")

    for of, group in groupby(words, chosen):
        said = "".join(group)
        yield of or cut, said if of else "".join(f"[U+{ord(letter):04X}]" for letter in said)


def _marked(run: Run, family: Family, strong: bool, colour: str) -> str:
    cut = {
        Face.STRONG: family.strong,
        Face.EMPHASIS: family.slanted,
    }.get(run.face, family.strong if strong else family.plain)
    words = "".join(
        escape(said) if of == family.plain else f'<font name="{of}">{escape(said)}</font>'
        for of, said in cuts(run.text, cut, family)
    )
    if run.face is Face.DELETED:
        words = f'<font color="{DELETED}"><strike>{words}</strike></font>'
    elif run.face is Face.INSERTED:
        words = f'<font color="{INSERTED}"><u width="0.05*F" offset="-0.17*F">{words}</u></font>'
    if target := run.url or (f"#{run.to}" if run.to else ""):
        return f'<a href="{escape(target)}" color="{colour}">{words}</a>'
    return words


@cache
def _letters(cut: str) -> frozenset[str]:
    """The letters that a cut has; it is registered when first asked for."""
    font = TTFont(cut, cut)
    pdfmetrics.registerFont(font)
    return frozenset(map(chr, font.face.charToGlyph))
