"""Which passages sum a document up: a reporter's headnotes, an abstract, a SUMMARY."""

from __future__ import annotations

import re

from pipeline.identifiers import REPORTED
from pipeline.model import Passage, Version

# Forms in which nothing but the summing up is held.
_FORMS = ("headnote only", "abstract only", "summary only")
# The Federal Register's caption (Document Drafting Handbook, 2.5), also where small captions share
# a passage.
_CAPTION = re.compile(r"^summary:?$", re.IGNORECASE | re.MULTILINE)


def is_headnote(version: Version, passage: Passage) -> bool:
    """Whether a passage of a version sums it up."""
    if version.metadata.get("text") in _FORMS:
        return True
    if version.document.kind in REPORTED:
        return passage.first_block < _headnotes(version)
    captions = "\n".join((*passage.trail, passage.text))
    return version.document.source == "federal_register" and bool(_CAPTION.search(captions))


def _headnotes(version: Version) -> int:
    """How many blocks of a decision come before its opinion, which begins on a reporter's page."""
    stated = version.metadata.get("headnotes")
    if isinstance(stated, int):
        return stated
    return next((at for at, block in enumerate(version.blocks) if block.page), 0)
