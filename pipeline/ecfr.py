"""Read a title of the eCFR: its sections, appendices and parts, as its XML prints them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from pipeline import typeset
from pipeline.designators import spelled
from pipeline.errors import PageChanged
from pipeline.levels import ITALIC, paragraphs
from pipeline.model import Block, BlockKind, Document, Page, Version

# Divisions by their TYPE: GPO, "Electronic Code of Federal Regulations XML User Guide", 2.3.
_KEPT = {"SECTION": "section", "APPENDIX": "appendix", "PART": "part"}
_ABOVE = ("PART", "SUBPART", "SUBJGRP")  # whose headings are the trail
_ISSUERS = {
    "I": "Department of Homeland Security",
    "V": "Executive Office for Immigration Review, Department of Justice",
}
_DIVISION = re.compile(r"DIV[1-9]")
# What is said of a text and is none of it, by the element that says it (the guide, section 3).
_NOTES = {
    "CITA": "history",
    "AUTH": "authority",
    "SECAUTH": "authority",
    "PARAUTH": "authority",
    "SOURCE": "source",
    "APPRO": "approval",
    "XREF": "amendments_to_come",
}
_FIGURES = ("img", "MATH", "GPH")
_CAPTIONS = re.compile(r"(?:Authority|Source):\s*")
# Elements of the eCFR by what the Federal Register's typesetting calls them.
_NAMES = {
    **{f"HD{rank}": ("HD", f"HD{rank}") for rank in range(1, 7)},
    **dict.fromkeys(("HED", "HED1"), ("HD", "HED")),
    **{f"FP{depth}": ("FP", f"FP{depth}") for depth in ("-1", "-2", "1-2", "2-2", "2-3", "3-3")},
    **dict.fromkeys(("PSPACE", "P-1", "P-2", "P-3", "FP-DASH", "FP1", "FP2", "FRP"), ("P", "")),
    **dict.fromkeys(("TABLE", "table"), ("GPOTABLE", "")),
    **dict.fromkeys(("TR", "tr"), ("ROW", "")),
    **dict.fromkeys(("TD", "TH", "td", "th"), ("ENT", "")),
    **dict.fromkeys(("sup", "SUP"), ("SU", "")),
    "br": ("E", ""),
}
_WRAPPERS = ("THEAD", "TBODY", "TFOOT", "thead", "tbody", "tfoot", "COLGROUP", "colgroup")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A section, an appendix or a part, as printed.

    `number` is "214.2", "214" or "Appendix A to Part 1003". `headings` are those of the part,
    subpart and group it stands in. `notes` are what is said of it: history, authority, source, OMB
    approval, links to amendments that are published and not in force, whether it is reserved, and
    how many figures are not read. A part's blocks are only its own notes, no section's. A block's
    `anchor` names its paragraph as the eCFR's own pages do, where the order of designations tells.
    """

    kind: str
    number: str
    title: str
    part: str
    chapter: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Place:
    chapter: str = ""
    part: str = ""
    headings: tuple[str, ...] = ()


def read(body: bytes) -> tuple[Piece, ...]:
    """Read every section, appendix and part. Raises `PageChanged` where the XML is malformed, has
    no section, or has a division without a number."""
    found = tuple(_below(_parse(body), _Place()))
    if not any(piece.kind == "section" for piece in found):
        raise PageChanged("the XML has no section: compare the kept page with pipeline/ecfr.py")
    return found


def version(piece: Piece, title: int, page: Page, parser: str, as_of: date | None) -> Version:
    """A piece as a version of a document: "8/214.2" for 8 CFR 214.2.

    The text of a day gone by, `as_of`, is a document of its own, "8/214.2@2019-12-31": what was the
    law on a day does not change, and is no change of what is the law today.
    """
    cited = {
        "section": f"{title} CFR {piece.number}",
        "part": f"{title} CFR part {piece.number}",
        "appendix": f"{title} CFR part {piece.part}, {piece.number.split(' to ')[0]}",
    }[piece.kind]
    within = f"part-{piece.part}/" if piece.kind == "appendix" else ""
    own = f"part-{piece.number}" if piece.kind == "part" else piece.number
    day = f"@{as_of}" if as_of else ""
    shown = f"on/{as_of}" if as_of else "current"
    path = f"section-{piece.number}" if piece.kind == "section" else f"part-{piece.part}"
    return Version(
        document=Document(source=page.source, key=f"{title}/{within}{own}{day}", kind="regulation"),
        title=f"{piece.title} (as it stood on {as_of})" if as_of else piece.title,
        citation=cited,
        issuer=_ISSUERS.get(piece.chapter, ""),
        url=f"https://www.ecfr.gov/{shown}/title-{title}/{path}".replace(" ", "%20"),
        blocks=piece.blocks,
        seen_at=page.fetched_at,
        parser=parser,
        metadata=({"part": piece.part} if piece.part else {})
        | dict(piece.notes)
        | ({"as_of": as_of.isoformat()} if as_of else {}),
    )


def _parse(body: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageChanged(f"the XML is malformed ({error}): fetch the page again") from error
    if next(root.iter(etree.Entity), None) is not None:
        raise PageChanged("the XML uses entities of its own: no title of the eCFR does")
    return root


def _below(element: Element, place: _Place) -> Iterator[Piece]:
    """Walk the divisions in order, whatever else stands between them and the root."""
    waiting = [(element, place)]
    while waiting:
        each, above = waiting.pop()
        if _DIVISION.fullmatch(str(each.tag)) and each.get("TYPE"):
            kind = str(each.get("TYPE")).strip().upper()
            above = _inside(each, kind, above)
            if kind in _KEPT:
                yield _piece(each, kind, above)
            if kind in ("SECTION", "APPENDIX"):
                continue
        waiting += [(child, above) for child in reversed(each)]


def _inside(element: Element, kind: str, above: _Place) -> _Place:
    if kind == "CHAPTER":
        return replace(above, chapter=_number(element))
    heading = _heading(element)
    if kind == "PART":
        return replace(above, part=_number(element), headings=(heading,))
    return replace(above, headings=(*above.headings, heading)) if kind in _ABOVE else above


def _number(element: Element) -> str:
    number = re.sub(r"^(?:§+|Parts?)\s*", "", " ".join(str(element.get("N") or "").split()))
    if not number:
        what = f"<{element.tag} TYPE={element.get('TYPE')!r}> “{_heading(element)}”"
        raise PageChanged(f"{what} has no number: compare the kept page with pipeline/ecfr.py")
    return number


def _heading(element: Element) -> str:
    return typeset.words(element.find("HEAD"))


def _piece(element: Element, kind: str, place: _Place) -> Piece:
    own = _own(element)
    title, number = _heading(element), _number(element)
    notes = dict(_notes(own, title))
    above = place.headings if kind != "PART" else ()
    blocks = _placed(typeset.blocks(_as_register(own), ""), number, above)
    if kind == "PART":
        for heading, said, more in _subparts(element):
            notes |= {f"{name}, {heading}": words for name, words in said.items()}
            blocks += more
    return Piece(
        kind=_KEPT[kind],
        number=number,
        title=title,
        part=place.part,
        chapter=place.chapter,
        headings=above,
        blocks=blocks,
        notes=notes,
    )


def _subparts(part: Element) -> Iterator[tuple[str, dict[str, Any], tuple[Block, ...]]]:
    """What is said of a part's subparts and groups, and no section says."""
    for element in part.iter("DIV6", "DIV7"):
        own, heading = _own(element), _heading(element)
        said = dict(_notes(own, heading))
        said.pop("reserved", None)
        yield heading, said, _placed(typeset.blocks(_as_register(own), ""), "", (heading,))


def _own(element: Element) -> Element:
    """A copy of what stands in a division and in none below it, without its heading."""
    own = etree.Element("TEXT")
    for child in element:
        if child.tag != "HEAD" and not (_DIVISION.fullmatch(str(child.tag)) and child.get("TYPE")):
            own.append(deepcopy(child))
    own.text = element.text
    return own


def _notes(own: Element, title: str) -> Iterator[tuple[str, Any]]:
    """Take what is said of a text out of it."""
    said: dict[str, list[str]] = {}
    for element in list(own.iter(*_NOTES)):
        words = _CAPTIONS.sub("", typeset.words(element), count=1)
        said.setdefault(_NOTES[str(element.tag)], []).append(words.strip())
        _take_out(element)
    yield from ((name, "\n".join(filter(None, each))) for name, each in said.items())
    if re.search(r"\[Reserved\]\.?$", title, re.IGNORECASE):
        yield "reserved", True
    if figures := Counter(str(element.tag) for element in own.iter(*_FIGURES)):
        yield "figures_not_read", max(figures.values())


def _take_out(element: Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _as_register(own: Element) -> Element:
    """Give every element the name that the Federal Register's XML has for it."""
    etree.strip_tags(own, *_WRAPPERS)
    for element in own.iter():
        tag, source = _NAMES.get(str(element.tag), ("", ""))
        if tag:
            element.tag = tag
            if source:
                element.set("SOURCE", source)
        if tag == "E" and not element.text:
            element.text = " "  # a line break parts words
        if element.tag == "I" and _is_designation(element):
            element.text = ITALIC + (element.text or "").strip()
    etree.strip_tags(own, "I")
    return own


def _is_designation(italic: Element) -> bool:
    parent, before = italic.getparent(), italic.getprevious()
    led = before.tail if before is not None else parent is not None and parent.text
    is_short = re.fullmatch(r"\s*\w{1,5}\s*", italic.text or "")
    return bool(is_short and (led or "").endswith("(") and (italic.tail or "").startswith(")"))


def _placed(read: tuple[Block, ...], number: str, above: tuple[str, ...]) -> tuple[Block, ...]:
    """The blocks under the headings of their part, each with its paragraph's anchor."""
    prose = [b.text if b.kind is not BlockKind.FOOTNOTE else "" for b in read]
    return tuple(
        _plain(
            replace(
                block,
                trail=above + block.trail,
                anchor=f"p-{number}{spelled(path)}" if path else block.anchor,
            )
        )
        for block, path in zip(read, paragraphs(prose), strict=True)
    )


def _plain(block: Block) -> Block:
    """A block without what marked the italics of its designations."""
    if ITALIC not in block.text:
        return block
    marks = tuple(
        replace(mark, offset=mark.offset - block.text[: mark.offset].count(ITALIC))
        for mark in block.marks
    )
    return replace(block, text=block.text.replace(ITALIC, ""), marks=marks)
