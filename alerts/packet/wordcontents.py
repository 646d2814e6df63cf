"""The table of contents of a Word file: a field that is filled in already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.packet import wordxml
from alerts.packet.numbering import CONTENTS, Numbered

_LACKING = (
    "The word processor alone knows the pages: let it update the fields when the file is opened, "
    "or select the contents and press F9 (LibreOffice: Tools, Update, Indexes and Tables)."
)


def contents(body: Any, headings: Sequence[Numbered]) -> None:
    """Add the contents, as the word processor itself would but for the numbers of the pages."""
    shown = [one for one in headings if one.heading.level <= CONTENTS]
    for at, one in enumerate(shown):
        paragraph = wordxml.paragraph(body, f"toc{one.heading.level}")
        if at == 0:
            wordxml.opened(paragraph, f'TOC \\o "1-{CONTENTS}" \\h \\z \\u')
        _entry(paragraph, one)
    if shown:
        closing = wordxml.paragraph(body, "SmallPrint")  # gone when they are worked out
        wordxml.run(closing, _LACKING)
        wordxml.closed(closing)


def _entry(paragraph: Any, one: Numbered) -> None:
    bookmark = wordxml.bookmark(one.anchor)
    link = wordxml.inside(paragraph, bookmark)
    wordxml.run(link, f"{one.number}\t{one.heading.words}\t")
    wordxml.field(link, f"PAGEREF {bookmark} \\h", " ")
