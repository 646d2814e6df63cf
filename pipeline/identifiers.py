"""The names a document goes by: what a citation to it, or a query for it, may say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import cite
from pipeline.model import Version

# Kinds of decisions that stand in the I&N reporter.
REPORTED = ("bia-precedent", "ag-precedent", "ag-referral", "agency-precedent")


# How the numbers begin that several documents share: of a rulemaking, not of a document.
_SHARED = ("RIN ", "CIS No. ", "EOIR Docket No. ")
_SERIES = (("EO", "executive_order_number"), ("Proclamation", "proclamation_number"))
# A title that is that of a presidential document: "Executive Order 99999: On Samples".
_NUMBERED = re.compile(r"(?:Executive Order|Proclamation) \d{4,5}(?=:)")
_DOCKET = re.compile(r"[A-Z]{2,6}(?:-[A-Z]{2,6})?-\d{4}-\d{4,5}")  # a docket's own number


def identifiers(version: Version) -> frozenset[str]:
    """Canonical names, spelled as `cite.lookup` spells them, of what a version states of itself."""
    return frozenset(
        found.canonical for name in _stated(version) if (found := cite.lookup(name)) is not None
    )


def own(version: Version) -> frozenset[str]:
    """Those that are a document's alone."""
    return frozenset(name for name in identifiers(version) if not is_shared(name))


def is_shared(canonical: str) -> bool:
    """Whether several documents go by a name, as by the RIN and the docket of a rulemaking."""
    return canonical.startswith(_SHARED) or _DOCKET.fullmatch(canonical) is not None


def _stated(version: Version) -> Iterator[str]:
    metadata = version.metadata
    yield version.citation
    is_filed = version.document.kind == "public-inspection"  # what is published bears the name
    if (number := metadata.get("document_number")) and not is_filed:
        yield f"FR Doc. {number}"
    for series, field in _SERIES:
        if (number := metadata.get(field)) and not is_filed:
            yield f"{series} {number}"
    if (titled := _NUMBERED.match(version.title)) and not is_filed:
        yield titled[0]
    for rin in metadata.get("rins") or ():
        yield f"RIN {rin}"
    for docket in metadata.get("docket_ids") or ():
        yield from (str(docket), f"Docket No. {docket}")
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
