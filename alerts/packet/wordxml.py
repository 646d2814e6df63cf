"""The elements of a Word file: paragraphs, runs, fields, bookmarks, links.

Its library wraps each in an object and looks through all styles for each, which takes minutes
where a packet of half a year has ten thousand notes.
"""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from lxml import etree

NAME = 40  # characters that a bookmark's name may have
_W = f"{{{nsmap['w']}}}"
_SPACE = qn("xml:space")


def element(name: str, /, *within: Any, **attributes: str) -> Any:
    """An element of the main namespace, as in `element("lvl", ilvl="0")`."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(_W + key, value)
    made.extend(within)
    return made


def valued(name: str, value: str) -> Any:
    """An element that is a name and a value."""
    return element(name, val=value)


def add(parent: Any, name: str, /, **attributes: str) -> Any:
    """An element at the end of another."""
    return etree.SubElement(parent, _W + name, {_W + key: at for key, at in attributes.items()})


def paragraph(
    parent: Any, style: str, *, keeps: bool = False, breaks: bool = False, list_: int = 0
) -> Any:
    """A paragraph: `style` is the id of its style; it `keeps` to the next, begins a page where it
    `breaks`, and is an item of the list of that number."""
    made = add(parent, "p")
    properties = add(made, "pPr")
    add(properties, "pStyle", val=style)
    if keeps:
        add(properties, "keepNext")
    if breaks:
        add(properties, "pageBreakBefore")
    if list_:
        numbering = add(properties, "numPr")
        add(numbering, "ilvl", val="0")
        add(numbering, "numId", val=str(list_))
    return made


def run(parent: Any, text: str = "", style: str = "") -> Any:
    """Words; `style` is the id of a character style. A tab is one."""
    made = add(parent, "r")
    if style:
        add(add(made, "rPr"), "rStyle", val=style)
    for at, piece in enumerate(text.split("\t")):
        if at:
            add(made, "tab")
        if piece:
            written = add(made, "t")
            written.set(_SPACE, "preserve")
            written.text = piece
    return made


def field(parent: Any, code: str, shown: str) -> None:
    """A field which shows `shown` until the word processor works it out."""
    opened(parent, code)
    run(parent, shown)
    closed(parent)


def opened(parent: Any, code: str) -> None:
    """The beginning of a field: what follows is shown until it is worked out."""
    add(add(parent, "r"), "fldChar", fldCharType="begin")
    instruction = add(add(parent, "r"), "instrText")
    instruction.set(_SPACE, "preserve")
    instruction.text = f" {code} "
    add(add(parent, "r"), "fldChar", fldCharType="separate")


def closed(parent: Any) -> None:
    """The end of a field."""
    add(add(parent, "r"), "fldChar", fldCharType="end")


def outside(parent: Any, part: Part, url: str, text: str) -> None:
    """A link to an address; `part` is the part of the file in which it stands."""
    target = part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = add(parent, "hyperlink")
    link.set(qn("r:id"), target)
    run(link, text, "Hyperlink")


def inside(parent: Any, name: str) -> Any:
    """A link to a bookmark, still without words."""
    return add(parent, "hyperlink", anchor=name, history="1")


def marked(parent: Any, text: str, name: str, number: int) -> None:
    """Words with a bookmark around them; `number` is its own in the file."""
    if len(name) > NAME:
        raise ValueError(f"a bookmark's name has at most {NAME} characters: {name}")
    add(parent, "bookmarkStart", id=str(number), name=name)
    run(parent, text)
    add(parent, "bookmarkEnd", id=str(number))


def bookmark(anchor: str) -> str:
    """The name of the bookmark at a heading; Word takes no hyphens or stops in one."""
    return f"_{anchor.replace('-', '_').replace('.', '_')}"
