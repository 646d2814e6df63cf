"""Find what a draft sets between quotation marks, or sets off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.citator.draft import Draft

LONGEST = 6_000  # characters: a mark that was never closed is no quotation
_SOURCE = re.compile(r"[(\[][^()\[\]]{0,200}\d[^()\[\]]{0,80}[)\]]\.?$")


def spans(draft: Draft, index: int) -> Iterator[tuple[int, int]]:
    """Where the outermost quotations of a block stand, without their marks; or the whole of one
    that is set off."""
    text = draft.blocks[index].text
    if index in draft.set_off:
        found = tuple(_marked(text))
        covers = sum(end - start for start, end in found) > 0.6 * len(text)
        if not covers:
            yield 0, _without_source(text)
            return
        yield from found
        return
    yield from _marked(text)


def _without_source(text: str) -> int:
    """Where the words of a block quotation end: before a citation in its last parenthesis."""
    found = _SOURCE.search(text)
    return found.start() if found else len(text)


def _marked(text: str) -> Iterator[tuple[int, int]]:
    """What stands between double quotation marks, curly or straight; one that is not closed goes to
    the paragraph's end, as where a quotation has several paragraphs."""
    opened: int | None = None
    depth = 0
    for at, mark in ((m.start(), m[0]) for m in re.finditer('[“”"]', text)):
        opens = mark == "“" or (mark == '"' and _opens(text, at, is_open=opened is not None))
        if opens:
            depth += 1
            opened = at + 1 if opened is None else opened
        elif opened is not None:
            depth -= 1
            if depth <= 0:
                yield opened, at
                opened, depth = None, 0
    if opened is not None and len(text) - opened < LONGEST and text[:opened].strip() in ('"', "“"):
        yield opened, len(text)


def _opens(text: str, at: int, *, is_open: bool) -> bool:
    """Whether a straight mark opens a quotation: inside one only where a space stands before it
    and none after."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if is_open:
        return bool(after.strip()) and (before.isspace() or before in "([—–") and before != ""
    return True
