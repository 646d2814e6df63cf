"""The names a document goes by: what a citation to it, or a query for it, may say."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import cite
from pipeline.model import Version

# Kinds of decisions that stand in the I&N reporter.
REPORTED = ("bia-precedent", "ag-precedent", "ag-referral", "agency-precedent")


def identifiers(version: Version) -> frozenset[str]:
    """Canonical names, spelled as `cite.lookup` spells them, of what a version states of itself."""
    return frozenset(
        found.canonical for name in _stated(version) if (found := cite.lookup(name)) is not None
    )


def _stated(version: Version) -> Iterator[str]:
    metadata = version.metadata
    yield version.citation
    is_filed = version.document.kind == "public-inspection"  # what is published bears the name
    if (number := metadata.get("document_number")) and not is_filed:
        yield f"FR Doc. {number}"
    for rin in metadata.get("rins") or ():
        yield f"RIN {rin}"
    if version.document.kind == "form":
        yield f"Form {version.document.key.removesuffix('-addresses')}"
    if version.document.kind in REPORTED:
        yield f"Interim Decision {version.document.key}"  # EOIR's id is the interim decision number


def narrower(canonical: str) -> tuple[str, ...]:
    """How the names of what lies within an authority begin: 8 CFR § 316.5 holds § 316.5(c)."""
    part, mark, number = canonical.partition(" pt. ")
    if mark:
        return (f"{part} § {number}.",)
    if "USCIS-PM" in canonical:
        return (f"{canonical}(", f"{canonical}.")
    return (f"{canonical}(",)


def broader(canonical: str) -> str:
    """The authority that a name with subdivisions lies in: 12 USCIS-PM D.3(A) lies in D.3."""
    return canonical.partition("(")[0].rstrip()
