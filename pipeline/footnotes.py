"""Tell a footnote's call, number and way back apart from the text around them."""

from __future__ import annotations

import re
from dataclasses import replace

from bs4.element import Tag

from pipeline.model import NoteMark

CALL_ADDRESS = re.compile(
    r"[^#]*#(?:app-)?(?:footnote|endnote|_?ftn|_?edn|fn)[-_:.]?\d{1,5}\w?", re.IGNORECASE
)
CALL = re.compile(r"\s*\[?\s*(\d{1,5}|[a-z]|[*†‡]{1,4})\s*\]?\s*")
NUMBER = re.compile(r"\[?\s*\[\s*(\^?)\s*(\d{1,5}\w?|[a-z]|[*†‡]{1,4})\s*\]\s*")
WAY_BACK = ("footnotelink", "endnotelink", "_ftnref", "_ednref", "fnref")
APPENDIX = "app-"  # USCIS names the notes of an appendix so, apart from those of its chapter
TITLES = {"footnote", "footnotes", "endnote", "endnotes"}
LONGEST_CALL = 20


def called(tag: Tag) -> str:
    """Give the printed label of the note that a link calls, "" for any other element."""
    if tag.name != "a" or not CALL_ADDRESS.fullmatch(str(tag.get("href") or "")):
        return ""
    match = CALL.fullmatch(_opening(tag))
    return match[1] if match else ""


def split_number(
    text: str, marks: tuple[NoteMark, ...], *, linked: bool
) -> tuple[str, str, tuple[NoteMark, ...]]:
    """Split the printed number off a note: its number, its text, and its marks moved along.

    "[^ N]" is a note's number anywhere, "[N]" only where it is `linked` to the note's call.
    """
    match = NUMBER.match(text)
    if not match or not (match[1] or linked):
        return "", text, marks
    moved = tuple(replace(mark, offset=max(0, mark.offset - match.end())) for mark in marks)
    return match[2], text[match.end() :], moved


def leads_back(tag: Tag) -> bool:
    """Whether an element is the link from a note to where it is called."""
    return tag.name == "a" and is_way_back(str(tag.get("href") or "").partition("#")[2])


def is_way_back(identifier: str) -> bool:
    """Whether a fragment id marks the place a note is called from."""
    return identifier.lstrip("#").removeprefix(APPENDIX).startswith(WAY_BACK)


def is_title(heading: str) -> bool:
    """Whether notes stand under this heading."""
    return heading.casefold() in TITLES


def _opening(tag: Tag) -> str:
    """Read no more of a link than a call can hold."""
    read = ""
    for string in tag.strings:
        read += string
        if len(read) > LONGEST_CALL:
            break
    return read
