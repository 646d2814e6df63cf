"""The names a document goes by: what a citation to it, or a query for it, may say."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import cite
from pipeline.model import Version


def identifiers(version: Version) -> frozenset[str]:
    """Canonical names, spelled as `cite.lookup` spells them, of what a version states of itself."""
    return frozenset(
        found.canonical for name in _stated(version) if (found := cite.lookup(name)) is not None
    )


def _stated(version: Version) -> Iterator[str]:
    metadata = version.metadata
    yield version.citation
    if number := metadata.get("document_number"):
        yield f"FR Doc. {number}"
    for rin in metadata.get("rins") or ():
        yield f"RIN {rin}"
    if version.document.kind in ("bia-precedent", "ag-precedent"):
        yield f"Interim Decision {version.document.key}"  # EOIR's id is the interim decision number
